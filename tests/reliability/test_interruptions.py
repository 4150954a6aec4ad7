"""A seeded few of the interruptions that `make crash` does by the hundred."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "reliability"))
from disk import reason_not_to_run

WORKS = ("--work", "build", "--work", "rebuild")
pytestmark = pytest.mark.skipif(reason_not_to_run() is not None, reason=str(reason_not_to_run()))


def run(tools: Path, program: str, *words: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(tools / program), "--json", *words], capture_output=True, text=True, timeout=1200
    )
    assert done.stdout, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_a_kill_or_a_failing_disk_loses_nothing_and_the_same_command_goes_on(tools: Path) -> None:
    report = run(tools, "crash_test.py", "--kills", "6", "--failures", "4", "--seed", "7", *WORKS)
    assert report["faults"] == []
    assert sum(row["trials"] for row in report["stages"]) == 10
    # The disk was really in the way: a build changes files some hundred times.
    assert report["operations"]["build"] > 200


def test_a_power_cut_leaves_the_last_generation_or_the_one_before(tools: Path) -> None:
    report = run(tools, "power_loss.py", "--works", "rebuild", "--cuts", "8", "--seed", "7")
    assert report["faults"] == []
    assert [row["cuts"] for row in report["works"]] == [8]


def test_a_power_cut_after_any_operation_of_a_repair_leaves_a_whole_index(tools: Path) -> None:
    report = run(tools, "power_loss.py", "--works", "repair", "--files", "1", "--seed", "7")
    assert report["faults"] == []
    (row,) = report["works"]
    # Each prefix in four ways, and what cuts leave alike is opened once.
    assert row["prefixes"] == row["operations"] + 1 > 30
    assert row["cuts"] == 4 * row["prefixes"]
    assert 10 < row["disks"] < row["cuts"]
