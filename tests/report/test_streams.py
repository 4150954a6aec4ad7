"""A comparison written story by story has the same words as one that is written at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xsource.errors import StorageError
from xsource.pipeline import Reader, build, open_reader
from xsource.report.documents import comparison_document
from xsource.report.listing import as_json
from xsource.report.streams import csv_parts, json_parts, markdown_parts
from xsource.report.tables import build_tables
from xsource.report.text import comparison_csv, comparison_markdown
from xsource.settings import Settings

SETTINGS = Settings(embedder="ngrams", translate=False, detectors="number,date,place,omission")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, corpora: Path):
    index = tmp_path_factory.mktemp("streams") / "index"
    build([corpora], index, SETTINGS)
    with open_reader(index, SETTINGS) as opened:
        yield opened


@pytest.mark.parametrize("count", [0, 1, 99], ids=["none", "one", "all"])
def test_every_form_is_what_it_is_when_written_at_once(reader: Reader, count: int) -> None:
    stories = reader.stories()[:count]
    whole = reader.compare_together(stories)
    assert (len(whole.groups) > 0) == (count > 0)
    tables = build_tables(whole)
    assert "".join(json_parts(reader.outline(stories), reader.compare_each(stories))) == (
        as_json(comparison_document(whole)) + "\n"
    )
    for table in ("cells", "divergences"):
        parts = csv_parts(reader.compare_each(stories), "en", table)
        assert "".join(parts) == comparison_csv(tables, table)
    assert "".join(markdown_parts(reader.compare_each(stories), "en", str)) == comparison_markdown(tables, str)


def test_a_story_is_written_before_the_next_is_compared(reader: Reader) -> None:
    stories = reader.stories()
    compared = []

    def noting(each):
        for comparison in each:
            compared.append(comparison.stories[0].id)
            yield comparison

    parts = csv_parts(noting(reader.compare_each(stories)), "en", "cells")
    assert next(parts).startswith("story,")
    for number, story in enumerate(stories, 1):
        assert next(parts).startswith(story.id)
        assert compared == [one.id for one in stories[:number]]


def test_what_json_says_last_waits_in_a_file_when_it_is_much(reader: Reader, monkeypatch, tmp_path) -> None:
    stories = reader.stories()
    once = "".join(json_parts(reader.outline(stories), reader.compare_each(stories)))
    monkeypatch.setattr("xsource.report.streams._AT_HAND", 100)
    assert "".join(json_parts(reader.outline(stories), reader.compare_each(stories))) == once
    assert json.loads(once)["divergences"]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(StorageError, match="a temporary file cannot be written: No such file"):
        "".join(json_parts(reader.outline(stories), reader.compare_each(stories)))
