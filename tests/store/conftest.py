"""What the store's tests share."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from xsource.store import Index, open_index


def _load_newsroom() -> ModuleType:
    path = Path(__file__).with_name("newsroom.py")
    spec = importlib.util.spec_from_file_location("store_newsroom", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


newsroom_module = _load_newsroom()


@pytest.fixture(scope="session")
def newsroom() -> ModuleType:
    """The articles, and the program that writes them: `newsroom.__file__`."""
    return newsroom_module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path, newsroom: ModuleType) -> Index:  # type: ignore[misc]
    with open_index(
        folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION
    ) as opened:
        yield opened
