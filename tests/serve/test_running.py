"""The command as it is used: a real server on a loopback port, slow visitors, a crowd, and Ctrl-C."""

from __future__ import annotations

import contextlib
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from ctrl_c import heed_ctrl_c
from serve.conftest import QUICK

from xsource.errors import InputError, StorageError
from xsource.serve.app import ServeOptions, make_app
from xsource.serve.desk import Desk
from xsource.serve.running import address_of, bind, make_server

IMPATIENT_SECONDS = 1.5


@contextlib.contextmanager
def server_over(index, **options):
    """Serve on a loopback port, from a thread of this process."""
    listener = bind("127.0.0.1", 0)
    app = make_app(Desk(index, QUICK), ServeOptions(**options))
    server = make_server(app, IMPATIENT_SECONDS)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield address_of(listener).rstrip("/")
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def running(small_index):
    with server_over(small_index) as address:
        yield address


def exchange(address, sent, seconds=5.0):
    """Send bytes as they are, and read until the server closes or the time is over."""
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=seconds) as connection:
        connection.sendall(sent)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except TimeoutError:
            pass
    return received


def test_pages_come_over_the_wire_without_the_servers_name(running):
    with httpx.Client(base_url=running, timeout=60) as client:
        response = client.get("/")
    assert response.status_code == 200
    assert "server" not in response.headers
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert "3 articles by 3 outlets" in response.text


def test_a_crowd_gets_whole_answers_or_is_put_off(running):
    """400 requests by 16 at once, of addresses that cost little and much."""
    addresses = ["/", "/search?q=explosion+in+the+port", "/health", "/nope", "/search?q=fire&top=0"]
    limits = httpx.Limits(max_connections=16)
    with httpx.Client(base_url=running, timeout=60, limits=limits) as client, ThreadPoolExecutor(16) as pool:
        started = time.monotonic()
        answers = list(pool.map(lambda number: client.get(addresses[number % 5]), range(400)))
        took = time.monotonic() - started
    expected = {0: {200}, 1: {200, 202}, 2: {200}, 3: {404}, 4: {400}}
    for number, response in enumerate(answers):
        assert response.status_code in expected[number % 5] | {429}, response.text[:200]
        assert int(response.headers["content-length"]) == len(response.content)
    assert sum(response.status_code == 429 for response in answers) < 400
    assert took < 120


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"b" * 100_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ids=["tls", "version", "no-host", "other-host", "two-hosts", "long-line", "long-header", "smuggling"],
)
def test_what_is_no_request_for_us_is_refused(running, sent):
    received = exchange(running, sent)
    status = received.split(b" ", 2)[1] if received else b"closed"
    assert status in (b"400", b"405", b"414", b"431", b"closed"), received[:200]
    assert httpx.get(f"{running}/health", timeout=30).status_code == 200


def test_a_path_cannot_leave_the_pages(running):
    rest = b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    paths = (
        b"/../../etc/passwd",
        b"/assets/../../catalog.sqlite3",
        b"//etc/passwd",
        b"/%2e%2e/%2e%2e/etc/passwd",
    )
    for path in paths:
        received = exchange(running, b"GET " + path + rest)
        assert received.split(b" ", 2)[1] == b"404"
        assert b"root:" not in received


def test_a_visitor_who_never_finishes_is_disconnected(running):
    slow = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
    whole = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for sent, first in ((b"", b""), (slow, b""), (whole + slow, b"HTTP/1.1 200 OK")):
        began = time.monotonic()
        assert exchange(running, sent, seconds=30)[: len(first) or 1] == first
        assert IMPATIENT_SECONDS * 0.6 < time.monotonic() - began < 20


def test_ctrl_c_ends_it_and_says_so(small_index):
    code = "from xsource.cli.main import run; run()"
    command = [sys.executable, "-c", code, "serve", "--index", str(small_index), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c)
    found = re.search(r"serving .* at (http://127\.0\.0\.1:\d+)/; Ctrl-C ends it", process.stderr.readline())
    assert found

    def ask():
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{found[1]}/who-reports?q=the+port+burned", timeout=60)

    asking = threading.Thread(target=ask)
    asking.start()
    assert httpx.get(f"{found[1]}/health", timeout=60).json()["status"] == "ok"
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    asking.join()
    assert process.returncode == 0
    assert told.splitlines()[-1] == "stopped"
    assert "Traceback" not in told


def test_a_taken_port_is_named_with_a_way_out(small_index):
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(StorageError, match=f"port {port} of 127.0.0.1 is taken") as failure:
            bind("127.0.0.1", port)
        assert "--port" in failure.value.hint


def test_an_address_that_is_not_of_this_machine_is_refused():
    with pytest.raises(InputError, match="no address of this machine"):
        bind("192.0.2.1", 0)
    with pytest.raises(InputError, match="no address of this machine"):
        bind("no such host", 0)


def test_a_folder_without_an_index_is_said_before_anything_is_served(tmp_path):
    from typer.testing import CliRunner

    from xsource.cli.main import app

    result = CliRunner().invoke(app, ["serve", "--index", str(tmp_path / "nowhere"), "--port", "0"])
    assert result.exit_code == 1
    assert "no index here" in result.stderr
