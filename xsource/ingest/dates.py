"""Read when an article was published, and refuse what cannot be, or can be two days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache

from xsource.languages import language_table
from xsource.records import LANGUAGES

# Newspapers set ahead and clocks go wrong by hours, never by more than a day.
TOLERANCE = timedelta(days=1)
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
FORMS = (
    "2026-03-01, 2026-03-01T09:30:00Z (or +03:00), 01.03.2026, 1 March 2026, and the dates of mails and feeds"
)
"""The forms that are read, for hints."""

_CLOCK_ZERO = datetime(1970, 1, 1, tzinfo=UTC)  # what programs print for "no date"
_MAX_LENGTH = 100
# Zones as feeds and pages of the four languages print them, in minutes east of UTC. IST is Israel's, whose
# outlets we read, not India's; AST is Arabia's.
_ZONES = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "MSK": 180, "МСК": 180, "MSD": 240, "IST": 120, "IDT": 180, "EET": 120,
    "EEST": 180, "TRT": 180, "AST": 180, "GST": 240, "IRST": 210, "WET": 0, "WEST": 60, "BST": 60, "CET": 60,
    "CEST": 120, "MEZ": 60, "MESZ": 120, "SAMT": 240, "YEKT": 300, "OMST": 360, "NOVT": 420, "KRAT": 420,
    "IRKT": 480, "VLAT": 600, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
    "PST": -480, "PDT": -420, "PKT": 300,
    "JST": 540, "KST": 540, "SGT": 480, "HKT": 480, "AEST": 600, "AEDT": 660,
}  # fmt: skip
_ZONE = (
    r"(?: ?(?:UTC|GMT|УТЦ)? ?(?P<sign>[+−-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?"
    r"| ?\(?(?P<name>[^\W\d_]{1,5})\)?)?"
)
_CLOCK = (
    r"(?:[ ,T–—|-]{1,4}(?:в |at |ב|בשעה |الساعة )?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.\d{1,9})?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?" + _ZONE + r")?"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})" + _CLOCK, re.IGNORECASE)
_YEAR_LAST = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[./-])(?P<second_part>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)(?: ?г\.?)?"
    + _CLOCK,
    re.IGNORECASE,
)
_WEEKDAY = r"(?:(?:יום )?[^\W\d_]{2,10}\.?,? ?|[^\W\d_]{2,10} [^\W\d_]{1,3}'?,? ?)?"
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class DateError(ValueError):
    """A date that is none, or one that cannot be. Its text fits behind "published_at "."""


class AmbiguousDateError(DateError):
    """A date whose day and month could change places. `parts` are the two numbers as printed."""

    def __init__(self, message: str, parts: tuple[int, int]) -> None:
        super().__init__(message)
        self.parts = parts


def parse_published(text: str, now: datetime, *, day_first: bool | None = None) -> datetime:
    """Read a date into UTC; a time without a zone is UTC, a day alone its midnight.

    Args:
        text: ISO 8601, a mail date, numbers with the year first or (with full stops) last, or a day with the
            month's name in one of the languages.
        now: no article is from later than a day after it.
        day_first: what `05-04-2026` means; `None` when nothing says. With full stops the day is always first.

    Raises:
        AmbiguousDateError: day and month could change places, and nothing says which is which.
        DateError: it is no date, lies more than a day after `now` or before 1900, is the zero of computer
            clocks, or is of a time zone that we do not know.
    """
    stripped = " ".join(text[: _MAX_LENGTH + 1].translate(_DIGITS).split())
    try:
        moment = _parse_any(stripped, now, day_first)
        moment = (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).astimezone(UTC)
    except DateError:
        raise
    except (ValueError, TypeError, OverflowError, IndexError) as exc:
        raise DateError(f'is "{stripped[:60]}", not an ISO 8601 date or another that is read') from exc
    if moment > now + TOLERANCE:
        raise DateError(f"is {moment:%Y-%m-%d %H:%M}Z, in the future (it is {now:%Y-%m-%d %H:%M}Z)")
    if moment < EARLIEST or moment == _CLOCK_ZERO:
        raise DateError(f"is {moment.date().isoformat()}, which is no date of a news article")
    return moment


def is_day_alone(text: str) -> bool:
    """Whether a date that `parse_published` reads has no time of day."""
    return ":" not in text and re.search(r"T\d|\d[.]\d\d\s*$", text) is None


def order_of_numbers(dates: Iterable[str]) -> bool | None:
    """Tell from a feed's dates whether days stand before months; `None` when none shows it, or they differ."""
    orders = set()
    for text in dates:
        if (found := _YEAR_LAST.fullmatch(" ".join(text.split())[:_MAX_LENGTH])) and found["mark"] != ".":
            first, second = int(found["first"]), int(found["second_part"])
            orders |= {True} if second <= 12 < first else {False} if first <= 12 < second else set()
    return orders.pop() if len(orders) == 1 else None


