"""Names to implementations: the one place to add an embedder, a translator or a detector."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from xsource.devices import check_device
from xsource.errors import InputError
from xsource.protocols import ContradictionScorer, Detector, Embedder, LanguageDetector, Translator
from xsource.records import ALL_KINDS, DEFAULT_KINDS, DIVERGENCE_KINDS
from xsource.settings import Settings

if TYPE_CHECKING:
    from xsource.judge.judging import Judge


def open_embedder(settings: Settings) -> Embedder:
    """Make the embedder that the settings name; its model is loaded when it first embeds.

    Raises:
        ModelError: the device is `cuda`, and no GPU is here.
    """
    check_device(settings.device)
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
    """Make the translator over the installed Argos packages.

    Raises:
        ModelError: the device is `cuda`, and no GPU is here.
    """
    check_device(settings.device)
    from xsource.translate.argos import ArgosTranslator

    return ArgosTranslator(device=settings.device, threads=settings.threads)


def open_judge(settings: Settings) -> Judge:
    """Make the judge of sentence pairs: the shipped one, or that of the file which the settings name.

    Raises:
        ModelError: the file is damaged, of another version, or for another encoder.
    """
    from xsource.judge.artefact import load_artefact
    from xsource.judge.judging import Judge

    artefact = load_artefact(Path(settings.judge)) if settings.judge else None
    return Judge(artefact, threads=settings.threads)


MakeDetectors = Callable[[ContradictionScorer | None], tuple[Detector, ...]]


def open_scorer(settings: Settings) -> ContradictionScorer | None:
    """Make the learned judge of contradictions, or `None` where nothing that it judges is looked for.

    It reads the bundled model's token states, whatever embedder the index was made with.
    """
    if _wanted_kinds(settings).isdisjoint({"polarity", "number", "update", "date", "actor"}):
        return None
    from xsource.compare.contradiction import PolarityHead
    from xsource.embed.bundled import BundledEmbedder

    return PolarityHead(BundledEmbedder(threads=settings.threads).token_states)


def open_detectors(settings: Settings) -> MakeDetectors:
    """Give what makes the detectors that the settings name, in their fixed order, around a scorer.

    Raises:
        InputError: a name is no kind of divergence.
        ModelError: the second opinion's model cannot be loaded.
    """
    from xsource.compare.detectors import DETECTORS

    wanted = _wanted_kinds(settings)
    opinion = None
    if settings.second_opinion and "polarity" in wanted:
        from xsource.compare.second_opinion import SecondOpinion

        opinion = SecondOpinion(settings.second_opinion, allow_hub=settings.allow_hub, device=settings.device)

    def make(scorer: ContradictionScorer | None) -> tuple[Detector, ...]:
        made = []
        for kind, make_detector in DETECTORS:
            if kind in wanted:
                detector = make_detector(scorer)
                if opinion is not None and kind == "polarity":
                    from xsource.compare.second_opinion import with_second_opinion

                    detector = with_second_opinion(detector, opinion)
                made.append(detector)
        return tuple(made)

    return make


def _wanted_kinds(settings: Settings) -> frozenset[str]:
    """Read the kinds that are looked for; the tried ones when none are named."""
    wanted = [name.strip() for name in settings.detectors.split(",") if name.strip()]
    for name in wanted:
        if name != ALL_KINDS and name not in DIVERGENCE_KINDS:
            known = ", ".join((*DIVERGENCE_KINDS, ALL_KINDS))
            raise InputError(f'detectors names "{name}", expected some of {known}')
    return frozenset(DIVERGENCE_KINDS if ALL_KINDS in wanted else wanted or DEFAULT_KINDS)
