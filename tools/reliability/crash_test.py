"""Kills whatever writes an index, and fails its disk, at seeded moments; then looks at what is left.

    python tools/reliability/crash_test.py --kills 500 --failures 100 --seed 1
    python tools/reliability/crash_test.py --kills 100 --failures 20 --files 1 --delay 5    (a slow disk)

After each interruption: the index opens; `doctor` finds nothing that cannot be derived again; what was told
to be on disk is there; and after the same command was run again, every table of the catalogue and the vector
file are byte for byte those of a run that nothing interrupted. Exit code 1 and the trials' numbers where one
of these fails: `--trials N` repeats one.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from disk import ANY, FAILURES, KILLS, Fault, compile_disk, environment, reason_not_to_run

HERE = Path(__file__).resolve().parent
# How often each work is drawn: a build has the most stages.
WEIGHTS = {"build": 8, "add": 4, "rebuild": 3, "remove": 1, "repair": 1, "backup": 1, "restore": 2}


class Nursery:
    """The warmed process, and the folders that works start from.

    Args:
        scratch: an empty folder.
        files: of each corpus only so many article files.
    """

    def __init__(self, scratch: Path, files: int | None = None) -> None:
        self.scratch = scratch
        library = compile_disk(scratch)
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "nursery.py"), str(scratch), *([] if files is None else [str(files)])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(library),
        )
        self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the nursery ended")
        found: dict[str, Any] = json.loads(line)
        return found

    def ask(self, order: str, place: Path, **more: Any) -> dict[str, Any]:
        """Give an order and wait for its answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"order": order, "place": str(place), **more}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def must(self, order: str, place: Path, **more: Any) -> dict[str, Any]:
        """Give an order that has to succeed."""
        found = self.ask(order, place, **more)
        if found["end"] != "done":
            raise RuntimeError(f"{order} {more}: {found}")
        return found

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def nursery(files: int | None = None) -> Iterator[Nursery]:
    """Start a nursery in a folder of its own."""
    scratch = Path(tempfile.mkdtemp(prefix="xsource-crash-"))
    opened = Nursery(scratch, files)
    try:
        yield opened
    finally:
        opened.close()
        shutil.rmtree(scratch, ignore_errors=True)


@dataclass(frozen=True)
class Known:
    """What a work looks like when nothing interrupts it."""

    start: Path
    articles_before: dict[str, str]
    articles_after: dict[str, str]
    findings: list[Any]
    dump: dict[str, str]
    operations: dict[int, int]
    seconds: float


def learn(opened: Nursery, work: str, delay: float = 0) -> Known:
    """Run a work without interruption; for its seconds, on a disk whose operations take `delay` ms."""
    start = opened.scratch / f"start-{work}"
    start.mkdir()
    opened.must("prepare", start, work=work)
    before = opened.must("judge", start)["value"]["articles"]
    operations = {}
    for kinds in sorted({fault.kinds for fault in (*KILLS, *FAILURES)}):
        place = opened.scratch / f"whole-{work}-{kinds}"
        shutil.copytree(start, place)
        timed = {"delay": delay} if kinds == ANY else {}
        ran = opened.must("run", place, work=work, kinds=kinds, **timed)
        operations[kinds] = ran["value"]
        if kinds == ANY:
            seconds = ran["seconds"]
    after = opened.must("judge", place)["value"]
    assert all(finding[2] for finding in after["findings"]), after["findings"]
    return Known(
        start,
        before,
        after["articles"],
        after["findings"],
        opened.must("dump", place)["value"],
        operations,
        seconds,
    )


def choose(chance: random.Random, known: dict[str, Known], what: str) -> dict[str, Any]:
    """Choose a work and the moment of its interruption."""
    work = chance.choices(list(known), [WEIGHTS[name] for name in known])[0]
    if what == "failure":
        fault = chance.choice(FAILURES)
    elif chance.random() < 0.4:
        return {"work": work, "seconds": chance.uniform(0, 1.1 * known[work].seconds), "name": "by time"}
    else:
        fault = chance.choice(KILLS)
    at = chance.randrange(known[work].operations[fault.kinds])
    return {"work": work, "fault": asdict(fault), "at": at, "name": fault.name}


def attempt(
    opened: Nursery, known: Known, trial: dict[str, Any], delay: float, *, keeps_whole: bool
) -> tuple[str, str]:
    """Interrupt one work and judge it. Gives the stage it was in, and what is wrong or nothing."""
    place = opened.scratch / "trial"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(known.start, place)
    order = {key: value for key, value in trial.items() if key in {"work", "fault", "at", "seconds"}}
    ran = opened.ask("run", place, delay=delay, **order)
    stage = ran["stage"] if ran["end"] != "done" else "finished"
    if ran["end"] in {"raised", "hangs", "crashed"}:
        return stage, f"ended badly: {ran['value']}"
    after = opened.ask("aftermath", place, work=trial["work"])
    if after["end"] != "done":
        return stage, f"does not open or go on: {after['end']} {after['value']}"
    return stage, compare(known, ran["committed"], after["value"], keeps_whole=keeps_whole)


