"""Installing Argos packages, wholly or not at all: from a file without a network, or from the Argos index.

argostranslate's own call imports three machine-learning frameworks (3.8 CPU-seconds), unpacks whatever paths a
zip names, and leaves half a package behind when the disk fills; hence ours.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from xsource.errors import InputError, ModelError, StorageError
from xsource.translate.packages import (
    ArgosPackage,
    argos_settings,
    find_route,
    packages_folder,
    read_package,
    version_key,
)

MAX_UNPACKED_BYTES = 4 << 30
"""Published packages unpack to 60 to 300 MB; a zip that claims more than this is a bomb or a mistake."""

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
"""What `zipfile` raises for damaged, encrypted and oddly compressed entries."""


STAGING = ".xsource-installing-"


def install_file(path: Path) -> ArgosPackage:
    """Install one `.argosmodel` file, wholly or not at all. Reaches no network.

    The zip is unpacked beside the packages, checked, its model opened once, and only then moved into place; a
    package of the same folder name is replaced.

    Raises:
        InputError: the file is absent or no zip, or names paths outside its folder.
        ModelError: it is a zip and no package, or its model cannot be opened by this CTranslate2.
        StorageError: the disk is full or the folder cannot be written.
    """
    folder = packages_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear_left_over(folder.parent)
        staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder.parent))
        held = os.open(staging, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
    except OSError as error:
        raise StorageError(f"{folder.parent}: cannot be written: {error.strerror}") from error
    try:
        package = _prepare(path, staging)
        _move_into_place(package.path, folder)
    except ModelError as error:
        # The staging folder is gone when the user reads this: name the file that was given instead.
        message = re.sub(rf"{re.escape(str(staging))}/[^/:]+", lambda _: str(path), error.message)
        raise ModelError(message, error.hint) from error
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise StorageError(
                f"{folder}: no space left while installing {path.name}; nothing was installed",
                "free some space and repeat the command",
            ) from error
        raise StorageError(f"{error.filename or folder}: {error.strerror}; nothing was installed") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        os.close(held)
    return replace(package, path=folder / package.path.name)


def _clear_left_over(folder: Path) -> None:
    """Delete what installations that were killed left; one that goes on holds a lock."""
    for left in folder.glob(f"{STAGING}*"):
        if left.is_symlink() or not left.is_dir():
            continue
        descriptor = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)


def _prepare(path: Path, staging: Path) -> ArgosPackage:
    """Unpack and check a package; it is described where it was unpacked."""
    folder = staging / _unpack(path, staging)
    package = read_package(folder)
    if package is None:
        raise ModelError(f"{path}: a package of another kind than translation")
    _try_model(path, folder)
    return package


def _unpack(path: Path, staging: Path) -> str:
    """Unpack a zip that holds one folder, and give the folder's name."""
    if not path.is_file():
        raise InputError(f"{path}: no such file, expected an .argosmodel package")
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGED as error:
        raise InputError(f"{path}: not a zip, expected an .argosmodel package") from error
    with archive:
        entries = archive.infolist()
        tops = set()
        for entry in entries:
            parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
            if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0]:
                raise InputError(
                    f"{path}: names the path {entry.filename!r}, outside its own folder; refused",
                    "take the package from its publisher again",
                )
            if stat.S_ISLNK(entry.external_attr >> 16):
                raise InputError(f"{path}: holds a link, {entry.filename!r}; refused")
            tops.add(parts[0])
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            raise InputError(f"{path}: unpacks to more than {MAX_UNPACKED_BYTES >> 30} GB; refused")
        if len(tops) != 1:
            raise ModelError(
                f"{path}: holds {len(tops)} folders at its top, expected one: not an Argos package"
            )
        try:
            archive.extractall(staging)
        except _DAMAGED as error:
            raise InputError(f"{path}: a damaged zip: {error}", "download it again") from error
    (name,) = tops
    return name


def _try_model(path: Path, folder: Path) -> None:
    """Open the model and the tokenizer once, as the first translation would."""
    import ctranslate2
    from argostranslate.package import Package

    try:
        Package(folder).tokenizer.encode("1")
    except (OSError, RuntimeError, ValueError, SystemExit) as error:  # exits at a wrong line of bpe.model
        raise ModelError(
            f"{path}: its tokenizer cannot be opened: {error}", "take the package again"
        ) from error
    try:
        ctranslate2.Translator(str(folder / "model"), device="cpu", intra_threads=1)
    except (RuntimeError, ValueError) as error:
        raise ModelError(
            f"{path}: its model cannot be opened by CTranslate2 {ctranslate2.__version__}: {error}",
            "look for a newer package, or one for this version",
        ) from error


def _move_into_place(checked: Path, folder: Path) -> None:
    """Swap the checked package in; an older one of that name is kept until the new one is there."""
    for parent, _, files in os.walk(checked):
        for file in files:
            with (Path(parent) / file).open("rb") as stream:
                os.fsync(stream.fileno())
    place = folder / checked.name
    aside = checked.with_name(f".replaced-{checked.name}")
    if place.exists():
        place.rename(aside)
    try:
        checked.rename(place)
    except OSError:
        if aside.exists():
            aside.rename(place)
        raise


def install_from_index(codes: Sequence[str], target: str = "en") -> list[ArgosPackage]:
    """Download and install the packages that lead from languages to a target. The one call that uses a network.

    Args:
        codes: source languages; each needs a package to `target`, or a chain of them.
        target: the language to read in.

    Raises:
        ModelError: the package index cannot be reached, or has no route for a language.
    """
    settings = argos_settings()
    from argostranslate import package

    index = Path(settings.local_package_index)
    before = index.stat().st_mtime_ns if index.exists() else None
    package.update_package_index()  # logs a failure and returns: whether it worked shows in the file
    if not index.exists() or index.stat().st_mtime_ns == before:
        raise ModelError(
            f"the Argos package index could not be fetched from {settings.remote_package_index}",
            "without a network: xsource models install FILE.argosmodel, or --from-dir DIR",
        )
    try:
        available = [entry for entry in package.get_available_packages() if entry.type == "translate"]
    except (ValueError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ModelError(f"{index}: the package index cannot be read: {error}") from error
    offered: dict[tuple[str, str], Any] = {}
    for entry in available:
        kept = offered.get((entry.from_code, entry.to_code))
        if kept is None or version_key(entry.package_version) > version_key(kept.package_version):
            offered[entry.from_code, entry.to_code] = entry
    graph = [ArgosPackage(source, to, "", Path()) for source, to in offered]
    wanted: dict[tuple[str, str], None] = {}
    for code in codes:
        route = find_route(graph, code, target)
        if route is None:
            raise ModelError(f"the package index has no route from {code!r} to {target!r}")
        wanted.update(dict.fromkeys(pairwise(route)))
    installed = []
    for pair in wanted:
        try:
            downloaded = Path(offered[pair].download())
        except Exception as error:  # argostranslate raises bare Exception when a download fails
            raise ModelError(f"the package {pair[0]}-{pair[1]} could not be downloaded: {error}") from error
        try:
            installed.append(install_file(downloaded))
        finally:
            downloaded.unlink(missing_ok=True)  # argostranslate would take a damaged file again
    return installed
