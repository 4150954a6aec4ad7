"""Prints how many branches of the store and of the ingest stage their tests take, and which they do not.

    python -m pytest ... --cov=xsource/store --cov=xsource/ingest --cov-branch --cov-report=json:coverage.json
    python tools/branch_coverage.py coverage.json

`make coverage` does both. Exit code 1 where one of the two is below 95 %. What runs in other processes (kills,
power cuts, readers beside a writer) is not counted, and nothing is excluded from the count.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

WANTED = {"xsource/store": 0.95, "xsource/ingest": 0.95}


def main() -> None:
    """Read the report of coverage.py that is named on the command line."""
    files = json.loads(Path(sys.argv[1]).read_text("utf-8"))["files"]
    is_reached = True
    for package, wanted in WANTED.items():
        own = {name: found for name, found in sorted(files.items()) if name.startswith(f"{package}/")}
        taken = sum(found["summary"]["covered_branches"] for found in own.values())
        every = sum(found["summary"]["num_branches"] for found in own.values())
        for name, found in own.items():
            for begin, end in found["missing_branches"]:
                print(f"  {name}:{begin} never goes on to {'its end' if end < 0 else end}")
        print(f"{package}: {taken} of {every} branches, {taken / every:.1%}, wanted {wanted:.0%}")
        is_reached = is_reached and taken >= wanted * every
    sys.exit(0 if is_reached else 1)


if __name__ == "__main__":
    main()
