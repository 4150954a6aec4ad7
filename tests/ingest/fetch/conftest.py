"""Fetching from a site on loopback, at the level of the library."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from loopback_site import site  # noqa: F401 - a fixture

from xsource.errors import Problem
from xsource.ingest import read_articles
from xsource.ingest.fetch import FetchSettings, fetch_outlets
from xsource.outlets import OutletList, OutletProfile


@dataclass
class Run:
    """What a run of `fetch` gave."""

    pages: list
    problems: list
    waited: list[float]


@pytest.fixture
def fetch(site, tmp_path):  # noqa: F811
    """Fetch the site's own outlet into a folder, at a time that moves on by a minute with every run."""
    clock = {"now": datetime(2026, 3, 1, 12, tzinfo=UTC)}

    def run(
        folder: Path = tmp_path / "raw",
        feeds=("/feed",),
        names=("test-post",),
        domains=("127.0.0.1",),
        **settings,
    ):
        defaults = {
            "contact": "desk@test-post.example",
            "delay_seconds": 0.0,
            "read_timeout_seconds": 2.0,
            "total_timeout_seconds": 3.0,
            "retry_seconds": 0.0,
            "allow_private": True,
        }
        profile = OutletProfile(
            "test-post",
            "The Test Post",
            "The Test Post",
            domains=tuple(domains),
            feeds=tuple(feed if feed.startswith("http") else site.url(feed) for feed in feeds),
        )
        waited: list[float] = []
        clock["now"] += timedelta(minutes=1)
        found = list(
            fetch_outlets(
                names,
                outlets=OutletList([profile]),
                folder=folder,
                settings=FetchSettings(**(defaults | settings)),
                now=lambda: clock["now"],
                sleep=waited.append,
            )
        )
        problems = [item for item in found if isinstance(item, Problem)]
        return Run([item for item in found if not isinstance(item, Problem)], problems, waited)

    return run


@pytest.fixture
def read_kept(tmp_path):
    """Read what was kept as articles."""

    def read(folder: Path = tmp_path / "raw"):
        profile = OutletProfile("test-post", "The Test Post", "The Test Post", domains=("127.0.0.1",))
        now = datetime(2026, 3, 2, tzinfo=UTC)
        found = list(read_articles([folder / "pages"], outlets=OutletList([profile]), now=now))
        assert [item for item in found if isinstance(item, Problem)] == []
        return found

    return read
