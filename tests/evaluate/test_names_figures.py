"""Figures of name finding, cross-script matching and planted actors, with the floors that must hold."""

from __future__ import annotations

import pytest

from xsource.evaluate.bench import bench_folder
from xsource.evaluate.names import FoundNames, MatchedPairs, measure_finding, measure_matching, pool

pytestmark = pytest.mark.bench

BENCH = bench_folder()
needs_bench = pytest.mark.skipif(BENCH is None, reason="no benchmark data beside the checkout (XSOURCE_BENCH)")


@needs_bench
def test_names_of_two_scripts_are_matched():
    figures = measure_matching(BENCH)
    pooled = pool(figures.values())
    assert pooled.true_pairs >= 200
    assert all(pairs.false_pairs == 5000 for pairs in figures.values())
    assert pooled.f1 >= 0.93
    assert min(pairs.f1 for pairs in figures.values()) >= 0.90


@needs_bench
def test_names_are_found_where_people_marked_them():
    figures = measure_finding(BENCH)
    assert set(figures) == {"panx-ru", "panx-he", "panx-ar", "panx-en", "nemo-he", "factrueval-ru"}
    assert figures["factrueval-ru"].recall >= 0.85
    assert figures["factrueval-ru"].precision >= 0.72
    assert figures["nemo-he"].recall >= 0.48
    assert figures["nemo-he"].precision >= 0.60


def test_nothing_found_is_zero_and_no_error():
    assert (FoundNames(0, 0, 0).precision, FoundNames(0, 0, 0).recall) == (0.0, 0.0)
    assert MatchedPairs(0, 0, 0, 0).f1 == 0.0
    assert MatchedPairs(10, 90, 9, 1).f1 == pytest.approx(0.9)
