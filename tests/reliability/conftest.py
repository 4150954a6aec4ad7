"""What the tests of reliability share: the store's newsroom, and the tools that interrupt."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from xsource.store import open_index

CHECKOUT = Path(__file__).resolve().parents[2]
TOOLS = CHECKOUT / "tools" / "reliability"


def _load_newsroom() -> ModuleType:
    path = CHECKOUT / "tests" / "store" / "newsroom.py"
    spec = importlib.util.spec_from_file_location("reliability_newsroom", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


newsroom_module = _load_newsroom()


@pytest.fixture(scope="session")
def newsroom() -> ModuleType:
    return newsroom_module


@pytest.fixture(scope="session")
def tools() -> Path:
    """Where the programs are that kill, fail and cut the power."""
    return TOOLS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def whole(folder: Path, newsroom: ModuleType) -> Path:
    """An index of 24 articles with translations and problems, closed, its vector file made."""
    write_newsroom(newsroom, folder, 6)
    return folder


def write_newsroom(newsroom: ModuleType, folder: Path, batches: int) -> None:
    newsroom.say = lambda line: None
    with open_index(folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION) as index:
        newsroom.write_all(index, batches)
        index.write_settings({"embedder": "ngrams"})
        index.vector_store()
