"""`xsource versions`: the texts of a page, and what changed from one to the next."""

from __future__ import annotations

import csv
import io
import json

import pytest
from conftest import Program

from xsource.pipeline import list_versions, open_reader
from xsource.report.bidi import plain
from xsource.settings import Settings

URL = "https://www.harbour-news.example/ferry"
AMP = "https://harbour-news.example/ferry/amp"
FIRST = "The ferry sailed again on Monday. The operator said 1,200 passengers were stranded. Boats are safe."
SECOND = "The ferry sailed again on Monday. The operator said 1,350 passengers were stranded. Boats are safe."
THIRD = f"{SECOND} The minister resigned on Tuesday."


@pytest.fixture(scope="module")
def versions(tmp_path_factory) -> Program:
    """One page read three times under three addresses, another page, and another outlet's."""
    folder = tmp_path_factory.mktemp("versions")
    index = Program(folder / "index")
    records = [
        ("harbour-news", f"{URL}?utm_source=feed", "Ferry sails", SECOND, "2026-03-02T15:00:00Z"),
        ("harbour-news", URL, "Ferry sails", FIRST, "2026-03-02T08:00:00Z"),
        ("harbour-news", AMP, "Ferry sails; minister out", THIRD, "2026-03-03T09:00:00Z"),
        ("harbour-news", f"{URL}?id=2", "Another", FIRST, None),
        ("namal", "https://namal.example/7", "המעבורת חזרה", "המעבורת חזרה להפליג ביום שני לאחר הסופה.", None),
    ]
    for number, values in enumerate(records):
        record = dict(zip(("outlet", "url", "title", "text", "published_at"), values, strict=True))
        path = folder / f"{number}.jsonl"
        path.write_text(json.dumps(record), "utf-8")
        index.run("build", str(path), "--no-translate", "--embedder", "ngrams")
    return index


@pytest.mark.parametrize(
    "asked", [URL, "http://harbour-news.example/ferry/", f"{URL}?fbclid=1&utm_medium=x", "https://m.harbour-news.example/ferry"]
)  # fmt: skip
def test_every_way_to_write_the_address_gives_the_versions_in_order(versions, asked):
    found = json.loads(versions.run("versions", asked, "--format", "json").stdout)["versions"]
    assert [(v["version"], v["published_at"], v["sentences"], v["changes"]) for v in found] == [
        (1, "2026-03-02T08:00:00Z", 3, []),
        (
            2,
            "2026-03-02T15:00:00Z",
            3,
            [
                {"change": "removed", "part": "sentence", "text": FIRST.split(". ")[1] + "."},
                {"change": "added", "part": "sentence", "text": SECOND.split(". ")[1] + "."},
            ],
        ),
        (
            3,
            "2026-03-03T09:00:00Z",
            4,
            [
                {"change": "removed", "part": "headline", "text": "Ferry sails"},
                {"change": "added", "part": "headline", "text": "Ferry sails; minister out"},
                {"change": "added", "part": "sentence", "text": "The minister resigned on Tuesday."},
            ],
        ),
    ]


def test_an_article_is_named_by_its_id_too(versions):
    (_, second, _) = list_versions(versions.index, URL)
    assert list_versions(versions.index, second.article.id) == list_versions(versions.index, URL)


def test_a_table_marks_what_went_and_what_came(versions):
    lines = plain(versions.run("versions", URL).stdout).splitlines()
    assert "  - The operator said 1,200 passengers were stranded." in lines
    assert "  + The operator said 1,350 passengers were stranded." in lines
    assert "  + headline: Ferry sails; minister out" in lines
    assert not any("Boats are safe" in line for line in lines)


def test_csv_and_markdown_give_a_row_a_change(versions):
    rows = list(csv.DictReader(io.StringIO(versions.run("versions", URL, "-f", "csv").stdout)))
    assert [(row["version"], row["change"]) for row in rows] == [
        ("1", "first version"), ("2", "sentence removed"), ("2", "sentence added"), ("3", "headline removed"),
        ("3", "headline added"), ("3", "sentence added"),
    ]  # fmt: skip
    assert versions.run("versions", URL, "-f", "md").stdout.count("\n") == 2 + len(rows)


def test_a_page_of_one_version_has_one(versions):
    rows = json.loads(versions.run("versions", "https://namal.example/7", "-f", "json").stdout)["versions"]
    assert [(row["title"], row["changes"]) for row in rows] == [("המעבורת חזרה", [])]


def test_a_page_that_is_not_there_is_refused(versions):
    result = versions.run("versions", "https://harbour-news.example/other", exit_code=1)
    assert "is no page in" in result.stderr


def test_comparisons_read_the_last_version_whatever_its_address(versions):
    with open_reader(versions.index, Settings()) as reader:
        texts = {article.text for article in reader.articles() if article.outlet_id == "harbour-news"}
    assert texts == {THIRD, FIRST}  # the page, and the other page under ?id=2
