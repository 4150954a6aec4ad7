"""Every exit code that `docs/exit-codes.md` names, from a real process."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ctrl_c import heed_ctrl_c

PROGRAM = [sys.executable, "-c", "from xsource.cli.main import run; run()"]
BROKEN = (
    "import sys\nfrom xsource.cli.main import app, run\n@app.command()\ndef broken():\n    {}['שלום']\nrun()\n"
)
LINE = json.dumps(
    {
        "outlet": "tass",
        "url": "https://tass.ru/1",
        "title": "t",
        "text": "Переговоры начались в пятницу, сообщил министр.",
        "published_at": "2026-02-27",
    }
)


@pytest.fixture
def xsource(tmp_path):
    environment = {**os.environ, "XSOURCE_EMBEDDER": "ngrams", "XSOURCE_TRANSLATE": "0"}
    environment.pop("XSOURCE_TRACEBACK", None)

    def call(*words, program=PROGRAM):
        return subprocess.run([*program, *words], cwd=tmp_path, env=environment, capture_output=True, text=True)

    call.folder = tmp_path
    call.environment = environment
    return call


def test_0_when_the_command_did_what_was_asked(xsource):
    (xsource.folder / "a.jsonl").write_text(LINE, "utf-8")
    assert xsource("build", "a.jsonl").returncode == 0
    assert xsource("stories", "--format", "json").returncode == 0
    assert (
        xsource("search", "x", "--since", "2030-01-01", "--format", "json").returncode == 0
    )  # none is an answer


def test_1_when_the_command_failed(xsource):
    done = xsource("stories")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: index: no index here\nhint: ")


def test_1_when_nothing_of_what_was_given_could_be_used(xsource):
    (xsource.folder / "a.jsonl").write_text("{}\n", "utf-8")
    for words in (("build", "a.jsonl"), ("build", "gone"), ("merge", "gone")):
        done = xsource(*words)
        assert done.returncode == 1, done.stderr
    assert "1 read: 0 new, 0 known, 1 left out" in xsource("build", "a.jsonl").stderr


def test_3_when_something_was_left_out_and_the_rest_was_done(xsource):
    (xsource.folder / "a.jsonl").write_text(f"{LINE}\n{{}}\n", "utf-8")
    done = xsource("build", "a.jsonl")
    assert done.returncode == 3
    assert "2 read: 1 new, 0 known, 1 left out" in done.stderr
    # Known is done too.
    done = xsource("build", "a.jsonl")
    assert done.returncode == 3
    assert "2 read: 0 new, 1 known, 1 left out" in done.stderr
    done = xsource("merge", "index", "gone", "--index", "whole")
    assert done.returncode == 3
    assert "1 merged, 1 left out; 1 new article" in done.stderr


@pytest.mark.parametrize("words", [["search"], ["no-such-command"], ["stories", "--format", "xml"], []])
def test_2_when_the_command_line_is_wrong(xsource, words):
    assert xsource(*words).returncode == 2


def test_70_when_the_program_itself_is_at_fault(xsource):
    program = [sys.executable, "-c", BROKEN]
    done = xsource("broken", program=program)
    assert done.returncode == 70
    assert "KeyError: 'שלום'" in done.stderr
    assert done.stderr.endswith("please report the lines above\n")
    done = xsource("broken", "--log", "json", program=program)
    (event,) = [json.loads(line) for line in done.stderr.splitlines()]
    assert (done.returncode, event["event"], event["level"]) == (70, "fault", "critical")
    assert "KeyError: 'שלום'" in event["traceback"]


def test_130_when_it_was_stopped_by_ctrl_c(xsource):
    row = json.loads(LINE)
    lines = [
        json.dumps({**row, "url": f"{row['url']}/{number}", "text": f"{row['text']} {number}."})
        for number in range(4000)
    ]
    (xsource.folder / "long.jsonl").write_text("\n".join(lines), "utf-8")
    child = subprocess.Popen(
        [*PROGRAM, "build", "long.jsonl"],
        cwd=xsource.folder,
        env=xsource.environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )
    while not (xsource.folder / "index" / "catalog.sqlite3").exists():
        assert child.poll() is None
        time.sleep(0.02)
    time.sleep(0.5)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "stopped; what was finished is kept" in said


def test_the_document_and_the_help_name_these_codes(xsource):
    text = (Path(__file__).parents[2] / "docs" / "exit-codes.md").read_text("utf-8")
    documented = set(re.findall(r"^\| (\d+) \|", text, re.MULTILINE))
    tested = {name.split("_")[1] for name in globals() if re.match(r"test_\d+_", name)}
    assert documented == tested
    said = xsource("--help").stdout.partition("Exit codes:")[2]
    assert set(re.findall(r"\d+", said)) == documented
