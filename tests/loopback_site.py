"""A web server on loopback that answers what a test tells it to, and remembers what it was asked."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

# What a script prints of its own peak, in MB. `ru_maxrss` would be that of the test run it was started from.
PRINT_PEAK = """
def print_peak():
    with open("/proc/self/status") as status:
        print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")))
"""

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
