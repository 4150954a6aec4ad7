"""Whether the pages that `fetch` kept are still what was kept.

Each kept file's hash is noted with it. A file that an older program kept has none: it is read to its end, which
compares it with the checksum that gzip keeps. Nothing here is derived, so nothing can be repaired: a page comes
back from a backup only, because the outlet may show another by now.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

from xsource.errors import Problem
from xsource.ingest.fetch.raw_store import PAGES_FOLDER, STATE_FILE, page_path

_PAGE = "restore it from a backup; what was read from it stays in the index"
_STATE = "restore it from a backup, or delete it: the next fetch then asks for every page as if it were new"
_BLOCK_BYTES = 1 << 20
_MOST_VERSIONS = 100_000
"""Of a page; a flipped bit makes a number of which no list should be made."""


def check_raw(folder: Path) -> Iterator[Problem]:
    """Compare kept pages with what was noted when they were kept; nothing for a folder that is not there.

    A run of `fetch` may go on meanwhile: a page is noted after it is whole.
    """
    if not folder.is_dir():
        return
    noted: dict[str, str] = {}
    try:
        noted = _noted_files(folder)
    except (sqlite3.Error, OSError, UnicodeDecodeError) as exc:
        yield Problem(str(folder / STATE_FILE), f"what is known of kept pages cannot be read: {exc}", _STATE)
    there = {path.relative_to(folder).as_posix() for path in (folder / PAGES_FOLDER).rglob("[!.]*.warc.gz")}
    if there and not (folder / STATE_FILE).exists():
        yield Problem(str(folder / STATE_FILE), "absent, and pages are kept here", _STATE)
    for name in sorted(noted.keys() | there):
        fault = _fault_of(folder / name, noted.get(name, ""))
        if fault:
            yield Problem(str(folder / name), fault, _PAGE)


def _noted_files(folder: Path) -> dict[str, str]:
    """Give each kept file's name and its hash, empty where an older program kept it.

    Raises:
        sqlite3.Error: the state file is damaged.
        OSError: it is no file.
    """
    path = folder / STATE_FILE
    if path.is_dir():
        raise IsADirectoryError(f"a folder, expected {STATE_FILE}")
    if not path.exists():
        return {}
    # To be written where that is possible: a journal that a killed run left is rolled back first.
    mode = "rw" if os.access(folder, os.W_OK) else "ro"
    state = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=30)
    with contextlib.closing(state):
        (answer,) = state.execute("PRAGMA integrity_check(1)").fetchone()
        if answer != "ok":
            raise sqlite3.DatabaseError(answer)
        tables = {name for (name,) in state.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        pages = state.execute("SELECT key, outlet, versions FROM pages").fetchall()
        most = max((versions for _, _, versions in pages), default=0)
        if most > _MOST_VERSIONS:
            raise sqlite3.DatabaseError(f"a page has {most} versions")
        noted = {
            page_path(outlet, key, version).as_posix(): ""
            for key, outlet, versions in pages
            for version in range(1, versions + 1)
        }
        if "files" in tables:
            noted.update(state.execute("SELECT path, digest FROM files"))
        return noted


def _fault_of(path: Path, digest: str) -> str:
    """Say what is wrong with a kept page, or nothing."""
    try:
        if path.is_dir():
            return "a folder, expected a kept page"
        if digest:
            with path.open("rb") as stream:
                is_same = hashlib.file_digest(stream, "sha256").hexdigest() == digest
            return "" if is_same else "not what was fetched: it was damaged or exchanged"
        with gzip.open(path) as unpacked:
            while unpacked.read(_BLOCK_BYTES):
                pass
    except FileNotFoundError:
        return "absent: it was fetched and kept"
    except (OSError, EOFError, zlib.error) as exc:  # what gzip raises on a damaged file is one of these
        return f"cannot be read: {exc}"
    return ""
