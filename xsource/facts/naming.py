"""Finds the words that differ with the outlet: militants, terrorists, resistance; war, special operation.

The words are listed in `naming.toml`, beside this file, by family and sense. What is found is wording: it
says how an outlet speaks of a thing and nothing about the thing.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast, get_args

from xsource.facts.dates_find import find_mentions
from xsource.facts.text.phrases import PhraseList
from xsource.languages import language_tables
from xsource.records import LANGUAGES

Stance = Literal["condemns", "plain", "approves", "official"]
_FILE = "facts/naming.toml"


@dataclass(frozen=True, slots=True)
class LoadedTerm:
    """A word that another outlet might put differently.

    Attributes:
        family: what is named: `fighters`, `war`, `captives`.
        senses: the senses in which it is listed, usually one: `terrorists`.
        stances: how it speaks of the thing; several where the word leaves it open.
        start: half-open range of code points in the sentence, with `end`.
        end: see `start`.
        words: as printed; the sentence's `start:end`.
    """

    family: str
    senses: tuple[str, ...]
    stances: frozenset[Stance]
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class _Sense:
    family: str
    name: str
    stance: Stance


def loaded_terms(text: str, language: str) -> tuple[LoadedTerm, ...]:
    """Find the listed words of a sentence, in its order, none overlapping another.

    Args:
        text: one sentence, any length; linear in it.
        language: one of `LANGUAGES`; `ValueError` for another.
    """
    phrases, senses = _naming(language)
    terms = []
    # The month of March is no protest.
    calendar = [(mention.start, mention.end) for mention in find_mentions(text, language)]
    for found in phrases.find(text):
        if any(found.start < end and start < found.end for start, end in calendar):
            continue
        for family, listed in senses[found.label].items():
            terms.append(
                LoadedTerm(
                    family=family,
                    senses=tuple(sense.name for sense in listed),
                    stances=frozenset(sense.stance for sense in listed),
                    start=found.start,
                    end=found.end,
                    words=found.words,
                )
            )
    return tuple(terms)


@cache
def _naming(language: str) -> tuple[PhraseList, dict[str, dict[str, list[_Sense]]]]:
    """Read `naming.toml` for one language: its phrases, and by their label what they are listed as."""
    own = language_tables(language).get("naming", {})  # of a language that naming.toml has no column for
    data = tomllib.loads(resources.files(__package__).joinpath("naming.toml").read_text("utf-8"))
    senses_of: defaultdict[str, list[_Sense]] = defaultdict(list)
    for family, senses in data.items():
        for name, table in senses.items():
            expected = {"stance", *LANGUAGES}
            if set(table) != expected or table["stance"] not in get_args(Stance):
                raise ValueError(
                    f"{_FILE} [{family}.{name}]: keys {sorted(table)} with stance {table.get('stance')!r}, "
                    f"expected {sorted(expected)} with stance one of {', '.join(get_args(Stance))}"
                )
            sense = _Sense(family, name, cast("Stance", table["stance"]))
            for phrase in table.get(language, own.get(f"{family}.{name}", ())):
                senses_of[phrase].append(sense)
    listed: defaultdict[str, list[str]] = defaultdict(list)
    by_label: dict[str, dict[str, list[_Sense]]] = {}
    for phrase, senses in senses_of.items():
        label = " ".join(f"{sense.family}.{sense.name}" for sense in senses)
        listed[label].append(phrase)
        families: defaultdict[str, list[_Sense]] = defaultdict(list)
        for sense in senses:
            families[sense.family].append(sense)
        by_label[label] = dict(families)
    return PhraseList(listed, language), by_label
