"""A case in a process of its own, and a whole program from start to end: seconds, CPU-seconds, memory."""

from __future__ import annotations

import importlib
import json
import os
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
    command = [sys.executable, "-m", "benchmarks.measuring", case]
    runs = []
    for _ in range(repeats):
        answer = subprocess.run(
            command, cwd=ROOT, env=environment(threads), input=json.dumps(options), capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        line = next((line for line in answer.stdout.splitlines() if line.startswith(MARK)), None)
        if answer.returncode or line is None:
            raise RuntimeError(f"{case}: {answer.stderr.strip()[-500:]}")
        runs.append(Measured(**json.loads(line.removeprefix(MARK))))
    return median_run(runs)


def run_program(
    command: Sequence[str], *, repeats: int = 1, variables: Mapping[str, str] | None = None
) -> Measured:
    """Run a whole program several times, from start to end, and give the run of median wall time.

    Raises:
        RuntimeError: it failed; its last words are in the message.
    """
    runs = []
    for _ in range(repeats):
        start = time.perf_counter()
        with subprocess.Popen(
            command, cwd=ROOT, env={**environment(0), **(variables or {})},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stderr is not None
            words = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)}: {words.strip()[-500:]}")
        runs.append(Measured(wall, usage.ru_utime + usage.ru_stime, _bytes(usage.ru_maxrss)))
    return sorted(runs, key=lambda run: run.wall)[len(runs) // 2]


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
    """Run the case that the command line names, with the options on stdin, and print what it cost."""
    module, _, function = sys.argv[1].partition(":")
    case = getattr(importlib.import_module(f"benchmarks.{module}"), function)
    measured = asdict(case(**json.load(sys.stdin)))
    measured["peak_bytes"] = _bytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    print(MARK + json.dumps(measured))


if __name__ == "__main__":
    main()
