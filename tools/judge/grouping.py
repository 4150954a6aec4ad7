"""Fit what decides who joins a group, and measure bars of groups, on events that the layers never saw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from calibrate import EventPairs, Floats, fit_trees, tree_arrays
from events import label
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from xsource.align import GroupBars, Likeness, group_sentences
from xsource.judge.joining import GroupJoins
from xsource.judge.trees import Trees

SEED, LEAST = 0.6, 0.2  # of the groups that are grown to learn from
MOST_MEMBERS = 12
OFFERED = 3
OVERLAP = 0.75


@dataclass
class GrowingEvent:
    """An event's judged pairs, and who asks about joining."""

    own: EventPairs
    same: Floats

    def joins(self, trees: Trees | None) -> GroupJoins:
        """Ask about groups of this event."""
        return GroupJoins(trees, self.own.readings, self.own.left, self.own.right, self.same.astype(np.float32))

    def likely(self) -> list[Likeness]:
        """Give the pairs as `group_sentences` takes them."""
        rows = zip(self.own.left.tolist(), self.own.right.tolist(), self.same.tolist(), strict=True)
        return [Likeness(*row) for row in rows]

    def common(self, rows: Sequence[int]) -> set[str]:
        """Give the claims that all rows state."""
        return set.intersection(*(set(self.own.texts[row].marks) for row in rows))


def growth(event: GrowingEvent) -> tuple[Floats, list[bool]]:
    """Grow groups that hold one fact, and say of each sentence offered to them whether it states that too."""
    near: dict[int, dict[int, float]] = {}
    for one, other, likely in event.likely():
        if likely >= LEAST and not (event.own.texts[one].repeats_title or event.own.texts[other].repeats_title):
            near.setdefault(one, {})[other] = near.setdefault(other, {})[one] = likely
    offered: dict[tuple[tuple[int, ...], int], bool] = {}
    for _, one, other in sorted((-p, a, b) for a, b, p in event.likely() if p >= SEED):
        if other not in near.get(one, {}):
            continue
        group = (one, other)
        while len(group) < MOST_MEMBERS and (common := event.common(group)):
            rows = _offered(near, group)
            for row in rows:
                offered[group, row] = bool(common & set(event.own.texts[row].marks))
            if not rows:
                break
            group = tuple(sorted((*group, rows[0])))
    asked = list(offered)
    evidence = event.joins(None).evidence([group for group, _ in asked], [row for _, row in asked])
    return evidence.astype(np.float64), list(offered.values())


def _offered(near: dict[int, dict[int, float]], group: tuple[int, ...]) -> list[int]:
    rows = set.intersection(*(set(near[own]) for own in group))
    return sorted(rows, key=lambda row: (-round(sum(near[own][row] for own in group), 6), row))[:OFFERED]


@dataclass(frozen=True)
class GroupFigures:
    """What groups of some bars give on unseen events."""

    precision: float
    recall: float
    purity: float
    groups: int
    bars: GroupBars


def measure_groups(events: Sequence[tuple[GrowingEvent, GroupJoins | None]], bars: GroupBars) -> GroupFigures:
    """Make groups of each event's pairs and hold them against its marks."""
    right = said = true = pure = groups = 0
    for event, joins in events:
        own = event.own
        pairs: set[tuple[int, int]] = set()
        for group in group_sentences(event.likely(), bars, joins):
            members = [row for row in group if not own.texts[row].repeats_title]
            if len({own.texts[row].report for row in members}) < 2:
                continue
            pure, groups = pure + bool(event.common(members)), groups + 1
            pairs |= {(a, b) for a, b in combinations(members, 2) if own.texts[a].report != own.texts[b].report}
        said += len(pairs)
        right += sum(label(own.texts[a], own.texts[b]).same for a, b in pairs)
        true += own.true_pairs
    return GroupFigures(right / max(1, said), right / max(1, true), pure / max(1, groups), groups, bars)


def fit_groups(events: Sequence[GrowingEvent]) -> tuple[HistGradientBoostingClassifier, list[GroupJoins]]:
    """Fit who joins on all events, and give for each event who was fitted on the others (five folds)."""
    grown = [growth(event) for event in events]
    names = [event.own.event.id for event in events]
    unseen: dict[int, GroupJoins] = {}
    for train, test in GroupKFold(5).split(names, groups=names):
        trees = Trees.of(tree_arrays("group", _fit([grown[at] for at in train])), "group")
        unseen |= {int(at): events[at].joins(trees) for at in test}
    return _fit(grown), [unseen[at] for at in range(len(events))]


def _fit(grown: Sequence[tuple[Floats, list[bool]]]) -> HistGradientBoostingClassifier:
    evidence = np.concatenate([own for own, truth in grown if truth])
    return fit_trees(evidence, np.concatenate([truth for _, truth in grown if truth]))


def possible_bars() -> Iterator[GroupBars]:
    """Give the bars that are tried."""
    for seed, (least, mean), join in product((0.8, 0.85, 0.9), ((0.3, 0.6), (0.5, 0.7)), (0.7, 0.8, 0.85, 0.9)):
        yield GroupBars(seed, least, mean, OVERLAP, join)


def print_bars(events: Sequence[tuple[GrowingEvent, GroupJoins]]) -> None:
    """Print what each possible set of bars gives on events whose groups' trees did not see them."""
    rolling = [own for own in events if own[0].own.event.is_rolling]
    short = [own for own in events if not own[0].own.event.is_rolling]
    for bars in possible_bars():
        parts = [
            f"{name} {_row(measure_groups(own, bars))}"
            for name, own in (("rolling", rolling), ("short", short))
            if own
        ]
        print(f"{bars}: {', '.join(parts)}", flush=True)


def _row(own: GroupFigures) -> str:
    return f"P {own.precision:.3f} R {own.recall:.3f} pure {own.purity:.3f} of {own.groups}"