def compare(known: Known, committed: str, after: dict[str, Any], *, keeps_whole: bool) -> str:
    """Say what is wrong with what an interruption left, or nothing."""
    found = after["seen"]
    wrong = [finding for finding in found["findings"] if not finding[2]]
    if wrong:
        return f"doctor: {wrong}"
    expected = [known.articles_before, known.articles_after]
    if keeps_whole and found["articles"] not in expected:
        return f"{len(found['articles'])} articles, neither those of before nor those of after"
    strange = found["articles"].items() - expected[1].items() - expected[0].items()
    lost = expected[0].keys() & expected[1].keys() - found["articles"].keys()
    if strange or lost:
        return f"{len(strange)} articles are changed, {len(lost)} lost"
    if committed and not keeps_whole:
        name, _, count = committed.split()
        if name == "index" and len(found["articles"]) < int(count):
            return f"{count} articles were reported as kept, {len(found['articles'])} are there"
    different = sorted(
        name
        for name in known.dump.keys() | after["dump"].keys()
        if known.dump.get(name) != after["dump"].get(name)
    )
    if different:
        return f"after going on, {', '.join(different)} differ from an uninterrupted run"
    # A work that found nothing left to do opened no writer, so the lock file may still be a generation behind.
    last = [finding for finding in after["last"] if finding[0] != "write.lock" or not finding[2]]
    if last != known.findings:
        return f"after going on, doctor: {after['last']}"
    return ""


def run(
    *,
    kills: int,
    failures: int,
    seed: int,
    trials: Sequence[int] | None = None,
    works: list[str] | None = None,
    files: int | None = None,
    delay: float = 0,
) -> dict[str, Any]:
    """Run all trials, and give what came of them."""
    from works import WORKS

    chosen = works or list(WORKS)
    counts: Counter[tuple[str, str, str]] = Counter()
    faults = []
    with nursery(files) as opened:
        known = {work: learn(opened, work, delay) for work in chosen}
        for number in range(kills + failures) if trials is None else trials:
            what = "kill" if number < kills else "failure"
            trial = choose(random.Random(f"{seed} {number}"), known, what)
            stage, wrong = attempt(
                opened, known[trial["work"]], trial, delay, keeps_whole=WORKS[trial["work"]].keeps_whole
            )
            counts[(what, trial["work"], stage)] += 1
            if sum(counts.values()) % 25 == 0:
                print(
                    f"{sum(counts.values())} interruptions, the last was {number}", file=sys.stderr, flush=True
                )
            if wrong:
                faults.append({"number": number, "stage": stage, "wrong": wrong, **trial})
                print(json.dumps(faults[-1], ensure_ascii=False), file=sys.stderr, flush=True)
    return {
        "kills": kills,
        "failures": failures,
        "seed": seed,
        "operations": {work: known[work].operations[ANY] for work in known},
        "seconds": {work: known[work].seconds for work in known},
        "stages": [
            {"what": what, "work": work, "stage": stage, "trials": count}
            for (what, work, stage), count in sorted(counts.items())
        ],
        "faults": faults,
    }


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--failures", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trials", metavar="FIRST-LAST", help="of all these, only some, by number")
    parser.add_argument("--work", action="append", choices=list(WEIGHTS))
    parser.add_argument(
        "--files", type=int, help="of each corpus only so many article files; all when left out"
    )
    parser.add_argument(
        "--delay",
        type=float,
        default=0,
        metavar="MS",
        help="that each change of a file takes; a sync ten times that",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    given = parser.parse_args()
    reason = reason_not_to_run()
    if reason:
        print(f"not run: {reason}")
        return
    trials = None
    if given.trials:
        first, _, last = given.trials.partition("-")
        trials = range(int(first), int(last or first) + 1)
    report = run(
        kills=given.kills,
        failures=given.failures,
        seed=given.seed,
        trials=trials,
        works=given.work,
        files=given.files,
        delay=given.delay,
    )
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for row in report["stages"]:
            print(f"{row['what']:8} {row['work']:8} {row['stage']:12} {row['trials']:5}")
        done = sum(row["trials"] for row in report["stages"])
        print(f"{done} interruptions: {len(report['faults'])} with something wrong")
    sys.exit(1 if report["faults"] else 0)


__all__ = ["Fault", "run"]

if __name__ == "__main__":
    main()
