"""What is said of news in every form: marks, headings, counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from xsource.daily import CHANGES, Change, Count, Edition, NewsItem, Subject

MARKS: dict[Change, str] = {"came": "+", "changed": "~", "went": "-"}
HEADINGS: dict[Subject, str] = {
    "followed claim": "Followed claims",
    "divergence": "Divergences",
    "story": "Stories",
    "claim": "Claims",
}
PLURALS: dict[Subject, str] = {
    "followed claim": "followed claims",
    "divergence": "divergences",
    "story": "stories",
    "claim": "claims",
}
OTHER_PROGRAM = (
    "The look was taken before by another version of xsource, or with other settings: some of this may come of "
    "that, and not of the outlets."
)


def tell_counts(counts: Iterable[Count]) -> str:
    """Say how much is news: `2 divergences came, 1 changed; 1 story came`."""
    return "; ".join(_tell_count(count) for count in counts) or "nothing"


def _tell_count(count: Count) -> str:
    parts: list[str] = []
    for change in CHANGES:
        number = getattr(count, change)
        if number:
            what = count.subject if number == 1 else PLURALS[count.subject]
            parts.append(f"{number:,} {change}" if parts else f"{number:,} {what} {change}")
    return ", ".join(parts)


def tell_since(edition: Edition) -> str:
    """Say what an edition is about: from when, of which look."""
    since = f"since {moment(edition.since)}" if edition.since else "the first look"
    return f"News, {since}"


def moment(value: datetime) -> str:
    """Write a moment for a reader."""
    return f"{value:%Y-%m-%d %H:%M} UTC"


def by_subject(items: Iterable[NewsItem]) -> list[tuple[Subject, list[NewsItem]]]:
    """Put items under the heading that they belong to, in the order of headings."""
    found: dict[Subject, list[NewsItem]] = {subject: [] for subject in HEADINGS}
    for item in items:
        found[item.subject].append(item)
    return [(subject, own) for subject, own in found.items() if own]


def how_many(counts: Iterable[Count], subject: Subject) -> int:
    """Give how many of a subject are news."""
    return sum(count.came + count.changed + count.went for count in counts if count.subject == subject)
