"""Dates in digits alone: 27.10.2023, 5/4/2026, 2023-10-27, 2024-12, a year, a decade."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from xsource.facts.dates_lexicon import DateLexicon, NameKind
from xsource.facts.quantities_lexicon import NumberLexicon
from xsource.facts.quantities_tokens import Token, touches

PartName = Literal["day", "month", "year", "weekday", "decade"]
Calendar = Literal["gregorian", "hijri"]

FIRST_YEAR, LAST_YEAR = 1000, 2199
_LAST_DAY, _LAST_MONTH = 31, 12
_DOTTED = re.compile(r"(\d{1,2})[.](\d{1,2})[.](\d{4}|\d{2})")


class DatePart(NamedTuple):
    """One part of a date in a text: its number and where it stands, half-open, in code points."""

    name: PartName
    value: int
    start: int
    end: int


class CalendarMention(NamedTuple):
    """A mention of the calendar as it stands in a text.

    Attributes:
        parts: in the order of the text; empty for a relative mention and for another calendar. Two days are the
            first and the last of a range, two weekdays the night between them.
        relative: what it counts from publication (`days`, -1), or `None`.
        start: half-open range of code points in the text.
        end: see `start`.
        first: indices of its tokens, half-open.
        last: see `first`.
        is_swappable: day and month may be meant the other way round: 5/4/2026.
        calendar: whose days they are.
    """

    parts: tuple[DatePart, ...]
    relative: tuple[NameKind, int] | None
    start: int
    end: int
    first: int
    last: int
    is_swappable: bool = False
    calendar: Calendar = "gregorian"


def mention(
    tokens: Sequence[Token],
    first: int,
    last: int,
    parts: Sequence[DatePart],
    relative: tuple[NameKind, int] | None = None,
    *,
    is_swappable: bool = False,
    calendar: Calendar = "gregorian",
) -> CalendarMention:
    """Make a mention of half-open tokens; its parts come in the order of the text."""
    ordered = tuple(sorted(parts, key=lambda part: part.start))
    start, end = tokens[first].start, tokens[last - 1].end
    return CalendarMention(ordered, relative, start, end, first, last, is_swappable, calendar)


def is_day(tokens: Sequence[Token], at: int) -> bool:
    """Whether the token is digits that may be a day of the month."""
    if at >= len(tokens) or tokens[at].kind != "digits":
        return False
    text = tokens[at].text
    return len(text) <= 2 and text.isdecimal() and 1 <= int(text) <= _LAST_DAY


def year_of(token: Token) -> int | None:
    """Give the year that four digits may be."""
    if token.kind == "digits" and len(token.text) == 4 and token.text.isdecimal():
        year = int(token.text)
        if FIRST_YEAR <= year <= LAST_YEAR:
            return year
    return None


def part(name: PartName, token: Token) -> DatePart:
    """Make a part of a token's digits."""
    return DatePart(name, int(token.text), token.start, token.end)


def read_date_digits(
    tokens: Sequence[Token], at: int, free: int, dates: DateLexicon, numbers: NumberLexicon
) -> CalendarMention | None:
    """Read a year, a decade, 27.10.2023, 5/4/2026, 2023-10-27 or 2024-12 at digits."""
    token = tokens[at]
    dotted = _DOTTED.fullmatch(token.text)
    if dotted is not None:
        fields = [
            (dotted.group(group), token.start + dotted.start(group), token.start + dotted.end(group))
            for group in (1, 2, 3)
        ]
        return _read_fields(tokens, at, at + 1, fields, dates)
    if _is_written_with(tokens, at, 3, "/") or _is_written_with(tokens, at, 3, "-"):
        fields = [(each.text, each.start, each.end) for each in tokens[at : at + 5 : 2]]
        found = _read_fields(tokens, at, at + 5, fields, dates)
        if found is not None:
            return found
    year = year_of(token)
    if year is not None:
        return _read_year(tokens, at, free, year, dates, numbers)
    return _read_short_month(tokens, at, dates) or _read_short_decade(tokens, at, dates, numbers)


def _is_written_with(tokens: Sequence[Token], at: int, numbers: int, mark: str) -> bool:
    """Whether so many runs of digits stand at a token with a mark between them, and no more."""
    last = at + 2 * numbers - 1
    if last > len(tokens) or not _are_joined(tokens, at, last):
        return False
    before, after = tokens[at - 1] if at else None, tokens[last] if last < len(tokens) else None
    return (
        all(tokens[place].text == mark for place in range(at + 1, last, 2))
        and all(
            tokens[place].kind == "digits" and tokens[place].text.isdecimal() for place in range(at, last, 2)
        )
        and not (before is not None and before.text == mark == "/" and touches(before, tokens[at]))
        and not (after is not None and after.text == mark and touches(tokens[last - 1], after))
    )


