"""Fit what joins the judge's evidence, on events that its layers were not trained on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
from events import Event, Text, is_contrary, label
from sklearn.linear_model import LogisticRegression

from xsource.judge.evidence import pair_evidence
from xsource.judge.figures import NumberEvidence
from xsource.judge.judging import Judge

Floats = npt.NDArray[np.float64]


def evidence_of_pairs(judge: Judge, event: Event) -> dict[str, npt.NDArray[np.generic]]:
    """Give evidence and labels for the candidate pairs of an event, and which pairs there are in truth."""
    texts = [text for text in event.texts if text.kind == "sentence"]
    readings = judge.read([text.text for text in texts])
    reports = sorted({text.report for text in texts})
    articles = np.array([reports.index(text.report) for text in texts], np.int64)
    rows = np.flatnonzero(readings.stating >= judge.number("claim.least"))
    left, right = judge.candidates(readings, articles, rows)
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    logits = judge._joint.logits(readings, readings, pairs)
    figures = NumberEvidence([t.text for t in texts], [t.language for t in texts])
    evidence = pair_evidence(readings, left, right, logits, articles, [t.language for t in texts], figures)
    labels = [label(texts[a], texts[b]) for a, b in pairs]
    soft = np.array([(texts[a].repeats_title or texts[b].repeats_title) for a, b in pairs])
    true = sum(label(a, b).same for a, b in combinations(texts, 2) if a.report != b.report)
    return {
        "evidence": evidence, "same": np.array([own.same for own in labels]), "differs": np.array([own.differs for own in labels]),
        "contrary": np.array([is_contrary(texts[a], texts[b]) for a, b in pairs]),
        "soft": soft, "true": np.array(true), "left": left, "right": right, "stating": readings.stating,
        "marked": np.array([bool(t.marks) for t in texts]),
    }  # fmt: skip


def evidence_of_questions(judge: Judge, event: Event, most: int = 24) -> dict[str, npt.NDArray[np.generic]]:
    """Give evidence and labels for each question and its nearest sentences."""
    texts = [text for text in event.texts if text.kind == "sentence"]
    asked = [text for text in event.texts if text.kind == "question"]
    sentences, questions = judge.read([t.text for t in texts]), judge.read([t.text for t in asked])
    cosines = questions.vectors @ sentences.vectors.T
    parts = []
    for at, question in enumerate(asked):
        rows = np.argsort(-cosines[at], kind="stable")[:most]
        own = type(sentences)(
            [sentences.states[r] for r in rows], sentences.vectors[rows], sentences.stating[rows]
        )
        one = type(questions)(
            [questions.states[at]], questions.vectors[at : at + 1], questions.stating[at : at + 1]
        )
        chosen = [texts[r] for r in rows]
        evidence = judge.ask_evidence(
            one, own, question.text, question.language, [t.text for t in chosen], [t.language for t in chosen]
        )
        labels = [label(question, t) for t in chosen]
        parts.append((evidence, labels, [is_contrary(question, t) for t in chosen], at, rows, question, chosen))
    return {"parts": parts}  # type: ignore[dict-item]


def logistic(evidence: Floats, truth: npt.NDArray[np.bool_], strength: float = 0.3) -> Floats:
    """Fit weights on the evidence as it is (scaling folded in), the offset last."""
    mean, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
    model = LogisticRegression(C=strength, max_iter=2000).fit((evidence - mean) / spread, truth)
    weights = model.coef_[0] / spread
    return np.append(weights, model.intercept_[0] - float(weights @ mean))


def texts_of(event: Event, kind: str) -> Sequence[Text]:
    """Give the texts of one kind."""
    return [text for text in event.texts if text.kind == kind]
