"""Numbers that start with digits: `29th`, `25-тысячная`, `5bn`, `300 ألف`, `2 с половиной тысячи`, `2/3`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xsource.facts.quantities_lexicon import NumberLexicon
from xsource.facts.quantities_numerals import read_digits
from xsource.facts.quantities_tokens import Token

HALF = Decimal("0.5")


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


def touches(left: Token, right: Token) -> bool:
    """Whether nothing stands between two tokens."""
    return left.end == right.start


def read_digit_number(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> Number | int:
    """Read the number that starts with the digits at a token, or give the index behind what is none."""
    values = read_digits(tokens[at].text, lexicon.thousands)
    after = at + 1
    if not values:
        # A code: its other groups belong to it (`0800 555 111`, `1.2.3-4`).
        while after < len(tokens) and (
            (tokens[after].kind == "digits" and tokens[after].start - tokens[after - 1].end <= 1)
            or (tokens[after].text == "-" and touches(tokens[after - 1], tokens[after]))
        ):
            after += 1
        return after
    number = Number(values, at, after, in_digits=True, is_label=_names_a_thing(tokens, at, lexicon))
    if after + 1 < len(tokens) and tokens[after].text == "/" and tokens[after + 1].kind == "digits":
        return _read_fraction(tokens, number, lexicon)
    return _read_suffixes(tokens, number, lexicon)


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
    return before.text in lexicon.labels


def _read_fraction(tokens: Sequence[Token], number: Number, lexicon: NumberLexicon) -> Number | int:
    below = read_digits(tokens[number.last + 1].text, lexicon.thousands)
    after = number.last + 2
    if (
        below
        and 0 < number.values[0] < below[0] <= 20
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
    return _read_magnitudes(tokens, number._replace(last=after), lexicon)


def _read_magnitudes(tokens: Sequence[Token], number: Number, lexicon: NumberLexicon) -> Number:
    """Multiply by the magnitudes that follow digits, and add a half between them."""
    after, values, magnitude = number.last, number.values, Decimal(1)
    last = after - (tokens[after - 1].text == "-")
    while after < len(tokens) and not number.is_label:
        half_end = half_after(tokens, after, lexicon)
        if half_end is not None:
            values = tuple(value + HALF * magnitude for value in values)
            after = last = half_end
            continue
        if magnitude == 1:
            after = _pass_bound(tokens, after, lexicon)
        word = lexicon.words.get(tokens[after].text)
        if word is None or word.clitic or "magnitude" not in word.roles:
            break
        if tokens[after].text in lexicon.attached and not _is_attached_magnitude(
            tokens, number.first, after, lexicon
        ):
            break
        times = word.roles["magnitude"]
        if magnitude > 1 and times >= magnitude:
            break
        values = tuple(value * times for value in values)
        magnitude *= times
        after += 1
        last = after
    return number._replace(values=values, last=last, magnitude=magnitude)


def _pass_bound(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> int:
    """Pass over a bound that splits a number from its magnitude: `50 и более миллионов`, `$300+ billion`."""
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


def _is_attached_magnitude(tokens: Sequence[Token], first: int, at: int, lexicon: NumberLexicon) -> bool:
    """Whether a letter on digits multiplies: `$5m` is money in millions, `5 m` and `100m` are metres."""
    if not touches(tokens[at - 1], tokens[at]):
        return False
    is_money = first > 0 and lexicon.units.get(tokens[first - 1].text, "").isupper()
    return is_money or tokens[at].text not in lexicon.units


def half_after(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> int | None:
    """Give the index behind "and a half" (`с половиной`, `וחצי`, `ونصف`) at a token, or `None`."""
    word = lexicon.words.get(tokens[at].text)
    if word is not None and word.clitic and word.roles.get("fraction") == HALF:
        return at + 1
    if tokens[at].text in ("and", "с"):
        follow = at + 1
        if follow < len(tokens) and tokens[follow].text == "a":
            follow += 1
        if follow < len(tokens):
            word = lexicon.words.get(tokens[follow].text)
            if word is not None and word.roles.get("fraction") == HALF:
                return follow + 1
    return None
