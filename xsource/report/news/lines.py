"""News as JSON lines, added to a file once, whatever happens to the program meanwhile."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from xsource.daily import Edition, to_document
from xsource.errors import StorageError

_LOOKED_AT = 64 << 20
"""Bytes at the end of a file in which lines of an edition are looked for: many times what one can have."""


def edition_lines(edition: Edition) -> Iterator[tuple[str, str]]:
    """Give the id and the line of every item, without its line end."""
    for item in edition.items:
        document = {"look": edition.look, "edition": edition.number, "at": to_document(edition.at)}
        yield item.id, json.dumps({**document, **to_document(item)}, ensure_ascii=False)


def append_edition(path: Path, edition: Edition) -> None:
    """Add those lines of an edition to a file that are not there; half a line that a kill left is taken away.

    Raises:
        StorageError: the file cannot be written, or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            known = _whole_lines(file)
            lines = [line for id_, line in edition_lines(edition) if id_ not in known]
            if lines:
                written = "".join(f"{line}\n" for line in lines)
                file.write(written.encode("utf-8", "backslashreplace"))
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written: {error.strerror or error}", "choose another place or free some space"
        ) from error


def _whole_lines(file: IO[bytes]) -> set[str]:
    """Cut a last line that is not whole, and give the ids of the lines near the end."""
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - _LOOKED_AT))
    content = file.read()
    end = content.rfind(b"\n") + 1
    if end < len(content):
        file.truncate(start + end)
    file.seek(0, os.SEEK_END)
    ids = set()
    for line in content[:end].splitlines():
        try:
            ids.add(str(json.loads(line)["id"]))
        except (ValueError, KeyError, TypeError):  # cut at the beginning, or somebody else's line
            continue
    return ids
