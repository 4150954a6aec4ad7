"""An index folder: the catalogue, which is the only truth, and the vector file that is derived from it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from xsource.errors import IndexStateError, StorageError
from xsource.records import FloatMatrix, SentenceId
from xsource.store.cache_tables import CacheTables
from xsource.store.connection import CATALOG_FILE, WriterLock, connect, sqlite_errors
from xsource.store.findings import CheckedTables, Finding
from xsource.store.schema import SCHEMA_VERSION, catalog_version, migrate
from xsource.store.vector_stores import FlatVectorStore
from xsource.store.verdicts import VerdictTables

Mode = Literal["read", "write"]
_VECTOR_FILES = "vectors-*.faiss"
_PARTIAL_FILES = ".vectors-*.partial"


def open_index(
    path: Path, *, mode: Mode, embedder_id: str | None = None, dimension: int | None = None
) -> Index:
    """Open an index folder; in `write` mode an absent one is made.

    Args:
        path: the folder.
        mode: `read` sees the index as it is now until `refresh()`; `write` is for one process at a time.
        embedder_id: whose vectors are meant. Needed to make an index; otherwise checked when given.
        dimension: columns of that embedder's vectors.

    Raises:
        IndexStateError: there is no index, another embedder made it, a newer program made it, or it is damaged.
        StorageError: another process is writing, the disk is full, or the folder cannot be used.
    """
    catalog = path / CATALOG_FILE
    if mode == "read":
        if not catalog.is_file():
            raise IndexStateError(f"{path}: no index here", f"make one: xsource build PATH --index {path}")
        lock = None
        _bring_up_to_date(catalog)
    else:
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise StorageError(
                f"{path}: cannot be made: {exc.strerror}", "give another folder with --index"
            ) from exc
        lock = WriterLock(path)
    try:
        connection = connect(catalog, writable=mode == "write")
        try:
            with sqlite_errors(catalog):
                if mode == "write":
                    migrate(connection, str(catalog))
                index = Index(path, connection, lock)
                index._begin(embedder_id, dimension)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return index


def _bring_up_to_date(catalog: Path) -> None:
    """Let a reader open an index that an older version of this program made."""
    connection = connect(catalog, writable=False)
    try:
        with sqlite_errors(catalog):
            version = catalog_version(connection, str(catalog))
    finally:
        connection.close()
    if version < SCHEMA_VERSION:
        lock = WriterLock(catalog.parent)
        try:
            writing = connect(catalog, writable=True)
            try:
                with sqlite_errors(catalog):
                    migrate(writing, str(catalog))
            finally:
                writing.close()
        finally:
            lock.release()


class Index(CheckedTables, CacheTables, VerdictTables):
    """An open index; a context manager. Made by `open_index`. For one thread at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        super().__init__(connection, path / CATALOG_FILE, writable=lock is not None)
        self.path = path
        self._lock = lock
        self._store: FlatVectorStore | None = None
        self._store_name = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the snapshot or the right to write. Closing twice is no error."""
        self._store = None
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._connection.close()
        except sqlite3.ProgrammingError:  # closed already
            pass
        finally:
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def refresh(self) -> None:
        """Let a reader see what was written since it opened the index."""
        if not self._writable:
            with sqlite_errors(self._catalog_path):
                self._connection.execute("COMMIT")
            self._hold_snapshot()

    def _begin(self, embedder_id: str | None, dimension: int | None) -> None:
        """Take the snapshot or the right to write, and check or set the embedder."""
        if not self._writable:
            self._hold_snapshot()
        made_by = self.embedder_id
        if made_by is None and embedder_id is not None and self._writable:
            if dimension is None:
                raise ValueError("an embedder was named without its dimension")
            with self._writing():
                self._set_state("embedder_id", embedder_id)
                self._set_state("dimension", str(dimension))
        elif embedder_id is not None and made_by != embedder_id:
            raise IndexStateError(
                f"{self.path}: made by the embedder {made_by}, but {embedder_id} is asked for",
                "use that embedder, or build another index with --index DIR",
            )

    def _hold_snapshot(self) -> None:
        with sqlite_errors(self._catalog_path):
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM state").fetchone()  # the snapshot begins with a read

    def search(
        self,
        queries: FloatMatrix,
        k: int,
        *,
        outlets: Iterable[str] | None = None,
        languages: Iterable[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        only_claims: bool = False,
    ) -> list[list[tuple[SentenceId, float]]]:
        """Find the k sentences nearest to each of (m, d) unit queries, by cosine, highest first.

        Filters act inside the search: k sentences that pass them are found when there are as many.

        Args:
            queries: vectors of the index's embedder, made as the stored ones were.
            k: at least 1.
            outlets: ids of outlets whose articles count.
            languages: codes of languages that count.
            since: articles published at this moment or later. One without a date is not found by date.
            until: articles published before this moment.
            only_claims: leave out sentences that are no claims.
        """
        store = self.vector_store()
        filtered = only_claims or not (
            outlets is None and languages is None and since is None and until is None
        )
        allowed = (
            self._keys_where(outlets, languages, since, until, only_claims=only_claims) if filtered else None
        )
        keys, cosines = store.search(queries, k, allowed)
        ids = self._ids_of_keys({int(key) for key in keys.ravel() if key >= 0})
        return [
            [
                (ids[int(key)], float(cosine))
                for key, cosine in zip(row_keys, row_cosines, strict=True)
                if key >= 0
            ]
            for row_keys, row_cosines in zip(keys, cosines, strict=True)
        ]

    def vector_store(self) -> FlatVectorStore:
        """Give the store over all sentence vectors, under catalogue keys; made again when absent or stale.

        Raises:
            IndexStateError: the index names no embedder, or its vectors are damaged.
        """
        name = self._vector_file_name()
        if self._store is None or self._store_name != name:
            self._store = self._open_vector_file(self.path / name) or self._rebuild_vector_file(
                self.path / name
            )
            self._store_name = name
        return self._store

    def _vector_file_name(self) -> str:
        if self.embedder_id is None:
            raise IndexStateError(f"{self.path}: the index is empty", "add articles: xsource build PATH")
        embedder = re.sub(r"[^A-Za-z0-9]+", "-", self.embedder_id).strip("-")[:80]
        generation, stamp = self._state("vector_generation", "0"), self._state("vector_stamp", "")[:8]
        return f"vectors-{embedder}-{generation}{'-' if stamp else ''}{stamp}.faiss"

    def _open_vector_file(self, path: Path) -> FlatVectorStore | None:
        """Open the vector file if it is there and agrees with the catalogue."""
        try:
            store = FlatVectorStore.open(path)
        except IndexStateError:
            return None
        return store if len(store) == self._vector_count() and store.dimension == self.dimension else None

    def _rebuild_vector_file(self, path: Path) -> FlatVectorStore:
        """Make the vector file of the catalogue's vectors, and delete those of other generations."""
        store = FlatVectorStore(self.dimension or 0)
        for keys, vectors in self._vector_chunks():
            store.add(keys, vectors)
        try:
            if path.is_dir():
                raise IsADirectoryError(path)
            store.write(path)
        except OSError:
            # Not worth failing for: it is derived, and the vectors are in memory. The next open tries again.
            return store
        if self._writable:
            self._remove_stale_files(path)
        return store

    def _remove_stale_files(self, current: Path) -> None:
        """Delete vector files of other generations. A reader that has one open keeps it until it closes."""
        for stale in (*self.path.glob(_VECTOR_FILES), *self.path.glob(_PARTIAL_FILES)):
            if stale != current and stale.is_file():
                stale.unlink(missing_ok=True)

    def check(self, *, thorough: bool = True) -> list[Finding]:
        """Look for faults: the catalogue's integrity, its counts, its vectors, the vector file.

        Args:
            thorough: also compare every vector of the file with the catalogue's.
        """
        found = list(self._catalog_findings())
        if self.embedder_id is not None:
            current = self.path / self._vector_file_name()
            found += self._vector_file_findings(current, thorough=thorough)
            found += [
                Finding(stale, "a vector file of another generation", is_repairable=True)
                for stale in sorted(self.path.glob(_VECTOR_FILES))
                if stale != current
            ]
        return found

    def repair(self) -> list[Finding]:
        """Make again what is derived: the vector file. The catalogue is never touched.

        Returns:
            What is still wrong afterwards.
        """
        if not self._writable:
            raise StorageError(f"{self.path}: opened for reading, not for writing")
        self._store = None
        if self.embedder_id is not None:
            path = self.path / self._vector_file_name()
            if path.is_dir():
                raise StorageError(f"{path}: a folder where the vector file belongs", "move it away")
            path.unlink(missing_ok=True)
            self._store, self._store_name = self._rebuild_vector_file(path), path.name
            self._remove_stale_files(path)
        return self.check()
