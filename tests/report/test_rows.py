"""Listings for people: no word broken at any width, and nothing but text in a pipe."""

from __future__ import annotations

import io
import unicodedata

import pytest
from report.sample_comparison import crowd
from rich.console import Console

from xsource.report.bidi import isolate
from xsource.report.cutting import cut, cut_words
from xsource.report.listing import Column, Listing, as_csv, render_listing
from xsource.report.rows import lay_out_listing, plain_lines
from xsource.report.tables import build_tables
from xsource.report.terminal import lay_out_story

OUTLETS = [
    f"{first}-{second}" for first in ("northern", "harbour", "evening") for second in ("courier", "dispatch")
]
STORIES = Listing(
    "stories",
    (
        Column("id", "story"),
        Column("days", "days"),
        Column("articles", "articles", is_number=True),
        Column("title", "title", is_text=True, ratio=1),
        Column("outlets", "outlets", ratio=1),
    ),
    tuple(
        {"id": id_, "days": days, "articles": articles, "title": title, "outlets": OUTLETS[:outlets]}
        for id_, days, articles, title, outlets in (
            ("0a1b2c3d", "2024-05-14 to 2024-05-16", 6, "В порту прогремел взрыв", 6),
            ("1b2c3d4e", "2024-05-17", 1, "انفجار في الميناء يوقع عشرات القتلى والجرحى", 1),
            ("2c3d4e5f", "no date", 2, "פיצוץ בנמל", 2),
        )
    ),
)


def drawn(part, width):
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(part)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_no_word_is_broken_whatever_the_width(width):
    text = drawn(lay_out_listing(STORIES, width, isolate), width)
    shown = text.replace("\u2068", " ").replace("\u2069", " ").replace(",", " ").split()
    for word in ("0a1b2c3d", *OUTLETS, "прогремел", "والجرحى", "פיצוץ"):
        assert word in shown
    assert all(
        len(line.translate({0x2068: None, 0x2069: None}).rstrip()) <= width for line in text.splitlines()
    )


def test_a_long_path_is_read_at_80_columns():
    path = "/srv/newsroom/indexes/spring/northern-desk/catalog.sqlite3"
    columns = (
        Column("where", "file", is_text=True, ratio=1),
        Column("message", "found", is_text=True, ratio=2),
    )
    listing = Listing(
        "findings", columns, ({"where": path, "message": "absent, and other files of an index are here"},)
    )
    assert path in drawn(lay_out_listing(listing, 80, isolate), 80)


def test_blocks_count_in_words():
    text = " ".join(drawn(lay_out_listing(STORIES, 40, isolate), 40).split())
    assert "6 articles" in text
    assert "1 article" in text
    assert "1 articles" not in text


def test_lines_in_a_pipe_are_one_a_row_and_hold_nothing_but_text():
    lines = plain_lines(STORIES, str).splitlines()
    assert len(lines) == 1 + len(STORIES.rows)
    assert lines[1].startswith("0a1b2c3d  2024-05-14 to 2024-05-16         6  В порту прогремел взрыв")
    assert all(line == line.rstrip() for line in lines)
    assert lines[1].endswith(", ".join(OUTLETS))


def test_numbers_in_csv_are_numbers_and_texts_are_no_formulas():
    assert as_csv((), [[-0.226, 3, None, "-0.226", True]]) == "-0.226,3,,'-0.226,true\r\n"
    columns = (Column("margin", "margin"), Column("text", "text"))
    listing = Listing("results", columns, ({"margin": -0.5, "text": "-x"},))
    assert render_listing(listing, "csv", str).splitlines()[1] == "-0.500,'-x"


@pytest.mark.parametrize(
    ("text", "letters", "shown"),
    [
        ("militant", 8, "militant"),
        ("militants", 8, "militan…"),
        ("حركة المقاومة الإسلامية", 10, "حركة المق…"),
        ("25 человек, погибших", 12, "25 человек…"),
    ],
)
def test_long_words_are_cut_and_say_so(text, letters, shown):
    assert cut(text, letters) == shown


def test_a_letter_is_cut_with_all_its_vowel_signs():
    text = "בֵּית הַמִּשְׁפָּט הָעֶלְיוֹן"
    shown = cut(text, 9)
    assert text.startswith(shown[:-1])
    assert unicodedata.category(text[len(shown) - 1]) != "Mn"
    assert "".join(letter for letter in shown if unicodedata.category(letter) != "Mn") == "בית המשפ…"


def test_every_word_is_cut_to_its_column():
    assert cut_words("organisation of militants", 8) == "organis… of militan…"


@pytest.mark.parametrize("width", [60, 80, 100, 160, 240])
def test_a_story_of_twelve_outlets_is_readable_at_any_width(width):
    (table,) = build_tables(crowd(outlets=12, claims=8, makers=5))
    text = drawn(lay_out_story(table, width, isolate), width)
    bare = text.translate({0x2068: None, 0x2069: None})
    assert all(len(line.rstrip()) <= width for line in bare.splitlines())
    for outlet in table.outlets:
        parts = outlet.id.split("-")
        assert outlet.id in bare or all(part in bare for part in parts)
    words = {word for row in table.rows for cell in row.cells for word in cell.words}
    assert words
    assert any(word in bare for word in words)
