"""Two numbers that are one quantity: `20-25`, `от 20 до 25`, `between five and ten million`, a score of 3-1."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xsource.facts.quantities_grammar import Number, read_number
from xsource.facts.quantities_lexicon import NumberLexicon
from xsource.facts.quantities_tokens import Token, touches


class Pair(NamedTuple):
    """A number and, where it is the first of two, the second.

    Attributes:
        first: the number that was read.
        second: the other, or `None`.
        last: index after the last token of the second, or of the first.
        is_score: 3-1 rather than 1-3: joined by a dash or colon and not rising.
        first_times: what the first is multiplied by because the second has it: 5 to 10 million.
    """

    first: Number
    second: Number | None
    last: int
    is_score: bool = False
    first_times: Decimal = Decimal(1)


def join_range(tokens: Sequence[Token], number: Number, calendar: set[int], lexicon: NumberLexicon) -> Pair:
    """Look behind a number for the second of a range or a score."""
    alone = Pair(number, None, number.last)
    at = number.last
    unit_free = at
    if at < len(tokens) and tokens[at].text in ("%", "$", "°"):
        unit_free = at + 1  # 5% to 10%
    at = unit_free
    if at + 1 >= len(tokens):
        return alone
    mark = tokens[at].text
    if mark == "-" and at + 2 < len(tokens) and tokens[at + 1].text in lexicon.range_joiners:
        at, mark = at + 1, tokens[at + 1].text  # 18- to 29-year-olds
    is_dash = mark in ("-", ":", "—")
    if is_dash:
        if mark != "-" and not (touches(tokens[at - 1], tokens[at]) and touches(tokens[at], tokens[at + 1])):
            return alone
        follow = at + 1
    elif mark in lexicon.range_joiners and (mark not in _ALSO_AND or _is_opened(tokens, number.first, lexicon)):
        follow = at + 1
    elif _joining_clitic(tokens, at, lexicon) and _is_opened(tokens, number.first, lexicon):
        follow = at
    else:
        return alone
    # A clitic written apart, with its hyphen: בין 18 ל-29.
    for _ in range(2):
        if follow + 1 < len(tokens) and (
            tokens[follow].text in lexicon.clitics or (tokens[follow].text in "-$€£" and follow > at)
        ):
            follow += 1
    if follow >= len(tokens) or follow in calendar:
        return alone
    second = read_number(tokens, follow, lexicon)
    if isinstance(second, int) or second.is_ordinal or second.is_decade or second.is_fraction:
        return alone
    if not is_dash and second.in_digits != number.in_digits and second.values[0] < 10:
        return alone
    low, high = number.values[0], second.values[0]
    times = Decimal(1)
    if number.magnitude == 1 and second.magnitude > 1 and low < high / second.magnitude:
        times = second.magnitude
    elif not (number.in_digits or second.in_digits) and low < 10 and high < 1000 and not high % 100:
        times = Decimal(100)  # between two and three hundred
    rises = low * times < high
    if not rises and not is_dash:
        return alone
    if is_dash and not (number.in_digits and second.in_digits):
        return alone if not rises else Pair(number, second, second.last, first_times=times)
    return Pair(number, second, second.last, is_score=not rises or mark == ":", first_times=times)


# They join two bounds only after an opener: "between 5 and 6", and not "5 and 6".
_ALSO_AND = frozenset({"and", "и", "و", "ו", "ל", "through"})


def _joining_clitic(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> bool:
    token = tokens[at]
    if token.text in lexicon.clitics:
        return token.text[0] in "ולو"
    word = lexicon.words.get(token.text)
    return word is not None and word.clitic in ("ו", "ל", "و")


def _is_opened(tokens: Sequence[Token], first: int, lexicon: NumberLexicon) -> bool:
    return any(token.text in lexicon.range_openers for token in tokens[max(0, first - 4) : first])
