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
    """Readings that may be the same, at most one of a claim; keys are places in the claims' order.

    Attributes:
        readings: by the place of their claim.
        whole: of a fact without the claims that state its rival too, the fact with them.
    """

    readings: dict[int, R] = field(default_factory=dict)
    whole: SharedFact[R] | None = None

    @property
    def first(self) -> R:
        """The reading of the earliest claim that has one."""
        return self.readings[min(self.readings)]

    @property
    def in_order(self) -> tuple[R, ...]:
        """The readings in the claims' order."""
        return tuple(self.readings[at] for at in sorted(self.readings))

    @property
    def key(self) -> int:
        """The same for a fact and what is left of it."""
        return id(self if self.whole is None else self.whole)

    def without(self, claims: Collection[int]) -> SharedFact[R]:
        """Leave some claims out."""
        kept = {at: reading for at, reading in self.readings.items() if at not in claims}
        return SharedFact(kept, self if self.whole is None else self.whole)


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


@dataclass(frozen=True, slots=True, eq=False)
class Disagreement(Generic[R]):
    """Facts in one place, each with the claims that state it and none of the others.

    Attributes:
        apart: all but the camp, by first claim.
        camp: the fact of most claims, the earliest of several.
        conflicts: why these are together, the surest first.
    """

    apart: tuple[SharedFact[R], ...]
    camp: SharedFact[R]
    conflicts: tuple[Conflict[R], ...]

    @property
    def probability(self) -> float:
        """That two of the facts really differ."""
        return max(conflict.probability for conflict in self.conflicts)

    @property
    def facts(self) -> tuple[SharedFact[R], ...]:
        """All of them, the camp last."""
        return (*self.apart, self.camp)

    @property
    def readings(self) -> tuple[R, ...]:
        """All readings, those apart first."""
        return tuple(reading for fact in self.facts for reading in fact.in_order)


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
    tells_apart: Callable[[SharedFact[R], SharedFact[R], Collection[int]], bool] | None = None,
) -> list[Conflict[R]]:
    """Pair facts that may conflict, the likest first.

    Args:
        facts: as `gather_facts` gives them.
        describe: called with the fact of fewer claims and the other; gives features, or `None` for two that
            cannot conflict.
        likeness: ranks which of several facts stands in another's place.
        weights: of a logistic regression on the features, the intercept first.
        tells_apart: whether claims that state both ("rose from 23 to 26") leave them in conflict; they are on
            neither side then. Without it no claim may state both.
    """
    pairs = []
    for at, fact in enumerate(facts):
        for other in facts[at + 1 :]:
            both = fact.readings.keys() & other.readings.keys()
            one, two = fact, other
            if both:
                if tells_apart is None or not tells_apart(fact, other, both):
                    continue
                one, two = fact.without(both), other.without(both)
                if not (one.readings and two.readings):
                    continue
            small, big = (one, two) if len(one.readings) < len(two.readings) else (two, one)
            features = describe(small, big)
            if features is not None:
                pairs.append(Conflict(small, big, likeness(small, big), weigh(features, weights), features))
    return sorted(pairs, key=lambda pair: -pair.likeness)


def join_conflicts(
    pairs: Sequence[Conflict[R]],
    least: float,
    are_one_place: Callable[[SharedFact[R], SharedFact[R]], bool] = lambda _, __: True,
) -> list[Disagreement[R]]:
    """Join conflicts about one thing: three values in three outlets are one disagreement.

    A fact joins where it conflicts with one of the others, and no claim states it and another of them as two
    things side by side.

    Args:
        pairs: the likeliest first.
        least: probability below which two facts are not joined.
        are_one_place: whether two facts may be in one disagreement that no conflict puts there.
    """

    def may_join(one: _Cluster[R], other: _Cluster[R]) -> bool:
        """Whether no claim states a fact of either, beside those that a conflict leaves out."""
        return all(
            a.readings.keys().isdisjoint(b.readings) and are_one_place(a, b)
            for a in one.facts.values()
            for b in other.facts.values()
        )

    joined: dict[int, _Cluster[R]] = {}
    for pair in pairs:
        if pair.probability < least:
            continue
        left, right = joined.get(pair.apart.key), joined.get(pair.camp.key)
        if left is not None and right is not None:
            if left is not right and may_join(left, right):
                left.take(right)
                joined |= dict.fromkeys(right.facts, left)
        elif left is None and right is None:
            cluster: _Cluster[R] = _Cluster({pair.apart.key: pair.apart, pair.camp.key: pair.camp}, [pair])
            joined |= dict.fromkeys(cluster.facts, cluster)
        else:
            cluster, fact = (left, pair.camp) if left is not None else (right, pair.apart)  # type: ignore[assignment]
            one = _Cluster({fact.key: fact}, [pair])
            if may_join(cluster, one):
                cluster.take(one)
                joined[fact.key] = cluster
    clusters = {id(cluster): cluster for cluster in joined.values()}
    return [cluster.settle() for cluster in clusters.values()]


@dataclass(slots=True)
class _Cluster(Generic[R]):
    facts: dict[int, SharedFact[R]]
    conflicts: list[Conflict[R]]

    def take(self, other: _Cluster[R]) -> None:
        """Add the facts of another; of a fact of both what is left in either."""
        for key, fact in other.facts.items():
            known = self.facts.get(key)
            kept = fact if known is None else known.without(known.readings.keys() - fact.readings.keys())
            self.facts[key] = kept
        self.conflicts += other.conflicts

    def settle(self) -> Disagreement[R]:
        """Put who stands apart first, by the claims' order, and the camp of most claims last."""
        ordered = sorted(self.facts.values(), key=lambda fact: min(fact.readings))
        camp = max(ordered, key=lambda fact: len(fact.readings))
        return Disagreement(tuple(fact for fact in ordered if fact is not camp), camp, tuple(self.conflicts))


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
