"""A backup is one moment of an index, is known to be whole, and comes back whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from xsource.cli.main import app
from xsource.errors import IndexStateError, InputError, StorageError
from xsource.ingest.fetch import RawStore
from xsource.ingest.fetch.client import Answer, Marks
from xsource.pipeline import check_index
from xsource.store import open_index
from xsource.store.backup import check_backup, restore_backup, write_backup


@pytest.fixture(params=["backup.zip", "backup"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / "kept" / str(request.param)


def dump(folder: Path) -> list[str]:
    """The catalogue as SQL, without what only says which vector file is sound."""
    connection = sqlite3.connect(f"{(folder / 'catalog.sqlite3').as_uri()}?mode=ro", uri=True)
    connection.create_function("row_digest", -1, lambda *values: "", deterministic=True)
    lines = []
    for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1"):
        lines += [f"{name} {row!r}" for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2")]
    connection.close()
    return [line for line in lines if not line.startswith("state ('vector_file'")]


PAGE = "https://hayarkon.example/news/1"


def add_beside(folder: Path) -> Path:
    """A user's files and a kept page; gives the page's place."""
    (folder / "outlets.toml").write_text("", "utf-8")
    (folder / "xsource.toml").write_text('embedder = "ngrams"\n', "utf-8")
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    answer = Answer(PAGE, "text/html", "<p>משלחת 12 הגיעה לנמל.</p>".encode(), Marks())
    with RawStore(folder / "raw") as store:
        kept = store.save_page("הירקון", PAGE, answer, now, now)
    assert kept is not None
    kept.with_name(".2.partial").write_bytes(b"half a page")
    return kept.relative_to(folder)


def test_what_is_restored_is_what_was_backed_up(
    whole: Path, target: Path, tmp_path: Path, newsroom: ModuleType
) -> None:
    page = add_beside(whole)
    made = write_backup(whole, target)
    assert check_backup(target) == made
    assert (made.articles, made.sentences) == (24, 72)
    assert set(made.files) == {
        "catalog.sqlite3", "outlets.toml", "xsource.toml", "raw/.state.sqlite3", page.as_posix(),
    }  # fmt: skip
    assert page.parent == Path("raw/pages/הירקון")
    # Nothing else is left lying about.
    assert [path.name for path in target.parent.iterdir()] == [target.name]

    elsewhere = tmp_path / "elsewhere" / "index"
    found, kept = restore_backup(target, elsewhere)
    assert (found, kept) == (made, None)
    assert dump(elsewhere) == dump(whole)
    assert check_index(elsewhere) == []
    assert (elsewhere / page).read_bytes() == (whole / page).read_bytes()
    _, sentences, vectors = newsroom.make_article(7)
    with open_index(elsewhere, mode="read") as reader:
        assert [row[0][0] for row in reader.search(vectors, 1)] == [s.id for s in sentences]


def test_a_backup_beside_a_writer_is_one_moment(folder: Path, target: Path, newsroom: ModuleType) -> None:
    with open_index(folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION) as index:
        index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
        made = write_backup(folder, target)
        index.write_articles(newsroom.make_batch(1), newsroom.OUTLETS)
    assert made.articles == 4
    assert made.generation == 2
    again, _ = restore_backup(target, folder.with_name("second"))
    with open_index(folder.with_name("second"), mode="read") as reader:
        assert reader.articles() == [item[0] for item in newsroom.make_batch(0)]
        assert reader.generation == again.generation == 2


def test_a_restore_keeps_the_index_that_was_there(whole: Path, target: Path, newsroom: ModuleType) -> None:
    before = dump(whole)
    write_backup(whole, target)
    with open_index(whole, mode="write") as index:
        index.write_articles(newsroom.make_batch(9), newsroom.OUTLETS)
    later = dump(whole)

    with pytest.raises(InputError, match="there is an index already") as refused:
        restore_backup(target, whole)
    assert "--replace" in refused.value.hint
    assert dump(whole) == later

    _, kept = restore_backup(target, whole, replace=True)
    assert kept == whole.with_name("index.before-restore-1")
    assert dump(kept) == later
    assert dump(whole) == before
    assert restore_backup(target, whole, replace=True)[1] == whole.with_name("index.before-restore-2")


def test_a_restore_beside_a_writer_is_refused(whole: Path, target: Path) -> None:
    write_backup(whole, target)
    with open_index(whole, mode="write"), pytest.raises(StorageError, match="is writing this index"):
        restore_backup(target, whole, replace=True)
    assert sorted(path.name for path in whole.parent.iterdir()) == ["index", "kept"]


def _some_file(backup: Path) -> Path:
    return backup / "catalog.sqlite3" if backup.is_dir() else backup


def _flip(backup: Path) -> None:
    path = _some_file(backup)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


def _cut(backup: Path) -> None:
    path = _some_file(backup)
    os.truncate(path, path.stat().st_size * 2 // 3)


def _lengthen(backup: Path) -> None:
    if backup.is_dir():
        with _some_file(backup).open("ab") as stream:
            stream.write(b"more")
    else:
        _rewrite(backup, lambda files: files | {"catalog.sqlite3": files["catalog.sqlite3"] + b"more"})


def _lose(backup: Path) -> None:
    if backup.is_dir():
        _some_file(backup).unlink()
    else:
        _rewrite(backup, lambda files: {name: files[name] for name in files if name != "catalog.sqlite3"})


def _lie(backup: Path) -> None:
    """Another number in the manifest."""
    change = lambda text: text.replace(b'"articles": 24', b'"articles": 25')  # noqa: E731
    if backup.is_dir():
        (backup / "manifest.json").write_bytes(change((backup / "manifest.json").read_bytes()))
    else:
        _rewrite(backup, lambda files: files | {"manifest.json": change(files["manifest.json"])})


def _rewrite(backup: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> None:
    with zipfile.ZipFile(backup) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(backup, "w") as archive:
        for name, content in change(files).items():
            archive.writestr(name, content)


@pytest.mark.parametrize("damage", [_flip, _cut, _lengthen, _lose, _lie])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(
    whole: Path, target: Path, damage: Callable[[Path], None]
) -> None:
    write_backup(whole, target)
    damage(target)
    before = dump(whole)
    with pytest.raises(InputError, match=r"damaged|cannot be read|no backup"):
        check_backup(target)
    with pytest.raises(InputError, match=r"damaged|cannot be read|no backup"):
        restore_backup(target, whole, replace=True)
    assert dump(whole) == before
    assert sorted(path.name for path in whole.parent.iterdir()) == ["index", "kept"]


def test_every_flipped_byte_of_a_backup_is_refused_or_changes_nothing(whole: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    made = write_backup(whole, target)
    sound, chance = target.read_bytes(), random.Random(3)
    for _ in range(120):
        content = bytearray(sound)
        content[chance.randrange(len(sound))] ^= 1 << chance.randrange(8)
        target.write_bytes(content)
        with contextlib.suppress(InputError):
            # Some bytes of an archive are never read: dates, the system it was made on.
            assert check_backup(target) == made


def _forge(backup: Path, name: str) -> None:
    """A backup whose manifest is in order and names a file that is no part of an index."""
    manifest = json.loads((backup / "manifest.json").read_text("utf-8"))
    del manifest["manifest_sha256"]
    manifest["files"][name] = {"bytes": 4, "sha256": hashlib.sha256(b"evil").hexdigest()}
    sealed = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    (backup / "manifest.json").write_text(json.dumps({**manifest, "manifest_sha256": sealed}), "utf-8")


@pytest.mark.parametrize(
    "name",
    ["../evil", "raw/../../evil", "/etc/evil", "raw\\..\\evil", "evil.py", "raw//evil", "raw", "raw/./evil"],
)
def test_a_backup_cannot_write_outside_the_index(whole: Path, tmp_path: Path, name: str) -> None:
    write_backup(whole, tmp_path / "b")
    _forge(tmp_path / "b", name)
    with pytest.raises(InputError, match="no part of an index"):
        restore_backup(tmp_path / "b", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content | {"format": 99}, "it is of format 99"),
        (lambda content: content | {"files": {}}, "it names no catalogue"),
        (lambda content: {key: content[key] for key in content if key != "generation"}, "KeyError"),
        (lambda content: [1], "AttributeError|TypeError"),
    ],
    ids=["newer format", "no catalogue", "no generation", "no object"],
)
def test_a_manifest_that_is_none_is_refused(
    whole: Path, tmp_path: Path, change: Callable[..., object], message: str
) -> None:
    write_backup(whole, tmp_path / "b")
    content = json.loads((tmp_path / "b" / "manifest.json").read_text("utf-8"))
    del content["manifest_sha256"]
    changed = change(content)
    if isinstance(changed, dict):
        sealed = hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()
        changed = {**changed, "manifest_sha256": sealed}
    (tmp_path / "b" / "manifest.json").write_text(json.dumps(changed), "utf-8")
    with pytest.raises(InputError, match=message):
        check_backup(tmp_path / "b")


def test_a_backup_of_a_damaged_index_is_refused(whole: Path, target: Path) -> None:
    connection = sqlite3.connect(whole / "catalog.sqlite3")
    connection.execute("UPDATE articles SET title = 'x' WHERE key = 2")
    connection.commit()
    connection.close()
    with pytest.raises(IndexStateError, match="not worth a backup: 1 articles are not what was written"):
        write_backup(whole, target)
    assert not list(target.parent.iterdir())


def test_a_backup_takes_no_place_of_something_else(whole: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    target.write_text("a letter", "utf-8")
    for replace in (False, True):
        with pytest.raises(InputError):
            write_backup(whole, target, replace=replace)
    assert target.read_text("utf-8") == "a letter"
    with pytest.raises(InputError, match="inside the index"):
        write_backup(whole, whole / "b.zip")


def test_a_newer_backup_takes_the_place_of_an_older(whole: Path, target: Path, newsroom: ModuleType) -> None:
    write_backup(whole, target)
    with open_index(whole, mode="write") as index:
        index.write_articles(newsroom.make_batch(9), newsroom.OUTLETS)
    with pytest.raises(InputError, match="already exists"):
        write_backup(whole, target)
    assert write_backup(whole, target, replace=True).articles == 28
    assert check_backup(target).articles == 28
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_two_processes_do_not_make_one_backup(whole: Path, target: Path) -> None:
    import fcntl

    place = target.with_name(f".{target.name}.partial")
    place.mkdir(parents=True)
    held = os.open(place, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        with pytest.raises(StorageError, match="another process is making this backup"):
            write_backup(whole, target)
    finally:
        os.close(held)
    (place / "left by a killed one").mkdir()
    write_backup(whole, target)
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_no_index_has_no_backup(tmp_path: Path) -> None:
    with pytest.raises(IndexStateError, match="no index here"):
        write_backup(tmp_path / "index", tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()


@pytest.mark.parametrize("what", ["absent", "a text file", "an empty folder", "a zip of something else"])
def test_what_is_no_backup_is_said_so(tmp_path: Path, what: str) -> None:
    place = tmp_path / "b"
    if what == "a text file":
        place.write_text("a letter", "utf-8")
    elif what == "an empty folder":
        place.mkdir()
    elif what == "a zip of something else":
        with zipfile.ZipFile(place, "w") as archive:
            archive.writestr("letter.txt", "a letter")
    with pytest.raises(InputError, match="no backup"):
        restore_backup(place, tmp_path / "index")
    assert not (tmp_path / "index").exists()


def test_the_commands(whole: Path, tmp_path: Path) -> None:
    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, list(words), env={"COLUMNS": "120"})
        assert result.exit_code == code, result.output + result.stderr
        return str(result.stderr)

    backup = str(tmp_path / "b.zip")
    assert "written: 24 articles, 72 sentences" in run("backup", backup, "--index", str(whole))
    assert "already exists" in run("backup", backup, "--index", str(whole), code=1)
    assert "whole: 24 articles" in run("backup", backup, "--check")
    assert "there is an index already" in run("restore", backup, "--index", str(whole), code=1)
    assert "is now" in run("restore", backup, "--index", str(whole), "--replace")
    shutil.rmtree(whole)
    assert "24 articles, 72 sentences" in run("restore", backup, "--index", str(whole))
    assert "the index is whole" in run("doctor", "--index", str(whole))


def test_a_catalogue_of_another_generation_than_the_manifests_is_refused(whole: Path, tmp_path: Path) -> None:
    write_backup(whole, tmp_path / "b")
    manifest = json.loads((tmp_path / "b" / "manifest.json").read_text("utf-8"))
    del manifest["manifest_sha256"]
    manifest["generation"] += 1
    sealed = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    (tmp_path / "b" / "manifest.json").write_text(json.dumps({**manifest, "manifest_sha256": sealed}), "utf-8")
    with pytest.raises(InputError, match="its catalogue is not whole: generation"):
        restore_backup(tmp_path / "b", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_an_index_without_articles_is_backed_up_too(folder: Path, tmp_path: Path) -> None:
    open_index(folder, mode="write").close()
    write_backup(folder, tmp_path / "b.zip")
    assert restore_backup(tmp_path / "b.zip", tmp_path / "new")[0].embedder == ""
    with open_index(tmp_path / "new", mode="read") as reader:
        assert reader.articles() == []


def test_a_full_disk_leaves_no_half_backup(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: object) -> None:
        raise OSError(28, "No space left on device")

    (whole / "outlets.toml").write_text("", "utf-8")
    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(StorageError, match="cannot be written: No space left"):
        write_backup(whole, tmp_path / "kept" / "b.zip")
    assert not list((tmp_path / "kept").iterdir())
