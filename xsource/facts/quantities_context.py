"""What stands around a number: its unit, its bound, its sign, and the clock it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xsource.facts.quantities_counted import STATES
from xsource.facts.quantities_digits import Number
from xsource.facts.quantities_lexicon import MAX_PHRASE_WORDS, Bound, HalfDay, NumberLexicon
from xsource.facts.quantities_ranges import Pair
from xsource.facts.quantities_tokens import Token, touches

__all__ = ["STATES", "Clock", "Sign", "find_bound", "find_clock", "find_minus", "find_unit"]

# Units that a hyphen before the number makes negative; elsewhere it joins or marks a list.
_BELOW_ZERO = frozenset({"degC", "degF", "percent"})
_LATEST_NIGHT_HOUR, _EARLIEST_NOON_HOUR = 5, 10
_SIGNS = frozenset("$€£₪₽¥₹")
_PASSED_OVER = _SIGNS | {"-", "a", "an", "the", "us"}


class Clock(NamedTuple):
    """A time of day: minutes since midnight, the likeliest reading first, and its tokens."""

    minutes: tuple[Decimal, ...]
    first: int
    last: int


def find_unit(
    tokens: Sequence[Token], number: Number, pair: Pair, free: int, calendar: set[int], lexicon: NumberLexicon
) -> tuple[int, int, str | None]:
    """Find the unit of a number or range: the sign before it or the phrase behind it.

    Returns:
        First token of the quantity, index after its last, and the unit or `None`.
    """
    first, last = number.first, pair.last
    if number.is_ordinal and not number.in_digits:
        return first, last, None
    if first > free and tokens[first - 1].text in _SIGNS:
        sign = lexicon.units.get(tokens[first - 1].text)
        if sign is not None:
            return first - 1, last, sign
    word = lexicon.words.get(tokens[first].text)
    if first > free and word is not None and word.clitic.endswith(lexicon.article_clitics or ("-",)):
        unit = next((lexicon.units[form] for form in lexicon.bare(tokens[first - 1].text)), None)
        if unit is not None:
            return first - 1, last, unit  # الأشهر الثلاثة, the three months
    ends = (last,) if pair.second is None else (last, number.last)
    for end in ends:
        behind = end + (end < len(tokens) and tokens[end].text == "." and touches(tokens[end - 1], tokens[end]))
        behind += behind < len(tokens) and tokens[behind].text == "-"
        if behind >= len(tokens) or behind in calendar or tokens[behind].text not in lexicon.unit_starts:
            continue
        for words in range(min(MAX_PHRASE_WORDS, len(tokens) - behind), 0, -1):
            phrase = " ".join(token.text for token in tokens[behind : behind + words] if token.text != "-")
            unit = lexicon.units.get(phrase)
            if unit is not None:
                return first, max(behind + words, last), unit
    return first, last, None


def find_bound(tokens: Sequence[Token], number: Number, last: int, free: int, lexicon: NumberLexicon) -> Bound:
    """Find "more than", "לפחות", "около" or "or so" beside a number."""
    before: list[str] = []
    word = lexicon.words.get(tokens[number.first].text)
    if word is not None and word.clitic:
        before.append(word.clitic)
    at = number.first - 1
    while at >= free and len(before) < MAX_PHRASE_WORDS:
        if tokens[at].text not in _PASSED_OVER:
            if tokens[at].kind != "word":
                break
            before.insert(0, tokens[at].text)
        at -= 1
    for words in range(len(before)):
        bound = lexicon.bounds_before.get(" ".join(before[words:]))
        if bound == "at most" and words and before[words - 1] in lexicon.change_words:
            continue  # it rose to 23: возросло до 23
        if bound is not None:
            return bound
    for start in range(number.first + 1, number.last - 2):  # 50 и более миллионов
        for end in (start + 2, start + 3):
            bound = lexicon.bounds_after.get(" ".join(token.text for token in tokens[start:end]))
            if bound is not None:
                return bound
    behind = [token.text for token in tokens[last : last + MAX_PHRASE_WORDS + 2]]
    for skipped in range(min(3, len(behind))):  # 12 people at least
        for words in range(min(MAX_PHRASE_WORDS, len(behind) - skipped), 0, -1):
            bound = lexicon.bounds_after.get(" ".join(behind[skipped : skipped + words]))
            if bound is not None:
                return bound
    return "exact"


def _hour_of_day(hours: int, half_day: HalfDay) -> int:
    """Give 0 to 23 for an hour of 12: two at night is 2, eleven at night 23, one at noon 13."""
    hour = hours % 12
    if half_day == "night":
        return hour if hour <= _LATEST_NIGHT_HOUR else hour + 12
    if half_day == "noon":
        return hours if hours >= _EARLIEST_NOON_HOUR else hour + 12
    return hour if half_day == "morning" else hour + 12


class Sign(NamedTuple):
    """That a number is below zero, by words or a sign at half-open tokens."""

    first: int
    last: int


def find_minus(
    text: str, tokens: Sequence[Token], first: int, last: int, unit: str | None, lexicon: NumberLexicon
) -> Sign | None:
    """Find what says that the number at tokens `first` to `last`, its unit included, is below zero.

    A hyphen is a minus before degrees and per cent only; U+2212 always is, where nothing is written onto it.
    """
    if first:
        before = tokens[first - 1]
        if before.text in lexicon.minus:
            return Sign(first - 1, last)
        stands_alone = first < 2 or not touches(tokens[first - 2], before)
        if before.text == "-" and touches(before, tokens[first]) and stands_alone:
            behind = tokens[last].text if last < len(tokens) else ""
            if text[before.start] == "\u2212" or unit in _BELOW_ZERO or behind in lexicon.degrees:
                return Sign(first - 1, last)
    behind_texts = [token.text for token in tokens[last : last + 2 * MAX_PHRASE_WORDS]]
    for start in range(min(3, len(behind_texts))):
        for words in range(1, MAX_PHRASE_WORDS + 1):
            if " ".join(behind_texts[start : start + words]) in lexicon.minus_after:
                return Sign(first, last + start + words)
    return None


def find_clock(tokens: Sequence[Token], number: Number, lexicon: NumberLexicon) -> Clock | None:
    """Read a time of day at digits: `19:30`, `6 pm`, `4.40 صباحا`, `בשעה 7`."""
    if not number.in_digits or number.magnitude != 1 or number.is_ordinal:
        return None
    at = number.first
    digits = tokens[at].text
    before = tokens[at - 1].text if at else ""
    hour, minutes, last = digits, "00", at + 1
    if (
        last + 1 < len(tokens)
        and tokens[last].text == ":"
        and tokens[last + 1].kind == "digits"
        and len(tokens[last + 1].text) == 2
        and touches(tokens[at], tokens[last])
        and touches(tokens[last], tokens[last + 1])
    ):
        minutes, last = tokens[last + 1].text, last + 2
        is_clock = True
    else:
        is_clock = False
        whole, mark, part = digits.partition(".")
        if mark and len(part) == 2:
            hour, minutes = whole, part
    if not (
        hour.isdecimal() and len(hour) <= 2 and int(hour) <= 24 and minutes.isdecimal() and int(minutes) < 60
    ):
        return None
    half_day: HalfDay | None = None
    for words in range(min(MAX_PHRASE_WORDS, len(tokens) - last), 0, -1):
        half_day = lexicon.half_days.get(" ".join(token.text for token in tokens[last : last + words]))
        if half_day is not None:
            last += words
            break
    named = before in lexicon.hour_words or (
        before == "-" and at > 1 and tokens[at - 2].text in lexicon.hour_words
    )
    follows = last < len(tokens) and tokens[last].text in ("o'clock", "oclock")
    if (
        not is_clock
        and last < len(tokens)
        and tokens[last].text == ":"
        and touches(tokens[last - 1], tokens[last])
    ):
        return None  # 19:60 is no time, and its hour alone is none either
    if not (is_clock or half_day is not None or named or follows):
        return None
    if half_day is None and before in lexicon.score_words:
        return None
    if half_day is None and not is_clock and "." in digits and not named:
        return None
    hours = int(hour)
    if half_day is not None and hours <= 12:
        readings: tuple[int, ...] = (_hour_of_day(hours, half_day),)
    elif 0 < hours <= 12:
        readings = (hours, (hours + 12) % 24)
    else:
        readings = (hours,)
    return Clock(tuple(Decimal(reading * 60 + int(minutes)) for reading in readings), at, last)
