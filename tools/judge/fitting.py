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

from xsource.judge.judging import UNREAD, Judge

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
    """Fit on events kept aside from the layers' training, and say how right it is.

    Args:
        judge: with layers, without trees.
        events: kept aside.

    What is printed is of trees that did not see the event (five folds).

    What is printed of bars and questions is what the numbers of `numbers.json` are chosen from.
    """
    every = [pairs_of(judge, event) for event in events]
    print(f"{len(every)} events, {sum(len(own.left) for own in every):,} pairs", flush=True)
    arrays, first = _fit_sure("pair.first", every, [own.evidence for own in every], "same")
    least = judge.number("candidate.least")
    pairs = [own.take(likely >= least) for own, likely in zip(every, first, strict=True)]
    print(f"{sum(len(own.left) for own in pairs):,} of them are read", flush=True)
    evidence = [np.hstack([own.evidence, own.beside]) for own in pairs]
    fitted, alone = _fit_sure("pair", pairs, evidence, "same")
    arrays |= fitted
    both = [
        np.hstack([known, own.support(before)])
        for known, own, before in zip(evidence, pairs, alone, strict=True)
    ]
    fitted, unseen = _fit_sure("pair.supported", pairs, both, "same")
    arrays |= fitted
    shared = [own.take(own.same) for own in pairs]
    fitted, other = _fit_sure(
        "differs", shared, [known[own.same] for known, own in zip(both, pairs, strict=True)], "differs"
    )
    arrays |= fitted
    print_ranking("pairs, differs", other, shared, "differs")
    print_ranking("pairs by each sentence alone", first, every)
    print_ranking("pairs alone", alone, pairs)
    print_ranking("pairs supported", unseen, pairs)
    print_reliability(
        np.concatenate([likely[~own.unsure] for likely, own in zip(unseen, pairs, strict=True)]),
        np.concatenate([own.same[~own.unsure] for own in pairs]),
    )
    growing = [GrowingEvent(own, likely) for own, likely in zip(pairs, unseen, strict=True)]
    model, joins = fit_groups(growing)
    arrays |= tree_arrays("group", model)
    print_bars(list(zip(growing, joins, strict=True)))
    asked = [questions_of(judge, event) for event in events]
    arrays |= _fit_questions(asked, pairs, unseen, judge.number("ask.least"))
    return arrays


def _fit_sure(
    name: str, rows: Sequence[EventPairs | EventQuestions], evidence: Sequence[Floats], truth: str
) -> tuple[Arrays, list[Floats]]:
    """Fit trees on the sure rows, and give every row's probability by trees that did not see its event.

    A row that is not sure (its report's title, which nobody marked) gets 0.
    """
    sure = [~own.unsure for own in rows]
    names = [own.event.id for own, kept in zip(rows, sure, strict=True) for _ in range(int(kept.sum()))]
    known = np.concatenate([own[kept] for own, kept in zip(evidence, sure, strict=True)])
    true = np.concatenate([getattr(own, truth)[kept] for own, kept in zip(rows, sure, strict=True)])
    return tree_arrays(name, fit_trees(known, true)), _divided(unseen_probabilities(known, true, names), sure)


def _fit_questions(
    asked: Sequence[EventQuestions], pairs: Sequence[EventPairs], same_pairs: Sequence[Floats], least: float
) -> Arrays:
    arrays, first = _fit_sure("ask.first", asked, [own.evidence for own in asked], "same")
    evidence = [
        np.hstack([own.evidence, np.where((likely >= least)[:, None], own.beside, UNREAD)])
        for own, likely in zip(asked, first, strict=True)
    ]
    fitted, alone = _fit_sure("ask", asked, evidence, "same")
    arrays |= fitted
    both = [
        np.hstack([known, own.support(before, own_pairs, likely)])
        for known, own, before, own_pairs, likely in zip(evidence, asked, alone, pairs, same_pairs, strict=True)
    ]
    fitted, supported = _fit_sure("ask.supported", asked, both, "same")
    arrays |= fitted
    sure = [~own.unsure for own in asked]
    for name in ("differs", "contrary"):
        known = np.concatenate([e[kept & own.same] for e, kept, own in zip(evidence, sure, asked, strict=True)])
        truth = np.concatenate(
            [getattr(own, name)[kept & own.same] for kept, own in zip(sure, asked, strict=True)]
        )
        arrays |= tree_arrays(f"ask.{name}", fit_trees(known, truth))
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


def print_ranking(
    name: str, likely: Sequence[Floats], pairs: Sequence[EventPairs], truth_of: str = "same"
) -> None:
    """Print the recall that some precisions allow; of same pairs, of all true ones."""
    for rolling in (True, False):
        chosen = [(p, own) for p, own in zip(likely, pairs, strict=True) if own.event.is_rolling == rolling]
        if not chosen:
            continue
        scores = np.concatenate([p[~own.unsure] for p, own in chosen])
        truth = np.concatenate([getattr(own, truth_of)[~own.unsure] for _, own in chosen])
        every = sum(own.true_pairs for _, own in chosen) if truth_of == "same" else int(truth.sum())
        right = np.cumsum(truth[np.argsort(-scores, kind="stable")])
        precision = right / np.arange(1, len(truth) + 1)
        recall = right / max(1, every)
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
