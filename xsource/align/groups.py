"""Which sentences state one fact: overlapping groups, each held together by all of its pairs.

A sentence of a newsroom states two or three facts, and stands in as many groups. So sentences are not divided
but
covered: from the surest pair that no group has yet, a group grows by the sentence that is likeliest to state
the
same fact as all that are in it (complete linkage), until none is likely enough. No hub gathers a group around
it, since what joins must agree with every member and not with the hub alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Likeness(NamedTuple):
    """Two rows and the probability that they state the same fact."""

    left: int
    right: int
    same: float


@dataclass(frozen=True, slots=True)
class GroupBars:
    """What holds a group together; the values are the judge's, see `Artefact.numbers`.

    Attributes:
        seed: probability from which a pair makes a group.
        least: that every pair of a group has.
        mean: that a sentence has on average with those of a group that it joins.
        overlap: a group is dropped of which so large a part is in a larger one, 0..1.
    """

    seed: float
    least: float
    mean: float
    overlap: float


MOST_MEMBERS = 400
"""A story of 500 articles that all state one fact is covered by a few groups of this size."""


def group_sentences(pairs: Iterable[Likeness], bars: GroupBars) -> list[tuple[int, ...]]:
    """Cover the likely pairs with groups.

    Args:
        pairs: each once, in any order; a pair that is not given has probability 0.
        bars: see `GroupBars`.

    Returns:
        Groups of two rows or more, ascending; a row may be in several. The order of the pairs changes nothing.
        Cost: for each group its members times their pairs.
    """
    near: dict[int, dict[int, float]] = {}
    seeds: list[tuple[float, int, int]] = []
    for one, other, same in pairs:
        if same >= bars.least and one != other:
            near.setdefault(one, {})[other] = same
            near.setdefault(other, {})[one] = same
            if same >= bars.seed:
                seeds.append((-same, min(one, other), max(one, other)))
    covered: set[tuple[int, int]] = set()
    groups: set[tuple[int, ...]] = set()
    for _, one, other in sorted(set(seeds)):
        if (one, other) in covered:
            continue
        members = _grow(near, one, other, bars.mean)
        covered.update((a, b) for a in members for b in members if a < b)
        groups.add(members)
    return sorted(_without_doubles(groups, bars.overlap))


def _grow(near: Mapping[int, Mapping[int, float]], one: int, other: int, mean: float) -> tuple[int, ...]:
    """Let a pair grow by the likeliest sentence that has a pair with every member."""
    members = [one, other]
    sums = {row: near[one][row] + near[other][row] for row in near[one].keys() & near[other].keys()}
    while sums and len(members) < MOST_MEMBERS:
        # Rounded, so that the order of a sum's terms does not decide between equals.
        best = min(sums, key=lambda row: (-round(sums[row], 6), row))
        if round(sums[best] / len(members), 6) < mean:
            break
        members.append(best)
        own = near[best]
        sums = {row: total + own[row] for row, total in sums.items() if row in own}
    return tuple(sorted(members))


def _without_doubles(groups: Iterable[tuple[int, ...]], overlap: float) -> list[tuple[int, ...]]:
    """Drop a group that lies in a larger one, or nearly."""
    kept: list[frozenset[int]] = []
    of_row: dict[int, list[int]] = {}
    for group in sorted(groups, key=lambda own: (-len(own), own)):
        members = frozenset(group)
        rivals = {number for row in group for number in of_row.get(row, ())}
        if any(len(members & kept[number]) >= overlap * len(members) for number in rivals):
            continue
        for row in group:
            of_row.setdefault(row, []).append(len(kept))
        kept.append(members)
    return [tuple(sorted(group)) for group in kept]


def headline(group: Sequence[int], same: Mapping[tuple[int, int], float], lengths: Sequence[int]) -> int:
    """Choose the sentence that states a group's fact and little else.

    The likeliest on average to state the same as the others counts, and of those about as likely the shortest.

    Args:
        group: rows.
        same: probability of each pair of them, the lower row first.
        lengths: of every row, in letters.
    """

    def mean(row: int) -> float:
        others = [same.get((min(row, other), max(row, other)), 0.0) for other in group if other != row]
        return sum(others) / max(1, len(others))

    best = max(mean(row) for row in group)
    near = [row for row in group if mean(row) >= best - _ABOUT_AS_LIKELY]
    return min(near, key=lambda row: (lengths[row], row))


_ABOUT_AS_LIKELY = 0.1
