"""Write a report as a file: whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xsource.errors import StorageError

_OPEN_TO_READ = 0o666


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; it takes `path`'s place when the block ends well.

    A reader of `path` sees the old file or the new one, never half of one. Folders that are missing are made.

    Raises:
        StorageError: the folder or the file cannot be written, or the disk is full; `path` is as it was.
    """
    if path.is_dir():
        raise StorageError(
            f"{path}: is a folder, not a file", f"name a file in it: {path / 'report'}{path.suffix}"
        )
    partial: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".part", dir=path.parent)
        os.close(handle)
        partial = Path(name)
        yield partial
        # mkstemp makes a file for its owner alone; a report is read by whom the user's umask lets read.
        umask = os.umask(0)
        os.umask(umask)
        partial.chmod(_OPEN_TO_READ & ~umask)
        partial.replace(path)
        partial = None
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written: {error.strerror or error}", "choose another place or free some space"
        ) from error
    finally:
        if partial is not None:
            partial.unlink(missing_ok=True)
