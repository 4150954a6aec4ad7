"""Figures that a later report replaces: "the death toll has risen to 26" after 23, by the same source."""

from __future__ import annotations

from collections.abc import Iterator

from xsource.compare.figure_conflicts import MIN_CONFIDENCE, divergence_of, find_figure_conflicts
from xsource.protocols import ContradictionScorer
from xsource.records import ClaimGroup, Divergence


def detect_updates(group: ClaimGroup, scorer: ContradictionScorer | None = None) -> Iterator[Divergence]:
    """Find the figures of a group that replace earlier ones, one divergence for each later figure."""
    for conflict in find_figure_conflicts(group, scorer).updates:
        if conflict.probability >= MIN_CONFIDENCE:
            yield divergence_of(
                group,
                "update",
                conflict,
                "{x}{counted} in {apart}; later {y} in {camp}.",
            )
