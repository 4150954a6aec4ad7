"""The grammar of number words: from a token on, the longest number that stands there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xsource.facts.quantities_lexicon import NumberLexicon, NumberWord
from xsource.facts.quantities_numerals import read_digits
from xsource.facts.quantities_tokens import Token

_HALF = Decimal("0.5")
_THOUSAND = Decimal(1000)


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


def read_number(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> Number | int:
    """Read the number that starts at a token.

    Returns:
        The number, or where there is none the index of the next token to look at: what was read over (`1.2.3`,
        "tens of thousands") must not be read again from its middle.
    """
    token = tokens[at]
    if token.kind == "digits":
        return _read_digit_number(tokens, at, lexicon)
    if token.kind == "word" and token.text in lexicon.words:
        return _read_word_number(tokens, at, lexicon)
    return at + 1


def _read_digit_number(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> Number | int:
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
        half_end = _half_after(tokens, after, lexicon)
        if half_end is not None:
            values = tuple(value + _HALF * magnitude for value in values)
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


def _half_after(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> int | None:
    """Give the index behind "and a half" (`с половиной`, `וחצי`, `ونصف`) at a token, or `None`."""
    word = lexicon.words.get(tokens[at].text)
    if word is not None and word.clitic and word.roles.get("fraction") == _HALF:
        return at + 1
    if tokens[at].text in ("and", "с"):
        follow = at + 1
        if follow < len(tokens) and tokens[follow].text == "a":
            follow += 1
        if follow < len(tokens):
            word = lexicon.words.get(tokens[follow].text)
            if word is not None and word.roles.get("fraction") == _HALF:
                return follow + 1
    return None


class _Sum:
    """A number while its words are read: what is multiplied out, and what stands below the next magnitude."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.current: Decimal | None = None
        self.scale = Decimal("Infinity")
        self.is_ordinal = False
        self.is_fraction = False
        self.is_vague = False
        self.words = 0

    @property
    def value(self) -> Decimal:
        return self.total + (self.current or 0)

    def add(self, word: NumberWord, text: str, lexicon: NumberLexicon, *, joined: bool) -> bool:
        """Take one more word in; false when it does not go on with this number."""
        roles = word.roles
        # In Arabic the ordinal units come first: الرابعة والثلاثين, التاسع عشر.
        if self.is_ordinal and not (lexicon.units_first and (joined or text in lexicon.teens)):
            return False
        if "mixed" in roles:
            return self._start(roles["mixed"])
        if "magnitude" in roles and (self.words or "cardinal" not in roles):
            if self._multiply(roles["magnitude"], text, lexicon):
                return True
            if "cardinal" not in roles:
                return False
        for role in ("cardinal", "ordinal"):
            if role in roles and self._add_below(roles[role], text, lexicon, joined=joined):
                self.is_ordinal = self.is_ordinal or role == "ordinal"
                return True
        if "fraction" in roles:
            return self._add_fraction(roles["fraction"])
        return False

    def _add_fraction(self, fraction: Decimal) -> bool:
        """Take "a third" or, after a number, "two thirds"."""
        if not self.words:
            self.current = fraction
        elif self.words == 1 and self.current is not None and 1 < self.current < 10 and fraction != _HALF:
            self.current *= fraction
        else:
            return False
        self.is_fraction = True
        return True

    def add_half(self) -> None:
        if self.current is None:
            self.total += _HALF * self.scale
        else:
            self.current += _HALF

    def _start(self, value: Decimal) -> bool:
        if self.words:
            return False
        self.current = value
        return True

    def _multiply(self, times: Decimal, text: str, lexicon: NumberLexicon) -> bool:
        if not self.words and text in lexicon.vague:
            self.is_vague = True
        if times < _THOUSAND:
            if self.current is None:
                self.current = times
            elif self.current < (10 if times == 100 else 100):
                self.current *= times
            else:
                return False
            return True
        if times >= self.scale or (self.words and self.current is None):
            return False
        self.total += (1 if self.current is None else self.current) * times
        self.current = None
        self.scale = times
        return True

    def _add_below(self, value: Decimal, text: str, lexicon: NumberLexicon, *, joined: bool) -> bool:
        """Add a cardinal or ordinal below the last magnitude, where the language's order allows it."""
        if self.current is None:
            if value >= self.scale or (self.total and not value):
                return False
            self.current = value
            return True
        ones, tens = self.current % 10, self.current % 100
        fits = (
            (20 <= tens <= 90 and not ones and 1 <= value < 10)
            or (lexicon.units_first and joined and 1 <= tens <= 9 and 20 <= value <= 90)
            or (text in lexicon.teens and 1 <= tens <= 9)
            or (self.current >= 100 and not tens and 0 < value < 100)
            or (self.current >= _THOUSAND and not self.current % _THOUSAND and value < _THOUSAND)
        )
        if fits:
            self.current += value
        return fits


def _read_word_number(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> Number | int:
    total = _Sum()
    total.is_vague = at > 0 and tokens[at - 1].text in lexicon.vague and tokens[at].text in lexicon.vague
    after = at
    while after < len(tokens):
        token = tokens[after]
        if token.text == "-" and total.words and after + 1 < len(tokens):
            joint = touches(tokens[after - 1], token) and touches(token, tokens[after + 1])
            if joint and tokens[after + 1].text in lexicon.words:
                after += 1
                continue
            break
        if total.words:
            half_end = _half_after(tokens, after, lexicon)
            if half_end is not None:
                total.add_half()
                after = half_end
                continue
        follow = after
        if total.words and token.text in lexicon.joiners and follow + 1 < len(tokens):
            if total.value < 100:
                break  # "five and six" are two numbers
            follow += 1
        elif total.is_fraction and token.text == "a" and follow + 1 < len(tokens):
            follow += 1  # half a million
        word = lexicon.words.get(tokens[follow].text)
        joined = word is not None and word.clitic[:1] in ("ו", "و")
        if word is None or (total.words and word.clitic and not joined):
            break
        if joined and total.words and "magnitude" in word.roles and "cardinal" not in word.roles:
            break  # "... and a million" begins anew
        if not total.add(word, tokens[follow].text, lexicon, joined=joined or follow > after):
            break
        total.words += 1
        after = follow + 1
    if not total.words:
        return at + 1
    if total.is_vague:
        return after
    if total.is_fraction and total.value >= 1:
        total.is_fraction = False
    magnitude = total.scale if total.scale.is_finite() and total.current is None else Decimal(1)
    return Number(
        (total.value,), at, after, total.is_ordinal, is_fraction=total.is_fraction, magnitude=magnitude
    )
