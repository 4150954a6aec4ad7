"""Numbers that count nothing: ages, and what things are called by, as a channel, a day of a war, a house.

"A girl of 10 was killed" tells of one girl. Read as a count it would be ten dead, and differ from every toll.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from xsource.facts.quantities_counted import PEOPLE
from xsource.facts.quantities_digits import Number
from xsource.facts.quantities_lexicon import MAX_PHRASE_WORDS, NumberLexicon, check_keys, phrase
from xsource.facts.quantities_tokens import Token, fold_word
from xsource.languages import language_table

# What an age is marked with among the concepts that a quantity counts.
AGE = "age"
_OLDEST = 120
# First and last names. One word before a comma is more often a place: "In Kharkiv, 12, all civilians, died".
_WORDS_OF_NAME = range(2, 5)
_AGE_UNITS = frozenset({None, "year", "month", "week", "day"})
# Of these the nth is no length of time: the 12th day of a war. The 29th minute of a match is a time.
_NUMBERED_UNITS = frozenset({"day", "week", "month", "year"})
# From a street's kind to the number of the house: улице Льва Толстого, 14.
_WORDS_OF_STREET = 3
# "He was 34 when killed", "aged 10 times": the state of the person, and no noun that is counted.
_STATES_AND_TIMES = frozenset(
    {
        "killed", "wounded", "hospitalised", "missing", "captive", "arrested", "released", "displaced",
        "rescued", "infected", "strikes",
    }
)  # fmt: skip

_AGE_KEYS = frozenset({"before", "behind", "year_of_life", "persons", "of", "bounds"})
_NUMBERED_KEYS = frozenset({"nouns", "behind", "streets", "times", "either", "plurals"})
_OPENING_QUOTES, _CLOSING_QUOTES = frozenset("«\"“„'"), frozenset("»\"”“'")

Role = Literal["age", "last age", "label", "ordinal"]


@dataclass(frozen=True, slots=True)
class NamingLexicon:
    """A language's words around numbers that count nothing; see the comments of its `[ages]` and `[numbered]`.

    Attributes:
        ages_before, ages_behind: phrases beside an age.
        year_of_life: phrases behind the ordinal of a year of life, one more than the age.
        persons: words for one person, beside which a bare number is an age; with `of`, in between.
        of: what may join the two: "a girl *of* ten".
        nouns: what is called by the number behind it.
        behind: what is called by the number before it: `5 канал`.
        streets: the number stands before or behind the street's name.
        times: as `nouns`, where the number has its article, or no noun can follow: "day 12 of the war".
        either: numbers that are ordinals unless a plural follows: `מחבל שני`, `שני מחבלים`.
        plurals: endings of plurals.
        bounds: bounds of an age, behind a word for people: "people over 65".
        clitics: what may be written onto `nouns` and `streets`.
    """

    ages_before: frozenset[str]
    ages_behind: frozenset[str]
    year_of_life: frozenset[str]
    persons: frozenset[str]
    of: frozenset[str]
    nouns: frozenset[str]
    behind: frozenset[str]
    streets: frozenset[str]
    times: frozenset[str]
    either: frozenset[str]
    plurals: tuple[str, ...]
    bounds: frozenset[str]
    clitics: frozenset[str]


@cache
def naming_lexicon(language: str) -> NamingLexicon:
    """Read the tables `[ages]` and `[numbered]` of a language.

    Raises:
        ValueError: the language is not ours, or a key of its tables is missing or misspelt.
    """
    ages, numbered = language_table(language, "ages"), language_table(language, "numbered")
    check_keys(ages, _AGE_KEYS, f"languages/{language}.toml [ages]")
    check_keys(numbered, _NUMBERED_KEYS, f"languages/{language}.toml [numbered]")

    def phrases(table: Mapping[str, list[str]], key: str) -> frozenset[str]:
        return frozenset(phrase(text) for text in table[key])

    def words(table: Mapping[str, str], key: str) -> frozenset[str]:
        return frozenset(fold_word(word) for word in table[key].split())

    return NamingLexicon(
        ages_before=phrases(ages, "before"),
        ages_behind=phrases(ages, "behind"),
        year_of_life=phrases(ages, "year_of_life"),
        persons=words(ages, "persons"),
        of=words(ages, "of"),
        nouns=words(numbered, "nouns"),
        behind=words(numbered, "behind"),
        streets=words(numbered, "streets"),
        times=words(numbered, "times"),
        either=words(numbered, "either"),
        plurals=tuple(numbered["plurals"].split()),
        bounds=phrases(ages, "bounds"),
        clitics=words(language_table(language, "numbers"), "clitics"),
    )


def find_role(
    text: str, tokens: Sequence[Token], number: Number, last: int, unit: str | None, lexicon: NumberLexicon,
    naming: NamingLexicon,
) -> Role | None:  # fmt: skip
    """Say what a number is that counts nothing; `None` for one that counts.

    Args:
        text: what the tokens are of.
        tokens: the sentence's.
        number: which.
        last: index after its unit.
        unit: as of `Quantity`.
        lexicon: the language's numbers.
        naming: the language's words around numbers that count nothing.

    Returns:
        `age`; `last age` for the ordinal of a year of life; `label` for a number that names; `ordinal` for the
        nth day, week, month or year.
    """
    if number.magnitude != 1 or number.is_fraction or number.is_decade:
        return None
    if number.is_ordinal and _starts(tokens, last, naming.year_of_life) is not None:
        return "last age"
    value = number.values[0]
    may_be_age = unit in _AGE_UNITS and 0 < value <= _OLDEST and value == value.to_integral_value()
    if may_be_age and _is_age(text, tokens, number, last, unit, lexicon, naming):
        return "age"
    if number.is_label:
        return "label"
    if (unit in _NUMBERED_UNITS and number.is_ordinal) or _is_meant_as_ordinal(tokens, number, lexicon, naming):
        return "ordinal"
    return "label" if unit is None and _names_a_thing(text, tokens, number, lexicon, naming) else None


def _is_age(
    text: str, tokens: Sequence[Token], number: Number, last: int, unit: str | None, lexicon: NumberLexicon,
    naming: NamingLexicon,
) -> bool:  # fmt: skip
    if _starts(tokens, last, naming.ages_behind) is not None:
        return True
    if " ".join(token.text for token in tokens[number.last : last] if token.text != "-") in naming.ages_behind:
        return True  # 10-year-old is the unit
    before = _words_before(tokens, number, lexicon, naming)
    behind = tokens[last].text if last < len(tokens) else ""
    if unit == "year" and ((before and before[-1] in naming.persons) or behind in naming.persons):
        return True
    counts = bool(lexicon.counted_by(behind) - _STATES_AND_TIMES)
    if unit is None and counts:
        return False  # aged 10 people: no age
    for words in range(min(MAX_PHRASE_WORDS, len(before)), 0, -1):
        if " ".join(before[-words:]) in naming.ages_before:
            return True
    if number.is_ordinal or unit not in (None, "year"):
        return False
    bound = tokens[number.first - 1].text if number.first else ""
    if bound in naming.bounds and before and lexicon.counted_by(before[-1]) & PEOPLE:
        return True
    if len(before) > 1 and before[-1] in naming.of and before[-2] in naming.persons:
        return True
    return _stands_alone(text, tokens, number, last, lexicon, naming)


def _stands_alone(
    text: str, tokens: Sequence[Token], number: Number, last: int, lexicon: NumberLexicon, naming: NamingLexicon
) -> bool:
    """Whether a number stands between commas or in brackets behind a person: "Maria Lopez, 34, was killed"."""
    at = number.first
    if at < 2 or last >= len(tokens) or tokens[at - 1].text not in "(,":
        return False
    opened = tokens[at - 1].text == "("
    if tokens[last].text != ")" if opened else tokens[last].text not in ",)":
        return False
    person = tokens[at - 2]
    if person.text in naming.persons:
        return True
    if person.kind != "word" or not number.in_digits:
        return False
    name = _name_before(text, tokens, at - 2, lexicon)
    if opened:
        name = name[-1:]
    if any(token.text in lexicon.words or lexicon.counted_by(token.text) for token in name):
        return False
    return bool(name) if opened else len(name) in _WORDS_OF_NAME


def _name_before(text: str, tokens: Sequence[Token], last: int, lexicon: NumberLexicon) -> Sequence[Token]:
    """Give the words up to a token that may be a name: with a capital where the script has them."""
    first = last + 1
    while first:
        token = tokens[first - 1]
        letter = text[token.start]
        if token.kind != "word" or token.text in lexicon.function_words or letter.upper() != letter:
            break
        first -= 1
    return tokens[first : last + 1]


def _names_a_thing(
    text: str, tokens: Sequence[Token], number: Number, lexicon: NumberLexicon, naming: NamingLexicon
) -> bool:
    """Whether a thing is called by a number: "day 12", `בערוץ 12`, `اللواء 93`, "14 Main Street", `5 канал`."""
    at, last = number.first, number.last
    counts = last < len(tokens) and bool(lexicon.counted_by(tokens[last].text))
    before = _words_before(tokens, number, lexicon, naming)
    if before and _is_one_of(before[-1], naming.times, naming) and _is_of_a_time(tokens, number, lexicon):
        return True
    if not number.in_digits:
        return False
    if before and not counts and _is_one_of(before[-1], naming.nouns, naming):
        return True
    if before and _is_one_of(before[-1], lexicon.labels, naming):
        return True
    if (
        at > 1
        and last < len(tokens)
        and tokens[last].text in _CLOSING_QUOTES
        and tokens[at - 1].kind == "word"
        and tokens[at - 2].text in _OPENING_QUOTES
    ):
        return True  # «Россия 24»
    if last < len(tokens) and tokens[last].text in naming.behind:
        return True
    if not naming.streets or number.values[0] >= 1000:
        return False
    has_comma = bool(at) and tokens[at - 1].text == ","
    if has_comma or not counts:
        between: list[Token] = []
        for token in reversed(tokens[max(0, at - has_comma - _WORDS_OF_STREET) : at - has_comma]):
            if _is_one_of(token.text, naming.streets, naming):
                # Only the street's name stands between, in capitals where there are any: not "was 37".
                return not any(own.text in ",;:()" or text[own.start].islower() for own in between)
            between.append(token)
    for end in range(last + 1, min(len(tokens), last + _WORDS_OF_STREET + 1)):
        if not text[tokens[end - 1].start].isupper():
            break
        if tokens[end].text in naming.streets:
            return True
    return False


def _is_of_a_time(tokens: Sequence[Token], number: Number, lexicon: NumberLexicon) -> bool:
    """Whether the number behind "day" is that of the day, and not of what was counted on it."""
    at, last = number.first, number.last
    word = lexicon.words.get(tokens[at].text)
    clitic = "" if word is None else word.clitic
    if at and not clitic:
        clitic = tokens[at - 1].text if tokens[at - 1].text != "-" else tokens[at - 2].text
    if lexicon.article_clitics:
        return clitic in lexicon.clitics and clitic.endswith(lexicon.article_clitics)
    return number.in_digits and (
        last >= len(tokens) or tokens[last].kind != "word" or tokens[last].text in lexicon.function_words
    )


def _is_meant_as_ordinal(
    tokens: Sequence[Token], number: Number, lexicon: NumberLexicon, naming: NamingLexicon
) -> bool:
    """Whether a word for two is "second": `מחבל שני נהרג` and not `שני מחבלים`."""
    if number.last - number.first > 1 or number.in_digits or not naming.either:
        return False
    word = lexicon.words.get(tokens[number.first].text)
    text = tokens[number.first].text[len(word.clitic) :] if word is not None else ""
    if word is None or text not in naming.either:
        return False
    if word.clitic.endswith(lexicon.article_clitics):
        return True
    if number.last >= len(tokens) or not number.first or tokens[number.first - 1].kind != "word":
        return False
    behind = tokens[number.last].text
    return not (
        behind.endswith(naming.plurals)
        or behind in lexicon.unit_starts
        or behind in lexicon.words
        or tokens[number.last].kind != "word"
    )


def _is_one_of(word: str, words: frozenset[str], naming: NamingLexicon) -> bool:
    """Whether a word is one of some, alone or behind a clitic."""
    return word in words or any(
        word.startswith(clitic) and word[len(clitic) :] in words for clitic in naming.clitics
    )


def _words_before(
    tokens: Sequence[Token], number: Number, lexicon: NumberLexicon, naming: NamingLexicon
) -> list[str]:
    """Give up to five words before a number, without hyphens, clitics written apart, and bounds."""
    before: list[str] = []
    at = number.first - 1
    while at >= 0 and len(before) < MAX_PHRASE_WORDS + 1:
        token = tokens[at]
        is_opener = at == number.first - 1 and token.text in lexicon.range_openers
        if token.text == "-" or is_opener or token.text in naming.clitics:
            at -= 1
            continue
        if token.kind != "word":
            break
        before.insert(0, token.text)
        at -= 1
    for words in range(min(MAX_PHRASE_WORDS, len(before)), 0, -1):
        if " ".join(before[-words:]) in lexicon.bounds_before and " ".join(before) not in naming.ages_before:
            return before[:-words]
    return before


def _starts(tokens: Sequence[Token], at: int, phrases: frozenset[str]) -> int | None:
    """Give the index behind one of some phrases that starts at a token."""
    texts = [token.text for token in tokens[at : at + 2 * MAX_PHRASE_WORDS] if token.text != "-"]
    for words in range(min(MAX_PHRASE_WORDS, len(texts)), 0, -1):
        if " ".join(texts[:words]) in phrases:
            return at + words
    return None
