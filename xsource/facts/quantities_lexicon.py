"""The tables of number words, units and counted things, read from a language's file into lookups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from xsource.facts.quantities_tokens import fold_word, tokenise
from xsource.languages import language_table

Role = Literal["cardinal", "magnitude", "fraction", "part", "mixed", "ordinal"]
Bound = Literal["exact", "about", "nearly", "more than", "at least", "less than", "at most", "range"]

HalfDay = Literal["morning", "noon", "evening", "night"]

MAX_PHRASE_WORDS = 4
# Letters by which a word is told to start with a number word, before it is looked at closely.
_COMPOUND_START = 3
_LONGEST_IN_COMPOUND = 16


@dataclass(frozen=True, slots=True)
class NumberWord:
    """What one word contributes to a number.

    Attributes:
        roles: what it can be, with the value in each; `десятых` is an ordinal, `second` too.
        clitic: what is written onto it: `ו`, `وال`, or an empty string.
    """

    roles: Mapping[Role, Decimal]
    clitic: str = ""


@dataclass(frozen=True, slots=True)
class Stems:
    """Words, some of which stand for every word that starts so."""

    words: Mapping[str, frozenset[str]]
    prefixes: Mapping[str, frozenset[str]]
    shortest: int
    longest: int

    def find(self, word: str) -> frozenset[str]:
        """Give the concepts that a folded word names; empty for most words."""
        found = self.words.get(word)
        if found is not None:
            return found
        for length in range(min(len(word), self.longest), self.shortest - 1, -1):
            found = self.prefixes.get(word[:length])
            if found is not None:
                return found
        return frozenset()


@dataclass(frozen=True, slots=True)
class NumberLexicon:
    """One language's way with numbers; see the comments in its file for each table.

    Every word is folded. Phrases are words joined by one space, as `tokenise` splits them.
    """

    thousands: str
    spaced_groups: bool
    units_first: bool
    clitics: frozenset[str]
    joiners: frozenset[str]
    joining_clitics: str
    joins_units: bool
    comma_between_terms: bool
    fraction_joiners: tuple[tuple[str, ...], ...]
    of_magnitude: tuple[tuple[str, ...], ...]
    points: frozenset[str]
    abbreviations: frozenset[str]
    article_clitics: tuple[str, ...]
    minus: frozenset[str]
    minus_after: frozenset[str]
    degrees: frozenset[str]
    conjunctions: frozenset[str]
    function_words: frozenset[str]
    state_order: tuple[str, ...]
    ordinal_suffixes: frozenset[str]
    decade_suffixes: frozenset[str]
    number_prefixes: frozenset[str]
    labels: frozenset[str]
    articles: frozenset[str]
    one_follows_noun: bool
    range_openers: frozenset[str]
    range_joiners: frozenset[str]
    score_words: frozenset[str]
    words: Mapping[str, NumberWord]
    teens: frozenset[str]
    teen_units: Mapping[str, Decimal]
    attached: frozenset[str]
    vague: frozenset[str]
    vague_before: frozenset[str]
    bounds_before: Mapping[str, Bound]
    bounds_after: Mapping[str, Bound]
    hour_words: frozenset[str]
    half_days: Mapping[str, HalfDay]
    units: Mapping[str, str]
    unit_starts: frozenset[str]
    duals: Mapping[str, str]
    compounds: Stems
    compound_starts: frozenset[str]
    change_words: frozenset[str]
    counted: Stems
    counted_concepts: frozenset[str]
    hospital: frozenset[str]
    states: dict[str, str | None] = field(default_factory=dict)  # of words met before

    def split_compound(self, word: str) -> tuple[Decimal, str] | None:
        """Split `трехдневный` into 3 and its unit, `двадцатипятилетний` into 25; `None` for other words."""
        if word[:_COMPOUND_START] in self.compound_starts:
            for length in range(_COMPOUND_START, min(len(word) - 3, _LONGEST_IN_COMPOUND)):
                number = self.words.get(word[:length])
                if number is None or "cardinal" not in number.roles:
                    continue
                value = number.roles["cardinal"]
                for unit in self.compounds.find(word[length:]):
                    return value, unit
                if 20 <= value < 100:
                    rest = self.split_compound(word[length:])
                    if rest is not None and rest[0] < 10:
                        return value + rest[0], rest[1]
        return None

    def bare(self, word: str) -> tuple[str, ...]:
        """Give the units that a word with the article before it may be."""
        forms = (word[len(clitic) :] for clitic in self.clitics if word.startswith(clitic))
        return tuple(form for form in forms if form in self.units)

    def counted_by(self, word: str) -> frozenset[str]:
        """Give the concepts of `[counted]` that a word names, with a clitic before it or without."""
        found = self.counted.find(word)
        if not found and self.clitics:
            for length in (1, 2, 3):
                if word[:length] in self.clitics and len(word) - length > 1:
                    found = self.counted.find(word[length:])
                    if found:
                        break
        return found


_KEYS = frozenset(
    {
        "thousands",
        "clitics",
        "joiners",
        "joining_clitics",
        "conjunctions",
        "joins_units",
        "comma_between_terms",
        "fraction_joiners",
        "of_magnitude",
        "points",
        "abbreviations",
        "article_clitics",
        "minus",
        "units_first",
        "ordinal_suffixes",
        "decade_suffixes",
        "number_prefixes",
        "labels",
        "articles",
        "one_follows_noun",
        "range_openers",
        "range_joiners",
        "score_words",
        "cardinals",
        "magnitudes",
        "attached",
        "vague",
        "fractions",
        "parts",
        "mixed",
        "not_numbers",
        "teens",
        "ordinals",
        "bounds",
        "clock",
    }
)


@cache
def number_lexicon(language: str) -> NumberLexicon:
    """Read the tables of a language that say how it counts, from `[numbers]` to `[counted]`.

    Raises:
        ValueError: the language is not ours, or a key of its tables is missing or misspelt.
    """
    numbers = language_table(language, "numbers")
    check_keys(numbers, _KEYS, f"languages/{language}.toml [numbers]")
    clitics = _words(numbers["clitics"])
    units = {phrase(form): unit for unit, forms in language_table(language, "units").items() for form in forms}
    bounds_before, bounds_after = _bounds(numbers["bounds"], f"languages/{language}.toml [numbers.bounds]")
    clock = numbers["clock"]
    words = _number_words(numbers, clitics)
    compounds = _stems(language_table(language, "compounds"))
    return NumberLexicon(
        thousands=numbers["thousands"],
        spaced_groups=" " in numbers["thousands"],
        units_first=numbers["units_first"],
        clitics=clitics,
        joiners=_words(numbers["joiners"]),
        joining_clitics=numbers["joining_clitics"],
        joins_units=numbers["joins_units"],
        comma_between_terms=numbers["comma_between_terms"],
        fraction_joiners=_phrases(numbers["fraction_joiners"]),
        of_magnitude=_phrases(numbers["of_magnitude"]),
        points=_words(numbers["points"]),
        abbreviations=_words(numbers["abbreviations"]),
        article_clitics=tuple(numbers["article_clitics"].split()),
        minus=_words(numbers["minus"]["before"]),
        minus_after=frozenset(phrase(text) for text in numbers["minus"]["after"]),
        degrees=_words(numbers["minus"]["degrees"]),
        conjunctions=_words(numbers["conjunctions"]),
        function_words=_words(language_table(language, "detection")["words"]),
        state_order=tuple(language_table(language, "counted")),
        ordinal_suffixes=_words(numbers["ordinal_suffixes"]),
        decade_suffixes=_words(numbers["decade_suffixes"]),
        number_prefixes=_words(numbers["number_prefixes"]),
        labels=_words(numbers["labels"]),
        articles=_words(numbers["articles"]),
        one_follows_noun=numbers["one_follows_noun"],
        range_openers=_words(numbers["range_openers"]),
        range_joiners=_words(numbers["range_joiners"]),
        score_words=_words(numbers["score_words"]),
        words=words,
        teens=_words(numbers["teens"]["forms"]),
        teen_units={
            word: Decimal(value)
            for value, forms in numbers["teens"]["units"].items()
            for word in _with_clitics(_words(forms), clitics)
        },
        attached=_words(numbers["attached"]["forms"]),
        vague=_with_clitics(_words(numbers["vague"]["forms"]), clitics),
        vague_before=_with_clitics(frozenset(map(phrase, numbers["vague"]["before"])), clitics),
        bounds_before=bounds_before,
        bounds_after=bounds_after,
        hour_words=_words(clock["hour_words"]),
        half_days={phrase(form): half for half in _HALF_DAYS for form in clock[half]},
        units=units,
        unit_starts=frozenset(form.split(" ", 1)[0] for form in units),
        duals={
            clitic + word: name
            for name, forms in language_table(language, "duals").items()
            for word in _words(forms)
            for clitic in ("", *clitics)
        },
        compounds=compounds,
        compound_starts=frozenset(word[:_COMPOUND_START] for word in words)
        if compounds.prefixes
        else frozenset(),
        change_words=frozenset(
            fold_word(text.split()[0]) for text in language_table(language, "updates")["changed"]
        ),
        counted=_stems(language_table(language, "counted")),
        counted_concepts=frozenset(language_table(language, "counted")),
        hospital=frozenset(phrase(text) for text in language_table(language, "hospitalised")["phrases"]),
    )


def check_keys(table: Mapping[str, Any], expected: frozenset[str], where: str) -> None:
    """Refuse a table with a key too many or too few.

    Raises:
        ValueError: names the table and the keys.
    """
    if wrong := expected ^ table.keys():
        raise ValueError(f"{where}: keys missing or unknown: {', '.join(sorted(wrong))}")


def phrase(text: str) -> str:
    """Fold a phrase of a table into the words and marks that `tokenise` gives, joined by one space."""
    return " ".join(fold_word(token.text) for token in tokenise(text)) or fold_word(text)


def _words(text: str) -> frozenset[str]:
    return frozenset(fold_word(word) for word in text.split())


def _with_clitics(words: frozenset[str], clitics: frozenset[str]) -> frozenset[str]:
    return frozenset(clitic + word for word in words for clitic in ("", *clitics))


def _phrases(texts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Fold phrases into tuples of words, longest first."""
    return tuple(sorted((tuple(map(fold_word, text.split())) for text in texts), key=lambda words: -len(words)))


