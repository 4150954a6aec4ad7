"""A seeded few of the interruptions that `make crash` does by the hundred."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ctrl_c import heed_ctrl_c

from xsource.errors import IndexStateError
from xsource.store import open_index

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "reliability"))
from disk import compile_disk, environment, reason_not_to_run

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


def test_a_slow_disk_that_is_killed_or_fails_loses_nothing(tools: Path) -> None:
    words = (
        "--kills",
        "5",
        "--failures",
        "2",
        "--seed",
        "7",
        "--files",
        "1",
        "--delay",
        "2",
        "--work",
        "build",
    )
    report = run(tools, "crash_test.py", *words)
    assert report["faults"] == []
    # The disk was really slow: each operation took its two milliseconds.
    assert report["seconds"]["build"] > report["operations"]["build"] * 0.002


BUILD_ON_A_SLOW_DISK = """
import sys
from pathlib import Path
from disk import Disk
import works  # a batch of few articles, so that there is something to read early
from xsource.cli.main import run

folder, milliseconds = sys.argv[1:3]
disk = Disk()
disk.watch(Path(folder))
disk.slow_down(float(milliseconds))
sys.argv[1:] = ["build", *map(str, works.CORPORA), "--index", f"{folder}/index", "--embedder", "ngrams",
                "--no-translate", "--threads", "1"]
run()
"""


def test_a_slow_disk_holds_no_reader_up_and_a_build_stopped_on_it_goes_on(tools: Path, tmp_path: Path) -> None:
    compiled = tmp_path / "compiled"
    compiled.mkdir()
    variables = environment(compile_disk(compiled)) | {"PYTHONPATH": str(tools)}

    def start(folder: Path, milliseconds: int) -> subprocess.Popen[str]:
        folder.mkdir(exist_ok=True)
        words = [sys.executable, "-c", BUILD_ON_A_SLOW_DISK, str(folder), str(milliseconds)]
        return subprocess.Popen(words, env=variables, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c)

    slow, undisturbed = tmp_path / "slow", tmp_path / "undisturbed"
    with start(undisturbed, 0) as process:
        assert process.communicate(timeout=120)[1] is not None
    expected = articles_of(undisturbed / "index")

    with start(slow, 5) as process:
        waits: list[float] = []
        seen: dict[str, tuple[Any, ...]] = {}
        deadline = time.monotonic() + 120
        while len(seen) < 8 and process.poll() is None and time.monotonic() < deadline:
            begun = time.monotonic()
            try:
                seen = articles_of(slow / "index")
            except IndexStateError:  # not there yet
                time.sleep(0.05)
                continue
            waits.append(time.monotonic() - begun)
            assert seen.items() <= expected.items()
        assert process.poll() is None, "the build was over before anybody looked"
        assert 0 < len(seen) < len(expected)
        # A batch is hundreds of operations, seconds here; who reads waits for none of them.
        assert min(waits) < 1
        process.send_signal(signal.SIGINT)
        messages = process.communicate(timeout=60)[1]
    assert process.returncode == 130, messages
    kept = articles_of(slow / "index")
    assert seen.items() <= kept.items() <= expected.items()

    with start(slow, 0) as process:
        messages = process.communicate(timeout=120)[1]
    assert process.returncode == 0, messages
    assert articles_of(slow / "index") == expected


def articles_of(folder: Path) -> dict[str, tuple[Any, ...]]:
    """Every article with its sentences and vectors, of one moment."""
    with open_index(folder, mode="read") as index:
        found: dict[str, tuple[Any, ...]] = {}
        for article in index.articles():
            sentences = index.sentences([article.id])
            vectors = index.vectors([sentence.id for sentence in sentences])
            found[article.id] = (article, sentences, vectors.tobytes())
        return found
