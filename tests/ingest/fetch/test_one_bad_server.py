"""One server, however it answers, costs itself only; robots.txt is heeded however it is written."""

# ruff: noqa: E501 - one line a case

import codecs
import gzip

import pytest

from xsource.ingest.fetch.client import Marks, PoliteClient
from xsource.ingest.fetch.network import FetchError, is_public
from xsource.ingest.fetch.robots import host_of
from xsource.ingest.fetch.settings import FetchSettings

SETTINGS = FetchSettings(
    contact="x",
    delay_seconds=0.0,
    read_timeout_seconds=2.0,
    total_timeout_seconds=4.0,
    retry_seconds=0.0,
    attempts=2,
    allow_private=True,
)


@pytest.fixture
def client():
    with PoliteClient(SETTINGS, sleep=lambda _: None) as found:
        yield found


def answer(status, body=b"", **headers):
    def respond(request):
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return respond


RULES = "User-agent: *\nDisallow: /closed\n"


@pytest.mark.parametrize(
    "body",
    [
        codecs.BOM_UTF8 + RULES.encode(),
        codecs.BOM_UTF16_LE + RULES.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + RULES.encode("utf-16-be"),
        RULES.encode("utf-16-le"),
        RULES.encode() + b"# padding\n" * 90_000,
        RULES.replace("\n", "\r").encode(),
    ],
)
def test_rules_are_heeded_however_a_robots_txt_is_written(site, client, body):
    site.routes["/robots.txt"] = answer(200, body)
    site.serve("/closed", "x")
    site.serve("/open", "x")
    with pytest.raises(FetchError, match=r"robots\.txt of .* forbids"):
        client.get(site.url("/closed"), 1000)
    assert client.get(site.url("/open"), 1000).content == b"x"


@pytest.mark.parametrize(
    "respond",
    [
        answer(300),
        answer(302),
        answer(302, Location="/robots.txt"),
        answer(204),
        answer(206, b"User"),
        answer(500),
        answer(200, b"\x1b\x2f\x00", Content_Encoding="br"),
        answer(200, b"not gzip", Content_Encoding="gzip"),
    ],
)
def test_only_an_answer_of_the_400s_says_that_there_are_no_rules(site, client, respond):
    site.routes["/robots.txt"] = respond
    site.serve("/page", "x")
    with pytest.raises(FetchError, match=r"robots\.txt of .* cannot be read"):
        client.get(site.url("/page"), 1000)
    assert "/page" not in site.paths()


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_without_a_robots_txt_a_page_may_be_asked_for(site, client, status):
    site.routes["/robots.txt"] = answer(status)
    site.serve("/page", "x")
    assert client.get(site.url("/page"), 1000).content == b"x"


def test_rules_that_a_proxy_changed_or_packed_are_heeded(site, client):
    site.routes["/robots.txt"] = answer(203, gzip.compress(RULES.encode()), Content_Encoding="gzip")
    with pytest.raises(FetchError, match="forbids"):
        client.get(site.url("/closed"), 1000)


@pytest.mark.parametrize(
    "stated", ["\u00b2", "12\u00b2", "-1", "1e400", "Fri, 31 Dec 9999 23:59:59 +9999", "x" * 5000]
)
def test_a_retry_after_that_is_no_time_is_a_failed_page(site, client, stated):
    site.routes["/robots.txt"] = answer(404)
    site.routes["/page"] = answer(503, Retry_After=stated.encode("latin-1", "replace").decode("latin-1"))
    with pytest.raises(FetchError, match="answer 503"):
        client.get(site.url("/page"), 1000)


def test_a_mark_that_no_header_can_hold_is_not_sent():
    assert Marks('"caf\u00e9"', "Fri\r\nX: y").headers() == {}
    assert Marks('"a1"', None).headers() == {"If-None-Match": '"a1"'}


@pytest.mark.parametrize(
    "address",
    ["http://xn--0/", "http://xn--a-\u00e9.example/", "http://" + "a" * 300 + ".example/", "http://a..b/"],
)
def test_a_host_that_cannot_be_written_is_a_problem_of_its_address(client, address):
    with pytest.raises(FetchError):
        client.get(address, 1000)


@pytest.mark.parametrize(
    "address", ["fec0::1", "64:ff9b:1::a00:1", "fe80::1", "::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1"]
)
def test_addresses_of_no_public_network_are_refused(address):
    assert not is_public(address)


def test_rules_and_delays_are_a_hosts_whatever_name_stands_before_it():
    assert (
        host_of("http://a:b@Site.example:8080/x")
        == host_of("http://site.example:8080/y")
        == "site.example:8080"
    )
