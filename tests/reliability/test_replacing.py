"""A new folder takes the place of an index in one step, and files lie where nobody can lose them."""

from __future__ import annotations

import ctypes
import os
import shutil
import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from xsource.errors import IndexStateError, StorageError
from xsource.pipeline import check_index
from xsource.store import open_index
from xsource.store.connection import Witness, WriterLock, read_witness, sqlite_errors
from xsource.store.replacing import exchange, is_index_file, make_folder, put_back, replacing, set_aside


@pytest.fixture(params=["exchanged", "renamed twice"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A system that exchanges names, and one that cannot."""
    if request.param == "renamed twice":
        monkeypatch.setattr(ctypes, "CDLL", lambda name, **more: object())
    return str(request.param)


def fill(folder: Path, newsroom: ModuleType, batch: int) -> None:
    with open_index(folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION) as index:
        index.write_articles(newsroom.make_batch(batch), newsroom.OUTLETS)


def articles(folder: Path) -> list[str]:
    with open_index(folder, mode="read") as index:
        return [article.id for article in index.articles()]


def test_the_new_folder_is_there_and_the_old_one_is_gone(
    whole: Path, newsroom: ModuleType, system: str
) -> None:
    (whole / "notes.txt").write_text("наши", "utf-8")
    with replacing(whole, dropped=["shard.json"]) as fresh:
        assert not fresh.exists()
        fill(fresh, newsroom, 40)
    assert articles(whole) == [item[0].id for item in newsroom.make_batch(40)]
    assert (whole / "notes.txt").read_text("utf-8") == "наши"
    assert [path.name for path in whole.parent.iterdir()] == ["index"]


def test_what_the_new_folder_has_is_not_taken_from_the_old(whole: Path, newsroom: ModuleType) -> None:
    for name in ("notes.txt", "shard.json"):
        (whole / name).write_text("old", "utf-8")
    with replacing(whole, dropped=["shard.json"]) as fresh:
        fill(fresh, newsroom, 40)
        (fresh / "notes.txt").write_text("new", "utf-8")
    assert (whole / "notes.txt").read_text("utf-8") == "new"
    assert not (whole / "shard.json").exists()


def test_the_old_folder_can_be_kept(whole: Path, newsroom: ModuleType, system: str) -> None:
    before = articles(whole)
    with replacing(whole, old_as=whole.with_name("old")) as fresh:
        fill(fresh, newsroom, 40)
    assert articles(whole.with_name("old")) == before
    assert len(articles(whole)) == 4
    assert sorted(path.name for path in whole.parent.iterdir()) == ["index", "old"]


def test_an_error_leaves_the_index_as_it_was(whole: Path, newsroom: ModuleType) -> None:
    before = articles(whole)

    def give_up() -> None:
        with replacing(whole) as fresh:
            fill(fresh, newsroom, 40)
            raise KeyError

    with pytest.raises(KeyError):
        give_up()
    assert articles(whole) == before
    assert [path.name for path in whole.parent.iterdir()] == ["index"]
    open_index(whole, mode="write").close()


def test_names_that_cannot_be_exchanged_leave_the_index_as_it_was(
    whole: Path, newsroom: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing:
        def renameat2(self, *given: object) -> int:
            ctypes.set_errno(5)
            return -1

    before = articles(whole)
    monkeypatch.setattr(ctypes, "CDLL", lambda name, **more: Refusing())
    with pytest.raises(StorageError, match="cannot be replaced: Input/output error"), replacing(whole) as fresh:
        fill(fresh, newsroom, 40)
    assert articles(whole) == before


def test_a_second_rename_that_fails_is_taken_back(
    whole: Path, newsroom: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = articles(whole)
    monkeypatch.setattr(ctypes, "CDLL", lambda name, **more: object())
    with pytest.raises(FileNotFoundError):
        exchange(whole.with_name("not there"), whole)
    assert articles(whole) == before


def test_a_place_without_an_index_gets_one(folder: Path, newsroom: ModuleType) -> None:
    with replacing(folder) as fresh:
        fill(fresh, newsroom, 1)
    assert len(articles(folder)) == 4


def test_what_was_stopped_between_two_renames_is_put_back(whole: Path) -> None:
    before = articles(whole)
    whole.rename(whole.with_name("index.replaced"))
    assert articles(whole) == before
    put_back(whole)  # nothing to do
    assert articles(whole) == before


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(StorageError, match="cannot be made"):
        make_folder(tmp_path / "file" / "below")


def test_what_is_set_aside_gets_a_name_of_its_own(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / "a").mkdir()
        assert set_aside(tmp_path / "a") == tmp_path / f"a.set-aside-{number}"


def test_files_are_copied_where_they_cannot_be_linked(
    whole: Path, newsroom: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> None:
        raise OSError(95, "not supported")

    (whole / "raw").mkdir()
    (whole / "raw" / "page").write_bytes(b"a page")
    monkeypatch.setattr(os, "link", refuse)
    with replacing(whole) as fresh:
        fill(fresh, newsroom, 40)
    assert (whole / "raw" / "page").read_bytes() == b"a page"


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("catalog.sqlite3", True),
        ("catalog.sqlite3-wal", True),
        ("catalog.sqlite3-journal", True),
        ("write.lock", True),
        ("vectors-a-1.faiss", True),
        (".vectors-a-1.faiss.x.partial", True),
        ("catalog.unreadable.sqlite3", False),
        ("catalog.sqlite3.before-repair-1", False),
        ("outlets.toml", False),
        ("raw", False),
        ("заметки.txt", False),
    ],
)
def test_what_is_of_the_index_and_what_is_not(name: str, ours: bool) -> None:
    assert is_index_file(name) == ours


def test_a_lock_of_a_folder_that_was_replaced_is_not_mistaken_for_the_new_one(
    whole: Path, newsroom: ModuleType
) -> None:
    with replacing(whole) as fresh:
        fill(fresh, newsroom, 40)
        with pytest.raises(StorageError, match=f"process {os.getpid()} is writing"):
            WriterLock(whole)
    lock = WriterLock(whole)
    try:
        assert os.path.samestat(os.fstat(lock._descriptor), (whole / "write.lock").stat())
    finally:
        lock.release()


def test_the_lock_file_says_who_wrote_last_and_what(whole: Path) -> None:
    with open_index(whole, mode="read") as index:
        generation = index.generation
    assert read_witness(whole / "write.lock") == Witness(os.getpid(), generation)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"12", b"nobody\n", b"1 2 3\n", b"123456789012345\n", b" " * 41], ids=repr
)
def test_a_lock_file_that_says_something_else_is_known(whole: Path, content: bytes) -> None:
    (whole / "write.lock").write_bytes(content)
    with pytest.raises(ValueError, match="not what a writer leaves"):
        read_witness(whole / "write.lock")
    (finding,) = check_index(whole)
    assert finding.where.name == "write.lock"
    assert check_index(whole, repair=True) == []


def test_a_lock_file_that_cannot_be_opened_is_a_storage_error(whole: Path) -> None:
    (whole / "write.lock").unlink()
    (whole / "write.lock").mkdir()
    with pytest.raises(StorageError, match="cannot be written: Is a directory"):
        open_index(whole, mode="write")


def test_a_full_disk_does_not_keep_the_lock_from_being_held(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path)
    descriptor, lock._descriptor = lock._descriptor, os.open(tmp_path / "write.lock", os.O_RDONLY)
    lock.note(7)  # cannot be written, and is no reason to stop
    os.close(lock._descriptor)
    lock._descriptor = descriptor
    lock.release()


def test_an_error_of_sqlite_that_is_ours_stays_what_it_is(tmp_path: Path) -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError, match="syntax error"), sqlite_errors(tmp_path / "c"):
        connection.execute("SELEKT")
    with pytest.raises(IndexStateError, match="is damaged: no such table"), sqlite_errors(tmp_path / "c"):
        connection.execute("SELECT * FROM nowhere")


def test_a_catalogue_that_another_program_holds_too_long_is_said_so(
    whole: Path, newsroom: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xsource.store.connection.BUSY_SECONDS", 0.05)
    other = sqlite3.connect(whole / "catalog.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with (
            open_index(whole, mode="write") as index,
            pytest.raises(StorageError, match="another process has held the catalogue"),
        ):
            index.write_articles(newsroom.make_batch(9), newsroom.OUTLETS)
    finally:
        other.close()


def test_a_journal_of_the_first_moment_is_rolled_back_for_a_reader(folder: Path) -> None:
    """A power cut while the catalogue is made leaves a journal, which a reader may not roll back itself."""
    folder.mkdir()
    connection = sqlite3.connect(folder / "catalog.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("CREATE TABLE filler (x)")
    connection.execute("DROP TABLE filler")
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE half (x)")
    for _ in range(200):
        connection.execute("INSERT INTO half VALUES (randomblob(900))")
    shutil.copytree(folder, folder.with_name("cut"))
    connection.execute("ROLLBACK")
    connection.close()
    assert (folder.with_name("cut") / "catalog.sqlite3-journal").exists()

    with open_index(folder.with_name("cut"), mode="read") as reader:
        assert (reader.articles(), reader.generation) == ([], 0)
    assert not (folder.with_name("cut") / "catalog.sqlite3-journal").exists()


def test_the_index_of_a_reader_is_not_one_half_of_a_rebuild(whole: Path, newsroom: ModuleType) -> None:
    """Rebuilds beside a reader that opens again and again: each view is of one of the two folders."""
    import threading

    fill(whole.with_name("spare"), newsroom, 40)
    sides: Any = {tuple(articles(whole)), tuple(articles(whole.with_name("spare")))}
    seen: set[tuple[str, ...]] = set()
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            exchange(whole.with_name("spare"), whole)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        for _ in range(60):
            seen.add(tuple(articles(whole)))
    finally:
        stop.set()
        thread.join()
    assert seen <= sides
