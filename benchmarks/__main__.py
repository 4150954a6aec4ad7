"""Measure xsource beside its competitors and write the tables into benchmarks/RESULTS.md."""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measuring import ROOT
from benchmarks.results import as_markdown, describe_machine, replace_section

SUBJECTS = (
    "embedding", "translation", "alignment", "building", "searching", "comparing", "judging", "growth", "pages",
    "reading",
)  # fmt: skip


def main() -> None:
    """Run the subjects asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=f"of {', '.join(SUBJECTS)}; all if none")
    parser.add_argument("--size", choices=("small", "full"), default="small", help="full takes hours")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each side, of which the median counts")
    parser.add_argument("--output", type=Path, default=ROOT / "benchmarks" / "RESULTS.md")
    options = parser.parse_args()
    if unknown := set(options.subjects) - set(SUBJECTS):
        parser.error(f"no subject {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    machine, failed = describe_machine(), []
    for name in options.subjects or SUBJECTS:
        subject = importlib.import_module(f"benchmarks.{name}")
        title = subject.TITLE if options.size == "small" else f"{subject.TITLE}, full size"
        start = time.perf_counter()
        print(f"{title} ...", file=sys.stderr, flush=True)
        try:
            section = subject.compare(subject.SIZES[options.size], options.repeats)
        except RuntimeError as error:  # one subject that fails does not take the others' tables with it
            print(f"{name}: {error}", file=sys.stderr)
            failed.append(name)
            continue
        today = datetime.now(UTC).astimezone().date()
        text = as_markdown(title, section, machine, today, options.repeats)
        document = options.output.read_text("utf-8") if options.output.is_file() else ""
        options.output.write_text(replace_section(document, title, text), "utf-8")
        print(text, flush=True)
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
