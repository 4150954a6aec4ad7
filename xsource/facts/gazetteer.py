"""Names that are translated rather than spelled, under one concept: США, الولايات المتحدة, ארה"ב, U.S.

The list is `gazetteer.toml`; the plain names of countries and territories are Unicode CLDR's, through babel. A
concept also knows its people (`Russians`, `российский`) and what it is a part of, so that a capital that stands
for its government does not contradict the country's name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Final

from xsource.facts.names_records import NameKind
from xsource.facts.spelling import base_forms
from xsource.facts.text.folding import fold_name, fold_word, merge_letters
from xsource.facts.text.words import word_rules
from xsource.facts.words import case_stem, name_forms, without_cases
from xsource.languages import language_tables
from xsource.records import LANGUAGES

_PHRASE_WORD: Final = re.compile(r"[^\s()]+")

# Codes of CLDR that are no territory (unknown, pseudo-locales) or stand in our list as organisations.
_NO_COUNTRIES: Final = frozenset({"ZZ", "XA", "XB", "EU", "EZ", "UN", "QO"})


@dataclass(frozen=True, slots=True)
class Concept:
    """What names of several languages stand for.

    Attributes:
        id: `place:US`, `org:hamas`; the same in every language.
        kind: what it is.
        within: the id of the country that it is the capital or a body of; empty when of none.
    """

    id: str
    kind: NameKind
    within: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to write a concept: its words in comparison form.

    Attributes:
        words: in comparison form, at least one.
        concept: what they stand for.
        is_people: whether they name the people or say what belongs to it (`Russian`), not the place.
    """

    words: tuple[str, ...]
    concept: Concept
    is_people: bool


@lru_cache(maxsize=65536)
def comparison_forms(word: str, language: str) -> tuple[str, ...]:
    """Give the forms under which a word of a text may stand in the gazetteer, as printed first.

    An acronym keeps its capitals (`US` is not `us`) and loses its dots; Russian words lose their case endings,
    Arabic and Hebrew ones their clitics.
    """
    if name_forms(language).has_capitals:
        bare = fold_word(word).replace(".", "")
        if bare.endswith(("'s", "s'")):
            bare = bare[:-2] if bare.endswith("'s") else bare[:-1]
        letters = word.replace(".", "").removesuffix("'s").removesuffix("’s")
        stems = without_cases(bare, language)
        return (letters, *stems) if len(letters) > 1 and letters.isupper() else stems
    forms = [merge_letters(form) for form in base_forms(word, language)]
    # "To the" swallows a letter of the article, with "and" before it too: للقدس, وللقدس.
    for form in (forms[0], forms[0][1:]):
        for clitic, article in word_rules(language).swallowed:
            if form.startswith(clitic):
                forms.append(article + form.removeprefix(clitic))
    return tuple(dict.fromkeys(forms))


def _phrase_words(text: str, language: str) -> tuple[str, ...]:
    words = []
    for word in _PHRASE_WORD.findall(text):
        form = fold_word(word)
        if name_forms(language).has_capitals:
            acronym = comparison_forms(word, language)[0]
            form = acronym if acronym.isupper() else case_stem(form.replace(".", ""), language)
        words.append(form)
    return tuple(words)


def _read_concepts() -> Iterator[tuple[Concept, Mapping[str, Any]]]:
    data = tomllib.loads(resources.files(__package__).joinpath("gazetteer.toml").read_text("utf-8"))
    for section, entries in data.items():
        if section not in {"place", "org", "media"}:
            raise ValueError(f"facts/gazetteer.toml has a table [{section}], expected place, org or media")
        kind: NameKind = "place" if section == "place" else "org"
        for name, entry in entries.items():
            unknown = set(entry) - {*LANGUAGES, "people", "within"}
            if unknown:
                raise ValueError(f"facts/gazetteer.toml [{section}.{name}]: unknown {sorted(unknown)}")
            yield Concept(f"{section}:{name}", kind, entry.get("within", "")), entry


def _territories(language: str) -> Iterator[tuple[str, str]]:
    from babel import Locale  # half a second of tables, needed only when names are looked for

    for code, name in Locale(language).territories.items():
        is_country = len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
        if is_country and fold_name(name) not in name_forms(language).not_countries:
            yield code, name


@cache
def phrases(language: str) -> Mapping[str, tuple[Phrase, ...]]:
    """Give a language's phrases by their first word in comparison form, longest first."""
    found: dict[tuple[str, ...], Phrase] = {}

    def add(texts: Iterable[str], concept: Concept, *, is_people: bool) -> None:
        for text in texts:
            words = _phrase_words(text, language)
            suffixes = name_forms(language).people_suffixes if is_people else ("",)
            for suffix in suffixes:
                form = (*words[:-1], words[-1] + suffix)
                found.setdefault(form, Phrase(form, concept, is_people))

    own = language_tables(language).get("gazetteer", {})  # of a language that gazetteer.toml has no column for
    for concept, entry in _read_concepts():
        add(own.get("names", {}).get(concept.id, ()), concept, is_people=False)
        add(own.get("people", {}).get(concept.id, ()), concept, is_people=True)
        add(entry.get(language, ()), concept, is_people=False)
        add(entry.get("people", {}).get(language, ()), concept, is_people=True)
    for code, name in _territories(language):
        add((name,), Concept(f"place:{code}", "place", ""), is_people=False)
    by_first: dict[str, list[Phrase]] = {}
    for phrase in found.values():
        by_first.setdefault(phrase.words[0], []).append(phrase)
    return {
        first: tuple(sorted(group, key=lambda phrase: -len(phrase.words))) for first, group in by_first.items()
    }


@cache
def _within() -> Mapping[str, str]:
    return {concept.id: concept.within for concept, _ in _read_concepts() if concept.within}


def are_compatible(left: str, right: str) -> bool:
    """Say whether two concepts can stand for one another: the same, or one is a part or a body of the other.

    Moscow and the Kremlin may both stand for Russia; Moscow and Kyiv are different.
    """
    return not _with_wholes(left).isdisjoint({right}) or left in _with_wholes(right)


@cache
def _with_wholes(concept: str) -> frozenset[str]:
    found = {concept}
    while (concept := _within().get(concept, "")) and concept not in found:
        found.add(concept)
    return frozenset(found)
