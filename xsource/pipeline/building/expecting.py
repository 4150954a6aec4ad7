"""How many records a build is about to read: a guess, made in milliseconds, for the time left."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from xsource.errors import Problem
from xsource.ingest.outlet_files import Neighbourhood
from xsource.ingest.walk import find_files
from xsource.outlets import OutletList

MOST_FILES = 100_000
"""Beyond so many files the walk itself would take longer than the guess is worth."""

_SAMPLE_BYTES = 1 << 20


def estimate_records(paths: Sequence[Path]) -> int | None:
    """Guess how many records files hold; `None` where nobody can say without reading them.

    JSON lines are counted in the first MiB of each file and the rest by its size; a page is one record. What a
    table, an archive, a feed or a mailbox holds is not guessed.
    """
    total = 0
    files = 0
    around = Neighbourhood(OutletList([]))
    for path in paths:
        for found in find_files(path, around):
            files += 1
            if files > MOST_FILES:
                return None
            if isinstance(found, Problem):
                continue
            if found.kind in ("html", "text"):
                total += 1
            elif found.kind == "jsonl":
                total += _estimate_lines(found.path)
            else:
                return None
    return total


def _estimate_lines(path: Path) -> int:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            sample = file.read(_SAMPLE_BYTES)
    except OSError:  # the build itself will say so
        return 0
    lines = sample.count(b"\n")
    if len(sample) == size:
        return lines + (not sample.endswith(b"\n") and bool(sample))
    return round(lines * size / len(sample))
