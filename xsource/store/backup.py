"""Copies of an index that can be trusted: made while it is being written, checked by hash, put back whole.

    backup.zip  or  a folder
    ├─ manifest.json      what it is of, every file with its size and SHA-256, and a hash of the manifest itself
    ├─ catalog.sqlite3    one snapshot, without a write-ahead log beside it
    ├─ outlets.toml, xsource.toml                       where there are such files
    └─ raw/                                             fetched pages, where there are some

The vector file is not in it: it is derived, and made again when a backup is put back.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from xsource.errors import IndexStateError, InputError, StorageError
from xsource.store.backup_format import (
    BESIDE,
    MAKE_ANOTHER,
    MANIFEST_FILE,
    RAW_FOLDER,
    Backup,
    manifest_text,
    opened,
)
from xsource.store.connection import CATALOG_FILE, connect, sqlite_errors
from xsource.store.durable import sync_folder, sync_tree
from xsource.store.index import open_index
from xsource.store.replacing import exchange, make_folder, replacing


def write_backup(index: Path, target: Path, *, replace: bool = False) -> Backup:
    """Copy an index as it is at this moment; a build may go on writing it.

    Args:
        index: the folder.
        target: a name that ends in `.zip` becomes one file, any other a folder.
        replace: let the new backup take the place of an older one.

    Raises:
        IndexStateError: there is no index, or it is damaged: a backup of it would be worth nothing.
        InputError: there is something at `target`.
        StorageError: it cannot be written.
    """
    for left in target.absolute().parent.glob(".*.partial"):
        _clear_left_over(left)
    if target.exists() or target.is_symlink():
        if not replace:
            raise InputError(f"{target}: already exists", "give another name, or --replace")
        read_manifest(target)  # whatever else lies there is not ours to replace
    if target.resolve().is_relative_to(index.resolve()):
        raise InputError(f"{target}: inside the index {index}", "give a place outside it, best on another disk")
    make_folder(target.absolute().parent)
    with _told(target), _partial(target) as partial:
        content = partial / "content"
        content.mkdir()
        made = _fill(index, content, target)
        if target.suffix.lower() == ".zip":
            _pack(content, made, partial / "packed.zip")
            (partial / "packed.zip").replace(target)
        else:
            sync_tree(content)
            if target.exists():
                exchange(content, target)
            else:
                content.rename(target)
        sync_folder(target.absolute().parent)
    return made


def read_manifest(path: Path) -> Backup:
    """Read what a backup says of itself; its files are not looked at.

    Raises:
        InputError: it is absent or no backup, was made by a newer program, or its manifest is damaged.
    """
    with opened(path) as source:
        return source.manifest


def check_backup(path: Path) -> Backup:
    """Read a backup to its end and compare every file with its hash.

    Raises:
        InputError: it is no backup, or damaged.
    """
    with opened(path) as source:
        for name in source.manifest.files:
            source.copy(name, None)
        return source.manifest


def restore_backup(path: Path, index: Path, *, replace: bool = False) -> tuple[Backup, Path | None]:
    """Put a backup back as an index, after everything in it was compared with its hash.

    Args:
        path: the backup.
        index: where to; made when absent.
        replace: allow it where an index is. That index is kept beside it under another name.

    Returns:
        What was put back, and where the index before is now.

    Raises:
        InputError: the backup is damaged, or there is an index and `replace` is not given. Nothing was changed.
        StorageError: another process is writing the index, or the disk is full. Nothing was changed.
    """
    old_as = None
    if index.exists() and any(index.iterdir() if index.is_dir() else [index]):
        if not replace:
            raise InputError(
                f"{index}: there is an index already",
                "give --replace (the index there is kept under another name), or another folder with --index",
            )
        old_as = _free_name(index)
    with opened(path) as source, replacing(index, old_as=old_as) as fresh:
        manifest = source.manifest
        with _told(index):
            fresh.mkdir()
            for name in manifest.files:
                place = fresh.joinpath(*PurePosixPath(name).parts)
                place.parent.mkdir(parents=True, exist_ok=True)
                source.copy(name, place)
        _check_catalog(fresh, path, manifest)
    return manifest, old_as


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """Give an empty folder beside a backup to make it in; what a killed program left there is deleted."""
    place = target.with_name(f".{target.name}.partial")
    place.mkdir(exist_ok=True)
    descriptor = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as exc:
        os.close(descriptor)
        raise StorageError(
            f"{target}: another process is making this backup", "wait until it ends, or give another name"
        ) from exc
    try:
        for left in place.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(descriptor)


def _clear_left_over(place: Path) -> None:
    """Delete what a killed backup of another name left; one that is being made is locked, and stays."""
    if place.is_symlink() or not place.is_dir():
        return
    if {left.name for left in place.iterdir()} - {"content", "packed.zip"}:
        return  # somebody else's
    descriptor = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(place, ignore_errors=True)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)


def _fill(index: Path, folder: Path, target: Path) -> Backup:
    """Copy everything, then say what was copied."""
    catalog = index / CATALOG_FILE
    with open_index(index, mode="read"):
        pass  # an index of an older version is brought up to date; what is no index is said here
    _copy_database(catalog, folder / CATALOG_FILE)
    for name in BESIDE:
        if (index / name).is_file():
            shutil.copyfile(index / name, folder / name)
    if (index / RAW_FOLDER).is_dir():
        _copy_raw(index / RAW_FOLDER, folder / RAW_FOLDER)
    with open_index(folder, mode="read") as copy:
        faults = [finding for finding in copy.check_catalog() if not finding.is_repairable]
        if faults:
            raise IndexStateError(
                f"{index}: damaged, and not worth a backup: {faults[0].message}", "run `xsource doctor`"
            )
        counts = copy.counts()
        generation, embedder = copy.generation, copy.embedder_id or ""
    files = {}
    for above, _, names in os.walk(folder):
        for name in names:
            file = Path(above, name)
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
            files[file.relative_to(folder).as_posix()] = (file.stat().st_size, digest)
    made = Backup(
        target,
        datetime.now(UTC).isoformat(timespec="seconds"),
        generation,
        embedder,
        counts.articles,
        counts.sentences,
        dict(sorted(files.items())),
    )
    (folder / MANIFEST_FILE).write_text(manifest_text(made), "utf-8")
    return made


def _copy_database(source: Path, target: Path) -> None:
    """Copy one snapshot of an SQLite file that others may be writing, into a file without a log beside it."""
    reading = connect(source, writable=False)
    try:
        with sqlite_errors(target):
            writing = sqlite3.connect(target, isolation_level=None)
            try:
                # All pages in one step are one snapshot: in several, each write of a build would start it anew.
                reading.backup(writing, pages=-1)
                writing.execute("PRAGMA journal_mode = DELETE")
            finally:
                writing.close()
    finally:
        reading.close()


def _copy_raw(source: Path, target: Path) -> None:
    """Copy fetched pages, what is known of them first: a page is noted when it is whole, so none is missing."""
    target.mkdir()
    states = sorted(source.glob(".*.sqlite3"))
    for state in states:
        _copy_database(state, target / state.name)
    for above, folders, names in os.walk(source):
        folders.sort()
        place = target / Path(above).relative_to(source)
        place.mkdir(exist_ok=True)
        for name in names:
            if not name.startswith("."):  # locks, and what is being written
                shutil.copyfile(Path(above, name), place / name)


def _pack(content: Path, made: Backup, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for name in (MANIFEST_FILE, *made.files):
            archive.write(content.joinpath(*PurePosixPath(name).parts), name)
    with target.open("rb") as stream:
        os.fsync(stream.fileno())


def _check_catalog(fresh: Path, path: Path, manifest: Backup) -> None:
    """Open what was put back as an index, before it takes the place of one, and make its vector file."""
    with open_index(fresh, mode="write") as index:
        faults = [finding for finding in index.check_catalog() if not finding.is_repairable]
        if faults or index.generation != manifest.generation:
            found = faults[0].message if faults else f"generation {index.generation}"
            raise InputError(f"{path}: its catalogue is not whole: {found}", MAKE_ANOTHER)
        if index.embedder_id is not None and not index.is_on_server:
            index.vector_store()  # a server is not asked before the user opens the index


def _free_name(index: Path) -> Path:
    """Name the place where the index that is there will be kept."""
    number = 1
    while (place := index.with_name(f"{index.name}.before-restore-{number}")).exists():
        number += 1
    return place


@contextmanager
def _told(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise StorageError(f"{place}: cannot be written: {exc.strerror or exc}", "free some space") from exc
