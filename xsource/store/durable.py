"""Makes what was written outlast a power cut: files first, then the folders that name them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make names in a folder, new, changed or gone, outlast a power cut."""
    _sync(folder)


def sync_tree(folder: Path) -> None:
    """Make all files of a folder outlast a power cut, and the folder's names after them."""
    for above, _, names in os.walk(folder, topdown=False):
        for name in names:
            _sync(Path(above, name))
        _sync(Path(above))


def link_tree(source: Path, target: Path) -> None:
    """Give a file, or all files of a folder, a second name; copy where the file system has no such names."""
    if source.is_dir():
        shutil.copytree(source, target, copy_function=_link)
    else:
        _link(source, target)


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
