"""Numbers that differ: one outlet's figure stands where the others have another.

What is written in digits or number words is a number, the year and the day of a date included; weekdays, months
and words like "yesterday" are `date`. The rule goes by the words that differ because these are what a reader is
shown, and because "in 2012" against "in 2009" is checked the way any other figure is.

A figure that one side lacks is at most an omission. It takes another figure in its place to make a divergence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xsource.compare.evidence import ordered_claims, outlet_names, quote
from xsource.compare.figures import Figure, are_compatible, are_equal, could_replace, read_figures
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

# A sentence with more figures is a table or a list of results, in which a figure's counterpart is a guess.
MAX_FIGURES = 60

# A rival may be a little less like the counterpart: a sixth of the sentence farther away.
_RIVAL_MARGIN = 1 / 3

# What says how likely a conflict is real, and the weights of a logistic regression on it, the intercept first:
# fitted by tools/calibrate_figures.py, which also prints how often conflicts of each confidence are real.
FEATURES = (
    "both in digits",
    "both in words",
    "same unit",
    "others in camp",
    "places apart",
    "implied",
    "rivals, one against one",
    "rivals, one against several",
    "facts shared",
)
WEIGHTS = (0.7, 2.0, 1.2, 0.4, 0.2, -3.2, -0.2, -2.8, -2.5, 0.3)


def detect_numbers(group: ClaimGroup) -> Iterator[Divergence]:
    """Find the figures in which the claims of a group differ, one divergence for each."""
    for conflict in find_number_conflicts(group):
        if conflict.probability >= MIN_CONFIDENCE:
            yield _divergence(group, conflict)


def find_number_conflicts(group: ClaimGroup) -> list[Conflict[Figure]]:
    """Find figures that stand in each other's place, however likely they are to differ really."""
    read = [read_figures(claim) for claim in ordered_claims(group)]
    by_claim = [figures if len(figures) <= MAX_FIGURES else () for figures in read]
    facts = gather_facts(by_claim, are_compatible, _closeness)

    def describe(small: SharedFact[Figure], big: SharedFact[Figure]) -> tuple[float, ...] | None:
        return _describe(small, big, by_claim, facts)

    return find_conflicts(facts, describe, _likeness, WEIGHTS)


def _closeness(a: Figure, b: Figure) -> float:
    """Rank compatible figures: the same number of the same thing at the same place first."""
    return (
        4.0 * are_equal(a, b)
        + 2.0 * (a.unit == b.unit)
        + 1.0 * bool(a.counted & b.counted)
        + 1.0 * (a.family == b.family)
        + 0.9 * (1 - abs(a.place - b.place))
    )


def _describe(
    small: SharedFact[Figure],
    big: SharedFact[Figure],
    by_claim: Sequence[Sequence[Figure]],
    facts: Sequence[SharedFact[Figure]],
) -> tuple[float, ...] | None:
    """Describe two facts that may be in each other's place; `None` for two that cannot."""
    x, y = small.first, big.first
    states = [frozenset().union(*(figure.state for figure in fact.readings.values())) for fact in (small, big)]
    if states[0] and states[1] and not states[0] & states[1]:
        return None  # 12 killed, 15 wounded
    if not any(could_replace(a, b) for a in small.in_order for b in big.in_order):
        return None
    for fact, others in ((small, big), (big, small)):
        if not lacks(others.readings, fact, by_claim, facts, _is_told):
            return None
        if _is_repeated(fact, by_claim) and not lacks(others.readings, fact, by_claim, (), _is_told):
            return None
    implied = [
        not lacks(others.readings, fact, by_claim, (), are_compatible)
        for fact, others in ((small, big), (big, small))
    ]
    if all(implied):
        return None
    digits = sum(any(figure.in_digits for figure in fact.readings.values()) for fact in (small, big))
    rivals = _count_rivals(small, big, facts) + _count_rivals(big, small, facts)
    is_lone = len(big.readings) == 1
    return (
        float(digits == 2),
        float(digits == 0),
        float(x.unit is not None and x.unit == y.unit),
        float(min(len(big.readings) - 1, 2)),
        abs(x.place - y.place),
        float(any(implied)),
        float(is_lone and min(rivals, 3)),
        float(not is_lone and min(rivals, 3)),
        float(min(count_shared(small, big, facts), 2)),
    )


def _count_rivals(
    fact: SharedFact[Figure], counterpart: SharedFact[Figure], facts: Sequence[SharedFact[Figure]]
) -> int:
    """Count other facts of the same claims that would stand in a counterpart's place about as well."""
    y = counterpart.first
    likeness = _likeness(fact.first, y) - _RIVAL_MARGIN
    return sum(
        rival is not fact
        and rival is not counterpart
        and not rival.readings.keys().isdisjoint(fact.readings)
        and rival.readings.keys().isdisjoint(counterpart.readings)
        and could_replace(rival.first, y)
        and _likeness(rival.first, y) >= likeness
        for rival in facts
    )


def _likeness(a: Figure, b: Figure) -> float:
    """Rank figures that differ: of the same kind, of the same thing, at the same place first."""
    return (
        (a.family == b.family) + bool(a.counted & b.counted) + (a.unit == b.unit) - 2 * abs(a.place - b.place)
    )


def _is_told(figure: Figure, other: Figure) -> bool:
    return are_equal(figure, other) and are_compatible(figure, other)


def _is_repeated(fact: SharedFact[Figure], by_claim: Sequence[Sequence[Figure]]) -> bool:
    """Whether a claim of the fact has the number twice, the two figures of one score aside."""
    return any(
        other is not figure and other.quantity_start != figure.quantity_start
        and other.family == figure.family and are_equal(figure, other)
        for at, figure in fact.readings.items()
        for other in by_claim[at]
    )  # fmt: skip


def _divergence(group: ClaimGroup, conflict: Conflict[Figure]) -> Divergence:
    apart = tuple(_quote(figure) for figure in conflict.apart)
    camp = tuple(_quote(figure) for figure in conflict.camp)
    return Divergence(
        kind="number",
        group_id=group.id,
        sides=apart + camp,
        confidence=round(conflict.probability, 3),
        explanation=f"{outlet_names(apart)}: {apart[0].value}; {outlet_names(camp)}: {camp[0].value}",
    )


def _quote(figure: Figure) -> Evidence:
    return quote(figure.claim, figure.start, figure.end, f"{figure.value:f}")
