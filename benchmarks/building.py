"""Whole build: `xsource build` beside the obvious script, from process start to end, on every core.

Both read the same JSON lines, translate the Russian quarter with the same package, embed every sentence with
the same weights and write an index. Translation is the tests' tiny package, or, as `published`, the same in
the size of published ones. The script is measured as it comes, and with argostranslate held to one thread,
which is a setting that one has to know.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import ROOT, Measured, run_program
from benchmarks.results import Row, Section
from benchmarks.texts import articles
from benchmarks.translation import TINY, home_for_packages, wide_package
from xsource.embed.bundled import prepare_bundled_model, prepare_sentence_transformers_folder
from xsource.embed.model_cache import CACHE_VARIABLE, cache_folder
from xsource.store import open_index

TITLE = "Whole build"
SCRIPT = ROOT / "benchmarks" / "obvious_script.py"


@dataclass(frozen=True, slots=True)
class Size:
    """Articles built with the tiny package, and with that of published size (0: left out)."""

    articles: int
    published: int


SIZES = {"small": Size(articles=100, published=0), "full": Size(articles=10_000, published=300)}


def compare(size: Size, repeats: int) -> Section:
    """Give seconds and memory of both, and what a thousand sentences cost."""
    prepare_bundled_model()
    model = prepare_sentence_transformers_folder()
    rows: list[Row] = []
    notes = []
    for count, package, name in (
        (size.articles, TINY, "tiny package"),
        (size.published, wide_package(), "published size"),
    ):
        if not count:
            continue
        with tempfile.TemporaryDirectory() as folder:
            own, sentences = _compare(Path(folder), count, package, name, model, repeats)
        rows += own
        notes.append(f"{name}: {count:,} articles, {sentences:,} sentences.")
    return Section(rows, (*notes, "From process start to end, imports and loading of models included."))


def _compare(
    folder: Path, count: int, package: Path, name: str, model: Path, repeats: int
) -> tuple[list[Row], int]:
    source = folder / "articles.jsonl"
    source.write_text("".join(f"{json.dumps(a, ensure_ascii=False)}\n" for a in articles(count)), "utf-8")
    variables = home_for_packages(str(folder / "home")) | {CACHE_VARIABLE: str(cache_folder())}
    program = str(Path(sys.executable).with_name("xsource"))
    run_program([program, "models", "install", str(package)], variables=variables)
    index = folder / "index"
    ours = run_program(
        [program, "build", str(source), "--index", str(index), "--rebuild"],
        repeats=repeats,
        variables=variables,
    )
    with open_index(index, mode="read") as opened:
        sentences = opened.counts().sentences
    rows = []
    script = [sys.executable, str(SCRIPT), str(source), str(folder / "script"), str(model)]
    for other, threads in (("script", "0"), ("script, argostranslate on one thread", "1")):
        theirs = run_program(script, repeats=repeats, variables=variables | {"ARGOS_INTRA_THREADS": threads})
        rows += _rows(name, ours, other, theirs, sentences)
    return rows, sentences


def _rows(name: str, ours: Measured, other: str, theirs: Measured, sentences: int) -> list[Row]:
    thousands = sentences / 1000
    return [
        Row(f"{name}: seconds", f"{ours.wall:.0f}", other, f"{theirs.wall:.0f}", theirs.wall / ours.wall,
            "at least 2"),
        Row(f"{name}: CPU-seconds", f"{ours.cpu:.0f}", other, f"{theirs.cpu:.0f}", theirs.cpu / ours.cpu),
        Row(f"{name}: CPU-seconds a thousand sentences", f"{ours.cpu / thousands:.1f}", other,
            f"{theirs.cpu / thousands:.1f}", theirs.cpu / ours.cpu),
        Row(f"{name}: peak memory, MB", f"{ours.peak_bytes / 1e6:.0f}", other, f"{theirs.peak_bytes / 1e6:.0f}",
            theirs.peak_bytes / ours.peak_bytes, "at most 2,000"),
    ]  # fmt: skip
