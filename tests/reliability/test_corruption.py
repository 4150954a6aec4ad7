"""Every file of an index, damaged in every way that a disk or a person damages files: `doctor` names it."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from xsource.errors import IndexStateError, StorageError
from xsource.pipeline import check_index
from xsource.store import open_index
from xsource.store.catalog import SEALED_TABLES
from xsource.store.folder_checks import is_running
from xsource.store.tables import row_digest

CATALOG, LOG, SHARED, LOCK, VECTORS = (
    "catalog.sqlite3", "catalog.sqlite3-wal", "catalog.sqlite3-shm", "write.lock", "vectors",
)  # fmt: skip
NO_PROCESS = 2**22 + 1  # above the highest that Linux gives


def contents(folder: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    connection = sqlite3.connect(folder / CATALOG)
    connection.create_function("row_digest", -1, row_digest, deterministic=True)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names
        }
    finally:
        connection.close()


def file_of(folder: Path, name: str) -> Path:
    if name != VECTORS:
        return folder / name
    (path,) = folder.glob("vectors-*.faiss")
    return path


def truncate(path: Path, older: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip(path: Path, older: Path) -> None:
    content = bytearray(path.read_bytes())
    # What is zero may be the room that SQLite leaves in a page, where nothing is written.
    content[next(place for place in range(int(len(content) * 0.6), len(content)) if content[place])] ^= 0x04
    path.write_bytes(content)


def swap(path: Path, older: Path) -> None:
    shutil.copyfile(file_of(older, VECTORS if path.name.startswith("vectors") else path.name), path)


def delete(path: Path, older: Path) -> None:
    path.unlink()


def make_folder(path: Path, older: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "kept").write_text("somebody's", "utf-8")


def make_read_only(path: Path, older: Path) -> None:
    path.chmod(0o444)


DAMAGES = (truncate, flip, swap, delete, make_folder, make_read_only)
# Whether `--repair` makes it right; None: SQLite makes the file anew, and nothing is lost or wrong.
TABLE: dict[str, dict[Callable[[Path, Path], None], bool | None]] = {
    CATALOG: dict.fromkeys(DAMAGES, False) | {make_read_only: True},
    LOG: dict.fromkeys(DAMAGES, False) | {make_folder: True, make_read_only: True},
    SHARED: dict.fromkeys(DAMAGES, None) | {make_folder: True, make_read_only: True},
    LOCK: dict.fromkeys(DAMAGES, True),
    VECTORS: dict.fromkeys(DAMAGES, True),
}
ROWS = [(name, damage, repairable) for name, damages in TABLE.items() for damage, repairable in damages.items()]


@pytest.fixture
def indexes(tmp_path: Path, newsroom: ModuleType) -> tuple[Path, Path]:
    """An index as a killed writer leaves it, with its log beside it, and a copy of two generations before."""
    place = tmp_path / "being-written"
    with open_index(place, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION) as index:
        newsroom.say = lambda line: None
        newsroom.write_all(index, 3)
        index.vector_store()
        shutil.copytree(place, tmp_path / "older")
        index.write_articles(newsroom.make_batch(7), newsroom.OUTLETS)
        index.write_articles(newsroom.make_batch(8), newsroom.OUTLETS)
        index.vector_store()
        shutil.copytree(place, tmp_path / "index")
    _as_if_killed(tmp_path / "index")
    _as_if_killed(tmp_path / "older")
    return tmp_path / "index", tmp_path / "older"


def _as_if_killed(folder: Path) -> None:
    """Let the lock file name a process that is not there."""
    from xsource.store.connection import _witness_line, read_witness

    generation = read_witness(folder / LOCK).generation
    assert generation is not None
    (folder / LOCK).write_bytes(_witness_line(NO_PROCESS, generation))


@pytest.mark.parametrize(("name", "damage", "repairable"), ROWS, ids=[f"{n} {d.__name__}" for n, d, _ in ROWS])
def test_doctor_names_the_damage_and_repairs_what_is_derived(
    indexes: tuple[Path, Path],
    newsroom: ModuleType,
    name: str,
    damage: Callable[[Path, Path], None],
    repairable: bool | None,
) -> None:
    folder, older = indexes
    shutil.copytree(folder, folder.with_name("before"))
    shutil.copytree(folder, folder.with_name("read"))
    before = contents(folder.with_name("read"))  # which leaves no log behind
    assert check_index(folder) == []
    if name in (CATALOG, VECTORS, LOCK):
        # Closed in order, so that the catalogue is whole without its log.
        for place in (folder, older):
            with open_index(place, mode="write"):
                pass
            (place / LOG).unlink(missing_ok=True)
            (place / SHARED).unlink(missing_ok=True)
            _as_if_killed(place)
    else:
        shutil.rmtree(folder)
        shutil.copytree(folder.with_name("before"), folder)
    damaged = file_of(folder, name)
    damage(damaged, older)

    findings = check_index(folder)
    if repairable is None:
        assert findings == []
        assert contents(folder) == before
        return
    assert findings
    assert any(repairable == finding.is_repairable for finding in findings), findings
    named = {finding.where.name for finding in findings}
    assert damaged.name in named or (name == LOG and CATALOG in named)

    if name == LOG and damage is make_folder:
        (lost,) = [finding for finding in check_index(folder, repair=True) if not finding.is_repairable]
        assert "its write-ahead log was lost" in lost.message
    elif repairable:
        after = check_index(folder, repair=True)
        assert [finding for finding in after if not finding.is_repairable] == []
        assert check_index(folder) == []
        assert contents_that_count(folder) == {
            table: rows for table, rows in before.items() if table not in ("state", "digests")
        }
        _, sentences, vectors = newsroom.make_article(3)
        with open_index(folder, mode="read") as reader:
            assert [row[0][0] for row in reader.search(vectors, 1)] == [s.id for s in sentences]
    if damage is make_folder:
        assert [path.read_text("utf-8") for path in folder.rglob("kept")] == ["somebody's"]


def contents_that_count(folder: Path) -> dict[str, list[Any]]:
    return {table: rows for table, rows in contents(folder).items() if table not in ("state", "digests")}


@pytest.mark.parametrize("name", ["outlets.toml", "xsource.toml"])
def test_a_cut_file_of_the_users_is_named(whole: Path, name: str) -> None:
    (whole / name).write_text('[half = "', "utf-8")
    (finding,) = check_index(whole)
    assert (finding.where, finding.is_repairable) == (whole / name, False)
    assert "not valid TOML" in finding.message


def test_a_flipped_bit_of_the_catalogue_is_found_or_changes_nothing_that_can_be_read(
    whole: Path, tmp_path: Path
) -> None:
    path = whole / CATALOG
    with open_index(whole, mode="write"):
        pass
    sound = path.read_bytes()
    before = contents(whole)
    chance = random.Random(8)
    # The header and the schema are small, and most is vectors and texts: both are drawn. Most of the first page
    # is free since the schema fills several.
    schema = [at for at in range(0, len(sound), 4096) if b"CREATE TABLE" in sound[at : at + 4096]]
    places = [chance.randrange(200) for _ in range(10)]
    places += [chance.choice(schema) + chance.randrange(4096) for _ in range(50)]
    places += [chance.randrange(len(sound)) for _ in range(100)]
    harmless = 0
    for place in places:
        for left in (whole / LOG, whole / SHARED):
            left.unlink(missing_ok=True)
        damaged = bytearray(sound)
        damaged[place] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        if not check_index(whole):
            assert contents(whole) == before, place
            harmless += 1
    # Unused bytes of pages, and counters of the header.
    assert harmless < 0.7 * len(places)


def _change(folder: Path, *statements: str) -> None:
    connection = sqlite3.connect(folder / CATALOG)
    connection.create_function("row_digest", -1, lambda *values: "", deterministic=True)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE articles SET title = 'другой' WHERE key = 2", "1 articles are not what was written"),
        ("UPDATE articles SET published_at = published_at + 1 WHERE key = 1", "1 articles are not what was"),
        ("UPDATE sentences SET is_claim = 1 - is_claim WHERE key = 3", "1 articles are not what was written"),
        ("UPDATE vectors SET vector = zeroblob(64) WHERE sentence_key = 4", "1 articles are not what was"),
        ("DELETE FROM sentences WHERE key IN (5, 9)", "2 articles are not what was written"),
        ("UPDATE translations SET text = 'x'", "72 rows of translations, a cache"),
        ("UPDATE outlets SET name = 'Another' WHERE id = 'hayarkon'", "outlets are not what was written"),
        ("UPDATE settings SET value = 'x'", "settings are not what was written"),
        ("DELETE FROM problems", "problems are not what was written"),
        ("UPDATE state SET value = value + 1 WHERE name = 'generation'", "state are not what was written"),
        ("UPDATE state SET value = 'x' WHERE name = 'dimension'", "dimension is 'x', not a number"),
        ("UPDATE sqlite_sequence SET seq = 1", "sqlite_sequence are not what was written"),
        ("DELETE FROM digests WHERE name = 'outlets'", "outlets are not what was written"),
        ("INSERT INTO digests VALUES ('more', 'x')", "digests are not what was written"),
        ("UPDATE articles SET published_at = 'soon' WHERE key = 1", "1 articles are not what was written"),
        ("CREATE TABLE more (x)", "sqlite_schema are not what was written"),
    ],
)
def test_a_change_behind_our_back_is_found(whole: Path, statement: str, message: str) -> None:
    _change(whole, "PRAGMA foreign_keys = OFF", statement)
    findings = check_index(whole)
    assert any(message in finding.message for finding in findings), findings
    assert {finding.where.name for finding in findings} - {file_of(whole, VECTORS).name} == {CATALOG}


def test_every_table_is_under_some_hash(whole: Path) -> None:
    """A table that is added later must be named here, or a flipped bit in it would go unseen."""
    hashed_by_row = {"articles", "sentences", "vectors", "translations"}
    hashed_by_row |= {"noted_stories", "looks", "editions", "runs", "follows", "sightings"}
    compared_with_articles = {"versions"}
    # What a page's date rests on, and what was struck out: shown beside an article, and found anew by a build.
    hashed_by_row |= {"reading_notes"}
    assert contents(whole).keys() == (
        hashed_by_row | compared_with_articles | {"digests"} | SEALED_TABLES.keys() - {"sqlite_schema"}
    )


def test_damaged_caches_and_indexes_are_repaired_after_a_copy(whole: Path) -> None:
    _change(whole, "UPDATE translations SET text = 'x' WHERE text LIKE '%100%'")
    damaged = (whole / CATALOG).read_bytes()
    (before,) = check_index(whole)
    assert before.is_repairable

    assert check_index(whole, repair=True) == []
    assert contents_of_copy(whole) == damaged
    rows = contents(whole)["translations"]
    assert rows
    assert not any(row[4] == "x" for row in rows)


def contents_of_copy(folder: Path) -> bytes:
    return (folder / f"{CATALOG}.before-repair-1").read_bytes()


def test_a_damaged_article_is_named_and_left_alone(whole: Path, newsroom: ModuleType) -> None:
    _change(whole, "UPDATE articles SET title = 'другой' WHERE key = 2")
    before = contents(whole)
    (finding,) = check_index(whole, repair=True)
    assert newsroom.make_article(1)[0].id in finding.message
    assert "xsource remove" in finding.hint
    assert contents(whole) == before


def test_removing_and_reading_again_makes_a_damaged_article_right(whole: Path, newsroom: ModuleType) -> None:
    _change(whole, "UPDATE vectors SET vector = zeroblob(64) WHERE sentence_key = 4")
    article = newsroom.make_article(1)
    with open_index(whole, mode="write") as index:
        index.remove_articles([article[0].id])
        index.write_articles([article], newsroom.OUTLETS)
        np.testing.assert_array_equal(index.vectors([s.id for s in article[1]]), article[2])
    assert [finding for finding in check_index(whole, repair=True) if not finding.is_repairable] == []


def test_an_index_of_an_older_program_is_no_fault(whole: Path) -> None:
    # As a program before the hashes left it: none in `articles`, none of tables.
    _change(whole, "UPDATE articles SET digest = NULL", "DELETE FROM digests")
    assert check_index(whole) == []


def test_an_older_lock_file_is_no_fault(whole: Path) -> None:
    (whole / LOCK).write_bytes(b"4711\n")
    assert check_index(whole) == []


def test_a_folder_that_is_no_index_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of ours", "utf-8")
    with pytest.raises(IndexStateError, match="no index here"):
        check_index(tmp_path)
    with pytest.raises(IndexStateError, match="no index here"):
        check_index(tmp_path / "absent")


def test_reading_damaged_rows_says_that_the_catalogue_is_damaged(whole: Path) -> None:
    _change(whole, "ALTER TABLE outlets RENAME TO outfits")
    with open_index(whole, mode="read") as reader, pytest.raises(IndexStateError, match="is damaged"):
        reader.outlets()


def test_an_index_of_sqlite_that_lost_its_rows_is_made_again(whole: Path) -> None:
    """As a lost write leaves it: the table is right, and the index over it is of before."""
    schema = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema WHERE name = 'articles_by_source'"
    connection = sqlite3.connect(whole / CATALOG)
    (row,) = connection.execute(schema)
    connection.execute("UPDATE articles SET source = source || 'x'")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("DELETE FROM sqlite_schema WHERE name = 'articles_by_source'")
    connection.commit()
    connection.close()
    connection = sqlite3.connect(whole / CATALOG)
    connection.execute("UPDATE articles SET source = rtrim(source, 'x')")
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()

    findings = check_index(whole)
    assert findings
    assert all(finding.is_repairable and "articles_by_source" in finding.message for finding in findings)
    assert check_index(whole, repair=True) == []
    assert (whole / f"{CATALOG}.before-repair-1").exists()


def test_the_catalogue_is_not_repaired_without_a_copy(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _change(whole, "UPDATE translations SET text = 'x'")
    before = contents(whole)

    def refuse(*given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(StorageError, match="not repaired without a copy: No space left"):
        check_index(whole, repair=True)
    assert contents(whole) == before


def test_a_repair_beside_a_writer_is_refused(whole: Path) -> None:
    with open_index(whole, mode="write"):
        assert check_index(whole) == []
        with pytest.raises(StorageError, match="is writing this index"):
            check_index(whole, repair=True)


def test_whether_a_process_runs() -> None:
    assert is_running(os.getpid())
    assert not is_running(NO_PROCESS)
    assert is_running(10**30)  # no such number: better to say too little than something wrong


def test_a_read_only_folder_is_named_and_opened_up(whole: Path) -> None:
    whole.chmod(0o555)
    (finding,) = check_index(whole)
    assert finding.where == whole
    assert check_index(whole, repair=True) == []


def test_each_article_is_named_up_to_three(whole: Path) -> None:
    _change(whole, "UPDATE articles SET title = 'другой' WHERE key < 6")
    (finding,) = check_index(whole)
    assert finding.message.startswith("5 articles are not what was written")
    assert finding.message.endswith(", ...")


def test_a_vector_that_is_no_vector_is_found(whole: Path) -> None:
    _change(whole, "UPDATE vectors SET vector = 'text' WHERE sentence_key = 4", "PRAGMA foreign_keys = ON")
    assert any("1 vectors are not of 16 values" in finding.message for finding in check_index(whole))


@pytest.mark.parametrize(
    "content",
    [
        b"      4711                    9 00000000\n",
        b"      4711                    9 zzzzzzzz\n",
        b"4711",
        b"",
    ],
    ids=["another sum", "no sum", "no line end", "empty"],
)
def test_a_lock_file_that_no_writer_left_is_named_and_written_anew(whole: Path, content: bytes) -> None:
    (whole / LOCK).write_bytes(content)
    (finding,) = check_index(whole)
    assert finding.where == whole / LOCK
    assert f"damaged: {len(content)} bytes that are not what a writer leaves" in finding.message
    assert check_index(whole, repair=True) == []
    assert check_index(whole) == []
