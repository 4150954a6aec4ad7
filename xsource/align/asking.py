"""Which claims of an index say what an asked claim says.

The margin of one sentence errs where that of a group does not: a sentence that merely resembles the question
has counterparts in other outlets that resemble it less. So the question is put to groups of claims, and the
group with the highest mean margin answers for all its outlets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from xsource.align.candidates import ACCEPT_MARGIN, ClaimRows, margins
from xsource.align.reference import Reference
from xsource.records import ArticleId, FloatMatrix, FloatVector, IntVector, SentenceId

REPORTS_MARGIN = ACCEPT_MARGIN
"""Mean margin from which the nearest group says what was asked. NTREX dev, 22 November 2026: F1 of the
reporting outlets other than the asked language's .965 from .05 to .15, .956 at .25
(`evaluate/who_reports.py`)."""

SURE_MARGIN = 0.4
"""Mean margin from which a further group says it too: a claim that grouping split, or that is made twice."""

LEAST_MARGIN = 0.0
"""A claim of such a group below this margin of its own does not count: it is there for its neighbours' sake."""


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
        nearby = np.flatnonzero(np.isin(group_of, group_of[near >= LEAST_MARGIN]))
        near[nearby] += evidence(nearby)
    sizes = np.bincount(group_of, minlength=count)
    means = np.bincount(group_of, weights=near, minlength=count) / np.maximum(sizes, 1)
    means[sizes == 0] = -np.inf
    nearest = int(means.argmax())
    are_reports = (means[group_of] >= SURE_MARGIN) | (group_of == nearest) & (means[nearest] >= reports_margin)
    return JudgedClaims(claims.vectors @ question[0], near, are_reports & (near >= LEAST_MARGIN))


def question_margins(
    question: FloatMatrix, language: str, claims: ClaimRows, reference: Reference
) -> FloatVector:
    """Give the (n,) margins of a (1, d) centred question with n claims, as if it were an article of its own."""
    asked = ClaimRows(
        ids=[SentenceId("asked"), *claims.ids],
        articles=[ArticleId("asked"), *claims.articles],
        languages=[language, *claims.languages],
        vectors=np.vstack([question, claims.vectors]),
        hubness=np.concatenate([reference.hubness(question), claims.hubness]),
    )
    rows = np.arange(1, len(claims) + 1, dtype=np.int64)
    return cast("FloatVector", margins(asked, reference, np.zeros(1, dtype=np.int64), rows)[0])
