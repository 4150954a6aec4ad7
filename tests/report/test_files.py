"""A report's file is whole or as it was."""

from __future__ import annotations

import stat

import pytest

from xsource.errors import StorageError
from xsource.report.files import check_writable, replacing


def test_the_file_appears_whole_with_its_folder_and_readable(tmp_path):
    path = tmp_path / "new" / "report.html"
    with replacing(path) as partial:
        partial.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"
    assert [entry.name for entry in path.parent.iterdir()] == ["report.html"]
    plain = tmp_path / "plain"
    plain.write_text("")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_failure_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError), replacing(path) as partial:
        partial.write_text("half \ud800", encoding="utf-8")
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.html"]


def test_what_cannot_be_written_is_named(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    for path in (tmp_path, file / "report.html"):
        with pytest.raises(StorageError, match=path.name), replacing(path):
            pass
        with pytest.raises(StorageError, match=path.name):
            check_writable(path)


def test_checking_leaves_nothing_behind(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("old")
    check_writable(path)
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("report.html", "old")]


def test_a_full_disk_is_told_with_the_name_that_was_asked_for(tmp_path):
    path = tmp_path / "report.html"
    with (
        pytest.raises(StorageError, match=r"report\.html: cannot be written: No space left") as failure,
        replacing(path),
    ):
        raise OSError(28, "No space left on device")
    assert failure.value.hint
    assert list(tmp_path.iterdir()) == []
