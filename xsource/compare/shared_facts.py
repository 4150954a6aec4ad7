"""Which readings of a group's claims are one fact, and which facts stand in each other's place.

A reading is a figure or a day that one claim states. Readings of different claims that may be the same are one
fact; a fact that some claims lack while they have another of the same kind in its place is a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from math import exp
from typing import Generic, TypeVar

R = TypeVar("R")


@dataclass(slots=True, eq=False)
class SharedFact(Generic[R]):
    """Readings that may be the same, at most one of a claim; keys are places in the claims' order."""

    readings: dict[int, R] = field(default_factory=dict)

    @property
    def first(self) -> R:
        """The reading of the earliest claim that has one."""
        return self.readings[min(self.readings)]

    @property
    def in_order(self) -> tuple[R, ...]:
        """The readings in the claims' order."""
        return tuple(self.readings[at] for at in sorted(self.readings))


@dataclass(frozen=True, slots=True, eq=False)
class Conflict(Generic[R]):
    """Two facts, one of which stands where the other might.

    Attributes:
        apart: the fact of fewer claims; the later one where both have as many.
        camp: the other.
        likeness: how well the one fits the other's place, against other conflicts of the group.
        probability: that the two really differ.
        features: what the probability was computed from, for calibration.
    """

    apart: SharedFact[R]
    camp: SharedFact[R]
    likeness: float
    probability: float
    features: tuple[float, ...]

    @property
    def readings(self) -> tuple[R, ...]:
        """All readings, those apart first."""
        return self.apart.in_order + self.camp.in_order


def gather_facts(
    by_claim: Sequence[Sequence[R]],
    may_be_one: Callable[[R, R], bool],
    closeness: Callable[[R, R], float],
) -> list[SharedFact[R]]:
    """Join readings of different claims that may be the same, the closest first, one to one.

    Args:
        by_claim: each claim's readings, the claims in `claim_order`.
        may_be_one: symmetric, and true of a reading and itself.
        closeness: ranks which of several that may be the same belong together.

    Returns:
        The facts by first appearance; every reading is in one of them.
    """
    facts: list[SharedFact[R]] = []
    for at, readings in enumerate(by_claim):
        pairs = sorted(
            (-max(closeness(reading, other) for other in fact.readings.values()), fact_at, reading_at)
            for reading_at, reading in enumerate(readings)
            for fact_at, fact in enumerate(facts)
            if all(may_be_one(reading, other) for other in fact.readings.values())
        )
        taken: set[int] = set()
        joined: set[int] = set()
        for _, fact_at, reading_at in pairs:
            if fact_at not in joined and reading_at not in taken:
                facts[fact_at].readings[at] = readings[reading_at]
                joined.add(fact_at)
                taken.add(reading_at)
        facts.extend(
            SharedFact({at: reading}) for reading_at, reading in enumerate(readings) if reading_at not in taken
        )
    return facts


def pair_facts(
    facts: Sequence[SharedFact[R]],
    describe: Callable[[SharedFact[R], SharedFact[R]], tuple[float, ...] | None],
    likeness: Callable[[SharedFact[R], SharedFact[R]], float],
    weights: Sequence[float],
) -> list[Conflict[R]]:
    """Pair facts that no claim states both of, every pair that may conflict, the likest first.

    Args:
        facts: as `gather_facts` gives them.
        describe: called with the fact of fewer claims and the other; gives features, or `None` for two that
            cannot conflict.
        likeness: ranks which of several facts stands in another's place.
        weights: of a logistic regression on the features, the intercept first.
    """
    pairs = []
    for at, fact in enumerate(facts):
        for other in facts[at + 1 :]:
            if fact.readings.keys() & other.readings.keys():
                continue
            small, big = (fact, other) if len(fact.readings) < len(other.readings) else (other, fact)
            features = describe(small, big)
            if features is not None:
                pairs.append(Conflict(small, big, likeness(small, big), weigh(features, weights), features))
    return sorted(pairs, key=lambda pair: -pair.likeness)


def choose_conflicts(pairs: Sequence[Conflict[R]]) -> list[Conflict[R]]:
    """Choose among pairs in order: a fact stands apart once, or is the camp of several, of different claims."""
    chosen: list[Conflict[R]] = []
    apart: set[int] = set()
    apart_from: dict[int, set[int]] = {}
    for pair in pairs:
        if id(pair.apart) in apart or id(pair.apart) in apart_from or id(pair.camp) in apart:
            continue
        claims = apart_from.setdefault(id(pair.camp), set())
        if claims.isdisjoint(pair.apart.readings):
            claims |= pair.apart.readings.keys()
            apart.add(id(pair.apart))
            chosen.append(pair)
    return chosen


def count_shared(a: SharedFact[R], b: SharedFact[R], facts: Sequence[SharedFact[R]]) -> int:
    """Count the facts on which some claim of one side agrees with some claim of the other."""
    return sum(
        not (a.readings.keys().isdisjoint(fact.readings) or b.readings.keys().isdisjoint(fact.readings))
        for fact in facts
    )


def weigh(features: Sequence[float], weights: Sequence[float]) -> float:
    """Give the probability of a logistic regression; of the weights the intercept comes first."""
    return 1 / (1 + exp(-weights[0] - sum(a * b for a, b in zip(features, weights[1:], strict=True))))


def lacks(
    claims: Collection[int],
    fact: SharedFact[R],
    by_claim: Sequence[Sequence[R]],
    facts: Sequence[SharedFact[R]],
    is_same: Callable[[R, R], bool],
) -> bool:
    """Whether none of some claims states a fact anywhere in it.

    A reading of theirs that is the same by its value does not count where it is already matched with another
    reading of the fact's own claims: of "on November 5, five weeks away" the second five is not the first.
    """
    taken: set[int] = set()
    for other in facts:
        if other is not fact and other.readings.keys() & fact.readings.keys():
            taken |= {id(other.readings[at]) for at in claims if at in other.readings}
    return not any(
        is_same(reading, stated)
        for at in claims
        for stated in by_claim[at]
        if id(stated) not in taken
        for reading in fact.readings.values()
    )
