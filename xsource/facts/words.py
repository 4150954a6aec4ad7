"""Words of a sentence, and which of them are ordinary words rather than names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from xsource.facts.spelling import base_forms
from xsource.facts.text.folding import fold_name, fold_text
from xsource.facts.text.stems import stem_of
from xsource.languages import language_file, language_table

# Letters with vowel marks; an apostrophe, a geresh, the quotation marks of a Hebrew acronym or a hyphen may
# stand inside, and a geresh at the end after the letters that take one. Each sign begins one alternative only,
# so the time is linear. U.S. is one word.
_LETTER: Final = r"[^\W\d_][\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u0640\u064b-\u065f\u0670]*"
WORD: Final = re.compile(
    rf"[A-ZА-ЯЁ](?:\.[A-ZА-ЯЁ])+\b\.?|(?:{_LETTER})+(?:['’‘׳״\"“”\-‑־](?:{_LETTER})+)*(?:(?<=[גדזחטצץתב])['’׳])?"
)


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """Give the half-open code points of each word that may be of a name, whatever signs its letters carry."""
    folded = fold_text(text)
    for match in WORD.finditer(folded.text):
        yield match.span() if folded.starts is None else folded.span(*match.span())


# Tables whose words are no names.
_TABLES_OF_WORDS: Final = (
    "attribution",
    "certainty",
    "polarity",
    "counted",
    "units",
    "numbers",
    "dates",
    "duals",
)
_SHORTEST_BEGINNING: Final = 4


@dataclass(frozen=True, slots=True)
class NameForms:
    """How a language writes names: its table `[name_forms]`, explained there."""

    has_capitals: bool
    case_endings: frozenset[str]
    longest_ending: int
    people_suffixes: tuple[str, ...]
    lower_case_people: bool
    not_countries: frozenset[str]


@cache
def name_forms(language: str) -> NameForms:
    """Read a language's `[name_forms]`; `ValueError` for a key that is missing or not known."""
    table = language_table(language, "name_forms")
    expected = {"has_capitals", "case_endings", "people_suffixes", "lower_case_people", "not_countries"}
    if set(table) != expected:
        raise ValueError(
            f"languages/{language}.toml [name_forms]: keys are {sorted(table)}, expected {sorted(expected)}"
        )
    endings = frozenset(table["case_endings"].split())
    return NameForms(
        has_capitals=table["has_capitals"],
        case_endings=endings,
        longest_ending=max(map(len, endings), default=0),
        people_suffixes=tuple(table["people_suffixes"]),
        lower_case_people=table["lower_case_people"],
        not_countries=frozenset(map(fold_name, table["not_countries"])),
    )


def without_cases(word: str, language: str) -> tuple[str, ...]:
    """Give a folded word and what is left without each case ending that it may have, shortest first but for it.

    Китая is Кит-ая or Кита-я; at least three letters stay.
    """
    forms = name_forms(language)
    sizes = range(min(forms.longest_ending, len(word) - 3), 0, -1)
    return (word, *(word[:-size] for size in sizes if word[-size:] in forms.case_endings))


def case_stem(word: str, language: str) -> str:
    """Take the longest case ending off a folded word."""
    return without_cases(word, language)[:2][-1]


@cache
def ordinary_words(language: str) -> frozenset[str]:
    """Give the folded words of a language that are known to be no names (`tools/build_lexicon.py` found them).

    Without their cases: the list cannot have every case of every word.
    """
    words = language_file(language, "facts/lexicon", ".txt").split()
    return frozenset(case_stem(word, language) for word in words)


@cache
def _words_of_tables(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Give the words that a language's tables list for other readers, whole and as beginnings."""
    words: set[str] = set()
    beginnings: set[str] = set()

    def take(listed: object) -> None:
        if isinstance(listed, str):
            for word in map(fold_name, listed.split()):
                if word.endswith("*") and len(word) > _SHORTEST_BEGINNING:
                    beginnings.add(word[:-1])
                elif word.isalpha() and len(word) > 1:
                    words.add(word)
        elif isinstance(listed, Mapping):
            for each in listed.values():
                take(each)
        elif isinstance(listed, Sequence):
            for each in listed:
                take(each)

    for table in _TABLES_OF_WORDS:
        take(language_table(language, table))
    return frozenset(words), tuple(beginnings)


@lru_cache(maxsize=65536)
def ends_name(word: str, language: str) -> bool:
    """Say whether a word cannot go on with a name that has no capitals: a verb of saying, `מסרה`, a known noun.

    It is listed for another reader, or known to stand for an English word that is ordinary.
    """
    from xsource.facts.shared_words import PIVOT, word_table  # it asks for stems, which ask for spelling

    words, beginnings = _words_of_tables(language)
    if any(form in words or form.startswith(beginnings) for form in base_forms(word, language)):
        return True
    english = word_table(language).english.get(stem_of(word, language), frozenset())
    return not english.isdisjoint(ordinary_words(PIVOT))


@lru_cache(maxsize=65536)
def is_ordinary(word: str, language: str) -> bool:
    """Say whether a word is a known ordinary word: as printed, or without its clitics or its case.

    A word of another script is not ordinary: who leaves it in Latin letters writes a name.
    """
    known = ordinary_words(language)
    if not name_forms(language).has_capitals:
        return not known.isdisjoint(base_forms(word, language))
    return case_stem(fold_name(word), language) in known
