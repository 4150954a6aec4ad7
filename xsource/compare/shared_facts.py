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


@dataclass(frozen=True, slots=True)
class Conflict(Generic[R]):
    """Readings that stand in each other's place.

    Attributes:
        apart: of the fact of fewer claims; of the later one where both have as many. More than one fact where
            several outlets differ from the camp, each in its way.
        camp: of the other fact.
        probability: that apart and camp really differ.
        features: what the probability was computed from, for calibration.
    """

    apart: tuple[R, ...]
    camp: tuple[R, ...]
    probability: float
    features: tuple[float, ...]


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


def find_conflicts(
    facts: Sequence[SharedFact[R]],
    describe: Callable[[SharedFact[R], SharedFact[R]], tuple[float, ...] | None],
    likeness: Callable[[R, R], float],
    weights: Sequence[float],
) -> list[Conflict[R]]:
    """Pair facts that no claim states both of, the likest first, each fact in one conflict at most.

    Args:
        facts: as `gather_facts` gives them.
        describe: called with the fact of fewer claims and the other; gives features, or `None` for two that
            cannot conflict.
        likeness: ranks which of several facts stands in another's place.
        weights: of a logistic regression on the features, the intercept first.
    """
    found: list[tuple[float, int, int, tuple[float, ...]]] = []
    for at, fact in enumerate(facts):
        for other_at in range(at + 1, len(facts)):
            other = facts[other_at]
            if fact.readings.keys() & other.readings.keys():
                continue
            fewer = len(fact.readings) < len(other.readings)
            small_at, big_at = (at, other_at) if fewer else (other_at, at)
            features = describe(facts[small_at], facts[big_at])
            if features is not None:
                found.append((-likeness(fact.first, other.first), small_at, big_at, features))
    apart_of: dict[int, list[int]] = {}
    features_of: dict[int, tuple[float, ...]] = {}
    taken: set[int] = set()
    for _, small_at, big_at, features in sorted(found):
        if small_at in taken or small_at in apart_of or big_at in taken:
            continue
        others = apart_of.setdefault(big_at, [])
        if all(facts[small_at].readings.keys().isdisjoint(facts[other].readings) for other in others):
            others.append(small_at)
            taken.add(small_at)
            features_of.setdefault(big_at, features)
    return [
        Conflict(
            apart=tuple(reading for at in apart for reading in facts[at].in_order),
            camp=facts[big_at].in_order,
            probability=_probability(features_of[big_at], weights),
            features=features_of[big_at],
        )
        for big_at, apart in apart_of.items()
    ]


def count_shared(a: SharedFact[R], b: SharedFact[R], facts: Sequence[SharedFact[R]]) -> int:
    """Count the facts on which some claim of one side agrees with some claim of the other."""
    return sum(
        not (a.readings.keys().isdisjoint(fact.readings) or b.readings.keys().isdisjoint(fact.readings))
        for fact in facts
    )


def _probability(features: tuple[float, ...], weights: Sequence[float]) -> float:
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
