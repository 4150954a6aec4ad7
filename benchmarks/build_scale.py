#!/usr/bin/env python3
"""What a build costs as the corpus grows: CPU seconds, wall seconds and peak memory, a process for each size.

    python benchmarks/build_scale.py corpus.jsonl --articles 1000 2000 5000 [--embedder ngrams] [--compare]

Twice the articles should take twice the CPU time and the same memory. `ngrams` leaves the sentence model out:
what remains is reading, segmenting and writing. `--compare` also compares all stories of each index, in a
process of its own. CORPUS is what `corpus.py` writes; its first articles are taken.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

MIB = 1024  # getrusage counts KiB on Linux


def build_once(corpus: Path, index: Path, embedder: str) -> dict[str, float]:
    """Build one index in this process."""
    from xsource.pipeline import build
    from xsource.settings import Settings

    wall, cpu = time.perf_counter(), time.process_time()
    summary = build([corpus], index, Settings(embedder=embedder, translate=False))
    return {
        "articles": summary.new,
        "sentences": summary.sentences,
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB,
        **{f"busy {stage}": seconds for stage, seconds in summary.seconds.items()},
    }


def compare_once(index: Path, detectors: str) -> dict[str, float]:
    """Find all stories and compare each in this process, one at a time."""
    from xsource.pipeline import open_reader
    from xsource.settings import Settings

    cpu = time.process_time()
    found = {"stories": 0, "groups": 0, "divergences": 0}
    with open_reader(index, Settings(detectors=detectors)) as reader:
        stories = reader.stories()
        sorted_at = time.process_time()
        for comparison in reader.compare_each():
            found["stories"] += 1
            found["groups"] += len(comparison.groups)
            found["divergences"] += len(comparison.divergences)
    end = time.process_time()
    return {
        **found,
        "cpu stories": sorted_at - cpu,
        "cpu compare": end - sorted_at,
        "cpu a story": (end - sorted_at) / max(1, len(stories)),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB,
    }


def in_process(*words: str) -> dict[str, float]:
    """Run this file with other words in a fresh process: peak memory is that of a whole process."""
    done = subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 2000])
    parser.add_argument("--embedder", default="bundled")
    parser.add_argument("--detectors", default="", help="kinds to compare by; all when left out")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--one", choices=("build", "compare"), help=argparse.SUPPRESS)
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one == "build":
        print(json.dumps(build_once(options.corpus, options.index, options.embedder)))
        return
    if options.one == "compare":
        print(json.dumps(compare_once(options.index, options.detectors)))
        return
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, embedder {options.embedder}")
    for count in options.articles:
        with tempfile.TemporaryDirectory() as folder:
            part, index = Path(folder) / "part.jsonl", Path(folder) / "index"
            with options.corpus.open("rb") as lines, part.open("wb") as chosen:
                chosen.writelines(islice(lines, count))
            common = ["--index", str(index), "--embedder", options.embedder, "--detectors", options.detectors]
            report("build", in_process(str(part), "--one", "build", *common))
            if options.compare:
                report("compare", in_process(str(part), "--one", "compare", *common))


def report(what: str, found: dict[str, float]) -> None:
    print(f"{what}: " + ", ".join(f"{name} {value:,.6g}" for name, value in found.items()), flush=True)


if __name__ == "__main__":
    main()
