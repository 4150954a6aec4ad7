"""What was found, and what of it was shown: comparisons in brief, looks, and their editions.

A comparison in brief is kept under a name of everything it follows from, so it is derived: it can be made
again. A look refers to those that it has shown; an edition is what was new then, and stays until it was told.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

import msgspec

from xsource.daily import Edition, NotedStory, of_document, to_document
from xsource.errors import IndexStateError, StorageError
from xsource.store.catalog import Catalog, json_list
from xsource.store.connection import sqlite_errors, transaction
from xsource.store.tables import microseconds, moment

CREATE_LOOKS = (
    # `content` is JSON, compressed: quotes come again in every divergence of a claim. `divergences`: the ids in
    # it, each with a space before it, to find one by its first digits.
    """CREATE TABLE IF NOT EXISTS noted_stories (
        name TEXT PRIMARY KEY, divergences TEXT NOT NULL, content BLOB NOT NULL,
        digest TEXT GENERATED ALWAYS AS (row_digest(name, divergences, content)) STORED
    ) WITHOUT ROWID""",
    # `at` is in microseconds since 1970 UTC, `shown` a JSON list of names of `noted_stories`.
    """CREATE TABLE IF NOT EXISTS looks (
        name TEXT PRIMARY KEY, edition INTEGER NOT NULL, at INTEGER NOT NULL, min_confidence REAL NOT NULL,
        recipe TEXT NOT NULL, shown TEXT NOT NULL, sighting INTEGER NOT NULL,
        digest TEXT GENERATED ALWAYS AS (
            row_digest(name, edition, at, min_confidence, recipe, shown, sighting)
        ) STORED
    ) WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS editions (
        look TEXT NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, is_told INTEGER NOT NULL,
        content BLOB NOT NULL,
        digest TEXT GENERATED ALWAYS AS (row_digest(look, number, at, is_told, content)) STORED,
        PRIMARY KEY (look, number)
    ) WITHOUT ROWID""",
    # How often a command was run on an item of an edition, and whether it ended well.
    """CREATE TABLE IF NOT EXISTS runs (
        look TEXT NOT NULL, number INTEGER NOT NULL, item TEXT NOT NULL, attempts INTEGER NOT NULL,
        is_done INTEGER NOT NULL,
        digest TEXT GENERATED ALWAYS AS (row_digest(look, number, item, attempts, is_done)) STORED,
        PRIMARY KEY (look, number, item)
    ) WITHOUT ROWID""",
)

T = TypeVar("T")

_LEVEL = 3
"""Of zlib: a ninth of the size; higher levels take longer and save little."""

EDITIONS_KEPT = 100
"""Of each look: as many as a feed reader that was away for some weeks may ask for."""


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody has been shown.

    Attributes:
        edition: number of the last edition; 0 before the first.
        at: when it was last taken, UTC.
        min_confidence: divergences below it were not shown.
        recipe: of what the comparisons were made by, see `xsource.pipeline.daily.known`.
        shown: names of the comparisons in brief that were shown.
        sighting: key of the last sighting of a followed claim that was shown.
    """

    name: str
    edition: int
    at: datetime
    min_confidence: float
    recipe: str
    shown: tuple[str, ...]
    sighting: int


