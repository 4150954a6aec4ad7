"""News as rows: for a spreadsheet and for Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xsource.daily import Edition, to_document
from xsource.report.listing import Column, Listing

COLUMNS = tuple(
    Column(key, key, is_text=key in ("title", "before", "story_title", "sentences"))
    for key in (
        "look", "edition", "at", "change", "subject", "id", "kind", "confidence", "title", "before", "details",
        "claim", "story", "story_title", "outlets", "sentences", "urls",
    )
)  # fmt: skip


def editions_document(editions: Sequence[Edition]) -> dict[str, Any]:
    """Give editions as `news --format json` prints them."""
    return {"editions": [to_document(edition) for edition in editions]}


def editions_listing(editions: Sequence[Edition]) -> Listing:
    """Give one row an item."""
    rows = [
        {
            "look": edition.look,
            "edition": edition.number,
            "at": to_document(edition.at),
            "change": item.change,
            "subject": item.subject,
            "id": item.ref,
            "kind": item.kind,
            "confidence": item.confidence,
            "title": item.title,
            "before": item.before,
            "details": list(item.details),
            "claim": item.claim,
            "story": item.story,
            "story_title": item.story_title,
            "outlets": sorted({quote.outlet for quote in item.quotes}),
            "sentences": [quote.sentence for quote in item.quotes],
            "urls": list(dict.fromkeys(quote.article_url for quote in item.quotes)),
        }
        for edition in editions
        for item in edition.items
    ]
    return Listing("news", COLUMNS, tuple(rows))
