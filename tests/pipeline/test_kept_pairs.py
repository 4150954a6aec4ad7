"""A story is judged once; what is kept is used only where it is what was written, of the same sentences."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from xsource.judge.judging import Judge
from xsource.pipeline import build, open_reader
from xsource.settings import Settings
from xsource.store.judged_files import JUDGED_FOLDER, JudgedFiles

SETTINGS = Settings(translate=False, detectors="number,date")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, corpora: Path) -> Path:
    folder = tmp_path_factory.mktemp("kept") / "index"
    build([corpora / "moscow-talks"], folder, SETTINGS)
    return folder


@pytest.fixture
def index(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "index"))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many sentences the judge reads from now on, call by call."""
    numbers: list[int] = []
    plain = Judge.read

    def noted(self: Judge, texts: list[str]) -> object:
        numbers.append(len(texts))
        return plain(self, texts)

    monkeypatch.setattr(Judge, "read", noted)  # watched, not replaced: it still answers
    return numbers


def compared(index: Path) -> object:
    with open_reader(index, SETTINGS) as reader:
        found = reader.compare()
    return found.groups, found.divergences, found.unmatched


def files_in(index: Path) -> list[Path]:
    return sorted((index / JUDGED_FOLDER).iterdir())


def test_a_second_comparison_reads_nothing_and_says_the_same(index, read):
    first = compared(index)
    assert sum(read) > 50
    read.clear()
    assert compared(index) == first
    assert read == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-7]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes().replace(b"0", b"1", 3)),
        lambda path: path.unlink(),
    ],
)
def test_what_is_damaged_is_judged_anew(index, read, damage):
    first = compared(index)
    for path in files_in(index):
        damage(path)
    read.clear()
    assert compared(index) == first
    assert sum(read) > 50
    read.clear()
    assert compared(index) == first
    assert read == []


def test_a_folder_that_cannot_be_written_is_no_error(index, read):
    (index / JUDGED_FOLDER).write_text("in the way")
    assert compared(index) == compared(index)
    assert sum(read) > 100


def test_another_judge_is_asked_anew(index, read):
    compared(index)
    names = {path.name for path in files_in(index)}
    with open_reader(index, SETTINGS) as reader:
        reader.models.judge.artefact = reader.models.judge.artefact.__class__(
            "another/00000000",
            *[getattr(reader.models.judge.artefact, own) for own in ("encoder", "arrays", "numbers", "origin")],
        )
        read.clear()
        reader.compare()
    assert sum(read) > 50
    assert names < {path.name for path in files_in(index)}


def test_a_rebuild_drops_them(index, corpora):
    compared(index)
    build([corpora / "moscow-talks"], index, SETTINGS, rebuild=True)
    assert not (index / JUDGED_FOLDER).exists()


def test_the_oldest_go_when_there_are_too_many(tmp_path, monkeypatch):
    monkeypatch.setattr("xsource.store.judged_files.MOST_FILES", 30)
    files = JudgedFiles(tmp_path)
    for number in range(40):
        files.keep(f"k{number:02}", b"[]")
    assert len(files_in(tmp_path)) <= 30
    assert files.read("k39") == b"[]"
    assert files.read("k00") is None
