"""Numbers that differ: one outlet's figure stands where the others have another.

Counts, money, measures, shares, scores, ages and years are numbers, in digits or in words. A day of the month,
a weekday, a month and a time of day say when, and are `date`; a later figure that replaces an earlier one is
`update`. A year stays a number because it is printed, changed and checked as one ("since 2012", "by 2030").

A figure that one side lacks is at most an omission. It takes another figure in its place to make a divergence.
"""

from __future__ import annotations

from collections.abc import Iterator

from xsource.compare.figure_conflicts import divergence_of, find_figure_conflicts
from xsource.protocols import ContradictionScorer
from xsource.records import ClaimGroup, Divergence


def detect_numbers(group: ClaimGroup, scorer: ContradictionScorer | None = None) -> Iterator[Divergence]:
    """Find the figures in which the claims of a group differ, one divergence for each thing."""
    for found in find_figure_conflicts(group, scorer).numbers:
        yield divergence_of(group, "number", found)