def _read_fields(
    tokens: Sequence[Token], at: int, last: int, fields: Sequence[tuple[str, int, int]], dates: DateLexicon
) -> CalendarMention | None:
    """Read a year, a month and a day from three runs of digits; the year comes first or last."""
    texts = [text for text, _, _ in fields]
    year_first = len(texts[0]) == 4
    if [len(text) <= 2 for text in texts].count(True) < 2 or (not year_first and len(texts[2]) not in (2, 4)):
        return None
    spans = {"year": 0, "month": 1, "day": 2} if year_first else {"day": 0, "month": 1, "year": 2}
    values = {name: int(texts[place]) for name, place in spans.items()}
    if values["year"] < 100:
        values["year"] += 2000
    is_swappable = False
    if not year_first:
        fits, fits_swapped = values["month"] <= _LAST_MONTH, values["day"] <= _LAST_MONTH
        is_swappable = fits and fits_swapped and dates.month_first and values["day"] != values["month"]
        if fits_swapped and (is_swappable or not fits):
            spans["day"], spans["month"] = spans["month"], spans["day"]
            values["day"], values["month"] = values["month"], values["day"]
    if not 1 <= values["month"] <= _LAST_MONTH or not FIRST_YEAR <= values["year"] <= LAST_YEAR:
        return None
    if not 1 <= values["day"] <= _LAST_DAY:
        if not year_first:
            return None
        del spans["day"]  # 2018-10-45: still a year and a month
    names: tuple[PartName, ...] = ("day", "month", "year")
    parts = [DatePart(name, values[name], *fields[spans[name]][1:]) for name in names if name in spans]
    return mention(tokens, at, last, parts, is_swappable=is_swappable)


def _read_short_month(tokens: Sequence[Token], at: int, dates: DateLexicon) -> CalendarMention | None:
    """Read a day and month behind a preposition that only a date has with digits: ב-7/10."""
    if not (dates.short_openers and at > 1 and tokens[at - 1].text == "-"):
        return None
    if tokens[at - 2].text not in dates.short_openers or not _is_written_with(tokens, at, 2, "/"):
        return None
    day, month = tokens[at], tokens[at + 2]
    if not is_day(tokens, at) or not is_day(tokens, at + 2) or int(month.text) > _LAST_MONTH:
        return None
    return mention(tokens, at, at + 3, [part("day", day), part("month", month)])


def _read_short_decade(
    tokens: Sequence[Token], at: int, dates: DateLexicon, numbers: NumberLexicon
) -> CalendarMention | None:
    """Read a decade of two digits: the 60s, `80-х`, `שנות ה-80`."""
    token = tokens[at]
    if len(token.text) != 2 or not token.text.isdecimal() or int(token.text) % 10:
        return None
    back = at - 1
    if at > 1 and tokens[back].text == "-":
        back = at - 3 if tokens[at - 2].text in dates.clitics else at - 2
    decade = DatePart("decade", int(token.text), token.start, token.end)
    if back >= 0 and tokens[back].text in dates.decade_words:
        return mention(tokens, back, at + 1, [decade])
    last = _decade_end(tokens, at, numbers)
    return None if last is None else mention(tokens, at, last, [decade])


def _decade_end(tokens: Sequence[Token], at: int, numbers: NumberLexicon) -> int | None:
    """Give the index behind a decade's ending on digits, `1980s`, `80-х`, or `None`."""
    last = at + 2 + (at + 1 < len(tokens) and tokens[at + 1].text == "-")
    if (
        last <= len(tokens)
        and tokens[last - 1].text in numbers.decade_suffixes
        and _are_joined(tokens, at, last)
    ):
        return last
    return None


def _are_joined(tokens: Sequence[Token], first: int, last: int) -> bool:
    return last <= len(tokens) and all(touches(tokens[at], tokens[at + 1]) for at in range(first, last - 1))


def _read_year(
    tokens: Sequence[Token], at: int, free: int, year: int, dates: DateLexicon, numbers: NumberLexicon
) -> CalendarMention | None:
    """Read four digits as a year or a decade, unless what stands beside them is counted by them."""
    token = tokens[at]
    before = tokens[at - 1] if at else None
    after = tokens[at + 1 :][:4]
    texts = [each.text for each in after]
    start = at
    if before is not None and at - 1 >= free and before.text in dates.year_words:
        start = at - 1
    if not year % 10:
        last = _decade_end(tokens, at, numbers)
        if last is not None:
            return mention(tokens, at, last, [DatePart("decade", year, token.start, token.end)])
    if texts[:1] == ["-"] and _are_joined(tokens, at, at + 3) and re.fullmatch(r"\d\d", texts[1]):
        end, second = after[1], year - year % 100 + int(texts[1])
        if second > year:  # 1620-21
            parts = [part("year", token), DatePart("year", second, end.start, end.end)]
            return mention(tokens, at, at + 3, parts)
        if 1 <= int(texts[1]) <= _LAST_MONTH:  # 2024-12
            return mention(tokens, at, at + 3, [part("year", token), part("month", end)])
    if texts and texts[0] in dates.year_words:
        return mention(tokens, at, at + 2, [part("year", token)])
    if start == at and not _stands_as_year(tokens, at, before, texts, numbers):
        return None
    return mention(tokens, start, at + 1, [part("year", token)])


def _stands_as_year(
    tokens: Sequence[Token], at: int, before: Token | None, texts: list[str], numbers: NumberLexicon
) -> bool:
    if before is not None:
        if before.text in ("$", "€", "£", "₪", "₽", "¥", "₹") or before.text in numbers.labels:
            return False
        for words in (1, 2, 3):
            if words <= at and " ".join(each.text for each in tokens[at - words : at]) in numbers.bounds_before:
                return False
    for text in texts[:2]:
        if text in numbers.unit_starts and text not in ("$", "م", "г"):
            return False
        if numbers.counted_by(text) or (text in numbers.words and "magnitude" in numbers.words[text].roles):
            return False
        if not text.isalpha():
            break
    return True
