"""What servers do by mistake or on purpose, and that none of it hangs, floods or leaves loopback."""

import gzip
import http.server
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest
from loopback_site import PRINT_PEAK

from xsource.ingest.fetch.client import PoliteClient
from xsource.ingest.fetch.network import FetchError, is_public, resolve
from xsource.ingest.fetch.settings import FetchSettings

SETTINGS = {
    "contact": "x",
    "delay_seconds": 0.0,
    "read_timeout_seconds": 1.0,
    "total_timeout_seconds": 2.0,
    "retry_seconds": 0.0,
    "attempts": 2,
    "allow_private": True,
}


@pytest.fixture
def get():
    def get_address(address, max_bytes=1_000_000, **settings):
        with PoliteClient(FetchSettings(**(SETTINGS | settings)), sleep=lambda _: None) as client:
            return client.get(address, max_bytes)

    return get_address


def redirect(target, status=302):
    def answer(request):
        request.send_response(status)
        request.send_header("Location", target)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def test_redirects_are_followed_to_the_last_address(site, get):
    site.routes["/a"] = redirect("/b", 301)
    site.routes["/b"] = redirect(site.url("/c"), 308)
    site.serve("/c", "here")
    found = get(site.url("/a"))
    assert (found.address, found.content) == (site.url("/c"), b"here")


def test_an_endless_redirect_ends(site, get):
    site.routes["/a"] = redirect("/b")
    site.routes["/b"] = redirect("/a")
    with pytest.raises(FetchError, match="more than 5 redirects"):
        get(site.url("/a"))
    assert len(site.asked) == 7  # robots.txt, and six pages


@pytest.mark.parametrize(
    "target",
    [
        "http://[::1",
        "http://a:99999999/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "javascript:alert(1)",
        "http://",
    ],
)
def test_a_redirect_to_what_is_no_web_address_is_refused(site, get, target):
    site.routes["/a"] = redirect(target)
    with pytest.raises(FetchError):
        get(site.url("/a"))
    assert set(site.paths()) == {"/robots.txt", "/a"}


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:{port}/a", "http://localhost:{port}/a", "http://[::1]:{port}/a"]
)
def test_the_own_machine_is_not_asked_unless_allowed(site, get, address):
    site.serve("/a", "secret")
    with pytest.raises(FetchError, match="an address of a private network"):
        get(address.format(port=site.port), allow_private=False)
    assert site.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),  # 6to4 around 127.0.0.1
        ("64:ff9b::7f00:1", False),  # NAT64 around 127.0.0.1
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0"])
def test_odd_spellings_of_loopback_are_seen_through(host, get):
    """The resolver turns them into addresses, and those are what is judged."""
    try:
        addresses = resolve(host, 80)
    except FetchError:
        return  # this resolver does not know the spelling
    assert not any(map(is_public, addresses))


def test_robots_txt_is_obeyed(site, get):
    for_us = "User-agent: xsource\nDisallow: /not-for-us\nAllow: /not-for-us/but-this\n"
    rules = f"User-agent: *\nDisallow: /private\n\n{for_us}"
    site.serve("/robots.txt", rules, "text/plain")
    for path in ("/not-for-us/1", "/not-for-us/but-this", "/private"):
        site.serve(path, "x")
    with pytest.raises(FetchError, match="forbids"):
        get(site.url("/not-for-us/1"))
    assert get(site.url("/not-for-us/but-this")).content == b"x"
    assert get(site.url("/private")).content == b"x"  # the group for us is the only one that counts
    assert "/not-for-us/1" not in site.paths()


def test_a_redirect_does_not_lead_around_robots_txt(site, get):
    site.serve("/robots.txt", "User-agent: *\nDisallow: /private\n", "text/plain")
    site.routes["/a"] = redirect("/private")
    with pytest.raises(FetchError, match="forbids"):
        get(site.url("/a"))


def test_where_robots_txt_cannot_be_read_nothing_is_fetched(site, get):
    site.serve("/robots.txt", "down", status=503)
    site.serve("/a", "x")
    with pytest.raises(FetchError, match="cannot be read"):
        get(site.url("/a"))
    assert "/a" not in site.paths()


