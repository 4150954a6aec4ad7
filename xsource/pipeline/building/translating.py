"""Translations for reading: a person's first, then installed packages, each distinct sentence once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xsource.protocols import Progress, Translator
from xsource.records import ArticleId, Sentence
from xsource.registry import open_translator
from xsource.settings import Settings
from xsource.store import Index, StoredTranslation
from xsource.store.tables import text_hash
from xsource.translate.guard import check_translation
from xsource.translate.memory import TranslationMemory, find_memories, load_memories

BATCH_SENTENCES = 512
"""Sentences a transaction: what Ctrl-C can cost."""

ARTICLES_A_READ = 256
"""Articles whose sentences are looked at together, about 4,000: batches sorted by length fill up evenly."""


def translate_new(
    index: Index, paths: Sequence[Path], settings: Settings, notices: list[str], progress: Progress
) -> int:
    """Translate what has no translation yet, and give how many distinct sentences got one.

    Translation memories of `paths` answer on an exact match, also where a machine answered before; the rest
    goes to installed packages, where a route leads. A language without a route stays in its own words, and
    one notice says what would install it. Articles are read some hundreds at a time: what one block got is
    kept before the next is looked at, so a sentence that comes again is not translated again.
    """
    memory, problems = load_memories(find_memories(paths))
    notices.extend(f"{problem.where}: {problem.message}; not used" for problem in problems)
    done = 0
    for language in index.languages():
        if language == settings.target:
            continue
        own = index.article_ids(language=language)
        done += _supply(index, own, language, settings.target, memory)
        if not settings.translate:
            continue
        translator = open_translator(settings)
        route = translator.route(language, settings.target)
        if route is None:
            blocks = _untranslated(index, own, settings.target)
            if waiting := len({text_hash(text) for texts in blocks for text in texts}):
                notices.append(
                    f"{waiting} sentences in {language!r} stay untranslated: no route to {settings.target!r} "
                    f"is installed; `xsource models install {language}` gets one"
                )
            continue
        seen = 0
        for texts in _untranslated(index, own, settings.target):
            for start in range(0, len(texts), BATCH_SENTENCES):
                batch = texts[start : start + BATCH_SENTENCES]
                found = _translate(translator, batch, language, route, settings.target)
                index.write_translations(route, translator.engine(route), found)
                done += len(batch)
            seen = min(seen + ARTICLES_A_READ, len(own))
            progress(f"articles translated from {language}", seen, len(own))
    return done


def _blocks(index: Index, articles: Sequence[ArticleId]) -> Iterator[list[Sentence]]:
    for start in range(0, len(articles), ARTICLES_A_READ):
        yield index.sentences(articles[start : start + ARTICLES_A_READ])


def _untranslated(index: Index, articles: Sequence[ArticleId], target: str) -> Iterator[list[str]]:
    """Give for each block of articles the distinct texts that have no translation, after the last was kept."""
    for sentences in _blocks(index, articles):
        kept = index.translations_of(sentences, target)
        yield list(dict.fromkeys(sentence.text for sentence in sentences if sentence.id not in kept))


def _supply(
    index: Index, articles: Sequence[ArticleId], language: str, target: str, memory: TranslationMemory
) -> int:
    """Keep what a translation memory has for the sentences of articles; give how many were not kept before."""
    if not len(memory):
        return 0
    done = 0
    for sentences in _blocks(index, articles):
        kept = index.translations_of(sentences, target)
        by_engine: dict[str, dict[str, StoredTranslation]] = {}
        for sentence in sentences:
            entry = memory.find(sentence.text, language, target)
            held = kept.get(sentence.id)
            if entry and not (held and (held.text, held.engine) == (entry.text, entry.engine)):
                by_engine.setdefault(entry.engine, {})[sentence.text] = StoredTranslation(entry.text)
        for engine, found in by_engine.items():
            index.write_translations((language, target), engine, found)
            done += len(found)
    return done


def _translate(
    translator: Translator, texts: Sequence[str], language: str, route: tuple[str, ...], target: str
) -> dict[str, StoredTranslation]:
    """Translate one batch and have every result checked against its source."""
    results = translator.translate(texts, route)
    return {
        text: StoredTranslation(
            result.text, (*result.warnings, *check_translation(text, language, result.text, target))
        )
        for text, result in zip(texts, results, strict=True)
    }
