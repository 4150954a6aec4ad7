"""Whether the right sentence comes first: NTREX's sentences in one language, looked for in another.

Two ways, both through a vector store, which gives the nearest by plain cosine, and through `align`, which
orders them by margin:

- *aligned*: two outlets' sentences side by side, as stories are compared. The published figures are of this
kind; - *searched*: one question at a time, as a person asks, with no other question to compare it with.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import permutations
from typing import cast

import numpy as np

from xsource.align import ClaimRows, Reference, claim_rows, pair_margins, question_margins
from xsource.protocols import VectorStore
from xsource.records import ArticleId, FloatMatrix, IntVector, Language, SentenceId

CANDIDATES = 30
"""Sentences that the store gives for each: a search that wants 10 looks at as many."""

Direction = tuple[Language, Language]


@dataclass(frozen=True, slots=True)
class RankOne:
    """Share of sentences whose counterpart came first, 0..1, for each direction (from, to)."""

    aligned: dict[Direction, float]
    searched: dict[Direction, float]


def mean_and_worst(figures: Mapping[Direction, float]) -> tuple[float, float]:
    """Sum up figures over directions."""
    return sum(figures.values()) / len(figures), min(figures.values())


def measure_rank_one(
    vectors: Mapping[Language, FloatMatrix], new_store: Callable[[int], VectorStore], reference: Reference
) -> RankOne:
    """Look for every sentence's counterpart in every other language.

    Args:
        vectors: (n, d) unit rows of each language, the same n sentences in the same order.
        new_store: makes an empty store for a dimension.
        reference: of the embedder that made the vectors.
    """
    claims = {code: _as_claims(code, own, reference) for code, own in vectors.items()}
    stores = {}
    for code, own in vectors.items():
        stores[code] = new_store(own.shape[1])
        stores[code].add(np.arange(len(own), dtype=np.int64), own)
    aligned, searched = {}, {}
    for one, other in permutations(vectors, 2):
        there, _ = stores[other].search(vectors[one], CANDIDATES)
        back, _ = stores[one].search(vectors[other], CANDIDATES)
        truth = np.arange(len(there))
        first = _align(claims[one], claims[other], there, back, reference)
        aligned[one, other] = float((first == truth).mean())
        first = _ask(claims[one], claims[other], there, reference)
        searched[one, other] = float((first == truth).mean())
    return RankOne(aligned, searched)


def _as_claims(code: Language, vectors: FloatMatrix, reference: Reference) -> ClaimRows:
    names = [f"{code}/{row}" for row in range(len(vectors))]
    return claim_rows(
        [SentenceId(name) for name in names],
        [ArticleId(name) for name in names],
        [code] * len(vectors),
        vectors,
        reference,
    )


def _align(
    one: ClaimRows, other: ClaimRows, there: IntVector, back: IntVector, reference: Reference
) -> IntVector:
    """Give each row's candidate of the highest margin; both sides' candidates are the neighbourhoods."""
    cosine = np.full((len(one), len(other)), -1, dtype=np.float32)
    for row, keys in enumerate(there):
        cosine[row, keys] = other.vectors[keys] @ one.vectors[row]
    for column, keys in enumerate(back):
        cosine[keys, column] = one.vectors[keys] @ other.vectors[column]
    margin = pair_margins(
        cosine,
        one.hubness[:, reference.column(other.languages[0])],
        other.hubness[:, reference.column(one.languages[0])],
    )
    return cast("IntVector", margin.argmax(axis=1))


def _ask(one: ClaimRows, other: ClaimRows, there: IntVector, reference: Reference) -> IntVector:
    """Give for each row the candidate of the highest margin, each row asked alone."""
    first = np.empty(len(one), dtype=np.int64)
    for row, keys in enumerate(there):
        candidates = other.take(keys)
        near = question_margins(one.vectors[row : row + 1], one.languages[row], candidates, reference)
        first[row] = keys[int(near.argmax())]
    return first
