"""News as an Atom feed (RFC 4287), for whatever reads feeds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from feedgen.feed import FeedGenerator

from xsource import __version__
from xsource.daily import Edition, NewsItem
from xsource.report.addresses import web_address
from xsource.report.bidi import plain
from xsource.report.leaf import fragment_html

MOST_ENTRIES = 200

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed_xml(look: str, editions: Sequence[Edition]) -> bytes:
    """Write the newest items of editions as a feed.

    The same editions give the same bytes: an entry keeps its id, so a reader shows it once.

    Args:
        look: whose news they are.
        editions: the oldest first.
    """
    feed = FeedGenerator()
    feed.id(f"urn:xsource:news:{_text(look)}")
    feed.title(f"xsource news: {_text(look)}")
    feed.author(name="xsource")
    feed.generator("xsource", version=__version__)
    feed.updated(editions[-1].at if editions else datetime(1970, 1, 1, tzinfo=UTC))
    newest = [(edition, item) for edition in reversed(editions) for item in edition.items]
    for edition, item in newest[:MOST_ENTRIES]:
        entry = feed.add_entry(order="append")
        entry.id(f"urn:xsource:{item.id}")
        entry.title(_text(_title(item)))
        entry.updated(edition.at)
        entry.content(_text(fragment_html("news_item.html.jinja", item=item)), type="html")
        for term in (item.subject, item.change, *([item.kind] if item.kind else [])):
            entry.category(term=term)
        for address in dict.fromkeys(web_address(quote.article_url) for quote in item.quotes):
            if address:
                entry.link(href=_text(address), rel="related")
    xml: bytes = feed.atom_str(pretty=True)
    return xml


def _title(item: NewsItem) -> str:
    kind = f"{item.kind}: " if item.kind else f"{item.subject}: "
    details = f" ({'; '.join(item.details)})" if item.details and item.subject != "claim" else ""
    return f"{item.change}: {kind}{item.title}{details}"


def _text(words: str) -> str:
    """Take out what XML cannot hold, half a letter of a badly cut file among it."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", plain(words))
