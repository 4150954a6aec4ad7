"""The command line as people use it: piped, with wrong paths, as a module, with an emptied catalogue."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest
from conftest import Program

import xsource

ISOLATES = ("\u2066", "\u2067", "\u2068", "\u2069", "\u202a", "\u202b")


def test_the_module_is_the_command():
    answer = subprocess.run([sys.executable, "-m", "xsource", "--version"], capture_output=True, text=True)
    assert (answer.returncode, answer.stdout.split()[0]) == (0, "xsource")


@pytest.mark.model
@pytest.mark.parametrize(
    "words",
    [
        ("stories",), ("outlets",), ("languages",), ("compare",), ("compare", "-f", "md"), ("review",),
        ("search", "פיצוץ בנמל"), ("who-reports", "انفجار في ميناء موريندا"),
    ],
    ids=lambda words: "-".join(words[:1]),
)  # fmt: skip
def test_what_is_piped_is_plain(program, words):
    text = program.run(*words).stdout
    assert text
    assert not [mark for mark in ISOLATES if mark in text]
    assert all(line == line.rstrip() for line in text.splitlines())


@pytest.mark.model
def test_who_asks_for_isolates_gets_them(program):
    assert "\u2068" in program.run("stories", "--bidi", "logical").stdout


@pytest.mark.model
def test_a_search_is_in_the_order_of_what_it_shows(program):
    for asked in (
        "взрыв",
        "hostages and a ceasefire",
        "Officials say that the port was closed on Tuesday evening",
    ):
        rows = list(csv.DictReader(io.StringIO(program.run("search", asked, "-f", "csv").stdout)))
        shown = [float(row["nearness"]) for row in rows]
        assert shown == sorted(shown, reverse=True)
        assert all(float(row["margin"]) is not None for row in rows)


OF_THE_PORT = ("взрыв в порту", "explosion in the port", "פיצוץ בנמל", "انفجار الميناء", "fire in the port")
OF_THE_TRUCE = ("перемирие", "a truce in the valley", "הפסקת אש בעמק", "هدنة الوادي", "мост закрыт")


@pytest.mark.model
def test_a_few_words_find_every_language_that_tells_of_it(corpora_index):
    with xsource.open_index(corpora_index) as index:
        reached = {}
        for asked in (*OF_THE_PORT, *OF_THE_TRUCE):
            months = "2024-05" if asked in OF_THE_PORT else "2024-09"
            hits = [hit.claim.article for hit in index.search(asked, top=10)]
            reached[asked] = {one.language for one in hits if f"{one.published_at:%Y-%m}" == months}
    # By margin and words alone 29 of these 40 were reached.
    assert sum(map(len, reached.values())) >= 38, reached


@pytest.mark.model
def test_the_silent_are_shown_with_their_nearest_sentence(program):
    asked = "A ship sank in the harbour of Morinda on Tuesday"
    document = json.loads(program.run("who-reports", asked, "-f", "json").stdout)
    silent = [row for row in document["outlets"] if row["status"] == "silent"]
    text = " ".join(program.run("who-reports", asked).stdout.split())
    for row in silent:
        assert " ".join(row["sentence"].split()) in text


@pytest.mark.model
@pytest.mark.parametrize(
    "words", [("build", "no-such-folder"), ("build", "no-such.jsonl", "also-not.txt"), ("build", "empty")]
)
def test_a_wrong_path_leaves_no_index(tmp_path, words, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    program = Program(tmp_path / "deep" / "index")
    program.run(*words, exit_code=0 if words[-1] == "empty" else 1)
    assert not (tmp_path / "deep").exists()
    assert "no index here" in program.run("doctor", exit_code=1).stderr


def test_a_file_of_the_users_in_the_folder_stays(tmp_path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "xsource.toml").write_text('embedder = "ngrams"\n')
    Program(tmp_path / "index").run("build", str(tmp_path / "nothing"), exit_code=1)
    assert [path.name for path in (tmp_path / "index").iterdir()] == ["xsource.toml"]


def article():
    text = "Twelve people died in the blast at the port of Morinda on Tuesday, the mayor said."
    record = {"outlet": "sea-view", "url": "https://sea-view.example/1", "title": "Blast", "text": text}
    return json.dumps(record) + "\n"


@pytest.fixture
def built(tmp_path):
    (tmp_path / "a.jsonl").write_text(article())
    program = Program(tmp_path / "index")
    program.run("build", str(tmp_path / "a.jsonl"), "--embedder", "ngrams", "--no-translate")
    return program


def test_a_rebuild_from_a_wrong_path_keeps_the_index(built, tmp_path):
    result = built.run("build", str(tmp_path / "wrong"), "--rebuild", "--embedder", "ngrams", exit_code=1)
    assert "is as it was" in result.stderr
    assert json.loads(built.run("outlets", "-f", "json").stdout)["outlets"][0]["articles"] == 1


@pytest.mark.parametrize(
    "command", [("stories",), ("search", "blast at the port"), ("compare",), ("outlets",), ("doctor",)]
)
def test_an_emptied_catalogue_is_refused(built, command):
    catalog = built.index / "catalog.sqlite3"
    for name in ("catalog.sqlite3-wal", "catalog.sqlite3-shm"):
        (built.index / name).unlink(missing_ok=True)
    catalog.write_bytes(b"")
    result = built.run(*command, exit_code=1)
    assert "0 bytes, expected a catalogue" in result.stdout + result.stderr
    assert catalog.stat().st_size == 0


def test_a_build_does_not_go_on_in_an_emptied_catalogue(built, tmp_path):
    for name in ("catalog.sqlite3-wal", "catalog.sqlite3-shm"):
        (built.index / name).unlink(missing_ok=True)
    (built.index / "catalog.sqlite3").write_bytes(b"")
    result = built.run("build", str(tmp_path / "a.jsonl"), "--embedder", "ngrams", exit_code=1)
    assert "--rebuild" in result.stderr
    built.run("build", str(tmp_path / "a.jsonl"), "--embedder", "ngrams", "--no-translate", "--rebuild")
    assert built.run("doctor").stdout == ""


def test_one_of_a_thing_is_singular(built, tmp_path):
    text = built.run("build", str(tmp_path / "a.jsonl"), "--embedder", "ngrams").stderr
    backup = built.run("backup", str(tmp_path / "copy.zip")).stderr
    assert "1 article, 1 sentence," in backup
    assert "1 articles" not in text + backup
    assert "1 sentences" not in text + backup


def test_what_evaluation_asks_is_read_as_no_article(tmp_path):
    others = ("hard.questions.jsonl", "rolling.events.jsonl", "news.contrasts.jsonl")
    for name in ("gold.jsonl", "a.gold.jsonl", *others):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text('{"text": "Who reports it?"}\n')
    (tmp_path / "in" / "articles.jsonl").write_text(article())
    program = Program(tmp_path / "index")
    told = program.run("build", str(tmp_path / "in"), "--embedder", "ngrams", "--no-translate").stderr
    assert "1 read: 1 new" in told
    assert "left out:" not in told
