"""`compare --html` and `--xlsx`: files instead of a table."""

from __future__ import annotations

import json

import openpyxl
import pytest
from lxml import html

pytestmark = pytest.mark.model


def test_files_are_written_instead_of_a_table_or_beside_what_format_asks_for(program, tmp_path):
    page, book = tmp_path / "report.html", tmp_path / "report.xlsx"
    story = json.loads(program.run("stories", "--format", "json").stdout)["stories"][0]
    result = program.run("compare", story["id"], "--html", str(page), "--xlsx", str(book))
    assert result.stdout == ""
    assert f"{page}: 1 story, " in result.stderr
    assert f"{book}: 1 story, " in result.stderr
    titles = [row[1].value for row in openpyxl.load_workbook(book)["Stories"].iter_rows(min_row=2)]
    headings = html.document_fromstring(page.read_text(encoding="utf-8")).xpath("//section/h2/text()")
    assert headings == titles == [story["title"]]

    page.unlink()
    result = program.run("compare", story["id"], "--html", str(page), "--format", "csv")
    assert result.stdout.startswith("id,kind,")
    assert page.exists()


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(program, tmp_path):
    result = program.run("compare", "--html", str(tmp_path), exit_code=1)
    assert "is a folder, not a file" in result.stderr
    assert "hint: name a file in it" in result.stderr
