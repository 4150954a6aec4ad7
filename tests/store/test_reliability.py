"""Killed, full, damaged, shared, older, newer: the index opens whole or says what is wrong."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from xsource.errors import IndexStateError, StorageError, XSourceError
from xsource.store import Index, StoredTranslation, open_index
from xsource.store.schema import APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION

BATCHES = 6


def contents(folder: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    connection = sqlite3.connect(folder / "catalog.sqlite3")
    connection.create_function("row_digest", -1, lambda *values: "", deterministic=True)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names
        }
    finally:
        connection.close()


def without_counters(found: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Leave out what counts transactions: a resumed build took others."""
    kept = {name: rows for name, rows in found.items() if name not in {"state", "translations"}}
    del kept["digests"]  # among them that of `state`
    kept["translations"] = [row[:6] for row in found["translations"]]
    return kept


def run_build(newsroom: ModuleType, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, newsroom.__file__, str(folder), str(BATCHES), *more],
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def uninterrupted(newsroom: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "index"
    assert run_build(newsroom, folder).stdout.endswith("done\n")
    return folder


def assert_whole_batches(newsroom: ModuleType, folder: Path, at_least: int) -> None:
    with open_index(folder, mode="read") as reader:
        assert [finding for finding in reader.check() if not finding.is_repairable] == []
        stored = reader.articles()
        batches, rest = divmod(len(stored), 4)
        assert rest == 0
        assert at_least <= batches <= BATCHES
        assert stored == [item[0] for number in range(batches) for item in newsroom.make_batch(number)]
        for _, sentences, vectors in newsroom.make_batch(0) if batches else []:
            np.testing.assert_array_equal(reader.vectors([s.id for s in sentences]), vectors)
            assert [row[0][0] for row in reader.search(vectors, 1)] == [s.id for s in sentences]


@pytest.mark.parametrize("seed", range(8))
def test_a_killed_build_opens_whole_and_goes_on(
    newsroom: ModuleType, folder: Path, uninterrupted: Path, seed: int
) -> None:
    chance = random.Random(seed)
    reported = chance.randrange(BATCHES + 1)
    child = subprocess.Popen(
        [sys.executable, newsroom.__file__, str(folder), str(BATCHES)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for _ in range(reported):
        child.stdout.readline()
    try:
        child.wait(chance.uniform(0, 0.03))
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    child.stdout.close()

    if (folder / "catalog.sqlite3").exists():
        assert_whole_batches(newsroom, folder, reported)
    assert run_build(newsroom, folder).stdout.endswith("done\n")
    assert without_counters(contents(folder)) == without_counters(contents(uninterrupted))
    with open_index(folder, mode="read") as reader:
        assert reader.check() == []


@pytest.mark.parametrize("kilobytes", [40, 120, 200, 260])
def test_a_full_disk_is_reported_and_loses_nothing(
    newsroom: ModuleType, folder: Path, uninterrupted: Path, kilobytes: int
) -> None:
    result = run_build(newsroom, folder, str(kilobytes * 1024))

    assert result.returncode == 1, result
    *reported, message = result.stdout.splitlines()
    assert message.startswith("StorageError: ")
    assert "catalog.sqlite3: disk full or not writable" in message
    assert "goes on where it stopped" in message
    assert_whole_batches(newsroom, folder, len(reported))
    assert run_build(newsroom, folder).stdout.endswith("done\n")
    assert without_counters(contents(folder)) == without_counters(contents(uninterrupted))


def test_a_second_writer_is_told_who_is_writing(index: Index, folder: Path, newsroom: ModuleType) -> None:
    result = run_build(newsroom, folder)

    assert result.stdout.startswith(f"StorageError: {folder}: process {os.getpid()} is writing this index")
    with pytest.raises(StorageError, match=f"process {os.getpid()} is writing"):
        open_index(folder, mode="write")


def test_the_next_writer_may_write_after_the_first(index: Index, folder: Path, newsroom: ModuleType) -> None:
    index.close()
    index.close()
    assert run_build(newsroom, folder).stdout.endswith("done\n")


def test_a_reader_keeps_its_view_until_it_refreshes(index: Index, folder: Path, newsroom: ModuleType) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    added = newsroom.make_article(30)
    with open_index(folder, mode="read") as reader:
        before = (reader.generation, reader.articles(), reader.search(added[2], 2))
        index.write_articles([added], newsroom.OUTLETS)
        index.vector_store()

        assert (reader.generation, reader.articles(), reader.search(added[2], 2)) == before
        reader.refresh()
        assert reader.generation == index.generation
        assert [row[0][0] for row in reader.search(added[2], 1)] == [sentence.id for sentence in added[1]]


def test_a_reader_that_opens_an_old_view_late_does_not_disturb_the_writer(
    index: Index, folder: Path, newsroom: ModuleType
) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    with open_index(folder, mode="read") as reader:
        added = newsroom.make_article(30)
        index.write_articles([added], newsroom.OUTLETS)
        index.vector_store()
        # The reader's first search is over a generation whose vector file is gone.
        assert not {row[0][0] for row in reader.search(added[2], 1)} & {s.id for s in added[1]}
    assert [row[0][0] for row in index.search(added[2], 1)] == [s.id for s in added[1]]


def _truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


def _lengthen(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"\0" * 100)


def _flip(place: float) -> Callable[[Path], None]:
    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[int(place * (len(content) - 1))] ^= 0x40
        path.write_bytes(content)

    return flip


def _other(path: Path) -> None:
    path.write_bytes(os.urandom(5000))


def _delete(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    "damage",
    [_truncate, _empty, _lengthen, _other, _delete, _flip(0.001), _flip(0.004), _flip(0.97), _flip(1.0)],
    ids=["truncated", "empty", "longer", "other", "deleted", "type", "sizes", "keys", "seal"],
)
def test_a_damaged_vector_file_is_found_and_made_again(
    index: Index, folder: Path, newsroom: ModuleType, damage: Callable[[Path], None]
) -> None:
    for number in range(8):
        index.write_articles(newsroom.make_batch(number), newsroom.OUTLETS)
    index.vector_store()
    index.close()
    (path,) = folder.glob("*.faiss")
    damage(path)

    _, sentences, vectors = newsroom.make_article(5)
    with open_index(folder, mode="read") as reader:
        (finding,) = reader.check()
        assert (finding.where, finding.is_repairable) == (path, True)
        assert [row[0][0] for row in reader.search(vectors, 1)] == [s.id for s in sentences]
        assert reader.check() == []


def test_a_flipped_bit_inside_a_vector_is_found_and_repaired(
    index: Index, folder: Path, newsroom: ModuleType
) -> None:
    for number in range(40):
        index.write_articles(newsroom.make_batch(number), newsroom.OUTLETS)
    index.vector_store()
    index.close()
    (path,) = folder.glob("*.faiss")
    _flip(0.5)(path)

    with open_index(folder, mode="write") as opened:
        (finding,) = opened.check()
        assert finding.where == path
        assert "its codes do not match its seal" in finding.message
        assert opened.repair() == []
        assert opened.check() == []


def test_a_folder_in_the_place_of_the_vector_file_does_not_stop_a_search(
    index: Index, folder: Path, newsroom: ModuleType
) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    index.vector_store()
    (path,) = folder.glob("*.faiss")
    path.unlink()
    path.mkdir()
    index.close()

    _, sentences, vectors = newsroom.make_article(2)
    with open_index(folder, mode="write") as opened:
        assert [row[0][0] for row in opened.search(vectors, 1)] == [s.id for s in sentences]
        (finding,) = opened.check()
        assert finding.where == path
        assert opened.repair() == []
        assert path.is_file()
    assert path.with_name(f"{path.name}.set-aside-1").is_dir()


def test_an_older_catalogue_put_back_does_not_meet_a_newer_vector_file(
    index: Index, folder: Path, newsroom: ModuleType, tmp_path: Path
) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    index.close()
    backup = (folder / "catalog.sqlite3").read_bytes()
    one, other = newsroom.make_article(50), newsroom.make_article(54)
    with open_index(folder, mode="write") as opened:
        opened.write_articles([one], newsroom.OUTLETS)
        opened.vector_store()
    (folder / "catalog.sqlite3").write_bytes(backup)

    with open_index(folder, mode="write") as opened:
        # The same generation as the file's, and as many vectors, but of another article.
        opened.write_articles([other], newsroom.OUTLETS)
        assert [row[0][0] for row in opened.search(other[2], 1)] == [s.id for s in other[1]]
        assert opened.check() == []


def _sql(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / "catalog.sqlite3")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DELETE FROM vectors WHERE sentence_key = 2", "1 sentences have no vector"),
        ("UPDATE vectors SET vector = zeroblob(8) WHERE sentence_key = 2", "1 vectors are not of 16 values"),
        ("DELETE FROM articles WHERE key = 1", "3 rows of sentences belong to nothing"),
        ("UPDATE sentences SET end = 100000 WHERE key = 2", "1 articles have sentences outside their text"),
    ],
)
def test_a_catalogue_that_contradicts_itself_is_found(
    index: Index, folder: Path, newsroom: ModuleType, statement: str, message: str
) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    index.close()
    _sql(folder, "PRAGMA foreign_keys = OFF", statement)

    with open_index(folder, mode="read") as reader:
        found = [finding for finding in reader.check() if message in finding.message]
    assert [(finding.where.name, finding.is_repairable) for finding in found] == [("catalog.sqlite3", False)]


def test_a_damaged_page_of_the_catalogue_is_found(index: Index, folder: Path, newsroom: ModuleType) -> None:
    for number in range(8):
        index.write_articles(newsroom.make_batch(number), newsroom.OUTLETS)
    index.close()
    path = folder / "catalog.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096 * 8 : 4096 * 20] = b"\xff" * (4096 * 12)
    path.write_bytes(content)

    with open_index(folder, mode="read") as reader:
        assert any(not finding.is_repairable for finding in reader.check())


def test_a_file_that_is_no_catalogue_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / "catalog.sqlite3").write_bytes(b"not SQLite at all" * 100)
    for mode in ("read", "write"):
        with pytest.raises(IndexStateError, match=r"catalog\.sqlite3: the catalogue is damaged"):
            open_index(folder, mode=mode)


