"""The same corpus, settings and machine give the same report, byte for byte, in every form."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from xsource.embed.bundled import BundledEmbedder

REPORTS = ("report.json", "report.csv", "report.md", "report.html", "report.xlsx", "search.json", "asked.json")
PROGRAM = """
import sys
from pathlib import Path
from typer.testing import CliRunner
from xsource.cli.main import app

corpora, place = Path(sys.argv[1]), Path(sys.argv[2])

def run(name, *words):
    result = CliRunner().invoke(app, [*words, "--index", str(place / "index")], env={"COLUMNS": "120"})
    assert result.exit_code == 0, result.output + result.stderr + repr(result.exception)
    if name:
        (place / name).write_text(result.stdout, "utf-8")

run("", "build", str(corpora / "port-explosion"), "--embedder", "ngrams", "--no-translate", "--threads", "1")
for form in ("json", "csv", "md"):
    # Rows of cells: nothing differs between the two outlets of this story, and a header says little.
    run(f"report.{form}", "compare", "--format", form, *(["--table", "cells"] if form == "csv" else []))
run("", "compare", "--html", str(place / "report.html"))
run("", "compare", "--xlsx", str(place / "report.xlsx"))
run("search.json", "search", "взрыв в порту", "--top", "5", "-f", "json")
asked = "At least 23 people were killed when an explosion tore through the port"
run("asked.json", "who-reports", asked, "-f", "json")
"""


def make_reports(corpora: Path, place: Path, seed: str) -> dict[str, bytes]:
    place.mkdir()
    # Without polarity, whose model takes most of the time; it is held to the same by its own tests.
    kinds = "number,date,actor,place,attribution,certainty,wording,omission,update"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(corpora), str(place)],
        env=os.environ | {"PYTHONHASHSEED": seed, "XSOURCE_DETECTORS": kinds},
        cwd=place,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {name: (place / name).read_bytes() for name in REPORTS}


def test_two_processes_write_the_same_reports_byte_for_byte(corpora: Path, tmp_path: Path) -> None:
    one = make_reports(corpora, tmp_path / "one", "1")
    other = make_reports(corpora, tmp_path / "other", "2")
    assert [name for name in REPORTS if one[name] != other[name]] == []
    assert all(len(content) > 200 for content in one.values())


@pytest.mark.model
def test_vectors_of_other_thread_counts_differ_by_rounding_only() -> None:
    texts = [
        "Число погибших при взрыве в порту Моринды возросло до 23 человек.",
        "לפי משרד הפנים, 23 בני אדם נהרגו.",
        "قتل 23 شخصا على الأقل عندما هز انفجار ميناء موريندا في جنوب ساندوريا مساء الثلاثاء.",
        "At least 23 people were killed when an explosion tore through the port of Morinda on Tuesday evening.",
    ] * 5
    one = BundledEmbedder(threads=1).embed(texts)
    again = BundledEmbedder(threads=1).embed(texts)
    two = BundledEmbedder(threads=2).embed(texts)
    np.testing.assert_array_equal(one, again)
    # docs/reliability.md: what was measured on the shipped corpora. A cosine moves by no more than twice this.
    assert float(np.abs(one - two).max()) < 1e-5
