"""A phrase that folds in a cell leaves the cells beside it where they are."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text

from xsource.report.bidi import embedder_for
from xsource.report.folding import Folding


@pytest.mark.parametrize("words", ["ארגון הטרור הגדול ביותר", "حركة المقاومة الإسلامية في غزة"])
def test_every_line_closes_what_it_opens(words):
    table = Table(box=None)
    table.add_column("", width=9, overflow="fold")
    table.add_column("")
    table.add_row(Folding(Text("≠ " + embedder_for("logical")(words))), "beside")
    console = Console(width=40, file=io.StringIO())
    console.print(table)
    lines = [line for line in console.file.getvalue().split("\n") if line.strip()]
    assert len(lines) > 1
    for line in lines:
        assert line.count("\u2068") == line.count("\u2069") > 0
    assert lines[0].endswith("beside" + " " * (len(lines[0]) - len(lines[0].rstrip())))
    shown = "".join(lines).replace("\u2068", " ").replace("\u2069", " ").replace("beside", "").split()
    assert shown == ["≠", *words.split()]


def test_a_text_that_fits_is_left_alone():
    console = Console(width=60, file=io.StringIO())
    console.print(Folding(Text("plain words")))
    assert console.file.getvalue() == "plain words\n"