def test_a_crawl_delay_is_heeded(site):
    site.serve("/robots.txt", "User-agent: *\nCrawl-delay: 30\n", "text/plain")
    site.serve("/a", "x")
    waited = []
    with PoliteClient(FetchSettings(**SETTINGS), sleep=waited.append) as client:
        client.get(site.url("/a"), 100)
        client.get(site.url("/a"), 100)
    assert waited[-1] == pytest.approx(30, abs=2)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(site, get, status):
    answers = iter([status, 200])

    def answer(request):
        code = next(answers)
        request.send_response(code)
        request.send_header("Retry-After", "1")
        request.send_header("Content-Length", "2")
        request.end_headers()
        request.wfile.write(b"ok")

    site.routes["/a"] = answer
    assert get(site.url("/a")).content == b"ok"


def test_retry_after_is_heeded_up_to_a_limit(site):
    site.serve("/a", "busy", status=429, Retry_After="9999")
    waited = []
    with (
        PoliteClient(FetchSettings(**SETTINGS), sleep=waited.append) as client,
        pytest.raises(FetchError, match=r"answer 429 \(2 attempts\)"),
    ):
        client.get(site.url("/a"), 100)
    assert waited == [120.0]


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [
        ("soon", 0.5),
        ("Fri, 27 Feb 2026 09:30:00 GMT", 0.5),
        ("Fri, 27 Feb 2099 09:30:00 GMT", 120.0),
        ("3", 3.0),
    ],
)
def test_retry_after_may_be_a_number_a_date_or_nonsense(site, stated, seconds):
    site.serve("/a", "busy", status=503, Retry_After=stated)
    waited = []
    with (
        PoliteClient(FetchSettings(**(SETTINGS | {"retry_seconds": 0.5})), sleep=waited.append) as client,
        pytest.raises(FetchError),
    ):
        client.get(site.url("/a"), 100)
    assert waited == [seconds]