def _number_words(numbers: Mapping[str, Any], clitics: frozenset[str]) -> dict[str, NumberWord]:
    """Collect every number word with every clitic; a form that is a word by itself is read as that word."""
    roles: dict[str, dict[Role, Decimal]] = {}
    tables: tuple[tuple[str, Role], ...] = (
        ("cardinals", "cardinal"),
        ("magnitudes", "magnitude"),
        ("fractions", "fraction"),
        ("parts", "part"),
        ("mixed", "mixed"),
        ("ordinals", "ordinal"),
    )
    for table, role in tables:
        for value, forms in numbers[table].items():
            for word in _words(forms):
                roles.setdefault(word, {})[role] = Decimal(value)
    for forms in numbers["teens"]["units"].values():
        for word in _words(forms):
            roles.setdefault(word, {})
    words = {word: NumberWord(found) for word, found in roles.items()}
    for word, found in roles.items():
        for clitic in clitics:
            words.setdefault(clitic + word, NumberWord(found, clitic))
    for word in _words(numbers["not_numbers"]["forms"]):
        words.pop(word, None)
    return words


_HALF_DAYS: tuple[HalfDay, ...] = ("morning", "noon", "evening", "night")
_BOUND_KEYS: Mapping[str, Bound] = {
    "more": "more than",
    "less": "less than",
    "at_least": "at least",
    "at_most": "at most",
    "about": "about",
}


