"""Search among very many vectors: FAISS lists of near ones, of which a search reads the nearest lists only."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from xsource.errors import IndexStateError
from xsource.records import FloatMatrix, IntVector
from xsource.settings import VectorStorage
from xsource.store.faiss_files import (
    checked,
    in_memory,
    no_hits,
    quantizer_kind,
    read_index,
    search_threads,
    selector,
    set_int8_range,
    storage_of,
    write_index,
)

SAMPLE_A_LIST = 48
"""Vectors that a list's centre is learned from; FAISS asks for 39 at least."""

GROWTH = 2.0
"""Lists are learned anew when there are so many times the vectors they were learned for."""

FEWEST_PROBES = 320
"""Lists that a search reads at least. Where there are few lists a tenth of them overlooks more: among 100,000
vectors in 1,265 lists recall at 10 was .992 with 126 of them and .998 with 316, for 0.4 and 0.9 ms of one core
(600 questions on `benchmarks/made_index.py`, 1 December 2026)."""

_TRAINING_ROUNDS = 8
_KEY_BYTES = 8
# A filter's lists are chosen for so many queries at once: 4,096 lists make 12 MB of it.
_QUERIES_AT_ONCE = 256
_FILTERS_KEPT = 7


def lists_for(count: int) -> int:
    """Say how many lists `count` vectors are kept in: 4 * sqrt(n), as FAISS's guidelines to choose an index."""
    return max(1, min(count, round(4 * math.sqrt(count))))


