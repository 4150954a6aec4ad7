"""When a claim says that something happened or will: weekdays, months, dates, days near the publication.

A statement holds what the text fixes: "Friday" a weekday, "October" a month, "Monday, 9 September" a weekday, a
month and a day. Two statements agree or differ in what both fix, and say nothing of each other in the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from xsource.facts.attribution import attributions
from xsource.facts.dates import WEEKDAY_NAMES, DateMention, dates
from xsource.records import Claim

# Publication is given in UTC and "yesterday" is meant where the outlet is: the day may be one off either way.
_RELATIVE_SLACK = timedelta(days=1)
# "Monday, 9 September": what may stand between a weekday and its date.
_MAX_GAP = 3
# Articles so far apart may each quote what was said on their own day.
_NEXT_DAY = timedelta(hours=12)
# "The ministry said late on Thursday": what may stand between the speaking and its day.
_MAX_SPEECH_GAP = 9
_CLAUSE_END = re.compile(r"[^\w\s]")


@dataclass(frozen=True, slots=True)
class StatedDay:
    """One statement of when.

    Attributes:
        claim: whose it is.
        weekday: 1 (Monday) to 7, as written, or `None`.
        month, day: as written, or `None`; a day has its month.
        date: the day of the calendar where the text fixes it, alone or with the publication: a date without a
            year is taken in the year that brings it nearest to publication.
        is_relative: counted from publication ("yesterday").
        place: where it stands in the sentence, 0 to 1.
        start, end: half-open, code points of the claim's sentence.
        value: as shown: `friday`, `--10`, `2023-10-26`.
    """

    claim: Claim
    weekday: int | None
    month: int | None
    day: int | None
    date: date | None
    is_relative: bool
    place: float
    start: int
    end: int
    value: str


def read_days(claim: Claim) -> tuple[StatedDay, ...]:
    """Read when a claim says that something was, from left to right.

    A bare year and a decade are left to the figures, and "today" to nobody: it is "nowadays" too often.
    """
    return tuple(_read(claim))


def _read(claim: Claim) -> Iterator[StatedDay]:
    text, published_at = claim.sentence.text, claim.article.published_at
    today = None if published_at is None else published_at.date()
    weekday: DateMention | None = None
    for mention in dates(text, claim.article.language, published_at):
        is_weekday = mention.weekday is not None and mention.parts and mention.day is None
        if weekday is not None:
            near = (
                mention.start - weekday.end <= _MAX_GAP and mention.day is not None and not mention.is_relative
            )
            if near:
                yield _state(claim, mention, today, weekday)
                weekday = None
                continue
            yield _state(claim, weekday, today, None)
            weekday = None
        if is_weekday:
            weekday = mention
        elif mention.is_relative:
            if mention.day is not None and mention.first != today:
                yield _state(claim, mention, today, None)
        elif mention.month is not None:
            yield _state(claim, mention, today, None)
    if weekday is not None:
        yield _state(claim, weekday, today, None)


def _state(claim: Claim, mention: DateMention, today: date | None, weekday: DateMention | None) -> StatedDay:
    start = mention.start if weekday is None else weekday.start
    written = {part.name for part in mention.parts}
    named = mention.weekday if "weekday" in written else None
    month = None if mention.is_relative else mention.month
    day = None if mention.is_relative else mention.day
    value = mention.value
    if weekday is not None and weekday.weekday is not None:
        named = weekday.weekday
        value = f"{WEEKDAY_NAMES[named - 1]} {value}"
    return StatedDay(
        claim=claim,
        weekday=named,
        month=month,
        day=day if month is not None and day is not None and day <= 31 else None,
        date=_nearest(mention, today),
        is_relative=mention.is_relative,
        place=start / max(1, len(claim.sentence.text)),
        start=start,
        end=mention.end,
        value=value,
    )


def _nearest(mention: DateMention, today: date | None) -> date | None:
    """Give the one day that a mention means; of a date without a year, the one nearest to publication."""
    if mention.first is not None:
        return mention.first if mention.first == mention.last else None
    if mention.month is None or mention.day is None or mention.year is not None or today is None:
        return None
    candidates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(year, mention.month, mention.day))
        except ValueError:  # 29 February, 31 June, or before the first year
            continue
    return min(candidates, key=lambda day: abs(day - today), default=None)


def agree(a: StatedDay, b: StatedDay) -> bool | None:
    """Whether two statements agree in what both fix; `None` when they fix nothing in common."""
    if a.is_relative or b.is_relative:
        return _agree_nearly(a, b)
    common = [
        left == right
        for left, right in ((a.weekday, b.weekday), (a.month, b.month), (a.day, b.day))
        if left is not None and right is not None
    ]
    if not common and a.date is not None and b.weekday is not None:
        common.append(a.date.isoweekday() == b.weekday)
    if not common and b.date is not None and a.weekday is not None:
        common.append(b.date.isoweekday() == a.weekday)
    return all(common) if common else None


def _agree_nearly(a: StatedDay, b: StatedDay) -> bool | None:
    """Compare with a day counted from publication, which may be one off."""
    relative, other = (a, b) if a.is_relative else (b, a)
    if relative.date is None:
        return None
    days = [relative.date]
    for slack in (-_RELATIVE_SLACK, _RELATIVE_SLACK):
        try:
            days.append(relative.date + slack)
        except OverflowError:  # the first and last days that `date` can hold
            continue
    if other.date is not None:
        return other.date in days
    if other.weekday is not None:
        return any(day.isoweekday() == other.weekday for day in days)
    return any(day.month == other.month for day in days)


def may_be_one(a: StatedDay, b: StatedDay) -> bool:
    """Whether two statements mean the same time: symmetric, and true of a statement and itself."""
    return agree(a, b) is True or a == b


def could_replace(a: StatedDay, b: StatedDay) -> bool:
    """Whether two statements contradict each other.

    The weekday of an event is no answer to the weekday on which somebody spoke of it, and in articles of
    different days somebody spoke on each. A month or a date is given to events far more often than to words.
    """
    if agree(a, b) is not False:
        return False
    if a.month is not None and b.month is not None:
        return True
    speaks = _is_of_speech(a), _is_of_speech(b)
    return speaks[0] == speaks[1] and not (speaks[0] and are_days_apart(a.claim, b.claim))


def are_days_apart(a: Claim, b: Claim) -> bool:
    """Whether two claims were published half a day apart or more; false where one is undated."""
    published = a.article.published_at, b.article.published_at
    if published[0] is None or published[1] is None:
        return False
    return abs(published[0] - published[1]) >= _NEXT_DAY


def _is_of_speech(day: StatedDay) -> bool:
    """Whether it says when somebody spoke: "officials said on Saturday", `сообщило в среду министерство`."""
    for attribution in attributions(day.claim.sentence.text, day.claim.article.language):
        start, end = attribution.cue_start, attribution.cue_end
        if attribution.source:
            start, end = min(start, attribution.start), max(end, attribution.end)
        gap = day.claim.sentence.text[end : day.start] if day.start >= end else ""
        before = day.claim.sentence.text[day.end : start] if day.end <= start else ""
        if day.start < end and start < day.end:
            return True
        if day.start >= end and len(gap) <= _MAX_SPEECH_GAP and not _CLAUSE_END.search(gap):
            return True
        if day.end <= start and len(before) <= _MAX_SPEECH_GAP and not _CLAUSE_END.search(before):
            return True
    return False
