"""Find the article files beneath a path, in an order that depends on names alone."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xsource.errors import InputError, Problem
from xsource.ingest.outlet_files import OUTLETS_FILE, Neighbourhood

FileKind = Literal["jsonl", "html", "text", "table", "warc", "mbox", "feed"]
KINDS: dict[str, FileKind] = {
    ".jsonl": "jsonl",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".csv": "table",
    ".tsv": "table",
    ".warc": "warc",
    ".warc.gz": "warc",
    ".mbox": "mbox",
    ".rss": "feed",
    ".atom": "feed",
}
# What lies beside the articles of a corpus and is none.
NOT_ARTICLES = frozenset({OUTLETS_FILE, "gold.jsonl", "readme.md", "readme.txt", "license", "license.txt"})
NOT_ARTICLES_ENDINGS = (".gold.jsonl", ".questions.jsonl", ".events.jsonl", ".contrasts.jsonl")
"""What evaluation asks and expects, and what the judge learns from."""

TRANSLATION_MEMORY = ".tmx"  # read by the translate stage
INDEX_MARK = "catalog.sqlite3"  # a folder that holds an index holds no articles
SAVED_PAGE_FOLDERS = ("_files", ".files", "_data")  # browsers put a page's pictures and scripts there
MAX_NAMED = 3


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that should hold articles, and what the `outlets.toml` files above it say."""

    path: Path
    kind: FileKind
    around: Neighbourhood


def find_files(path: Path, around: Neighbourhood) -> Iterator[FoundFile | Problem]:
    """Find article files: a file itself, or those of a folder and the folders in it.

    Hidden files, what belongs to a corpus but is no article, indexes, and the side folders of saved pages are
    passed over in silence; files of another kind are one problem a folder and kind; a link back to a folder
    above is not followed.
    """
    if path.is_dir():
        yield from _walk(path, around, frozenset(), path.resolve())
    elif not path.exists():
        yield Problem(str(path), "no such file or folder", "check the path")
    elif not path.is_file():
        yield Problem(str(path), "is no regular file, expected articles", "copy what it gives into a file")
    elif kind := tell_kind(path):
        yield FoundFile(path, kind, around)
    elif path.suffix.lower() != TRANSLATION_MEMORY:
        yield _unknown_kind(str(path), path.suffix, [path.name])


def tell_kind(path: Path) -> FileKind | None:
    """Tell what kind of articles a file holds by how its name ends; `None` for a kind that is not read."""
    return KINDS.get("".join(path.suffixes[-2:]).lower()) or KINDS.get(path.suffix.lower())


def _walk(
    folder: Path, around: Neighbourhood, above: frozenset[tuple[int, int]], root: Path
) -> Iterator[FoundFile | Problem]:
    try:
        status = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as exc:
        yield Problem(str(folder), f"cannot be read: {exc.strerror}", "check that the folder may be read")
        return
    if (status.st_dev, status.st_ino) in above:
        return
    above = above | {(status.st_dev, status.st_ino)}
    try:
        around = around.entering(folder)
    except InputError as exc:
        yield Problem(str(folder / OUTLETS_FILE), exc.message, exc.hint)
    names = {entry.name.lower() for entry in entries}
    if INDEX_MARK in names:
        return
    unknown: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        path = folder / entry.name
        name = entry.name.lower()
        if name.startswith(".") or name in NOT_ARTICLES or name.endswith(NOT_ARTICLES_ENDINGS):
            continue
        if path.is_dir():
            if entry.is_symlink() and not path.resolve().is_relative_to(root):
                yield Problem(str(path), "is a link to outside the folder, and not followed", "name it too")
                continue
            if not _belongs_to_saved_page(entry.name.lower(), names):
                yield from _walk(path, around, above, root)
        elif path.exists() and not path.is_file():
            yield Problem(str(path), "is no regular file, expected articles", "leave it out")
        elif entry.is_symlink() and not path.resolve().is_relative_to(root):
            yield Problem(str(path), "is a link to outside the folder, and not followed", "copy the file")
        elif kind := tell_kind(path):
            yield FoundFile(path, kind, around)
        elif path.suffix.lower() != TRANSLATION_MEMORY:
            unknown[path.suffix.lower()].append(entry.name)
    for suffix, files in sorted(unknown.items()):
        yield _unknown_kind(str(folder), suffix, files)


def _belongs_to_saved_page(name: str, siblings: set[str]) -> bool:
    return any(
        name.endswith(ending)
        and {name.removesuffix(ending) + suffix for suffix in (".html", ".htm")} & siblings
        for ending in SAVED_PAGE_FOLDERS
    )


def _unknown_kind(where: str, suffix: str, files: list[str]) -> Problem:
    named = ", ".join(files[:MAX_NAMED]) + (
        f" and {len(files) - MAX_NAMED} more" if len(files) > MAX_NAMED else ""
    )
    kind = f"{suffix} files" if suffix else "files without an ending"
    return Problem(
        where, f"{kind} are not read ({named}), expected {', '.join(KINDS)}", "convert them, or leave them out"
    )
