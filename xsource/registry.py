"""Names to implementations: the one place to add an embedder, a translator or a detector."""

from __future__ import annotations

from xsource.compare.detectors import DETECTORS
from xsource.errors import InputError
from xsource.protocols import Detector, Embedder, LanguageDetector, Translator
from xsource.records import DIVERGENCE_KINDS
from xsource.settings import Settings


def open_embedder(settings: Settings) -> Embedder:
    """Make the embedder that the settings name; its model is loaded when it first embeds."""
    if settings.embedder == "bundled":
        from xsource.embed.bundled import BundledEmbedder

        return BundledEmbedder(threads=settings.threads, device=settings.device)
    if settings.embedder == "ngrams":
        from xsource.embed.ngrams import NgramEmbedder

        return NgramEmbedder()
    from xsource.embed.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(
        settings.embedder, device=settings.device, threads=settings.threads, allow_hub=settings.allow_hub
    )


def open_detector() -> LanguageDetector:
    """Make the language detector."""
    from xsource.segment.detect import ScriptFirstDetector

    return ScriptFirstDetector()


def open_translator(settings: Settings) -> Translator:
    """Make the translator over the installed Argos packages."""
    from xsource.translate.argos import ArgosTranslator

    return ArgosTranslator(device=settings.device, threads=settings.threads)


def open_detectors(settings: Settings) -> tuple[Detector, ...]:
    """Make the detectors that the settings name, in their fixed order; all when none are named.

    Raises:
        InputError: a name is no kind of divergence.
    """
    wanted = [name.strip() for name in settings.detectors.split(",") if name.strip()]
    for name in wanted:
        if name not in DIVERGENCE_KINDS:
            raise InputError(f'detectors names "{name}", expected some of {", ".join(DIVERGENCE_KINDS)}')
    return tuple(make(None) for kind, make in DETECTORS if not wanted or kind in wanted)
