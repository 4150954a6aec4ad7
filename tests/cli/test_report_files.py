"""`compare --html` and `--xlsx`: files instead of a table."""

from __future__ import annotations

import openpyxl
import pytest
from lxml import html

pytestmark = pytest.mark.model


def test_the_files_are_written_and_stdout_stays_empty(program, tmp_path):
    page, book = tmp_path / "report.html", tmp_path / "report.xlsx"
    result = program.run("compare", "--html", str(page), "--xlsx", str(book))
    assert result.stdout == ""
    assert f"{page}: 3 stories, " in result.stderr
    assert f"{book}: 3 stories, " in result.stderr
    stories = html.document_fromstring(page.read_text(encoding="utf-8")).xpath("//section[@class='story']")
    titles = [row[1].value for row in openpyxl.load_workbook(book)["Stories"].iter_rows(min_row=2)]
    assert [story.xpath("./h2")[0].text for story in stories] == titles


def test_a_format_that_is_asked_for_is_written_as_well(program, tmp_path):
    result = program.run("compare", "--html", str(tmp_path / "report.html"), "--format", "csv")
    assert result.stdout.startswith("story,")
    assert (tmp_path / "report.html").exists()


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(program, tmp_path):
    result = program.run("compare", "--html", str(tmp_path), exit_code=1)
    assert "is a folder, not a file" in result.stderr
    assert "hint: name a file in it" in result.stderr
