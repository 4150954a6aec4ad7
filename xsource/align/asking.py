"""Which claims of an index say what an asked claim says.

The margin of one sentence errs where that of a group does not: a sentence that merely resembles the question
has counterparts in other outlets that resemble it less. So the question is put to groups of claims, and the
nearest group answers for all its outlets, if it is nearer than every other by far: where nobody reports what
was asked, many things resemble it a little (the ratio test of Lowe 2004, with a difference).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from xsource.align.candidates import ClaimRows, margins
from xsource.align.reference import Reference
from xsource.records import ArticleId, FloatMatrix, FloatVector, IntVector, SentenceId

REPORTS_MARGIN = 0.1
"""Nearness from which the nearest group says what was asked, if it stands out."""

STANDS_OUT = 0.1
"""By so much the nearest group must be nearer than the next. The 72 questions of the corpora: 93 % of the
outlets named report what was asked (79 % with a plain threshold of .15), and 55 % of those are named (33 %);
values from .08 to .12 give 81 to 93 %. On NTREX dev, where questions are sentences of the documents, F1 is .965
(.969 with the threshold). `evaluate/questions.py`, `evaluate/who_reports.py`, 22 November 2026."""

SURE_MARGIN = 0.4
"""Nearness from which any group says it, however near another is: a claim that was split, or is made twice."""

LEAST_MARGIN = -0.1
"""A claim of such a group below this margin of its own does not count: it is there for its neighbours' sake."""

BEST_SHARE = 1 / 3
"""A group's nearness is its mean margin, and to this part its best one: a short question resembles the one
outlet that puts it shortly, and all others less."""

NEARBY = 0.0
"""Groups with a claim of this margin are asked for more evidence; reading figures and names takes its time."""

ALONE = 0.1
"""Taken from a claim that nobody else makes: no neighbour of it can say whether it is near by chance."""


@dataclass(frozen=True, slots=True)
class JudgedClaims:
    """What n claims say about a question, in the order of the claims.

    Attributes:
        cosines: (n,) centred cosines with the question.
        margins: (n,) margins with the question.
        are_reports: (n,) whether each claim says what was asked.
    """

    cosines: FloatVector
    margins: FloatVector
    are_reports: npt.NDArray[np.bool_]


def judge_claims(
    question: FloatMatrix,
    language: str,
    claims: ClaimRows,
    groups: Iterable[Sequence[SentenceId]],
    reference: Reference,
    reports_margin: float = REPORTS_MARGIN,
    evidence: Callable[[IntVector], FloatVector] | None = None,
) -> JudgedClaims:
    """Say which claims report an asked claim.

    Args:
        question: (1, d) the asked text's vector, centred, unit length.
        language: of the question.
        claims: those of every story that the question may belong to, such as the stories of its nearest
            sentences.
        groups: of these claims (`group_claims`, story by story); a claim in none stands alone.
        reference: of the embedder that made the vectors.
        reports_margin: see `REPORTS_MARGIN`.
        evidence: gives what is added to the margins of some rows, such as `QuestionEvidence`; asked about the
            groups that come near only.

    Returns:
        One judgement a claim; nothing reports when there are no claims.
    """
    count = len(claims)
    if count == 0:
        nothing = np.empty(0, dtype=np.float32)
        return JudgedClaims(nothing, nothing, np.empty(0, dtype=np.bool_))
    near = question_margins(question, language, claims, reference)
    row_of = {sentence: row for row, sentence in enumerate(claims.ids)}
    group_of = np.arange(count, dtype=np.int64)
    for group in groups:
        rows = [row_of[sentence] for sentence in group]
        group_of[rows] = min(rows)
    if evidence is not None:
        nearby = np.flatnonzero(np.isin(group_of, group_of[near >= NEARBY]))
        near[nearby] += evidence(nearby)
    nearness = _group_nearness(near, group_of)
    nearest = int(nearness.argmax())
    others = np.delete(nearness, nearest)
    stands_out = nearness[nearest] - others.max(initial=-np.inf) >= STANDS_OUT
    answers = nearness >= SURE_MARGIN
    answers[nearest] |= bool(nearness[nearest] >= reports_margin and stands_out)
    are_reports = answers[group_of]
    return JudgedClaims(claims.vectors @ question[0], near, are_reports & (near >= LEAST_MARGIN))


def _group_nearness(near: FloatVector, group_of: IntVector) -> FloatVector:
    """Give the nearness of the group that is named after each of n claims; minus infinity where none is."""
    sizes = np.bincount(group_of, minlength=len(near))
    means = np.bincount(group_of, weights=near, minlength=len(near)) / np.maximum(sizes, 1)
    best = np.full(len(near), -np.inf)
    np.maximum.at(best, group_of, near)
    found = means + BEST_SHARE * (best - means) - ALONE * (sizes == 1)
    found[sizes == 0] = -np.inf
    return cast("FloatVector", found.astype(np.float32))


def question_margins(
    question: FloatMatrix, language: str, claims: ClaimRows, reference: Reference
) -> FloatVector:
    """Give the (n,) margins of a (1, d) centred question with n claims, as if it were an article of its own."""
    asked = ClaimRows(
        ids=[SentenceId("asked"), *claims.ids],
        articles=[ArticleId("asked"), *claims.articles],
        languages=[language, *claims.languages],
        vectors=np.vstack([question, claims.vectors]),
        hubness=np.concatenate([reference.hubness(question, among={*claims.languages}), claims.hubness]),
    )
    rows = np.arange(1, len(claims) + 1, dtype=np.int64)
    return cast("FloatVector", margins(asked, reference, np.zeros(1, dtype=np.int64), rows)[0])
