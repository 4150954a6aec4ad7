"""Puts a new folder in the place of an index: at every moment one of the two is there, whole.

A folder that is not empty cannot be renamed over. Linux and macOS exchange two names in one step; where the
file system cannot, the old folder is renamed away first, and whoever opens the index next puts it back if the
program was stopped between the two steps.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from xsource.errors import StorageError
from xsource.store.connection import CATALOG_FILE, LOCK_FILE, WriterLock
from xsource.store.durable import link_tree, sync_folder, sync_tree
from xsource.store.judged_files import JUDGED_FOLDER

_REBUILDING = "{}.rebuilding"
_REPLACED = "{}.replaced"
_HERE = -100  # AT_FDCWD: relative to the working folder
_INDEX_FILES = (
    CATALOG_FILE, f"{CATALOG_FILE}-[wsj]*", "vectors-*", ".vectors-*", "stories-*", ".stories-*", JUDGED_FOLDER,
)  # fmt: skip
_BESIDE_AN_INDEX = ("raw", "outlets.toml", "xsource.toml")
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}


@contextmanager
def replacing(path: Path, *, dropped: Sequence[str] = (), old_as: Path | None = None) -> Iterator[Path]:
    """Give an empty folder to fill, which then takes the place of an index.

    Nobody else may write the index meanwhile: what they wrote would be lost with the old folder. A reader keeps
    what it has open. After an error the index is as it was. What lies in the old folder and is no part of an
    index (fetched pages, the user's outlets and settings) is in the new one too, unless that has its own.

    Args:
        path: the index; may be absent.
        dropped: names of further files that are not taken over.
        old_as: where the old folder stays, with everything in it, and nothing is taken over; deleted when left
            out.

    Raises:
        StorageError: another process is writing the index, it is no index, or the disk is full.
    """
    put_back(path)
    make_folder(path.parent)
    is_there = path.exists()
    if is_there:
        _check_that_it_is_ours(path)
    lock = WriterLock(path) if is_there else None
    fresh = path.with_name(_REBUILDING.format(path.name))
    try:
        # Only copies and links are ever left here: what the index needs is linked into it before the exchange.
        shutil.rmtree(fresh, ignore_errors=True)
        yield fresh
        try:
            if is_there and old_as is None:
                _take_over(path, fresh, dropped)
            sync_tree(fresh)
            if is_there:
                exchange(fresh, path)
            else:
                fresh.rename(path)
            sync_folder(path.parent)
            if is_there and old_as is not None:
                fresh.rename(old_as)
                sync_folder(path.parent)
        except OSError as exc:
            raise StorageError(
                f"{path}: cannot be replaced: {exc.strerror or exc}",
                "free some space and run the same command again",
            ) from exc
    finally:
        # What is left under this name is the old index, or a new one that was given up.
        shutil.rmtree(fresh, ignore_errors=True)
        if lock is not None:
            lock.release()


def is_index_file(name: str) -> bool:
    """Whether a file of an index folder is made by a build: all others are the user's, or those of `fetch`."""
    return name == LOCK_FILE or any(fnmatchcase(name, pattern) for pattern in _INDEX_FILES)


def _check_that_it_is_ours(path: Path) -> None:
    """Refuse to empty a folder that somebody named by mistake."""
    if not path.is_dir():
        raise StorageError(f"{path}: a file, expected an index folder", "give another folder with --index")
    names = [entry.name for entry in path.iterdir()]
    if names and not any(is_index_file(name) or name in _BESIDE_AN_INDEX for name in names):
        raise StorageError(
            f"{path}: holds {len(names)} files and no index, and is not emptied for one",
            "give another folder with --index",
        )


def _take_over(old: Path, fresh: Path, dropped: Sequence[str]) -> None:
    for entry in sorted(old.iterdir()):
        if not is_index_file(entry.name) and entry.name not in dropped and not (fresh / entry.name).exists():
            link_tree(entry, fresh / entry.name)


def put_back(path: Path) -> None:
    """Finish what a stopped `replacing` left undone where names cannot be exchanged."""
    replaced = path.with_name(_REPLACED.format(path.name))
    if not path.exists() and replaced.is_dir():
        with contextlib.suppress(OSError):  # another process did it first
            replaced.rename(path)


def make_folder(path: Path) -> None:
    """Make a folder and those above it, so that they outlast a power cut.

    Raises:
        StorageError: it cannot be made.
    """
    missing = []
    above = path
    while not above.exists():
        missing.append(above)
        above = above.parent
    try:
        path.mkdir(parents=True, exist_ok=True)
        for made in reversed(missing):
            sync_folder(made.parent)
    except OSError as exc:
        raise StorageError(
            f"{path}: cannot be made: {exc.strerror}", "give another folder with --index"
        ) from exc


def set_aside(path: Path) -> Path:
    """Rename what lies in the place of a file of ours; gives its new name."""
    number = 1
    while (place := path.with_name(f"{path.name}.set-aside-{number}")).exists():
        number += 1
    path.rename(place)
    sync_folder(path.parent)
    return place


def exchange(fresh: Path, path: Path) -> None:
    """Let two folders change names."""
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(fresh), os.fsencode(path)
    if sys.platform == "darwin":
        failed = library.renamex_np(*names, 2)  # RENAME_SWAP
    elif hasattr(library, "renameat2"):
        failed = library.renameat2(_HERE, names[0], _HERE, names[1], 2)  # RENAME_EXCHANGE
    else:
        failed, _ = -1, ctypes.set_errno(errno.ENOSYS)
    if not failed:
        return
    number = ctypes.get_errno()
    if number not in _CANNOT:
        raise OSError(number, os.strerror(number), str(path))
    replaced = path.with_name(_REPLACED.format(path.name))
    shutil.rmtree(replaced, ignore_errors=True)
    path.rename(replaced)
    try:
        fresh.rename(path)
    except BaseException:
        replaced.rename(path)
        raise
    replaced.rename(fresh)
