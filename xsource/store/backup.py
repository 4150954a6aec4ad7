"""Copies of an index that can be trusted: made while it is being written, checked by hash, put back whole.

    backup.zip  or  a folder
    ├─ manifest.json      what it is of, every file with its size and SHA-256, and a hash of the manifest itself
    ├─ catalog.sqlite3    one snapshot, without a write-ahead log beside it
    ├─ outlets.toml, xsource.toml                       where there are such files
    └─ raw/                                             fetched pages, where there are some

The vector file is not in it: it is derived, and made again when a backup is put back.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from xsource import __version__
from xsource.errors import IndexStateError, InputError, StorageError
from xsource.store.connection import CATALOG_FILE, connect, sqlite_errors
from xsource.store.durable import sync_folder, sync_tree
from xsource.store.index import open_index
from xsource.store.replacing import exchange, make_folder, replacing

MANIFEST_FILE = "manifest.json"
FORMAT = 1
BESIDE = ("outlets.toml", "xsource.toml")
RAW_FOLDER = "raw"

_BLOCK_BYTES = 1 << 20
_MOST_MANIFEST_BYTES = 256 << 20
# What zipfile and zlib raise on damaged archives; `zlib.error` is a plain Exception of its own.
_BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error)
_MAKE_ANOTHER = "use another backup: nothing was changed"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself.

    Attributes:
        path: the `.zip` or the folder.
        made_at: when, UTC.
        generation, embedder, articles, sentences: of the index at that moment.
        files: name with `/`, to size and SHA-256.
    """

    path: Path
    made_at: str
    generation: int
    embedder: str
    articles: int
    sentences: int
    files: dict[str, tuple[int, str]]

    @property
    def size(self) -> int:
        """Bytes of all files, as they are when put back."""
        return sum(size for size, _ in self.files.values())


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
            raise InputError(f"{target}: is there already", "give another name, or --replace")
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
    with _opened(path) as source:
        return source.manifest


def check_backup(path: Path) -> Backup:
    """Read a backup to its end and compare every file with its hash.

    Raises:
        InputError: it is no backup, or damaged.
    """
    with _opened(path) as source:
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
                f"{index}: an index is there already",
                "give --replace (the index there is kept under another name), or another folder with --index",
            )
        old_as = _free_name(index)
    with _opened(path) as source, replacing(index, old_as=old_as) as fresh:
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
    (folder / MANIFEST_FILE).write_text(_manifest_text(made), "utf-8")
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


def _manifest_text(made: Backup) -> str:
    content = {
        "format": FORMAT,
        "made_by": f"xsource {__version__}",
        "made_at": made.made_at,
        "generation": made.generation,
        "embedder": made.embedder,
        "articles": made.articles,
        "sentences": made.sentences,
        "files": {name: {"bytes": size, "sha256": digest} for name, (size, digest) in made.files.items()},
    }
    return json.dumps({**content, "manifest_sha256": _hash_of(content)}, indent=1) + "\n"


def _hash_of(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _read_manifest(path: Path, text: bytes) -> Backup:
    try:
        content = json.loads(text)
        fault = _manifest_fault(content)
        if not fault:
            return Backup(
                path,
                content["made_at"],
                content["generation"],
                content["embedder"],
                content["articles"],
                content["sentences"],
                {name: (file["bytes"], file["sha256"]) for name, file in content["files"].items()},
            )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as exc:
        fault = f"{type(exc).__name__}: {str(exc)[:120]!a}"
    raise InputError(f"{path}: its {MANIFEST_FILE} is damaged: {fault}", _MAKE_ANOTHER)


def _manifest_fault(content: dict[str, Any]) -> str:
    """Say what is wrong with a manifest, or nothing."""
    if content.pop("manifest_sha256") != _hash_of(content):
        return "it does not match its own hash"
    if content["format"] != FORMAT:
        return f"it is of format {content['format']}, this program knows {FORMAT}"
    for key in ("generation", "articles", "sentences"):
        if type(content[key]) is not int or not 0 <= content[key] < 1 << 62:
            return f"{key} is {content[key]!r:.40}, expected a number"
    for key in ("made_at", "embedder"):
        if not isinstance(content[key], str):
            return f"{key} is {content[key]!r:.40}, expected a text"
    for name, file in content["files"].items():
        if (
            type(file["bytes"]) is not int
            or not 0 <= file["bytes"] < 1 << 62
            or not isinstance(file["sha256"], str)
        ):
            return f"{name!a:.80} has no size and hash"
        if not _may_be_restored(name):
            return f"it names {name!a:.120}, which is no part of an index"
    return "" if CATALOG_FILE in content["files"] else "it names no catalogue"


def _may_be_restored(name: str) -> bool:
    """Whether a file of this name belongs into an index; nothing may land outside of it."""
    parts = PurePosixPath(name).parts
    if name in {CATALOG_FILE, *BESIDE}:
        return True
    is_plain = (
        name.isprintable()
        and PurePosixPath(name).as_posix() == name
        and ".." not in parts
        and not set(name) & set("\\:\0")
    )
    return is_plain and len(parts) > 1 and parts[0] == RAW_FOLDER


class _Source:
    """A backup that is open for reading."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None) -> None:
        self._path = path
        self._archive = archive
        self.manifest = _read_manifest(path, self._manifest_bytes())

    def _open(self, name: str) -> IO[bytes]:
        if self._archive is not None:
            return self._archive.open(name)
        return self._path.joinpath(*PurePosixPath(name).parts).open("rb")

    def _manifest_bytes(self) -> bytes:
        try:
            with self._open(MANIFEST_FILE) as stream:
                return stream.read(_MOST_MANIFEST_BYTES)
        except (OSError, KeyError, *_BROKEN_ZIP) as exc:
            raise InputError(f"{self._path}: no backup: {MANIFEST_FILE} cannot be read: {exc}") from exc

    def copy(self, name: str, target: Path | None) -> None:
        """Read a file to its end, compare it with its hash, and keep it when a place is given."""
        size, sealed = self.manifest.files[name]
        digest, left = hashlib.sha256(), size
        with contextlib.ExitStack() as opened:
            out = opened.enter_context(target.open("xb")) if target else None
            try:
                stream = opened.enter_context(self._open(name))
                while block := stream.read(min(_BLOCK_BYTES, left + 1)):
                    left -= len(block)
                    if left < 0:
                        break
                    digest.update(block)
                    if out:
                        out.write(block)
            except (KeyError, FileNotFoundError, IsADirectoryError, *_BROKEN_ZIP) as exc:
                raise InputError(f"{self._path}: {name} cannot be read: {exc}", _MAKE_ANOTHER) from exc
        if left or digest.hexdigest() != sealed:
            raise InputError(f"{self._path}: {name} is not what was backed up: it was damaged", _MAKE_ANOTHER)


@contextmanager
def _opened(path: Path) -> Iterator[_Source]:
    if path.is_dir():
        yield _Source(path, None)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, *_BROKEN_ZIP) as exc:
        raise InputError(
            f"{path}: no backup: {exc}", "give a folder or .zip that `xsource backup` made"
        ) from exc
    with archive:
        yield _Source(path, archive)


def _check_catalog(fresh: Path, path: Path, manifest: Backup) -> None:
    """Open what was put back as an index, before it takes the place of one, and make its vector file."""
    with open_index(fresh, mode="write") as index:
        faults = [finding for finding in index.check_catalog() if not finding.is_repairable]
        if faults or index.generation != manifest.generation:
            found = faults[0].message if faults else f"generation {index.generation}"
            raise InputError(f"{path}: its catalogue is not whole: {found}", _MAKE_ANOTHER)
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
