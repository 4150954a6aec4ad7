"""Quantities in a sentence: how many, of what, how exactly, each with its words as printed.

`quantities("Погибли более двух с половиной тысяч человек", "ru")` gives one quantity: more than 2500, killed.
Digits that belong to a date are not quantities; `xsource.facts.dates` reads those.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, getcontext
from functools import lru_cache
from typing import Literal, NamedTuple

from xsource.facts.dates_find import find_mentions, is_timestamp
from xsource.facts.dates_lexicon import date_lexicon
from xsource.facts.quantities_context import find_bound, find_clock, find_minus, find_unit
from xsource.facts.quantities_counted import find_counted
from xsource.facts.quantities_grammar import Number, read_fraction_behind, read_number
from xsource.facts.quantities_lexicon import Bound, NumberLexicon, number_lexicon
from xsource.facts.quantities_naming import AGE, NamingLexicon, find_role, naming_lexicon
from xsource.facts.quantities_ranges import Pair, join_range
from xsource.facts.quantities_tokens import Token, tokenise

__all__ = ["Bound", "Quantity", "QuantityKind", "quantities"]

QuantityKind = Literal[
    "count", "percent", "money", "measure", "ordinal", "clock", "score", "fraction", "label"
]  # fmt: skip

# "The three" refers back; "the fifty" seldom does.
_LARGEST_ANAPHOR = 10
_DOZEN = 12

_ROMAN = {"i": 1, "v": 5, "x": 10, "х": 10, "l": 50}  # the second x is Cyrillic


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity, or one range of quantities, as a sentence states it.

    Attributes:
        kind: what it is. `count` where nothing says more; `clock` is a time of day in minutes since midnight;
            `score` a pair such as 3-1; `label` part of a name (Boeing 737).
        value: the number, or the first of a range or score.
        upper: the second of a range or score, otherwise `None`.
        bound: how exactly it is meant.
        unit: `percent`, an ISO 4217 code, a pint unit name, `century` (which pint knows too), or `None`.
        counted: concepts of the language's table `[counted]` that are counted: `killed`, `people`.
        noun: half-open code points of the words behind it that name what is counted: "ballistic missiles".
        alternatives: other readings of the same words: 1,400 in Russian, 6 o'clock in the evening.
        step: what one more in its last printed digit adds: 1 for 1,400 and 100 for 1.4 thousand.
        in_digits: whether it is written in digits, in part at least.
        start, end: half-open, code points of the given text, the unit included.
        words: as printed; `text[start:end] == words`.
        spots: the spans of `value` and, if there is one, of `upper`.
    """

    kind: QuantityKind
    value: Decimal
    upper: Decimal | None
    bound: Bound
    unit: str | None
    counted: frozenset[str]
    alternatives: tuple[Decimal, ...]
    step: Decimal
    in_digits: bool
    start: int
    end: int
    words: str
    spots: tuple[tuple[int, int], ...]
    noun: tuple[int, int] | None = None


class _Found(NamedTuple):
    """A quantity and its tokens, half-open: the number with its unit."""

    quantity: Quantity
    first: int
    last: int


@lru_cache(maxsize=4096)
def quantities(text: str, language: str) -> tuple[Quantity, ...]:
    """Read the quantities in a sentence.

    Args:
        text: any text; the spans count its code points.
        language: one of `LANGUAGES`.

    Returns:
        The quantities from left to right, none inside another; empty where there are none.

    Raises:
        ValueError: the language is not ours.
    """
    lexicon = number_lexicon(language)
    if is_timestamp(text, language):
        return ()
    tokens = tokenise(text, spaced_groups=lexicon.spaced_groups)
    calendar = {at for mention in find_mentions(text, language) for at in range(mention.first, mention.last)}
    naming = naming_lexicon(language)
    found = list(_scan(text, tokens, calendar, lexicon, naming, date_lexicon(language).century_words))
    counted = find_counted(tokens, [(each.first, each.last) for each in found], lexicon)
    read = []
    for each, what in zip(found, counted, strict=True):
        quantity = each.quantity
        if quantity.kind != "clock" and AGE not in quantity.counted:
            noun = None
            if what.noun_last > what.noun_first:
                noun = tokens[what.noun_first].start, tokens[what.noun_last - 1].end
            quantity = replace(quantity, counted=quantity.counted | what.concepts, noun=noun)
        read.append(quantity)
    return tuple(read)


