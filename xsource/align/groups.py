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
from typing import NamedTuple, Protocol


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
        join: probability from which a sentence shares the fact of a whole group; asked of `Joins` only.
    """

    seed: float
    least: float
    mean: float
    overlap: float
    join: float = 0.0


class Joins(Protocol):
    """Says how likely sentences are to state what a whole group states."""

    def __call__(self, groups: Sequence[tuple[int, ...]], rows: Sequence[int]) -> Sequence[float]:
        """Give a probability for each group, ascending rows, and the row beside it."""
        ...


MOST_MEMBERS = 400
"""A story of 500 articles that all state one fact is covered by a few groups of this size."""


_SEEDS_AT_ONCE = 64
_CANDIDATES = 3
"""Sentences, the likeliest by their pairs, of which the likeliest for the whole group joins it."""


def group_sentences(
    pairs: Iterable[Likeness], bars: GroupBars, joins: Joins | None = None
) -> list[tuple[int, ...]]:
    """Cover the likely pairs with groups.

    Args:
        pairs: each once, in any order; a pair that is not given has probability 0.
        bars: see `GroupBars`.
        joins: asked before a third or later sentence joins a group; without it the pairs alone decide.

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
    waiting = [(one, other) for _, one, other in sorted(set(seeds))]
    while waiting:
        # Some seeds at a time grow side by side: to ask about many sentences costs hardly more than about one.
        begun, waiting = waiting[:_SEEDS_AT_ONCE], waiting[_SEEDS_AT_ONCE:]
        for seed, members in zip(begun, _grow(near, begun, bars, joins), strict=True):
            if seed not in covered:
                covered.update((a, b) for a in members for b in members if a < b)
                groups.add(members)
        waiting = [seed for seed in waiting if seed not in covered]
    return sorted(_without_doubles(groups, bars.overlap))


def _grow(
    near: Mapping[int, Mapping[int, float]],
    seeds: Sequence[tuple[int, int]],
    bars: GroupBars,
    joins: Joins | None,
) -> list[tuple[int, ...]]:
    """Let each pair grow by the likeliest sentence that has a pair with every member."""
    groups = [list(seed) for seed in seeds]
    sums = [
        {row: near[one][row] + near[other][row] for row in near[one].keys() & near[other].keys()}
        for one, other in seeds
    ]
    growing = list(range(len(seeds)))
    while growing:
        offered = {at: _candidates(sums[at], len(groups[at]), bars.mean) for at in growing}
        chosen = _choose(groups, offered, bars.join, joins)
        growing = [at for at in growing if at in chosen and len(groups[at]) + 1 < MOST_MEMBERS]
        for at, row in chosen.items():
            groups[at].append(row)
            own = near[row]
            sums[at] = {other: total + own[other] for other, total in sums[at].items() if other in own}
    return [tuple(sorted(group)) for group in groups]


def _candidates(sums: Mapping[int, float], members: int, mean: float) -> list[int]:
    """Give the sentences likeliest by their pairs; rounded, so that a sum's order does not decide of equals."""
    likely = [row for row, total in sums.items() if round(total / members, 6) >= mean]
    return sorted(likely, key=lambda row: (-round(sums[row], 6), row))[:_CANDIDATES]


def _choose(
    groups: Sequence[Sequence[int]], offered: Mapping[int, Sequence[int]], least: float, joins: Joins | None
) -> dict[int, int]:
    """Choose the row that joins each group; none for a group that no row joins."""
    if joins is None:
        return {at: rows[0] for at, rows in offered.items() if rows}
    asked = [(at, row) for at, rows in offered.items() for row in rows]
    likely = joins([tuple(sorted(groups[at])) for at, _ in asked], [row for _, row in asked]) if asked else []
    chosen: dict[int, tuple[float, int]] = {}
    for (at, row), probability in zip(asked, likely, strict=True):
        if probability >= least and (at not in chosen or probability > chosen[at][0]):
            chosen[at] = probability, row
    return {at: row for at, (_, row) in chosen.items()}


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
