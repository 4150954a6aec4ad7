"""Pages that `fetch` kept: `doctor` names every one that is not what was kept, and invents nothing."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from xsource.cli.main import app
from xsource.ingest.fetch import RawStore, check_raw
from xsource.ingest.fetch.client import Answer, Marks
from xsource.pipeline import check_index
from xsource.store import open_index
from xsource.store.backup import restore_backup, write_backup

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAGES = [
    ("hayarkon", "https://hayarkon.example/news/1", "<p>משלחת 12 הגיעה לנמל.</p>"),
    ("vesti-nord", "https://vesti-nord.example/a", "<p>Делегация №12 прибыла в порт.</p>"),
    ("vesti-nord", "https://vesti-nord.example/a", "<p>Делегация №13 прибыла в порт.</p>"),
    ("al-manara", "https://al-manara.example/b", "<p>وصل الوفد إلى الميناء.</p>"),
]


@pytest.fixture
def raw(whole: Path) -> Path:
    """An index with four kept pages, one of them the second version of another."""
    with RawStore(whole / "raw") as store:
        for number, (outlet, address, text) in enumerate(PAGES):
            answer = Answer(address, "text/html", text.encode(), Marks(etag=f'"{number}"'))
            assert store.save_page(outlet, address, answer, NOW, NOW) is not None
    return whole / "raw"


def versions_of(raw: Path, outlet: str) -> list[Path]:
    return sorted((raw / "pages" / outlet).glob("*.warc.gz"))


def truncate(path: Path, older: Path) -> None:
    os.truncate(path, path.stat().st_size - 30)


def halve(path: Path, older: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path, older: Path) -> None:
    os.truncate(path, 0)


def flip_in_the_header(path: Path, older: Path) -> None:
    _flip(path, 5)  # a date that gzip does not read


def flip_inside(path: Path, older: Path) -> None:
    _flip(path, path.stat().st_size // 2)


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 0x04
    path.write_bytes(content)


def swap(path: Path, older: Path) -> None:
    shutil.copyfile(older, path)


def delete(path: Path, older: Path) -> None:
    path.unlink()


def make_folder(path: Path, older: Path) -> None:
    path.unlink()
    path.mkdir()


def lengthen(path: Path, older: Path) -> None:
    path.write_bytes(path.read_bytes() + older.read_bytes())


def test_a_read_only_page_is_no_fault(raw: Path) -> None:
    """It is never written again."""
    for page in (raw / "pages").rglob("*.warc.gz"):
        page.chmod(0o444)
    assert check_index(raw.parent) == []
    with RawStore(raw) as store:
        answer = Answer(PAGES[0][1], "text/html", "<p>משלחת 14 הגיעה לנמל.</p>".encode(), Marks())
        assert store.save_page("hayarkon", PAGES[0][1], answer, NOW, NOW) is not None
    assert check_index(raw.parent) == []
    assert len(versions_of(raw, "hayarkon")) == 2


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (truncate, "not what was fetched: it was damaged or exchanged"),
        (empty, "not what was fetched: it was damaged or exchanged"),
        (flip_in_the_header, "not what was fetched: it was damaged or exchanged"),
        (flip_inside, "not what was fetched: it was damaged or exchanged"),
        (swap, "not what was fetched: it was damaged or exchanged"),
        (lengthen, "not what was fetched: it was damaged or exchanged"),
        (delete, "absent: it was fetched and kept"),
        (make_folder, "a folder, expected a kept page"),
    ],
)
@pytest.mark.parametrize("version", [0, 1], ids=["older version", "latest version"])
def test_doctor_names_a_damaged_page_and_leaves_it_alone(
    raw: Path, damage: Callable[[Path, Path], None], message: str, version: int
) -> None:
    assert check_index(raw.parent) == []
    both = versions_of(raw, "vesti-nord")
    damage(both[version], both[1 - version])
    before = snapshot(raw)

    for repair in (False, True):
        (finding,) = check_index(raw.parent, repair=repair)
        assert (finding.where, finding.message, finding.is_repairable) == (both[version], message, False)
        assert "restore it from a backup" in finding.hint
    assert snapshot(raw) == before


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("damage", [truncate, flip_inside, delete, make_folder])
def test_a_page_that_an_older_program_kept_is_checked_by_its_own_checksum(
    raw: Path, damage: Callable[[Path, Path], None]
) -> None:
    with sqlite3.connect(raw / ".state.sqlite3") as state:
        state.execute("DROP TABLE files")
    state.close()
    assert check_index(raw.parent) == []
    (page,) = versions_of(raw, "hayarkon")
    damage(page, page)
    (finding,) = check_index(raw.parent)
    assert finding.where == page
    # The next run of fetch goes on with what is there.
    with RawStore(raw) as store:
        known = store.known_page(PAGES[0][1])
    assert known is not None
    assert known.digest == hashlib.sha256(PAGES[0][2].encode()).hexdigest()


def test_a_page_that_a_killed_run_did_not_note_is_read_to_its_end(raw: Path) -> None:
    (page,) = versions_of(raw, "hayarkon")
    left = page.with_name(f"{'0' * 24}-0001.warc.gz")
    shutil.copyfile(page, left)
    (raw / "pages" / "hayarkon" / ".half.warc.gz.part").write_bytes(b"half")
    assert check_index(raw.parent) == []
    truncate(left, left)
    (finding,) = check_index(raw.parent)
    assert (finding.where, finding.is_repairable) == (left, False)
    assert "cannot be read" in finding.message


@pytest.mark.parametrize("damage", [empty, halve, delete, make_folder])
def test_what_is_known_of_pages_is_named_when_it_is_lost(
    raw: Path, damage: Callable[[Path, Path], None]
) -> None:
    state = raw / ".state.sqlite3"
    damage(state, state)
    if damage is empty:
        state.write_bytes(b"no database at all" * 100)
    (finding,) = check_index(raw.parent)
    assert (finding.where, finding.is_repairable) == (state, False)
    assert "the next fetch then asks for every page" in finding.hint


def test_a_torn_page_of_what_is_known_is_named(raw: Path) -> None:
    state = raw / ".state.sqlite3"
    sound = state.read_bytes()
    size = int.from_bytes(sound[16:18], "big")
    for place in range(size, len(sound), size):
        state.write_bytes(sound[:place] + b"\xff" * size + sound[place + size :])
        findings = [finding for finding in check_index(raw.parent) if finding.where == state]
        assert len(findings) == 1
        assert not findings[0].is_repairable
    state.write_bytes(sound)
    assert check_index(raw.parent) == []


def test_a_flipped_number_of_versions_is_named_and_makes_no_endless_list(raw: Path) -> None:
    with sqlite3.connect(raw / ".state.sqlite3") as state:
        state.execute("UPDATE pages SET versions = versions + (1 << 40) WHERE outlet = 'hayarkon'")
    state.close()
    (finding,) = check_index(raw.parent)
    assert finding.where == raw / ".state.sqlite3"
    assert f"a page has {(1 << 40) + 1} versions" in finding.message


def test_many_lost_pages_are_counted(raw: Path) -> None:
    with RawStore(raw) as store:
        for number in range(30):
            address = f"https://harbour-post.example/{number}"
            answer = Answer(address, "text/html", f"<p>Delegation {number}</p>".encode(), Marks())
            store.save_page("harbour-post", address, answer, None, NOW)
    shutil.rmtree(raw / "pages" / "harbour-post")
    findings = check_index(raw.parent)
    assert len(findings) == 21
    assert {finding.message for finding in findings[:20]} == {"absent: it was fetched and kept"}
    assert (findings[20].where, findings[20].message) == (raw, "10 more kept pages are absent or damaged")


def test_a_restored_backup_makes_a_lost_page_right(raw: Path, tmp_path: Path) -> None:
    write_backup(raw.parent, tmp_path / "kept.zip")
    (page,) = versions_of(raw, "al-manara")
    sound = page.read_bytes()
    page.unlink()
    restore_backup(tmp_path / "kept.zip", raw.parent, replace=True)
    assert page.read_bytes() == sound
    assert check_index(raw.parent) == []


def test_an_index_without_kept_pages_is_whole(whole: Path) -> None:
    assert check_index(whole) == []
    assert list(check_raw(whole / "raw")) == []


def test_the_command_says_which_page_and_ends_with_1(raw: Path) -> None:
    (page,) = versions_of(raw, "hayarkon")
    flip_inside(page, page)
    result = CliRunner().invoke(app, ["doctor", "--index", str(raw.parent), "--format", "csv"])
    assert result.exit_code == 1
    assert f"{page},not what was fetched: it was damaged or exchanged" in result.stdout
    with open_index(raw.parent, mode="read") as reader:
        assert len(reader.articles()) == 24
