"""A seeded few of the kills of whole programs that `tools/reliability/daily_kills.py` does by the dozen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.model
def test_a_killed_build_news_or_watch_is_readable_and_the_same_command_ends_as_ever(tools: Path) -> None:
    words = ("--kills", "3", "--seed", "7", "--work", "build", "--work", "news", "--work", "watch")
    done = subprocess.run(
        [sys.executable, str(tools / "daily_kills.py"), "--json", *words],
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.stdout, done.stderr[-2000:]
    report = json.loads(done.stdout)
    assert report["faults"] == []
    assert {name: row["trials"] for name, row in report["works"].items()} == {"build": 1, "news": 1, "watch": 1}
    assert sum(row["killed"] for row in report["works"].values()) > 0
