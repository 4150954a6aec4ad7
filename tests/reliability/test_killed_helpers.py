"""Kills of merge, restore, backup and the installation of a package: nothing is lost, and a second run leaves no trace."""

# ruff: noqa: E501

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from xsource.pipeline import build, check_index
from xsource.settings import Settings
from xsource.store import open_index
from xsource.store.backup import write_backup

QUICK = Settings(embedder="ngrams", translate=False)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
PACKAGE = Path(__file__).parents[1] / "data" / "argos" / "translate-ru_en-tiny.argosmodel"
KILLS = 4


@pytest.fixture
def place(tmp_path, monkeypatch):
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for outlet in ("bbc", "cnn"):
        rows = [
            {
                "outlet": outlet,
                "url": f"https://{outlet}.example/{n}",
                "text": f"Rescuers of {outlet} brought {n} people ashore.",
            }
            for n in range(150)
        ]
        (tmp_path / f"{outlet}.jsonl").write_text("\n".join(map(json.dumps, rows)))
        build([tmp_path / f"{outlet}.jsonl"], tmp_path / outlet, QUICK, now=NOW)
    write_backup(tmp_path / "bbc", tmp_path / "kept.zip")
    return tmp_path


COMMANDS = {
    "merge": (["merge", "bbc", "cnn", "--index", "merged"], "merged", 300),
    "restore": (["restore", "kept.zip", "--index", "restored"], "restored", 150),
    "backup": (["backup", "backups/b.zip", "--index", "bbc"], None, 0),
    "install": (["models", "install", str(PACKAGE)], None, 0),
}


def hidden(place):
    """Name what a killed program may leave: hidden files and folders, but for the state of caches."""
    return sorted(
        str(path.relative_to(place))
        for path in place.rglob(".*")
        if path.name.endswith((".partial", ".part")) or "installing" in path.name or "xsource" in path.name
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_command_run_again_ends_whole_and_leaves_nothing_behind(place, command):
    words, index, articles = COMMANDS[command]
    program = [sys.executable, "-c", "from xsource.cli.main import run; run()", *words]
    seeded = random.Random(command)
    before = time.monotonic()
    subprocess.run(program, cwd=place, capture_output=True, check=False)
    length = time.monotonic() - before
    for _ in range(KILLS):
        for made in ("merged", "restored", "backups"):
            subprocess.run(["rm", "-rf", str(place / made)], check=True)
        (place / "backups").mkdir()
        running = subprocess.Popen(program, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(length * seeded.uniform(0.5, 1.0))
        running.kill()
        running.wait()
        done = subprocess.run(program, cwd=place, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1, 2), done.stderr
        if done.returncode:  # the killed run had finished: what it made is there
            assert "already" in done.stderr
        assert hidden(place) == []
        if index is not None:
            assert not [finding for finding in check_index(place / index) if not finding.is_repairable]
            with open_index(place / index, mode="read") as opened:
                assert opened.counts().articles == articles
