"""The vector file: its kind by size or by choice, carried on from build to build, never wrong when damaged."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import faiss
import numpy as np
import pytest

from xsource.errors import IndexStateError
from xsource.records import FloatMatrix
from xsource.store import Index, open_index
from xsource.store.faiss_files import search_threads, write_index
from xsource.store.inverted_lists import GROWTH, IvfVectorStore, lists_for
from xsource.store.vector_file import Kind, kind_of, open_vector_file
from xsource.store.vector_stores import FlatVectorStore, NumpyVectorStore

LISTS = {"vector_store": "ivf"}


def file_of(folder: Path) -> Path:
    (path,) = folder.glob("*.faiss")
    return path


def assert_finds_every_sentence(index: Index, newsroom: ModuleType, numbers: range) -> None:
    for number in numbers:
        _, sentences, vectors = newsroom.make_article(number)
        found = index.search(vectors, 1)
        assert [row[0][0] for row in found] == [sentence.id for sentence in sentences]
        np.testing.assert_allclose([row[0][1] for row in found], 1.0, atol=1e-6)


@pytest.fixture
def filled(index: Index, newsroom: ModuleType) -> Iterator[Index]:
    index.write_articles([newsroom.make_article(n) for n in range(80)], newsroom.OUTLETS)
    yield index
    index.close()


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({}, Kind("flat", "float32")),
        ({"exact_up_to": "240"}, Kind("flat", "float32")),
        ({"exact_up_to": "239"}, Kind("ivf", "int8")),
        ({"vector_storage": "float16"}, Kind("flat", "float16")),
        ({"vector_store": "flat", "exact_up_to": "1", "vector_storage": "int8"}, Kind("flat", "int8")),
        ({"vector_store": "ivf"}, Kind("ivf", "int8")),
        ({"vector_store": "ivf", "vector_storage": "float32"}, Kind("ivf", "float32")),
    ],
    ids=str,
)
def test_the_kind_of_file_is_chosen_by_size_and_by_settings(
    filled: Index, folder: Path, newsroom: ModuleType, settings: dict[str, str], kind: Kind
) -> None:
    filled.write_settings(settings)
    filled.vector_store()

    assert kind_of(open_vector_file(file_of(folder))) == kind
    assert_finds_every_sentence(filled, newsroom, range(80))
    assert filled.check() == []


def test_another_choice_makes_another_file_and_readers_take_what_there_is(
    filled: Index, folder: Path, newsroom: ModuleType
) -> None:
    filled.vector_store()
    filled.write_settings(LISTS)
    with open_index(folder, mode="read") as reader:
        assert_finds_every_sentence(reader, newsroom, range(3))
        assert kind_of(open_vector_file(file_of(folder))).engine == "flat"
    filled.close()
    with open_index(folder, mode="write") as again:
        again.vector_store()
    assert kind_of(open_vector_file(file_of(folder))).engine == "ivf"


@pytest.mark.parametrize("settings", [{}, LISTS], ids=["flat", "lists"])
def test_a_build_carries_the_file_on(
    filled: Index, folder: Path, newsroom: ModuleType, settings: dict[str, str]
) -> None:
    filled.write_settings(settings)
    filled.vector_store()
    filled.write_articles([newsroom.make_article(n) for n in range(80, 90)], newsroom.OUTLETS)
    filled.remove_articles([newsroom.make_article(5)[0].id])
    filled.vector_store()

    store = open_vector_file(file_of(folder))
    if isinstance(store, IvfVectorStore):
        # Made from nothing it would have more.
        assert (store.lists, lists_for(len(store))) == (lists_for(240), 65)
    assert filled.check() == []
    assert_finds_every_sentence(filled, newsroom, range(6, 90))
    gone = {sentence.id for sentence in newsroom.make_article(5)[1]}
    assert not {row[0][0] for row in filled.search(newsroom.make_article(5)[2], 1)} & gone


def test_what_is_carried_on_is_not_read_again(filled: Index, folder: Path, newsroom: ModuleType) -> None:
    filled.vector_store()
    filled.close()
    # A vector that changes behind the index's back tells whether it is read.
    connection = sqlite3.connect(folder / "catalog.sqlite3")
    with connection:
        connection.execute("UPDATE vectors SET vector = zeroblob(64) WHERE sentence_key = 1")
    connection.close()
    with open_index(folder, mode="write") as writer:
        writer.write_articles([newsroom.make_article(100)], newsroom.OUTLETS)
        writer.vector_store()

    store = open_vector_file(file_of(folder))
    assert isinstance(store, FlatVectorStore)
    np.testing.assert_array_equal(store.stored_vectors(0, 3), newsroom.make_article(0)[2])


def test_lists_are_learned_anew_when_there_are_twice_as_many_vectors(
    filled: Index, folder: Path, newsroom: ModuleType
) -> None:
    filled.write_settings(LISTS)
    filled.vector_store()
    counts, lists = [], []
    for number in range(80, 320, 20):
        filled.write_articles([newsroom.make_article(n) for n in range(number, number + 20)], newsroom.OUTLETS)
        filled.vector_store()
        store = open_vector_file(file_of(folder))
        assert isinstance(store, IvfVectorStore)
        counts.append(len(store))
        lists.append(store.lists)
    assert all(lists_for(count) <= GROWTH**0.5 * held for count, held in zip(counts, lists, strict=True))
    assert sorted(set(lists)) == [lists_for(240), lists_for(counts[lists.index(max(lists))])]
    assert_finds_every_sentence(filled, newsroom, range(320))


def test_a_file_of_a_catalogue_put_back_is_not_carried_on(
    filled: Index, folder: Path, newsroom: ModuleType
) -> None:
    filled.write_settings(LISTS)
    filled.close()
    backup = (folder / "catalog.sqlite3").read_bytes()
    with open_index(folder, mode="write") as one:
        one.write_articles([newsroom.make_article(100)], newsroom.OUTLETS)
        one.vector_store()
    (folder / "catalog.sqlite3").write_bytes(backup)
    for name in ("catalog.sqlite3-wal", "catalog.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)

    with open_index(folder, mode="write") as other:
        other.write_articles([newsroom.make_article(n) for n in (104, 105)], newsroom.OUTLETS)
        assert_finds_every_sentence(other, newsroom, range(104, 106))
        assert other.check() == []


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _flip(place: float) -> Callable[[Path], None]:
    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int(place * (len(content) - 1))] ^= 0x40
        path.write_bytes(content)

    return flip


@pytest.mark.parametrize(
    "damage",
    [
        _truncate,
        *(_flip(place) for place in (0, 0.001, 0.01, 0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 0.99, 1)),
    ],
)
@pytest.mark.parametrize("settings", [LISTS, {"vector_storage": "int8"}], ids=["lists", "flat int8"])
def test_damage_anywhere_in_a_file_of_codes_is_found_and_the_file_made_again(
    filled: Index, folder: Path, newsroom: ModuleType, settings: dict[str, str], damage: Callable[[Path], None]
) -> None:
    filled.write_settings(settings)
    filled.vector_store()
    filled.close()
    path = file_of(folder)
    whole = path.read_bytes()
    damage(path)

    with pytest.raises(IndexStateError):
        open_vector_file(path, whole=True)
    with open_index(folder, mode="read") as reader:
        (finding,) = reader.check()
        assert (finding.where, finding.is_repairable) == (path, True)
        # Exact all the same: the cosines are those of the catalogue.
        assert_finds_every_sentence(reader, newsroom, range(20))
    with open_index(folder, mode="write") as writer:
        assert writer.repair() == []
    assert path.read_bytes() == whole


def test_damage_is_not_carried_on_into_the_next_file(filled: Index, folder: Path, newsroom: ModuleType) -> None:
    filled.vector_store()
    filled.close()
    _flip(0.5)(file_of(folder))  # inside a vector: not looked at when the file is opened for a search

    with open_index(folder, mode="write") as writer:
        writer.write_articles([newsroom.make_article(100)], newsroom.OUTLETS)
        writer.vector_store()
        assert writer.check() == []


def clustered(count: int, dimension: int, groups: int, seed: int) -> tuple[FloatMatrix, np.ndarray]:
    """Vectors of `groups` languages: around a centre each, as an encoder's are."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(1).standard_normal((groups, dimension))
    group = rng.integers(groups, size=count)
    vectors = (centres[group] + 1.5 * rng.standard_normal((count, dimension))).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), group


