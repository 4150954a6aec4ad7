"""The grammar of numbers: from a token on, the longest number that stands there, in words, digits or both.

A number is a sum of terms with ever smaller magnitudes (`two million | three hundred thousand | five`). A term
is a group below a thousand, or digits, and the magnitudes behind it. A group is hundreds and what is below a
hundred. Languages differ in the words, in how the parts are joined and in whether the units come before the
tens; all of that stands in their tables, so that what the grammar can write it can read.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from xsource.facts.quantities_digits import (
    Number,
    is_attached_magnitude,
    pass_bound,
    read_digit_base,
)
from xsource.facts.quantities_lexicon import NumberLexicon, NumberWord
from xsource.facts.quantities_tokens import Token, touches

__all__ = ["Number", "read_fraction_behind", "read_number"]

_HUNDRED, _THOUSAND = Decimal(100), Decimal(1000)
_ENDLESS = Decimal("Infinity")
# A whole number of a fraction is small: three quarters, seven tenths, ninety-five hundredths.
_LARGEST_NUMERATOR = 99
# Digits of one number are written out; a run of them longer than this is no decimal fraction.
_MOST_DECIMALS = 6
_LONGEST_ABBREVIATION = 4

LinkKind = Literal["plain", "hyphen", "joined", "comma"]


class _Link(NamedTuple):
    """Where a number may go on, and how that word hangs on what stands before it."""

    at: int
    kind: LinkKind


class _Part(NamedTuple):
    """A piece of a number that was read: its value and the index behind it."""

    value: Decimal
    last: int
    is_ordinal: bool = False
    magnitude: Decimal = Decimal(1)
    is_fraction: bool = False
    is_vague: bool = False


def read_number(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> Number | int:
    """Read the number that starts at a token.

    Returns:
        The number, or where there is none the index of the next token to look at: what was read over (`1.2.3`,
        "tens of thousands") must not be read again from its middle.
    """
    return _Reader(tokens, lexicon).number(at)


def read_fraction_behind(
    tokens: Sequence[Token], at: int, lexicon: NumberLexicon
) -> tuple[Decimal, int] | None:
    """Read "and a half", `с половиной`, `וחצי`, `وربع` at a token: the share and the index behind it."""
    return _Reader(tokens, lexicon).share_behind(at)


class _Reader:
    def __init__(self, tokens: Sequence[Token], lexicon: NumberLexicon) -> None:
        self.tokens = tokens
        self.lexicon = lexicon

    def number(self, at: int) -> Number | int:
        """Read a number, or give the index of the next token to look at."""
        token = self.tokens[at]
        if token.kind == "digits":
            first = self._digits(at)
            if isinstance(first, int) or first.is_closed:
                return first
            return self._go_on(first)
        if self._word(at) is None or token.text in self.lexicon.attached or self._is_half_of_a_word(at):
            return at + 1
        term = self._term(at)
        if term is None:
            return at + 1
        if term.is_vague or self._is_vague_before(at, term):
            return term.last
        return self._go_on(
            Number(
                (term.value,), at, term.last, term.is_ordinal, is_fraction=term.is_fraction,
                magnitude=term.magnitude,
            )
        )  # fmt: skip

    def _digits(self, at: int) -> Number | int:
        """Read digits with the magnitudes behind them: `5bn`, `300 ألف`, `2 с половиной тысячи`."""
        number = read_digit_base(self.tokens, at, self.lexicon)
        if isinstance(number, int) or number.is_closed:
            return number
        values, last, magnitude = number.values, number.last, Decimal(1)
        if self.tokens[last - 1].text == "-":  # 25-тысячная
            number = number._replace(last=last - 1)
        share = self.share_behind(last)
        if share is not None and self._magnitude(share[1]) is not None:
            values, last = tuple(value + share[0] for value in values), share[1]
        else:
            last = pass_bound(self.tokens, last, self.lexicon)
        while last < len(self.tokens):
            times = self._digit_magnitude(number.first, last)
            if times is None or times <= magnitude:
                break
            values, magnitude = tuple(value * times for value in values), magnitude * times
            number = number._replace(last=last + 1)
            last += 1
        return number._replace(values=values, magnitude=magnitude)

    def _digit_magnitude(self, first: int, at: int) -> Decimal | None:
        word = self._word(at)
        times = None if word is None or word.clitic else word.roles.get("magnitude")
        if times is None or (
            self.tokens[at].text in self.lexicon.attached
            and not is_attached_magnitude(self.tokens, first, at, self.lexicon)
        ):
            return None
        return times

    def share_behind(self, at: int) -> tuple[Decimal, int] | None:
        """Read a share that is added to what stands before a token."""
        if at >= len(self.tokens):
            return None
        starts = [
            at + len(words)
            for words in self.lexicon.fraction_joiners
            if tuple(token.text for token in self.tokens[at : at + len(words)]) == words
        ]
        word = self._word(at)
        if word is not None and self._joins(word):
            starts.append(at)
        for start in sorted(starts, reverse=True):
            share = self._share(start)
            if share is not None:
                return share
        return None

    def _go_on(self, number: Number) -> Number:
        """Add the shares and the smaller terms that follow the first term of a number."""
        if number.is_ordinal or number.is_fraction:
            return number
        values, last, scale, in_digits = number.values, number.last, number.magnitude, number.in_digits
        magnitude, is_ordinal = number.magnitude, False
        while True:
            share = self.share_behind(last)
            if share is not None and (scale > 1 or magnitude == 1):
                values = tuple(value + share[0] * magnitude for value in values)
                last = self._repeated_magnitude(share[1], magnitude)
                continue
            if scale == 1:
                break
            link = self._link(last)
            if link is None or (link.kind == "comma" and in_digits):
                break
            term = self._next_term(link, scale, in_digits=in_digits)
            if term is None:
                break
            values = (values[0] + term.value,)
            last, scale, magnitude = term.last, term.magnitude, term.magnitude
            in_digits = in_digits or self.tokens[link.at].kind == "digits"
            is_ordinal = term.is_ordinal
            if is_ordinal:
                break
        return number._replace(
            values=values, last=last, magnitude=magnitude, in_digits=in_digits, is_ordinal=is_ordinal
        )

    def _next_term(self, link: _Link, scale: Decimal, *, in_digits: bool) -> _Part | None:
        """Read a term below a scale: `250 тысяч` behind four million, `وخمسمائة` behind two thousand."""
        token = self.tokens[link.at]
        if token.kind == "digits":
            first = self._digits(link.at)
            if isinstance(first, int) or first.is_closed or first.is_label:
                return None
            value = first.values[0]
            is_short = len(token.text) <= 3 or not token.text.isdecimal()
            is_written_so = in_digits or link.kind == "joined" or first.magnitude > 1
            whole = value == value.to_integral_value() and token.text[0] != "0"
            if value >= scale or not (whole and is_short and is_written_so) or link.kind == "comma":
                return None
            return _Part(value, first.last, magnitude=first.magnitude)
        if token.text in self.lexicon.attached:
            return None
        term = self._term(link.at)
        if term is None or term.value >= scale or term.magnitude >= scale or term.is_fraction:
            return None
        if link.kind == "comma" and term.value < _HUNDRED:
            return None  # two thousand, five of them
        return term

    def _term(self, at: int) -> _Part | None:
        """Read a group of words and its magnitudes: "three hundred and fifty million", `مليونان`, `полтора`."""
        word = self._word(at)
        if word is None:
            return None
        if "mixed" in word.roles:
            return self._multiply(_Part(word.roles["mixed"], at + 1))
        cardinal = word.roles.get("cardinal")
        if cardinal is not None and cardinal >= _THOUSAND and not self._is_one_of_it(at, word):
            # A dual: ألفان, אלפיים
            return _Part(cardinal, at + 1, magnitude=_power_of_thousand(cardinal))
        times = word.roles.get("magnitude", Decimal(0))
        if times >= _THOUSAND:
            is_vague = self.tokens[at].text in self.lexicon.vague
            return self._multiply(_Part(times, at + 1, magnitude=times, is_vague=is_vague))
        group = self._group(at)
        if group is None:
            share = self._share(at)
            return None if share is None else self._share_of(*share)
        share = self._numerator_of(group)
        if share is not None:
            return self._share_of(*share)
        if group.is_ordinal:
            return group
        return self._multiply(self._decimals(group))

    def _is_one_of_it(self, at: int, word: NumberWord) -> bool:
        """Whether `ألفا`, two thousand before its noun, is a thousand: nothing, or more of it, follows.

        `ألفا شخص` are two thousand people, `ألفاً وأربعمئة` a thousand and four hundred: the marks above are
        seldom written.
        """
        if "magnitude" not in word.roles:
            return False
        if at + 1 >= len(self.tokens) or self.tokens[at + 1].kind != "word":
            return True
        behind = self._word(at + 1)
        return behind is not None and self._joins(behind)

    def _multiply(self, part: _Part) -> _Part:
        """Take the magnitudes behind a group, and a share before them: two and a half million."""
        share = self.share_behind(part.last)
        if share is not None and part.magnitude == 1:
            link = self._link(share[1])
            if link is not None and link.kind in ("plain", "hyphen") and self._magnitude(link.at) is not None:
                part = part._replace(value=part.value + share[0], last=share[1])
        value, last, magnitude = part.value, part.last, part.magnitude
        while (link := self._link(last)) is not None and link.kind in ("plain", "hyphen"):
            times = self._magnitude(link.at)
            if times is None or times <= magnitude:
                break
            value, last, magnitude = value * times, link.at + 1, magnitude * times
        return part._replace(value=value, last=last, magnitude=magnitude)

    def _magnitude(self, at: int) -> Decimal | None:
        """Give the thousand, million or more that the word at a token multiplies by."""
        word = self._word(at)
        if word is None or word.clitic or self.tokens[at].text in self.lexicon.attached:
            return None
        times = word.roles.get("magnitude")
        return times if times is not None and times >= _THOUSAND else None

    def _repeated_magnitude(self, at: int, magnitude: Decimal) -> int:
        """Pass over the magnitude that a share is of: ثلاثة ملايين ونصف المليون."""
        word = self._word(at)
        is_same = word is not None and magnitude > 1 and word.roles.get("magnitude") == magnitude
        return at + 1 if is_same else at

    def _group(self, at: int) -> _Part | None:
        """Read a number from 0 to 999, or a few dozens."""
        word = self._word(at)
        if word is None:
            return None
        text = self.tokens[at].text
        cardinal, times = word.roles.get("cardinal"), word.roles.get("magnitude")
        if cardinal is not None and cardinal >= _HUNDRED:
            hundreds = _Part(cardinal, at + 1)
        elif times is not None and times < _THOUSAND and cardinal is None:
            if times != _HUNDRED:
                return _Part(times, at + 1, is_vague=text in self.lexicon.vague)
            hundreds = _Part(times, at + 1, is_vague=text in self.lexicon.vague)
        else:
            low = self._below_hundred(at)
            if low is None:
                return self._hundredth(at, word)
            small = None if low.is_ordinal or not low.value else self._small_magnitude(low.last)
            if small is None:
                return low
            hundreds = _Part(low.value * small, low.last + 1 + (self.tokens[low.last].text == "-"))
            if small != _HUNDRED:
                return hundreds
        link = self._link(hundreds.last)
        if link is None or link.kind == "comma" or self.tokens[link.at].kind == "digits":
            return hundreds
        rest = self._below_hundred(link.at)
        if rest is None or not rest.value or self._small_magnitude(rest.last) is not None:
            return hundreds
        return rest._replace(value=hundreds.value + rest.value)

    def _hundredth(self, at: int, word: NumberWord) -> _Part | None:
        value = word.roles.get("ordinal")
        return None if value is None or value < _HUNDRED else _Part(value, at + 1, is_ordinal=True)

    def _small_magnitude(self, at: int) -> Decimal | None:
        """Give the hundred or the dozen that the word behind a number below a hundred multiplies by."""
        link = self._link(at)
        if link is None or link.kind not in ("plain", "hyphen"):
            return None
        word = self._word(link.at)
        times = None if word is None or word.clitic else word.roles.get("magnitude")
        return times if times is not None and times < _THOUSAND else None

    def _below_hundred(self, at: int) -> _Part | None:
        """Read a number from 0 to 99: `twenty-five`, `خمسة وعشرون`, `שתים עשרה`, `двадцать первый`."""
        word = self._word(at)
        if word is None:
            return None
        teen_unit = self.lexicon.teen_units.get(self.tokens[at].text)
        value, is_ordinal = _small_value(word)
        if teen_unit is not None:
            teen = self._teen_suffix(at + 1)
            return None if teen is None else _Part(teen_unit + 10, teen)
        if value is None or value >= _HUNDRED:
            return None
        if 1 <= value <= 9:
            teen = self._teen_suffix(at + 1)
            if teen is not None:
                return _Part(value + 10, teen, is_ordinal)
            link = self._link(at + 1)
            if self.lexicon.units_first and link is not None and link.kind == "joined":
                tens, tens_ordinal = _small_value(self._word(link.at))
                if tens is not None and 20 <= tens <= 90 and not tens % 10:
                    return _Part(value + tens, link.at + 1, is_ordinal or tens_ordinal)
            return _Part(value, at + 1, is_ordinal)
        if 20 <= value <= 90 and not value % 10 and not is_ordinal:
            return self._units_behind(_Part(value, at + 1))
        return _Part(value, at + 1, is_ordinal)

    def _units_behind(self, tens: _Part) -> _Part:
        link = self._link(tens.last)
        joins = link is not None and (
            link.kind == "joined" if self.lexicon.joins_units else link.kind in ("plain", "hyphen")
        )
        if link is None or not joins or self.tokens[link.at].text in self.lexicon.teen_units:
            return tens
        units, is_ordinal = _small_value(self._word(link.at))
        follows = units is not None and 1 <= units <= 9
        if (
            units is None
            or not follows
            or self._teen_suffix(link.at + 1) is not None
            or self._small_magnitude(link.at + 1) is not None
        ):
            return tens
        return _Part(tens.value + units, link.at + 1, is_ordinal)

    def _teen_suffix(self, at: int) -> int | None:
        """Give the index behind the second half of 11 to 19: `עשר`, `عشرة`."""
        if not self.lexicon.teens:
            return None
        link = self._link(at)
        if link is None or link.kind not in ("plain", "hyphen"):
            return None
        return link.at + 1 if self.tokens[link.at].text in self.lexicon.teens else None

    def _decimals(self, group: _Part) -> _Part:
        """Read decimals in words: "three point one four", `שלוש נקודה חמש`."""
        at = group.last
        if at >= len(self.tokens) or self.tokens[at].text not in self.lexicon.points:
            return group
        at += 1
        digits = ""
        while at < len(self.tokens) and len(digits) < _MOST_DECIMALS:
            word = self._word(at)
            value = None if word is None or word.clitic else word.roles.get("cardinal")
            if value is None or value > 9:
                break
            digits += str(value)
            at += 1
        return group._replace(value=group.value + Decimal(f"0.{digits}"), last=at) if digits else group

    def _share(self, at: int) -> tuple[Decimal, int] | None:
        """Read a share at a token: "half", `ثلثي`, "three quarters", `пять десятых`."""
        word = self._word(at)
        if word is None:
            return None
        numerator = self._below_hundred(at)
        if numerator is not None and not numerator.is_ordinal:
            return self._numerator_of(numerator)
        share = word.roles.get("fraction")
        return None if share is None or "ordinal" in word.roles else (share, at + 1)

    def _numerator_of(self, group: _Part) -> tuple[Decimal, int] | None:
        """Read what a group is so many of: two *thirds*, `שלושה` *רבעים*."""
        if group.is_ordinal or not 1 <= group.value <= _LARGEST_NUMERATOR or group.last >= len(self.tokens):
            return None
        link = self._link(group.last)
        if link is None or link.kind not in ("plain", "hyphen"):
            return None
        word = self._word(link.at)
        share = None if word is None or word.clitic else word.roles.get("part", word.roles.get("fraction"))
        if share is None or group.value * share > 10:
            return None
        behind = link.at + 1
        if (
            behind < len(self.tokens)
            and self.tokens[behind].text == "-"
            and touches(self.tokens[link.at], self.tokens[behind])
        ):
            return None  # two third-placed teams
        return group.value * share, behind

    def _share_of(self, share: Decimal, last: int) -> _Part:
        """Multiply a share by the magnitude that it is of: half a million, `ربع مليون`, `נصف المليون`."""
        at = last
        for words in self.lexicon.of_magnitude:
            if tuple(token.text for token in self.tokens[at : at + len(words)]) == words:
                at += len(words)
                break
        word = self._word(at)
        times = Decimal(0) if word is None else word.roles.get("magnitude", Decimal(0))
        if word is None or times < _THOUSAND or (word.clitic and self._joins(word)):
            return _Part(share, last, is_fraction=share < 1)
        return _Part(_rounded(share * times), at + 1, magnitude=times)

    def _link(self, after: int) -> _Link | None:
        """Find the word or digits with which a number may go on behind a token."""
        tokens = self.tokens
        if after >= len(tokens):
            return None
        at, kind = after, "plain"
        token = tokens[at]
        if token.text == "." and self._is_abbreviation(after - 1) and touches(tokens[after - 1], token):
            at += 1
        elif token.text == "-":
            if not (
                after + 1 < len(tokens)
                and touches(tokens[after - 1], token)
                and touches(token, tokens[after + 1])
                and tokens[after + 1].kind == "word"
            ):
                return None
            at, kind = at + 1, "hyphen"
        elif token.text == ",":
            if not self.lexicon.comma_between_terms:
                return None
            at, kind = at + 1, "comma"
        if at < len(tokens) and tokens[at].text in self.lexicon.joiners:
            at, kind = at + 1, "joined"
            if at < len(tokens) and tokens[at].text == "-" and touches(tokens[at - 1], tokens[at]):
                at += 1  # ו-250
        if at >= len(tokens):
            return None
        if tokens[at].kind == "digits":
            return _Link(at, kind)  # type: ignore[arg-type]  # one of the literals above
        word = self._word(at)
        if word is None:
            return None
        if word.clitic:
            if not self._joins(word):
                return None
            kind = "joined"
        return _Link(at, kind)  # type: ignore[arg-type]  # as above

    def _is_abbreviation(self, at: int) -> bool:
        """Whether a magnitude is cut short, so that the full stop behind it ends nothing: тыс., млн."""
        text = self.tokens[at].text
        return len(text) <= _LONGEST_ABBREVIATION and text in self.lexicon.abbreviations

    def _joins(self, word: NumberWord) -> bool:
        return bool(word.clitic) and word.clitic[0] in self.lexicon.joining_clitics

    def _word(self, at: int) -> NumberWord | None:
        return self.lexicon.words.get(self.tokens[at].text) if at < len(self.tokens) else None

    def _is_vague_before(self, at: int, term: _Part) -> bool:
        """Whether "several" or "a few" stands before a bare magnitude: несколько тысяч, כמה מאות."""
        if term.value != term.magnitude and term.value != _HUNDRED:
            return False
        before = [token.text for token in self.tokens[max(0, at - 2) : at]]
        return any(" ".join(before[start:]) in self.lexicon.vague_before for start in range(len(before)))

    def _is_half_of_a_word(self, at: int) -> bool:
        """Whether a hyphen ties a number word to a word before it: רב-יומיים, `multi-million`."""
        tokens, lexicon = self.tokens, self.lexicon
        if at < 2 or tokens[at - 1].text != "-" or tokens[at - 2].kind != "word":
            return False
        tied = touches(tokens[at - 2], tokens[at - 1]) and touches(tokens[at - 1], tokens[at])
        before = tokens[at - 2].text
        return tied and not (
            before in lexicon.clitics or before in lexicon.words or before in lexicon.number_prefixes
        )


def _small_value(word: NumberWord | None) -> tuple[Decimal | None, bool]:
    """Give what a word is worth below a hundred, and whether as an ordinal."""
    if word is None:
        return None, False
    value = word.roles.get("cardinal")
    if value is not None:
        return (value, False) if value < _HUNDRED else (None, False)
    value = word.roles.get("ordinal")
    return (value, True) if value is not None and value < _HUNDRED else (None, False)


def _power_of_thousand(value: Decimal) -> Decimal:
    power = _THOUSAND
    while power * _THOUSAND <= value:
        power *= _THOUSAND
    return power


def _rounded(value: Decimal) -> Decimal:
    """Round what a third of a million makes to whole units."""
    return value.quantize(Decimal(1)) if value.adjusted() >= 3 else value
