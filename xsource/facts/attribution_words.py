"""The words by which a sentence attributes: each language's table `[attribution]`, ready to be looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache

from xsource.facts.text.phrases import PhraseList
from xsource.languages import language_table


@dataclass(frozen=True, slots=True)
class SourceWords:
    """A language's `[attribution]`, ready to be looked for; the comment above the table says what each list is.

    Attributes:
        cues: words that attribute, by manner, and `not_cues`.
        sources: words for kinds of source; `kinds` says which kinds a label of theirs stands for.
    """

    verb_first: bool
    cues: PhraseList
    that: PhraseList
    lead_ins: PhraseList
    unnamed: PhraseList
    ends: PhraseList
    passing_on: PhraseList
    back_references: PhraseList
    passive: frozenset[str]
    open_saying: frozenset[str]
    sources: PhraseList
    kinds: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Table:
    verb_first: bool
    saying: Sequence[str]
    claiming: Sequence[str]
    denying: Sequence[str]
    according: Sequence[str]
    citing: Sequence[str]
    that: Sequence[str]
    lead_ins: Sequence[str]
    unnamed: Sequence[str]
    ends: Sequence[str]
    passing_on: Sequence[str]
    back_references: Sequence[str]
    back_sayings: Sequence[str]
    not_cues: Sequence[str]
    passive: Sequence[str]
    open_saying: Sequence[str]
    sources: Mapping[str, Sequence[str]]


@cache
def source_words(language: str) -> SourceWords:
    """Read a language's `[attribution]`; `ValueError` for a key that is missing or not known."""
    raw = language_table(language, "attribution")
    expected = {field.name for field in fields(_Table)}
    if set(raw) != expected:
        raise ValueError(
            f"languages/{language}.toml [attribution]: keys are {sorted(raw)}, expected {sorted(expected)}"
        )
    table = _Table(**raw)
    cues: dict[str, Sequence[str]] = {
        "not_cues": table.not_cues,
        "claims": table.claiming,
        "denies": table.denying,
        "cites": table.citing,
        "according": table.according,
        "says": table.saying,
    }
    kinds_of: dict[str, set[str]] = {}
    for kind, phrases in table.sources.items():
        for phrase in phrases:
            kinds_of.setdefault(phrase, set()).add(kind)
    labelled: dict[str, list[str]] = {}
    for phrase, kinds in kinds_of.items():
        labelled.setdefault(" ".join(sorted(kinds)), []).append(phrase)
    return SourceWords(
        verb_first=table.verb_first,
        cues=PhraseList(cues, language),
        that=PhraseList({"that": table.that}, language),
        lead_ins=PhraseList({"lead_in": table.lead_ins}, language),
        unnamed=PhraseList({"unnamed": table.unnamed}, language),
        ends=PhraseList({"end": table.ends}, language),
        passing_on=PhraseList({"passing_on": table.passing_on}, language),
        back_references=PhraseList({"pointing": table.back_references, "saying": table.back_sayings}, language),
        passive=frozenset(table.passive),
        open_saying=frozenset(table.open_saying),
        sources=PhraseList(labelled, language),
        kinds={label: frozenset(label.split()) for label in labelled},
    )