@pytest.mark.parametrize("part", ["another language", "one in a hundred", "nine in ten"])
def test_a_filter_acts_inside_the_lists(part: str) -> None:
    """With 40 of 400 lists read, what passes a filter is found where it is, not only near the query."""
    vectors, group = clustered(20_000, 32, 4, seed=2)
    queries, of_query = clustered(60, 32, 4, seed=3)
    queries = queries[of_query == 0]
    chosen = {
        "another language": group == 3,
        "one in a hundred": np.arange(20_000) % 100 == 7,
        "nine in ten": np.arange(20_000) % 10 != 7,
    }[part]
    allowed = np.flatnonzero(chosen)
    store = IvfVectorStore.trained(vectors[:10_000], 400, "float32")
    store.probes = 40  # a tenth, as in large indexes; by itself so small a one reads nearly all
    store.add(np.arange(20_000), vectors)
    reference = NumpyVectorStore(32)
    reference.add(np.arange(20_000), vectors)

    found, _ = store.search(queries, 10, allowed)
    wanted, _ = reference.search(queries, 10, allowed)

    assert np.isin(found, allowed).all()
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found.tolist(), wanted.tolist(), strict=True)])
    # An index that filtered afterwards would find .1 of them in the first case, and .02 in the second.
    assert recall >= (1.0 if part == "one in a hundred" else 0.8)


