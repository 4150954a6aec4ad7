"""Translations for reading: a person's first, then installed packages, each distinct sentence once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xsource.protocols import Progress, Translator
from xsource.records import Article, Sentence
from xsource.registry import open_translator
from xsource.settings import Settings
from xsource.store import Index, StoredTranslation
from xsource.translate.guard import check_translation
from xsource.translate.memory import TranslationMemory, find_memories, load_memories

BATCH_SENTENCES = 512
"""Sentences a transaction: what Ctrl-C can cost."""

ARTICLES_A_READ = 512


def translate_new(
    index: Index, paths: Sequence[Path], settings: Settings, notices: list[str], progress: Progress
) -> int:
    """Translate what has no translation yet, and give how many distinct sentences got one.

    Translation memories of `paths` answer on an exact match, also where a machine answered before; the rest
    goes to installed packages, where a route leads. A language without a route stays in its own words, and
    one notice says what would install it.
    """
    memory, problems = load_memories(find_memories(paths))
    notices.extend(f"{problem.where}: {problem.message}; not used" for problem in problems)
    articles = index.articles()
    done = 0
    for language in sorted({article.language for article in articles} - {settings.target}):
        own = [article for article in articles if article.language == language]
        done += _supply(index, own, language, settings.target, memory)
        waiting = list(dict.fromkeys(s.text for s in _untranslated(index, own, settings.target)))
        if not waiting or not settings.translate:
            continue
        translator = open_translator(settings)
        route = translator.route(language, settings.target)
        if route is None:
            notices.append(
                f"{len(waiting)} sentences in {language!r} stay untranslated: no route to {settings.target!r} "
                f"is installed; `xsource models install {language}` gets one"
            )
            continue
        for start in range(0, len(waiting), BATCH_SENTENCES):
            batch = waiting[start : start + BATCH_SENTENCES]
            found = _translate(translator, batch, language, route, settings.target)
            index.write_translations(route, translator.engine(route), found)
            done += len(batch)
            progress(f"translations from {language}", start + len(batch), len(waiting))
    return done


def _blocks(index: Index, articles: Sequence[Article]) -> Iterator[list[Sentence]]:
    for start in range(0, len(articles), ARTICLES_A_READ):
        yield index.sentences([article.id for article in articles[start : start + ARTICLES_A_READ]])


def _supply(
    index: Index, articles: Sequence[Article], language: str, target: str, memory: TranslationMemory
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


def _untranslated(index: Index, articles: Sequence[Article], target: str) -> Iterator[Sentence]:
    for sentences in _blocks(index, articles):
        kept = index.translations_of(sentences, target)
        yield from (sentence for sentence in sentences if sentence.id not in kept)


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
