"""What the judge's evidence is on events that its layers never saw, and trees fitted on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
from events import Event, Text, is_contrary, label
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from xsource.judge.evidence import pair_evidence
from xsource.judge.figures import NumberEvidence
from xsource.judge.judging import Judge
from xsource.judge.reading import Readings
from xsource.judge.support import ASKED_COLUMNS, asked_support, pair_support

Floats = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

NEAREST = 24
"""Sentences of an event that a question is put to."""


@dataclass
class EventPairs:
    """Evidence and truth on the candidate pairs of one event's sentences."""

    event: Event
    texts: list[Text]
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    evidence: Floats
    """Of each sentence alone."""
    beside: Floats
    """By reading both beside each other."""
    same: Truth
    differs: Truth
    unsure: Truth
    true_pairs: int
    articles: npt.NDArray[np.int64]
    readings: Readings

    def take(self, rows: Truth) -> EventPairs:
        """Give some of the pairs."""
        names = ("left", "right", "evidence", "beside", "same", "differs", "unsure")
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

    def support(self, alone: Floats) -> Floats:
        """Give what the other pairs say of each, `alone` being each one's probability by its own evidence."""
        found = pair_support(self.articles, self.left, self.right, alone.astype(np.float32))
        return found.astype(np.float64)


def pairs_of(judge: Judge, event: Event) -> EventPairs:
    """Read an event's sentences and compare its candidate pairs."""
    texts = [text for text in event.texts if text.kind == "sentence"]
    languages = [text.language for text in texts]
    readings = judge.read([text.text for text in texts])
    reports = sorted({text.report for text in texts})
    articles = np.array([reports.index(text.report) for text in texts], np.int64)
    rows = np.flatnonzero(readings.stating >= judge.number("claim.least"))
    left, right = judge.candidates(readings, articles, rows)
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    written = [text.text for text in texts]
    evidence = pair_evidence(readings, left, right, articles, languages, NumberEvidence(written, languages))
    labels = [label(texts[a], texts[b]) for a, b in pairs]
    return EventPairs(
        event, texts, left, right, evidence.astype(np.float64),
        judge.read_beside(readings, readings, left, right).astype(np.float64),
        np.array([own.same for own in labels]), np.array([own.differs for own in labels]),
        np.array([texts[a].repeats_title or texts[b].repeats_title for a, b in pairs]),
        sum(label(a, b).same for a, b in combinations(texts, 2) if a.report != b.report),
        articles, readings,
    )  # fmt: skip


@dataclass
class EventQuestions:
    """Evidence and truth on an event's questions and their nearest sentences, one row a pair."""

    event: Event
    evidence: Floats
    beside: Floats
    question: npt.NDArray[np.int64]
    report: list[str]
    same: Truth
    differs: Truth
    contrary: Truth
    unsure: Truth
    row: npt.NDArray[np.int64]
    reporting: list[dict[str, bool]]
    """Of each question the reports that state it, and whether each states it differently only."""

    def support(self, alone: Floats, pairs: EventPairs, same: Floats) -> Floats:
        """Give what a question's other sentences say of each, by the event's judged pairs."""
        found = np.zeros((len(alone), len(ASKED_COLUMNS)))
        for number in range(int(self.question.max(initial=-1)) + 1):
            at = np.flatnonzero(self.question == number)
            place = {row: here for here, row in enumerate(self.row[at].tolist())}
            kept = [
                (place[a], place[b], p)
                for a, b, p in zip(pairs.left.tolist(), pairs.right.tolist(), same.tolist(), strict=True)
                if a in place and b in place
            ]
            left, right = (np.array([pair[end] for pair in kept], np.int64) for end in (0, 1))
            likely = np.array([pair[2] for pair in kept], np.float32)
            articles = pairs.articles[self.row[at]]
            found[at] = asked_support(articles, alone[at].astype(np.float32), left, right, likely)
        return found


