"""What the FAISS stores share: codes of vectors, files that are written whole, filters, checked arguments."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xsource.errors import IndexStateError
from xsource.records import FloatMatrix, IntVector
from xsource.settings import VectorStorage
from xsource.store.durable import sync_folder
from xsource.store.seal import check_seal, seal_file

if TYPE_CHECKING:
    import faiss

BYTES_A_VALUE: dict[VectorStorage, int] = {"float32": 4, "float16": 2, "int8": 1}

# A bitmap over all keys is the fastest filter; beyond this many bytes a hash set is used.
_LARGEST_BITMAP = 64 << 20
# Values of a unit vector in d dimensions are mostly within 3 / sqrt(d) of 0. What is further out than this many
# times 1 / sqrt(d) is stored as this; the exact cosine is measured afterwards on the vector itself.
_INT8_REACH = 6.0


def set_int8_range(quantizer: Any, dimension: int) -> None:
    """Let a scalar quantizer store bytes over a fixed range: nothing has to be learned from vectors."""
    import faiss

    reach = min(1.0, _INT8_REACH / dimension**0.5)
    faiss.copy_array_to_vector(np.array([-reach, 2 * reach], np.float32), quantizer.trained)


def quantizer_kind(storage: VectorStorage) -> int:
    """Name in FAISS's terms how a value is stored."""
    import faiss

    kinds = {"float16": faiss.ScalarQuantizer.QT_fp16, "int8": faiss.ScalarQuantizer.QT_8bit_uniform}
    return int(kinds[storage])


def storage_of(code_bytes: int, dimension: int) -> VectorStorage:
    """Tell from the bytes of a vector's code how its values are stored."""
    return next(storage for storage, size in BYTES_A_VALUE.items() if size * dimension == code_bytes)


def read_index(path: Path, *, mapped: bool, whole_up_to: int) -> Any:
    """Read a sealed FAISS file; mapped, its codes stay on disk until a search needs them.

    Raises:
        IndexStateError: the file is absent, ends early, is damaged, or is no index over cosines.
    """
    import faiss

    check_seal(path, whole_up_to=whole_up_to)
    try:
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC if mapped else 0)
    except RuntimeError as exc:
        raise IndexStateError(f"{path}: unreadable vector file: {str(exc)[:200]}") from exc
    if index.metric_type != faiss.METRIC_INNER_PRODUCT:
        raise IndexStateError(f"{path}: vector file of metric {index.metric_type}, expected inner product")
    return index


def in_memory(index: Any) -> Any:
    """Copy a mapped index, because FAISS must not change one (and `clone_index` of one crashes, 1.15.1)."""
    import faiss

    return faiss.deserialize_index(faiss.serialize_index(index))


def write_index(index: Any, path: Path, *, bulk: int, tail: int) -> None:
    """Write and seal the file whole or not at all: under another name, synced, renamed, its folder synced.

    Args:
        index: of FAISS.
        path: where.
        bulk: bytes of codes, the part before the tail that is only checked where that is cheap.
        tail: bytes at the end that hold keys.

    Raises:
        OSError: it cannot be written.
    """
    import faiss

    descriptor, partial = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
    try:
        try:
            faiss.write_index(index, partial)
            seal_file(Path(partial), bulk=bulk, tail=tail)
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


def checked(keys: IntVector, vectors: FloatMatrix, dimension: int) -> tuple[IntVector, FloatMatrix]:
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


def selector(allowed: IntVector) -> tuple[object, faiss.IDSelector]:
    """Make a filter of keys. It only borrows the first thing returned, which must outlive the search."""
    import faiss

    allowed = np.ascontiguousarray(allowed[allowed >= 0], np.int64)
    largest = int(allowed.max()) if len(allowed) else 0
    if largest // 8 >= _LARGEST_BITMAP:
        return allowed, faiss.IDSelectorBatch(allowed)
    chosen = np.zeros(largest + 1, np.bool_)
    chosen[allowed] = True
    bitmap = np.packbits(chosen, bitorder="little")
    # faiss takes an array for size and pointer; its type stubs do not know.
    return bitmap, faiss.IDSelectorBitmap(bitmap)  # type: ignore[call-arg, arg-type]


@contextmanager
def search_threads(queries: int) -> Iterator[None]:
    """Search on as many threads as there are queries, at most: a lone query on the calling thread alone.

    Threads of one query wait for each other at its end, and spin while they wait: where another program has a
    core, flat search among 20,000 vectors took 112 ms and 24 ms of CPU on two threads, 1.4 ms of both on one
    (22 November 2026). The number is OpenMP's of the calling thread only, and is put back.
    """
    import faiss

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(max(1, min(before, queries)))
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def no_hits(queries: int, k: int) -> tuple[IntVector, FloatMatrix]:
    """Give the answer that finds nothing."""
    return np.full((queries, k), -1, np.int64), np.full((queries, k), -np.inf, np.float32)
