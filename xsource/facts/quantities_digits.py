"""Digits and what is written onto them: `29th`, `25-тысячная`, `2/3`, `1980s`, and names as `Boeing 737`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xsource.facts.quantities_lexicon import NumberLexicon
from xsource.facts.quantities_numerals import read_digits
from xsource.facts.quantities_tokens import Token, touches

# Of fractions in digits; 9/11 and 24/7 are none.
_DENOMINATORS = frozenset(map(Decimal, (*range(2, 11), 12, 16, 20)))


class Number(NamedTuple):
    """A number in a text, without what it counts.

    Attributes:
        values: the likeliest reading first; never empty.
        first: index of its first token, a clitic written apart (`ב-7`) left out.
        last: index after its last token.
        is_ordinal: `29th`, `двадцать первый`.
        is_decade: `1980s`.
        is_fraction: `half`, `2/3`.
        in_digits: whether any part is written in digits.
        is_label: part of a name: `Boeing 737`.
        magnitude: what a magnitude word at its end multiplied it by, 1 without one.
    """

    values: tuple[Decimal, ...]
    first: int
    last: int
    is_ordinal: bool = False
    is_decade: bool = False
    is_fraction: bool = False
    in_digits: bool = False
    is_label: bool = False
    magnitude: Decimal = Decimal(1)

    @property
    def is_closed(self) -> bool:
        """Whether no magnitude and no smaller term can follow."""
        return self.is_ordinal or self.is_decade or self.is_fraction or self.is_label


def read_digit_base(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> Number | int:
    """Read the number that the digits at a token write, or give the index behind what is none.

    What is behind it may be a hyphen before a magnitude: `25-тысячная`.
    """
    if _is_glued(tokens, at, lexicon):
        return at + 1  # an identifier: علم24
    values = read_digits(tokens[at].text, lexicon.thousands)
    after = at + 1
    if not values:
        # A code: its other groups belong to it (`0800 555 111`, `1.2.3-4`).
        while after < len(tokens) and (
            (tokens[after].kind == "digits" and tokens[after].gap <= 1)
            or (tokens[after].text == "-" and touches(tokens[after - 1], tokens[after]))
        ):
            after += 1
        return after
    number = Number(values, at, after, in_digits=True, is_label=_names_a_thing(tokens, at, lexicon))
    if after + 1 < len(tokens) and tokens[after].text == "/" and tokens[after + 1].kind == "digits":
        return _read_fraction(tokens, number, lexicon)
    return _read_suffixes(tokens, number, lexicon)


def _is_glued(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> bool:
    """Whether letters that are no clitic are written onto the digits."""
    before = tokens[at - 1] if at else None
    return (
        before is not None
        and before.kind == "word"
        and touches(before, tokens[at])
        and before.text not in lexicon.clitics
    )


def _names_a_thing(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> bool:
    """Whether the token before makes the digits part of a name: `Covid-19`, `Boeing 737`."""
    if not at:
        return False
    before = tokens[at - 1]
    if before.text == "-" and touches(before, tokens[at]) and at > 1 and touches(tokens[at - 2], before):
        word = tokens[at - 2]
        return (
            word.kind == "word"
            and word.text not in lexicon.clitics
            and word.text not in lexicon.number_prefixes
        )
    if before.text == "." and at > 1 and touches(tokens[at - 2], before):
        before = tokens[at - 2]  # Hospital No. 5
    return before.text in lexicon.labels


def _read_fraction(tokens: Sequence[Token], number: Number, lexicon: NumberLexicon) -> Number | int:
    below = read_digits(tokens[number.last + 1].text, lexicon.thousands)
    after = number.last + 2
    if (
        below
        and 0 < number.values[0] < below[0] in _DENOMINATORS
        and not (after < len(tokens) and tokens[after].text == "/")
    ):
        return number._replace(
            values=((number.values[0] / below[0]).quantize(Decimal("1.0000000000")),),
            last=after,
            is_fraction=True,
        )
    return after


def _read_suffixes(tokens: Sequence[Token], number: Number, lexicon: NumberLexicon) -> Number | int:
    """Read on behind digits: `29th`, `25-тысячная`, `5bn`, `300 ألف`, `2 с половиной тысячи`."""
    after = number.last
    if after < len(tokens):
        hyphenated = (
            tokens[after].text == "-"
            and touches(tokens[after - 1], tokens[after])
            and after + 1 < len(tokens)
            and tokens[after + 1].kind == "word"
            and touches(tokens[after], tokens[after + 1])
        )
        suffix = tokens[after + hyphenated]
        attached = hyphenated or (suffix.kind == "word" and touches(tokens[after - 1], suffix))
        if attached:
            if suffix.text in lexicon.decade_suffixes and not number.values[0] % 10 and number.values[0]:
                return number._replace(last=after + 1 + hyphenated, is_decade=True)
            if suffix.text in lexicon.ordinal_suffixes:
                return number._replace(last=after + 1 + hyphenated, is_ordinal=True)
            word = lexicon.words.get(suffix.text)
            known = (
                (word is not None and "magnitude" in word.roles)
                or suffix.text in lexicon.unit_starts
                or suffix.text in lexicon.half_days
            )
            if not known and not hyphenated:
                return after + 1  # an identifier: 3D, 5G
            if hyphenated and known:
                after += 1
    return number._replace(last=after)


def pass_bound(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> int:
    """Pass over a bound that splits a number from its magnitude: `50 и более миллионов`, `$300+ billion`."""
    if at >= len(tokens):
        return at
    ends = [at + 1] if tokens[at].text == "+" and touches(tokens[at - 1], tokens[at]) else []
    ends += [
        at + words
        for words in (2, 3)
        if " ".join(token.text for token in tokens[at : at + words]) in lexicon.bounds_after
    ]
    for end in ends:
        word = lexicon.words.get(tokens[end].text) if end < len(tokens) else None
        if word is not None and "magnitude" in word.roles:
            return end
    return at


def is_attached_magnitude(tokens: Sequence[Token], first: int, at: int, lexicon: NumberLexicon) -> bool:
    """Whether a letter on digits multiplies: `$5m` and `5m people` do, `5 m` and `100m` are metres."""
    if not touches(tokens[at - 1], tokens[at]):
        return False
    is_money = first > 0 and lexicon.units.get(tokens[first - 1].text, "").isupper()
    counts = at + 1 < len(tokens) and bool(lexicon.counted_by(tokens[at + 1].text))
    return is_money or counts or tokens[at].text not in lexicon.units