def test_another_programs_database_is_left_alone(folder: Path) -> None:
    folder.mkdir()
    _sql(folder, "CREATE TABLE bookmarks (url)")
    for mode in ("read", "write"):
        with pytest.raises(IndexStateError, match="an SQLite file of another program"):
            open_index(folder, mode=mode)
    assert list(contents(folder)) == ["bookmarks"]


def test_a_newer_catalogue_is_refused_and_left_alone(index: Index, folder: Path) -> None:
    index.close()
    _sql(folder, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    for mode in ("read", "write"):
        with pytest.raises(
            IndexStateError, match=rf"version {SCHEMA_VERSION + 1}, .* up to {SCHEMA_VERSION}"
        ) as caught:
            open_index(folder, mode=mode)
        assert "update xsource" in caught.value.hint


def test_a_catalogue_that_was_only_begun_is_completed_by_a_writer(folder: Path) -> None:
    folder.mkdir()
    (folder / "catalog.sqlite3").touch()
    with open_index(folder, mode="write") as opened:
        assert (opened.articles(), opened.generation) == ([], 0)


def test_a_reader_refuses_a_catalogue_of_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / "catalog.sqlite3").touch()
    with pytest.raises(XSourceError):
        open_index(folder, mode="read")


def test_no_index_is_said_with_the_command_that_makes_one(folder: Path) -> None:
    with pytest.raises(IndexStateError, match="no index here") as caught:
        open_index(folder, mode="read")
    assert "xsource build" in caught.value.hint
    assert not folder.exists()


