"""What figures and names say of an asked claim and the claims of outlets, beside what their meaning says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from xsource.align.evidence import NumberEvidence
from xsource.facts.names import names
from xsource.facts.names_matching import find_name
from xsource.records import ArticleId, FloatVector, IntVector

NOBODY_KNOWN = -0.1
"""Added to the margin of a claim whose article mentions none of the names of the question. A name may be
translated, or spelled in a way that is not recognised, so this alone refuses nothing that is otherwise sure.
NTREX dev: F1 .969 with figures and names, .970 without (`evaluate/who_reports.py`); but there every question is
a sentence of the documents that are asked, and never one about somebody else."""


class QuestionEvidence:
    """Says of rows of claims what figures and names add to their margins with a question.

    Args:
        question: the asked text.
        language: of the question.
        texts: of n claims.
        languages: of the claims.
        articles: of the claims.
        text_of: gives an article's whole text; asked for few.
    """

    def __init__(
        self,
        question: str,
        language: str,
        texts: Sequence[str],
        languages: Sequence[str],
        articles: Sequence[ArticleId],
        text_of: Callable[[ArticleId], str],
    ) -> None:
        self._question, self._language = question, language
        self._texts, self._languages, self._articles = texts, languages, articles
        self._text_of = text_of
        self._names = names(question, language)
        self._knows_somebody: dict[ArticleId, bool] = {}

    def __call__(self, rows: IntVector) -> FloatVector:
        """Give the (m,) additions to the margins of m rows."""
        chosen = rows.tolist()
        counts = NumberEvidence(
            [self._question, *(self._texts[row] for row in chosen)],
            [self._language, *(self._languages[row] for row in chosen)],
        )
        asked, others = np.zeros(1, dtype=np.int64), np.arange(1, len(chosen) + 1, dtype=np.int64)
        found: FloatVector = counts(asked, others)[0]
        if self._names:
            unknown = [not self._is_about_somebody_asked(row) for row in chosen]
            found[np.array(unknown, dtype=np.bool_)] += NOBODY_KNOWN
        return found

    def _is_about_somebody_asked(self, row: int) -> bool:
        """Say whether a claim's article mentions one of the question's names, in any script."""
        article = self._articles[row]
        if article not in self._knows_somebody:
            text, language = self._text_of(article), self._languages[row]
            self._knows_somebody[article] = any(find_name(name, text, language) for name in self._names)
        return self._knows_somebody[article]
