"""Where the figures of a group's claims conflict, and which of the conflicts are updates or times of day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log10
from typing import cast

from xsource.compare.denied import is_denied
from xsource.compare.evidence import ordered_claims, outlet_names, quote
from xsource.compare.exchanged import find_exchanged, place_of
from xsource.compare.figures import (
    Figure,
    are_compatible,
    are_equal,
    are_of_one_kind,
    could_replace,
    count_others,
    read_figures,
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
from xsource.compare.supersession import Series, find_series, first_published
from xsource.facts.quantities_naming import AGE
from xsource.protocols import ContradictionScorer
from xsource.records import ClaimGroup, Divergence, DivergenceKind, Evidence

FigureConflict = Conflict[Figure]
FigureDisagreement = Disagreement[Figure]

MIN_CONFIDENCE = 0.5
# With the clauses compared: of conflicts from .5 to .6, 5 of 9 were false on rolling reports that nothing was
# fitted on, and 6 of 6 on four real events.
MIN_CONFIDENCE_WITH_SLOTS = 0.6

# A sentence with more figures is a table or a list of results, in which a figure's counterpart is a guess.
MAX_FIGURES = 60

# A rival may be a little less like the counterpart: a third of the sentence farther away.
_RIVAL_MARGIN = 1 / 3

# What says how likely a conflict is real, and the weights of a logistic regression on it, the intercept first:
# fitted by tools/calibrate_figures.py, which also prints how often conflicts of each confidence are real. The
# last two are set lower than fitted: translations seldom have two unlike figures in one place, reports do.
FEATURES = (
    "both in digits",
    "both in words",
    "same unit",
    "others in camp",
    "places apart, among several of a kind",
    "implied",
    "rivals, one against one",
    "rivals, one against several",
    "facts shared",
    "another kind, one against one",
    "nothing in common, one against one",
)
WEIGHTS = (0.6, 1.7, 0.9, 0.1, 0.1, -4.3, 0.5, -2.8, -3.0, 0.8, -2.5, -0.5)
# The same on these, on `same_slot.FEATURES` and on how many times ten lie between the figures: fitted by
# tools/calibrate_divergences.py on invented independent reports and on parallel text with changed figures.
WEIGHTS_WITH_SLOTS = (
    *(-6.55, 0.56, -0.04, -1.4, 0.22, -0.69, -0.19, -0.95, -0.65, -0.27, 0.58, -0.68),
    *(4.26, 2.92, 3.77, 1.68, -1.22, 1.01, 0.49, -1.68),
)
_MOST_ORDERS = 3.0
_LOST_THOUSANDS = (3.0, 6.0, 9.0)
_LAST_DAY = 31


@dataclass(frozen=True, slots=True)
class FigureFindings:
    """The disagreements of a group's figures, each in one of the lists.

    Attributes:
        numbers: figures that contradict each other.
        times: times of day that do.
        days: days of the month that do; `days.py` compares these with their months.
        updates: figures that replace each other.
    """

    numbers: tuple[FigureDisagreement, ...]
    times: tuple[FigureDisagreement, ...]
    days: tuple[FigureDisagreement, ...]
    updates: tuple[Series, ...]


def find_figure_conflicts(group: ClaimGroup, scorer: ContradictionScorer | None = None) -> FigureFindings:
    """Find figures that stand in each other's place, each place once.

    Where figures follow each other in time as updates they are one series, with those that stand against it.

    Args:
        group: claims that state one fact.
        scorer: knows how alike the figures' clauses are; `None` leaves it to lists of counted nouns.
    """
    return _find(group, cast("Hashable", scorer))


@lru_cache(maxsize=256)
def _find(group: ClaimGroup, asked: Hashable) -> FigureFindings:
    """Find them once for the detectors of numbers, updates and dates, which ask one after the other."""
    scorer = cast("ContradictionScorer | None", asked)
    by_claim, pairs = _pair_figures(group, scorer)
    numbers, times, days, updates = [], [], [], []
    least = MIN_CONFIDENCE if scorer is None else MIN_CONFIDENCE_WITH_SLOTS
    for found in join_conflicts(pairs, least):
        families = {figure.family for figure in found.readings}
        series = find_series(found, by_claim)
        if series is not None:
            updates.append(series)
        elif families == {"clock"}:
            times.append(found)
        elif families == {"day"} and all(figure.value <= _LAST_DAY for figure in found.readings):
            days.append(found)  # 59 September is none, and differs as a number
        else:
            numbers.append(found)
    return FigureFindings(tuple(numbers), tuple(times), tuple(days), tuple(updates))


def find_figure_candidates(group: ClaimGroup, scorer: ContradictionScorer) -> list[FigureConflict]:
    """Give every two figures that may stand in each other's place, chosen or not: what calibration fits."""
    return _pair_figures(group, scorer)[1]


