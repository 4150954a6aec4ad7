"""The ground under the tables: one open catalogue, its transactions and its generation."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xsource.errors import StorageError
from xsource.records import stable_id
from xsource.store.connection import sqlite_errors


class Catalog:
    """An open catalogue. Readers hold one snapshot; each write is a transaction that raises `generation`."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, writable: bool) -> None:
        self._connection = connection
        self._catalog_path = path
        self._writable = writable

    @property
    def generation(self) -> int:
        """How many writes this index has seen; 0 for an empty one."""
        return int(self._state("generation", "0"))

    @property
    def embedder_id(self) -> str | None:
        """Whose vectors these are; `None` before any embedder was named."""
        return self._state("embedder_id", "") or None

    @property
    def dimension(self) -> int | None:
        """Columns of every vector; `None` before any embedder was named."""
        stored = self._state("dimension", "")
        return int(stored) if stored else None

    def _state(self, name: str, default: str) -> str:
        found = self._rows("SELECT value FROM state WHERE name = ?", (name,))
        return str(found[0][0]) if found else default

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
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                before = self._connection.total_changes
                yield self._connection
                if self._connection.total_changes > before:
                    self._set_state("generation", str(self.generation + 1))
                self._connection.execute("COMMIT")
            except BaseException:
                # SQLite itself has ended the transaction after some errors, a full disk among them.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def _vectors_changed(self, change: str, article_ids: Sequence[str]) -> None:
        """Name the present set of vectors anew, so that a vector file made of another set is known as stale.

        The name hashes all changes so far: a catalogue that was put back from a backup and written again
        reaches the same generation with another name.
        """
        self._set_state("vector_generation", str(self.generation + 1))
        self._set_state(
            "vector_stamp", stable_id(self._state("vector_stamp", ""), change, *sorted(article_ids))
        )


def json_list(values: Iterable[object]) -> str:
    """Make one parameter of any number of values, read in SQL by `json_each`."""
    return json.dumps(list(values))