class LookTables(Catalog):
    """Keeps comparisons in brief, looks and editions. None of it changes what the index holds."""

    def noted_names(self, names: Iterable[str]) -> set[str]:
        """Give those of the names under which a comparison in brief is kept."""
        rows = self._rows(
            "SELECT name FROM noted_stories WHERE name IN (SELECT value FROM json_each(?))", (json_list(names),)
        )
        return {str(name) for (name,) in rows}

    def noted_stories(self, names: Iterable[str]) -> dict[str, NotedStory]:
        """Give comparisons in brief by name; unknown names are left out.

        Raises:
            IndexStateError: one is damaged.
        """
        rows = self._rows(
            "SELECT name, content FROM noted_stories WHERE name IN (SELECT value FROM json_each(?))",
            (json_list(names),),
        )
        with self._reading_kept("a comparison in brief"):
            return {str(name): _unpacked(NotedStory, content) for name, content in rows}

    def names_with_divergence(self, beginning: str, among: Iterable[str]) -> list[str]:
        """Give the names, of those given, of comparisons with a divergence whose id begins so.

        A name comes as often as such divergences do.
        """
        rows = self._rows(
            "SELECT name, divergences FROM noted_stories"
            " WHERE name IN (SELECT value FROM json_each(?)) AND instr(divergences, ?) > 0",
            (json_list(among), f" {beginning}"),
        )
        return [str(name) for name, ids in rows for _ in range(str(ids).count(f" {beginning}"))]

    def keep_noted(self, stories: Mapping[str, NotedStory]) -> None:
        """Keep comparisons in brief by name; what is there stays."""
        rows = [
            (
                name,
                "".join(f" {divergence.id}" for divergence in story.divergences),
                _packed(story),
            )
            for name, story in stories.items()
        ]
        with self._noting():
            self._connection.executemany(
                "INSERT OR IGNORE INTO noted_stories (name, divergences, content) VALUES (?, ?, ?)", rows
            )

    def noted_rows(self) -> Iterator[list[tuple[object, ...]]]:
        """Give all comparisons in brief as they are stored, some at a time, for `add_noted_rows`."""
        names = [str(name) for (name,) in self._rows("SELECT name FROM noted_stories ORDER BY name")]
        for start in range(0, len(names), 256):
            yield self._rows(
                "SELECT name, divergences, content FROM noted_stories"
                " WHERE name IN (SELECT value FROM json_each(?))",
                (json_list(names[start : start + 256]),),
            )

    def add_noted_rows(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Keep rows of another index's `noted_rows`; what is here stays."""
        with self._noting():
            self._connection.executemany(
                "INSERT OR IGNORE INTO noted_stories (name, divergences, content) VALUES (?, ?, ?)", rows
            )

    def looks(self) -> list[Look]:
        """Give all looks, by name.

        Raises:
            IndexStateError: one is damaged.
        """
        rows = self._rows(
            "SELECT name, edition, at, min_confidence, recipe, shown, sighting FROM looks ORDER BY name"
        )
        with self._reading_kept("a look"):
            return [
                Look(name, edition, moment(at), confidence, recipe, tuple(json.loads(shown)), sighting)
                for name, edition, at, confidence, recipe, shown, sighting in cast(
                    "list[tuple[str, int, int, float, str, str, int]]", rows
                )
            ]

    def take_look(self, look: Look, edition: Edition | None, *, present: Collection[str]) -> None:
        """Remember what is shown now, and what of it is news, in one transaction.

        Comparisons in brief that no look refers to any more are let go, and so are editions that were told, but
        for the last `EDITIONS_KEPT`.

        Args:
            look: as it is from now on.
            edition: what is to be told; `None` where nothing is new.
            present: names of the comparisons that are of today.
        """
        with self._noting() as connection:
            _write_look(connection, look)
            if edition is not None:
                connection.execute(
                    "INSERT INTO editions (look, number, at, is_told, content) VALUES (?, ?, ?, 0, ?)",
                    (edition.look, edition.number, microseconds(edition.at), _packed(edition)),
                )
                oldest = (edition.look, edition.number - EDITIONS_KEPT)
                connection.execute("DELETE FROM editions WHERE look = ? AND number <= ? AND is_told", oldest)
                connection.execute("DELETE FROM runs WHERE look = ? AND number <= ?", oldest)
            connection.execute(
                "DELETE FROM noted_stories WHERE name NOT IN (SELECT value FROM json_each(?))"
                " AND name NOT IN (SELECT value FROM looks, json_each(looks.shown))",
                (json_list(present),),
            )

    def forget_look(self, name: str) -> None:
        """Forget a look and its editions."""
        with self._noting() as connection:
            for table, column in (("looks", "name"), ("editions", "look"), ("runs", "look")):
                connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (name,))  # noqa: S608

    def editions(self, look: str, *, last: int | None = None) -> list[Edition]:
        """Give editions of a look in their order, the last so many of them when that is said.

        Raises:
            IndexStateError: one is damaged.
        """
        rows = self._rows(
            "SELECT content FROM editions WHERE look = ? ORDER BY number DESC LIMIT ?",
            (look, -1 if last is None else last),
        )
        with self._reading_kept("an edition"):
            return [_unpacked(Edition, content) for (content,) in reversed(rows)]

    def untold_editions(self, look: str) -> list[Edition]:
        """Give the editions that were made and not told to the end, in their order.

        Raises:
            IndexStateError: one is damaged.
        """
        rows = self._rows(
            "SELECT content FROM editions WHERE look = ? AND NOT is_told ORDER BY number", (look,)
        )
        with self._reading_kept("an edition"):
            return [_unpacked(Edition, content) for (content,) in rows]

    def note_told(self, look: str, number: int) -> None:
        """Remember that an edition was told."""
        with self._noting() as connection:
            connection.execute("UPDATE editions SET is_told = 1 WHERE look = ? AND number = ?", (look, number))

    def runs(self, look: str, number: int) -> dict[str, tuple[int, bool]]:
        """Give the items of an edition that a command was run on: how often, and whether it ended well."""
        rows = self._rows(
            "SELECT item, attempts, is_done FROM runs WHERE look = ? AND number = ?", (look, number)
        )
        return {str(item): (cast("int", attempts), bool(is_done)) for item, attempts, is_done in rows}

    def note_run(self, look: str, number: int, item: str, attempts: int, *, is_done: bool) -> None:
        """Remember that a command was run on an item."""
        with self._noting() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO runs ({_COLUMNS['runs']}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608
                (look, number, item, attempts, int(is_done)),
            )

    def look_rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Give looks, editions and runs as they are stored, for `add_look_rows`."""
        return {table: self._rows(f"SELECT {columns} FROM {table}") for table, columns in _COLUMNS.items()}  # noqa: S608

    def add_look_rows(self, rows: Mapping[str, Sequence[tuple[object, ...]]]) -> None:
        """Keep looks of another index's `look_rows`, with what belongs to them; a look that is here stays."""
        with self._noting() as connection:
            here = {name for (name,) in connection.execute("SELECT name FROM looks")}
            for table, columns in _COLUMNS.items():
                marks = ", ".join("?" for _ in columns.split(","))
                connection.executemany(
                    f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - our own columns
                    [row for row in rows[table] if row[0] not in here],
                )

    @contextmanager
    def _noting(self) -> Iterator[Any]:
        """Run the block as one transaction that is no change of what the index holds."""
        if not self._writable:
            raise StorageError(f"{self._catalog_path}: opened for reading, not for writing")
        with sqlite_errors(self._catalog_path), transaction(self._connection):
            yield self._connection

    @contextmanager
    def _reading_kept(self, what: str) -> Iterator[None]:
        try:
            yield
        except (ValueError, KeyError, TypeError, OverflowError) as exc:
            raise IndexStateError(
                f"{self._catalog_path}: {what} is damaged: {exc!r}",
                "run `xsource doctor`; restore the catalogue from a backup",
            ) from exc


_COLUMNS = {
    "looks": "name, edition, at, min_confidence, recipe, shown, sighting",
    "editions": "look, number, at, is_told, content",
    "runs": "look, number, item, attempts, is_done",
}


def _write_look(connection: Any, look: Look) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO looks ({_COLUMNS['looks']}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            look.name,
            look.edition,
            microseconds(look.at),
            look.min_confidence,
            look.recipe,
            json_list(look.shown),
            look.sighting,
        ),
    )


def _packed(value: object) -> bytes:
    # A lone surrogate, half a letter of a badly cut file, must not keep a quote from being stored.
    text = json.dumps(to_document(value), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def _unpacked(kind: type[T], content: object) -> T:
    """Read what `_packed` gave.

    Raises:
        ValueError: it is something else.
    """
    try:
        text = zlib.decompress(cast("bytes", content))
    except zlib.error as exc:
        raise ValueError(str(exc)) from exc
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):  # half a letter is no UTF-8, or something else is wrong
        return of_document(kind, json.loads(text.decode("utf-8", "surrogatepass")))
