"""The open-set test: most sentences of another outlet have no counterpart, and saying so counts.

Documents are split into thirds: background, tuning, test. Each test sentence stands on both sides, on the
query side only, or on the pool side only, a third each, anew for each of the 12 directed pairs of languages.
One threshold for all pairs is chosen on the tuning third. The pool is the whole third ("corpus") or the same
article ("article").

Matching is the product's own (`align.match_rows`), with its shipped reference: the background third is left
out. A sentence on one side only is taken out before matching, so no true pair is in a negative's
neighbourhood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

import numpy as np
import numpy.typing as npt

from xsource.align import ACCEPT_MARGIN, ClaimRows, Reference, claim_rows, match_rows
from xsource.records import ArticleId, FloatMatrix, FloatVector, IntVector, Language, SentenceId

SEEDS = (0, 1, 2, 3, 4)
Pool = Literal["corpus", "article"]
Direction = tuple[Language, Language]


@dataclass(frozen=True, slots=True)
class OpenSet:
    """F1 of accepted pairs, means over the seeds.

    Attributes:
        f1: at the threshold of each seed's tuning third.
        f1_as_shipped: at `ACCEPT_MARGIN`, which users get.
        directions: F1 for each directed pair of languages, at the tuned threshold.
        thresholds: the tuned one of each seed.
    """

    pool: Pool
    f1: float
    f1_as_shipped: float
    directions: dict[Direction, float]
    thresholds: tuple[float, ...]

    @property
    def worst(self) -> float:
        """F1 of the directed pair of languages that does worst."""
        return min(self.directions.values())


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Mutual nearest pairs of one direction, whether each is true, and how many true ones exist."""

    margins: FloatVector
    are_true: npt.NDArray[np.bool_]
    existing: int


def measure_open_set(
    documents: Sequence[str],
    vectors: Mapping[Language, FloatMatrix],
    reference: Reference,
    pool: Pool,
    seeds: Sequence[int] = SEEDS,
) -> OpenSet:
    """Run the test.

    Args:
        documents: the document of each of n lines.
        vectors: (n, d) unit rows of each language, the same n sentences in the same order.
        reference: of the embedder that made the vectors.
        pool: what a sentence is looked for in.
        seeds: one split and one assignment of sides each.
    """
    names = np.array(documents)
    claims = {code: _as_claims(code, own, reference) for code, own in vectors.items()}
    tuned, shipped, thresholds = [], [], []
    by_direction: dict[Direction, list[float]] = {pair: [] for pair in permutations(vectors, 2)}
    for seed in seeds:
        random = np.random.default_rng(seed)
        _, tuning, test = _thirds(names, random)
        threshold = _best_threshold(
            [_match(claims, pair, tuning, names, reference, pool, random) for pair in by_direction]
        )
        tested = {pair: _match(claims, pair, test, names, reference, pool, random) for pair in by_direction}
        for pair, pairs in tested.items():
            by_direction[pair].append(_f1([pairs], threshold))
        thresholds.append(threshold)
        tuned.append(_f1(list(tested.values()), threshold))
        shipped.append(_f1(list(tested.values()), ACCEPT_MARGIN))
    return OpenSet(
        pool,
        float(np.mean(tuned)),
        float(np.mean(shipped)),
        {pair: float(np.mean(figures)) for pair, figures in by_direction.items()},
        tuple(thresholds),
    )


def _as_claims(code: Language, vectors: FloatMatrix, reference: Reference) -> ClaimRows:
    ids = [SentenceId(f"{code}/{row}") for row in range(len(vectors))]
    return claim_rows(ids, [ArticleId(code)] * len(ids), [code] * len(ids), vectors, reference)


def _thirds(names: npt.NDArray[np.str_], random: np.random.Generator) -> list[IntVector]:
    """Split the lines by document: background, tuning, test."""
    parts = np.array_split(random.permutation(np.unique(names)), 3)
    return [np.flatnonzero(np.isin(names, part)) for part in parts]


def _match(
    claims: Mapping[Language, ClaimRows],
    direction: Direction,
    lines: IntVector,
    names: npt.NDArray[np.str_],
    reference: Reference,
    pool: Pool,
    random: np.random.Generator,
) -> _Pairs:
    """Put each line on both sides or one of them, and match the sides."""
    side = random.integers(0, 3, len(lines))
    asked, pooled = lines[side != 2], lines[side != 1]
    left, right = claims[direction[0]].take(asked), claims[direction[1]].take(pooled)
    both = _side_by_side(left, right)
    margins, are_true = [], []
    for rows, columns in _pools(names[asked], names[pooled], pool):
        found = match_rows(both, reference, rows, columns + len(left), accept_margin=-np.inf)
        margins.append(found.margins)
        are_true.append(asked[found.left] == pooled[found.right - len(left)])
    return _Pairs(np.concatenate(margins), np.concatenate(are_true), int(np.count_nonzero(side == 0)))


def _pools(
    asked: npt.NDArray[np.str_], pooled: npt.NDArray[np.str_], pool: Pool
) -> Iterator[tuple[IntVector, IntVector]]:
    if pool == "corpus":
        yield np.arange(len(asked)), np.arange(len(pooled))
        return
    for name in np.intersect1d(asked, pooled):
        yield np.flatnonzero(asked == name), np.flatnonzero(pooled == name)


def _side_by_side(left: ClaimRows, right: ClaimRows) -> ClaimRows:
    return ClaimRows(
        [*left.ids, *right.ids],
        [*left.articles, *right.articles],
        [*left.languages, *right.languages],
        np.concatenate([left.vectors, right.vectors]),
        np.concatenate([left.hubness, right.hubness]),
    )


def _f1(parts: Sequence[_Pairs], threshold: float) -> float:
    accepted = sum(int(np.count_nonzero(part.margins >= threshold)) for part in parts)
    right = sum(int(np.count_nonzero(part.are_true & (part.margins >= threshold))) for part in parts)
    existing = sum(part.existing for part in parts)
    return 2 * right / (accepted + existing) if accepted + existing else 1.0


def _best_threshold(parts: Sequence[_Pairs]) -> float:
    margins = np.concatenate([part.margins for part in parts])
    candidates = np.quantile(margins, np.linspace(0, 1, 401)).tolist()
    return float(max(candidates, key=lambda threshold: _f1(parts, threshold)))
