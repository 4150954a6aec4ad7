"""`xsource review`, as an analyst types it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from conftest import Program

from xsource.pipeline import build
from xsource.settings import Settings

TEXTS = {
    "coast-echo": "At least 31 people were killed in the blast at the port of Morinda, the ministry said.",
    "harbour-gate": "At least 23 people were killed in the blast at the port of Morinda, the ministry said.",
    "north-beacon": "At least 23 people were killed in the blast at the port of Morinda, the ministry said.",
}
SHARED = (
    "Firefighters worked through the night at the port of Morinda to put the blaze out.",
    "Windows were broken in a dozen streets of the old town around the port of Morinda.",
    "The road along the harbour has been closed to all traffic since the evening.",
    "A warehouse with fertiliser had exploded shortly after sunset, witnesses told reporters.",
)


def write_articles(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for hour, (outlet, first) in enumerate(texts.items()):
        record = {
            "outlet": outlet, "url": f"https://{outlet}.example/morinda", "title": "Blast at the port",
            "text": "\n\n".join((first, *SHARED)), "published_at": f"2024-03-01T{hour:02}:00:00Z",
        }  # fmt: skip
        (folder / f"{outlet}.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("reviewed")
    settings = Settings(embedder="ngrams", translate=False)
    build([write_articles(place / "articles", TEXTS)], place / "index", settings)
    (place / "index" / "xsource.toml").write_text('embedder = "ngrams"\ndetectors = "number"\n', "utf-8")
    return place


@pytest.fixture
def program(built: Path, tmp_path: Path) -> Program:
    """The command line over an index of its own: three outlets, and one of them has another figure."""
    shutil.copytree(built, tmp_path / "newsroom")
    return Program(tmp_path / "newsroom" / "index")


def listed(program: Program, *words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(program.run("review", *words, "-f", "json").stdout)[
        "divergences"
    ]
    return found


@pytest.fixture
def number(program: Program) -> str:
    (row,) = listed(program)
    assert (row["kind"], row["verdict"], row["state"]) == ("number", None, "shown")
    return str(row["id"])


def test_marking_shows_in_the_list_and_in_every_report(program, number):
    told = program.run(
        "review", "mark", number[:6], "wrong", "--note", "שעה אחרת", "--by", "Ada", "--story", ""
    )
    assert "wrong by Ada" in told.stderr
    assert told.stdout == ""
    (row,) = listed(program)
    assert (row["verdict"], row["note"], row["by"]) == ("wrong", "שעה אחרת", "Ada")
    table = program.run("review").stdout
    assert number[:8] in table
    assert "✗ wrong" in table
    for form, words in (("table", "✗ wrong by"), ("md", "✗ wrong by"), ("csv", ",wrong,")):
        assert words in program.run("compare", "--format", form).stdout
    (divergence,) = json.loads(program.run("compare", "-f", "json").stdout)["divergences"]
    assert divergence["review"]["verdict"] == "wrong"
    assert divergence["id"] == number
    claim = str(row["claim"])
    assert "✗ wrong by" in program.run("show", claim).stdout


def test_what_was_marked_wrong_can_be_hidden_and_is_not_by_itself(program, number):
    program.run("review", "mark", number, "wrong")
    shown = json.loads(program.run("compare", "-f", "json").stdout)
    hidden = json.loads(program.run("compare", "--hide-wrong", "-f", "json").stdout)
    assert (len(shown["divergences"]), len(hidden["divergences"])) == (1, 0)
    (group,) = (g for g in shown["groups"] if g["id"] == shown["divergences"][0]["group"])
    assert group["outlets"]["coast-echo"] == "differs"
    (group,) = (g for g in hidden["groups"] if g["id"] == group["id"])
    assert group["outlets"]["coast-echo"] == "told"


def test_the_list_can_be_narrowed_and_written_for_other_tools(program, number):
    assert len(listed(program, "--open")) == 1
    assert listed(program, "--judged") == []
    program.run("review", "mark", number, "unsure", "--by", "Ада")
    assert listed(program, "--open") == []
    assert len(listed(program, "--judged", "--verdict", "unsure", "--kind", "number")) == 1
    assert listed(program, "--verdict", "wrong") == listed(program, "--kind", "date") == []
    story = json.loads(program.run("stories", "-f", "json").stdout)["stories"][0]["id"]
    for words in ((), ("list",), (story[:8],), ("list", story)):
        (row,) = csv.DictReader(io.StringIO(program.run("review", *words, "--format", "csv").stdout))
        assert (row["id"], row["verdict"], row["by"], row["story"]) == (number, "unsure", "Ада", story)
    assert "no divergence is to be listed" in program.run("review", "--open").stderr


def test_a_verdict_can_be_taken_back(program, number):
    program.run("review", "mark", number, "confirmed", "--by", "Ada")
    assert "taken back: confirmed by Ada: number:" in program.run("review", "undo", number[:7]).stderr
    assert listed(program, "--judged") == []
    assert "error: no verdict on a divergence" in program.run("review", "undo", number, exit_code=1).stderr


def test_an_orphaned_verdict_is_listed_until_it_is_taken_back(program, number, tmp_path):
    program.run("review", "mark", number, "confirmed", "--by", "Ada")
    edited = {"coast-echo": TEXTS["coast-echo"].replace("31 people", "29 people")}
    settings = Settings(embedder="ngrams", translate=False)
    build([write_articles(tmp_path / "edited", edited)], program.index, settings)
    (orphan,) = listed(program, "--judged")
    assert (orphan["id"], orphan["state"], orphan["by"]) == (number, "orphaned", "Ada")
    assert "31" in {side["words"] for side in orphan["sides"]} | {side["value"] for side in orphan["sides"]}
    assert "✓ confirmed, orphaned" in " ".join(program.run("review", "--judged").stdout.split())
    program.run("review", "undo", number)
    assert listed(program, "--judged") == []


def test_verdicts_survive_a_rebuild_from_the_command_line(program, number):
    program.run("review", "mark", number, "confirmed", "--by", "Ada")
    program.run("build", str(program.index.parent / "articles"), "--rebuild", "--embedder", "ngrams")
    (row,) = listed(program)
    assert (row["id"], row["verdict"], row["by"]) == (number, "confirmed", "Ada")


def test_verdicts_are_gold_that_the_tool_is_measured_against(program, number, tmp_path):
    gold = tmp_path / "ours" / "gold.jsonl"

    def figures(*words: str) -> dict[str, object]:
        rows = json.loads(program.run("review", "measure", str(gold), *words, "-f", "json").stdout)["figures"]
        return {row["figure"]: row["value"] for row in rows}

    program.run("review", "mark", number, "confirmed", "--note", "Both pages say so.", "--by", "Ada")
    told = program.run("review", "export", str(gold))
    assert "1 confirmed, 0 wrong; 0 unsure left out" in told.stderr
    scope, line = (json.loads(text) for text in gold.read_text("utf-8").splitlines())
    assert scope == {"type": "scope", "complete": False}
    assert (line["type"], line["kind"], line["note"], line["by"]) == (
        "divergence", "number", "Both pages say so.", "Ada",
    )  # fmt: skip
    urls = {side["url"] for side in line["sides"]}
    assert urls == {f"https://{outlet}.example/morinda" for outlet in TEXTS}
    assert all(side["words"] in side["sentence"] for side in line["sides"])
    assert figures()["recall"] == figures()["precision"] == 1.0
    assert figures("--min-confidence", "1")["recall"] == 0.0

    program.run("review", "mark", number, "wrong")
    program.run("review", "export", str(gold))
    assert figures() == {
        "confirmed": 0, "confirmed and flagged": 0, "confirmed and flagged as a neighbouring kind": 0,
        "marked wrong": 1, "false alarms": 1, "precision": 0.0, "recall": None,
    }  # fmt: skip
    assert figures("--min-confidence", "1")["false alarms"] == 0

    program.run("review", "mark", number, "unsure")
    assert program.run("review", "export", "-").stdout == '{"type": "scope", "complete": false}\n'


@pytest.mark.parametrize(
    ("words", "exit_code", "expected"),
    [
        (("mark", "zzzz", "wrong"), 1, 'no divergence with an id that begins with "zzzz"'),
        (("mark", "zzzz", "perhaps"), 2, "confirmed"),
        (("measure", "no-such.jsonl"), 1, "no-such.jsonl: cannot be read"),
        (("zzzz",), 1, 'no story with an id that begins with "zzzz"'),
    ],
)
def test_what_cannot_be_done_says_why(program, words, exit_code, expected):
    result = program.run("review", *words, exit_code=exit_code)
    assert expected in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_help_of_every_part_ends_with_an_example(program):
    from typer.testing import CliRunner

    from xsource.cli.main import app

    for part in ((), ("list",), ("mark",), ("undo",), ("export",), ("measure",)):
        told = CliRunner().invoke(app, ["review", *part, "--help"]).output
        assert "Example: xsource review" in " ".join(told.split())