def test_a_mapped_file_stays_on_disk(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).standard_normal((60_000, 256)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    lists = IvfVectorStore.trained(vectors[:4_000], 100, "float32")
    flat = FlatVectorStore(256)
    for number, store in enumerate((flat, lists)):
        store.add(np.arange(len(vectors)), vectors)
        store.write(tmp_path / f"{number}.faiss")

    for number in range(2):
        before = resident_megabytes()
        store = open_vector_file(tmp_path / f"{number}.faiss")
        after = resident_megabytes()
        assert len(store) == 60_000
        # The file has 61 MB.
        assert after - before < 20, (number, before, after)


def resident_megabytes() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _keys(folder: Path) -> np.ndarray:
    with sqlite3.connect(folder / "catalog.sqlite3") as catalogue:
        found = [key for (key,) in catalogue.execute("SELECT key FROM sentences ORDER BY key")]
    return np.array(found, np.int64)


def test_a_sound_file_of_other_keys_is_found_and_made_again(
    filled: Index, folder: Path, newsroom: ModuleType
) -> None:
    filled.vector_store()
    filled.close()
    path = file_of(folder)
    other = FlatVectorStore(newsroom.DIMENSION)
    other.add(_keys(folder) + 1, newsroom.unit_vectors(240, 5))
    other.write(path)

    with open_index(folder, mode="write") as writer:
        (finding,) = writer.check()
        assert (finding.where, finding.is_repairable) == (path, True)
        assert finding.message == "its vectors are not those of the catalogue"
        assert writer.repair() == []
        assert_finds_every_sentence(writer, newsroom, range(80))


@pytest.mark.parametrize("count", [3, 239, 241])
def test_a_sound_file_of_too_few_or_too_many_vectors_is_not_searched(
    filled: Index, folder: Path, newsroom: ModuleType, count: int
) -> None:
    filled.vector_store()
    filled.close()
    path = file_of(folder)
    other = FlatVectorStore(newsroom.DIMENSION)
    other.add(np.arange(count), newsroom.unit_vectors(count, 5))
    other.write(path)

    with open_index(folder, mode="read") as reader:
        (finding,) = reader.check()
        assert finding.message == f"{count} vectors of 16 values, expected 240 of 16"
        assert_finds_every_sentence(reader, newsroom, range(20))
        assert reader.check() == []


def test_a_file_of_codes_that_names_keys_of_no_catalogue_is_said(
    filled: Index, folder: Path, newsroom: ModuleType
) -> None:
    filled.write_settings({"vector_storage": "int8"})
    filled.vector_store()
    filled.close()
    path = file_of(folder)
    other = FlatVectorStore(newsroom.DIMENSION, "int8")
    other.add(_keys(folder) + 1000, newsroom.unit_vectors(240, 5))
    other.write(path)

    with open_index(folder, mode="read") as reader:
        with pytest.raises(IndexStateError, match=r"240 of 240 keys are in no catalogue") as caught:
            reader.search(newsroom.unit_vectors(1, 5), 100)
        assert "doctor --repair" in caught.value.hint
        assert [finding.where for finding in reader.check()] == [path]
    with open_index(folder, mode="write") as writer:
        assert writer.repair() == []
        assert_finds_every_sentence(writer, newsroom, range(80))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: faiss.IndexFlatL2(16), "vector file of metric 1, expected inner product"),
        (lambda: faiss.IndexFlatIP(16), "vector file of type IndexFlatIP, expected IndexIDMap"),
    ],
    ids=["another metric", "no keys"],
)
def test_a_sealed_file_of_another_kind_is_refused_and_made_again(
    filled: Index, folder: Path, newsroom: ModuleType, make: Callable[[], Any], message: str
) -> None:
    filled.vector_store()
    filled.close()
    path = file_of(folder)
    index = make()
    index.add(newsroom.unit_vectors(240, 5))
    write_index(index, path, bulk=240 * 64, tail=0)

    with pytest.raises(IndexStateError, match=message):
        open_vector_file(path)
    with open_index(folder, mode="read") as reader:
        assert_finds_every_sentence(reader, newsroom, range(20))