def _scan(
    text: str,
    tokens: Sequence[Token],
    calendar: set[int],
    lexicon: NumberLexicon,
    naming: NamingLexicon,
    centuries: frozenset[str],
) -> Iterator[_Found]:
    at = 0
    free = 0  # tokens before this one belong to the quantity before
    while at < len(tokens):
        token = tokens[at]
        if at in calendar or token.kind == "mark":
            at += 1
            continue
        if token.kind == "word" and (token.text not in lexicon.words or token.text in centuries):
            found = _one_word_quantity(text, tokens, at, lexicon, centuries)
            at += 1
            if found is not None:
                yield found
                at = free = found.last
            continue
        number = read_number(tokens, at, lexicon)
        if isinstance(number, int):
            at = number
            continue
        quantity, at = _complete(text, tokens, number, free, calendar, lexicon)
        if quantity is not None:
            is_century = quantity.unit is None and _is_century(tokens, number, at, lexicon, centuries)
            if is_century:
                quantity = replace(quantity, kind="ordinal", unit="century")
            else:
                quantity = _with_role(text, tokens, number, at, quantity, lexicon, naming)
            yield _Found(quantity, number.first, max(at, number.last))
        free = at


def _with_role(
    text: str, tokens: Sequence[Token], number: Number, last: int, quantity: Quantity, lexicon: NumberLexicon,
    naming: NamingLexicon,
) -> Quantity:  # fmt: skip
    """Mark a number that counts nothing: an age becomes years, unless it has a unit of its own."""
    if quantity.kind not in ("count", "measure", "ordinal", "label"):
        return quantity
    role = find_role(text, tokens, number, last, quantity.unit, lexicon, naming)
    if role == "last age":
        return replace(
            quantity, kind="measure", unit="year", counted=frozenset({AGE}), value=quantity.value - 1,
            alternatives=(),
        )  # fmt: skip
    if role == "age":
        return replace(quantity, kind="measure", unit=quantity.unit or "year", counted=frozenset({AGE}))
    if role in ("label", "ordinal"):
        return replace(quantity, kind=role, unit=None)
    return quantity


def _complete(
    text: str, tokens: Sequence[Token], number: Number, free: int, calendar: set[int], lexicon: NumberLexicon
) -> tuple[Quantity | None, int]:
    """Give a number its unit, its sign and its bound, and the index to go on from."""
    clock = find_clock(tokens, number, lexicon)
    if clock is not None:
        start, end = tokens[clock.first].start, tokens[clock.last - 1].end
        return Quantity(
            "clock", clock.minutes[0], None, "exact", None, frozenset(), clock.minutes[1:], Decimal(1),
            number.in_digits, start, end, text[start:end], ((start, end),),
        ), clock.last  # fmt: skip
    if number.is_fraction and _is_period(tokens, number, lexicon):
        return None, number.last
    pair = Pair(number, None, number.last)
    if not number.is_closed:
        pair = join_range(tokens, number, calendar, lexicon)
    first, last, unit = find_unit(tokens, number, pair, free, calendar, lexicon)
    bound: Bound = "range" if pair.second is not None else find_bound(tokens, number, last, free, lexicon)
    if pair.second is None and not number.in_digits and unit is None and _is_article(tokens, number, lexicon):
        return None, number.last
    values = _likeliest(number, unit)
    if unit is not None and unit.islower() and pair.second is None and last > number.last:
        share = read_fraction_behind(tokens, last, lexicon)  # שלוש שנים וחצי
        if share is not None:
            values, last = tuple(value + share[0] for value in values), share[1]
    minus = find_minus(text, tokens, number.first, last, unit, lexicon)
    second = None if pair.second is None else _likeliest(pair.second, unit)[0]
    spots = [(tokens[number.first].start, tokens[number.last - 1].end)]
    if pair.second is not None:
        spots.append((tokens[pair.second.first].start, tokens[pair.second.last - 1].end))
    if minus is not None and minus.first >= free:
        values = tuple(-value for value in values)
        second = None if second is None else -second
        first, last = min(first, minus.first), minus.last
        spots[0] = (tokens[minus.first].start, spots[0][1])
    start, end = tokens[first].start, tokens[last - 1].end
    return Quantity(
        kind=_kind(number, pair, unit),
        value=_plain(values[0] * pair.first_times),
        upper=None if second is None else _plain(second),
        bound="exact" if pair.is_score else bound,
        unit=unit,
        counted=frozenset(),
        alternatives=() if second is not None else tuple(_plain(value) for value in values[1:]),
        step=_step(number),
        in_digits=number.in_digits,
        start=start,
        end=end,
        words=text[start:end],
        spots=tuple(spots),
    ), last


def _kind(number: Number, pair: Pair, unit: str | None) -> QuantityKind:
    if unit == "percent":
        return "percent"
    if unit is not None:
        return "money" if unit.isupper() else "measure"
    if pair.is_score:
        return "score"
    if number.is_label:
        return "label"
    if number.is_ordinal:
        return "ordinal"
    return "fraction" if number.is_fraction else "count"


def _is_period(tokens: Sequence[Token], number: Number, lexicon: NumberLexicon) -> bool:
    """Whether "quarter" or "half" is one of a year or a match: `second quarter`, `الربع الثاني`."""
    beside = [*tokens[max(0, number.first - 1) : number.first], *tokens[number.last : number.last + 1]]
    words = (lexicon.words.get(token.text) for token in beside)
    return any(word is not None and "ordinal" in word.roles for word in words)


