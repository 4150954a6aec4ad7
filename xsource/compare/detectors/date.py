"""Times that differ: "on Friday" where the others have "on Saturday", 6:40 where they have 7:15.

Weekdays, months, dates, days counted from publication and times of day are compared here; a year is a number
(see `number`). A claim that says nothing of when contradicts nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xsource.compare.days import StatedDay, are_days_apart, could_replace, may_be_one, read_days
from xsource.compare.denied import is_denied
from xsource.compare.evidence import ordered_claims, outlet_names, quote
from xsource.compare.figure_conflicts import (
    MIN_CONFIDENCE,
    FigureDisagreement,
    divergence_of,
    find_figure_conflicts,
)
from xsource.compare.same_slot import confirm_slots, readings_across
from xsource.compare.shared_facts import (
    Conflict,
    Disagreement,
    SharedFact,
    count_shared,
    gather_facts,
    join_conflicts,
    lacks,
    pair_facts,
)
from xsource.protocols import ContradictionScorer
from xsource.records import ClaimGroup, Divergence, Evidence

# What says how likely a conflict is real, and the weights of a logistic regression on it, the intercept first:
# fitted by tools/calibrate_figures.py, which also prints how often conflicts of each confidence are real.
FEATURES = ("places apart", "facts shared")
WEIGHTS = (2.3, -3.0, 1.0)
# The same on these, on `same_slot.FEATURES` and on `_more_of`: fitted by tools/calibrate_divergences.py on
# invented independent reports.
WEIGHTS_WITH_SLOTS = (
    *(-12.8, -0.25, -0.6),
    *(3.3, 0.26, 4.82, 2.02, -1.83, 1.27, 1.63),
    *(-0.84, 1.36, -0.15, 1.17),
)


# What was reported on one day answers what was reported on it, rather than what was said the day before.
_SAME_DAY = 1.0


def detect_dates(group: ClaimGroup, scorer: ContradictionScorer | None = None) -> Iterator[Divergence]:
    """Find the days and times of day in which the claims of a group differ, one divergence for each thing."""
    for found in join_conflicts(find_date_conflicts(group, scorer), MIN_CONFIDENCE, _are_of_other_outlets):
        yield _divergence(group, found)
    for times in find_figure_conflicts(group, scorer).times:
        if not _may_be_zones(times):
            yield divergence_of(group, "date", times)


def find_date_conflicts(
    group: ClaimGroup, scorer: ContradictionScorer | None = None
) -> list[Conflict[StatedDay]]:
    """Find days that stand in each other's place, however likely they are to differ really.

    Args:
        group: claims that state one fact.
        scorer: knows how alike the days' clauses are; `None` leaves it to their places.
    """
    by_claim = [
        tuple(day for day in read_days(claim) if not is_denied(claim, day.start))
        for claim in ordered_claims(group)
    ]
    facts = gather_facts(by_claim, may_be_one, _closeness)

    def describe(small: SharedFact[StatedDay], big: SharedFact[StatedDay]) -> tuple[float, ...] | None:
        return _describe(small, big, by_claim, facts)

    pairs = pair_facts(facts, describe, _likeness, WEIGHTS)
    if scorer is not None:
        pairs = confirm_slots(pairs, group, scorer, _more_of, WEIGHTS_WITH_SLOTS)
    return pairs


def _more_of(conflict: Conflict[StatedDay]) -> tuple[float, ...]:
    """Tell whether weekdays alone, dates, days near publication or articles of two days stand here."""
    pairs = readings_across(conflict)
    return (
        float(all(a.weekday and b.weekday and not a.day and not b.day for a, b in pairs)),
        float(any(a.day and b.day for a, b in pairs)),
        float(any(a.is_relative or b.is_relative for a, b in pairs)),
        float(any(are_days_apart(a.claim, b.claim) for a, b in pairs)),
    )


def _may_be_zones(times: FigureDisagreement) -> bool:
    """Whether outlets may tell one time in several zones: whole hours apart, and nobody confirms any."""
    nobody = all(len(fact.readings) == 1 for fact in times.facts)
    return nobody and all(not (fact.first.value - times.camp.first.value) % 60 for fact in times.apart)


def _closeness(a: StatedDay, b: StatedDay) -> float:
    fixed = sum(
        (x is None) == (y is None) for x, y in ((a.weekday, b.weekday), (a.month, b.month), (a.day, b.day))
    )
    return fixed + (a.is_relative == b.is_relative) - abs(a.place - b.place)


def _likeness(small: SharedFact[StatedDay], big: SharedFact[StatedDay]) -> float:
    pairs = [(a.claim, b.claim) for a in small.in_order for b in big.in_order]
    return (
        _closeness(small.first, big.first)
        + 0.5 * min(len(big.readings) - 1, 2)
        + _SAME_DAY * (not all(are_days_apart(one, other) for one, other in pairs))
    )


def _describe(
    small: SharedFact[StatedDay],
    big: SharedFact[StatedDay],
    by_claim: Sequence[Sequence[StatedDay]],
    facts: Sequence[SharedFact[StatedDay]],
) -> tuple[float, ...] | None:
    pairs = [(a, b) for a in small.in_order for b in big.in_order if could_replace(a, b)]
    if not pairs or _tells_both(small, big):
        return None
    for fact, others in ((small, big), (big, small)):
        if not lacks(others.readings, fact, by_claim, facts, may_be_one):
            return None
    return (
        min(abs(a.place - b.place) for a, b in pairs),
        float(min(count_shared(small, big, facts), 2)),
    )


def _are_of_other_outlets(one: SharedFact[StatedDay], other: SharedFact[StatedDay]) -> bool:
    return not _tells_both(one, other)


def _tells_both(small: SharedFact[StatedDay], big: SharedFact[StatedDay]) -> bool:
    """Whether an outlet gives either day: it moved the one, or speaks of two things, and contradicts nobody."""
    outlets = [{day.claim.outlet.id for day in fact.in_order} for fact in (small, big)]
    return not outlets[0].isdisjoint(outlets[1])


def _divergence(group: ClaimGroup, found: Disagreement[StatedDay]) -> Divergence:
    apart = tuple(_quote(day) for fact in found.apart for day in fact.in_order)
    camp = tuple(_quote(day) for day in found.camp.in_order)
    told = [tuple(_quote(day) for day in fact.in_order) for fact in found.facts]
    return Divergence(
        kind="date",
        group_id=group.id,
        sides=apart + camp,
        apart=len(apart),
        confidence=round(found.probability, 3),
        explanation="; ".join(f"{sides[0].words} in {outlet_names(sides)}" for sides in told) + ".",
    )


def _quote(day: StatedDay) -> Evidence:
    return quote(day.claim, day.start, day.end, day.value)
