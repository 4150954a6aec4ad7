"""What is in an index, told without loading anything but its catalogue."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from xsource.records import Article, ArticleId
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
        counts: Counter[str] = Counter()
        for (_, language), articles in index.count_latest().items():
            counts[language] += articles
        return counts


def publication_order(article: Article) -> tuple[bool, float, ArticleId]:
    """Order articles by publication, undated last, then id."""
    return article.published_at is None, _published(article), article.id


def _published(article: Article) -> float:
    return article.published_at.timestamp() if article.published_at else 0.0
