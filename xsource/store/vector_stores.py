"""Exact search by cosine: on FAISS, and in plain numpy as the reference that FAISS is compared with."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xsource.errors import IndexStateError
from xsource.records import FloatMatrix, IntVector
from xsource.store.seal import check_seal, seal_file

if TYPE_CHECKING:
    import faiss

# A bitmap over all keys is the fastest filter; beyond this many bytes a hash set is used.
_LARGEST_BITMAP = 64 << 20


class NumpyVectorStore:
    """Keeps vectors in one matrix and compares a query with all of them."""

    def __init__(self, dimension: int) -> None:
        self._keys: IntVector = np.empty(0, np.int64)
        self._vectors: FloatMatrix = np.empty((0, dimension), np.float32)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, keys: IntVector, vectors: FloatMatrix) -> None:
        """Add (n, d) unit vectors under n keys; a key that is there already is replaced."""
        keys, vectors = _checked(keys, vectors, self._vectors.shape[1])
        self.remove(keys)
        self._keys = np.concatenate([self._keys, keys])
        self._vectors = np.concatenate([self._vectors, vectors])

    def remove(self, keys: IntVector) -> None:
        """Forget keys; unknown ones are no error."""
        kept = ~np.isin(self._keys, keys)
        self._keys, self._vectors = self._keys[kept], self._vectors[kept]

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
        result_keys = np.full((len(queries), k), -1, np.int64)
        result_cosines = np.full((len(queries), k), -np.inf, np.float32)
        result_keys[:, :found] = keys[nearest]
        result_cosines[:, :found] = np.take_along_axis(cosines, nearest, axis=1)
        return result_keys, result_cosines


class FlatVectorStore:
    """Keeps vectors in a FAISS flat inner-product index, in memory or mapped from a file.

    Args:
        dimension: columns of every vector.
    """

    def __init__(self, dimension: int) -> None:
        import faiss

        # Not IndexIDMap2: its second map, from key to place, is built anew at each open and never asked.
        self._index: faiss.IndexIDMap = faiss.IndexIDMap(faiss.IndexFlatIP(dimension))
        self._largest_key = -1
        self._is_mapped = False

    @staticmethod
    def open(path: Path) -> FlatVectorStore:
        """Open a file that `write` wrote, mapped into memory: vectors are read as a search needs them.

        Raises:
            IndexStateError: the file is absent, ends early, or is no such index.
        """
        import faiss

        check_seal(path)
        try:
            index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as exc:
            raise IndexStateError(f"{path}: unreadable vector file: {str(exc)[:200]}") from exc
        if not isinstance(index, faiss.IndexIDMap) or index.metric_type != faiss.METRIC_INNER_PRODUCT:
            raise IndexStateError(f"{path}: vector file of type {type(index).__name__}, expected IndexIDMap")
        store = FlatVectorStore(index.d)
        store._index, store._is_mapped = index, True
        store._largest_key = int(store.keys().max(initial=-1))
        return store

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Columns of every vector."""
        return int(self._index.d)

    def add(self, keys: IntVector, vectors: FloatMatrix) -> None:
        """Add (n, d) unit vectors under n keys; a key that is there already is replaced."""
        keys, vectors = _checked(keys, vectors, self.dimension)
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
            return np.empty((0, k), np.int64), np.empty((0, k), np.float32)
        queries = np.ascontiguousarray(queries, np.float32)
        if allowed is None:
            cosines, keys = self._index.search(queries, k)
        else:
            # The selector only borrows the array: `chosen` must outlive the search.
            chosen, selector = _selector(np.ascontiguousarray(allowed, np.int64))
            # faiss accepts fields by keyword; its type stubs do not know.
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
            cosines, keys = self._index.search(queries, k, params=parameters)
            del chosen
        return keys, np.where(keys == -1, np.float32(-np.inf), cosines)

    def keys(self) -> IntVector:
        """Give all keys, in the order in which they were added."""
        import faiss

        return np.asarray(faiss.vector_to_array(self._index.id_map), np.int64)

    def stored_vectors(self, start: int, count: int) -> FloatMatrix:
        """Give `count` vectors from place `start` on, in the order of `keys`."""
        import faiss

        if count == 0:
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(faiss.downcast_index(self._index.index).reconstruct_n(start, count), np.float32)

    def write(self, path: Path) -> None:
        """Write the file whole or not at all: under another name, synced, renamed, its folder synced.

        Raises:
            OSError: it cannot be written.
        """
        import faiss

        descriptor, partial = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
        try:
            try:
                faiss.write_index(self._index, partial)
                seal_file(Path(partial), len(self))
            except RuntimeError as exc:
                raise OSError(errno.EIO, f"cannot be written: {exc}", str(path)) from exc
            finally:
                os.fsync(descriptor)
                os.close(descriptor)
            Path(partial).chmod(0o644)
            Path(partial).replace(path)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def _unmap(self) -> None:
        """Bring a mapped index into memory, because FAISS must not change a mapped one."""
        import faiss

        if self._is_mapped:
            keys, vectors = self.keys(), self.stored_vectors(0, len(self))
            self._index = faiss.IndexIDMap(faiss.IndexFlatIP(self.dimension))
            self._index.add_with_ids(vectors, keys)
            self._is_mapped = False


def sync_folder(folder: Path) -> None:
    """Make renames in a folder outlast a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checked(keys: IntVector, vectors: FloatMatrix, dimension: int) -> tuple[IntVector, FloatMatrix]:
    """Check shapes, and keep the last vector of a key that is given twice."""
    keys = np.ascontiguousarray(keys, np.int64)
    vectors = np.ascontiguousarray(vectors, np.float32)
    if vectors.shape != (len(keys), dimension):
        raise ValueError(f"vectors have shape {vectors.shape}, expected {(len(keys), dimension)}")
    if len(keys) and keys.min() < 0:
        raise ValueError(f"key {keys.min()} is negative")
    last = len(keys) - 1 - np.unique(keys[::-1], return_index=True)[1]
    if len(last) < len(keys):
        last.sort()
        return keys[last], vectors[last]
    return keys, vectors


def _selector(allowed: IntVector) -> tuple[object, faiss.IDSelector]:
    import faiss

    allowed = allowed[allowed >= 0]
    largest = int(allowed.max()) if len(allowed) else 0
    if largest // 8 >= _LARGEST_BITMAP:
        return allowed, faiss.IDSelectorBatch(allowed)
    chosen = np.zeros(largest + 1, np.bool_)
    chosen[allowed] = True
    bitmap = np.packbits(chosen, bitorder="little")
    # faiss takes an array for size and pointer; its type stubs do not know.
    return bitmap, faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]
