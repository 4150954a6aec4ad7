"""What `doctor` looks for in a catalogue: the shape of its pages, counts, spans, hashes of what was written."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from xsource.errors import IndexStateError, StorageError
from xsource.records import LANGUAGES, ArticleId
from xsource.store.article_tables import ArticleTables
from xsource.store.catalog import SEALED_TABLES, json_list, table_digest
from xsource.store.connection import sqlite_errors, transaction
from xsource.store.durable import sync_folder
from xsource.store.reading_notes import NOTE_DIGEST
from xsource.store.tables import ARTICLE_COLUMNS, SENTENCE_COLUMNS, article_digest
from xsource.store.version_tables import refill_versions

_ARTICLES_A_READ = 128
_NAMED = 3
_CACHES = {
    "translations": "row_digest(text_hash, route, engine, target, text, warnings, written)",
    "noted_stories": "row_digest(name, divergences, content)",
}
_KEPT_ROWS = {
    "looks": "row_digest(name, edition, at, min_confidence, recipe, shown, sighting)",
    "editions": "row_digest(look, number, at, is_told, content)",
    "runs": "row_digest(look, number, item, attempts, is_done)",
    "follows": "row_digest(id, content, at, ended, noted)",
    "sightings": "row_digest(follow_id, told, at, content)",
}
"""Tables that grow and are no caches: each row has its own hash, as a whole they would be hashed too often."""
_IMPOSSIBLE = {
    "a language that is none of ours": f"language NOT IN ({', '.join(repr(code) for code in LANGUAGES)})",
    # Microseconds of the years 1 to 9999, which is what dates hold.
    "a date that cannot be": "published_at IS NOT NULL AND (typeof(published_at) != 'integer'"
    " OR published_at NOT BETWEEN -62135596800000000 AND 253402300799999999)",
    "a text that is none": "typeof(text) != 'text' OR typeof(title) != 'text' OR typeof(source) != 'text'",
}
_AGAIN = "restore a backup; or `xsource remove` these articles and build their files again"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with an index.

    Attributes:
        where: the file.
        message: what was found and what was expected.
        is_repairable: `repair()` makes it right, because it is derived from the catalogue or a cache.
        hint: what to do where it is not.
    """

    where: Path
    message: str
    is_repairable: bool
    hint: str = ""


