"""A followed claim as JSON and as rows."""

from __future__ import annotations

from typing import Any

from xsource.daily import Timeline, to_document
from xsource.report.documents import timestamp
from xsource.report.listing import Column, Listing

COLUMNS = tuple(
    Column(key, key, is_text=key in ("claim", "sentence", "translation"))
    for key in (
        "id", "claim", "when", "outlet", "first", "status", "figures", "denies", "differs", "sentence",
        "translation", "language", "published_at", "seen_at", "article_url",
    )
)  # fmt: skip


def timeline_document(timeline: Timeline) -> dict[str, Any]:
    """Give a timeline as `follow show --format json` prints it."""
    document: dict[str, Any] = to_document(timeline)
    return document


def timeline_listing(timeline: Timeline) -> Listing:
    """Give one row an entry of the timeline."""
    rows = tuple(
        {
            "id": timeline.follow.id,
            "claim": timeline.follow.text,
            "when": timestamp(entry.when),
            "outlet": entry.sighting.quote.outlet,
            "first": "yes" if entry.is_first else "no",
            "status": entry.sighting.status,
            "figures": [value for _, value in entry.sighting.figures],
            "denies": "yes" if entry.sighting.denies else "no",
            "differs": list(entry.sighting.differs),
            "sentence": entry.sighting.quote.sentence,
            "translation": entry.sighting.quote.translation,
            "language": entry.sighting.quote.language,
            "published_at": timestamp(entry.sighting.quote.published_at),
            "seen_at": timestamp(entry.sighting.at),
            "article_url": entry.sighting.quote.article_url,
        }
        for entry in timeline.entries
    )
    return Listing("entries", COLUMNS, rows)


def follow_row(timeline: Timeline) -> dict[str, Any]:
    """Give a followed claim on one line: who tells it, and its figures as they stand."""
    follow = timeline.follow
    last_day = timeline.days[-1] if timeline.days else None
    return {
        "id": follow.id,
        "claim": follow.text,
        "language": follow.language,
        "told_by": sum(standing.first_told is not None for standing in timeline.outlets),
        "denied_by": sum(standing.denies for standing in timeline.outlets),
        "figures": [f"{value} ({outlets})" for value, outlets in last_day.figures] if last_day else [],
        "first": timestamp(timeline.entries[0].when) if timeline.entries else None,
        "last": timestamp(timeline.entries[-1].when) if timeline.entries else None,
        "outlets": [standing.outlet for standing in timeline.outlets],
        "languages": list(follow.languages),
        "since": timestamp(follow.since),
        "until": timestamp(follow.until),
        "by": follow.by,
        "at": timestamp(follow.at),
        "ended": timestamp(follow.ended),
    }