def _parse_any(text: str, now: datetime, day_first: bool | None) -> datetime:  # noqa: FBT001
    if len(text) > _MAX_LENGTH:
        raise ValueError(text[:_MAX_LENGTH])
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if found := _YEAR_FIRST.fullmatch(text):
        return _with_clock(found, int(found["year"]), int(found["month"]), int(found["day"]))
    if found := _YEAR_LAST.fullmatch(text):
        year, month, day = _read_year_last(found, now, day_first)
        return _with_clock(found, year, month, day)
    for shape in _named_shapes():
        if found := shape.fullmatch(text.casefold()):
            month = _months()[found["month"].casefold()]
            return _with_clock(found, int(found["year"]), month, int(found["day"]))
    return _parse_mail_date(text)


def _read_year_last(
    found: re.Match[str],
    now: datetime,
    day_first: bool | None,  # noqa: FBT001
) -> tuple[int, int, int]:
    first, second, printed = int(found["first"]), int(found["second_part"]), found["year"]
    year = int(printed) + (2000 if len(printed) == 2 else 0)
    if len(printed) == 2 and found["mark"] != ".":
        raise ValueError  # 05-04-26 could begin with the year
    if found["mark"] == "." or first == second or second <= 12 < first:
        return year, second, first
    if first <= 12 < second:
        return year, first, second
    if day_first is not None:
        return (year, second, first) if day_first else (year, first, second)
    readings = [(year, second, first), (year, first, second)]
    possible = [each for each in readings if datetime(*each, tzinfo=UTC) <= now + TOLERANCE]
    if len(possible) == 1:
        return possible[0]
    days = " or ".join(date(*each).isoformat() for each in readings)
    raise AmbiguousDateError(f'is "{found.group()[:30]}", which may be {days}', (first, second))


def _with_clock(found: re.Match[str], year: int, month: int, day: int) -> datetime:
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(found))


def _zone(found: re.Match[str]) -> timezone | None:
    if found["hours"]:
        minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
        return timezone(timedelta(minutes=minutes if found["sign"] == "+" else -minutes))
    if found["name"]:
        return timezone(timedelta(minutes=_named_zone(found["name"])))
    return None


def _named_zone(name: str) -> int:
    if name.upper() not in _ZONES:
        raise DateError(f'has the time zone "{name[:10].upper()}", expected one like +03:00, UTC or MSK')
    return _ZONES[name.upper()]


_MAIL_ZONE = re.compile(r" ?(?:(?:UTC|GMT) ?([+-])(\d{1,2})(?::?(\d\d))?|([^\W\d_]{1,5}))$", re.IGNORECASE)


def _parse_mail_date(text: str) -> datetime:
    """Read `Fri, 27 Oct 2023 09:30:00 +0300`, whatever zone it names."""
    if "," not in text and not (text[:1].isalpha() or re.match(r"\d{1,2} [A-Za-z]", text)):
        raise ValueError(text)
    zone = _MAIL_ZONE.search(text)
    if zone is None or ":" not in text[: zone.start()]:
        return parsedate_to_datetime(text)
    minutes = (
        (int(zone[2]) * 60 + int(zone[3] or 0)) * (1 if zone[1] == "+" else -1)
        if zone[1]
        else _named_zone(zone[4])
    )
    return parsedate_to_datetime(text[: zone.start()] + " +0000").replace(
        tzinfo=timezone(timedelta(minutes=minutes))
    )


@cache
def _months() -> dict[str, int]:
    months = {}
    for code in LANGUAGES:
        for number, spellings in enumerate(language_table(code, "dateline")["months"], 1):
            months.update({spelling.casefold(): number for spelling in spellings})
    return months


@cache
def _named_shapes() -> tuple[re.Pattern[str], ...]:
    month = "(?P<month>" + "|".join(map(re.escape, sorted(_months(), key=len, reverse=True))) + r")\.?"
    # Papers of the Levant print both names of a month: 5 آذار / مارس 2024.
    also = r"(?: ?[/(–-] ?[^\W\d_]{2,10}\)?)?"
    year = r",? ?(?P<year>\d{4})(?: ?г\.?| года)?"
    shapes = (
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.? {month}{also}{year}",
        rf"{month} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?{year}",
    )
    return tuple(re.compile(_WEEKDAY + shape + _CLOCK, re.IGNORECASE) for shape in shapes)


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
