"""The ground under the tables: one open catalogue, its transactions and its generation."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xsource.errors import IndexStateError, StorageError
from xsource.records import stable_id
from xsource.store.connection import sqlite_errors, transaction


class Catalog:
    """An open catalogue. Readers hold one snapshot; each write is a transaction that raises `generation`."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        self._connection = connection
        self._catalog_path = path
        self._writable = writable

    @property
    def generation(self) -> int:
        """How many writes this index has seen; 0 for an empty one."""
        return self._state_number("generation", "0")

    @property
    def embedder_id(self) -> str | None:
        """Whose vectors these are; `None` before any embedder was named."""
        return self._state("embedder_id", "") or None

    @property
    def dimension(self) -> int | None:
        """Columns of every vector; `None` before any embedder was named."""
        return self._state_number("dimension", "0") or None

    def _state(self, name: str, default: str) -> str:
        found = self._rows("SELECT value FROM state WHERE name = ?", (name,))
        return str(found[0][0]) if found else default

    def _state_number(self, name: str, default: str) -> int:
        stored = self._state(name, default)
        try:
            return int(stored)
        except ValueError as exc:
            raise IndexStateError(
                f"{self._catalog_path}: the catalogue is damaged: {name} is {stored[:40]!r}, not a number",
                "run `xsource doctor`; restore the file from a backup, or build the index again",
            ) from exc

    def _set_state(self, name: str, value: str) -> None:
        self._connection.execute(
            "INSERT INTO state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[object, ...]]:
        with sqlite_errors(self._catalog_path):
            return self._connection.execute(query, parameters).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction that also raises the generation, if it changes anything.

        After an error none of it stays.
        """
        if not self._writable:
            raise StorageError(f"{self._catalog_path}: opened for reading, not for writing")
        with sqlite_errors(self._catalog_path):
            with transaction(self._connection):
                before = self._connection.total_changes
                yield self._connection
                if self._connection.total_changes > before:
                    self._set_state("generation", str(self.generation + 1))
                    seal_tables(self._connection)
            self._committed()

    def _committed(self) -> None:
        """Called when a transaction is on disk."""

    def _vectors_changed(self, change: str, what: Sequence[str]) -> None:
        """Name the present set of vectors anew, so that a vector file made of another set is known as stale.

        The name hashes all changes so far: a catalogue that was put back from a backup and written again
        reaches the same generation with another name.

        Args:
            change: `add` or `remove`.
            what: hashes of the articles that came, vectors and all, or the ids of those that went; in order.
        """
        self._set_state("vector_generation", str(self.generation + 1))
        self._set_state("vector_stamp", stable_id(self._state("vector_stamp", ""), change, *what))


SEALED_TABLES = {
    "language_means": "SELECT * FROM language_means ORDER BY 1",
    "outlets": "SELECT * FROM outlets ORDER BY 1",
    "problems": "SELECT * FROM problems ORDER BY 1",
    "settings": "SELECT * FROM settings ORDER BY 1",
    "sqlite_schema": "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2",
    "sqlite_sequence": "SELECT name, seq FROM sqlite_sequence ORDER BY 1",
    # Which vector file or collection is sound is noted outside of transactions that change what is held.
    "state": "SELECT * FROM state WHERE name NOT IN ('vector_file', 'milvus_collection', 'milvus_base')"
    " ORDER BY 1",
    "verdicts": "SELECT * FROM verdicts ORDER BY 1",
}
"""Tables that are hashed as a whole, with the query that gives what is hashed."""


def seal_tables(connection: sqlite3.Connection) -> None:
    """Keep the hash of each small table, as part of the transaction that changes it."""
    kept = dict(connection.execute("SELECT name, digest FROM digests"))
    for name, query in SEALED_TABLES.items():
        digest = table_digest(connection, query)
        if kept.get(name) != digest:
            connection.execute("INSERT OR REPLACE INTO digests VALUES (?, ?)", (name, digest))


def table_digest(connection: sqlite3.Connection, query: str) -> str:
    """Hash all rows that a query gives."""
    digest = hashlib.blake2b(digest_size=16)
    for row in connection.execute(query):
        digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def json_list(values: Iterable[object]) -> str:
    """Make one parameter of any number of values, read in SQL by `json_each`."""
    return json.dumps(list(values))
