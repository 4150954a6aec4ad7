"""The form of a backup: its manifest, which names every file with size and hash, and reading one by it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from xsource import __version__
from xsource.errors import InputError
from xsource.store.connection import CATALOG_FILE

MANIFEST_FILE = "manifest.json"
FORMAT = 1
BESIDE = ("outlets.toml", "xsource.toml")
RAW_FOLDER = "raw"

_BLOCK_BYTES = 1 << 20
_MOST_MANIFEST_BYTES = 256 << 20
# What zipfile and zlib raise on damaged archives; `zlib.error` is a plain Exception of its own.
_BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error)
MAKE_ANOTHER = "use another backup: nothing was changed"


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


def manifest_text(made: Backup) -> str:
    """Write what a backup says of itself, with a hash of it."""
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
    raise InputError(f"{path}: its {MANIFEST_FILE} is damaged: {fault}", MAKE_ANOTHER)


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


class Source:
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
        with contextlib.ExitStack() as files:
            out = files.enter_context(target.open("xb")) if target else None
            try:
                stream = files.enter_context(self._open(name))
                while block := stream.read(min(_BLOCK_BYTES, left + 1)):
                    left -= len(block)
                    if left < 0:
                        break
                    digest.update(block)
                    if out:
                        out.write(block)
            except (KeyError, FileNotFoundError, IsADirectoryError, *_BROKEN_ZIP) as exc:
                raise InputError(f"{self._path}: {name} cannot be read: {exc}", MAKE_ANOTHER) from exc
        if left or digest.hexdigest() != sealed:
            raise InputError(f"{self._path}: {name} is not what was backed up: it was damaged", MAKE_ANOTHER)


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a backup and read its manifest.

    Raises:
        InputError: it is absent or no backup, was made by a newer program, or its manifest is damaged.
    """
    if path.is_dir():
        yield Source(path, None)
        return
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, *_BROKEN_ZIP) as exc:
        raise InputError(
            f"{path}: no backup: {exc}", "give a folder or .zip that `xsource backup` made"
        ) from exc
    with archive:
        yield Source(path, archive)