@pytest.mark.parametrize("mode", ["read", "write"])
def test_another_embedder_is_refused_by_name(index: Index, folder: Path, mode: Any) -> None:
    index.close()
    with pytest.raises(
        IndexStateError, match=r"made by the embedder test-embedder/1, but other/2 is asked for"
    ) as caught:
        open_index(folder, mode=mode, embedder_id="other/2", dimension=16)
    assert "--index" in caught.value.hint
    # The refused writer holds no lock.
    open_index(folder, mode="write", embedder_id="test-embedder/1", dimension=16).close()


def test_a_place_that_is_a_file_is_a_storage_error(folder: Path) -> None:
    folder.write_text("a file")
    with pytest.raises(StorageError, match="cannot be made"):
        open_index(folder, mode="write")


def test_a_partial_vector_file_is_cleared_away(index: Index, folder: Path, newsroom: ModuleType) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    leftover = folder / ".vectors-test-embedder-1-1-abc.faiss.x1y2.partial"
    leftover.write_bytes(b"half")
    index.vector_store()
    assert not leftover.exists()


def test_readers_see_whole_batches_while_another_process_writes(newsroom: ModuleType, folder: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, newsroom.__file__, str(folder), "20"], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    _, sentences, vectors = newsroom.make_article(1)
    seen = set()
    with open_index(folder, mode="read") as reader:
        while True:
            is_last = writer.poll() is not None
            stored = reader.articles()
            assert len(stored) % 4 == 0
            held = [sentence.id for sentence in reader.sentences()]
            assert len(reader.vectors(held)) == len(held) == 3 * len(stored)
            assert len(reader.vector_store()) == 3 * len(stored)
            assert [row[0][0] for row in reader.search(vectors, 1)] == [s.id for s in sentences]
            seen.add(len(stored))
            if is_last:
                break
            reader.refresh()
    writer.stdout.close()

    assert writer.returncode == 0
    assert max(seen) == 80
    assert len(seen) > 2


