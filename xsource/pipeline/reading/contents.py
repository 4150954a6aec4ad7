"""What is in an index, told without loading anything but its catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from xsource.addresses import address_key
from xsource.records import Article, ArticleId, OutletId
from xsource.store import open_index
from xsource.store.connection import CATALOG_FILE


def has_index(path: Path) -> bool:
    """Say whether a build has written an index into a folder."""
    return (path / CATALOG_FILE).is_file()


def count_languages(path: Path) -> Counter[str]:
    """Count the articles of each language, latest versions only; nothing where there is no index."""
    if not has_index(path):
        return Counter()
    with open_index(path, mode="read") as index:
        return Counter(article.language for article in latest_versions(index.articles()))


def latest_versions(articles: Iterable[Article]) -> list[Article]:
    """Keep, of several texts of one page, the one published last; among equals the one read last.

    Addresses that differ only in how a reader came there (tracking, AMP) are one page.

    Args:
        articles: in the order in which they were read.

    Returns:
        Ordered by publication (undated last), then id.
    """
    latest: dict[tuple[OutletId, str], Article] = {}
    for article in articles:
        page = (article.outlet_id, address_key(article.source))
        held = latest.get(page)
        if held is None or _published(article) >= _published(held):
            latest[page] = article
    return sorted(latest.values(), key=publication_order)


def publication_order(article: Article) -> tuple[bool, float, ArticleId]:
    """Order articles by publication, undated last, then id."""
    return article.published_at is None, _published(article), article.id


def _published(article: Article) -> float:
    return article.published_at.timestamp() if article.published_at else 0.0
