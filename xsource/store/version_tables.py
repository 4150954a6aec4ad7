"""Which articles are texts of one page, and which of these is the latest: a narrow table beside the articles.

A page is an outlet's address, however it is written (`xsource.addresses.address_key`). Of several texts of one
page the latest is the one published last, an undated one counting as published in 1970; among equals the one
that was added last. The others are superseded: kept, listed by `xsource versions`, never searched or compared.

All of it follows from the table of articles. It is kept because telling it anew means to read every article: an
address and a language lie in a row before and behind the whole text.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import cast

from xsource.records import Article, ArticleId, Language, OutletId
from xsource.store.catalog import Catalog, json_list
from xsource.store.tables import ARTICLE_COLUMNS, article_of, page_key

_IN_ORDER = "ORDER BY coalesce(published_at, 0) DESC, article_key DESC"
_IS_LATEST = (
    "article_key = (SELECT article_key FROM versions AS other"  # noqa: S608 - our own columns
    f" WHERE other.page = versions.page AND other.outlet_id = versions.outlet_id {_IN_ORDER} LIMIT 1)"
)

CREATE_VERSIONS = (
    """CREATE TABLE versions (
        article_key INTEGER PRIMARY KEY REFERENCES articles(key) ON DELETE CASCADE, outlet_id TEXT NOT NULL,
        page TEXT NOT NULL, language TEXT NOT NULL, published_at INTEGER, is_latest INTEGER NOT NULL
    )""",
    "CREATE INDEX versions_by_page ON versions(page, outlet_id)",
    "CREATE INDEX versions_superseded ON versions(article_key) WHERE NOT is_latest",
)
"""As the catalogue's fourth version made them: not to be changed."""

FILL_VERSIONS = (
    "INSERT INTO versions SELECT key, outlet_id, page_key(source), language, published_at, 1 FROM articles",
    f"UPDATE versions SET is_latest = 0 WHERE NOT ({_IS_LATEST})",  # noqa: S608 - our own columns
)
"""Make the rows of all articles, in an empty table."""


class VersionTables(Catalog):
    """Tells which articles are the latest texts of their pages."""

    def latest_articles(self, ids: Iterable[ArticleId] | None = None) -> list[Article]:
        """Give the latest version of every page, in the order of adding; of some ids, those that are latest."""
        chosen = "" if ids is None else " AND id IN (SELECT value FROM json_each(?))"
        return self._articles_where(f"is_latest{chosen}", () if ids is None else (json_list(ids),))

    def articles_of_page(self, key: str) -> list[Article]:
        """Give every text of a page that is here, of whichever outlet, in the order of adding.

        Args:
            key: of `xsource.addresses.address_key`.
        """
        return self._articles_where("page IN (SELECT value FROM json_each(?))", (json_list([key]),))

    def articles_named(self, name: str) -> list[Article]:
        """Give every article with this id, of the outlet with this id, or of the page at this address."""
        # As lists, because JSON can say what is no text: a command line may hold half a character.
        chosen = (
            "key IN (SELECT key FROM articles WHERE id IN (SELECT value FROM json_each(?1))"
            " UNION SELECT key FROM articles WHERE outlet_id IN (SELECT value FROM json_each(?1))"
            " UNION SELECT article_key FROM versions WHERE page IN (SELECT value FROM json_each(?2)))"
        )
        return self._articles_where(chosen, (json_list([name]), json_list([page_key(name)])))

    def latest_outlets(self) -> dict[ArticleId, OutletId]:
        """Give the outlet of every article that is the latest version of its page, in the order of adding."""
        rows = self._rows(
            "SELECT id, versions.outlet_id FROM versions JOIN articles ON key = article_key WHERE is_latest"
            " ORDER BY article_key"
        )
        return {ArticleId(str(id_)): OutletId(str(outlet)) for id_, outlet in rows}

    def count_latest(self) -> Counter[tuple[OutletId, Language]]:
        """Count the latest versions by outlet and language."""
        rows = self._rows("SELECT outlet_id, language, count(*) FROM versions WHERE is_latest GROUP BY 1, 2")
        return Counter(
            {
                (OutletId(str(outlet)), cast("Language", language)): cast("int", count)
                for outlet, language, count in rows
            }
        )

    def _articles_where(self, condition: str, parameters: tuple[object, ...]) -> list[Article]:
        columns = ", ".join(f"articles.{name}" for name in ARTICLE_COLUMNS.split(", "))
        rows = self._rows(
            f"SELECT {columns} FROM articles JOIN versions ON article_key = key"  # noqa: S608 - our own columns
            f" WHERE {condition} ORDER BY key",
            parameters,
        )
        return [article_of(row) for row in rows]

    def _version_faults(self) -> Iterator[int]:
        """Count articles whose rows are absent or wrong, rows of no article, and wrong marks of the latest."""
        yield cast(
            "int",
            self._rows(
                "SELECT count(*) FROM articles LEFT JOIN versions ON article_key = key WHERE"
                " (versions.outlet_id, page, versions.language, versions.published_at)"
                " IS NOT (articles.outlet_id, page_key(source), articles.language, articles.published_at)"
            )[0][0],
        )
        orphans = "SELECT count(*) FROM versions WHERE article_key NOT IN (SELECT key FROM articles)"
        yield cast("int", self._rows(orphans)[0][0])
        yield cast(
            "int",
            self._rows(f"SELECT count(*) FROM versions WHERE is_latest IS NOT ({_IS_LATEST})")[0][0],  # noqa: S608
        )


def insert_version(connection: sqlite3.Connection, key: int, article: Article, published_at: object) -> str:
    """Add the row of a new article, and give its page."""
    page = page_key(article.source)
    connection.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?, ?, 1)",
        (key, article.outlet_id, page, article.language, published_at),
    )
    return page


def pages_of(connection: sqlite3.Connection, ids: str) -> list[str]:
    """Give the pages of articles, whose ids are a list in JSON."""
    rows = connection.execute(
        "SELECT DISTINCT page FROM versions JOIN articles ON key = article_key"
        " WHERE id IN (SELECT value FROM json_each(?))",
        (ids,),
    )
    return [page for (page,) in rows]


def mark_latest(connection: sqlite3.Connection, pages: Iterable[str]) -> None:
    """Say anew which text of each of these pages is the latest: after some came or went."""
    connection.execute(
        f"UPDATE versions SET is_latest = NOT is_latest WHERE is_latest IS NOT ({_IS_LATEST})"  # noqa: S608
        " AND page IN (SELECT value FROM json_each(?))",
        (json_list(set(pages)),),
    )


def refill_versions(connection: sqlite3.Connection) -> None:
    """Make the whole table again from the articles, inside the caller's transaction."""
    connection.execute("DELETE FROM versions")
    for statement in FILL_VERSIONS:
        connection.execute(statement)