def test_a_file_without_lists_is_not_opened_as_one(tmp_path: Path) -> None:
    store = FlatVectorStore(16)
    store.add(np.arange(3), clustered(3, 16, 1, seed=4)[0])
    store.write(tmp_path / "flat.faiss")
    with pytest.raises(IndexStateError, match="vector file of type IndexIDMap, expected lists"):
        IvfVectorStore.open(tmp_path / "flat.faiss")


def test_lists_are_not_learned_from_fewer_vectors_than_lists() -> None:
    vectors, _ = clustered(9, 16, 1, seed=4)
    with pytest.raises(ValueError, match="9 vectors cannot be the sample for 10 lists"):
        IvfVectorStore.trained(vectors, 10)
    assert IvfVectorStore.trained(vectors, 9).lists == 9


@pytest.mark.parametrize("kind", ["flat", "lists"])
def test_a_mapped_store_is_changed_in_memory_and_its_file_is_not(tmp_path: Path, kind: str) -> None:
    vectors, _ = clustered(300, 16, 3, seed=5)
    store = FlatVectorStore(16) if kind == "flat" else IvfVectorStore.trained(vectors, 10, "float32")
    store.add(np.arange(300), vectors)
    store.write(tmp_path / "kept.faiss")
    before = (tmp_path / "kept.faiss").read_bytes()

    mapped = open_vector_file(tmp_path / "kept.faiss", mapped=True)
    allowed = np.arange(300)
    assert mapped.search(vectors[:1], 1, allowed)[0].tolist() == [[0]]
    mapped.remove(np.array([0]))
    mapped.add(np.array([900]), vectors[:1])
    assert mapped.search(vectors[:1], 1)[0].tolist() == [[900]]
    assert mapped.search(vectors[:1], 1, np.append(allowed, 900))[0].tolist() == [[900]]
    assert sorted(mapped.keys().tolist()) == [*range(1, 300), 900]
    assert (tmp_path / "kept.faiss").read_bytes() == before


def test_no_stored_vectors_are_an_empty_matrix(tmp_path: Path) -> None:
    store = FlatVectorStore(16)
    assert store.stored_vectors(0, 0).shape == (0, 16)


def test_there_are_no_more_threads_than_queries_and_afterwards_as_many_as_before() -> None:
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(3)
    try:
        seen = []
        for queries in (1, 2, 9):
            with search_threads(queries):
                seen.append(faiss.omp_get_max_threads())
        assert seen == [1, 2, 3]
        with pytest.raises(KeyError), search_threads(1):
            raise KeyError
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)
