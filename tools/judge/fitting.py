"""Fit the trees on events kept aside, each on what the ones before say of events that they did not see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from calibrate import (
    EventPairs,
    EventQuestions,
    Floats,
    fit_trees,
    measure_answers,
    pairs_of,
    questions_of,
    tree_arrays,
    unseen_probabilities,
)
from events import Event
from grouping import GrowingEvent, fit_groups, print_bars

from xsource.judge.judging import Judge

Arrays = dict[str, npt.NDArray[np.generic]]

RELIABILITY_STEPS = 10


def _divided(values: Floats, rows: Sequence[npt.NDArray[np.bool_]]) -> list[Floats]:
    """Give values of the sure rows back to their events, 0 for the others."""
    found, start = [], 0
    for own in rows:
        whole = np.zeros(len(own))
        count = int(own.sum())
        whole[own] = values[start : start + count]
        start += count
        found.append(whole)
    return found


def fit(judge: Judge, events: Sequence[Event]) -> Arrays:
    """Fit on events kept aside from the layers' training, and say how right it is (five folds of events).

    What is printed of bars and questions is what the numbers of `numbers.json` are chosen from.
    """
    pairs = [pairs_of(judge, event) for event in events]
    print(f"{len(pairs)} events, {sum(len(own.left) for own in pairs):,} pairs", flush=True)
    sure = [~own.unsure for own in pairs]
    names = [own.event.id for own, rows in zip(pairs, sure, strict=True) for _ in range(int(rows.sum()))]
    same = np.concatenate([own.same[rows] for own, rows in zip(pairs, sure, strict=True)])
    differs = np.concatenate([own.differs[rows] for own, rows in zip(pairs, sure, strict=True)])
    evidence = np.concatenate([own.evidence[rows] for own, rows in zip(pairs, sure, strict=True)])
    alone = _divided(unseen_probabilities(evidence, same, names), sure)
    arrays = tree_arrays("pair", fit_trees(evidence, same))
    support = [own.support(before) for own, before in zip(pairs, alone, strict=True)]
    both = np.hstack([evidence, np.concatenate([own[rows] for own, rows in zip(support, sure, strict=True)])])
    supported = unseen_probabilities(both, same, names)
    unseen = _divided(supported, sure)
    arrays |= tree_arrays("pair.supported", fit_trees(both, same))
    arrays |= tree_arrays("differs", fit_trees(both[same], differs[same]))
    print_ranking("pairs alone", alone, pairs)
    print_ranking("pairs supported", unseen, pairs)
    print_reliability(supported, same)
    growing = [GrowingEvent(own, likely) for own, likely in zip(pairs, unseen, strict=True)]
    model, joins = fit_groups(growing)
    arrays |= tree_arrays("group", model)
    print_bars(list(zip(growing, joins, strict=True)))
    arrays |= _fit_questions([questions_of(judge, event) for event in events], pairs, unseen)
    return arrays


def _fit_questions(
    asked: Sequence[EventQuestions], pairs: Sequence[EventPairs], same_pairs: Sequence[Floats]
) -> Arrays:
    sure = [~own.unsure for own in asked]
    names = [own.event.id for own, rows in zip(asked, sure, strict=True) for _ in range(int(rows.sum()))]

    def joined(values: Sequence[npt.NDArray[np.generic]]) -> npt.NDArray[np.generic]:
        return np.concatenate([own[rows] for own, rows in zip(values, sure, strict=True)])

    evidence = joined([own.evidence for own in asked]).astype(np.float64)
    same = joined([own.same for own in asked]).astype(np.bool_)
    every_alone = unseen_probabilities(evidence, same, names)
    alone = _divided(every_alone, sure)
    arrays = tree_arrays("ask", fit_trees(evidence, same))
    support = [
        own.support(before, own_pairs, likely)
        for own, before, own_pairs, likely in zip(asked, alone, pairs, same_pairs, strict=True)
    ]
    both = np.hstack([evidence, joined(support).astype(np.float64)])
    supported = _divided(unseen_probabilities(both, same, names), sure)
    arrays |= tree_arrays("ask.supported", fit_trees(both, same))
    for name in ("differs", "contrary"):
        truth = joined([getattr(own, name) for own in asked]).astype(np.bool_)
        arrays |= tree_arrays(f"ask.{name}", fit_trees(evidence[same], truth[same]))
    for what, values in (("alone", alone), ("supported", supported)):
        for bar in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
            for rolling in (True, False):
                of_kind = [
                    (own, likely, np.zeros(len(likely)))
                    for own, likely in zip(asked, values, strict=True)
                    if own.event.is_rolling == rolling
                ]
                found = measure_answers(of_kind, bar, 0.5)
                print(
                    f"questions {what}, {'rolling' if rolling else 'short'}, bar {bar}: "
                    f"precision {found.precision:.3f}, recall {found.recall:.3f}, nobody {found.nobody:.3f}"
                )
    return arrays


def print_ranking(name: str, likely: Sequence[Floats], pairs: Sequence[EventPairs]) -> None:
    """Print the recall that some precisions allow, of all true pairs."""
    for rolling in (True, False):
        chosen = [(p, own) for p, own in zip(likely, pairs, strict=True) if own.event.is_rolling == rolling]
        if not chosen:
            continue
        scores = np.concatenate([p[~own.unsure] for p, own in chosen])
        truth = np.concatenate([own.same[~own.unsure] for _, own in chosen])
        right = np.cumsum(truth[np.argsort(-scores, kind="stable")])
        precision = right / np.arange(1, len(truth) + 1)
        recall = right / sum(own.true_pairs for _, own in chosen)
        best = (2 * precision * recall / np.maximum(precision + recall, 1e-9)).max()
        at = {p: round(float(recall[precision >= p].max(initial=0)), 3) for p in (0.95, 0.9, 0.85, 0.8, 0.7)}
        print(
            f"{name}, {'rolling' if rolling else 'short'}: F1 {best:.3f}, recall at precision {at}", flush=True
        )


def print_reliability(likely: Floats, truth: npt.NDArray[np.bool_]) -> None:
    """Print what was said and what was true, in steps."""
    step = np.minimum((likely * RELIABILITY_STEPS).astype(int), RELIABILITY_STEPS - 1)
    for number in range(RELIABILITY_STEPS):
        chosen = step == number
        if chosen.any():
            print(f"said {likely[chosen].mean():.2f}, true {truth[chosen].mean():.2f}, {chosen.sum():,} pairs")
