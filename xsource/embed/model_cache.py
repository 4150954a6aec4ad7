"""Folders of prepared model files: written once, whole or not at all, and checked when they are opened."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

from xsource.errors import ModelError, StorageError

CACHE_VARIABLE = "XSOURCE_CACHE"
RECORD_FILE = "files.json"
_READ_BYTES = 1 << 20


def cache_folder() -> Path:
    """Give the folder for prepared models: `XSOURCE_CACHE`, or the user's cache. It need not exist yet."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_cache_path("xsource", appauthor=False)


def prepare_folder(folder: Path, write_files: Callable[[Path], None]) -> Path:
    """Give a prepared folder, making it first when it is absent.

    It is written beside its final place, synced, and renamed, so that a folder of the final name is complete.
    Two processes may do this at once: one rename wins and the other's work is dropped.

    Args:
        folder: where it belongs.
        write_files: fills the empty folder it is given.

    Raises:
        ModelError: a file of the folder has changed since it was written.
        StorageError: the cache cannot be written.
    """
    if not folder.is_dir():
        try:
            _write_whole(folder, write_files)
        except OSError as exc:
            raise _storage_error(folder, exc) from exc
    check_folder(folder)
    return folder


def check_folder(folder: Path, *, thorough: bool = False) -> None:
    """Compare a prepared folder with its record.

    A file whose size and time of change are as recorded is trusted, which takes no time; any other is hashed.
    `thorough` hashes every file (about 0.3 s for the bundled model).

    Raises:
        ModelError: a file is absent or has another SHA-256 than was recorded.
    """
    hint = f"delete {folder}; it is made again at the next use"
    try:
        recorded = json.loads((folder / RECORD_FILE).read_text("utf-8"))
        records = [
            (folder / name, str(record["sha256"]), record["bytes"], record["changed"])
            for name, record in recorded.items()
        ]
    except (OSError, ValueError, AttributeError, TypeError, KeyError, RecursionError) as exc:
        raise ModelError(
            f"{folder / RECORD_FILE}: unreadable record of the prepared model: {exc}", hint
        ) from exc
    for path, sha256, size, changed in records:
        try:
            status = path.stat()
            if not thorough and status.st_size == size and status.st_mtime_ns == changed:
                continue
            found = sha256_of(path)
        except OSError as exc:
            raise ModelError(f"{path}: cannot be read: {exc.strerror}", hint) from exc
        except ValueError as exc:  # NUL or half a character in a damaged record
            raise ModelError(f"{folder / RECORD_FILE}: names no file: {exc}", hint) from exc
        if found != sha256:
            raise ModelError(f"{path}: SHA-256 is {found}, expected {sha256}", hint)


def sha256_of(path: Path) -> str:
    """Hash a file of any size."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_READ_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _write_whole(folder: Path, write_files: Callable[[Path], None]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".partial", dir=folder.parent))
    try:
        partial.chmod(0o755)
        write_files(partial)
        _write_record(partial)
        _sync(partial)
        try:
            partial.rename(folder)
        except OSError as exc:
            if exc.errno not in {errno.EEXIST, errno.ENOTEMPTY}:
                raise
        _sync(folder.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _write_record(folder: Path) -> None:
    record = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        path.chmod(0o644)
        _sync(path)
        status = path.stat()
        record[path.relative_to(folder).as_posix()] = {
            "sha256": sha256_of(path),
            "bytes": status.st_size,
            "changed": status.st_mtime_ns,
        }
    path = folder / RECORD_FILE
    path.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
    _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _storage_error(folder: Path, exc: OSError) -> StorageError:
    if exc.errno == errno.ENOSPC:
        return StorageError(
            f"{folder.parent}: disk full while preparing the model (it needs 140 MB)",
            f"free some space, or set {CACHE_VARIABLE} to a folder on another disk",
        )
    return StorageError(
        f"{folder.parent}: cannot prepare the model there: {exc.strerror or exc}",
        f"set {CACHE_VARIABLE} to a folder that can be written",
    )