def _pair_figures(
    group: ClaimGroup, scorer: ContradictionScorer | None
) -> tuple[list[tuple[Figure, ...]], list[FigureConflict]]:
    """Read the figures of every claim, and pair those that may conflict, the likeliest first."""
    read = [
        tuple(figure for figure in read_figures(claim) if not is_denied(claim, figure.quantity_start))
        for claim in ordered_claims(group)
    ]
    by_claim = [figures if len(figures) <= MAX_FIGURES else () for figures in read]
    exchanged = find_exchanged(by_claim, scorer)

    def may_be_one(a: Figure, b: Figure) -> bool:
        return are_compatible(a, b) and frozenset((place_of(a), place_of(b))) not in exchanged

    facts = gather_facts(by_claim, may_be_one, _closeness)

    def describe(small: SharedFact[Figure], big: SharedFact[Figure]) -> tuple[float, ...] | None:
        return _describe(small, big, by_claim, facts, may_be_one)

    pairs = pair_facts(facts, describe, _fact_likeness, WEIGHTS, None if scorer is None else _tells_apart)
    if scorer is not None:
        pairs = confirm_slots(pairs, group, scorer, _orders_apart, WEIGHTS_WITH_SLOTS)
    return by_claim, pairs


def _tells_apart(one: SharedFact[Figure], other: SharedFact[Figure], both: Collection[int]) -> bool:
    """Whether claims state two figures as two answers: of one unit, and of nobody killed and wounded."""
    return all(
        one.readings[at].family == other.readings[at].family
        and one.readings[at].unit == other.readings[at].unit
        and one.readings[at].quantity_start != other.readings[at].quantity_start
        and (one.readings[at].state == other.readings[at].state or not _states_of(one) ^ _states_of(other))
        for at in both
    )


def _states_of(fact: SharedFact[Figure]) -> frozenset[str]:
    return frozenset().union(*(figure.state for figure in fact.readings.values()))


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
    may_be_one: Callable[[Figure, Figure], bool],
) -> tuple[float, ...] | None:
    """Describe two facts that may be in each other's place; `None` for two that cannot."""

    def is_told(figure: Figure, other: Figure) -> bool:
        return are_equal(figure, other) and may_be_one(figure, other)

    x, y = small.first, big.first
    states = [_states_of(fact) for fact in (small, big)]
    if states[0] and states[1] and not states[0] & states[1] and not _is_one_number(small, big):
        return None  # 12 killed, 15 wounded
    if not any(could_replace(a, b) for a in small.in_order for b in big.in_order):
        return None
    for fact, others in ((small, big), (big, small)):
        if not lacks(others.readings, fact, by_claim, facts, is_told):
            return None
        if _is_repeated(fact, by_claim) and not lacks(others.readings, fact, by_claim, (), is_told):
            return None
    implied = [
        _is_implied(fact, others.readings, by_claim, may_be_one)
        for fact, others in ((small, big), (big, small))
    ]
    if all(implied):
        return None
    digits = sum(any(figure.in_digits for figure in fact.readings.values()) for fact in (small, big))
    rivals = _count_rivals(small, big, facts) + _count_rivals(big, small, facts)
    claims = (*small.readings, *big.readings)
    has_several = any(sum(are_of_one_kind(figure, x) for figure in by_claim[at]) > 1 for at in claims)
    is_lone = len(big.readings) == 1
    shared = count_shared(small, big, facts)
    return (
        float(digits == 2),
        float(digits == 0),
        float(x.unit is not None and x.unit == y.unit),
        float(min(len(big.readings) - 1, 2)),
        abs(x.place - y.place) * has_several,
        float(any(implied)),
        float(is_lone and min(rivals, 3)),
        float(not is_lone and min(rivals, 3)),
        float(min(shared, 2)),
        float(is_lone and not are_of_one_kind(x, y)),
        float(is_lone and not shared and not x.counted & y.counted and (x.unit is None or x.unit != y.unit)),
    )


def _is_one_number(small: SharedFact[Figure], big: SharedFact[Figure]) -> bool:
    """Whether outlets say of one number that other things befell them: twelve killed, twelve wounded."""
    return all(count_others(a, b) and are_equal(a, b) for a in small.in_order for b in big.in_order)


def _is_implied(
    fact: SharedFact[Figure],
    claims: Iterable[int],
    by_claim: Sequence[Sequence[Figure]],
    may_be_one: Callable[[Figure, Figure], bool],
) -> bool:
    """Whether some of the claims have a figure that may be all of a fact's, in any unit."""
    return any(
        all(may_be_one(figure, stated) for figure in fact.readings.values())
        for at in claims
        for stated in by_claim[at]
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
        and (rival.first.claim, rival.first.quantity_start) != (fact.first.claim, fact.first.quantity_start)
        and could_replace(rival.first, y)
        and _likeness(rival.first, y) >= likeness
        for rival in facts
    )


