"""A process that has loaded everything and forks a child for each order, so that a trial costs no start.

Orders are lines of JSON on stdin, answers lines of JSON on stdout. Started by `crash_test.py` and
`power_loss.py` with the failing disk in front (see `disk.py`).
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import works
from disk import ANY, Disk, Fault

from xsource.errors import XSourceError
from xsource.pipeline import check_index
from xsource.store.connection import CATALOG_FILE

STAGE_BYTES = 64


class Notes:
    """Memory that outlives a killed child: its stage, and what it was told to be on disk."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 2 * STAGE_BYTES)

    def clear(self) -> None:
        """Forget what was noted."""
        self._memory[:] = bytes(2 * STAGE_BYTES)

    def stage(self, name: str) -> None:
        """Note the stage that a work is in."""
        self._memory[:STAGE_BYTES] = name.encode()[:STAGE_BYTES].ljust(STAGE_BYTES, b"\0")

    def committed(self, text: str) -> None:
        """Note what is on disk."""
        self._memory[STAGE_BYTES:] = text.encode()[:STAGE_BYTES].ljust(STAGE_BYTES, b"\0")

    def read(self) -> tuple[str, str]:
        """Give the stage, and what was last on disk."""
        stage, committed = self._memory[:STAGE_BYTES], self._memory[STAGE_BYTES:]
        return stage.rstrip(b"\0").decode(), committed.rstrip(b"\0").decode()


def in_child(job: Callable[[], Any], answer: Path, seconds: float | None = None) -> dict[str, Any]:
    """Run a job in a fork; kill it after some seconds when given. Says how it ended, and what it returned."""
    answer.unlink(missing_ok=True)
    begun = time.perf_counter()
    child = os.fork()
    if child == 0:
        found: dict[str, Any]
        try:
            found = {"end": "done", "value": job()}
        except XSourceError as error:
            found = {"end": "refused", "value": f"{type(error).__name__}: {error.message} | {error.hint}"}
        except BaseException:  # noqa: BLE001 - whatever it was is the answer
            found = {"end": "raised", "value": traceback.format_exc()}
        with contextlib.suppress(OSError):
            answer.write_text(json.dumps(found), "utf-8")
        os._exit(0)
    limit = begun + (120 if seconds is None else seconds)
    was_killed = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG if not was_killed else 0)
        if ended:
            break
        left = limit - time.perf_counter()
        if left <= 0:
            os.kill(child, signal.SIGKILL)
            was_killed = True
        else:
            time.sleep(min(left, 0.001 if seconds is not None else 0.003))
    took = {"seconds": time.perf_counter() - begun}
    if os.WIFSIGNALED(status):
        if seconds is None and was_killed:
            return {"end": "hangs", "value": "still running after 120 seconds", **took}
        return {
            "end": "killed" if os.WTERMSIG(status) == signal.SIGKILL else "crashed",
            "value": status,
            **took,
        }
    return {**json.loads(answer.read_text("utf-8")), **took}


def judge(place: Path) -> dict[str, Any]:
    """Open what an interruption left, and look at it as `doctor` does."""
    index = place / "index"
    if not (index / CATALOG_FILE).exists():
        return {"articles": {}, "findings": [], "exists": False}
    findings = [[finding.where.name, finding.message, finding.is_repairable] for finding in check_index(index)]
    return {"articles": works.articles_of(index), "findings": findings, "exists": True}


def aftermath(place: Path, work: works.Work) -> dict[str, Any]:
    """Judge what an interruption left, do the work again, and judge that; all in one process, to save forks."""
    seen = judge(place)
    if any(not finding[2] for finding in seen["findings"]):
        return {"seen": seen}
    work.run(place)
    return {"seen": seen, "dump": works.dump(place / "index"), "last": judge(place)["findings"]}


def main() -> None:
    """Answer orders until stdin ends."""
    scratch = Path(sys.argv[1])
    answer = scratch / "answer.json"
    if len(sys.argv) > 2:
        works.use_part(int(sys.argv[2]), scratch / "corpora")
    works.warm_up(scratch / "warm-up")
    disk, notes = Disk(), Notes()
    works.mark_stages(notes.stage)
    orders = os.fdopen(os.dup(0), "r")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def commit_log(text: str) -> None:
        notes.committed(text)
        disk.mark(text)

    works.mark_commits(commit_log)

    def order(wanted: dict[str, Any]) -> dict[str, Any]:
        place = Path(wanted["place"])
        what = wanted["order"]
        work = works.WORKS.get(wanted.get("work", ""))
        notes.clear()
        if what == "prepare" and work:
            return in_child(lambda: work.prepare(place), answer)
        if what == "judge":
            return in_child(lambda: judge(place), answer)
        if what == "aftermath" and work:
            return in_child(lambda: aftermath(place, work), answer)
        if what == "dump":
            return in_child(lambda: works.dump(place / "index"), answer)
        if what == "run" and work:
            fault = Fault(**wanted["fault"]) if wanted.get("fault") else None

            def job() -> int:
                disk.watch(place)
                disk.slow_down(wanted.get("delay", 0))
                if wanted.get("log"):
                    disk.log(os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644))
                if fault:
                    disk.fail(fault, wanted["at"])
                else:
                    disk.count(wanted.get("kinds", ANY))
                notes.stage("open")
                work.run(place)
                return disk.operations()

            found = in_child(job, answer, wanted.get("seconds"))
            stage, committed = notes.read()
            return {**found, "stage": stage, "committed": committed}
        raise ValueError(what)

    answers.write(json.dumps({"end": "ready"}) + "\n")
    answers.flush()
    for line in orders:
        answers.write(json.dumps(order(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