def probes_for(lists: int) -> int:
    """Say how many of the lists a search reads: a tenth, and never fewer than `FEWEST_PROBES`.

    Recall at 10 of 1,000,000 vectors in 4,096 lists: .88 with 32 of them, .963 with 128, .985 with 256, .997
    with 512 (int8, candidates measured exactly, 200 held-out sentences, 22 November 2026).
    """
    return min(lists, max(FEWEST_PROBES, lists // 10))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A filter made ready: how many allowed keys each list has, and FAISS's selector with what it borrows."""

    allowed: IntVector
    counts: IntVector
    selector: Any
    borrowed: object


class IvfVectorStore:
    """Keeps codes of vectors in lists around learned centres. Approximate: the cosines are of the codes.

    Without a filter a search reads the `probes` nearest lists. With one it reads the nearest lists that have
    allowed keys, as many as it takes to see as many vectors that pass: few allowed keys are all looked at,
    wherever they are.

    Args:
        index: of FAISS, trained. `IvfVectorStore.trained` and `IvfVectorStore.open` make one.
        is_mapped: whether it was opened from a file and must not be changed.
    """

    def __init__(self, index: Any, *, is_mapped: bool = False) -> None:
        self._index = index
        self._is_mapped = is_mapped
        self._places: tuple[IntVector, IntVector] | None = None
        self._chosen: list[_Chosen] = []
        self.probes = probes_for(self.lists)

    @staticmethod
    def trained(sample: FloatMatrix, lists: int, storage: VectorStorage = "int8") -> IvfVectorStore:
        """Learn `lists` centres from (n, d) unit vectors, at least one a list. The same every time.

        Raises:
            ValueError: there are fewer vectors than lists.
        """
        import faiss

        count, dimension = sample.shape
        if count < lists:
            raise ValueError(f"{count} vectors cannot be the sample for {lists} lists")
        clustering = faiss.Clustering(dimension, lists)
        clustering.spherical = True
        clustering.niter = _TRAINING_ROUNDS
        clustering.min_points_per_centroid, clustering.max_points_per_centroid = 1, max(1, count)
        centres = faiss.IndexFlatIP(dimension)
        clustering.train(np.ascontiguousarray(sample, np.float32), centres)
        index: Any
        if storage == "float32":
            index = faiss.IndexIVFFlat(centres, dimension, lists, faiss.METRIC_INNER_PRODUCT)
        else:
            index = faiss.IndexIVFScalarQuantizer(
                centres,
                dimension,
                lists,
                quantizer_kind(storage),
                faiss.METRIC_INNER_PRODUCT,
                False,  # noqa: FBT003 - FAISS takes no keywords: codes of the vectors, not of what is left of them
            )
            if storage == "int8":
                set_int8_range(index.sq, dimension)
        index.is_trained = True
        return IvfVectorStore(index)

    @staticmethod
    def open(path: Path, *, mapped: bool = True, whole_up_to: int = 0) -> IvfVectorStore:
        """Open a file that `write` wrote; mapped, lists are read as a search needs them.

        Raises:
            IndexStateError: the file is absent, damaged, or is no such index.
        """
        return IvfVectorStore.around(
            read_index(path, mapped=mapped, whole_up_to=whole_up_to), path, mapped=mapped
        )

    @staticmethod
    def around(index: Any, path: Path, *, mapped: bool) -> IvfVectorStore:
        """Make a store of what `read_index` read from a path.

        Raises:
            IndexStateError: it is another kind of index.
        """
        import faiss

        if not isinstance(index, faiss.IndexIVF):
            raise IndexStateError(f"{path}: vector file of type {type(index).__name__}, expected lists")
        return IvfVectorStore(index, is_mapped=mapped)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Columns of every vector."""
        return int(self._index.d)

    @property
    def lists(self) -> int:
        """How many lists there are."""
        return int(self._index.nlist)

    @property
    def storage(self) -> VectorStorage:
        """How values are kept."""
        return storage_of(int(self._index.code_size), self.dimension)

    def add(self, keys: IntVector, vectors: FloatMatrix) -> None:
        """Add (n, d) unit vectors under n keys; a key that is there already is replaced."""
        keys, vectors = checked(keys, vectors, self.dimension)
        if len(keys):
            self.remove(keys)
            self._change()
            self._index.add_with_ids(vectors, keys)

    def remove(self, keys: IntVector) -> None:
        """Forget keys; unknown ones are no error."""
        import faiss

        if len(self) and len(keys):
            self._change()
            self._index.remove_ids(faiss.IDSelectorBatch(np.ascontiguousarray(keys, np.int64)))

    def search(
        self, queries: FloatMatrix, k: int, allowed: IntVector | None = None
    ) -> tuple[IntVector, FloatMatrix]:
        """Find k near ones of (m, d) unit queries, among `allowed` keys when given."""
        import faiss

        if not len(queries):
            return no_hits(0, k)
        queries = np.ascontiguousarray(queries, np.float32)
        if allowed is None:
            # faiss accepts fields by keyword; its type stubs do not know.
            parameters = faiss.SearchParametersIVF(nprobe=self.probes)  # type: ignore[call-arg]
            with search_threads(len(queries)):
                cosines, keys = self._index.search(queries, k, params=parameters)
            return keys, np.where(keys == -1, np.float32(-np.inf), cosines)
        with search_threads(len(queries)):
            blocks = [
                self._search_among(queries[start : start + _QUERIES_AT_ONCE], k, self._choose(allowed))
                for start in range(0, len(queries), _QUERIES_AT_ONCE)
            ]
        return np.concatenate([keys for keys, _ in blocks]), np.concatenate([cosines for _, cosines in blocks])

    def _search_among(self, queries: FloatMatrix, k: int, chosen: _Chosen) -> tuple[IntVector, FloatMatrix]:
        import faiss

        keys, cosines = no_hits(len(queries), k)
        if not chosen.counts.any():
            return keys, cosines
        nearness, lists = self._index.quantizer.search(queries, self.lists)
        counts = chosen.counts[lists]
        # A query reads a list when the lists before it have not shown it enough allowed vectors yet.
        enough = len(self) * self.probes / self.lists
        read = (counts > 0) & (np.cumsum(counts, axis=1) - counts < enough)
        most = int(read.sum(axis=1).max())
        order = np.argsort(~read, axis=1, kind="stable")[:, :most]
        lists = np.where(np.take_along_axis(read, order, 1), np.take_along_axis(lists, order, 1), -1)
        nearness = np.ascontiguousarray(np.take_along_axis(nearness, order, 1))
        lists = np.ascontiguousarray(lists, np.int64)
        parameters = faiss.SearchParametersIVF(sel=chosen.selector, nprobe=most)  # type: ignore[call-arg]
        # The wrapper `search_preassigned` takes no parameters, so the function under it is called.
        self._index.search_preassigned_c(
            len(queries),
            faiss.swig_ptr(queries),
            k,
            faiss.swig_ptr(lists),
            faiss.swig_ptr(nearness),
            faiss.swig_ptr(cosines),
            faiss.swig_ptr(keys),
            False,  # noqa: FBT003 - FAISS takes no keywords: give keys, not places
            parameters,
        )
        return keys, np.where(keys == -1, np.float32(-np.inf), cosines)

    def _choose(self, allowed: IntVector) -> _Chosen:
        """Make a filter ready; the last ones are kept, because searches share them."""
        for chosen in self._chosen:
            if chosen.allowed is allowed:
                return chosen
        keys, lists = self._key_places()
        if len(allowed) and len(keys) and int(allowed.max()) <= 8 * len(keys) + (1 << 20):
            passes = np.zeros(max(int(allowed.max()), int(keys.max())) + 1, np.bool_)
            passes[allowed[allowed >= 0]] = True
            here = lists[passes[keys]]
        else:
            here = lists[np.isin(keys, allowed)]
        borrowed, only = selector(allowed)
        chosen = _Chosen(allowed, np.bincount(here, minlength=self.lists), only, borrowed)
        self._chosen = [chosen, *self._chosen[:_FILTERS_KEPT]]
        return chosen

    def _key_places(self) -> tuple[IntVector, IntVector]:
        """Give all keys and the list that each is in, by list."""
        import faiss

        if self._places is None:
            held = self._index.invlists
            sizes = [held.list_size(number) for number in range(self.lists)]
            keys = [
                faiss.rev_swig_ptr(held.get_ids(number), size).copy()
                for number, size in enumerate(sizes)
                if size
            ]
            self._places = (
                np.concatenate(keys) if keys else np.empty(0, np.int64),
                np.repeat(np.arange(self.lists), sizes),
            )
        return self._places

    def keys(self) -> IntVector:
        """Give all keys, list by list."""
        return self._key_places()[0]

    def write(self, path: Path) -> None:
        """Write the file whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        write_index(self._index, path, bulk=len(self) * (int(self._index.code_size) + _KEY_BYTES), tail=0)

    def _change(self) -> None:
        """Make ready to be changed: in memory, with nothing remembered of the keys."""
        self._places, self._chosen = None, []
        if self._is_mapped:
            self._index, self._is_mapped = in_memory(self._index), False
