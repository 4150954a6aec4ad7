"""Write a report as a file: whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xsource.errors import StorageError

_OPEN_TO_READ = 0o666


def check_writable(path: Path) -> None:
    """Find out before minutes of work whether a report can be written there.

    Raises:
        StorageError: it cannot.
    """
    with _told_as_ours(path):
        _make_partial(path).unlink()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; it takes `path`'s place when the block ends well.

    A reader of `path` sees the old file or the new one, never half of one. Folders that are missing are made.

    Raises:
        StorageError: the folder or the file cannot be written, or the disk is full; `path` is as it was.
    """
    with _told_as_ours(path):
        partial = _make_partial(path)
        try:
            yield partial
            partial.chmod(_OPEN_TO_READ & ~_umask())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def _told_as_ours(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written: {error.strerror or error}", "choose another place or free some space"
        ) from error


def _make_partial(path: Path) -> Path:
    if path.is_dir():
        raise StorageError(f"{path}: is a folder, not a file", f"name a file in it: {path / 'report.html'}")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
    os.close(handle)
    return Path(name)


def _umask() -> int:
    """Give the user's mask: mkstemp makes a file for its owner alone, and a report is for others to read."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
