"""Servers over small real indexes: in this process for pages, on a loopback port for the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
QUICK = Settings(translate=False, detectors="number,date,place,attribution")
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
    chosen = ServeOptions(**{"rate": UNHURRIED, "patience": 600.0, "count_ahead": 0, **options})  # type: ignore[arg-type]
    app = make_app(Desk(index, settings), chosen)
    with TestClient(app, base_url="http://127.0.0.1:8650", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def site(corpora_index: Path) -> Iterator[TestClient]:
    """The shipped corpora, served with the bundled model."""
    with opened(corpora_index, QUICK) as client:
        yield client


def port_articles() -> list[dict[str, str]]:
    """Give one blast told by three outlets, differently in two figures."""
    told = (("sea-view", 17, 4, 18), ("hill-daily", 23, 4, 19), ("line-24", 17, 9, 20))
    return [
        {
            "outlet": outlet,
            "url": f"https://{outlet}.example/port",
            "title": "Blast in the port of Morinda",
            "text": f"An explosion in the port of Morinda killed {killed} people on Tuesday, the mayor said.\n"
            "Twenty streets around the port were closed by the police after the explosion.\n"
            f"The harbour master said that {ships} ships had left the port before the explosion.",
            "published_at": f"2024-05-14T{hour}:00:00Z",
        }
        for outlet, killed, ships, hour in told
    ]


def truce_articles() -> list[dict[str, str]]:
    """Give another event, of two further outlets."""
    return [
        {
            "outlet": outlet,
            "url": f"https://{outlet}.example/truce",
            "title": "Truce in the Tesar valley",
            "text": "Lemoria and Gardania agreed on a ceasefire in the Tesar valley, mediators said.\n"
            "The ceasefire in the valley takes effect on Sunday morning at six.",
            "published_at": f"2024-09-06T{hour}:00:00Z",
        }
        for outlet, hour in (("east-gate", 18), ("noon-report", 19))
    ]


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One story of three outlets. Read only."""
    folder = tmp_path_factory.mktemp("small")
    build([write_articles(folder / "in", port_articles())], folder / "index", QUICK)
    return folder / "index"


@pytest.fixture
def own_index(tmp_path: Path) -> Path:
    """The same, for a test that changes it."""
    build([write_articles(tmp_path / "in", port_articles())], tmp_path / "index", QUICK)
    return tmp_path / "index"
