"""The workbook, read back by another library: values, marks, directions, and that text stays text."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from report.sample_comparison import HOSTILE, blast, crowd, hostile

from xsource.report.bidi import plain
from xsource.report.xlsx import write_workbook


@pytest.fixture
def written(tmp_path):
    def write(comparison):
        path = tmp_path / "report.xlsx"
        write_workbook(comparison, path)
        return openpyxl.load_workbook(path, rich_text=True)

    return write


def rows_of(sheet):
    head, *rows = ([None if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows())
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_sheets_have_frozen_headers_and_filters(written):
    book = written(blast())
    assert {name: book[name].freeze_panes for name in book.sheetnames} == {
        "Stories": "C2", "Claims": "D2", "Divergences": "E2", "Quotes": "D2", "About": "A2",
    }  # fmt: skip
    assert book["Quotes"].auto_filter.ref == "A1:M9"


def test_a_story_is_counted(written):
    (row,) = rows_of(written(blast())["Stories"])
    assert row == {
        "story": 1, "title": "Взрыв в порту", "first article (UTC)": datetime(2024, 5, 14, 18),
        "last article (UTC)": datetime(2024, 5, 15, 1), "articles": 4, "outlets": 4, "shared claims": 2,
        "told differently": 1, "by one outlet alone": 1, "id": "s1",
    }  # fmt: skip


def test_the_matrix_marks_by_shape_and_by_colour(written):
    sheet = written(blast())["Claims"]
    first, second = rows_of(sheet)
    assert [first[name] for name in ("ru paper", "ar paper", "he paper", "en paper")] == [
        "● reports", "● reports", "≠ 23", "○ silent",
    ]  # fmt: skip
    assert {second[name] for name in ("ru paper", "ar paper", "he paper", "en paper")} == {"● reports"}
    assert (first["outlets"], first["independent"], first["kinds"]) == (3, 3, "number, omission")
    colours = {cell.value: cell.fill.fgColor.rgb for cell in sheet[2]}
    assert colours["≠ 23"] == "FFFCE3B4"
    assert colours["● reports"] != "FFFCE3B4"


def test_each_side_of_a_divergence_has_its_row(written):
    rows = rows_of(written(blast())["Divergences"])
    sides = [(row["kind"], row["outlet"], row["stands apart"], row["words"], row["read as"]) for row in rows]
    assert sides == [
        ("number", "he paper", "yes", "23", "23"),
        ("number", "ru paper", "no", "17", "17"),
        ("number", "ar paper", "no", "17", "17"),
        ("omission", "ru paper", "no", None, "reported"),
        ("omission", "en paper", "yes", None, "silent"),
    ]
    assert {row["story"] for row in rows} == {"Взрыв в порту"}
    assert [row["translation"] for row in rows] == [
        "23 people were killed, by the mayor.", "17 people died, the mayor said.",
        "17 people were killed, according to the mayor.", "17 people died, the mayor said.", None,
    ]  # fmt: skip
    assert rows[0]["confidence"] == pytest.approx(0.9)


def test_quotes_read_in_their_own_direction_with_the_differing_words_stressed(written):
    sheet = written(blast())["Quotes"]
    lines = {row[2].value: row for row in sheet.iter_rows(min_row=2, max_row=4)}
    assert {name: (str(row[4].value), row[4].alignment.readingOrder) for name, row in lines.items()} == {
        "ru paper": ("Погибли 17 человек, сообщила мэр.", 1),
        "ar paper": ("وقتل 17 شخصا وفق رئيسة البلدية.", 2),
        "he paper": ("23 בני אדם נהרגו, לפי ראש העיר.", 2),
    }
    stressed = lines["he paper"][4].value[0]
    assert (stressed.text, stressed.font.b) == ("23", True)
    assert lines["he paper"][12].hyperlink.target == "https://he-paper.example/1"
    assert lines["he paper"][9].value == "number lost: 23"


def test_a_sheet_turns_round_where_most_of_its_texts_run_right_to_left(written):
    book = written(blast())
    # 4 of the 8 quotes are Arabic or Hebrew: half is not most. Of the 4 quoted sides, 2.
    assert not any(book[name].sheet_view.rightToLeft for name in book.sheetnames)
    comparison = blast()
    middle_east = replace(
        comparison,
        groups=(replace(comparison.groups[0], claims=comparison.groups[0].claims[1:]), *comparison.groups[1:]),
        stories=(replace(comparison.stories[0], title="انفجار في الميناء"),),
    )
    book = written(middle_east)
    turned = {name for name in book.sheetnames if book[name].sheet_view.rightToLeft}
    assert turned == {"Stories", "Quotes"}


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(written, tmp_path, text):
    book = written(hostile(text))
    shown = plain(text).replace("\ud800", "?")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if cell.hyperlink:
                    assert cell.hyperlink.target.startswith(("http://", "https://"))
                    assert cell.hyperlink.location is None
                if isinstance(cell.value, str) and cell.value == shown:
                    assert cell.quotePrefix
    quotes = rows_of(book["Quotes"])
    assert str(quotes[0]["sentence"]) == shown
    assert quotes[0]["translation"] == shown
    with zipfile.ZipFile(tmp_path / "report.xlsx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if "sheet" in name}
    for part in parts.values():
        assert "<f>" not in part
        assert "\u202e" not in part


def test_a_text_longer_than_a_cell_is_cut_and_says_so(written):
    quotes = rows_of(written(hostile("a" * 40_000))["Quotes"])
    sentence = str(quotes[0]["sentence"])
    assert len(sentence) == 32_767
    assert sentence.endswith("(cut: a cell holds no more)")


def test_an_empty_comparison_is_a_valid_workbook(written):
    book = written(replace(blast(), stories=(), groups=(), divergences=(), unmatched=()))
    assert [book[name].max_row for name in ("Stories", "Claims", "Divergences", "Quotes")] == [1, 1, 1, 1]


def test_every_claim_of_a_crowd_has_its_row(written):
    book = written(crowd(outlets=12, claims=40, makers=5))
    assert book["Claims"].max_row == 41
    assert book["Claims"].max_column == 6 + 12
    assert book["Quotes"].max_row == 1 + 40 * 5
