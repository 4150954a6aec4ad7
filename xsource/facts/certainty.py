"""Says how sure a statement sounds: stated, reported, alleged, denied or expected, and by which words.

`reported` and `alleged` are what the outlet does not vouch for; `expected` is still to come. The words are each
language's `[certainty]`; who says it is read by `xsource/facts/attribution.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Final, Literal

from xsource.facts.attribution import Attribution, Manner, attributions
from xsource.facts.polarity import read_polarity
from xsource.facts.text.phrases import FoundPhrase, PhraseList
from xsource.languages import language_table

Level = Literal["stated", "reported", "alleged", "denied", "expected"]

# Which cue names the level where a sentence has several: "denied reports that he is expected" is denied.
_STRENGTH: Final[tuple[Level, ...]] = ("denied", "alleged", "expected", "reported")
_LOOKED_FOR: Final = ("not_cues", "alleged", "reported", "expected", "denied", "softened")
_LEVEL_OF_MANNER: Final[dict[Manner, Level]] = {
    "denies": "denied",
    "claims": "alleged",
    "says": "reported",
    "according": "reported",
    "cites": "reported",
}
# What these say of an aside they do not say of the statement.
_ADDING: Final = frozenset({"reported", "softened"})
# A quotation mark inside a Hebrew acronym quotes nothing, and two or three words in marks are a name.
_QUOTE: Final = re.compile(r"(?<!\w)[«»“”„\"]|[«»“”„\"](?!\w)")
_WORDS_OF_A_NAME: Final = 3
_CLAUSE_MARK: Final = re.compile(r"[,;:،؛()—–]|\s-\s|[.!?؟](?=\s)")
_PARENTHESES: Final = re.compile(r"\([^()]{0,300}\)")


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure a statement sounds.

    Attributes:
        level: `stated` without a cue.
        start: of the words that say so: half-open range of code points, with `end`; equal for `stated`.
        end: see `start`.
        words: as printed; the sentence's `start:end`.
        is_explicit: a word of the outlet's own says so (allegedly, ожидается), not only that somebody is
            named as source.
        is_unhedged: the outlet uses none of the words of `[certainty]`, whoever it names as source.
        is_faint: what makes it `alleged` is a verb that may as well translate plain "says": утверждает.
        is_plain: nothing at all qualifies the statement: no such word, no source, no quotation.
        scope_start: the clause that the words qualify: half-open, with `scope_end`; equal for `stated`.
        scope_end: see `scope_start`.
    """

    level: Level
    start: int
    end: int
    words: str
    is_explicit: bool
    is_unhedged: bool
    is_plain: bool
    is_faint: bool = False
    scope_start: int = 0
    scope_end: int = 0


@dataclass(frozen=True, slots=True)
class _Table:
    alleged: Sequence[str]
    reported: Sequence[str]
    expected: Sequence[str]
    denied: Sequence[str]
    softened: Sequence[str]
    faint_claims: Sequence[str]
    not_cues: Sequence[str]
    aside: Sequence[str]


@cache
def _cues(language: str) -> PhraseList:
    table = language_table(language, "certainty")
    expected = [field.name for field in fields(_Table)]
    if sorted(table) != sorted(expected):
        raise ValueError(
            f"languages/{language}.toml [certainty]: keys are {sorted(table)}, expected {sorted(expected)}"
        )
    return PhraseList({label: table[label] for label in _LOOKED_FOR}, language)


@cache
def _asides(language: str) -> PhraseList:
    return PhraseList({"aside": language_table(language, "certainty")["aside"]}, language)


@cache
def _faint_claims(language: str) -> PhraseList:
    return PhraseList({"faint": language_table(language, "certainty")["faint_claims"]}, language)


@lru_cache(maxsize=8192)
def certainty(text: str, language: str) -> Certainty:
    """Judge a sentence by its strongest cue.

    Args:
        text: one sentence, any length; linear in it.
        language: one of ours; `ValueError` for another.
    """
    cues = [found for found in _cues(language).find(text) if found.label != "not_cues"]
    sources = list(attributions(text, language))
    if any(found.label == "denied" for found in cues):
        undone = [(cue.start, cue.end) for cue in read_polarity(text, language).undone]
        cues = [
            each for each in cues if not (each.label == "denied" and _lies_in(each.start, each.end, undone))
        ]
    if sources or any(found.label in _ADDING for found in cues):
        asides = _aside_spans(text, language)
        cues = [each for each in cues if not (each.label in _ADDING and _lies_in(each.start, each.end, asides))]
        sources = [each for each in sources if not _lies_in(each.cue_start, each.cue_end, asides)]
    for level in _STRENGTH:
        cue = next((found for found in cues if found.label == level), None)
        if cue is not None:
            return _judged(level, cue, text)
    for manner, level in _LEVEL_OF_MANNER.items():
        source = next((each for each in sources if each.manner == manner), None)
        if source is not None:
            return _sourced(level, source, text, language, is_unhedged=not cues)
    is_plain = not cues and not sources and not _has_quotation(text)
    return Certainty("stated", 0, 0, "", is_explicit=False, is_unhedged=not cues, is_plain=is_plain)


def _has_quotation(text: str) -> bool:
    """Tell somebody's words in quotation marks from a name in them; an unpaired mark stands for words."""
    marks = [match.start() for match in _QUOTE.finditer(text)]
    if len(marks) % 2:
        return True
    return any(len(text[a:b].split()) > _WORDS_OF_A_NAME for a, b in zip(marks[::2], marks[1::2], strict=True))


def _lies_in(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def _aside_spans(text: str, language: str) -> list[tuple[int, int]]:
    """Give the clauses that only add something of a noun: what hedges them does not hedge the statement.

    "The minister, who had read reports of a flood, closed the road" says for sure that the road was closed.
    """
    spans = []
    for found in _asides(language).find(text):
        start, end = _clause(text, found.start, found.end)
        between = text[start : found.start].strip()
        rest = text[end:].strip(' .!?…»”"')
        if not between and start and rest:
            spans.append((start, end))
    spans.extend(match.span() for match in _PARENTHESES.finditer(text))
    return spans


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Give the stretch between marks in which a range lies."""
    marks = [match.end() for match in _CLAUSE_MARK.finditer(text, 0, start)]
    follow = _CLAUSE_MARK.search(text, end)
    return (marks[-1] if marks else 0), (follow.start() if follow else len(text))


def _judged(level: Level, cue: FoundPhrase, text: str) -> Certainty:
    scope_start, scope_end = _clause(text, cue.start, cue.end)
    return Certainty(
        level, cue.start, cue.end, cue.words, is_explicit=True, is_unhedged=False, is_plain=False,
        scope_start=scope_start, scope_end=scope_end,
    )  # fmt: skip


def _sourced(level: Level, source: Attribution, text: str, language: str, *, is_unhedged: bool) -> Certainty:
    return Certainty(
        level,
        source.cue_start,
        source.cue_end,
        source.cue,
        is_explicit=False,
        is_unhedged=is_unhedged,
        is_plain=False,
        is_faint=_is_faint(source, language),
        scope_end=len(text),
    )


def _is_faint(source: Attribution, language: str) -> bool:
    """Tell a claiming verb that may as well translate plain "says"."""
    return source.manner == "claims" and bool(_faint_claims(language).find(source.cue))
