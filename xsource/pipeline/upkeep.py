"""Looking after an index: what is in it that should go, whether it is whole, what the last build left out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xsource.errors import InputError, Problem
from xsource.records import Article, ArticleId
from xsource.store import open_index
from xsource.store.findings import Finding


def find_articles(index_path: Path, wanted: Sequence[str]) -> list[Article]:
    """Give the articles named by id, URL or outlet id, every version of them.

    Raises:
        InputError: a name is none of these.
        IndexStateError: there is no index.
    """
    with open_index(index_path, mode="read") as index:
        articles = list(index.articles())
    found: dict[ArticleId, Article] = {}
    for name in wanted:
        named = [article for article in articles if name in (article.id, article.source, article.outlet_id)]
        if not named:
            raise InputError(
                f'"{name}" is no article id, URL or outlet in {index_path}',
                "`xsource outlets` lists outlets; `xsource compare --format json` lists articles",
            )
        found.update((article.id, article) for article in named)
    return list(found.values())


def remove_articles(index_path: Path, article_ids: Sequence[ArticleId]) -> None:
    """Remove articles with everything that hangs on them, in one transaction."""
    with open_index(index_path, mode="write") as index:
        index.remove_articles(article_ids)


def check_index(index_path: Path, *, repair: bool = False) -> list[Finding]:
    """Check an index, and make again what can be derived when asked to."""
    with open_index(index_path, mode="write" if repair else "read") as index:
        findings = index.check()
        if repair and findings:
            index.repair()
            return index.check()
        return findings


def last_problems(index_path: Path) -> list[Problem]:
    """Give what the last build left out."""
    with open_index(index_path, mode="read") as index:
        return index.problems()
