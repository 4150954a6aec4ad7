"""Packages are installed wholly or not at all, whatever a file holds and wherever the disk ends."""

from __future__ import annotations

import resource
import stat
import subprocess
import sys
import zipfile

import pytest

from xsource.errors import InputError, ModelError, StorageError
from xsource.translate.installing import install_file
from xsource.translate.packages import installed_packages, packages_folder, remove_package


def left_in(home):
    """What there is beside and among the packages."""
    return sorted(path.name for path in (*home.iterdir(), *home.parent.iterdir()) if path != home)


def test_a_package_is_installed_where_argostranslate_finds_it(packages_home, tiny):
    from argostranslate import package

    installed = install_file(tiny)
    assert (installed.direction, installed.version) == ("ru-en", "1.0")
    assert installed.path.parent == packages_home == packages_folder()
    assert installed_packages() == ([installed], [])
    (theirs,) = package.get_installed_packages()
    assert (theirs.from_code, theirs.to_code, theirs.package_path) == ("ru", "en", installed.path)
    assert left_in(packages_home) == ["translate-ru_en-tiny"]


def test_installing_again_replaces(packages_home, tiny, repack):
    first = install_file(tiny)
    (first.path / "left-over").write_text("x")
    second = install_file(repack(package_version="1.1"))
    assert (second.path, second.version) == (first.path, "1.1")
    assert not (second.path / "left-over").exists()
    assert installed_packages() == ([second], [])


def test_the_newest_version_of_a_direction_comes_first(packages_home, repack):
    for version in ("1.9", "1.10", "1.2"):
        install_file(repack(folder=f"ru_en-{version}", package_version=version))
    packages, _ = installed_packages()
    assert [package.version for package in packages] == ["1.10", "1.9", "1.2"]


def test_a_removed_package_is_gone(packages_home, tiny):
    remove_package(install_file(tiny).path)
    assert installed_packages() == ([], [])
    assert left_in(packages_home) == []


def test_a_broken_folder_is_named_and_the_rest_is_used(packages_home, tiny):
    installed = install_file(tiny)
    (packages_home / "empty").mkdir()
    packages, (broken,) = installed_packages()
    assert packages == [installed]
    assert broken.path == packages_home / "empty"
    assert "metadata.json" in broken.reason


def write_zip(path, *names, mode=0o644):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, b"{}")
    return path


@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        pytest.param(("a/../../escaped",), InputError, "outside its own folder; refused", id="climbs"),
        pytest.param(("../escaped",), InputError, "outside its own folder; refused", id="climbs-at-once"),
        pytest.param(("/escaped",), InputError, "outside its own folder; refused", id="absolute"),
        pytest.param(("a\\..\\..\\escaped",), InputError, "outside its own folder; refused", id="backslashes"),
        pytest.param(("C:/escaped",), InputError, "outside its own folder; refused", id="drive"),
        pytest.param(("a/one", "b/two"), ModelError, "2 folders at its top, expected one", id="two-folders"),
        pytest.param((), ModelError, "0 folders at its top, expected one", id="empty"),
        pytest.param(("a/readme",), ModelError, "no metadata.json", id="no-package"),
        pytest.param(("metadata.json",), ModelError, "no metadata.json", id="no-folder"),
        pytest.param(("a/metadata.json",), ModelError, "names no from_code and to_code", id="no-languages"),
    ],
)
def test_a_zip_that_is_no_package_is_refused(packages_home, tmp_path, names, error, message):
    path = write_zip(tmp_path / "bad.argosmodel", *names)
    with pytest.raises(error) as raised:
        install_file(path)
    assert message in raised.value.message
    assert str(path) in raised.value.message
    assert left_in(packages_home) == []
    assert not list(tmp_path.rglob("escaped"))


def test_links_are_refused(packages_home, tmp_path):
    path = write_zip(tmp_path / "bad.argosmodel", "a/link", mode=stat.S_IFLNK | 0o777)
    with pytest.raises(InputError, match="holds a link, 'a/link'; refused"):
        install_file(path)


def test_what_is_no_zip_is_refused(packages_home, tmp_path):
    path = tmp_path / "page.argosmodel"
    path.write_text("<html>404 Not Found</html>")
    with pytest.raises(InputError, match="not a zip, expected an .argosmodel package"):
        install_file(path)
    with pytest.raises(InputError, match="no such file"):
        install_file(tmp_path / "absent.argosmodel")


def test_a_damaged_zip_is_refused(packages_home, tiny, tmp_path):
    content = bytearray(tiny.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path = tmp_path / "damaged.argosmodel"
    path.write_bytes(content)
    with pytest.raises(InputError, match="a damaged zip"):
        install_file(path)
    assert left_in(packages_home) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"without": "sentencepiece.model"}, "no sentencepiece.model or bpe.model", id="tokenizer"),
        pytest.param({"without": "model/model.bin"}, "no model/model.bin", id="model"),
        pytest.param({"changed": {"sentencepiece.model": b"x"}}, "tokenizer cannot be opened", id="damaged"),
        pytest.param(
            {"changed": {"model/model.bin": b"\xff\xff\0\0" + b"\0" * 64}}, "cannot be opened by CTranslate2",
            id="version",
        ),
        pytest.param({"without": "model/shared_vocabulary.json"}, "cannot be opened by CTran", id="words"),
        pytest.param({"changed": {"metadata.json": b"["}}, "not an Argos package", id="metadata"),
        pytest.param({"changed": {"metadata.json": b"[1]"}}, "not an Argos package", id="metadata-list"),
        pytest.param({"type": "sbd"}, "a package of another kind than translation", id="kind"),
    ],
)  # fmt: skip
def test_a_package_that_would_not_translate_is_refused(packages_home, repack, changes, message):
    path = repack(**changes)
    with pytest.raises(ModelError) as raised:
        install_file(path)
    assert message in raised.value.message
    assert str(path) in raised.value.message
    assert ".xsource-installing-" not in raised.value.message
    assert left_in(packages_home) == []


def test_a_refused_package_leaves_the_installed_one(packages_home, tiny, repack):
    installed = install_file(tiny)
    with pytest.raises(ModelError):
        install_file(repack(without="sentencepiece.model"))
    assert installed_packages() == ([installed], [])


INSTALL_IN_CHILD = """
import sys
from pathlib import Path
from xsource.errors import StorageError
from xsource.translate.installing import install_file
try:
    install_file(Path(sys.argv[1]))
except StorageError as error:
    print(error.message, error.hint, sep="|")
"""


def test_a_disk_that_fills_leaves_nothing(tmp_path, tiny):
    """The kernel stops the child's files at 100 kB, as a full disk does."""
    home = tmp_path / "data" / "argos-translate" / "packages"
    answer = subprocess.run(
        [sys.executable, "-c", INSTALL_IN_CHILD, str(tiny)],
        env={"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert answer.stdout.strip() == (
        f"{home}: no space left while installing {tiny.name}; nothing was installed"
        "|free some space and repeat the command"
    )
    assert left_in(home) == []


def test_a_home_that_cannot_be_written_is_named(tmp_path, tiny):
    home = tmp_path / "file"
    home.write_text("no folder")
    answer = subprocess.run(
        [sys.executable, "-c", INSTALL_IN_CHILD, str(tiny)],
        env={"XDG_DATA_HOME": str(home), "HOME": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "argostranslate cannot make its folder" in answer.stdout
    assert "XDG_DATA_HOME" in answer.stdout


def test_a_place_that_cannot_be_removed_is_named(packages_home, tmp_path):
    with pytest.raises(StorageError, match="cannot be removed"):
        remove_package(packages_home / "absent")
