"""Ten thousand followed claims, and a disk that is full while something is noted."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import Program
from daily.conftest import SETTINGS
from ferry import CLAIM  # type: ignore[import-not-found]

from xsource.daily import Follow
from xsource.pipeline import check_index, follow_claim, list_follows, note_follows, read_timeline
from xsource.records import stable_id
from xsource.store import open_index

TOOLS = Path(__file__).resolve().parents[2] / "tools" / "reliability"
sys.path.insert(0, str(TOOLS))
from disk import compile_disk, environment, reason_not_to_run  # noqa: E402

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_ten_thousand_followed_claims_are_asked_about_in_turns(program: Program, index: Path):
    many = [
        Follow(stable_id("many", str(n)), f"{CLAIM}, for the {n}th time", "en", (), (), None, None, "", NOON)
        for n in range(10_000)
    ]
    with open_index(index, mode="write") as opened:
        opened.write_follows(many)
    begun = time.monotonic()
    notices = note_follows(index, SETTINGS, most_seconds=3.0)
    assert "of 10,000 followed claims were not asked about within 3 seconds" in notices[0]
    asked = {one.follow.id for one in list_follows(index) if one.entries}
    assert 0 < len(asked) < 10_000
    note_follows(index, SETTINGS, most_seconds=3.0)
    again = {one.follow.id for one in list_follows(index) if one.entries}
    assert asked < again  # the others had their turn
    assert time.monotonic() - begun < 120
    listed = program.run("follows")
    assert "... and 9,900 more" in listed.stderr
    assert len(listed.stdout.splitlines()) < 1000
    assert len(json.loads(program.run("follows", "-f", "json").stdout)["follows"]) == 10_000
    assert follow_claim(index, SETTINGS, CLAIM).outlets
    assert check_index(index) == []


ON_A_FULL_DISK = """
import errno, sys
from pathlib import Path
from disk import FAIL, TAKES_SPACE, Disk, Fault
from xsource.cli.main import run

folder, at = sys.argv[1:3]
disk = Disk()
disk.watch(Path(folder))
disk.fail(Fault("full disk", FAIL, TAKES_SPACE, errno.ENOSPC, True), int(at))
sys.argv[1:] = sys.argv[3:]
run()
"""


@pytest.mark.skipif(reason_not_to_run() is not None, reason=str(reason_not_to_run()))
@pytest.mark.parametrize("at", [1, 3, 8])
@pytest.mark.parametrize("command", ["news", "follow", "build"])
def test_a_disk_that_is_full_while_something_is_noted_costs_nothing(
    index: Path, newsroom: Path, tmp_path: Path, command: str, at: int
):
    compiled = tmp_path / "compiled"
    compiled.mkdir()
    variables = environment(compile_disk(compiled)) | {"PYTHONPATH": str(TOOLS)}
    follow = follow_claim(index, SETTINGS, CLAIM).follow
    words = {
        "news": ["news"],
        "follow": ["follow", "The ferry carried 86 passengers"],
        "build": ["build", str(newsroom / "articles/day-3.jsonl"), "--no-translate"],
    }[command]
    words += ["--index", str(index)]

    def run(at: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", ON_A_FULL_DISK, str(index), str(at), *words],
            env=variables, capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    full = run(at)
    assert full.returncode in (0, 1), full.stderr
    if full.returncode:
        assert "error: " in full.stderr
        assert "full" in full.stderr or "No space left" in full.stderr
        assert "hint: " in full.stderr
    roomy = run(1_000_000)
    assert roomy.returncode == 0, roomy.stderr
    assert check_index(index) == []
    if command == "news":
        assert "1 followed claim came; 1 story came" in roomy.stdout + full.stdout
    elif command == "follow":
        assert len(list_follows(index)) == 2
    else:
        assert read_timeline(index, follow.id).days[-1].figures == (("14", 3),)


def test_what_is_followed_is_seen_by_whoever_reads_meanwhile(index: Path):
    with open_index(index, mode="read") as reading:
        follow_claim(index, SETTINGS, CLAIM)
        assert reading.follows() == []
        reading.refresh()
        assert len(reading.follows()) == 1
