"""Which claims of two articles say the same thing.

For every two articles: the claims that are each other's nearest by margin, where the margin reaches one
threshold that holds for all pairs of languages. A pair's margin depends on its two articles and on the
reference only, not on what else is in the story, so articles of eight sentences are judged alike in a story
of two and of 200.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from xsource.align.reference import Reference
from xsource.align.similarity import NEIGHBOURS, csls
from xsource.records import ArticleId, Claim, FloatMatrix, FloatVector, IntVector, SentenceId

ACCEPT_MARGIN = 0.15
"""Two sentences with this margin or more are taken for the same claim. Tuned on the tuning thirds of NTREX dev,
five seeds, 22 November 2026 (`evaluate/open_set.py`): .12 to .18 were best, and F1 hardly differs between."""


@dataclass(frozen=True, slots=True)
class ClaimRows:
    """Claims as parallel columns, one row a sentence.

    Attributes:
        ids: n sentence ids.
        articles: n article ids; two rows of one article are never matched.
        languages: n codes.
        vectors: (n, d) centred unit rows, as `Reference.centre` gives.
        hubness: (n, languages, k), as `Reference.hubness` gives.
    """

    ids: Sequence[SentenceId]
    articles: Sequence[ArticleId]
    languages: Sequence[str]
    vectors: FloatMatrix
    hubness: FloatMatrix

    def __post_init__(self) -> None:
        sizes = [len(self.ids), len(self.articles), len(self.languages), len(self.vectors), len(self.hubness)]
        if len(set(sizes)) > 1:
            raise ValueError(f"columns of different lengths: {sizes}")

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: IntVector) -> ClaimRows:
        """Give some rows, such as those of one story, in the given order."""
        chosen = rows.tolist()
        return ClaimRows(
            [self.ids[row] for row in chosen],
            [self.articles[row] for row in chosen],
            [self.languages[row] for row in chosen],
            self.vectors[rows],
            self.hubness[rows],
        )

    def rows_by_article(self) -> dict[ArticleId, IntVector]:
        """Give each article's rows, ascending; articles in the order of their first row."""
        rows: dict[ArticleId, list[int]] = defaultdict(list)
        for row, article in enumerate(self.articles):
            rows[article].append(row)
        return {article: np.array(own, dtype=np.int64) for article, own in rows.items()}


def claim_rows(
    ids: Sequence[SentenceId],
    articles: Sequence[ArticleId],
    languages: Sequence[str],
    vectors: FloatMatrix,
    reference: Reference,
) -> ClaimRows:
    """Centre an embedder's (n, d) unit rows and measure their hubness: linear in n."""
    centred = reference.centre(vectors, languages)
    return ClaimRows(ids, articles, languages, centred, reference.hubness(centred))


def rows_of_claims(
    claims: Sequence[Claim],
    centred: FloatMatrix,
    reference: Reference,
    among: Collection[str] | None = None,
) -> ClaimRows:
    """Put n claims and their (n, d) centred unit rows together, and measure their hubness.

    Args:
        among: languages of what they will be compared with; all when left out.
    """
    return ClaimRows(
        ids=[claim.sentence.id for claim in claims],
        articles=[claim.article.id for claim in claims],
        languages=[claim.article.language for claim in claims],
        vectors=centred,
        hubness=reference.hubness(centred, among=among),
    )


def pair_margins(
    cosine: FloatMatrix, left_hubness: FloatMatrix, right_hubness: FloatMatrix, k: int = NEIGHBOURS
) -> FloatMatrix:
    """Turn the cosines between two articles into margins.

    A sentence's neighbourhood is the reference sentences of the other's language and the other article's own.
    With these in it, a sentence that resembles several is held back (open-set F1 .932 without, .938 with).

    Args:
        cosine: (m, n).
        left_hubness: (m, j) cosines of the left rows with reference sentences of the right rows' language.
        right_hubness: (n, j), the other way round.
        k: neighbours averaged.

    Returns:
        (m, n) float32.
    """
    return csls(cosine, _mean_of_highest(left_hubness, cosine, k), _mean_of_highest(right_hubness, cosine.T, k))


def _mean_of_highest(left: FloatMatrix, right: FloatMatrix, k: int) -> FloatVector:
    both = np.hstack([left, right])
    if both.shape[1] > k:
        both = np.partition(both, both.shape[1] - k, axis=1)[:, -k:]
    return cast("FloatVector", both.mean(axis=1, dtype=np.float32))


def margins(claims: ClaimRows, reference: Reference, left: IntVector, right: IntVector) -> FloatMatrix:
    """Give the (m, n) margins of some rows with others; languages may be mixed on both sides.

    Left rows of one language are compared with right rows of one language as if those were two articles.
    """
    lefts, rights = _by_language(claims, left), _by_language(claims, right)
    if len(lefts) == 1 and len(rights) == 1:
        (one,), (other,) = lefts, rights
        return _margins_of_two(claims, reference, (one, left), (other, right))
    found = np.empty((len(left), len(right)), dtype=np.float32)
    for one, at in lefts.items():
        for other, to in rights.items():
            found[np.ix_(at, to)] = _margins_of_two(claims, reference, (one, left[at]), (other, right[to]))
    return found


def _by_language(claims: ClaimRows, rows: IntVector) -> dict[str, list[int]]:
    """Give the places in `rows` of each language's."""
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows.tolist()):
        places.setdefault(claims.languages[row], []).append(place)
    return places


def _margins_of_two(
    claims: ClaimRows, reference: Reference, left: tuple[str, IntVector], right: tuple[str, IntVector]
) -> FloatMatrix:
    (one, rows), (other, columns) = left, right
    return pair_margins(
        claims.vectors[rows] @ claims.vectors[columns].T,
        claims.hubness[rows, reference.column(other)],
        claims.hubness[columns, reference.column(one)],
    )


@dataclass(frozen=True, slots=True)
class MatchedRows:
    """Pairs of rows of two articles, ordered by the left row; a row is in at most one pair.

    Attributes:
        left, right: p row numbers each.
        cosines: p centred cosines.
        margins: p margins.
    """

    left: IntVector
    right: IntVector
    cosines: FloatVector
    margins: FloatVector


def match_rows(
    claims: ClaimRows,
    reference: Reference,
    left: IntVector,
    right: IntVector,
    accept_margin: float = ACCEPT_MARGIN,
) -> MatchedRows:
    """Match the rows of one article with those of another: mutual nearest, `accept_margin` or more."""
    margin = margins(claims, reference, left, right)
    nearest = margin.argmax(axis=1)
    order = np.arange(len(left))
    best = margin[order, nearest]
    taken = np.flatnonzero((margin.argmax(axis=0)[nearest] == order) & (best >= accept_margin))
    rows, columns = left[taken], right[nearest[taken]]
    cosines = np.einsum("ij,ij->i", claims.vectors[rows], claims.vectors[columns])
    return MatchedRows(rows, columns, cosines, best[taken])


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
