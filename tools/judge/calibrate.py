"""Fit what joins the judge's evidence, and the bars of groups and answers, on events its layers never saw."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
from events import Event, Text, is_contrary, label
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from xsource.align import GroupBars, Likeness, group_sentences
from xsource.judge.evidence import pair_evidence
from xsource.judge.figures import NumberEvidence
from xsource.judge.judging import Judge
from xsource.judge.naming import NameEvidence

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
    same: Truth
    differs: Truth
    unsure: Truth
    true_pairs: int


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
    evidence = pair_evidence(
        readings, left, right, articles, languages,
        NumberEvidence(written, languages), NameEvidence(written, languages),
    )  # fmt: skip
    labels = [label(texts[a], texts[b]) for a, b in pairs]
    return EventPairs(
        event, texts, left, right, evidence.astype(np.float64),
        np.array([own.same for own in labels]), np.array([own.differs for own in labels]),
        np.array([texts[a].repeats_title or texts[b].repeats_title for a, b in pairs]),
        sum(label(a, b).same for a, b in combinations(texts, 2) if a.report != b.report),
    )  # fmt: skip


@dataclass
class EventQuestions:
    """Evidence and truth on an event's questions and their nearest sentences, one row a pair."""

    event: Event
    evidence: Floats
    question: npt.NDArray[np.int64]
    report: list[str]
    same: Truth
    differs: Truth
    contrary: Truth
    unsure: Truth
    reporting: list[dict[str, bool]]
    """Of each question the reports that state it, and whether each states it differently only."""


def questions_of(judge: Judge, event: Event) -> EventQuestions:
    """Put an event's questions to its sentences."""
    texts = [text for text in event.texts if text.kind == "sentence"]
    asked = [text for text in event.texts if text.kind == "question"]
    sentences, questions = judge.read([t.text for t in texts]), judge.read([t.text for t in asked])
    cosines = questions.vectors @ sentences.vectors.T
    rows: list[Floats] = []
    number, report, same, differs, contrary, unsure = [], [], [], [], [], []
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
        event, np.concatenate(rows), np.array(number), report, np.array(same), np.array(differs),
        np.array(contrary), np.array(unsure), reporting,
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
class GroupFigures:
    """What groups of some bars give on unseen events."""

    precision: float
    recall: float
    purity: float
    bars: GroupBars


def measure_groups(events: Sequence[tuple[EventPairs, Floats]], bars: GroupBars) -> GroupFigures:
    """Make groups of each event's pairs and hold them against its marks."""
    right = said = true = pure = groups = 0
    for own, probability in events:
        likely = [
            Likeness(a, b, p)
            for a, b, p in zip(own.left.tolist(), own.right.tolist(), probability.tolist(), strict=True)
        ]
        pairs: set[tuple[int, int]] = set()
        for group in group_sentences(likely, bars):
            members = [row for row in group if not own.texts[row].repeats_title]
            if len({own.texts[row].report for row in members}) < 2:
                continue
            common = set.intersection(*(set(own.texts[row].marks) for row in members))
            pure, groups = pure + bool(common), groups + 1
            pairs |= {(a, b) for a, b in combinations(members, 2) if own.texts[a].report != own.texts[b].report}
        said += len(pairs)
        right += sum(label(own.texts[a], own.texts[b]).same for a, b in pairs)
        true += own.true_pairs
    return GroupFigures(right / max(1, said), right / max(1, true), pure / max(1, groups), bars)


def choose_bars(
    rolling: Sequence[tuple[EventPairs, Floats]], short: Sequence[tuple[EventPairs, Floats]]
) -> tuple[GroupBars, GroupFigures, GroupFigures]:
    """Choose the bars with the highest recall at which pairs and groups are right often enough."""
    best: tuple[float, GroupBars, GroupFigures, GroupFigures] | None = None
    for seed, least, mean in product(
        (0.5, 0.6, 0.7, 0.8, 0.9), (0.1, 0.2, 0.3, 0.4, 0.5, 0.6), (0.4, 0.5, 0.6, 0.7, 0.8)
    ):
        if least > mean or mean > seed + 0.2:
            continue
        bars = GroupBars(seed, least, mean, 0.75)
        a, b = measure_groups(rolling, bars), measure_groups(short, bars)
        short_of = [0.83 - a.precision, 0.91 - a.purity, 0.90 - b.precision, 0.95 - b.purity]
        score = a.recall + b.recall - 4 * sum(max(0.0, lack) for lack in short_of)
        if best is None or score > best[0]:
            best = (score, bars, a, b)
    if best is None:
        raise ValueError("no bars to choose from")
    return best[1:]


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
