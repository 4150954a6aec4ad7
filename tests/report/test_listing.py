"""Lists in four formats, with what an outlet might write in them."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.report.bidi import isolate
from xsource.report.listing import Column, Listing, as_csv, as_json, as_markdown, render_listing

LISTING = Listing(
    "results",
    (Column("cosine", "cosine", is_number=True), Column("sentence", "sentence", is_text=True)),
    (
        {"cosine": 0.51239, "sentence": "ХАМАС | حماس", "more": ["a"]},
        {"cosine": None, "sentence": '=cmd|"/c calc"!A1', "more": []},
    ),
)


def test_json_shows_whole_rows():
    assert json.loads(render_listing(LISTING, "json", isolate)) == {
        "results": [dict(row) for row in LISTING.rows]
    }


def test_csv_is_defused_for_spreadsheets():
    rows = list(csv.reader(io.StringIO(render_listing(LISTING, "csv", isolate))))
    assert rows == [["cosine", "sentence"], ["0.512", "ХАМАС | حماس"], ["", '\'=cmd|"/c calc"!A1']]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_begins_like_a_formula(start):
    (_, row) = csv.reader(io.StringIO(as_csv(["text"], [[f"{start}1+1"]])))
    assert row[0].startswith("'")


def test_markdown_cells_stay_cells():
    text = as_markdown(["text"], [["a | b\nc <script>*x*</script> [l](u)"]])
    assert text.splitlines()[2] == "| a \\| b c &lt;script>\\*x\\*&lt;/script> \\[l](u) |"


@given(st.recursive(st.text(st.characters()) | st.floats(allow_nan=False) | st.none(), st.lists, max_leaves=5))
def test_json_reads_back_and_cannot_close_a_script_element(value):
    text = as_json(value)
    assert json.loads(text) == value
    assert "</" not in text
    text.encode("utf-8")  # lone surrogates are escaped, so any text can be written


def test_a_csv_carries_nothing_that_acts_on_a_terminal():
    from xsource.report.listing import as_csv

    written = as_csv(["a\x1b[2J", "b"], [["note \x1b]0;x\x07 end", "\u202egnp.exe"]])
    assert written == "a[2J,b\r\nnote ]0;x end,gnp.exe\r\n"


def test_the_header_of_a_markdown_table_is_escaped_as_its_cells_are():
    from xsource.report.listing import as_markdown

    assert (
        as_markdown(["alpha | beta", "n"], [["x|y", "1"]])
        == "| alpha \\| beta | n |\n| --- | --- |\n| x\\|y | 1 |\n"
    )
