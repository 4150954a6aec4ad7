"""CPU time of a piece of work, on a machine that does other things too."""

from __future__ import annotations

import time
from collections.abc import Callable


def least_cpu_seconds(work: Callable[[], object], *, enough: float = 0.0, runs: int = 5) -> float:
    """Do the work until a run takes less than `enough`, at most `runs` times; give the best run's seconds.

    CPU time of this thread. A neighbour on the same core takes CPU time from the work and never gives any:
    the least of some runs is nearest to what the work itself takes.
    """
    best = float("inf")
    for _ in range(runs):
        before = time.thread_time()
        work()
        best = min(best, time.thread_time() - before)
        if best < enough:
            break
    return best
