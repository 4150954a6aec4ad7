"""Opens the catalogue, and says in our terms what SQLite reports in its own."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from xsource.errors import IndexStateError, StorageError
from xsource.store.tables import page_key, row_digest

CATALOG_FILE = "catalog.sqlite3"
LOCK_FILE = "write.lock"
BUSY_SECONDS = 10.0

_RESTORE = "run `xsource doctor`; restore the file from a backup, or build the index again"
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# What SQLite says where a flipped bit changed the name of a table, a column or a function, or a text's
# encoding. None of our own statements can cause one of these in a catalogue that is whole.
_DAMAGED_WORDS = (
    "no such table", "no such column", "has no column", "already exists", "malformed", "Could not decode",
    "unsupported file format", "error in", "no such index", "may not be", "duplicate column",
    "foreign key mismatch",
)  # fmt: skip


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
            # Part of the schema: what is stored beside a row is worked out by it.
            connection.create_function("row_digest", -1, row_digest, deterministic=True)
            connection.create_function("page_key", 1, page_key, deterministic=True)
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
    except UnicodeDecodeError as exc:
        # The error that sqlite3 was about to raise quotes a damaged schema.
        raise IndexStateError(f"{path}: the catalogue is damaged: {exc}", _RESTORE) from exc
    except sqlite3.DatabaseError as exc:
        code = getattr(exc, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED or (
            code in {0, sqlite3.SQLITE_ERROR} and any(words in str(exc) for words in _DAMAGED_WORDS)
        ):
            raise IndexStateError(
                f"{path}: the catalogue is damaged: {exc}",
                _RESTORE,
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


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """Run the block as one transaction; after an error none of it stays."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself has ended the transaction after some errors, a full disk among them.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@dataclass(frozen=True, slots=True)
class Witness:
    """What the lock file says of the last writer.

    Attributes:
        process: its id.
        generation: of the catalogue after its last transaction; `None` where an older program wrote the file.
    """

    process: int
    generation: int | None


def read_witness(path: Path) -> Witness:
    """Read a lock file.

    The generation in it is written after each commit, so a catalogue that is older was put back from a copy,
    or has lost its write-ahead log.

    Raises:
        ValueError: it says something else.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(2 * _WITNESS_BYTES)
    if content.endswith(b"\n") and content[:-1].isdigit() and len(content) < _OLDER_WITNESS_BYTES:
        return Witness(int(content), None)
    fields = content.split()
    if len(content) == _WITNESS_BYTES and len(fields) == 3 and fields[0].isdigit() and fields[1].isdigit():
        witness = Witness(int(fields[0]), int(fields[1]))
        if content == _witness_line(witness.process, int(fields[1])):
            return witness
    raise ValueError(f"{len(content)} bytes that are not what a writer leaves")


def _witness_line(process: int, generation: int) -> bytes:
    """Give the whole file: of one length, so that one write replaces it and a kill leaves no half."""
    line = f"{process:>10} {generation:>20} "
    return f"{line}{zlib.crc32(line.encode()):08x}\n".encode()


_WITNESS_BYTES = len(_witness_line(0, 0))
_OLDER_WITNESS_BYTES = 12  # a process id and a line end


class WriterLock:
    """Held by the one process that may write an index; the system frees it when that process ends, however.

    Raises:
        StorageError: another process holds it, or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK_FILE
        while True:
            self._descriptor = _open_lock(path)
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as exc:
                holder = os.pread(self._descriptor, 32, 0).decode("ascii", "replace").split()
                os.close(self._descriptor)
                if exc.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                    raise StorageError(f"{path}: cannot be locked: {exc.strerror}") from exc
                raise StorageError(
                    f"{folder}: process {holder[0] if holder else 'unknown'} is writing this index",
                    "wait until it ends, or give another folder with --index",
                ) from exc
            if _is_at(self._descriptor, path):
                break
            # The folder was replaced by a rebuild between opening and locking: this is the old folder's lock.
            os.close(self._descriptor)
        try:
            self._generation = read_witness(path).generation or 0
        except (OSError, ValueError):
            self._generation = 0
        self.note(self._generation)

    @property
    def generation(self) -> int:
        """The generation that the last writer left, 0 where there was none."""
        return self._generation

    def note_at_least(self, generation: int) -> None:
        """Catch up with the catalogue, which a writer that was killed after a commit left ahead."""
        if generation > self._generation:
            self.note(generation)

    def note(self, generation: int) -> None:
        """Say which generation is on disk now. Not synced: it may fall behind the catalogue, never be ahead."""
        try:
            os.pwrite(self._descriptor, _witness_line(os.getpid(), generation), 0)
            os.ftruncate(self._descriptor, _WITNESS_BYTES)
        except OSError:
            # On a full disk the lock holds all the same; it only cannot name its holder.
            pass

    def release(self) -> None:
        """Let another process write. The file stays: deleting it would let two processes lock two files."""
        os.close(self._descriptor)


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as exc:
        raise StorageError(
            f"{path}: cannot be written: {exc.strerror}", "check the folder's owner and permissions"
        ) from exc


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether an open file is the one that a path names now."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
