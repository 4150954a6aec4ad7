"""Figures that a later report replaces: "the death toll has risen to 26" after 23, by the same source."""

from __future__ import annotations

from collections.abc import Iterator

from xsource.compare.figure_conflicts import divergence_of_series, find_figure_conflicts
from xsource.protocols import ContradictionScorer
from xsource.records import ClaimGroup, Divergence


def detect_updates(group: ClaimGroup, scorer: ContradictionScorer | None = None) -> Iterator[Divergence]:
    """Find the figures of a group that replace earlier ones, one divergence for each series."""
    for series in find_figure_conflicts(group, scorer).updates:
        yield divergence_of_series(group, series)