class CatalogChecks(ArticleTables):
    """Compares a catalogue with itself."""

    def check_catalog(self) -> list[Finding]:
        """Look for faults of the catalogue alone. Reads all of it."""
        found: list[Finding] = []
        try:
            # One after the other, so that what was found before the catalogue became unreadable is kept.
            found.extend(self._catalog_faults())
        except IndexStateError as exc:
            found.append(Finding(self._catalog_path, exc.message, is_repairable=False))
        except sqlite3.DatabaseError as exc:
            # What SQLite says of a schema that was changed has no end.
            found.append(Finding(self._catalog_path, f"SQLite says: {exc}", is_repairable=False))
        except (ValueError, TypeError, OverflowError) as exc:
            # A value of another type than was written: SQLite keeps to types only loosely.
            message = f"holds what was never written: {exc}"
            found.append(Finding(self._catalog_path, message, is_repairable=False))
        return found

    def _catalog_faults(self) -> Iterator[Finding]:
        path = self._catalog_path
        for (line,) in self._rows("PRAGMA integrity_check(20)"):
            if line != "ok":
                is_index = " index " in f" {line} "
                yield Finding(path, f"SQLite finds: {line}", is_repairable=is_index)
        # Rows of `versions` are made again from the articles; what is wrong with them is counted below.
        broken = [row for row in self._rows("PRAGMA foreign_key_check") if row[0] != "versions"]
        if broken:
            tables = ", ".join(sorted({str(row[0]) for row in broken}))
            yield Finding(path, f"{len(broken)} rows of {tables} belong to nothing", is_repairable=False)
        yield from self._value_faults()
        yield from self._vector_faults()
        yield from self._span_faults()
        yield from self._article_faults()
        wrong = sum(self._version_faults())
        if wrong:
            yield Finding(
                path, f"{wrong} articles are wrongly told from other texts of their page", is_repairable=True
            )
        yield from self._cache_faults()
        yield from self._note_faults()
        yield from self._table_faults()

    def _value_faults(self) -> Iterator[Finding]:
        """Look for values that no build writes: they may be damage, or made to break whoever reads them."""
        for what, condition in _IMPOSSIBLE.items():
            ((count,),) = self._rows(f"SELECT count(*) FROM articles WHERE {condition}")  # noqa: S608 - our own words
            if count:
                yield Finding(
                    self._catalog_path, f"{count} articles have {what}", is_repairable=False, hint=_AGAIN
                )

    def _vector_faults(self) -> Iterator[Finding]:
        path = self._catalog_path
        (count,) = self._rows(
            "SELECT count(*) FROM sentences LEFT JOIN vectors ON sentence_key = key WHERE vector IS NULL"
        )[0]
        if count:
            yield Finding(path, f"{count} sentences have no vector", is_repairable=False)
        (count,) = self._rows(
            "SELECT count(*) FROM vectors WHERE length(vector) != ?", (4 * (self.dimension or 0),)
        )[0]
        if count:
            yield Finding(path, f"{count} vectors are not of {self.dimension} values", is_repairable=False)

    def _span_faults(self) -> Iterator[Finding]:
        """Compare spans with the lengths of texts in code points, which SQL counts only up to a NUL."""
        ends = self._rows(
            "SELECT articles.text, max(sentences.end), min(sentences.start) FROM articles"
            " JOIN sentences ON article_key = articles.key GROUP BY articles.key"
        )
        outside = sum(
            not 0 <= cast("int", start) <= cast("int", end) <= len(cast("str", text))
            for text, end, start in ends
        )
        if outside:
            yield Finding(
                self._catalog_path, f"{outside} articles have sentences outside their text", is_repairable=False
            )

    def _article_faults(self) -> Iterator[Finding]:
        """Compare each article, its sentences and their vectors with the hash that was written with them."""
        changed = list(self._changed_articles())
        if changed:
            named = ", ".join(changed[:_NAMED]) + (", ..." if len(changed) > _NAMED else "")
            yield Finding(
                self._catalog_path,
                f"{len(changed)} articles are not what was written, or their sentences or vectors: {named}",
                is_repairable=False,
                hint=_AGAIN,
            )

    def require_whole(self, ids: Iterable[ArticleId]) -> None:
        """Compare articles with the hashes that were written with them, before anything of them is quoted.

        Each is compared once as long as the index is open.

        Raises:
            IndexStateError: one is not what was written, or its sentences or vectors.
        """
        wanted = [id_ for id_ in ids if id_ not in self._whole]
        for start in range(0, len(wanted), _ARTICLES_A_READ):
            block = wanted[start : start + _ARTICLES_A_READ]
            rows = self._rows(
                f"SELECT key, digest, {ARTICLE_COLUMNS} FROM articles"  # noqa: S608 - our own columns
                " WHERE id IN (SELECT value FROM json_each(?))",
                (json_list(block),),
            )
            changed = list(self._changed_among(rows))
            if changed:
                raise IndexStateError(
                    f"{self._catalog_path}: the article {changed[0]} is not what was written: it was damaged",
                    f"xsource doctor names all damage; {_AGAIN}",
                )
            self._whole.update(block)

    @cached_property
    def _whole(self) -> set[ArticleId]:
        return set()

    def _changed_articles(self) -> Iterator[str]:
        after = -1
        while rows := self._rows(
            f"SELECT key, digest, {ARTICLE_COLUMNS} FROM articles WHERE key > ? ORDER BY key LIMIT ?",  # noqa: S608
            (after, _ARTICLES_A_READ),
        ):
            after = cast("int", rows[-1][0])
            yield from self._changed_among(rows)

    def _changed_among(self, rows: Sequence[tuple[object, ...]]) -> Iterator[str]:
        """Give the ids of those that are not what was written; rows are key, digest and `ARTICLE_COLUMNS`."""
        found = self._rows(
            f"SELECT article_key, vector, {SENTENCE_COLUMNS} FROM sentences"  # noqa: S608 - our own columns
            " LEFT JOIN vectors ON sentence_key = sentences.key"
            " WHERE article_key IN (SELECT value FROM json_each(?)) ORDER BY article_key, position",
            (json_list(row[0] for row in rows),),
        )
        parts: dict[object, tuple[list[tuple[object, ...]], list[bytes]]] = {}
        for article_key, vector, *sentence in found:
            sentences, vectors = parts.setdefault(article_key, ([], []))
            sentences.append(tuple(sentence))
            vectors.append(vector if isinstance(vector, bytes) else b"")
        for key, digest, *values in rows:
            sentences, vectors = parts.get(key, ([], []))
            if digest is not None and article_digest(values, sentences, vectors) != digest:
                yield str(values[0])

    def _cache_faults(self) -> Iterator[Finding]:
        for table, expected in _CACHES.items():
            (count,) = self._rows(f"SELECT count(*) FROM {table} WHERE digest IS NOT {expected}")[0]  # noqa: S608
            if count:
                yield Finding(
                    self._catalog_path,
                    f"{count} rows of {table}, a cache, are not what was written",
                    is_repairable=True,
                )
        for table, expected in _KEPT_ROWS.items():
            (count,) = self._rows(f"SELECT count(*) FROM {table} WHERE digest IS NOT {expected}")[0]  # noqa: S608
            if count:
                yield Finding(
                    self._catalog_path,
                    f"{count} rows of {table} are not what was written",
                    is_repairable=False,
                    hint="restore a backup",
                )

    def _note_faults(self) -> Iterator[Finding]:
        ((count,),) = self._rows(f"SELECT count(*) FROM reading_notes WHERE digest IS NOT {NOTE_DIGEST}")  # noqa: S608
        if count:
            message = f"{count} notes on how articles were read are not what was written"
            yield Finding(self._catalog_path, message, is_repairable=False, hint=_AGAIN)

    def _table_faults(self) -> Iterator[Finding]:
        kept = dict(cast("list[tuple[str, str]]", self._rows("SELECT name, digest FROM digests")))
        if not kept:  # an index of an older program, not written since
            return
        with sqlite_errors(self._catalog_path):
            changed = [
                name
                for name, query in SEALED_TABLES.items()
                if kept.get(name) != table_digest(self._connection, query)
            ]
        if kept.keys() - SEALED_TABLES.keys():
            changed.append("digests")
        if changed:
            yield Finding(
                self._catalog_path, f"{', '.join(changed)} are not what was written", is_repairable=False
            )


