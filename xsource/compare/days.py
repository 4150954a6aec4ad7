"""Weekdays, months and days near the publication that a claim states in words, and when two may be the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from xsource.facts.dates import WEEKDAY_NAMES, DateMention, dates
from xsource.records import Claim

DayKind = Literal["weekday", "month", "day"]

MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

# Publication is given in UTC and "yesterday" is meant where the outlet is: the day may be one off either way.
_RELATIVE_SLACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StatedDay:
    """One statement of when.

    Attributes:
        claim: whose it is.
        kind: `weekday` and `month` as named in words or by a date in digits; `day` for "yesterday".
        number: of the weekday (Monday 1) or the month; 0 for a `day`.
        first, last: the days it may be, both included, or `None` when the text does not fix them.
        is_written: it stands in words in the sentence. What only follows from a date in digits is compared with
            and never quoted: digits that differ are a `number`.
        place: where it stands in the sentence, 0 to 1.
        start, end: half-open, code points of the claim's sentence.
        value: as shown: `friday`, `october`, `2023-10-26`.
    """

    claim: Claim
    kind: DayKind
    number: int
    first: date | None
    last: date | None
    is_written: bool
    place: float
    start: int
    end: int
    value: str


def read_days(claim: Claim) -> tuple[StatedDay, ...]:
    """Read the weekdays, months and days near publication of a claim, from left to right."""
    text = claim.sentence.text
    mentions = dates(text, claim.article.language, claim.article.published_at)
    return tuple(day for mention in mentions for day in _from_mention(claim, mention))


def _from_mention(claim: Claim, mention: DateMention) -> Iterator[StatedDay]:
    text = claim.sentence.text
    length = max(1, len(text))
    for part in mention.parts:
        if part.name == "weekday" or part.name == "month":
            names = WEEKDAY_NAMES if part.name == "weekday" else MONTH_NAMES
            yield StatedDay(
                claim, part.name, part.value, mention.first, mention.last,
                is_written=not any(sign.isdigit() for sign in text[part.start : part.end]),
                place=part.start / length, start=part.start, end=part.end, value=names[part.value - 1],
            )  # fmt: skip
    published_at = claim.article.published_at
    if mention.is_relative and published_at is not None and mention.first == published_at.date():
        return  # "today" is "nowadays" too often
    if mention.weekday is not None and all(part.name != "weekday" for part in mention.parts):
        # A full date has its weekday, and "yesterday" its date.
        yield StatedDay(
            claim, "day", 0, mention.first, mention.last, is_written=mention.is_relative,
            place=mention.start / length, start=mention.start, end=mention.end, value=mention.value,
        )  # fmt: skip


def may_be_one(a: StatedDay, b: StatedDay) -> bool:
    """Whether two statements may mean the same time: symmetric, and true of a statement and itself."""
    if a.kind == b.kind != "day":
        return a.number == b.number
    if "month" in (a.kind, b.kind):
        month, other = (a, b) if a.kind == "month" else (b, a)
        return any(day.month == month.number for day in _days(other)) if other.kind == "day" else False
    if a.kind == b.kind:
        return any(day in _days(b) for day in _days(a))
    weekday, other = (a, b) if a.kind == "weekday" else (b, a)
    return any(day.isoweekday() == weekday.number for day in _days(other))


def could_replace(a: StatedDay, b: StatedDay) -> bool:
    """Whether two that are not one may speak of one event: two weekdays or months, a weekday and a day."""
    if not (a.is_written and b.is_written):
        return False
    return a.kind == b.kind if "month" in (a.kind, b.kind) else True


def _days(stated: StatedDay) -> tuple[date, ...]:
    if stated.first is None:
        return ()
    try:
        return (stated.first - _RELATIVE_SLACK, stated.first, stated.first + _RELATIVE_SLACK)
    except OverflowError:  # the first and last days that `date` can hold
        return (stated.first,)
