"""Comparing as an index grows: finding its stories, comparing them, and what memory that takes.

The index is a real one of articles whose vectors are made (`made_index.py`). Stories are found among all of its
articles and compared. Where that would take long, some evenly spaced ones are, and the rest is reckoned from
these. `polarity`, which asks the sentence model, is measured apart, on the same number of stories at each size.
"""

from __future__ import annotations

import math
import shutil
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.made_index import fill
from benchmarks.measuring import Measured, run_case, stopwatch
from benchmarks.results import Row, Section
from xsource.pipeline import Reader, open_reader
from xsource.records import DIVERGENCE_KINDS
from xsource.settings import Settings

TITLE = "Comparing a growing index"
WITHOUT_MODEL = ",".join(kind for kind in DIVERGENCE_KINDS if kind != "polarity")


@dataclass(frozen=True, slots=True)
class Size:
    """Articles of each index, few to many; stories compared of each at most, and with `polarity`."""

    articles: tuple[int, ...]
    stories: int
    polarity: int


SIZES = {
    "small": Size((500, 2000), stories=100, polarity=5),
    "full": Size((1000, 10_000, 100_000), stories=20_000, polarity=40),
}


def compare(size: Size, repeats: int) -> Section:
    """Give CPU-seconds and memory for each number of articles, and how they grow beside n log n."""
    rows: list[Row] = []
    notes = []
    least = 0.0
    for count in size.articles:
        folder = Path(tempfile.mkdtemp(prefix="xsource-comparing-"))
        try:
            made = run_case("comparing:make", {"folder": str(folder), "count": count}, threads=0, repeats=1)
            options = {"folder": str(folder), "most": size.stories}
            found = run_case("comparing:stories", {"folder": str(folder)}, threads=0, repeats=repeats)
            each = run_case("comparing:stories_compared", options, threads=0, repeats=repeats)
            options |= {"most": size.polarity, "detectors": "polarity"}
            denied = run_case("comparing:stories_compared", options, threads=1, repeats=repeats)
        finally:
            shutil.rmtree(folder)
        total, compared = each.figures["stories"], each.figures["compared"]
        whole = found.cpu + each.cpu / compared * total
        least = least or whole
        finding, comparing = (f"{run.peak_bytes / 1e6:.0f}" for run in (found, each))
        expected = least * count * math.log(count) / (size.articles[0] * math.log(size.articles[0]))
        name = f"{count:,} articles"
        rows += [
            Row(f"{name}: written, CPU-seconds", f"{made.cpu:.1f}"),
            Row(f"{name}: {total:,} stories found, CPU-seconds", f"{found.cpu:.1f}"),
            Row(f"{name}: one story compared, CPU-seconds", f"{each.cpu / compared:.3f}"),
            Row(f"{name}: one story by `polarity` alone, which asks the sentence model, CPU-seconds",
                f"{denied.cpu / denied.figures['compared']:.2f}"),
            Row(f"{name}: all found and compared, CPU-seconds", f"{whole:.0f}",
                f"n log n from {size.articles[0]:,}", f"{expected:.0f}", expected / whole, "at least 1"),
            Row(f"{name}: peak memory of finding, MB", finding, wanted="at most 4,000"),
            Row(f"{name}: peak memory of comparing, MB", comparing, wanted="at most 4,000"),
        ]  # fmt: skip
        notes.append(
            f"{name}: {compared:,} of {total:,} stories compared, {each.figures['articles'] / compared:.1f} "
            f"articles a story; {each.figures['groups']:,} groups, {each.figures['divergences']:,} divergences."
        )
    return Section(rows, (*notes, "Whoever compares first finds the stories in the same process."))


def make(folder: str, count: int) -> Measured:
    """Write an index."""
    with stopwatch() as watch:
        fill(Path(folder), count)
    return Measured(watch.wall, watch.cpu)


def stories(folder: str) -> Measured:
    """Open an index and find its stories, as the first reader of a state does; later ones find them kept."""
    for kept in Path(folder).glob("stories-*.json"):
        kept.unlink()
    with stopwatch() as watch, _reader(folder, WITHOUT_MODEL) as reader:
        count = len(reader.stories())
    return Measured(watch.wall, watch.cpu, figures={"stories": count})


def stories_compared(folder: str, most: int, detectors: str = WITHOUT_MODEL) -> Measured:
    """Compare some stories of an index, as `xsource compare` does, one after the other."""
    with _reader(folder, detectors) as reader:
        found = reader.stories()
        chosen = found if len(found) <= most else [found[at * len(found) // most] for at in range(most)]
        reader.load_models()
        figures = {"stories": len(found), "compared": len(chosen), "articles": 0, "groups": 0, "divergences": 0}
        with stopwatch() as watch:
            for comparison in reader.compare_each(chosen):
                figures["articles"] += len(comparison.articles)
                figures["groups"] += len(comparison.groups)
                figures["divergences"] += len(comparison.divergences)
    return Measured(watch.wall, watch.cpu, figures=figures)


def _reader(folder: str, detectors: str) -> AbstractContextManager[Reader]:
    return open_reader(Path(folder), Settings(detectors=detectors))
