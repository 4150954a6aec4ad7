"""Argos packages on the user's disk: found where argostranslate keeps them, described, routed, removed.

argostranslate is the authority on where packages live and what a package says of itself.

Only `argostranslate.package` is imported, never `argostranslate.translate`: that alone pulls stanza, spacy,
torch and onnxruntime into the process.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xsource.errors import ModelError, StorageError

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
    def direction(self) -> str:
        """`ru-en`."""
        return f"{self.source}-{self.target}"

    @property
    def name(self) -> str:
        """`ru-en 1.9`."""
        return f"{self.direction} {self.version}"


@dataclass(frozen=True, slots=True)
class BrokenPackage:
    """A folder among the packages that is none, and why."""

    path: Path
    reason: str


def packages_folder() -> Path:
    """Say where argostranslate keeps packages: `ARGOS_PACKAGES_DIR`, or its own data folder.

    Raises:
        StorageError: argostranslate cannot make its folders.
    """
    return Path(argos_settings().package_data_dir)


def argos_settings() -> Any:
    """Import the settings of argostranslate, which say where everything lies."""
    try:
        from argostranslate import settings  # makes its folders as it is imported
    except OSError as error:
        raise StorageError(
            f"{error.filename}: argostranslate cannot make its folder: {error.strerror}",
            "set XDG_DATA_HOME, XDG_CONFIG_HOME and XDG_CACHE_HOME to folders that can be written",
        ) from error
    return settings


def installed_packages() -> tuple[list[ArgosPackage], list[BrokenPackage]]:
    """List the installed translation packages, newest version first for each direction, and what is broken.

    Where argostranslate's folders cannot even be made, nothing is installed, and that is what is broken.
    """
    try:
        folders = [Path(folder) for folder in argos_settings().package_dirs]
    except StorageError as error:
        return [], [BrokenPackage(Path(), f"{error.message}; {error.hint}")]
    packages, broken = [], []
    for folder in filter(Path.is_dir, folders):
        for path in sorted(folder.iterdir()):
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
        key=lambda package: (package.source, package.target, version_key(package.version)), reverse=True
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
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError, OverflowError) as error:
        raise ModelError(f"{path}: not an Argos package: {error}") from error
    if package.type != "translate":
        return None
    if not (isinstance(package.from_code, str) and isinstance(package.to_code, str)):
        raise ModelError(f"{path}: metadata.json names no from_code and to_code")
    if not (path / "model" / "model.bin").is_file():
        raise ModelError(f"{path}: no model/model.bin in the package")
    if not any((path / name).is_file() for name in _TOKENIZERS):
        raise ModelError(
            f"{path}: no {' or '.join(_TOKENIZERS)} in the package: it cannot split text into tokens"
        )
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


def remove_package(path: Path) -> None:
    """Remove the folder of a package, broken or not: moved aside first, so it is there whole or not at all.

    Raises:
        StorageError: the folder cannot be written.
    """
    try:
        aside = Path(tempfile.mkdtemp(prefix=".xsource-removing-", dir=path.parent.parent))
        path.rename(aside / path.name)
    except OSError as error:
        raise StorageError(f"{path}: cannot be removed: {error.strerror}") from error
    shutil.rmtree(aside, ignore_errors=True)


def version_key(version: str) -> tuple[int, ...]:
    """Order versions by their numbers: 1.10 is newer than 1.9."""
    return tuple(int(part) if part.isdigit() else 0 for part in str(version).split("."))
