"""Numbers that a translator reads and the grammar of quantities does not, for the guard alone.

They only add readings to a text: a number found here need not have its like on the other side, but may be
the like of one that is printed there. `1980s` for `الثمانينيات`, `15th` for `XV-м`, `150th` for
`стопятидесятилетие`, `90 minutes` for `שעה וחצי`, `27 °` for `80 degrees`; and `0230 UTC` is a time of day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from xsource.facts.quantities import quantities


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as it stands in a text.

    Attributes:
        words: as printed.
        readings: the values that it may be; a time of day is minutes since midnight, below zero and less one.
        in_digits: whether it has to be found on the other side. Words such as "one" are often no number.
        value: its likeliest value, in `unit`.
        unit: as `Quantity.unit`.
        is_clock: whether it is surely a time of day.
    """

    words: str
    readings: frozenset[Decimal]
    in_digits: bool
    value: Decimal
    unit: str | None = None
    is_clock: bool = False


def as_clock(hours: int, minutes: int) -> Decimal:
    """Give the reading of a time of day, which no count can be."""
    return Decimal(-1 - 60 * hours - minutes)


_FOUR_DIGIT_CLOCK = re.compile(r"\b([01]\d|2[0-3])([0-5]\d)\s?(?:UTC|GMT|hrs|hours|h|Z)\b")
"""As services and agencies print it. Without such a word it would be a count or a year."""


def four_digit_clocks(text: str) -> Iterator[tuple[int, int, Printed]]:
    """Give start, end and reading of each `0230 UTC`."""
    for match in _FOUR_DIGIT_CLOCK.finditer(text):
        clock = as_clock(int(match[1]), int(match[2]))
        plain = Decimal(match[1] + match[2])
        printed = Printed(match[1] + match[2], frozenset({clock, plain}), in_digits=True, value=clock)
        yield match.start(), match.end(2), printed


_ARABIC_DECADE = re.compile(
    r"\b(?:[وفبلك]{1,2})?(?:ال|ل)(عشرين|ثلاثين|[أا]ربعين|خمسين|ستين|سبعين|ثمانين|تسعين)ي?ات\b"
)
_ARABIC_TENS = ("عشرين", "ثلاثين", "ربعين", "خمسين", "ستين", "سبعين", "ثمانين", "تسعين")

_ROMAN_ORDINAL = re.compile(r"\b(?=[IVXХ])([IVXLCХ]{1,7})-?(?:й|го|му|м|е|я|ю|х)\b")
"""Russian ends an ordinal in Roman figures as one in digits; the X is often typed as the Cyrillic Х."""
_ROMAN = {"I": 1, "V": 5, "X": 10, "Х": 10, "L": 50, "C": 100}

_RUSSIAN_YEARS = re.compile(
    r"\b(сто|двухсот|тр[её]хсот|пятисот)?([а-яё]{3,24})лет(?:и[еяюи]|ием|н[а-яё]{2,3})\b"
)
_RUSSIAN_HUNDREDS = {"сто": 100, "двухсот": 200, "трехсот": 300, "трёхсот": 300, "пятисот": 500}

_AND_A_HALF = {
    "he": re.compile(r"\b[והבלמכש]{0,2}?(שעה|יום|שבוע|חודש|שנה|דקה) ו?חצי\b"),
    "ar": re.compile(r"\b[وفبل]?(ساعة|يوم|أسبوع|شهر|سنة|عام|دقيقة) ونصف\b"),
    "en": re.compile(r"\b(?:an?|one) (hour|day|week|month|year|minute) and (?:a|one) half\b", re.IGNORECASE),
    "ru": re.compile(r"\b(час|день|неделя|месяц|год|минута) с половиной\b"),
}
_UNITS = {
    "שעה": "hour", "יום": "day", "שבוע": "week", "חודש": "month", "שנה": "year", "דקה": "minute",
    "ساعة": "hour", "يوم": "day", "أسبوع": "week", "شهر": "month", "سنة": "year", "عام": "year",
    "دقيقة": "minute",
    "час": "hour", "день": "day", "неделя": "week", "месяц": "month", "год": "year", "минута": "minute",
}  # fmt: skip

_DEGREES = re.compile(
    r"([-−–]?)(?<!\d)(\d{1,3})(?:[- ]?°|[- ](?:degrees?|градус\w{0,3}|מעלות|درج(?:ة|ات)))", re.IGNORECASE
)
"""Degrees without a scale: Fahrenheit in one country's news is Celsius in another's."""


def spelled_numbers(text: str, language: str) -> Iterator[Printed]:
    """Give the readings that a text adds to those of the grammar."""
    if language in _FINDERS:
        yield from _FINDERS[language](text)
    if language in _AND_A_HALF:
        for match in _AND_A_HALF[language].finditer(text):
            value = Decimal("1.5")
            yield _in_words(match[0], {value}, value, _UNITS.get(match[1], match[1].lower()))
    for match in _DEGREES.finditer(text):
        value = Decimal(match[2]) * (-1 if match[1] else 1)
        yield _in_words(match[0], _on_the_other_scale(value), value)


def _in_words(words: str, readings: Iterable[Decimal], value: Decimal, unit: str | None = None) -> Printed:
    return Printed(words, frozenset(readings), in_digits=False, value=value, unit=unit)


def _on_the_other_scale(degrees: Decimal) -> set[Decimal]:
    """Convert from either scale to the other, within a degree, the sign left out as the grammar does."""
    both = (degrees - 32) * 5 / 9, degrees * 9 / 5 + 32
    whole = [each.quantize(Decimal(1), ROUND_HALF_UP) for each in both]
    return {abs(each + more) for each in whole for more in (-1, 0, 1)}


def _arabic(text: str) -> Iterator[Printed]:
    for match in _ARABIC_DECADE.finditer(text):
        tens = Decimal(20 + 10 * next(i for i, word in enumerate(_ARABIC_TENS) if match[1].endswith(word)))
        yield _in_words(match[0], {tens, 1800 + tens, 1900 + tens, 2000 + tens}, 1900 + tens)


def _russian(text: str) -> Iterator[Printed]:
    for match in _ROMAN_ORDINAL.finditer(text):
        digits = [_ROMAN[letter] for letter in match[1]]
        value = Decimal(sum(-a if a < b else a for a, b in pairwise([*digits, 0])))
        yield _in_words(match[0], {value}, value)
    for match in _RUSSIAN_YEARS.finditer(text.lower()):
        hundreds = _RUSSIAN_HUNDREDS.get(match[1] or "", 0)
        # The grammar knows the adjective: `пятидесятилетний`.
        for stem, more in ((match[2], hundreds), ((match[1] or "") + match[2], 0)):
            for quantity in quantities(f"{stem}летний", "ru"):
                value = quantity.value + more
                yield _in_words(match[0], {value}, value, "year")


_FINDERS: dict[str, Callable[[str], Iterator[Printed]]] = {"ar": _arabic, "ru": _russian}