def _likeness(a: Figure, b: Figure) -> float:
    """Rank figures that differ: of the same kind, of the same thing, at the same place first."""
    same_unit = a.unit is not None and a.unit == b.unit
    return 2.0 * (a.family == b.family) + bool(a.counted & b.counted) + same_unit - abs(a.place - b.place)


def _fact_likeness(small: SharedFact[Figure], big: SharedFact[Figure]) -> float:
    """Rank facts that differ: as their first figures, and what more outlets say before what fewer do."""
    return _likeness(small.first, big.first) + 0.5 * min(len(big.readings) - 1, 2)


def _orders_apart(conflict: FigureConflict) -> tuple[float]:
    """Give how many times ten one figure is the other: reports that dispute one seldom lie farther apart.

    None at all and a share of one are taken for one: from 0 to 8 is not infinitely far. 5 for 5,000 is one
    figure of which somebody lost the thousands, and counts as one time ten.
    """
    least = _MOST_ORDERS
    for one, other in readings_across(conflict):
        low, high = sorted(abs(float(figure.value)) for figure in (one, other))
        orders = log10(max(high, 1.0) / max(low, 1.0)) if low < 1 else log10(high / low)
        least = min(least, 1.0 if orders in _LOST_THOUSANDS else orders)
    return (least,)


def _is_repeated(fact: SharedFact[Figure], by_claim: Sequence[Sequence[Figure]]) -> bool:
    """Whether a claim of the fact has the number twice, the two figures of one score aside."""
    return any(
        other is not figure and other.quantity_start != figure.quantity_start
        and other.family == figure.family and are_equal(figure, other)
        for at, figure in fact.readings.items()
        for other in by_claim[at]
    )  # fmt: skip


def divergence_of(group: ClaimGroup, kind: DivergenceKind, found: FigureDisagreement) -> Divergence:
    """Show figures that contradict each other as one divergence, with one value for each outlet."""
    values = [fact.first.value for fact in found.facts]
    with_state = len(set(values)) < len(values)
    apart = tuple(_quote(figure, with_state=with_state) for fact in found.apart for figure in fact.in_order)
    camp = tuple(_quote(figure, with_state=with_state) for figure in found.camp.in_order)
    counted = sorted(frozenset.intersection(*(figure.counted for figure in found.readings)) - {AGE})
    told = [_tell(fact, with_state=with_state) for fact in found.facts]
    if counted and not with_state:
        told[0] = told[0].replace(" in ", f" ({', '.join(counted)}) in ", 1)
    return Divergence(
        kind=kind,
        group_id=group.id,
        sides=apart + camp,
        apart=len(apart),
        confidence=round(found.probability, 3),
        explanation="; ".join(told) + ".",
    )


def divergence_of_series(group: ClaimGroup, series: Series) -> Divergence:
    """Show a figure that changed as one divergence: each value with its time and outlets, in order of time."""
    last = series.steps[-1]
    apart = tuple(_quote(figure) for fact in (*series.steps[:-1], *series.against) for figure in fact.in_order)
    steps = [_tell(fact, with_time=True) for fact in series.steps]
    readings = [figure.counted for fact in series.steps for figure in fact.in_order]
    if counted := sorted(frozenset.intersection(*readings) - {AGE}):
        steps[0] = steps[0].replace(" in ", f" ({', '.join(counted)}) in ", 1)
    told = "; then ".join(steps)
    against = "; ".join(_tell(fact, with_time=True) for fact in series.against)
    return Divergence(
        kind="update",
        group_id=group.id,
        sides=(*apart, *(_quote(figure) for figure in last.in_order)),
        apart=len(apart),
        against=sum(len(fact.readings) for fact in series.against),
        confidence=round(series.probability, 3),
        explanation=f"{told}. Against it: {against}." if against else f"{told}.",
    )


def _tell(fact: SharedFact[Figure], *, with_time: bool = False, with_state: bool = False) -> str:
    """Write a value and who prints it; where it is asked for, what befell the counted, and since when."""
    states = ", ".join(sorted(_states_of(fact)))
    befell = f" ({states})" if with_state and states else ""
    published = first_published(fact.in_order) if with_time else None
    when = f" ({published:%Y-%m-%d %H:%M})" if published is not None else ""
    # Bounds and roundings are one fact ("over 10", 11): each outlet with the number that it prints.
    printed: dict[str, list[Evidence]] = {}
    for figure in fact.in_order:
        side = _quote(figure)
        printed.setdefault(side.value, []).append(side)
    told = " and ".join(f"{sides[0].words}{befell} in {outlet_names(sides)}" for sides in printed.values())
    return f"{told}{when}"


def _quote(figure: Figure, *, with_state: bool = False) -> Evidence:
    value = f"{figure.value:f}"
    if with_state and figure.state:
        value = f"{value} {', '.join(sorted(figure.state))}"
    return quote(figure.claim, figure.start, figure.end, value)
