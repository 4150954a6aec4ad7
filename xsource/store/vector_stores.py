"""Exact search by cosine: on FAISS, and in plain numpy as the reference that FAISS is compared with."""

from __future__ import annotations

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

# Behind its codes, FAISS writes the number of keys in 8 bytes, and the keys.
_KEY_BYTES = 8


class NumpyVectorStore:
    """Keeps vectors in one matrix and compares a query with all of them."""

    def __init__(self, dimension: int) -> None:
        self._keys: IntVector = np.empty(0, np.int64)
        self._vectors: FloatMatrix = np.empty((0, dimension), np.float32)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, keys: IntVector, vectors: FloatMatrix) -> None:
        """Add (n, d) unit vectors under n keys; a key that is there already is replaced."""
        keys, vectors = checked(keys, vectors, self._vectors.shape[1])
        self.remove(keys)
        self._keys = np.concatenate([self._keys, keys])
        self._vectors = np.concatenate([self._vectors, vectors])

    def remove(self, keys: IntVector) -> None:
        """Forget keys; unknown ones are no error."""
        kept = ~np.isin(self._keys, keys)
        self._keys, self._vectors = self._keys[kept], self._vectors[kept]

    def vectors(self, keys: IntVector) -> FloatMatrix:
        """Give the vectors of keys in the given order: (n, d) float32.

        Raises:
            ValueError: a key is not there.
        """
        order = np.argsort(self._keys)
        places = np.searchsorted(self._keys, keys, sorter=order)
        rows = order[np.minimum(places, max(0, len(order) - 1))] if len(order) else places
        if len(keys) and (not len(order) or not np.array_equal(self._keys[rows], keys)):
            raise ValueError("a key is not in the store")
        return self._vectors[rows]

    def search(
        self, queries: FloatMatrix, k: int, allowed: IntVector | None = None
    ) -> tuple[IntVector, FloatMatrix]:
        """Find the k nearest of (m, d) unit queries, among `allowed` keys when given."""
        keys, vectors = self._keys, self._vectors
        if allowed is not None:
            kept = np.isin(keys, allowed)
            keys, vectors = keys[kept], vectors[kept]
        cosines = np.asarray(queries @ vectors.T, np.float32)
        nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        found = nearest.shape[1]
        result_keys, result_cosines = no_hits(len(queries), k)
        result_keys[:, :found] = keys[nearest]
        result_cosines[:, :found] = np.take_along_axis(cosines, nearest, axis=1)
        return result_keys, result_cosines


class FlatVectorStore:
    """Keeps vectors in a FAISS index that compares a query with each, in memory or mapped from a file.

    Args:
        dimension: columns of every vector.
        storage: how values are kept. In float32 the cosines found are exact; in the others near them.
    """

    def __init__(self, dimension: int, storage: VectorStorage = "float32") -> None:
        import faiss

        flat: Any
        if storage == "float32":
            flat = faiss.IndexFlatIP(dimension)
        else:
            flat = faiss.IndexScalarQuantizer(dimension, quantizer_kind(storage), faiss.METRIC_INNER_PRODUCT)
            if storage == "int8":
                set_int8_range(flat.sq, dimension)
            flat.is_trained = True
        # Not IndexIDMap2: its second map, from key to place, is built anew at each open and never asked.
        self._index: faiss.IndexIDMap = faiss.IndexIDMap(flat)
        self._largest_key = -1
        self._is_mapped = False

    @staticmethod
    def open(path: Path, *, mapped: bool = True) -> FlatVectorStore:
        """Open a file that `write` wrote; mapped, vectors are read as a search needs them.

        Raises:
            IndexStateError: the file is absent, ends early, or is no such index.
        """
        return FlatVectorStore.around(read_index(path, mapped=mapped, whole_up_to=0), path, mapped=mapped)

    @staticmethod
    def around(index: Any, path: Path, *, mapped: bool) -> FlatVectorStore:
        """Make a store of what `read_index` read from a path.

        Raises:
            IndexStateError: it is another kind of index.
        """
        import faiss

        if not isinstance(index, faiss.IndexIDMap):
            raise IndexStateError(f"{path}: vector file of type {type(index).__name__}, expected IndexIDMap")
        store = FlatVectorStore(index.d)
        store._index, store._is_mapped = index, mapped
        store._largest_key = int(store.keys().max(initial=-1))
        return store

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Columns of every vector."""
        return int(self._index.d)

    @property
    def storage(self) -> VectorStorage:
        """How values are kept."""
        return storage_of(self._code_bytes, self.dimension)

    @property
    def _code_bytes(self) -> int:
        return int(self._index.index.sa_code_size())

    def add(self, keys: IntVector, vectors: FloatMatrix) -> None:
        """Add (n, d) unit vectors under n keys; a key that is there already is replaced."""
        keys, vectors = checked(keys, vectors, self.dimension)
        if not len(keys):
            return
        if keys.min() <= self._largest_key:  # otherwise all are new, and there is nothing to look for
            self.remove(keys)
        self._unmap()
        self._index.add_with_ids(vectors, keys)
        self._largest_key = max(self._largest_key, int(keys.max()))

    def remove(self, keys: IntVector) -> None:
        """Forget keys; unknown ones are no error."""
        import faiss

        if len(self) and len(keys):
            self._unmap()
            self._index.remove_ids(faiss.IDSelectorBatch(np.ascontiguousarray(keys, np.int64)))

    def search(
        self, queries: FloatMatrix, k: int, allowed: IntVector | None = None
    ) -> tuple[IntVector, FloatMatrix]:
        """Find the k nearest of (m, d) unit queries, among `allowed` keys when given."""
        import faiss

        if not len(queries):
            return no_hits(0, k)
        queries = np.ascontiguousarray(queries, np.float32)
        with search_threads(len(queries)):
            if allowed is None:
                cosines, keys = self._index.search(queries, k)
            else:
                # The selector only borrows the array: `chosen` must outlive the search.
                chosen, only = selector(allowed)
                # faiss accepts fields by keyword; its type stubs do not know.
                parameters = faiss.SearchParameters(sel=only)  # type: ignore[call-arg]
                cosines, keys = self._index.search(queries, k, params=parameters)
                del chosen
        return keys, np.where(keys == -1, np.float32(-np.inf), cosines)

    def keys(self) -> IntVector:
        """Give all keys, in the order in which they were added."""
        import faiss

        return np.asarray(faiss.vector_to_array(self._index.id_map), np.int64)

    def stored_vectors(self, start: int, count: int) -> FloatMatrix:
        """Give `count` vectors from place `start` on, in the order of `keys`, as near as they are kept."""
        import faiss

        if count == 0:
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(faiss.downcast_index(self._index.index).reconstruct_n(start, count), np.float32)

    def write(self, path: Path) -> None:
        """Write the file whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        tail = _KEY_BYTES * (len(self) + 1)
        write_index(self._index, path, bulk=len(self) * self._code_bytes, tail=tail)

    def _unmap(self) -> None:
        if self._is_mapped:
            self._index = in_memory(self._index)
            self._is_mapped = False
