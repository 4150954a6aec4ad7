"""What the README tells a user to type runs, in its order, in one folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from xsource.cli.main import app

QUIET = (
    "xsource build",
    "xsource doctor",
    "xsource compare --html",
    "xsource compare --xlsx",
    "xsource models",
)
"""What writes files or has nothing to list on a fresh machine answers on stderr."""

README = Path(__file__).resolve().parents[1] / "README.md"


def console_commands() -> list[str]:
    blocks = re.findall(r"^```console\n(.*?)^```", README.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_the_readme_shows_commands():
    assert [command for command in console_commands() if not command.startswith("xsource ")] == ["make demo"]
    assert len(console_commands()) > 10


@pytest.mark.model
def test_every_command_of_the_readme_runs(tmp_path, monkeypatch, corpora):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpora").symlink_to(corpora)
    for command in console_commands():
        if command.startswith("xsource "):
            result = CliRunner().invoke(app, shlex.split(command)[1:])
            assert result.exit_code == 0, f"{command}\n{result.output}\n{result.exception!r}"
            assert result.stdout or command.startswith(QUIET), command


def test_no_placeholder_is_left():
    assert "@@" not in README.read_text("utf-8")
