"""Prepared folders are whole or absent, whoever is killed and whoever else is writing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from xsource.embed.model_cache import cache_folder, check_folder, prepare_folder
from xsource.errors import ModelError, StorageError

WRITER = """
import sys, time
from pathlib import Path
from xsource.embed.model_cache import prepare_folder

def write_files(folder):
    (folder / "a.bin").write_bytes(b"a" * 1000)
    print("half", flush=True)
    time.sleep(float(sys.argv[2]))
    (folder / "sub").mkdir()
    (folder / "sub" / "b.bin").write_bytes(b"b" * 1000)

prepare_folder(Path(sys.argv[1]), write_files)
print("done", flush=True)
"""


def write_two_files(folder: Path) -> None:
    (folder / "a.bin").write_bytes(b"a" * 1000)
    (folder / "sub").mkdir()
    (folder / "sub" / "b.bin").write_bytes(b"b" * 1000)


def start_writer(folder: Path, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True
    )


def test_the_cache_is_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XSOURCE_CACHE", str(tmp_path / "there"))
    assert cache_folder() == tmp_path / "there"


def test_a_folder_is_prepared_once(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "model"
    prepare_folder(folder, write_two_files)

    def write_again(_: Path) -> None:
        pytest.fail("written a second time")

    assert prepare_folder(folder, write_again) == folder
    assert (folder / "sub" / "b.bin").read_bytes() == b"b" * 1000
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


def test_a_killed_preparation_leaves_nothing_that_looks_whole(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    writer = start_writer(folder, 60)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "half\n"
    writer.kill()
    writer.wait()

    assert not folder.exists()
    check_folder(prepare_folder(folder, write_two_files), thorough=True)


def test_two_processes_may_prepare_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    writers = [start_writer(folder, 0.5), start_writer(folder, 0.5)]

    assert [writer.communicate(timeout=60)[0] for writer in writers] == ["half\ndone\n"] * 2
    check_folder(folder, thorough=True)
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize("same_size", [True, False], ids=["same size", "other size"])
def test_a_changed_file_is_found(tmp_path: Path, *, same_size: bool) -> None:
    folder = prepare_folder(tmp_path / "model", write_two_files)
    (folder / "sub" / "b.bin").write_bytes(b"c" * (1000 if same_size else 999))

    with pytest.raises(ModelError, match=r"b\.bin: SHA-256 is \w{64}, expected \w{64}"):
        prepare_folder(folder, write_two_files)


def test_a_change_that_hides_behind_its_time_is_found_when_asked(tmp_path: Path) -> None:
    folder = prepare_folder(tmp_path / "model", write_two_files)
    path = folder / "a.bin"
    before = path.stat()
    path.write_bytes(b"A" * 1000)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    check_folder(folder)
    with pytest.raises(ModelError, match=r"a\.bin: SHA-256"):
        check_folder(folder, thorough=True)


def test_a_copied_folder_is_as_good(tmp_path: Path) -> None:
    folder = prepare_folder(tmp_path / "model", write_two_files)
    later = time.time() + 100
    os.utime(folder / "a.bin", (later, later))

    check_folder(folder)


@pytest.mark.parametrize("missing", ["a.bin", "files.json"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    folder = prepare_folder(tmp_path / "model", write_two_files)
    (folder / missing).unlink()

    with pytest.raises(ModelError, match=missing) as caught:
        prepare_folder(folder, write_two_files)
    assert str(folder) in caught.value.hint


def test_a_cache_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(StorageError) as caught:
        prepare_folder(tmp_path / "file" / "model", write_two_files)
    assert "XSOURCE_CACHE" in caught.value.hint


FULL_DISK = """
import resource, sys
from pathlib import Path
from xsource.embed.model_cache import prepare_folder
from xsource.errors import StorageError

resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))
try:
    prepare_folder(Path(sys.argv[1]), lambda folder: (folder / "a.bin").write_bytes(b"a" * 1000))
except StorageError as exc:
    sys.stdout.write(exc.message)
"""


def test_a_write_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path / "model")], capture_output=True, text=True
    )

    assert "cannot prepare the model" in result.stdout
    assert list(tmp_path.iterdir()) == []
