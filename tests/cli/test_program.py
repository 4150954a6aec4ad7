"""The program as a whole: help, start-up, exit codes, failures phrased for people."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from xsource import __version__
from xsource.cli.main import COMMANDS, app

HEAVY = (
    "torch",
    "faiss",
    "ctranslate2",
    "argostranslate",
    "sentence_transformers",
    "trafilatura",
    "lingua",
    "lxml",
)


def test_help_loads_no_heavy_library():
    code = (
        "import sys, json\n"
        "from typer.testing import CliRunner\n"
        "from xsource.cli.main import app\n"
        "result = CliRunner().invoke(app, ['--help'])\n"
        "assert result.exit_code == 0, result.output\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_with_an_example(name):
    words = ["models", "list"] if name == "models" else [name.replace("_", "-")]
    result = CliRunner().invoke(app, [*words, "--help"])
    assert result.exit_code == 0
    assert "Example: xsource " in " ".join(result.output.split())


def test_the_version_is_printed():
    result = CliRunner().invoke(app, ["--version"])
    assert result.output == f"xsource {__version__}\n"


def test_no_command_is_a_wrong_command_line():
    assert CliRunner().invoke(app, []).exit_code == 2
    assert CliRunner().invoke(app, ["no-such-command"]).exit_code == 2


@pytest.mark.parametrize("name", ["search", "who-reports", "compare", "stories", "outlets", "doctor"])
def test_a_folder_without_an_index_says_what_to_do(tmp_path, name):
    words = ["a question"] if name in ("search", "who-reports") else []
    result = CliRunner().invoke(app, [name, *words, "--index", str(tmp_path / "nowhere")])
    assert result.exit_code == 1
    assert "no index here" in result.stderr
    assert "hint: make one: xsource build" in result.stderr


def test_languages_are_listed_without_an_index(tmp_path):
    result = CliRunner().invoke(app, ["languages", "--format", "json", "--index", str(tmp_path / "nowhere")])
    rows = json.loads(result.stdout)["languages"]
    assert [(row["code"], row["direction"]) for row in rows] == [
        ("ru", "ltr"), ("he", "rtl"), ("ar", "rtl"), ("en", "ltr"),
    ]  # fmt: skip
