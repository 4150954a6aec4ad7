"""A case runs in a process of its own with its threads; the median run counts; a failure is told."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from benchmarks.measuring import Measured, median_run, run_case, run_program, stopwatch


def test_the_run_of_median_cpu_time_counts() -> None:
    runs = [Measured(wall=9, cpu=3), Measured(wall=8, cpu=1), Measured(wall=7, cpu=2)]
    assert median_run(runs) == runs[2]
    assert median_run(runs[:2]) == runs[1]


def test_a_stopwatch_counts_work_and_not_sleep() -> None:
    import time

    with stopwatch() as idle:
        time.sleep(0.5)
    with stopwatch() as busy:
        until = time.process_time() + 0.2
        while time.process_time() < until:
            pass
    assert idle.wall >= 0.5 > 2 * idle.cpu  # other threads of the process may have worked
    assert busy.cpu >= 0.2


def test_a_case_runs_in_a_process_of_its_own() -> None:
    measured = run_case("growth:measure", {"count": 8}, threads=1, repeats=1)
    assert measured.cpu > 0
    assert measured.peak_bytes > 20e6
    assert measured.figures["stories"] == 2


def test_a_case_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="unexpected keyword argument 'wrong'"):
        run_case("growth:measure", {"wrong": 8}, threads=1, repeats=1)


def test_a_program_is_measured_from_start_to_end() -> None:
    work = "import time\nblock = b'x' * 100_000_000\nwhile time.process_time() < .5: pass"
    measured = run_program([sys.executable, "-c", work])
    assert measured.wall >= 0.5
    assert measured.cpu >= 0.5
    assert measured.peak_bytes > 100e6


def test_peaks_are_of_what_is_measured_and_not_of_who_measures() -> None:
    held = b"x" * 600_000_000
    assert run_program([sys.executable, "-c", "pass"]).peak_bytes < 100e6
    assert run_case("growth:measure", {"count": 8}, threads=1, repeats=1).peak_bytes < 500e6
    assert len(held) == 600_000_000


def test_a_program_that_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        run_program([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_many_vectors_are_near_real_ones_and_the_same_every_time() -> None:
    from benchmarks.texts import many_vectors

    real = np.eye(3, 384, dtype=np.float32)
    made = many_vectors(real, 50, seed=1)
    assert np.array_equal(made, many_vectors(real, 50, seed=1))
    np.testing.assert_allclose(np.linalg.norm(made, axis=1), 1, rtol=1e-5)
    assert (made @ real.T).max(axis=1).min() > 0.9
    assert set((made @ real.T).argmax(axis=1)) == {0, 1, 2}
