"""Read when an article was published, and refuse what cannot be."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

# Newspapers set ahead and clocks go wrong by hours, never by more than a day.
TOLERANCE = timedelta(days=1)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_CLOCK_ZERO = datetime(1970, 1, 1, tzinfo=UTC)  # what programs print for "no date"


class DateError(ValueError):
    """A date that is none, or one that cannot be. Its text fits behind "published_at "."""


def parse_published(text: str, now: datetime) -> datetime:
    """Read an ISO 8601 or mail date into UTC; a time without a zone is UTC, a day alone its midnight.

    Raises:
        DateError: it is no date, lies more than a day after `now` or before 1900, or is the zero of computer
            clocks.
    """
    stripped = text.strip()
    try:
        moment = _parse_any(stripped)
        moment = (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError) as exc:
        raise DateError(f'is "{stripped[:60]}", not an ISO 8601 date') from exc
    if moment > now + TOLERANCE:
        raise DateError(f"is {moment:%Y-%m-%d %H:%M}Z, in the future (it is {now:%Y-%m-%d %H:%M}Z)")
    if moment < EARLIEST or moment == _CLOCK_ZERO:
        raise DateError(f"is {moment.date().isoformat()}, which is no date of a news article")
    return moment


def _parse_any(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        if "," not in text and not text[:1].isalpha():
            raise
    return parsedate_to_datetime(text)  # "Fri, 27 Oct 2023 09:30:00 +0300", as feeds and mail write it


def complete_year(day: int, month: int, year: int | None, now: datetime) -> date | None:
    """Give the date that a dateline means: without a year, the latest one that is not in the future.

    `None` when there is no such day (31 June), or only in the future.
    """
    latest = (now + TOLERANCE).date()
    # Eight years back, so that 29 February is found even across 1900 or 2100.
    for candidate in (year,) if year is not None else range(latest.year, latest.year - 9, -1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found <= latest:
            return found
    return None
