"""What `--log` promises: events on stderr, one JSON object a line, nothing of it on stdout."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime

import pytest
from typer.testing import CliRunner

from xsource.cli.main import app

GOOD = {
    "outlet": "tass",
    "url": "https://tass.ru/1",
    "title": "שיחות",
    "text": "Переговоры начались в пятницу. Стороны встретятся снова в понедельник, сообщил министр.",
    "published_at": "2026-02-27T10:00:00Z",
}
BAD = {**GOOD, "url": "https://tass.ru/2", "published_at": "\u202eyesterday"}


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("XSOURCE_EMBEDDER", "ngrams")
    monkeypatch.setenv("XSOURCE_TRANSLATE", "0")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_text(f"{json.dumps(GOOD)}\n{json.dumps(BAD)}\n", "utf-8")
    yield tmp_path
    CliRunner().invoke(app, ["--log", "text", "languages"])  # what was chosen last counts for the whole process


def events_of(stderr):
    return [json.loads(line) for line in stderr.splitlines()]


@pytest.mark.parametrize("words", [["--log", "json", "build", "a.jsonl"], ["build", "a.jsonl", "--log=json"]])
def test_a_build_tells_its_problems_and_its_summary_as_events(corpus, words):
    done = CliRunner().invoke(app, words)
    events = events_of(done.stderr)
    assert done.stdout == ""
    assert done.exit_code == 3
    (problem,) = [event for event in events if event["event"] == "problem"]
    assert (problem["where"], problem["level"]) == ("a.jsonl:2", "warning")
    assert "\\u202e" in next(line for line in done.stderr.splitlines() if "yesterday" in line)
    (summary,) = [event for event in events if event["event"] == "summary"]
    assert [summary[key] for key in ("read", "new", "known", "failed", "sentences")] == [2, 1, 0, 1, 2]
    assert set(summary["seconds"]) >= {"read", "segment", "embed", "store", "translate"}
    assert all(seconds >= 0 for seconds in summary["seconds"].values())
    (progress,) = [event for event in events if event["event"] == "progress" and event["stage"] == "articles"]
    assert (progress["done"], progress["total"]) == (2, 2)
    assert all(datetime.fromisoformat(event["time"]).tzinfo for event in events)


def test_a_summary_for_people_gives_the_seconds_of_every_stage(corpus):
    done = CliRunner().invoke(app, ["build", "a.jsonl"])
    line = done.stderr.splitlines()[-1]
    assert line.startswith("2 read: 1 new, 0 known, 1 left out; 2 sentences added")
    assert all(
        f"{stage} 0." in line or f"{stage} 1." in line for stage in ("read", "segment", "embed", "store")
    )


def test_nothing_is_said_with_the_log_off_but_the_error_that_ends_a_command(corpus):
    assert CliRunner().invoke(app, ["build", "a.jsonl", "--log", "off"]).stderr == ""
    done = CliRunner().invoke(app, ["--log", "off", "stories", "--index", "nowhere"])
    assert done.stderr.splitlines()[0] == "error: nowhere: no index here"


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        (["stories", "--index", "nowhere"], "IndexStateError", 1),
        (["search"], "UsageError", 2),
        (["no-such-command"], "UsageError", 2),
        (["search", "talks", "--since", "yesterday"], "InputError", 1),
    ],
)
def test_an_error_is_one_event(corpus, words, kind, code):
    done = CliRunner().invoke(app, ["--log", "json", *words])
    (event,) = events_of(done.stderr)
    assert (event["event"], event["level"], event["kind"], done.exit_code) == ("error", "error", kind, code)
    assert event["message"]


def test_the_form_comes_from_the_environment_where_no_option_says_it(corpus, monkeypatch):
    monkeypatch.setenv("XSOURCE_LOG", "json")
    (event,) = events_of(CliRunner().invoke(app, ["stories", "--index", "nowhere"]).stderr)
    assert event["hint"] == "make one: xsource build PATH --index nowhere"


def test_what_follows_two_hyphens_is_no_option_of_ours(corpus):
    CliRunner().invoke(app, ["build", "a.jsonl"])
    done = CliRunner().invoke(app, ["search", "--format", "json", "--", "--log"])
    assert done.exit_code in (0, 1)
    assert "Usage" not in done.stderr


def test_a_note_of_a_library_is_an_event_too(corpus):
    code = (
        "import logging, sys, warnings\n"
        "from xsource.cli.main import app, run\n"
        "@app.command()\n"
        "def note():\n"
        "    logging.getLogger('xsource.ingest').debug('asked %s', 'шалом')\n"
        "    logging.getLogger('other').info('in passing')\n"
        "    warnings.warn('old')\n"
        "sys.argv = ['xsource', 'note', '--log', 'json', *sys.argv[1:]]\n"
        "run()\n"
    )
    for extra, expected in (([], {"py.warnings"}), (["-v"], {"py.warnings", "other", "xsource.ingest"})):
        done = subprocess.run([sys.executable, "-c", code, *extra], capture_output=True, text=True)
        events = events_of(done.stderr)
        assert {event["logger"] for event in events} == expected
        assert {event["event"] for event in events} == {"log"}


def test_importing_the_package_sets_up_no_logging():
    code = (
        "import importlib, logging, pkgutil, xsource\n"
        "for module in pkgutil.walk_packages(xsource.__path__, 'xsource.'):\n"
        "    importlib.import_module(module.name)\n"
        "assert logging.getLogger('xsource').handlers == []\n"
        "assert logging.getLogger('xsource.cli').handlers == []\n"
        "assert logging.getLogger('xsource').level == logging.NOTSET\n"
        "print(logging.getLogger().handlers)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