def _is_century(
    tokens: Sequence[Token], number: Number, last: int, lexicon: NumberLexicon, centuries: frozenset[str]
) -> bool:
    """Whether a number is that of a century: `19th century`, `19-м веке`, `القرن التاسع عشر`, `המאה ה-19`."""
    if last < len(tokens) and tokens[last].text in centuries:
        return True
    at = number.first - 1
    while at > 0 and (tokens[at].text == "-" or tokens[at].text in lexicon.clitics):
        at -= 1
    return at >= 0 and tokens[at].text in centuries


def _likeliest(number: Number, unit: str | None) -> tuple[Decimal, ...]:
    """Order the readings of `12.345`, and drop those that cannot be meant.

    Where a language groups by the mark, people and things are whole: 12.345. A share is at most a hundred:
    99.999 % in Arabic is no ninety-nine thousand per cent.
    """
    values = number.values
    if unit == "percent":
        return tuple(sorted(values, key=lambda value: value > 100))
    if number.magnitude >= 1000:
        return tuple(sorted(values))  # 1.250 مليون
    if unit is None and len(values) > 1 and values[0] > values[1]:
        return values[:1]
    return values


def _step(number: Number) -> Decimal:
    """Give the worth of the last printed digit, from its decimals and the magnitude behind them."""
    exponent = number.values[0].as_tuple().exponent
    return (
        number.magnitude * Decimal(1).scaleb(exponent)
        if isinstance(exponent, int) and exponent < 0
        else number.magnitude
    )


def _plain(value: Decimal) -> Decimal:
    """Drop the zeros behind the decimal mark: 2500.0 and 2500 are one value with one spelling."""
    if value != value.to_integral_value():
        return value.normalize()
    # A number of more digits than the decimal context holds (28) cannot be rounded; no newsroom counts so far.
    return value.quantize(Decimal(1)) if value.adjusted() < getcontext().prec else value


def _is_article(tokens: Sequence[Token], number: Number, lexicon: NumberLexicon) -> bool:
    """Whether "one" or "a thousand" counts nothing here: nothing that is counted stands right beside it."""
    word = lexicon.words.get(tokens[number.first].text)
    if number.last - number.first > 1 or number.is_ordinal or word is None:
        return False
    if word.roles.get("magnitude") == _DOZEN:
        return False
    if "magnitude" in word.roles:  # a couple of thousand; ألف is "he composed" too
        return not any(lexicon.counted_by(token.text) for token in tokens[number.last : number.last + 2])
    is_definite = bool(word.clitic) and word.clitic.endswith(lexicon.article_clitics)
    if is_definite and number.values[0] == 1:
        return True  # the one
    before, after = tokens[max(0, number.first - 1) : number.first], tokens[number.last : number.last + 1]
    if number.values[0] != 1:  # השניים, "the two", are those whom the text has counted before
        refers_back = is_definite and number.values[0] <= _LARGEST_ANAPHOR
        return refers_back and not any(lexicon.counted_by(token.text) for token in (*before, *after))
    beside = before if lexicon.one_follows_noun else [*before, *after]
    return not any(lexicon.counted_by(token.text) for token in beside)


def _one_word_quantity(
    text: str, tokens: Sequence[Token], at: int, lexicon: NumberLexicon, centuries: frozenset[str]
) -> _Found | None:
    """Read two of something in one word (يومين, שנתיים), `трехдневный`, or a century in Roman digits."""
    word = tokens[at]
    is_tied = at > 1 and tokens[at - 1].text == "-" and tokens[at - 2].text not in lexicon.clitics  # רב-יומיים
    name = None if is_tied else lexicon.duals.get(word.text)
    compound = lexicon.split_compound(word.text) if name is None else None
    kind: QuantityKind = "measure"
    value, unit = Decimal(2), name
    concepts: frozenset[str] = frozenset()
    if compound is not None:
        value, unit = compound
        kind = "percent" if unit == "percent" else "measure"
    elif name is not None and name in lexicon.counted_concepts:
        kind, unit, concepts = "count", None, frozenset({name})
    elif name is None:
        if at + 1 == len(tokens) or tokens[at + 1].text not in centuries or not set(word.text) <= _ROMAN.keys():
            return None
        value, kind, unit = Decimal(_roman(word.text)), "ordinal", "century"
    last = at + 1
    if kind == "measure" and name is not None:
        share = read_fraction_behind(tokens, last, lexicon)  # שעתיים וחצי
        if share is not None:
            value, last = value + share[0], share[1]
    start, end = word.start, tokens[last - 1].end
    return _Found(Quantity(
        kind, value, None, "exact", unit, concepts, alternatives=(), step=Decimal(1), in_digits=False,
        start=start, end=end, words=text[start:end], spots=((start, end),),
    ), at, last)  # fmt: skip


def _roman(digits: str) -> int:
    values = [_ROMAN[digit] for digit in digits]
    return sum(
        -value if at + 1 < len(values) and value < values[at + 1] else value for at, value in enumerate(values)
    )
