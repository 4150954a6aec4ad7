"""Whether one more sentence states the fact that all sentences of a group state.

Two likely pairs are not enough: of three sentences about a fire the first may share its time with the second
and its toll with the third. What counts is the part of each sentence that all the others answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from xsource.judge.reading import Readings
from xsource.judge.trees import Trees
from xsource.records import FloatMatrix, FloatVector, IntVector

JOIN_COLUMNS = (
    "members", "least", "mean", "most", "second least", "inner least", "inner mean",
    "core most", "core mean", "core least", "part most", "part mean", "kept least", "kept mean", "kept most",
    "geometric mean", "surprise",
)  # fmt: skip
"""Of a group and a sentence: how many are in it; the sentence's probabilities with each (`least` to `second
least`), and those inside the group. `core` is, of a sentence's words by weight, the share that all others
answer; `part` how well all others answer it; `kept` is how much of a member's part that the group answers the
new sentence answers too. `surprise` is the summed -log of the probabilities that a pair is none."""

_ANSWERED = 0.5
_SOMEHOW, _SPAN = 0.35, 0.3
_MOST_SURE = 1e-3


class GroupJoins:
    """Says how likely a sentence is to share a group's fact.

    Args:
        trees: weigh the evidence.
        readings: of n sentences.
        left, right, same: judged pairs of their rows.
    """

    def __init__(
        self, trees: Trees | None, readings: Readings, left: IntVector, right: IntVector, same: FloatVector
    ) -> None:
        self._trees, self._readings = trees, readings
        self._same: dict[tuple[int, int], float] = {}
        for one, other, likely in zip(left.tolist(), right.tolist(), same.tolist(), strict=True):
            self._same[one, other] = self._same[other, one] = likely
        self._answers: dict[tuple[int, int], FloatVector] = {}
        self._answered: dict[tuple[int, ...], list[FloatVector]] = {}

    def __call__(self, groups: Sequence[tuple[int, ...]], rows: Sequence[int]) -> list[float]:
        """Give, for each group and the row beside it, the probability that all state one fact."""
        if self._trees is None:
            raise ValueError("made without trees")
        return [float(likely) for likely in self._trees.probabilities(self.evidence(groups, rows))]

    def evidence(self, groups: Sequence[tuple[int, ...]], rows: Sequence[int]) -> FloatMatrix:
        """Give (g, columns) for g groups and a row beside each, see `JOIN_COLUMNS`."""
        found = np.zeros((len(groups), len(JOIN_COLUMNS)), np.float32)
        for at, (group, row) in enumerate(zip(groups, rows, strict=True)):
            found[at] = self._of(group, row)
        return found

    def _of(self, group: tuple[int, ...], row: int) -> tuple[float, ...]:
        weights = self._readings.weights
        likely = sorted(self._same.get((own, row), 0.0) for own in group)
        inner = [self._same.get(pair, 0.0) for pair in combinations(group, 2)]
        core, part, kept = [], [], []
        for own, before in zip(group, self._answered_in(group), strict=True):
            new = self._answer(own, row)
            now = np.minimum(before, new)
            core.append(float(weights[own] @ (now > _ANSWERED)))
            part.append(float(weights[own] @ now))
            held = weights[own] * np.maximum(before - _SOMEHOW, 0)
            kept.append(float(held @ np.clip((new - _SOMEHOW) / _SPAN, 0, 1)) / max(1e-6, float(held.sum())))
        mine = np.minimum.reduce([self._answer(row, own) for own in group])
        core.append(float(weights[row] @ (mine > _ANSWERED)))
        part.append(float(weights[row] @ mine))
        logs = np.log(np.maximum(likely, 1e-9))
        return (
            len(group), likely[0], sum(likely) / len(likely), likely[-1], likely[1], min(inner),
            sum(inner) / len(inner), max(core), sum(core) / len(core), min(core), max(part),
            sum(part) / len(part), min(kept), sum(kept) / len(kept), max(kept), float(np.exp(logs.mean())),
            float(-np.log(np.clip(1 - np.array(likely), _MOST_SURE, 1)).sum()),
        )  # fmt: skip

    def _answer(self, own: int, other: int) -> FloatVector:
        """How well each word's token of one sentence is answered by another sentence."""
        if (own, other) not in self._answers:
            likeness = self._readings.tokens[own] @ self._readings.tokens[other].T
            self._answers[own, other], self._answers[other, own] = likeness.max(axis=1), likeness.max(axis=0)
        return self._answers[own, other]

    def _answered_in(self, group: tuple[int, ...]) -> list[FloatVector]:
        """How well each member's tokens are answered by all the other members."""
        if group not in self._answered:
            self._answered[group] = [
                np.minimum.reduce([self._answer(own, other) for other in group if other != own])
                for own in group
            ]
        return self._answered[group]
