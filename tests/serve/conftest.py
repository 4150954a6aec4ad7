"""Servers over small real indexes: in this process for pages, on a loopback port for the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from xsource.pipeline import build
from xsource.serve.app import ServeOptions, make_app
from xsource.serve.desk import Desk
from xsource.serve.guarding import Rate
from xsource.settings import Settings

UNHURRIED = Rate(per_second=1e6, burst=1e6)
QUICK = Settings(embedder="ngrams", translate=False, detectors="number,date,place,attribution")
"""No model to load: what a server does is the same."""
BUNDLED = Settings(translate=False, detectors=QUICK.detectors)
"""The bundled sentence model without the learned judge of contradictions, which takes most of the time."""


def write_articles(folder: Path, articles: list[dict[str, str]], name: str = "articles.jsonl") -> Path:
    """Write articles as a build reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return path


@contextmanager
def opened(index: Path, settings: Settings = QUICK, **options: object) -> Iterator[TestClient]:
    """Serve an index to a client of this process."""
    chosen = ServeOptions(**{"rate": UNHURRIED, "patience": 600.0, **options})  # type: ignore[arg-type]
    app = make_app(Desk(index, settings), chosen)
    with TestClient(app, base_url="http://127.0.0.1:8650", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def site(corpora_index: Path) -> Iterator[TestClient]:
    """The shipped corpora, served with the bundled model."""
    with opened(corpora_index, BUNDLED) as client:
        yield client


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory, corpora: Path) -> Path:
    """One shipped corpus by the n-gram embedder. Read only."""
    index = tmp_path_factory.mktemp("small") / "index"
    build([corpora / "port-explosion"], index, QUICK)
    return index


@pytest.fixture
def own_index(tmp_path: Path, corpora: Path) -> Callable[..., Path]:
    """Build an index that a test may change."""

    def make(*sources: Path) -> Path:
        index = tmp_path / "index"
        build(list(sources or [corpora / "port-explosion"]), index, QUICK)
        return index

    return make