@pytest.fixture
def certificate(tmp_path):
    """A certificate of our own for 127.0.0.1, made for this test."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, which makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1"
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [*command.split(), *names, "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    return key, certificate


def test_https_is_spoken_and_certificates_are_checked(certificate, get, monkeypatch):
    key, trusted = certificate

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # the client that refuses the certificate hangs up
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    address = f"https://127.0.0.1:{server.server_port}/"
    try:
        with pytest.raises(FetchError, match=r"robots\.txt of .* cannot be read"):
            get(address, attempts=1)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        assert get(address).content == b"secret"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_body_that_says_it_is_too_big_is_not_read(site, get):
    def answer(request):
        request.send_response(200)
        request.send_header("Content-Length", str(1 << 30))
        request.end_headers()

    site.routes["/big"] = answer
    with pytest.raises(FetchError, match="content of 1073741824 bytes, expected at most 1000000"):
        get(site.url("/big"))


def endless(request):
    request.send_response(200)
    request.send_header("Transfer-Encoding", "chunked")
    request.end_headers()
    chunk = b"%x\r\n" % (1 << 16) + b"a" * (1 << 16) + b"\r\n"
    for _ in range(1 << 14):  # one gigabyte
        request.wfile.write(chunk)


def test_a_body_that_does_not_say_how_big_it_is_is_cut_off(site, get):
    site.routes["/big"] = endless
    with pytest.raises(FetchError, match="content of more than 1000000 bytes"):
        get(site.url("/big"))


def serve_packed(site, path, content, coding):
    site.serve(path, content, Content_Encoding=coding)


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes), ("GZIP", gzip.compress)],
)
def test_packed_bodies_are_unpacked(site, get, coding, pack):
    serve_packed(site, "/a", pack("Переговоры".encode()), coding)
    assert get(site.url("/a")).content.decode() == "Переговоры"


def test_a_gzip_bomb_is_refused(site, get):
    bomb = gzip.compress(b"\0" * 50_000_000, mtime=0)
    serve_packed(site, "/bomb", bomb, "gzip")
    with pytest.raises(FetchError, match="content of more than 1000000 bytes"):
        get(site.url("/bomb"))


@pytest.mark.parametrize(
    ("coding", "body", "message"),
    [
        ("gzip, gzip", b"x", "packed as 'gzip, gzip'"),
        ("br", b"x", "packed as 'br'"),
        ("gzip", b"not gzip at all", "damaged gzip"),
        ("gzip", gzip.compress(b"x" * 10_000, mtime=0)[:-9], "cut off"),
    ],
)
def test_bodies_that_cannot_be_unpacked_are_refused(site, get, coding, body, message):
    serve_packed(site, "/a", body, coding)
    with pytest.raises(FetchError, match=message):
        get(site.url("/a"))


def drip_body(request):
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    for _ in range(100):
        request.wfile.write(b"a")
        request.wfile.flush()
        time.sleep(0.2)


def drip_headers(request):
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        request.wfile.write(b"X-%d: a\r\n" % number)
        request.wfile.flush()
        time.sleep(0.2)


def say_nothing(request):
    time.sleep(5)


@pytest.mark.parametrize("answer", [drip_body, drip_headers, say_nothing])
def test_a_slow_server_is_left_in_time(site, get, answer):
    site.routes["/slow"] = answer
    begin = time.perf_counter()
    with pytest.raises(FetchError, match="no whole answer"):
        get(site.url("/slow"), attempts=1, total_timeout_seconds=1.0, read_timeout_seconds=0.8)
    assert time.perf_counter() - begin < 4


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/9.9 999 ?\r\n\r\n",
    ],
)
def test_answers_that_are_no_http_are_refused(site, get, raw):
    site.routes["/bad"] = lambda request: request.wfile.write(raw)
    with pytest.raises(FetchError):
        get(site.url("/bad"), attempts=1)


def test_a_host_that_is_not_there_is_named(get):
    with pytest.raises(FetchError) as raised:
        get("http://127.0.0.1:1/x", attempts=1)
    assert raised.value.is_passing


def test_a_name_that_cannot_be_resolved_is_named():
    with pytest.raises(FetchError, match="cannot be resolved"):
        resolve("a" * 64, 80)  # longer than a label may be: no name server is asked


def test_an_address_elsewhere_is_not_the_outlets(site, fetch):
    site.routes["/ad"] = redirect(f"http://localhost:{site.port}/consent")
    site.serve("/consent", "<html><body><p>Accept?</p></body></html>")
    site.feed("/ad")
    (problem,) = fetch().problems
    assert problem.message == "leads to localhost, which is not The Test Post's"


MEMORY = f"""{PRINT_PEAK}
import sys
from xsource.ingest.fetch.client import PoliteClient
from xsource.ingest.fetch.network import FetchError
from xsource.ingest.fetch.settings import FetchSettings
settings = FetchSettings(contact="x", delay_seconds=0.0, allow_private=True, attempts=1)
with PoliteClient(settings, sleep=lambda _: None) as client:
    for path in ("/big", "/bomb"):
        try:
            client.get(sys.argv[1] + path, settings.max_page_bytes)
        except FetchError as exc:
            print(exc.message)
print_peak()
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_a_gigabyte_and_a_bomb_stay_under_500_megabytes_of_memory(site):
    site.routes["/big"] = endless
    serve_packed(site, "/bomb", gzip.compress(b"\0" * 100_000_000, mtime=0), "gzip")
    command = [sys.executable, "-c", MEMORY, site.url("")]
    result = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env=dict(os.environ), check=True
    )
    *messages, megabytes = result.stdout.split("\n")[:-1]
    assert messages == ["content of more than 8388608 bytes, expected at most that"] * 2
    assert int(megabytes) < 500


def test_the_server_of_these_tests_is_on_loopback(site):
    assert site.url("/").startswith("http://127.0.0.1:")
    assert issubclass(http.server.ThreadingHTTPServer, http.server.HTTPServer)
