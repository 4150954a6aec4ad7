"""Every vector store answers as plain numpy does. A store is added here by one line in `STORES`."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.protocols import VectorStore
from xsource.records import FloatMatrix, IntVector
from xsource.settings import VectorStorage
from xsource.store.inverted_lists import IvfVectorStore
from xsource.store.milvus import MilvusVectorStore
from xsource.store.reranking import RerankedVectorStore
from xsource.store.vector_stores import FlatVectorStore, NumpyVectorStore


class Backed:
    """An approximate store with the vectors themselves beside it, as an index has them in its catalogue."""

    def __init__(self, inner: VectorStore, dimension: int) -> None:
        self._kept = NumpyVectorStore(dimension)
        self._store = RerankedVectorStore(inner, self._kept.vectors)

    def __len__(self) -> int:
        return len(self._store)

    def add(self, keys: IntVector, vectors: FloatMatrix) -> None:
        self._store.add(keys, vectors)
        self._kept.add(keys, vectors)

    def remove(self, keys: IntVector) -> None:
        self._store.remove(keys)
        self._kept.remove(keys)

    def search(
        self, queries: FloatMatrix, k: int, allowed: IntVector | None = None
    ) -> tuple[IntVector, FloatMatrix]:
        return self._store.search(queries, k, allowed)


def backed_flat(storage: VectorStorage) -> Callable[[int], VectorStore]:
    return lambda dimension: Backed(FlatVectorStore(dimension, storage), dimension)


def backed_lists(storage: VectorStorage) -> Callable[[int], VectorStore]:
    # 20 lists, all of which are read: what is approximate in it is how values are kept.
    return lambda dimension: Backed(
        IvfVectorStore.trained(unit_vectors(200, dimension, 99), 20, storage), dimension
    )


_lite = tempfile.TemporaryDirectory(prefix="xsource-milvus-")
_collections = itertools.count()


def milvus(dimension: int) -> VectorStore:
    """A collection of its own in one Milvus Lite file."""
    pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
    pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")
    return MilvusVectorStore(f"{_lite.name}/lite.db", f"c{next(_collections)}", dimension)


def lists(dimension: int) -> VectorStore:
    return IvfVectorStore.trained(unit_vectors(200, dimension, 99), 20, "float32")


STORES: dict[str, Callable[[int], VectorStore]] = {
    "numpy": NumpyVectorStore,
    "faiss flat": FlatVectorStore,
    "faiss flat float16": backed_flat("float16"),
    "faiss flat int8": backed_flat("int8"),
    "faiss lists": lists,
    "faiss lists float16": backed_lists("float16"),
    "faiss lists int8": backed_lists("int8"),
    "milvus": milvus,
}


@pytest.fixture(params=list(STORES))
def make(request: pytest.FixtureRequest) -> Callable[[int], VectorStore]:
    return STORES[request.param]


def unit_vectors(count: int, dimension: int, seed: int) -> FloatMatrix:
    vectors = np.random.default_rng(seed).standard_normal((count, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def brute_force(
    vectors: dict[int, FloatMatrix], queries: FloatMatrix, k: int, allowed: set[int] | None = None
) -> list[list[tuple[int, float]]]:
    """What every store must find: written apart from both of them, one cosine at a time."""
    answers = []
    for query in queries:
        cosines = [
            (float(np.dot(query.astype(np.float64), vector.astype(np.float64))), key)
            for key, vector in vectors.items()
            if allowed is None or key in allowed
        ]
        answers.append([(key, cosine) for cosine, key in sorted(cosines, key=lambda pair: -pair[0])[:k]])
    return answers


def assert_finds(found: tuple[IntVector, FloatMatrix], expected: list[list[tuple[int, float]]], k: int) -> None:
    keys, cosines = found
    assert keys.shape == cosines.shape == (len(expected), k)
    assert keys.dtype == np.int64
    assert cosines.dtype == np.float32
    for row_keys, row_cosines, row in zip(keys, cosines, expected, strict=True):
        assert row_keys[: len(row)].tolist() == [key for key, _ in row]
        np.testing.assert_allclose(row_cosines[: len(row)], [cosine for _, cosine in row], atol=1e-6)
        assert (row_keys[len(row) :] == -1).all()
        assert np.isneginf(row_cosines[len(row) :]).all()


def test_it_finds_what_brute_force_finds(make: Callable[[int], VectorStore]) -> None:
    keys = np.random.default_rng(1).permutation(5_000)[:700].astype(np.int64)
    vectors, queries = unit_vectors(700, 48, 2), unit_vectors(9, 48, 3)
    store = make(48)
    store.add(keys, vectors)

    assert len(store) == 700
    assert_finds(
        store.search(queries, 12), brute_force(dict(zip(keys.tolist(), vectors, strict=True)), queries, 12), 12
    )


def test_only_allowed_keys_are_found(make: Callable[[int], VectorStore]) -> None:
    vectors, queries = unit_vectors(300, 24, 4), unit_vectors(5, 24, 5)
    store = make(24)
    store.add(np.arange(300), vectors)
    allowed = np.array([3, 250, 299, 17, 8, 100_000, -1])

    expected = brute_force(dict(enumerate(vectors)), queries, 4, set(allowed.tolist()))
    assert_finds(store.search(queries, 4, allowed), expected, 4)


def test_a_filter_over_large_keys_is_the_same_filter(make: Callable[[int], VectorStore]) -> None:
    keys = np.array([5, 2**40, 2**62], np.int64)
    vectors = unit_vectors(3, 8, 6)
    store = make(8)
    store.add(keys, vectors)

    expected = brute_force(dict(zip(keys.tolist(), vectors, strict=True)), vectors, 2, {5, 2**62})
    assert_finds(store.search(vectors, 2, keys[[0, 2]]), expected, 2)


def test_nothing_allowed_finds_nothing(make: Callable[[int], VectorStore]) -> None:
    store = make(8)
    store.add(np.arange(4), unit_vectors(4, 8, 7))

    assert_finds(store.search(unit_vectors(2, 8, 8), 3, np.empty(0, np.int64)), [[], []], 3)


def test_an_empty_store_finds_nothing(make: Callable[[int], VectorStore]) -> None:
    assert_finds(make(8).search(unit_vectors(2, 8, 9), 3), [[], []], 3)


def test_no_queries_give_no_rows(make: Callable[[int], VectorStore]) -> None:
    store = make(8)
    store.add(np.arange(4), unit_vectors(4, 8, 7))

    assert_finds(store.search(np.empty((0, 8), np.float32), 3), [], 3)


def test_fewer_than_k_are_padded(make: Callable[[int], VectorStore]) -> None:
    vectors = unit_vectors(2, 8, 10)
    store = make(8)
    store.add(np.array([7, 9]), vectors)

    assert_finds(store.search(vectors[:1], 5), brute_force({7: vectors[0], 9: vectors[1]}, vectors[:1], 5), 5)


def test_adding_a_key_again_replaces_its_vector(make: Callable[[int], VectorStore]) -> None:
    old, new = unit_vectors(3, 8, 11), unit_vectors(1, 8, 12)
    store = make(8)
    store.add(np.array([1, 2, 3]), old)
    store.add(np.array([2]), new)

    assert len(store) == 3
    assert_finds(store.search(new, 3), brute_force({1: old[0], 2: new[0], 3: old[2]}, new, 3), 3)


def test_the_last_of_a_key_given_twice_counts(make: Callable[[int], VectorStore]) -> None:
    vectors = unit_vectors(3, 8, 13)
    store = make(8)
    store.add(np.array([4, 5, 4]), vectors)

    assert len(store) == 2
    assert_finds(store.search(vectors, 2), brute_force({4: vectors[2], 5: vectors[1]}, vectors, 2), 2)


def test_unknown_keys_are_removed_without_complaint(make: Callable[[int], VectorStore]) -> None:
    vectors = unit_vectors(2, 8, 14)
    store = make(8)
    store.remove(np.array([1]))
    store.add(np.array([1, 2]), vectors)
    store.remove(np.array([1, 99]))

    assert len(store) == 1
    assert_finds(store.search(vectors, 2), brute_force({2: vectors[1]}, vectors, 2), 2)


@pytest.mark.parametrize(
    ("keys", "shape"),
    [([1, 2], (2, 7)), ([1], (2, 8)), ([-1], (1, 8))],
    ids=["columns", "rows", "negative key"],
)
def test_what_does_not_fit_is_refused(
    make: Callable[[int], VectorStore], keys: list[int], shape: tuple[int, int]
) -> None:
    store = make(8)
    with pytest.raises(ValueError, match=r"expected|negative"):
        store.add(np.array(keys), np.ones(shape, np.float32))
    assert len(store) == 0


steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(st.integers(0, 12), min_size=1, max_size=6)),
        st.tuples(st.just("remove"), st.lists(st.integers(0, 14), max_size=6)),
    ),
    max_size=12,
)


def check_steps(name: str, steps: list[tuple[str, list[int]]], k: int, filtered: set[int] | None) -> None:
    expected: dict[int, FloatMatrix] = {}
    store = STORES[name](8)
    for number, (step, keys) in enumerate(steps):
        if step == "add":
            vectors = unit_vectors(len(keys), 8, number)
            store.add(np.array(keys, np.int64), vectors)
            expected.update(zip(keys, vectors, strict=True))
        else:
            store.remove(np.array(keys, np.int64))
            for key in keys:
                expected.pop(key, None)
    queries = unit_vectors(3, 8, 1_000)
    allowed = None if filtered is None else np.array(sorted(filtered), np.int64)

    assert len(store) == len(expected)
    assert_finds(store.search(queries, k, allowed), brute_force(expected, queries, k, filtered), k)


histories = given(steps=steps, k=st.integers(1, 6), filtered=st.none() | st.sets(st.integers(0, 14)))


@pytest.mark.parametrize("name", [name for name in STORES if name != "milvus"])
@settings(max_examples=40, deadline=None)
@histories
def test_any_order_of_adding_and_removing_ends_like_brute_force(
    name: str, steps: list[tuple[str, list[int]]], k: int, filtered: set[int] | None
) -> None:
    check_steps(name, steps, k, filtered)


@settings(max_examples=6, deadline=None)
@histories
def test_any_order_of_adding_and_removing_on_milvus_ends_like_brute_force(
    steps: list[tuple[str, list[int]]], k: int, filtered: set[int] | None
) -> None:
    check_steps("milvus", steps, k, filtered)


def test_adding_nothing_changes_nothing(make: Callable[[int], VectorStore]) -> None:
    vectors = unit_vectors(50, 24, 6)
    store = make(24)
    store.add(np.arange(50), vectors)
    store.add(np.empty(0, np.int64), np.empty((0, 24), np.float32))

    assert len(store) == 50
    assert_finds(store.search(vectors[:3], 5), brute_force(dict(enumerate(vectors)), vectors[:3], 5), 5)


def test_the_same_filter_twice_is_the_same_answer_and_another_is_another(
    make: Callable[[int], VectorStore],
) -> None:
    vectors, queries = unit_vectors(200, 24, 7), unit_vectors(4, 24, 8)
    store = make(24)
    store.add(np.arange(200), vectors)
    even, odd = np.arange(0, 200, 2), np.arange(1, 200, 2)
    for allowed in (even, even, odd, even):
        expected = brute_force(dict(enumerate(vectors)), queries, 6, set(allowed.tolist()))
        assert_finds(store.search(queries, 6, allowed), expected, 6)
    # What is remembered of a filter is forgotten when the vectors change.
    store.remove(np.arange(0, 100))
    left = dict(list(enumerate(vectors))[100:])
    assert_finds(store.search(queries, 6, even), brute_force(left, queries, 6, set(even.tolist())), 6)


def test_numpy_gives_the_vectors_of_known_keys_only() -> None:
    vectors = unit_vectors(3, 8, 9)
    store = NumpyVectorStore(8)
    with pytest.raises(ValueError, match="a key is not in the store"):
        store.vectors(np.array([7]))
    store.add(np.array([7, 5, 9]), vectors)
    np.testing.assert_array_equal(store.vectors(np.array([9, 7])), vectors[[2, 0]])
    with pytest.raises(ValueError, match="a key is not in the store"):
        store.vectors(np.array([7, 6]))
