"""Does a translation give the numbers of its source, each as often as the source does?

Read with the project's number and date grammar, so that `2,5 тысячи` is 2,500, and 5 cm may have become 2
inches. What the grammar leaves unread is compared digit for digit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from xsource.facts.dates import dates
from xsource.facts.quantities import Quantity, quantities
from xsource.facts.quantities_convert import dimension, to_base
from xsource.translate.guard_readings import Printed, as_clock, four_digit_clocks, spelled_numbers

CONVERTED_WITHIN = Decimal("0.1")
"""How far a converted measure may be off: people round 6 metres to 18 feet and 30 cm to a foot."""

LONGEST_EXCHANGE = 100
"""Pairs that are undone at most to make room for one more: bounds the time that a hostile line can take."""

_DIGITS = re.compile(r"\d{1,18}(?:[.,٫٬:]\d{1,18}){0,6}")
_MARK = re.compile(r"[.,٫٬:]")
_CLOCK_DIGITS = re.compile(r"(\d{1,2})[:.](\d{2})")


def check_numbers(source: str, source_language: str, text: str, target_language: str) -> list[str]:
    """Give a warning for numbers of the source that the translation lacks, and one for numbers that it adds.

    Only what is written in digits has to have its like on the other side, in digits or in words. A number that
    stands twice in the source is lost when the translation has it once; said once more, it is not invented.
    """
    wanted = list(_printed_numbers(source, source_language))
    given = list(_printed_numbers(text, target_language))
    added = [
        number.words
        for number in given
        if number.in_digits and not any(_is_same(number, other) for other in wanted)
    ]
    warnings = []
    if lost := _without_partner(wanted, given):
        warnings.append(f"number lost: {', '.join(dict.fromkeys(lost))}")
    if added:
        warnings.append(f"number not in the source: {', '.join(dict.fromkeys(added))}")
    return warnings


def _without_partner(these: Sequence[Printed], those: Sequence[Printed]) -> list[str]:
    """Pair off as many numbers as can be (augmenting paths), and give the words of those left alone."""
    partners = [[j for j, that in enumerate(those) if _is_same(this, that)] for this in these]
    taken: dict[int, int] = {}

    def settle(i: int, tried: set[int]) -> bool:
        for j in partners[i]:
            if j not in taken:
                taken[j] = i
                return True
        for j in partners[i]:
            if j not in tried and len(tried) < LONGEST_EXCHANGE:
                tried.add(j)
                if settle(taken[j], tried):
                    taken[j] = i
                    return True
        return False

    return [this.words for i, this in enumerate(these) if this.in_digits and not settle(i, set())]


def _is_same(left: Printed, right: Printed) -> bool:
    if left.is_clock and right.is_clock:  # two at night is no two in the afternoon
        return any(reading < 0 for reading in left.readings & right.readings)
    if left.readings & right.readings:
        return True
    if left.unit is None or right.unit is None or left.unit == right.unit:
        return False
    if dimension(left.unit) != dimension(right.unit):
        return False
    a, b = to_base(left.value, left.unit), to_base(right.value, right.unit)
    return abs(a - b) <= CONVERTED_WITHIN * max(abs(a), abs(b))


def _printed_numbers(text: str, language: str) -> Iterator[Printed]:
    """Give the numbers of a text: those of quantities, of dates, and the digits that neither has read."""
    seen: list[tuple[int, int]] = []
    for start, end, clock in four_digit_clocks(text):
        seen.append((start, end))
        yield clock
    yield from spelled_numbers(text, language)
    clocks = tuple(seen)
    for quantity in quantities(text, language):
        if any(start < quantity.end and quantity.start < end for start, end in clocks):
            continue
        seen.append((quantity.start, quantity.end))
        yield from _of_quantity(quantity)
    for mention in dates(text, language, None):
        for part in mention.parts:
            if part.name == "weekday":
                continue
            seen.append((part.start, part.end))
            words = text[part.start : part.end]
            values = {Decimal(part.value)}
            if part.name == "decade":
                values.add(Decimal(part.value % 100))
            yield Printed(words, frozenset(values), words.isdecimal(), Decimal(part.value))
    for match in _DIGITS.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in seen):
            continue
        # The 2 of km2 and ACE2 need not be found, and may be.
        is_in_word = match.group() in "23" and text[: match.start()][-1:].isalpha()
        yield replace(_of_digits(match.group()), in_digits=not is_in_word)


def _of_quantity(quantity: Quantity) -> Iterator[Printed]:
    words = quantity.words
    if quantity.kind == "clock":
        minutes = (quantity.value, *quantity.alternatives)
        readings = {-1 - each for each in minutes}
        # 6 o'clock may be a plain 6 on the other side, and 4.40 a decimal.
        readings |= {each // 60 for each in minutes if not each % 60}
        readings |= {(each // 60 - 1) % 12 + 1 for each in minutes if not each % 60}
        if spelled := _CLOCK_DIGITS.search(unicodedata.normalize("NFKC", words)):
            readings.add(Decimal(f"{spelled[1]}.{spelled[2]}"))
        yield Printed(words, frozenset(readings), quantity.in_digits, quantity.value, is_clock=True)
        return
    # What is a name's is often left out with the name: COVID-19 for "the coronavirus".
    has_to_be_found = quantity.in_digits and quantity.kind != "label"
    values = [(quantity.value, *quantity.alternatives)]
    if quantity.upper is not None:
        values.append((quantity.upper,))
    for each in values:
        readings = set(each)
        if quantity.kind == "percent":
            readings.add(each[0] / 100)  # half for 50 %
        yield Printed(words, frozenset(readings), has_to_be_found, each[0], quantity.unit)


def _of_digits(digits: str) -> Printed:
    """Read digits without grammar: as one number, and where they have marks, without them."""
    plain = unicodedata.normalize("NFKC", digits)
    pieces = _MARK.split(plain)
    readings = {Decimal("".join(pieces))}
    if len(pieces) == 2:
        readings.add(Decimal(".".join(pieces)))
        if len(pieces[0]) <= 2 and len(pieces[1]) == 2:
            readings.add(as_clock(int(pieces[0]), int(pieces[1])))
    return Printed(digits, frozenset(readings), in_digits=True, value=min(readings, key=abs))
