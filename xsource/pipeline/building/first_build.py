"""A build that could use nothing leaves nothing: no empty index that later commands take for one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xsource.errors import XSourceError
from xsource.store import open_index
from xsource.store.connection import CATALOG_FILE, WriterLock
from xsource.store.replacing import is_index_file


@contextmanager
def leaving_no_empty_index(path: Path, *, wanted: bool = True) -> Iterator[None]:
    """Take away what the block made of an index, if there was none before and no article came into it.

    Folders that were not there go too, as far as nothing else is in them; files of the user's stay.

    Args:
        path: the index folder.
        wanted: off, an empty index stays: an empty shard is a part like any other.
    """
    if not wanted or (path / CATALOG_FILE).exists():
        yield
        return
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        yield
    finally:
        # Whatever goes wrong here, a more telling error may be on its way.
        with suppress(XSourceError, OSError):
            _take_away(path, made)


def _take_away(path: Path, made: list[Path]) -> None:
    if (path / CATALOG_FILE).is_file():
        with open_index(path, mode="read") as index:
            if index.count_latest():
                return
        lock = WriterLock(path)  # nobody begins a build here meanwhile
        try:
            for file in [file for file in path.iterdir() if is_index_file(file.name)]:
                shutil.rmtree(file) if file.is_dir() else file.unlink()
        finally:
            lock.release()
    for folder in made:
        folder.rmdir()