def _bounds(table: Mapping[str, list[str]], where: str) -> tuple[dict[str, Bound], dict[str, Bound]]:
    """Read the bounds beside a number; what is both below and about ("nearly") is its own bound."""
    check_keys(table, frozenset(f"{key}_{side}" for key in _BOUND_KEYS for side in ("before", "after")), where)
    sides: list[dict[str, Bound]] = []
    for side in ("before", "after"):
        found: dict[str, Bound] = {}
        for key, bound in _BOUND_KEYS.items():
            for text in table[f"{key}_{side}"]:
                words = phrase(text)
                found[words] = "nearly" if {found.get(words), bound} == {"less than", "about"} else bound
        sides.append(found)
    return sides[0], sides[1]


def _stems(table: Mapping[str, str]) -> Stems:
    words: dict[str, set[str]] = {}
    prefixes: dict[str, set[str]] = {}
    for concept, forms in table.items():
        for form in forms.split():
            if form.endswith("*"):
                prefixes.setdefault(fold_word(form[:-1]), set()).add(concept)
            else:
                words.setdefault(fold_word(form), set()).add(concept)
    lengths = [len(prefix) for prefix in prefixes] or [1]
    return Stems(
        {word: frozenset(found) for word, found in words.items()},
        {prefix: frozenset(found) for prefix, found in prefixes.items()},
        min(lengths),
        max(lengths),
    )


def phrase_starts(phrases: Iterable[str]) -> frozenset[str]:
    """Give the first words of phrases: a text's other words need no look-up."""
    return frozenset(words.split(" ", 1)[0] for words in phrases)
