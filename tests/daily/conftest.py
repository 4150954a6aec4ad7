"""An index of the first day of the ferry, by the bundled model, and the command line over a copy of it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path

import pytest
from conftest import Program

from xsource.pipeline import build
from xsource.settings import Settings

_spec = importlib.util.spec_from_file_location("ferry", Path(__file__).with_name("ferry.py"))
assert _spec is not None
assert _spec.loader is not None
ferry = importlib.util.module_from_spec(_spec)
sys.modules["ferry"] = ferry
_spec.loader.exec_module(ferry)

SETTINGS = Settings(translate=False)


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("ferry")
    first, _ = ferry.write_days(place / "articles")
    build([first], place / "index", SETTINGS)
    return place


@pytest.fixture
def newsroom(first_day: Path, tmp_path: Path) -> Path:
    """A folder with `articles/day-2.jsonl`, `articles/day-3.jsonl` and an `index` of the first."""
    shutil.copytree(first_day, tmp_path / "newsroom")
    return tmp_path / "newsroom"


@pytest.fixture
def index(newsroom: Path) -> Path:
    return newsroom / "index"


@pytest.fixture
def program(index: Path) -> Program:
    return Program(index)


@pytest.fixture
def next_day(newsroom: Path, index: Path):  # noqa: ANN201
    """Build the second day into the index when it is called."""

    def come() -> None:
        build([newsroom / "articles" / "day-3.jsonl"], index, SETTINGS)

    return come
