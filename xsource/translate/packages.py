"""Argos packages on the user's disk: found where argostranslate keeps them, installed safely, removed, routed.

argostranslate is the authority on where packages live and what a package says of itself. Installing is ours:
its own call imports three machine-learning frameworks (3.8 CPU-seconds) and leaves half a package behind when
the disk fills.

Only `argostranslate.package` is imported, never `argostranslate.translate`: that alone pulls stanza, spacy,
torch and onnxruntime into the process.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import tempfile
import zipfile
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from xsource.errors import InputError, ModelError, StorageError

MAX_UNPACKED_BYTES = 4 << 30
"""Published packages unpack to 60 to 300 MB; a zip that claims more than this is a bomb or a mistake."""

_TOKENIZERS = ("sentencepiece.model", "bpe.model")
_FIRST_PIVOT = "en"


@dataclass(frozen=True, slots=True)
class ArgosPackage:
    """An installed translation package: one direction between two languages."""

    source: str
    target: str
    version: str
    path: Path
    target_prefix: str = ""

    @property
    def name(self) -> str:
        """`ru-en 1.9`."""
        return f"{self.source}-{self.target} {self.version}"


@dataclass(frozen=True, slots=True)
class BrokenPackage:
    """A folder among the packages that is none, and why."""

    path: Path
    reason: str


def packages_folder() -> Path:
    """Say where argostranslate keeps packages: `ARGOS_PACKAGES_DIR`, or its own data folder."""
    from argostranslate import settings

    return Path(settings.package_data_dir)


def installed_packages() -> tuple[list[ArgosPackage], list[BrokenPackage]]:
    """List the installed translation packages, newest version first for each direction, and what is broken."""
    from argostranslate import settings

    packages, broken = [], []
    for folder in settings.package_dirs:
        for path in sorted(Path(folder).iterdir()):
            if not path.is_dir():
                continue
            try:
                package = read_package(path)
            except ModelError as error:
                broken.append(BrokenPackage(path, error.message))
                continue
            if package is not None:
                packages.append(package)
    packages.sort(
        key=lambda package: (package.source, package.target, _version_key(package.version)), reverse=True
    )
    packages.sort(key=lambda package: (package.source, package.target))
    return packages, broken


def read_package(path: Path) -> ArgosPackage | None:
    """Describe an unpacked package; `None` for one of another kind, such as a sentence splitter.

    Raises:
        ModelError: the folder is no package, or lacks its model or its tokenizer.
    """
    from argostranslate.package import Package

    try:
        package = Package(path)
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{path}: not an Argos package: {error}") from error
    if package.type != "translate":
        return None
    if not (isinstance(package.from_code, str) and isinstance(package.to_code, str)):
        raise ModelError(f"{path}: metadata.json names no from_code and to_code")
    if not (path / "model" / "model.bin").is_file():
        raise ModelError(f"{path}: no model/model.bin in the package")
    if not any((path / name).is_file() for name in _TOKENIZERS):
        raise ModelError(f"{path}: no {' or '.join(_TOKENIZERS)} in the package")
    return ArgosPackage(
        package.from_code, package.to_code, str(package.package_version), path, str(package.target_prefix or "")
    )


def find_route(packages: Iterable[ArgosPackage], source: str, target: str) -> tuple[str, ...] | None:
    """Give the language codes from source to target with the fewest hops; English is the first choice of pivot.

    `None` when no chain of packages leads there. A language to itself is a route of one code.
    """
    onward: dict[str, set[str]] = {}
    for package in packages:
        onward.setdefault(package.source, set()).add(package.target)
    came_from: dict[str, str | None] = {source: None}
    queue = deque([source])
    while queue:
        code = queue.popleft()
        if code == target:
            route = [code]
            while (before := came_from[route[-1]]) is not None:
                route.append(before)
            return tuple(reversed(route))
        for following in sorted(onward.get(code, ()), key=lambda c: (c != _FIRST_PIVOT, c)):
            if following not in came_from:
                came_from[following] = code
                queue.append(following)
    return None


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
        staging = Path(tempfile.mkdtemp(prefix=".xsource-installing-", dir=folder.parent))
    except OSError as error:
        raise StorageError(f"{folder.parent}: cannot be written: {error.strerror}") from error
    try:
        name = _unpack(path, staging)
        package = read_package(staging / name)
        if package is None:
            raise ModelError(f"{path}: a package of another kind than translation")
        _try_model(path, staging / name)
        _move_into_place(staging, name, folder)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageError(
                f"{folder}: no space left while installing {path.name}; nothing was installed",
                "free some space and repeat the command",
            ) from error
        raise StorageError(f"{error.filename or folder}: {error.strerror}; nothing was installed") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return ArgosPackage(package.source, package.target, package.version, folder / name, package.target_prefix)


def _unpack(path: Path, staging: Path) -> str:
    """Unpack a zip that holds one folder, and give the folder's name."""
    if not path.is_file():
        raise InputError(f"{path}: no such file, expected an .argosmodel package")
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
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
        except (zipfile.BadZipFile, EOFError) as error:
            raise InputError(f"{path}: a damaged zip: {error}", "download it again") from error
    (name,) = tops
    return name


def _try_model(path: Path, folder: Path) -> None:
    import ctranslate2

    try:
        ctranslate2.Translator(str(folder / "model"), device="cpu", intra_threads=1)
    except (RuntimeError, ValueError) as error:
        raise ModelError(
            f"{path}: its model cannot be opened by CTranslate2 {ctranslate2.__version__}: {error}",
            "look for a newer package, or one for this version",
        ) from error


def _move_into_place(staging: Path, name: str, folder: Path) -> None:
    """Swap the checked package in; an older one of that name is kept until the new one is there."""
    for parent, _, files in os.walk(staging / name):
        for file in files:
            with (Path(parent) / file).open("rb") as stream:
                os.fsync(stream.fileno())
    old = folder / name
    aside = staging / f".replaced-{name}"
    if old.exists():
        old.rename(aside)
    try:
        (staging / name).rename(old)
    except OSError:
        if aside.exists():
            aside.rename(old)
        raise


def remove_package(package: ArgosPackage) -> None:
    """Remove an installed package: moved aside first, so that it is there whole or not at all.

    Raises:
        StorageError: the folder cannot be written.
    """
    try:
        aside = Path(tempfile.mkdtemp(prefix=".xsource-removing-", dir=packages_folder().parent))
        package.path.rename(aside / package.path.name)
    except OSError as error:
        raise StorageError(f"{package.path}: cannot be removed: {error.strerror}") from error
    shutil.rmtree(aside, ignore_errors=True)


def install_from_index(codes: Sequence[str], target: str = "en") -> list[ArgosPackage]:
    """Download and install the packages that lead from languages to a target. The one call that uses a network.

    Args:
        codes: source languages; each needs a package to `target`, or a chain of them.
        target: the language to read in.

    Raises:
        ModelError: the package index cannot be reached, or has no route for a language.
    """
    from argostranslate import package, settings

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
        if kept is None or _version_key(entry.package_version) > _version_key(kept.package_version):
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
        installed.append(install_file(downloaded))
        downloaded.unlink(missing_ok=True)
    return installed


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in str(version).split("."))