def test_an_index_on_a_disk_that_cannot_be_written_is_read(newsroom: ModuleType) -> None:
    place = Path(tempfile.mkdtemp())
    try:
        place.chmod(0o755)
        folder = place / "index"
        with open_index(
            folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION
        ) as index:
            index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
        folder.chmod(0o555)
        _, sentences, vectors = newsroom.make_article(1)
        child = os.fork()
        if child == 0:
            # Whatever happens, this copy of the test run must end here.
            status = 1
            try:
                if os.geteuid() == 0:
                    os.setuid(65534)
                # No search: FAISS waits for its threads, which a fork does not copy.
                with open_index(folder, mode="read") as reader:
                    found = reader.vectors([sentence.id for sentence in sentences])
                    status = 0 if np.array_equal(found, vectors) and len(reader.articles()) == 4 else 2
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert sorted(path.name for path in folder.iterdir()) == ["catalog.sqlite3", "write.lock"]
    finally:
        place.joinpath("index").chmod(0o755)
        shutil.rmtree(place)


def test_the_lock_of_a_folder_that_was_replaced_meanwhile_is_let_go(
    index: Index, folder: Path, newsroom: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild that ends between a writer's opening of the lock file and its locking of it."""
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    index.close()
    plain = fcntl.flock
    moments: list[str] = []

    def exchanged_before(descriptor: int, operation: int) -> None:
        if not moments:
            folder.rename(folder.with_name("old"))
            shutil.copytree(folder.with_name("old"), folder)
        moments.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        plain(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", exchanged_before)
    with open_index(folder, mode="write") as writer:
        assert moments == [str(folder.with_name("old") / "write.lock"), str(folder / "write.lock")]
        writer.write_articles(newsroom.make_batch(1), newsroom.OUTLETS)
        # The old folder is nobody's.
        open_index(folder.with_name("old"), mode="write").close()
    with open_index(folder, mode="read") as reader:
        assert len(reader.articles()) == 8


def test_a_file_system_without_locks_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StorageError, match=r"write\.lock: cannot be locked: No locks available"):
        open_index(folder, mode="write")


@contextlib.contextmanager
def files_of_at_most(most: int) -> Iterator[None]:
    """Let every write beyond so many bytes of a file fail, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_batch_that_does_not_fit_is_taken_back_and_fits_later(
    index: Index, folder: Path, newsroom: ModuleType
) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    log = folder / "catalog.sqlite3-wal"
    large = [newsroom.make_article(n, sentences=60) for n in range(40, 60)]
    before = index.generation
    with (
        files_of_at_most(log.stat().st_size + 20_000),
        pytest.raises(StorageError, match="disk full or not writable") as caught,
    ):
        index.write_articles(large, newsroom.OUTLETS)
    assert "goes on where it stopped" in caught.value.hint
    assert index.articles() == [item[0] for item in newsroom.make_batch(0)]
    assert index.generation == before
    assert index.write_articles(large, newsroom.OUTLETS) == 20
    index.vector_store()
    assert index.check() == []


def test_a_step_of_the_schema_that_does_not_fit_is_not_taken(folder: Path) -> None:
    """A catalogue of the first program, whose third step copies its translations."""
    folder.mkdir()
    catalog = folder / "catalog.sqlite3"
    rows = ", ".join(f"('{n}', 'ru>en', 'm/1', 'en', 'Делегация {n} прибыла', '[]', 1)" for n in range(800))
    _sql(
        folder,
        *MIGRATIONS[0],
        f"INSERT INTO translations VALUES {rows}",
        "PRAGMA user_version = 1",
        f"PRAGMA application_id = {APPLICATION_ID}",
    )
    with files_of_at_most(catalog.stat().st_size), pytest.raises(StorageError, match="disk full"):
        open_index(folder, mode="read")
    connection = sqlite3.connect(catalog)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert "verdicts" in names
    assert not names & {"digests", "sealed_translations"}
    connection.close()

    with open_index(folder, mode="read") as reader:
        assert (reader.articles(), reader.verdict_log()) == ([], [])
    assert len(contents(folder)["translations"]) == 800


def test_a_catalogue_that_lost_a_vector_says_so_when_it_is_asked_for(
    index: Index, folder: Path, newsroom: ModuleType
) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    index.close()
    _sql(folder, "DELETE FROM vectors WHERE sentence_key = 2")
    with open_index(folder, mode="read") as reader:
        with pytest.raises(IndexStateError, match=r"sentences without a vector, 1 of 12"):
            reader.vectors([sentence.id for sentence in reader.sentences()])
        assert len(reader.articles()) == 4


def test_a_vector_that_was_cut_is_said_when_it_is_read(
    index: Index, folder: Path, newsroom: ModuleType
) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    _, sentences, vectors = newsroom.make_article(0)
    index.close()
    _sql(folder, "UPDATE vectors SET vector = substr(vector, 1, 60) WHERE sentence_key = 2")
    with open_index(folder, mode="read") as reader:
        np.testing.assert_array_equal(reader.vectors([sentences[0].id]), vectors[:1])
        with pytest.raises(IndexStateError, match=r"2 stored vectors hold 124 bytes, expected 64 each"):
            reader.vectors([sentence.id for sentence in sentences[:2]])


def test_each_repair_keeps_a_copy_of_its_own(index: Index, folder: Path, newsroom: ModuleType) -> None:
    newsroom.say = lambda line: None
    newsroom.write_all(index, 1)
    index.close()
    for number in (1, 2):
        connection = sqlite3.connect(folder / "catalog.sqlite3")
        connection.create_function("row_digest", -1, lambda *values: "x", deterministic=True)
        connection.execute("UPDATE translations SET text = text || '!'")
        connection.commit()
        connection.close()
        with open_index(folder, mode="write") as writer:
            assert writer.repair() == []
            writer.write_translations(("ru", "en"), "m/1", {"да": StoredTranslation("yes")})
        copies = sorted(path.name for path in folder.glob("*.before-repair-*"))
        assert copies == [f"catalog.sqlite3.before-repair-{n}" for n in range(1, number + 1)]
