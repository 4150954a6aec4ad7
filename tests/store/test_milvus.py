"""An index on Milvus: it finds what the vector file finds, and a server that is gone takes nothing with it."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from xsource.errors import IndexStateError, InputError, StorageError
from xsource.store import Index, open_index
from xsource.store.milvus import Conditions, MilvusVectorStore

pytest.importorskip("pymilvus", reason="the extra milvus is not installed")
pytest.importorskip("milvus_lite", reason="Milvus Lite is not installed")

DAY = datetime(2024, 2, 10, 6, 30, 0, 9, UTC)


def ids(rows: list[list[tuple[str, float]]]) -> list[list[str]]:
    return [[id_ for id_, _ in row] for row in rows]


def assert_finds(index: Index, newsroom: ModuleType, numbers: range) -> None:
    for number in numbers:
        _, sentences, vectors = newsroom.make_article(number)
        assert ids(index.search(vectors, 1)) == [[sentence.id] for sentence in sentences]


def open_for_writing(folder: Path, newsroom: ModuleType) -> Index:
    return open_index(folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION)


def settings_for(uri: str) -> dict[str, str]:
    return {"vector_store": "milvus", "milvus_uri": uri}


@pytest.fixture
def uri(tmp_path: Path) -> str:
    return str(tmp_path / "lite" / "sentences.db")


@pytest.fixture
def on_milvus(index: Index, newsroom: ModuleType, uri: str) -> Index:
    index.write_articles([newsroom.make_article(n) for n in range(30)], newsroom.OUTLETS)
    index.write_settings(settings_for(uri))
    index.vector_store()
    return index


def test_filters_are_the_servers_and_find_what_the_vector_file_finds(
    on_milvus: Index, newsroom: ModuleType
) -> None:
    queries = newsroom.unit_vectors(4, 1_000)
    cases: list[dict[str, Any]] = [
        {},
        {"outlets": ["hayarkon"]},
        {"languages": ["ru", "ar"]},
        {"since": DAY},
        {"until": DAY},
        {"only_claims": True},
        {"outlets": ["hayarkon", "al-manara"], "languages": ["he"], "since": DAY, "only_claims": True},
        {"outlets": []},
        {"languages": ["fr"]},
        {"outlets": ['"] or true or outlet in ["']},
    ]
    found = [on_milvus.search(queries, 7, **filters) for filters in cases]
    on_milvus.write_settings({"vector_store": "flat"})
    on_milvus._store_name = ""
    for filters, rows in zip(cases, found, strict=True):
        wanted = on_milvus.search(queries, 7, **filters)
        assert ids(rows) == ids(wanted), filters
        for row, expected in zip(rows, wanted, strict=True):
            np.testing.assert_allclose([c for _, c in row], [c for _, c in expected], atol=1e-6)


def test_what_is_added_and_removed_is_found_or_not(
    on_milvus: Index, newsroom: ModuleType, folder: Path
) -> None:
    on_milvus.write_articles([newsroom.make_article(40)], newsroom.OUTLETS)
    on_milvus.remove_articles([newsroom.make_article(3)[0].id])
    assert_finds(on_milvus, newsroom, range(40, 41))
    gone = {sentence.id for sentence in newsroom.make_article(3)[1]}
    assert not {row[0] for row in ids(on_milvus.search(newsroom.make_article(3)[2], 1))} & gone
    assert on_milvus.check() == []
    on_milvus.close()
    with open_index(folder, mode="read") as reader:
        assert_finds(reader, newsroom, range(10, 30))


def test_a_lost_lite_file_is_said_and_filled_again(
    on_milvus: Index, newsroom: ModuleType, folder: Path, uri: str
) -> None:
    on_milvus.close()
    shutil.rmtree(uri)
    with open_index(folder, mode="read") as reader:
        with pytest.raises(IndexStateError, match="another set of vectors") as caught:
            reader.search(newsroom.unit_vectors(1, 1), 1)
        assert "doctor --repair" in caught.value.hint
        assert [finding.is_repairable for finding in reader.check()] == [True]
    with open_for_writing(folder, newsroom) as writer:
        assert_finds(writer, newsroom, range(30))


def test_a_fill_that_was_stopped_goes_on(
    on_milvus: Index, newsroom: ModuleType, folder: Path, uri: str
) -> None:
    on_milvus.write_articles([newsroom.make_article(n) for n in range(40, 44)], newsroom.OUTLETS)
    base, present = on_milvus._state("milvus_base", ""), on_milvus._vector_file_name()
    collection = on_milvus._state("milvus_collection", "")
    on_milvus.close()
    # As a kill leaves it: between two sets, the first of the new vectors there.
    store = MilvusVectorStore(uri, collection, newsroom.DIMENSION)
    store.stamp = f"{base}>{present}"
    store.add(np.array([91]), newsroom.make_article(40)[2][:1])
    store.close()

    with open_for_writing(folder, newsroom) as writer:
        assert_finds(writer, newsroom, range(40, 44))
        assert writer.check() == []


def test_a_catalogue_put_back_does_not_meet_newer_vectors(
    on_milvus: Index, newsroom: ModuleType, folder: Path
) -> None:
    on_milvus.close()
    backup = (folder / "catalog.sqlite3").read_bytes()
    with open_for_writing(folder, newsroom) as writer:
        writer.write_articles([newsroom.make_article(50)], newsroom.OUTLETS)
        writer.vector_store()
    (folder / "catalog.sqlite3").write_bytes(backup)
    with open_for_writing(folder, newsroom) as writer:
        writer.write_articles([newsroom.make_article(54)], newsroom.OUTLETS)
        assert_finds(writer, newsroom, range(54, 55))
        assert writer.check() == []


@pytest.mark.parametrize(
    ("uri", "message"),
    [("", "milvus_uri is empty"), ("vectors", "ends in .db"), ("http://me:secret@127.0.0.1:1", "a password")],
)
def test_an_address_that_is_none_is_refused(index: Index, newsroom: ModuleType, uri: str, message: str) -> None:
    index.write_articles([newsroom.make_article(0)], newsroom.OUTLETS)
    index.write_settings(settings_for(uri))
    with pytest.raises(InputError, match=message) as caught:
        index.vector_store()
    assert "secret" not in caught.value.message + caught.value.hint


def test_conditions_are_written_as_milvus_reads_them() -> None:
    conditions = Conditions(("וואלה", 'a"b'), ("he",), 5, 9, only_claims=True)
    assert conditions.expression() == (
        'outlet in ["a\\"b", "וואלה"] and language in ["he"] and published_at >= 5 and published_at < 9'
        " and is_claim == true"
    )
    assert Conditions().expression() == ""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Milvus server in a process of its own, to be killed; `start` it again by the returned list."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    processes: list[subprocess.Popen[bytes]] = []
    start_server(tmp_path, port, processes)
    try:
        yield f"http://127.0.0.1:{port}", processes
    finally:
        processes[-1].kill()
        processes[-1].wait()


def start_server(folder: Path, port: int, processes: list[subprocess.Popen[bytes]]) -> None:
    command = [
        str(Path(sys.executable).with_name("milvus-lite")), "server", "--data-dir", str(folder / "server"),
        "--host", "127.0.0.1", "--port", str(port),
    ]  # fmt: skip
    processes.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start within 30 seconds")


def test_a_killed_server_costs_a_message_and_nothing_else(
    index: Index,
    newsroom: ModuleType,
    folder: Path,
    tmp_path: Path,
    server: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    uri, processes = server
    index.write_articles([newsroom.make_article(n) for n in range(10)], newsroom.OUTLETS)
    index.write_settings(settings_for(uri))
    assert_finds(index, newsroom, range(10))

    processes[-1].kill()
    processes[-1].wait()
    with pytest.raises(StorageError, match="Milvus does not answer") as caught:
        index.search(newsroom.unit_vectors(1, 1), 1)
    assert "nothing is lost" in caught.value.hint
    # A build goes on writing to the catalogue, and says at its end that the server is gone.
    index.write_articles([newsroom.make_article(n) for n in range(10, 14)], newsroom.OUTLETS)
    with pytest.raises(StorageError, match="Milvus does not answer"):
        index.vector_store()
    index.close()
    with sqlite3.connect(folder / "catalog.sqlite3") as catalogue:
        assert catalogue.execute("SELECT count(*) FROM vectors").fetchone() == (42,)

    start_server(tmp_path, int(uri.rsplit(":", 1)[1]), processes)
    with open_for_writing(folder, newsroom) as writer:
        assert_finds(writer, newsroom, range(14))
        assert writer.check() == []


def test_a_collection_that_was_never_filled_is_said_and_filled(
    index: Index, newsroom: ModuleType, folder: Path, uri: str
) -> None:
    index.write_articles([newsroom.make_article(n) for n in range(4)], newsroom.OUTLETS)
    index.write_settings(settings_for(uri))
    index.close()
    with open_index(folder, mode="read") as reader:
        with pytest.raises(IndexStateError, match="has not been filled from this index"):
            reader.search(newsroom.unit_vectors(1, 1), 1)
        (finding,) = reader.check()
        assert (finding.message, finding.is_repairable) == ("the Milvus collection has not been filled", True)
    with open_for_writing(folder, newsroom) as writer:
        assert writer.repair() == []
        assert_finds(writer, newsroom, range(4))


def test_a_collection_that_lost_a_vector_behind_its_stamp_is_found_and_refilled(
    on_milvus: Index, newsroom: ModuleType, folder: Path, uri: str
) -> None:
    collection = on_milvus._state("milvus_collection", "")
    on_milvus.close()
    store = MilvusVectorStore(uri, collection, newsroom.DIMENSION)
    store.remove(np.array([5]))
    store.close()
    store.close()

    with open_for_writing(folder, newsroom) as writer:
        (finding,) = writer.check()
        assert (finding.message, finding.is_repairable) == (
            "the Milvus collection's keys are not the catalogue's", True,
        )  # fmt: skip
        assert writer.repair() == []
        assert_finds(writer, newsroom, range(30))


def test_a_collection_of_another_dimension_is_refused(uri: str) -> None:
    made = MilvusVectorStore(uri, "narrow", 8)
    with pytest.raises(IndexStateError, match="collection narrow holds vectors of 8 values, expected 16"):
        MilvusVectorStore(uri, "narrow", 16)
    made.close()
