"""A case in a process of its own, and a whole program from start to end: seconds, CPU-seconds, memory."""

from __future__ import annotations

import importlib
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MARK = "measured: "
PROGRAM = "--program"

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run cost.

    Attributes:
        wall: seconds.
        cpu: seconds of all threads, in the program and in the kernel.
        peak_bytes: the most memory that the process held at once, models and libraries included.
        figures: what else the case found out, such as recall.
    """

    wall: float
    cpu: float
    peak_bytes: int = 0
    figures: dict[str, Any] = field(default_factory=dict)


class Stopwatch:
    """Wall and CPU seconds of a block."""

    wall = 0.0
    cpu = 0.0


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Time a block; read the seconds after it."""
    watch = Stopwatch()
    wall, cpu = time.perf_counter(), time.process_time()
    yield watch
    watch.wall, watch.cpu = time.perf_counter() - wall, time.process_time() - cpu


def run_case(case: str, options: Mapping[str, Any], *, threads: int, repeats: int) -> Measured:
    """Run a case several times, each in a fresh process, and give the run of median CPU time.

    Args:
        case: `module:function` of this package; the function takes the options and gives a `Measured`.
        options: what JSON can hold.
        threads: that each library may use; 0 leaves that to it.
        repeats: how often.

    Raises:
        RuntimeError: the case failed; its last words are in the message.
    """
    return median_run([_ask([case], options, case, environment(threads)) for _ in range(repeats)])


def run_program(
    command: Sequence[str], *, repeats: int = 1, variables: Mapping[str, str] | None = None
) -> Measured:
    """Run a whole program several times, from start to end, and give the run of median wall time.

    Raises:
        RuntimeError: it failed; its last words are in the message.
    """
    question = {"command": [*command], "variables": environment(0) | dict(variables or {})}
    runs = [_ask([PROGRAM], question, " ".join(command), environment(0)) for _ in range(repeats)]
    return sorted(runs, key=lambda run: run.wall)[len(runs) // 2]


def _ask(
    words: Sequence[str], question: Mapping[str, Any], name: str, variables: Mapping[str, str]
) -> Measured:
    """Ask a fresh process of this module."""
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.measuring", *words], cwd=ROOT, env=variables,
        input=json.dumps(question), capture_output=True, text=True, check=False,
    )  # fmt: skip
    line = next((line for line in answer.stdout.splitlines() if line.startswith(MARK)), None)
    if answer.returncode or line is None:
        raise RuntimeError(f"{name}: {answer.stderr.strip()[-500:]}")
    return Measured(**json.loads(line.removeprefix(MARK)))


def _measure_program(command: Sequence[str], variables: Mapping[str, str]) -> Measured:
    """Run a program from this process, which is small: what a parent holds counts for its child as its own."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        words = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode:
        sys.exit(words.strip())
    return Measured(wall, usage.ru_utime + usage.ru_stime, _bytes(usage.ru_maxrss))


def _own_peak() -> int:
    """Give the most memory that this process held, and not what its parent held when it was started."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text("utf-8")) if status.is_file() else None
    return int(found[1]) * 1024 if found else _bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def median_run(runs: Sequence[Measured]) -> Measured:
    """Give the run whose CPU time is the median (the lower of the two middle ones)."""
    middle = statistics.median_low([run.cpu for run in runs])
    return next(run for run in runs if run.cpu == middle)


def environment(threads: int) -> dict[str, str]:
    """Give the variables of a measured process: nothing from the network, and so many threads."""
    variables = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"}
    if threads:
        variables |= dict.fromkeys(THREAD_VARIABLES, str(threads)) | {"TOKENIZERS_PARALLELISM": "false"}
    return variables


def _bytes(maxrss: int) -> int:
    return maxrss if sys.platform == "darwin" else maxrss * 1024


def main() -> None:
    """Run the case that the command line names, or a program, as stdin says, and print what it cost."""
    question = json.load(sys.stdin)
    if sys.argv[1] == PROGRAM:
        measured = asdict(_measure_program(**question))
    else:
        module, _, function = sys.argv[1].partition(":")
        case = getattr(importlib.import_module(f"benchmarks.{module}"), function)
        measured = asdict(case(**question)) | {"peak_bytes": _own_peak()}
    print(MARK + json.dumps(measured))


if __name__ == "__main__":
    main()
