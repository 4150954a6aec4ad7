"""What an analyst said of a divergence stands in every output, beside the divergence, which stays."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from lxml import html as lxml_html
from report.sample_comparison import HOSTILE, blast, hostile, reviewed
from rich.console import Console

from xsource.records import Comparison, Outlet
from xsource.report.bidi import isolate, plain
from xsource.report.documents import comparison_document
from xsource.report.html import comparison_html
from xsource.report.naming import explain
from xsource.report.reviews import tell_review
from xsource.report.tables import build_tables
from xsource.report.terminal import lay_out_story
from xsource.report.text import comparison_csv, comparison_markdown
from xsource.report.xlsx import write_workbook


def terminal_of(comparison: Comparison, width: int = 120) -> str:
    console = Console(width=width, record=True, file=io.StringIO(), color_system=None)
    (table,) = build_tables(comparison)
    console.print(lay_out_story(table, width, isolate))
    return console.export_text()


def test_a_review_is_told_on_one_line():
    number, omission = reviewed().divergences
    assert tell_review(number.review) == "✗ wrong by עדה, 2024-05-15: נכתב לפני העדכון, 17 = 17."
    names = {"ru-paper": "ru paper"}
    assert tell_review(omission.review, names=names) == (
        "✓ confirmed by Boris, 2024-05-16 (before ru paper came in)"
    )
    assert tell_review(replace(number.review, by="", note="two\nlines\tand more")) == (
        "✗ wrong, 2024-05-15: two lines and more"
    )


@pytest.mark.parametrize("width", [40, 120])
def test_the_terminal_says_it_under_the_divergence(width):
    text = " ".join(terminal_of(reviewed(), width).split())
    assert f"✗ wrong by {isolate('עדה')}, 2024-05-15: " in text
    assert text.index("number he-paper has 23") < text.index("✗ wrong") < text.index("✓ confirmed by")
    assert "≠ he-paper" in text


def test_markdown_says_it_under_the_divergence():
    lines = comparison_markdown(build_tables(reviewed()), isolate).splitlines()
    place = next(index for index, line in enumerate(lines) if line.startswith("- **1 number**"))
    assert (
        lines[place + 1]
        == f"  - ✗ wrong by {isolate('עדה')}, 2024-05-15: {isolate('נכתב לפני העדכון, 17 = 17.')}"
    )


def test_csv_says_it_for_each_outlet_that_it_is_about():
    rows = list(csv.DictReader(io.StringIO(comparison_csv(build_tables(reviewed()), "cells"))))
    said = {row["outlet"]: row["verdicts"] for row in rows if row["claim"] == "1"}
    wrong = "number ✗ wrong by עדה, 2024-05-15: נכתב לפני העדכון, 17 = 17."
    holds = "omission ✓ confirmed by Boris, 2024-05-16 (before ru-paper came in)"
    assert said == {"ar-paper": wrong, "he-paper": wrong, "ru-paper": wrong, "en-paper": holds}
    assert {row["verdicts"] for row in rows if row["claim"] == "2"} == {""}


def test_the_document_has_it_as_fields():
    number, omission = comparison_document(reviewed())["divergences"]
    assert number["id"] == "aaaa1111ffff"
    assert number["review"] == {
        "verdict": "wrong", "note": "נכתב לפני העדכון, 17 = 17.", "by": "עדה", "at": "2024-05-15T18:00:00Z",
        "came_in_since": [],
    }  # fmt: skip
    assert omission["review"]["came_in_since"] == ["ru-paper"]
    assert [d["review"] for d in comparison_document(blast())["divergences"]] == [None, None]


def test_the_workbook_has_it_in_columns(tmp_path):
    write_workbook(reviewed(), tmp_path / "report.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Divergences"]
    head, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    first, *_, last = (dict(zip(head, row, strict=True)) for row in rows)
    columns = ("id", "verdict", "by", "note", "marked (UTC)", "named since then")
    assert [first[column] for column in columns] == [
        "aaaa1111", "wrong", "עדה", "נכתב לפני העדכון, 17 = 17.", datetime(2024, 5, 15, 18), None,
    ]  # fmt: skip
    assert [last[column] for column in columns[1:]] == [
        "confirmed", "Boris", None, datetime(2024, 5, 16, 18), "ru paper",
    ]  # fmt: skip


def test_the_page_says_it_and_can_filter_by_it():
    page = lxml_html.document_fromstring(comparison_html(reviewed()))
    told = [" ".join(said.text_content().split()) for said in page.xpath("//p[starts-with(@class, 'verdict')]")]
    assert told == [
        "✗ wrong by עדה, 15 May 2024, 18:00 UTC: נכתב לפני העדכון, 17 = 17.",
        "✓ confirmed by Boris, 16 May 2024, 18:00 UTC, before ru paper came in",
    ]
    assert page.xpath("//li/code/text()") == ["aaaa1111", "bbbb2222"]
    assert page.xpath("//li/@data-v") == ["wrong", "confirmed"]
    assert page.xpath("//input[@name='verdict']/@value") == ["confirmed", "wrong"]
    assert page.xpath("//td[contains(@class, 'd')]//i/text()") == ["differs"]
    bare = lxml_html.document_fromstring(comparison_html(blast()))
    assert not bare.xpath("//input[@name='verdict'] | //*[@data-v]")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_note_and_name_stay_text(text, tmp_path):
    comparison = hostile(text)
    page = lxml_html.document_fromstring(comparison_html(comparison))
    (said,) = page.xpath("//p[@class='verdict wrong']")
    assert [part.text_content() for part in said.xpath("./bdi")] == [
        plain(text).replace("\ud800", "\ufffd")
    ] * 2
    assert not said.xpath(".//script | .//img | .//style | .//@*[starts-with(name(), 'on')]")

    for table in ("cells", "divergences"):
        rows = list(csv.reader(io.StringIO(comparison_csv(build_tables(comparison), table))))
        assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r") for row in rows for cell in row)

    write_workbook(comparison, tmp_path / "report.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Divergences"]
    cells = {cell.value: cell for cell in sheet[1]}
    for column in ("by", "note"):
        cell = sheet.cell(2, cells[column].column)
        assert (cell.data_type, cell.hyperlink, cell.quotePrefix) == ("s", None, True)

    for output in (terminal_of(comparison), comparison_markdown(build_tables(comparison), isolate)):
        assert not set(output) & set("\u202e\u2066\u2067\u0000\u0007\u001b\u009b")


def test_explanations_name_outlets_and_leave_other_words():
    number = blast().divergences[0]
    he, ru, ar = (Outlet(side.outlet_id, f"{side.outlet_id.title()}!", "ru") for side in number.sides)
    outlets = {outlet.id: outlet for outlet in (he, ru, ar)}
    assert explain(number, outlets) == "He-Paper! has 23 “בני אדם”; Ru-Paper!, Ar-Paper! have 17"
    other = replace(number, explanation="he-papers and the-he-paper, en-paper; he-paper.")
    en = Outlet("en-paper", "English Paper", "en")  # type: ignore[arg-type]
    assert explain(other, outlets | {en.id: en}) == "he-papers and the-he-paper, en-paper; He-Paper!."
