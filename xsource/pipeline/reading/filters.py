"""What a search is restricted to, as a person writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from xsource.errors import InputError
from xsource.records import Article


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is restricted to; `None` restricts nothing. Times are UTC; `until` itself is left out."""

    outlets: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None

    def admit(self, article: Article) -> bool:
        """Say whether an article is inside; one without a date is outside of every range of time."""
        if self.outlets and article.outlet_id not in self.outlets:
            return False
        if self.languages and article.language not in self.languages:
            return False
        if self.since is None and self.until is None:
            return True
        published = article.published_at
        if published is None:
            return False
        return not (self.since and published < self.since) and not (self.until and published >= self.until)

    @staticmethod
    def parse(
        outlets: Sequence[str] | None, languages: Sequence[str] | None, since: str | None, until: str | None
    ) -> Filters:
        """Read filters as a person writes them.

        Raises:
            InputError: a date is not `YYYY-MM-DD`, or the range is empty.
        """
        start, end = _day(since, "--since"), _day(until, "--until")
        end = end + timedelta(days=1) if end else None
        if start and end and start >= end:
            raise InputError(f"--since {since} is after --until {until}", "swap them")
        return Filters(tuple(outlets) if outlets else None, tuple(languages) if languages else None, start, end)


def _day(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    except ValueError as error:
        raise InputError(f'{option} is "{text}", expected a day like 2023-10-27') from error