def repair_catalog(connection: sqlite3.Connection, catalog: Path) -> Path:
    """Make again what a catalogue derives from itself, after a copy of it was made: its indexes and its caches.

    Returns:
        Where the copy is.

    Raises:
        StorageError: there is no room for a copy; nothing was touched.
    """
    copy = _copy_before_repair(connection, catalog)
    with sqlite_errors(catalog):
        connection.execute("REINDEX")
        with transaction(connection):
            for table, expected in _CACHES.items():
                connection.execute(f"DELETE FROM {table} WHERE digest IS NOT {expected}")  # noqa: S608
            refill_versions(connection)
    return copy


def _copy_before_repair(connection: sqlite3.Connection, catalog: Path) -> Path:
    number = 1
    while (copy := catalog.with_name(f"{catalog.name}.before-repair-{number}")).exists():
        number += 1
    try:
        with sqlite_errors(catalog):
            # What is in the write-ahead log only must be in the copy too. The copy is of the file and not made
            # through SQLite, which would leave out what it cannot read.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(catalog, copy)
        sync_folder(catalog.parent)
    except OSError as exc:
        copy.unlink(missing_ok=True)
        raise StorageError(
            f"{copy}: the catalogue cannot be copied, and is not repaired without a copy: {exc.strerror}",
            "free some space",
        ) from exc
    return copy


__all__ = ["CatalogChecks", "Finding", "repair_catalog"]
