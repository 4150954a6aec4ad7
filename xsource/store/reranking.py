"""Exact cosines over an approximate store: it names candidates, and the stored vectors put them in order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xsource.protocols import VectorStore
from xsource.records import FloatMatrix, IntVector
from xsource.store.faiss_files import no_hits

StoredVectors = Callable[[IntVector], FloatMatrix]
"""Gives the (n, d) vectors of n different keys, in their order."""

CANDIDATES_A_HIT = 4
FEWEST_CANDIDATES = 32
"""Candidates asked for: so many for each hit that is wanted, and never fewer. With int8 codes of 1,000,000
vectors 32 find the 10 nearest as often as 128 do; the codes' own order loses one in ten of them."""

# Candidates' vectors are in memory for so many queries at once: 13 MB at 32 candidates in 384 dimensions.
_QUERIES_AT_ONCE = 256


def candidates_for(k: int) -> int:
    """Say how many candidates are asked for where k are wanted."""
    return max(FEWEST_CANDIDATES, CANDIDATES_A_HIT * k)


class RerankedVectorStore:
    """Asks a store for more than is wanted, measures these exactly, and gives the nearest.

    Every cosine it gives is that of the stored vectors. What the store below does not name is not found.

    Args:
        inner: names candidates.
        vectors_of: the stored vectors themselves.
    """

    def __init__(self, inner: VectorStore, vectors_of: StoredVectors) -> None:
        self.inner = inner
        self._vectors_of = vectors_of

    def __len__(self) -> int:
        return len(self.inner)

    def add(self, keys: IntVector, vectors: FloatMatrix) -> None:
        """Add (n, d) unit vectors under n keys; a key that is there already is replaced."""
        self.inner.add(keys, vectors)

    def remove(self, keys: IntVector) -> None:
        """Forget keys; unknown ones are no error."""
        self.inner.remove(keys)

    def search(
        self, queries: FloatMatrix, k: int, allowed: IntVector | None = None
    ) -> tuple[IntVector, FloatMatrix]:
        """Find the k nearest of (m, d) unit queries, among `allowed` keys when given."""
        if not len(queries):
            return no_hits(0, k)
        candidates, _ = self.inner.search(queries, min(candidates_for(k), max(k, len(self))), allowed)
        return self.measured(queries, candidates, k)

    def measured(self, queries: FloatMatrix, candidates: IntVector, k: int) -> tuple[IntVector, FloatMatrix]:
        """Put (m, c) candidates, -1 where there is none, in the order of their exact cosines; the first k."""
        blocks = [
            self._measure(
                queries[start : start + _QUERIES_AT_ONCE], candidates[start : start + _QUERIES_AT_ONCE], k
            )
            for start in range(0, len(queries), _QUERIES_AT_ONCE)
        ] or [no_hits(0, k)]
        return np.concatenate([keys for keys, _ in blocks]), np.concatenate([cosines for _, cosines in blocks])

    def _measure(self, queries: FloatMatrix, candidates: IntVector, k: int) -> tuple[IntVector, FloatMatrix]:
        present = candidates >= 0
        keys, rows = np.unique(candidates[present], return_inverse=True)
        vectors = self._vectors_of(keys)
        cosines = np.full(candidates.shape, -np.inf, np.float32)
        owners = np.nonzero(present)[0]
        cosines[present] = np.einsum("nd,nd->n", queries[owners], vectors[rows])
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        return np.take_along_axis(candidates, order, 1), np.take_along_axis(cosines, order, 1)
