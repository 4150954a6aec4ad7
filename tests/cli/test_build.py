"""`xsource build` and what looks after an index: good input, bad input, again, and removal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Program

pytestmark = pytest.mark.model

GOOD = {
    "outlet": "harbour-news",
    "url": "https://harbour-news.example/1",
    "title": "Ferry service resumes",
    "text": "The ferry between the two islands sailed again on Monday. It had been suspended for nine days "
    "after a storm damaged the pier. The operator said 1,200 passengers had been stranded.",
    "published_at": "2026-03-02T08:00:00Z",
    "language": "en",
}
HEBREW = {
    **GOOD,
    "outlet": "namal",
    "url": "https://namal.example/7",
    "title": "המעבורת חזרה לפעול",
    "text": "המעבורת בין שני האיים חזרה להפליג ביום שני. השירות הושבת במשך תשעה ימים לאחר שסערה פגעה במזח.",
    "language": "he",
}


def write_lines(path: Path, *records: object) -> Path:
    lines = [
        record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Program:
    return Program(tmp_path / "index")


def test_a_second_build_adds_nothing(empty, tmp_path):
    corpus = write_lines(tmp_path / "a.jsonl", GOOD, HEBREW)
    first = empty.run("build", str(corpus), "--no-translate")
    assert "2 read: 2 new, 0 known, 0 left out" in first.stderr
    second = empty.run("build", str(corpus), "--no-translate")
    assert "2 read: 0 new, 2 known, 0 left out; 0 sentences added" in second.stderr
    assert first.stdout == second.stdout == ""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"outlet": "x", ', "a.jsonl:2: "),
        ("[1, 2]", "a.jsonl:2: "),
        ({**GOOD, "text": ""}, "a.jsonl:2: "),
        ({**GOOD, "url": "https://harbour-news.example/2", "published_at": "2199-01-01T00:00:00Z"}, "2199"),
        ({**GOOD, "url": "https://harbour-news.example/2", "published_at": "31 February"}, "31 February"),
        ({**GOOD, "title": 7, "url": "https://harbour-news.example/2"}, "title"),
        (GOOD, "the same article as"),
        ({**GOOD, "text": GOOD["text"] + " It will sail daily."}, "another text than"),
        (
            {**GOOD, "url": "https://x.example/uk", "language": "uk",
             "text": "Президент України заявив, що переговори відбудуться наступного тижня в Києві."},
            "'uk'",
        ),
        (
            {**GOOD, "url": "https://x.example/fa", "language": "fa",
             "text": "رئیس جمهور ایران گفت که گفتگوها هفته آینده در تهران برگزار می‌شود و پیش از آن نیست."},
            "'fa'",
        ),
    ],
    ids=["cut line", "no object", "empty text", "future", "impossible date", "wrong type", "twice", "version",
         "Ukrainian", "Persian"],
)  # fmt: skip
def test_a_bad_record_is_named_and_the_rest_is_built(empty, tmp_path, line, expected):
    corpus = write_lines(tmp_path / "a.jsonl", GOOD, line, HEBREW)
    result = empty.run("build", str(corpus), "--no-translate", exit_code=3)
    assert expected in result.stderr
    assert "left out: " in result.stderr
    rows = json.loads(empty.run("outlets", "-f", "json").stdout)["outlets"]
    assert {row["id"] for row in rows} >= {"harbour-news", "namal"}
    problems = json.loads(empty.run("doctor", "--problems", "-f", "json").stdout)["problems"]
    assert len(problems) == 1
    assert expected in f"{problems[0]['where']}: {problems[0]['message']}"


def test_a_missing_file_does_not_stop_the_others(empty, tmp_path):
    corpus = write_lines(tmp_path / "a.jsonl", GOOD)
    result = empty.run("build", str(tmp_path / "gone.jsonl"), str(corpus), "--no-translate", exit_code=3)
    assert "gone.jsonl" in result.stderr
    assert "1 new" in result.stderr


def test_both_versions_of_a_page_are_kept_and_the_later_is_compared(empty, tmp_path):
    later = {**GOOD, "text": GOOD["text"].replace("1,200", "1,350"), "published_at": "2026-03-02T15:00:00Z"}
    empty.run("build", str(write_lines(tmp_path / "a.jsonl", GOOD)), "--no-translate")
    empty.run("build", str(write_lines(tmp_path / "b.jsonl", later)), "--no-translate")
    rows = json.loads(empty.run("search", "stranded passengers", "-f", "json").stdout)["results"]
    sentences = [row["sentence"] for row in rows]
    assert any("1,350" in sentence for sentence in sentences)
    assert not any("1,200" in sentence for sentence in sentences)
    assert json.loads(empty.run("outlets", "-f", "json").stdout)["outlets"][0]["articles"] == 1


def test_removal_forgets_an_outlet(empty, tmp_path):
    empty.run("build", str(write_lines(tmp_path / "a.jsonl", GOOD, HEBREW)), "--no-translate")
    assert "Remove 1 article" in empty.run("remove", "namal", answer="n\n", exit_code=1).stderr
    empty.run("remove", "namal", "--yes")
    rows = json.loads(empty.run("outlets", "-f", "json").stdout)["outlets"]
    assert [row["id"] for row in rows] == ["harbour-news"]
    empty.run("doctor", "--repair")
    assert json.loads(empty.run("doctor", "-f", "json").stdout) == {"findings": []}
    assert "is no article id" in empty.run("remove", "namal", "--yes", exit_code=1).stderr


def test_an_index_keeps_to_its_embedder(empty, tmp_path):
    corpus = write_lines(tmp_path / "a.jsonl", GOOD)
    empty.run("build", str(corpus), "--no-translate", "--embedder", "ngrams")
    result = empty.run("build", str(corpus), "--no-translate", exit_code=1)
    assert "ngrams" in result.stderr
    assert "multilingual-e5-small" in result.stderr
    # What only reads takes the index's own embedder.
    found = json.loads(empty.run("search", "ferry", "-f", "json").stdout)["results"]
    assert "ferry" in found[0]["sentence"]
    empty.run("build", str(corpus), "--no-translate", "--rebuild")
    assert json.loads(empty.run("search", "ferry", "-f", "json").stdout)["results"]


def test_a_supplied_translation_is_shown_as_a_persons(empty, tmp_path):
    write_lines(tmp_path / "a.jsonl", HEBREW)
    first = HEBREW["text"].split(". ")[0] + "."
    (tmp_path / "mine.tmx").write_text(
        '<?xml version="1.0"?><tmx version="1.4"><header segtype="sentence" o-tmf="x" adminlang="en" '
        'srclang="he" datatype="plaintext" creationtool="x" creationtoolversion="1"/>'
        '<body><tu><tuv xml:lang="he"><seg>'
        f'{first}</seg></tuv><tuv xml:lang="en"><seg>The ferry sails again.</seg></tuv></tu></body></tmx>',
        "utf-8",
    )
    empty.run("build", str(tmp_path), "--no-translate")
    rows = json.loads(empty.run("search", "ferry", "-f", "json").stdout)["results"]
    by_sentence = {row["sentence"]: row["translation"] for row in rows}
    assert by_sentence[first] == {
        "text": "The ferry sails again.", "language": "en", "engine": "supplied by mine.tmx", "supplied": True,
        "warnings": [],
    }  # fmt: skip
    assert [translation for sentence, translation in by_sentence.items() if sentence != first] == [None]


def test_a_setting_of_another_kind_is_refused(empty, tmp_path, monkeypatch):
    monkeypatch.setenv("XSOURCE_MAX_GAP_DAYS", "soon")
    result = empty.run("build", str(write_lines(tmp_path / "a.jsonl", GOOD)), exit_code=1)
    assert 'XSOURCE_MAX_GAP_DAYS: max_gap_days is "soon", expected int' in result.stderr
