"""Which readings of a group's claims are one fact, and which facts stand in each other's place.

A reading is a figure or a day that one claim states. Readings of different claims that may be the same are one
fact; a fact that some claims lack while they have another of the same kind in its place is a conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
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
    """Two facts of which each stands in the other's place.

    Attributes:
        apart: the fact of fewer claims; of the later one where both have as many.
        camp: the other.
        probability: that the two really differ.
    """

    apart: SharedFact[R]
    camp: SharedFact[R]
    probability: float


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
    facts: Sequence[SharedFact[R]], judge: Callable[[SharedFact[R], SharedFact[R]], float]
) -> list[Conflict[R]]:
    """Pair facts that no claim states both of, the likeliest conflicts first, each fact in one at most.

    Args:
        facts: as `gather_facts` gives them.
        judge: called with the fact of fewer claims and the other; gives the probability that they conflict, 0
            for two that cannot.
    """
    found: list[tuple[float, int, int]] = []
    for at, fact in enumerate(facts):
        for other_at in range(at + 1, len(facts)):
            if fact.readings.keys() & facts[other_at].readings.keys():
                continue
            small, big = _by_size(fact, facts[other_at])
            probability = judge(small, big)
            if probability > 0:
                found.append((-probability, at, other_at))
    conflicts = []
    taken: set[int] = set()
    for negated, at, other_at in sorted(found):
        if not {at, other_at} & taken:
            taken |= {at, other_at}
            conflicts.append(Conflict(*_by_size(facts[at], facts[other_at]), -negated))
    return conflicts


def _by_size(earlier: SharedFact[R], later: SharedFact[R]) -> tuple[SharedFact[R], SharedFact[R]]:
    if len(earlier.readings) < len(later.readings):
        return earlier, later
    return later, earlier


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
