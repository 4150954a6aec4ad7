"""Average linkage over proposed pairs only: sets of articles that are akin to each other on average."""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from xsource.records import FloatMatrix, IntVector

Moments = npt.NDArray[np.float64]
"""Seconds since 1970, NaN for an article without a date."""

_SECONDS_A_DAY = 86_400.0


class AverageLinkage:
    """Joins rows into sets, the most akin first (UPGMA, Sokal & Michener 1958).

    The kinship of two sets is the mean cosine of all their pairs plus the mean share of their proposed pairs,
    less
    what pairs of one language have for the language's sake, less what their distance in time costs. The mean
    cosine
    is the product of the sets' vector sums over the number of pairs, so a join costs one product for each
    proposed neighbour, never a look at every pair.

    Args:
        vectors: (n, d) unit rows.
        moments: (n,) when each row was published.
        window: seconds; rows further apart are never in one set.
        least_kinship: at which two sets still join.
        least_share: of the kinship at which the looser of the two sets was last joined.
        languages: (n,) number of each row's language.
        own_language: taken from the kinship of two rows of one language.
        a_day: taken for each day between the middles of two sets.
    """

    def __init__(
        self,
        vectors: FloatMatrix,
        moments: Moments,
        window: float,
        least_kinship: float,
        least_share: float,
        languages: IntVector | None = None,
        own_language: float = 0.0,
        a_day: float = 0.0,
    ) -> None:
        codes = np.zeros(len(vectors), np.int64) if languages is None else languages
        self._in_language = np.zeros((len(vectors), int(codes.max(initial=0)) + 1))
        self._in_language[np.arange(len(vectors)), codes] = 1
        self._own_language, self._a_day = own_language, a_day
        self._sums = vectors.astype(np.float64)
        self._first = np.where(np.isnan(moments), np.inf, moments)
        self._last = np.where(np.isnan(moments), -np.inf, moments)
        self._members: dict[int, list[int]] = {row: [row] for row in range(len(vectors))}
        self._version = [0] * len(vectors)
        # Of each set and each set proposed to it: the sum of the shares of their proposed pairs, and how many.
        self._near: dict[int, dict[int, tuple[float, int]]] = {row: {} for row in range(len(vectors))}
        self._queue: list[tuple[float, int, int, int, int, float]] = []
        self._window = window
        self._least = least_kinship
        self._least_share = least_share
        # The lowest kinship at which each set was joined; a single row has none.
        self._inside = [0.0] * len(vectors)

    def propose(self, left: int, right: int, share: float) -> None:
        """Name two rows that may belong together and the share of claims that they have in common, 0..1."""
        self._near[left][right] = self._near[right][left] = (share, 1)
        self._enqueue(left, [right])

    def join(self) -> list[list[int]]:
        """Join what belongs together and give the sets, each ascending, in the order of their lowest rows."""
        while self._queue:
            _, left, right, left_version, right_version, tightness = heapq.heappop(self._queue)
            alive = left in self._members and right in self._members
            if alive and (self._version[left], self._version[right]) == (left_version, right_version):
                self._merge(left, right, tightness)
        return [sorted(self._members[row]) for row in sorted(self._members)]

    def _merge(self, left: int, right: int, kinship: float) -> None:
        """Put `right` into `left`, the lower of the two, and look at the neighbours anew."""
        self._sums[left] += self._sums[right]
        self._in_language[left] += self._in_language[right]
        self._first[left] = min(self._first[left], self._first[right])
        self._last[left] = max(self._last[left], self._last[right])
        self._members[left] += self._members.pop(right)
        self._inside[left] = min(kinship, self._inside[left] or kinship, self._inside[right] or kinship)
        self._version[left] += 1
        own = self._near[left]
        for other, (total, pairs) in self._near.pop(right).items():
            del self._near[other][right]
            if other != left:
                held, count = own.get(other, (0.0, 0))
                own[other] = self._near[other][left] = (held + total, count + pairs)
        self._enqueue(left, sorted(own))

    def _days_apart(self, one: int, other: int) -> float:
        """Give the days between two sets, 0 where they overlap or one is undated."""
        gap = max(self._first[one], self._first[other]) - min(self._last[one], self._last[other])
        return max(0.0, gap) / _SECONDS_A_DAY if np.isfinite(gap) else 0.0

    def _enqueue(self, row: int, others: list[int]) -> None:
        if not others:
            return
        products = self._sums[others] @ self._sums[row]
        of_one_language = self._in_language[others] @ self._in_language[row]
        for other, product, alike in zip(others, products.tolist(), of_one_language.tolist(), strict=True):
            total, pairs = self._near[row][other]
            cells = len(self._members[row]) * len(self._members[other])
            tightness = product / cells + total / pairs
            kinship = (
                tightness - self._own_language * alike / cells - self._a_day * self._days_apart(row, other)
            )
            span = max(self._last[row], self._last[other]) - min(self._first[row], self._first[other])
            loosest = self._least_share * min(self._inside[row], self._inside[other])
            if kinship >= self._least and tightness >= loosest and not span > self._window:
                low, high = sorted((row, other))
                # Rounded, so that the order of a sum's terms does not decide between equals.
                entry = (-round(kinship, 6), low, high, self._version[low], self._version[high], tightness)
                heapq.heappush(self._queue, entry)
