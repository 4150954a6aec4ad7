"""Dates and days a sentence speaks of, each with its words as printed.

`dates("Переговоры прошли в пятницу, 27 октября.", "ru", published_at)` gives the weekday and the date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from xsource.facts.dates_digits import Calendar, CalendarMention, DatePart
from xsource.facts.dates_find import find_mentions

__all__ = ["DateMention", "DatePart", "dates"]


@dataclass(frozen=True, slots=True)
class DateMention:
    """What a sentence says of the calendar in one place.

    Attributes:
        year, month, day: what is said or, for a relative mention, what follows from publication.
        weekday: 1 (Monday) to 7.
        decade: 1980 for "1980s", 80 where the century is not said.
        first, last: the days it may mean, both included; `None` when what is said does not fix them, or names
            no day of the calendar (31 February).
        is_relative: it was counted from the publication ("yesterday").
        last_day: the last day of a range of days, of which `day` is the first: 24 of "22 to 24 October".
        weekdays: the weekdays that may be meant, two for the night between them.
        swapped: the other day that 5/4/2026 may be where both orders are in use, or `None`.
        calendar: `hijri` for a date that is recognised and not ours; all else of it is `None` then.
        parts: what is written out, with a span for each.
        start, end: half-open, code points of the given text.
        words: as printed; `text[start:end] == words`.
    """

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None
    decade: int | None
    first: date | None
    last: date | None
    is_relative: bool
    parts: tuple[DatePart, ...]
    start: int
    end: int
    words: str
    last_day: int | None = None
    weekdays: frozenset[int] = frozenset()
    swapped: date | None = None
    calendar: Calendar = "gregorian"

    @property
    def value(self) -> str:
        """The mention normalised: `2023-10-27`, `2023-10`, `--10-27`, `friday`, `1980s`."""
        if self.weekday is not None and self.day is None:
            return WEEKDAY_NAMES[self.weekday - 1]
        if self.decade is not None:
            return f"{self.decade}s"
        if self.year is None and self.month is None and self.first is not None and self.last is not None:
            return f"{self.first.isoformat()}..{self.last.isoformat()}"
        if self.year is None and self.month is None:
            return self.words
        year = "-" if self.year is None else f"{self.year:04d}"
        month = "" if self.month is None else f"-{self.month:02d}"
        day = "" if self.day is None else f"-{self.day:02d}"
        until = "" if self.last_day is None else f"..{self.last_day:02d}"
        return year + month + day + until


WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@lru_cache(maxsize=4096)
def dates(text: str, language: str, published_at: datetime | None) -> tuple[DateMention, ...]:
    """Read the dates in a sentence.

    Args:
        text: any text; the spans count its code points.
        language: one of `LANGUAGES`.
        published_at: what "yesterday" counts from; without it such a mention has no days.

    Returns:
        The mentions from left to right; empty where there are none.

    Raises:
        ValueError: the language is not ours.
    """
    today = None if published_at is None else published_at.date()
    return tuple(_read(text, mention, today) for mention in find_mentions(text, language))


def _read(text: str, mention: CalendarMention, today: date | None) -> DateMention:
    parts = {part.name: part.value for part in reversed(mention.parts)}  # the first of each: 1620-21
    named = frozenset(part.value for part in mention.parts if part.name == "weekday")
    year, month, day = parts.get("year"), parts.get("month"), parts.get("day")
    days = [part.value for part in mention.parts if part.name == "day"]
    last_day = days[1] if len(days) > 1 else None
    first, last = _days(year, month, day)
    if last_day is not None and first is not None:
        last = _days(year, month, last_day)[1] or last
    if mention.relative is not None and today is not None:
        first, last = _relative_days(*mention.relative, today)
        unit = mention.relative[0]
        if first is not None and unit != "weeks":
            year = first.year
            month = first.month if unit != "years" else None
            day = first.day if unit in ("days", "day_of_month") else None
    weekday = parts.get("weekday")
    if weekday is None and first is not None and first == last:
        weekday = first.isoweekday()
    return DateMention(
        year=year,
        month=month,
        day=day,
        weekday=weekday,
        decade=parts.get("decade"),
        first=first,
        last=last,
        is_relative=mention.relative is not None,
        parts=mention.parts,
        start=mention.start,
        end=mention.end,
        words=text[mention.start : mention.end],
        last_day=last_day,
        weekdays=named or (frozenset({weekday}) if weekday is not None else frozenset()),
        swapped=_days(year, day, month)[0] if mention.is_swappable else None,
        calendar=mention.calendar,
    )


def _days(year: int | None, month: int | None, day: int | None) -> tuple[date | None, date | None]:
    """Give the first and last day of a year, a month or a day; nothing for what the calendar lacks."""
    if year is None:
        return None, None
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None, None
    if day is not None and month is not None:
        return first, first
    if month is not None:
        return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first, date(year, 12, 31)


def _relative_days(unit: str, offset: int, today: date) -> tuple[date | None, date | None]:
    """Give the days that "yesterday", "last week" or "next year" means on a day."""
    try:
        if unit == "days":
            day = today + timedelta(days=offset)
            return day, day
        if unit == "day_of_month":
            return _nearest_day(offset, today)
        if unit == "weeks":
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=offset)
            return monday, monday + timedelta(days=6)
        if unit == "months_away":
            months = today.year * 12 + today.month - 1 + offset
            return _days(months // 12, months % 12 + 1, None)
        return _days(today.year + offset, None, None)
    except (OverflowError, ValueError):  # the first and last days that `date` can hold
        return None, None


def _nearest_day(day: int, today: date) -> tuple[date | None, date | None]:
    """Give the day of a month that is nearest to a day: the 30th, on the 2nd, is of the month before."""
    months = [today.year * 12 + today.month - 1 + step for step in (-1, 0, 1)]
    found = [_days(month // 12, month % 12 + 1, day)[0] for month in months]
    nearest = min((each for each in found if each), key=lambda each: abs(each - today), default=None)
    return nearest, nearest
