"""The grammar of number words: from a token on, the longest number that stands there."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xsource.facts.quantities_digits import HALF, Number, half_after, read_digit_number, touches
from xsource.facts.quantities_lexicon import NumberLexicon, NumberWord
from xsource.facts.quantities_tokens import Token

__all__ = ["Number", "read_number", "touches"]

_THOUSAND = Decimal(1000)


def read_number(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> Number | int:
    """Read the number that starts at a token.

    Returns:
        The number, or where there is none the index of the next token to look at: what was read over (`1.2.3`,
        "tens of thousands") must not be read again from its middle.
    """
    token = tokens[at]
    if token.kind == "digits":
        return read_digit_number(tokens, at, lexicon)
    if token.kind == "word" and token.text in lexicon.words:
        return _read_word_number(tokens, at, lexicon)
    return at + 1


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
        elif self.words == 1 and self.current is not None and 1 < self.current < 10 and fraction != HALF:
            self.current *= fraction
        else:
            return False
        self.is_fraction = True
        return True

    def add_half(self) -> None:
        if self.current is None:
            self.total += HALF * self.scale
        else:
            self.current += HALF

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
    if tokens[at].text in lexicon.attached or _is_half_of_a_word(tokens, at, lexicon):
        return at + 1
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
            half_end = half_after(tokens, after, lexicon)
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
        halves = total.is_fraction and word is not None and "magnitude" in word.roles  # نصف المليون
        if word is None or (total.words and word.clitic and not joined and not halves):
            break
        if (joined or follow > after) and total.words and _starts_anew(tokens, follow, total.scale, lexicon):
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


def _is_half_of_a_word(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> bool:
    """Whether a hyphen ties a number word to a word before it: רב-יומיים, `multi-million`."""
    if at < 2 or tokens[at - 1].text != "-" or tokens[at - 2].kind != "word":
        return False
    tied = touches(tokens[at - 2], tokens[at - 1]) and touches(tokens[at - 1], tokens[at])
    before = tokens[at - 2].text
    return tied and not (
        before in lexicon.clitics or before in lexicon.words or before in lexicon.number_prefixes
    )


def _starts_anew(tokens: Sequence[Token], at: int, scale: Decimal, lexicon: NumberLexicon) -> bool:
    """Whether a joined number has a magnitude as great as what stands before it: بين مليوني وثلاثة ملايين."""
    if at + 1 >= len(tokens):
        return False
    follow = lexicon.words.get(tokens[at + 1].text)
    return (
        follow is not None
        and not follow.clitic
        and follow.roles.get("magnitude", Decimal(0)) >= min(scale, Decimal(1_000_000))
    )
