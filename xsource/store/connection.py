"""Opens the catalogue, and says in our terms what SQLite reports in its own."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xsource.errors import IndexStateError, StorageError

CATALOG_FILE = "catalog.sqlite3"
LOCK_FILE = "write.lock"
BUSY_SECONDS = 10.0

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open a catalogue file; transactions are begun and ended by the caller.

    FULL synchronisation: a commit is on disk before it returns. With less, a power cut could take back a
    generation that a vector file is already named after.
    """
    with sqlite_errors(path):
        if writable:
            connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        else:
            # Readers of a write-ahead log share memory in a file beside it. Where none can be made, as on a
            # read-only disk, nobody writes either, and the file is read as it stands.
            alone = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
            connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
            )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            if writable:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def sqlite_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite raises inside the block into our errors, keeping the cause.

    Raises:
        StorageError: the disk is full, cannot be read or written, or another process holds the file too long.
        IndexStateError: the file is damaged or no SQLite file.
    """
    try:
        yield
    except sqlite3.DatabaseError as exc:
        code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            raise IndexStateError(
                f"{path}: the catalogue is damaged: {exc}",
                "run `xsource doctor`; restore the file from a backup, or build the index again",
            ) from exc
        if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise StorageError(
                f"{path}: disk full or not writable: {exc}",
                "free some space and run the same command again: it goes on where it stopped",
            ) from exc
        if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise StorageError(
                f"{path}: another process has held the catalogue for {BUSY_SECONDS:.0f} seconds",
                "wait until it ends and run the command again",
            ) from exc
        if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM}:
            raise StorageError(
                f"{path}: cannot be opened or written: {exc}", "check the folder's owner and permissions"
            ) from exc
        raise


class WriterLock:
    """Held by the one process that may write an index; the system frees it when that process ends, however.

    Raises:
        StorageError: another process holds it, or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK_FILE
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as exc:
            raise StorageError(
                f"{path}: cannot be written: {exc.strerror}", "check the folder's owner and permissions"
            ) from exc
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            holder = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            if exc.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                raise StorageError(f"{path}: cannot be locked: {exc.strerror}") from exc
            raise StorageError(
                f"{folder}: process {holder or 'unknown'} is writing this index",
                "wait until it ends, or give another folder with --index",
            ) from exc
        try:
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)
        except OSError:
            # On a full disk the lock holds all the same; it only cannot name its holder.
            pass

    def release(self) -> None:
        """Let another process write. The file stays: deleting it would let two processes lock two files."""
        os.close(self._descriptor)
