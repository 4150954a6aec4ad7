"""A web server on loopback that answers what a test tells it to, and remembers what it was asked."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from xsource.errors import Problem
from xsource.ingest import read_articles
from xsource.ingest.fetch import FetchSettings, fetch_outlets
from xsource.outlets import OutletList, OutletProfile

Answering = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """Paths and what is answered there; `asked` holds (path, headers) of every request, in order."""

    port: int
    routes: dict[str, Answering] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def serve(self, path, body, content_type="text/html; charset=utf-8", status=200, **headers):
        content = body.encode() if isinstance(body, str) else body

        def answer(request):
            request.send_response(status)
            request.send_header("Content-Type", content_type)
            request.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                request.send_header(name.replace("_", "-"), value)
            request.end_headers()
            request.wfile.write(content)

        self.routes[path] = answer

    def feed(self, *paths, dates=None, path="/feed", updated=None, **headers):
        date = "<pubDate>Fri, 27 Feb 2026 09:30:00 +0300</pubDate>"
        changed = f"<atom:updated>{updated}</atom:updated>" if updated else ""
        items = "".join(
            f"<item><title>t</title><link>{page}</link>{date if dates is None else ''}{changed}</item>"
            for page in paths
        )
        body = (
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Feed</title>'
            f"{items}</channel></rss>"
        )
        self.serve(path, body, "application/rss+xml", **headers)


@pytest.fixture
def site():
    """A site that has nothing but what the test puts there; a connection that is cut is no error."""
    held = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            state = held["site"]
            state.asked.append((self.path, dict(self.headers)))
            self.close_connection = True
            try:
                if answer := state.routes.get(self.path):
                    answer(self)
                else:
                    self.send_error(404)
            except (BrokenPipeError, ConnectionResetError):
                pass

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    held["site"] = Site(server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    yield held["site"]
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Run:
    """What a run of `fetch` gave."""

    pages: list
    problems: list
    waited: list[float]


@pytest.fixture
def fetch(site, tmp_path):
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
