"""Packages of argostranslate in a folder of the test's own, and the tiny real one."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

TINY = Path(__file__).parents[1] / "data" / "argos" / "translate-ru_en-tiny.argosmodel"


@pytest.fixture(scope="session")
def tiny() -> Path:
    """A real package from Russian to English, small and poor."""
    return TINY


@pytest.fixture
def packages_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that argostranslate keeps packages in, empty, for this test alone."""
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / variable))  # for its first import, which makes folders
    from argostranslate import settings

    home = tmp_path / "data" / "packages"
    home.mkdir(parents=True)
    monkeypatch.setattr(settings, "package_data_dir", home)
    monkeypatch.setattr(settings, "package_dirs", [home])
    return home


@pytest.fixture
def repack(tiny: Path, tmp_path: Path) -> Callable[..., Path]:
    """Make a package of the tiny one's files with some left out, changed or added."""

    def make(
        name: str = "changed.argosmodel",
        *,
        without: str = "",
        changed: dict[str, bytes] | None = None,
        folder: str = "translate-ru_en-tiny",
        **metadata: str,
    ) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(tiny) as original, zipfile.ZipFile(path, "w") as archive:
            files = {entry.filename.partition("/")[2]: original.read(entry) for entry in original.infolist()}
            if metadata:
                described = json.loads(files["metadata.json"]) | metadata
                files["metadata.json"] = json.dumps(described).encode()
            files |= changed or {}
            for file, content in files.items():
                if file != without:
                    archive.writestr(f"{folder}/{file}", content)
        return path

    return make
