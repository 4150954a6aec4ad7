"""What was judged of a story, kept in files beside the catalogue: to read all of its sentences takes a second.

The files are derived, like the stories' file: a reader makes them too, a name says of what, and the first line
is the hash of the rest. What is absent, damaged or cannot be written is judged anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

JUDGED_FOLDER = "judged"
MOST_FILES = 20_000
"""About as many as stories; beyond it the ones written first go."""

_SUFFIX, _PARTIAL = ".json", ".partial"


class JudgedFiles:
    """Bodies by key in a folder of an index.

    Args:
        index: the index folder.
    """

    def __init__(self, index: Path) -> None:
        self._folder = index / JUDGED_FOLDER

    def read(self, key: str) -> bytes | None:
        """Give what was kept under a key; `None` where there is nothing, or not what was written."""
        try:
            digest, _, body = self._path(key).read_bytes().partition(b"\n")
        except OSError:
            return None
        return body if digest == _digest(body) else None

    def keep(self, key: str, body: bytes) -> None:
        """Keep a body. Nothing is kept where nothing can be: a read-only folder, a full disk."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            descriptor, partial = tempfile.mkstemp(suffix=_PARTIAL, dir=self._folder)
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(_digest(body) + b"\n" + body)
                Path(partial).chmod(0o644)
                Path(partial).replace(self._path(key))
            except BaseException:
                Path(partial).unlink(missing_ok=True)
                raise
            self._drop_oldest()

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _drop_oldest(self) -> None:
        """Delete the oldest tenth when there are too many, and what a killed run left half-written."""
        with os.scandir(self._folder) as entries:
            names = [entry.name for entry in entries]
        if len(names) <= MOST_FILES:
            return
        age = {name: (self._folder / name).stat().st_mtime_ns for name in names}
        for name in sorted(names, key=lambda name: (age[name], name))[: MOST_FILES // 10]:
            (self._folder / name).unlink(missing_ok=True)


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode()
