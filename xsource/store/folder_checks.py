"""What `doctor` looks for in an index folder before anything is opened: what lies in the place of each file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from xsource.store.catalog_checks import Finding
from xsource.store.connection import CATALOG_FILE, LOCK_FILE, Witness, read_witness
from xsource.store.replacing import is_index_file, set_aside

_LOG = f"{CATALOG_FILE}-wal"
_SHARED = f"{CATALOG_FILE}-shm"
_RESTORE = "restore a backup, or build again"
LOST_WRITES = (
    "the catalogue is of generation {found}, the last writer left generation {expected}: it was put back from"
    " an older copy, or its write-ahead log was lost"
)


def check_folder(folder: Path) -> list[Finding]:
    """Look for what is absent, unreadable, read-only, or no file."""
    return [*_file_faults(folder), *_permission_faults(folder)]


def repair_folder(folder: Path) -> None:
    """Rename folders that lie where files belong, make a new lock file, and let the owner write.

    Raises:
        OSError: the folder cannot be changed.
    """
    if not _is_writable_by_owner(folder):
        folder.chmod(folder.stat().st_mode | stat.S_IRWXU)
    for name in (_LOG, _SHARED, LOCK_FILE):
        if (folder / name).is_dir():
            set_aside(folder / name)
    for path in _own_files(folder):
        if not _is_writable_by_owner(path):
            path.chmod(path.stat().st_mode | stat.S_IRUSR | stat.S_IWUSR)
    lock = folder / LOCK_FILE
    try:
        if lock.exists():
            read_witness(lock)
    except ValueError:
        lock.unlink()


def witness_of(folder: Path) -> Witness | None:
    """Read what the last writer left, if it can be read."""
    try:
        return read_witness(folder / LOCK_FILE)
    except (OSError, ValueError):
        return None


def is_running(process: int) -> bool:
    """Whether a process of this number is there; another program may have the number of one that ended."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _has_bytes(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _file_faults(folder: Path) -> Iterator[Finding]:
    catalog, lock = folder / CATALOG_FILE, folder / LOCK_FILE
    if catalog.is_dir():
        yield Finding(catalog, "a folder, expected the catalogue", is_repairable=False, hint=_RESTORE)
    elif not catalog.exists():
        message = "absent, and other files of an index are here"
        yield Finding(catalog, message, is_repairable=False, hint=_RESTORE)
    elif not catalog.stat().st_size and not _has_bytes(folder / _LOG):
        yield Finding(catalog, "0 bytes, expected a catalogue", is_repairable=False, hint=_RESTORE)
    for name, what in ((_LOG, "the write-ahead log"), (_SHARED, "memory that processes share")):
        if (folder / name).is_dir():
            yield Finding(folder / name, f"a folder, expected {what}", is_repairable=True)
    if lock.is_dir():
        yield Finding(lock, "a folder, expected the lock file", is_repairable=True)
    elif not lock.exists():
        yield Finding(lock, "absent; the next build makes it", is_repairable=True)
    else:
        try:
            read_witness(lock)
        except ValueError as exc:
            yield Finding(lock, f"damaged: {exc}; the next build writes it anew", is_repairable=True)
        except OSError as exc:
            yield Finding(lock, f"cannot be read: {exc.strerror}", is_repairable=True)


def _permission_faults(folder: Path) -> Iterator[Finding]:
    for path in (folder, *_own_files(folder)):
        if not _is_writable_by_owner(path):
            yield Finding(path, "read-only: it can be searched, and no build can write it", is_repairable=True)


def _own_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if is_index_file(path.name) and path.is_file())


def _is_writable_by_owner(path: Path) -> bool:
    # The permission itself, and not `os.access`: the administrator may write whatever it says.
    try:
        return bool(path.stat().st_mode & stat.S_IWUSR)
    except FileNotFoundError:  # gone since it was listed: a writer clears away what it no longer needs
        return True
