"""Compiles the failing disk (`disk.c`) and speaks to it from inside a process that was started with it.

with compiled(folder) as library:
    subprocess.run([...], env=environment(library))     # and there: Disk().watch(folder)
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("disk.c")

WRITE, SYNC, RENAME, TRUNCATE, UNLINK, CREATE, FOLDER, SYNC_FOLDER, REMOVE_FOLDER, EXCHANGE, MARK = (
    1 << place for place in range(11)
)
ANY = (1 << 10) - 1
TAKES_SPACE = WRITE | TRUNCATE | CREATE | FOLDER

KILL_BEFORE, KILL_AFTER, KILL_TORN, FAIL, SHORT = range(1, 6)


@dataclass(frozen=True)
class Fault:
    """What goes wrong at one operation.

    Attributes:
        name: how a report calls it.
        action: one of the actions of `disk.c`.
        kinds: which operations count.
        error: the errno of a failure.
        lasting: every later operation fails too, as on a disk that stays full.
    """

    name: str
    action: int
    kinds: int = ANY
    error: int = 0
    lasting: bool = False


KILLS = (
    Fault("before", KILL_BEFORE),
    Fault("after", KILL_AFTER),
    Fault("half written", KILL_TORN),
)
FAILURES = (
    Fault("disk full", FAIL, TAKES_SPACE, errno.ENOSPC, lasting=True),
    Fault("disk full once", FAIL, TAKES_SPACE, errno.ENOSPC),
    Fault("input/output error", FAIL, ANY, errno.EIO, lasting=True),
    Fault("input/output error once", FAIL, ANY, errno.EIO),
    Fault("short write", SHORT, WRITE),
)


def reason_not_to_run() -> str | None:
    """Say why the failing disk cannot be used here, or `None`."""
    if shutil.which(os.environ.get("CC", "cc")) is None:
        return "no C compiler (cc) to make the failing disk with"
    if not Path("/proc/self/fd").exists():
        return "needs Linux: /proc/self/fd"
    return None


def compile_disk(folder: Path) -> Path:
    """Compile the library into a folder."""
    library = folder / "disk.so"
    command = [os.environ.get("CC", "cc"), "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
    subprocess.run([*command, "-ldl", "-lpthread"], check=True)
    return library


def environment(library: Path) -> dict[str, str]:
    """Give the environment of a process that the disk is in front of, and that may fork: with one thread."""
    return os.environ | {"LD_PRELOAD": str(library), "OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}


class Disk:
    """The library, in a process that it was loaded into."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.disk_operations.restype = ctypes.c_long

    def watch(self, folder: Path) -> None:
        """Count the operations below a folder from now on."""
        self._library.disk_watch(os.fsencode(folder))

    def fail(self, fault: Fault, at: int) -> None:
        """Let the operation number `at` of the fault's kinds go wrong; counts from now, the first is 0."""
        self._library.disk_fault(fault.action, ctypes.c_long(at), fault.kinds, fault.error, int(fault.lasting))

    def slow_down(self, milliseconds: float) -> None:
        """Let every operation take so long, a sync ten times as long, one after the other."""
        self._library.disk_delay(ctypes.c_long(int(1000 * milliseconds)))

    def count(self, kinds: int = ANY) -> None:
        """Only count operations of some kinds."""
        self._library.disk_fault(0, ctypes.c_long(0), kinds, 0, 0)

    def operations(self) -> int:
        """How many were counted."""
        return int(self._library.disk_operations())

    def log(self, descriptor: int) -> None:
        """Write every operation to a log."""
        self._library.disk_log(descriptor)

    def mark(self, text: str) -> None:
        """Write a line of ours into the log."""
        self._library.disk_mark(text.encode())
