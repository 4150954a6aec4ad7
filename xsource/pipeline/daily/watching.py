"""One round of a watch: fetch, build, news; and the right to be the only watcher of an index."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from xsource.errors import InputError, StorageError

WATCH_LOCK = "watch.lock"
LEAST_SECONDS = 60.0
"""Between two rounds: feeds are not asked more often."""

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_INTERVAL = re.compile(r"(\d{1,6})\s*([smhd])")


def read_interval(text: str, *, least: float = LEAST_SECONDS) -> float:
    """Read how long from one round to the next: `30m`, `90s`, `2h`, `1d`, in seconds.

    Raises:
        InputError: it is none, or shorter than `least` seconds.
    """
    found = _INTERVAL.fullmatch(text.strip().lower())
    if found is None:
        raise InputError(
            f'--every is "{text}", expected a number with s, m, h or d', "for instance --every 30m"
        )
    seconds = int(found[1]) * _SECONDS[found[2]]
    if seconds < least:
        raise InputError(
            f"--every is {text}, expected at least {least:.0f} seconds", "for instance --every 30m"
        )
    return seconds


@contextmanager
def only_watcher(index_path: Path) -> Iterator[None]:
    """Be the only program that watches an index, until the block or the process ends, however it ends.

    Raises:
        StorageError: another process watches it, or the folder cannot be written.
    """
    path = index_path / WATCH_LOCK
    try:
        index_path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as exc:
        raise StorageError(
            f"{path}: cannot be written: {exc.strerror}", "check the folder's owner and permissions"
        ) from exc
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise StorageError(
                f"{index_path}: process {holder} is watching this index",
                "one watcher is enough: end it, or give another folder with --index",
            ) from exc
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
