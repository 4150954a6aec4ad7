"""What was noted while articles were read goes where they go, and is shown."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from xsource.cli.main import app
from xsource.pipeline import build, date_sources, merge_shards, reading_notes
from xsource.records import ReadingNote
from xsource.settings import Settings
from xsource.store import open_index

NOW = datetime(2026, 3, 1, tzinfo=UTC)
QUICK = Settings(embedder="ngrams", translate=False)
RECORDS = [
    {
        "outlet": "tass",
        "url": "https://tass.ru/1",
        "text": "МОСКВА, 27 февраля. /ТАСС/. Переговоры в порту начались в пятницу утром.",
        "published_at": "2025-11-02",
    },
    {
        "outlet": "bbc",
        "url": "https://www.bbc.com/news/1",
        "text": "Talks in the port began on Friday morning, officials said.",
    },
]


@pytest.fixture
def index(tmp_path):
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, RECORDS)))
    build([tmp_path / "a.jsonl"], tmp_path / "index", QUICK, now=NOW)
    return tmp_path / "index"


def test_what_a_date_rests_on_is_kept_and_a_dateline_that_speaks_against_it(index):
    with open_index(index, mode="read") as opened:
        first, second = opened.articles()
    notes = reading_notes(index, [first.id, second.id])
    assert notes == {
        first.id: (
            ReadingNote("date", "the record"),
            ReadingNote("doubt", "the dateline says 2026-02-27"),
        )
    }
    assert [(article.source, doubt) for article, _, doubt in date_sources(index)] == [
        ("https://tass.ru/1", "the dateline says 2026-02-27"),
        ("https://www.bbc.com/news/1", ""),
    ]


def test_doctor_lists_what_dates_rest_on(index):
    result = CliRunner().invoke(app, ["doctor", "--dates", "--format", "json", "--index", str(index)])
    rows = json.loads(result.stdout)["dates"]
    assert [(row["rests_on"], row["published_at"], row["doubt"]) for row in rows] == [
        ("the record", "2025-11-02T00:00:00+00:00", "the dateline says 2026-02-27"),
        ("", None, ""),
    ]


def test_notes_go_into_a_merged_index_and_with_a_removed_article(index, tmp_path):
    merged = tmp_path / "merged"
    merge_shards([index], merged)
    with open_index(merged, mode="write") as opened:
        assert opened.reading_notes() == open_notes(index)
        opened.remove_articles(opened.article_ids())
        assert opened.reading_notes() == {}


def open_notes(folder):
    with open_index(folder, mode="read") as opened:
        return opened.reading_notes()


def test_a_damaged_note_is_found(index):
    import sqlite3

    from xsource.pipeline import check_index
    from xsource.store.tables import row_digest

    connection = sqlite3.connect(index / "catalog.sqlite3")
    connection.create_function("row_digest", -1, lambda *_: "0" * 16, deterministic=True)
    connection.execute("UPDATE reading_notes SET text = 'the feed' WHERE kind = 'date'")
    connection.commit()
    connection.close()
    assert row_digest("x") != "0" * 16
    assert any("notes on how articles were read" in finding.message for finding in check_index(index))
