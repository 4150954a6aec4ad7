"""Whole build: how it grows, and `xsource build` beside the obvious script, from process start to end.

The articles are those of `corpus.py`, a sixth of whose sentences are Russian. Both sides read the same JSON
lines, translate what is Russian with the same package, embed every sentence with the same weights and write an
index, on every core. Translation is the tests' tiny package, or, as `published`, the same in the size of
published ones. The script is measured on the first articles of the corpus: what it does for a sentence does
not depend on how many there are. It is measured as it comes, and with argostranslate held to one thread, which
is a setting that one has to know.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import ROOT, Measured, run_program
from benchmarks.results import Row, Section
from benchmarks.texts import composed_articles
from benchmarks.translation import TINY, home_for_packages, wide_package
from xsource.embed.bundled import prepare_bundled_model, prepare_sentence_transformers_folder
from xsource.embed.model_cache import CACHE_VARIABLE, cache_folder
from xsource.store import open_index

TITLE = "Whole build"
SCRIPT = ROOT / "benchmarks" / "obvious_script.py"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is built.

    Attributes:
        growing: articles of two builds, the second twice as many, each run once.
        beside: articles built by both sides.
        published: the same with the package of published size; 0 leaves it out.
    """

    growing: tuple[int, int]
    beside: int
    published: int


SIZES = {
    "small": Size(growing=(400, 800), beside=100, published=0),
    "full": Size(growing=(5000, 10_000), beside=300, published=100),
}


@dataclass(frozen=True, slots=True)
class Built:
    """One build of ours and how many sentences it found."""

    run: Measured
    sentences: int

    @property
    def cpu_a_thousand(self) -> float:
        """CPU-seconds a thousand sentences."""
        return 1000 * self.run.cpu / self.sentences


def compare(size: Size, repeats: int) -> Section:
    """Give seconds and memory of both, and what a thousand sentences cost."""
    prepare_bundled_model()
    model = prepare_sentence_transformers_folder()
    with tempfile.TemporaryDirectory(prefix="xsource-building-") as folder:
        rows, largest = _grow(Path(folder), size.growing)
        notes = []
        for count, package, name in (
            (size.beside, TINY, "tiny package"),
            (size.published, wide_package() if size.published else TINY, "published size"),
        ):
            if count:
                beside, sentences, theirs = _beside(Path(folder), count, package, name, model, repeats)
                rows += beside
                notes.append(f"{name}: {count:,} articles, {sentences:,} sentences.")
                if package == TINY:
                    rows.append(_reckoned(size.growing[1], largest, theirs))
    return Section(rows, (*notes, "From process start to end, imports and loading of models included."))


def _reckoned(count: int, largest: Built, script_cpu_a_thousand: float) -> Row:
    script = script_cpu_a_thousand * largest.sentences / 1000
    return Row(
        f"tiny package, {count:,} articles: CPU-seconds", f"{largest.run.cpu:.0f}",
        "script on one thread, reckoned from the above", f"{script:.0f}", script / largest.run.cpu,
        "at least 2",
    )  # fmt: skip


def _grow(folder: Path, counts: tuple[int, int]) -> tuple[list[Row], Built]:
    rows = []
    built = []
    for count in counts:
        own = _build(folder, count, TINY, 1)
        built.append(own)
        what = f"{count:,} articles, {own.sentences:,} sentences"
        rows += [
            Row(f"{what}: seconds", f"{own.run.wall:.0f}"),
            Row(f"{what}: CPU-seconds", f"{own.run.cpu:.0f}"),
            Row(f"{what}: peak memory, MB", f"{own.run.peak_bytes / 1e6:.0f}", wanted="at most 2,000"),
        ]
    growth = built[1].run.cpu / built[0].run.cpu
    rows.append(Row("twice the articles, times the CPU-seconds", f"{growth:.2f}", wanted="1.7 to 2.3"))
    return rows, built[1]


def _variables(folder: Path, package: Path) -> dict[str, str]:
    home = folder / package.stem
    return home_for_packages(str(home)) | {CACHE_VARIABLE: str(cache_folder())}


def _build(folder: Path, count: int, package: Path, repeats: int) -> Built:
    source = folder / f"{count}.jsonl"
    lines = (json.dumps(article, ensure_ascii=False) for article in composed_articles(count))
    source.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    variables = _variables(folder, package)
    program = str(Path(sys.executable).with_name("xsource"))
    run_program([program, "models", "install", str(package)], variables=variables)
    index = folder / "index"
    command = [program, "build", str(source), "--index", str(index), "--rebuild"]
    run = run_program(command, repeats=repeats, variables=variables)
    with open_index(index, mode="read") as opened:
        return Built(run, opened.counts().sentences)


def _beside(
    folder: Path, count: int, package: Path, name: str, model: Path, repeats: int
) -> tuple[list[Row], int, float]:
    """Give rows, sentences, and CPU-seconds of the script a thousand sentences where it is fastest."""
    ours = _build(folder, count, package, repeats)
    rows = []
    costs = []
    script = [sys.executable, str(SCRIPT), str(folder / f"{count}.jsonl"), str(folder / "script"), str(model)]
    for other, threads in (("script", "0"), ("script, argostranslate on one thread", "1")):
        variables = _variables(folder, package) | {"ARGOS_INTRA_THREADS": threads}
        theirs = run_program(script, repeats=repeats, variables=variables)
        rows += _rows(name, ours, other, theirs)
        costs.append(1000 * theirs.cpu / ours.sentences)
    return rows, ours.sentences, min(costs)


def _rows(name: str, built: Built, other: str, theirs: Measured) -> list[Row]:
    ours = built.run
    thousands = built.sentences / 1000
    return [
        Row(f"{name}: seconds", f"{ours.wall:.0f}", other, f"{theirs.wall:.0f}", theirs.wall / ours.wall,
            "at least 2"),
        Row(f"{name}: CPU-seconds", f"{ours.cpu:.0f}", other, f"{theirs.cpu:.0f}", theirs.cpu / ours.cpu),
        Row(f"{name}: CPU-seconds a thousand sentences", f"{built.cpu_a_thousand:.1f}", other,
            f"{theirs.cpu / thousands:.1f}", theirs.cpu / ours.cpu),
        Row(f"{name}: peak memory, MB", f"{ours.peak_bytes / 1e6:.0f}", other, f"{theirs.peak_bytes / 1e6:.0f}",
            theirs.peak_bytes / ours.peak_bytes, "at most 2,000"),
    ]  # fmt: skip