def questions_of(judge: Judge, event: Event) -> EventQuestions:
    """Put an event's questions to its sentences."""
    texts = [text for text in event.texts if text.kind == "sentence"]
    asked = [text for text in event.texts if text.kind == "question"]
    sentences, questions = judge.read([t.text for t in texts]), judge.read([t.text for t in asked])
    cosines = questions.vectors @ sentences.vectors.T
    rows: list[Floats] = []
    beside: list[Floats] = []
    number, report, same, differs, contrary, unsure, places = [], [], [], [], [], [], []
    reporting: list[dict[str, bool]] = []
    for at, question in enumerate(asked):
        near = np.argsort(-cosines[at], kind="stable")[:NEAREST].tolist()
        chosen = [texts[row] for row in near]
        rows.append(
            judge.ask_evidence(
                questions.take([at]), sentences.take(near), question.text, question.language,
                [t.text for t in chosen], [t.language for t in chosen],
            ).astype(np.float64)
        )  # fmt: skip
        zeros = np.zeros(len(near), np.int64)
        read = judge.read_beside(questions.take([at]), sentences.take(near), zeros, np.arange(len(near)))
        beside.append(read.astype(np.float64))
        places += near
        for text in chosen:
            own = label(question, text)
            number.append(at)
            report.append(text.report)
            same.append(own.same)
            differs.append(own.differs)
            contrary.append(is_contrary(question, text))
            unsure.append(
                text.repeats_title or (question.relation == "narrower" and question.base in text.marks)
            )
        states: dict[str, bool] = {}
        for text in texts:
            own = label(question, text)
            if own.same:
                states[text.report] = states.get(text.report, True) and own.differs
        reporting.append(states)
    return EventQuestions(
        event, np.concatenate(rows), np.concatenate(beside), np.array(number), report,
        np.array(same), np.array(differs), np.array(contrary), np.array(unsure), np.array(places), reporting,
    )  # fmt: skip


def fit_trees(evidence: Floats, truth: Truth, weights: Floats | None = None) -> HistGradientBoostingClassifier:
    """Fit boosted trees, small enough not to know single events."""
    model = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.05,
        max_leaf_nodes=8,
        min_samples_leaf=40,
        l2_regularization=5.0,
        random_state=0,
    )
    return model.fit(evidence, truth, sample_weight=weights)


def unseen_probabilities(evidence: Floats, truth: Truth, events: Sequence[str]) -> Floats:
    """Give each row's probability by trees fitted on the other events only (five folds)."""
    found = np.zeros(len(truth))
    for train, test in GroupKFold(5).split(evidence, truth, events):
        found[test] = fit_trees(evidence[train], truth[train]).predict_proba(evidence[test])[:, 1]
    return found


def tree_arrays(name: str, model: HistGradientBoostingClassifier) -> dict[str, npt.NDArray[np.generic]]:
    """Give a fitted model as the arrays that `xsource.judge.trees` reads."""
    feature, threshold, left, right, value, roots = [], [], [], [], [], []
    for (predictor,) in model._predictors:
        nodes, start = predictor.nodes, len(feature)
        roots.append(start)
        for node in nodes:
            is_leaf = bool(node["is_leaf"])
            feature.append(-1 if is_leaf else int(node["feature_idx"]))
            threshold.append(float(node["num_threshold"]))
            left.append(start + int(node["left"]))
            right.append(start + int(node["right"]))
            value.append(float(node["value"]) if is_leaf else 0.0)
    return {
        f"{name}.feature": np.array(feature, np.int16), f"{name}.threshold": np.array(threshold),
        f"{name}.left": np.array(left, np.int32), f"{name}.right": np.array(right, np.int32),
        f"{name}.value": np.array(value), f"{name}.roots": np.array(roots, np.int32),
        f"{name}.offset": np.array(model._baseline_prediction).ravel()[:1].astype(np.float64),
    }  # fmt: skip


@dataclass(frozen=True)
class AnswerFigures:
    """What an outlet's best sentence gives on unseen questions."""

    precision: float
    recall: float
    nobody: float
    state: float
    bar: float


def measure_answers(
    events: Sequence[tuple[EventQuestions, Floats, Floats]], bar: float, different: float
) -> AnswerFigures:
    """Name the outlets whose best sentence reaches a bar, and how they state the question."""
    named = right = reporting = nobody = nobody_right = state = 0
    for own, same, differs in events:
        best: dict[tuple[int, str], tuple[float, float]] = defaultdict(lambda: (-1.0, 0.0))
        for at, report, probability, other in zip(
            own.question.tolist(), own.report, same, differs, strict=True
        ):
            best[at, report] = max(best[at, report], (float(probability), float(other)))
        for at, gold in enumerate(own.reporting):
            found = {
                report: other for (number, report), (p, other) in best.items() if number == at and p >= bar
            }
            named += len(found)
            right += len(found.keys() & gold.keys())
            state += sum((found[r] >= different) == gold[r] for r in found.keys() & gold.keys())
            reporting += len(gold)
            if not gold:
                nobody += 1
                nobody_right += not found
    return AnswerFigures(
        right / max(1, named),
        right / max(1, reporting),
        nobody_right / max(1, nobody),
        state / max(1, right),
        bar,
    )
