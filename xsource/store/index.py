"""An index folder: the catalogue, which is the only truth, and the vector file that is derived from it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Self

from xsource.errors import IndexStateError, StorageError
from xsource.protocols import VectorStore
from xsource.records import FloatMatrix, IntVector, SentenceId
from xsource.store.cache_tables import CacheTables
from xsource.store.catalog_checks import repair_catalog
from xsource.store.connection import CATALOG_FILE, WriterLock, connect, sqlite_errors
from xsource.store.findings import CheckedTables, Finding
from xsource.store.follows import FollowTables
from xsource.store.judged_files import JudgedFiles
from xsource.store.looks import LookTables
from xsource.store.milvus import Conditions, MilvusVectorStore
from xsource.store.milvus_index import MilvusTables
from xsource.store.reading_notes import NoteTables
from xsource.store.replacing import make_folder, put_back, set_aside
from xsource.store.reranking import RerankedVectorStore, candidates_for
from xsource.store.schema import bring_up_to_date, migrate, refuse_emptied
from xsource.store.story_file import StoryFiles
from xsource.store.tables import microseconds
from xsource.store.vector_file import VECTOR_FILES
from xsource.store.vector_stores import FlatVectorStore
from xsource.store.verdicts import VerdictTables

Mode = Literal["read", "write"]
_Filter = tuple[tuple[str, ...] | None, tuple[str, ...] | None, datetime | None, datetime | None, bool]
_FILTERS_KEPT = 16


class Snapshot(NamedTuple):
    """Which state of an index a reader sees. A rebuild may reach the same generation in another file."""

    device: int
    inode: int
    generation: int


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
    before: os.stat_result | None = None
    put_back(path)
    if mode == "read":
        if not catalog.is_file():
            raise IndexStateError(f"{path}: no index here", f"make one: xsource build PATH --index {path}")
        lock = None
        refuse_emptied(catalog)
        bring_up_to_date(catalog)
        before = catalog.stat()
    else:
        make_folder(path)
        lock = WriterLock(path)
    try:
        if lock is not None:
            refuse_emptied(catalog, lock)
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
    status = catalog.stat()
    if before is not None and not os.path.samestat(before, status):
        # A rebuild put another folder here in between: this may be the old catalogue with the new one's log.
        index.close()
        return open_index(path, mode=mode, embedder_id=embedder_id, dimension=dimension)
    index._file = status.st_dev, status.st_ino
    return index


class Index(
    CheckedTables, MilvusTables, CacheTables, VerdictTables, NoteTables, LookTables, FollowTables, StoryFiles
):
    """An open index; a context manager. Made by `open_index`. For one thread at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: WriterLock | None) -> None:
        super().__init__(connection, path / CATALOG_FILE, writable=lock is not None)
        self.path = path
        self._lock = lock
        self._file = (0, 0)
        self._store: VectorStore | None = None
        self._store_name = ""
        self._allowed: dict[_Filter, IntVector] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the snapshot or the right to write. Closing twice is no error."""
        if isinstance(self._store, RerankedVectorStore) and isinstance(self._store.inner, MilvusVectorStore):
            self._store.inner.close()
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

    @property
    def judged_files(self) -> JudgedFiles:
        """Keeps what was judged of its stories."""
        return JudgedFiles(self._catalog_path.parent)

    @property
    def snapshot(self) -> Snapshot:
        """Which state this is, among all that any index at this place was ever in."""
        return Snapshot(*self._file, self.generation)

    def refresh(self) -> None:
        """Let a reader see what was written since it opened the index."""
        if not self._writable:
            with sqlite_errors(self._catalog_path):
                self._connection.execute("COMMIT")
            self._hold_snapshot()

    def _committed(self) -> None:
        assert self._lock is not None  # only a writer commits
        self._lock.note(self.generation)

    def _begin(self, embedder_id: str | None, dimension: int | None) -> None:
        """Take the snapshot or the right to write, and check or set the embedder."""
        if not self._writable:
            self._hold_snapshot()
        if self._lock is not None:
            self._lock.note_at_least(self.generation)
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
        if isinstance(store, RerankedVectorStore) and isinstance(store.inner, MilvusVectorStore):
            # Conditions, not keys: a server takes a language, not the list of its millions of sentences.
            conditions = Conditions(
                None if outlets is None else tuple(outlets),
                None if languages is None else tuple(languages),
                None if since is None else microseconds(since),
                None if until is None else microseconds(until),
                only_claims,
            )
            candidates, _ = store.inner.search_where(queries, candidates_for(k), conditions)
            keys, cosines = store.measured(queries, candidates, k)
        else:
            allowed = self._allowed_keys(outlets, languages, since, until, only_claims) if filtered else None
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

    def _allowed_keys(
        self,
        outlets: Iterable[str] | None,
        languages: Iterable[str] | None,
        since: datetime | None,
        until: datetime | None,
        only_claims: bool,  # noqa: FBT001 - private, and the last of five filters
    ) -> IntVector:
        """Give the keys that pass; kept for the next search, because searches share their filters."""
        chosen_outlets = None if outlets is None else tuple(sorted(outlets))
        chosen_languages = None if languages is None else tuple(sorted(languages))
        wanted = (chosen_outlets, chosen_languages, since, until, only_claims)
        if wanted not in self._allowed:
            if len(self._allowed) >= _FILTERS_KEPT:
                self._allowed.clear()
            self._allowed[wanted] = self._keys_where(
                chosen_outlets, chosen_languages, since, until, only_claims=only_claims
            )
        return self._allowed[wanted]

    @property
    def is_on_server(self) -> bool:
        """Whether its vectors are searched on a Milvus server, and not in a file of its folder."""
        return self._is_on_milvus

    @property
    def _is_on_milvus(self) -> bool:
        return self._built_with().get("vector_store") == "milvus"

    def _open_store(self) -> VectorStore:
        if self._is_on_milvus:
            server = self._open_milvus(self._built_with().get("milvus_uri", ""))
            return RerankedVectorStore(server, self._vectors_of_keys)
        store = self._open_local_store()
        is_exact = isinstance(store, FlatVectorStore) and store.storage == "float32"
        return store if is_exact else RerankedVectorStore(store, self._vectors_of_keys)

    def vector_store(self) -> VectorStore:
        """Give the store over all sentence vectors, under catalogue keys; made again when absent or stale.

        Its cosines are those of the stored vectors, whatever its kind.

        Raises:
            IndexStateError: the index names no embedder, or its vectors are damaged.
        """
        name = self._vector_file_name()
        if self._store is None or self._store_name != name:
            self._store = self._open_store()
            self._store_name, self._allowed = name, {}
        return self._store

    def check(self, *, thorough: bool = True) -> list[Finding]:
        """Look for faults: the catalogue's integrity, its counts, its vectors, the vector file.

        Args:
            thorough: also compare every vector of the file with the catalogue's.
        """
        found = self.check_catalog()
        try:
            if self.embedder_id is not None:
                found += self._derived_findings(thorough=thorough)
        except IndexStateError as exc:  # the catalogue again: what was found in it so far must not be lost
            found.append(Finding(self._catalog_path, exc.message, is_repairable=False, hint=exc.hint))
        return found

    def _derived_findings(self, *, thorough: bool) -> list[Finding]:
        current = self.path / self._vector_file_name()
        if self._is_on_milvus:
            found = list(self._milvus_findings(self._built_with().get("milvus_uri", "")))
        else:
            found = list(self._vector_file_findings(current, thorough=thorough))
        found += self._story_file_findings()
        return found + [
            self._stale_file_finding(stale)
            for stale in sorted(self.path.glob(VECTOR_FILES))
            if stale != current
        ]

    def repair(self) -> list[Finding]:
        """Make again what is derived: the vector file, and in the catalogue its indexes and caches.

        The catalogue is not touched before it was copied. What lies in the place of the vector file is renamed.

        Returns:
            What is still wrong afterwards.
        """
        if not self._writable:
            raise StorageError(f"{self.path}: opened for reading, not for writing")
        if any(finding.is_repairable for finding in self.check_catalog()):
            repair_catalog(self._connection, self._catalog_path)
        self._store = None
        if self.embedder_id is not None and self._is_on_milvus:
            self._refill_milvus(self._built_with().get("milvus_uri", ""))
        elif self.embedder_id is not None:
            path = self.path / self._vector_file_name()
            if path.is_dir():
                set_aside(path)
            path.unlink(missing_ok=True)
            self._note_state("vector_file", "")
            self.vector_store()
        for finding in self._story_file_findings():
            if finding.where.is_dir():
                set_aside(finding.where)
            finding.where.unlink(missing_ok=True)
        return self.check()
