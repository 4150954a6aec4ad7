"""Weekdays, months and days near publication that differ: "on Friday" where the others have "on Saturday".

Digits of a date, its year and its day of the month, are compared as numbers (see `number`). A claim that gives
no day contradicts nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xsource.compare.days import StatedDay, could_replace, may_be_one, read_days
from xsource.compare.evidence import ordered_claims, outlet_names, quote
from xsource.compare.shared_facts import (
    Conflict,
    SharedFact,
    count_shared,
    find_conflicts,
    gather_facts,
    lacks,
)
from xsource.records import ClaimGroup, Divergence, Evidence

MIN_CONFIDENCE = 0.5

# What says how likely a conflict is real, and the weights of a logistic regression on it, the intercept first:
# fitted by tools/calibrate_figures.py, which also prints how often conflicts of each confidence are real.
FEATURES = ("places apart", "facts shared")
WEIGHTS = (3.5, -2.4, 1.0)


def detect_dates(group: ClaimGroup) -> Iterator[Divergence]:
    """Find the days in which the claims of a group differ, one divergence for each."""
    for conflict in find_date_conflicts(group):
        if conflict.probability >= MIN_CONFIDENCE:
            yield _divergence(group, conflict)


def find_date_conflicts(group: ClaimGroup) -> list[Conflict[StatedDay]]:
    """Find days that stand in each other's place, however likely they are to differ really."""
    by_claim = [read_days(claim) for claim in ordered_claims(group)]
    facts = gather_facts(by_claim, may_be_one, _closeness)

    def describe(small: SharedFact[StatedDay], big: SharedFact[StatedDay]) -> tuple[float, ...] | None:
        return _describe(small, big, by_claim, facts)

    return find_conflicts(facts, describe, _closeness, WEIGHTS)


def _closeness(a: StatedDay, b: StatedDay) -> float:
    return 2.0 * (a.kind == b.kind) + 1.0 * (a.is_written and b.is_written) - abs(a.place - b.place)


def _describe(
    small: SharedFact[StatedDay],
    big: SharedFact[StatedDay],
    by_claim: Sequence[Sequence[StatedDay]],
    facts: Sequence[SharedFact[StatedDay]],
) -> tuple[float, ...] | None:
    pairs = [(a, b) for a in small.in_order for b in big.in_order if could_replace(a, b)]
    if not pairs:
        return None
    for fact, others in ((small, big), (big, small)):
        if not lacks(others.readings, fact, by_claim, facts, may_be_one):
            return None
    return (
        min(abs(a.place - b.place) for a, b in pairs),
        float(min(count_shared(small, big, facts), 2)),
    )


def _divergence(group: ClaimGroup, conflict: Conflict[StatedDay]) -> Divergence:
    apart = tuple(_quote(day) for day in conflict.apart if day.is_written)
    camp = tuple(_quote(day) for day in conflict.camp if day.is_written)
    return Divergence(
        kind="date",
        group_id=group.id,
        sides=apart + camp,
        confidence=round(conflict.probability, 3),
        explanation=f"{outlet_names(apart)}: {apart[0].value}; {outlet_names(camp)}: {camp[0].value}",
    )


def _quote(day: StatedDay) -> Evidence:
    return quote(day.claim, day.start, day.end, day.value)
