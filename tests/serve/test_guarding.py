"""What is refused before a page is made, and that no answer tells a visitor about this machine."""

from __future__ import annotations

import shutil
import threading
import time

import pytest
from serve.conftest import UNHURRIED, opened

from xsource.serve.guarding import BODY_BYTES, Rate, allowed_hosts

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture(scope="module")
def small(small_index):
    with opened(small_index) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "address", "headers", "status"),
    [
        ("GET", "/", {}, 200),
        ("GET", "/health", {}, 200),
        ("GET", "/openapi.json", {}, 200),
        ("HEAD", "/", {}, 200),
        ("GET", "/nope", {}, 404),
        ("GET", "/search?q=x&top=0", {}, 400),
        ("POST", "/", {}, 405),
        ("DELETE", "/search", {}, 405),
        ("GET", "/", {"host": "evil.example"}, 400),
        ("GET", "/?q=" + "a" * 20000, {}, 414),
        ("GET", "/", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}, 403),
    ],
)
def test_every_answer_carries_the_headers(small, method, address, headers, status):
    response = small.request(method, address, headers=headers)
    assert response.status_code == status
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    policy = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8650", 200),
        ("localhost", 200),
        ("LOCALHOST:1", 200),
        ("[::1]:8650", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("evil.example:127.0.0.1", 400),
        ("localhost@evil.example", 400),
        ("", 400),
    ],
)
def test_only_names_of_this_server_are_answered(small, host, status):
    """DNS rebinding: a name of another site that is made to mean 127.0.0.1 stays that site's name."""
    assert small.get("/health", headers={"host": host}).status_code == status


def test_names_follow_the_address_listened_on():
    loopback = ["127.0.0.1", "localhost", "[::1]"]
    assert allowed_hosts("127.0.0.1") == loopback
    assert allowed_hosts("0.0.0.0", ["news.local"]) == [*loopback, "news.local"]  # noqa: S104
    assert allowed_hosts("192.0.2.7") == [*loopback, "192.0.2.7"]
    assert allowed_hosts("fd00::7") == [*loopback, "[fd00::7]"]
    assert "*" not in allowed_hosts("::")


@pytest.mark.parametrize(
    ("site", "mode", "dest", "method", "status"),
    [
        ("none", "navigate", "document", "GET", 200),
        ("same-origin", "cors", "empty", "GET", 200),
        ("cross-site", "navigate", "document", "GET", 200),
        ("cross-site", "navigate", "iframe", "GET", 403),
        ("cross-site", "no-cors", "image", "GET", 403),
        ("cross-site", "no-cors", "script", "GET", 403),
        ("same-site", "cors", "empty", "GET", 403),
        ("cross-site", "navigate", "document", "POST", 403),
    ],
)
def test_other_sites_may_link_but_not_embed(small, site, mode, dest, method, status):
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    assert small.request(method, "/", headers=headers).status_code == status


def test_nothing_but_looking_is_possible_unless_it_was_allowed(small):
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
        for address in ("/", "/search", "/stories/" + "0" * 20, "/openapi.json"):
            assert small.request(method, address).status_code == 405
        assert small.request(method, "/stories/" + "0" * 20 + "/reviews").status_code == 404


def test_a_large_body_is_refused_however_it_comes(small_index):
    with opened(small_index, allow_review=True) as client:
        address = "/stories/" + "0" * 20 + "/reviews"
        form = {"content-type": "application/x-www-form-urlencoded"}
        whole = client.post(address, content=b"a=" + b"b" * BODY_BYTES, headers=form)
        assert whole.status_code == 413
        pieces = (b"c" * 4096 for _ in range(1 + BODY_BYTES // 4096))
        assert client.post(address, content=pieces, headers=form).status_code == 413
        lying = client.post(address, content=b"x", headers={**form, "content-length": "-1"})
        assert lying.status_code == 413


def test_asking_too_often_is_refused_and_forgiven(small_index):
    with opened(small_index, rate=Rate(per_second=20.0, burst=5.0)) as client:
        statuses = [client.get("/health").status_code for _ in range(200)]
        assert statuses[:5] == [200] * 5
        assert 429 in statuses
        time.sleep(0.3)
        assert client.get("/health").status_code == 200


def test_a_refusal_for_haste_says_when_to_come_back(small_index):
    with opened(small_index, rate=Rate(per_second=0.001, burst=1.0)) as client:
        assert client.get("/health").status_code == 200
        refused = client.get("/health")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")


def test_an_index_that_breaks_while_served_tells_visitors_nothing_of_this_machine(own_index, tmp_path, caplog):
    index = own_index
    with opened(index) as client:
        story = client.get("/").text.split("/stories/")[1][:20]
        shutil.move(index, tmp_path / "gone")
        (tmp_path / "gone" / "catalog.sqlite3").write_bytes(b"no database " * 10_000)
        answers = [
            client.get(address)
            for address in (
                "/",
                f"/stories/{story}",
                "/search?q=explosion+in+the+port",
                "/who-reports?q=the+port+burns",
            )
        ]
    for response in answers:
        assert response.status_code in (200, 500, 503)
        for word in (str(tmp_path), tmp_path.name, "catalog", "sqlite", "Traceback", ".py"):
            assert word not in response.text, response.text
    # The reason is in the log, for whoever started the server.
    assert "catalog" in caplog.text or {response.status_code for response in answers} == {200}


def test_a_bug_of_ours_is_logged_and_not_shown(small_index, caplog):
    from xsource.serve import app as module

    with opened(small_index) as client:
        original = module.view_hits
        module.view_hits = lambda hits, contents: 1 / 0
        try:
            response = client.get("/search", params={"q": "explosion in the port"})
        finally:
            module.view_hits = original
    assert response.status_code == 500
    assert "Something went wrong here" in response.text
    assert "ZeroDivisionError" not in response.text
    assert "ZeroDivisionError" in caplog.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_more_questions_than_can_be_worked_on_are_put_off(small_index):
    with opened(small_index, patience=0.01, rate=UNHURRIED) as client:
        statuses = []
        lock = threading.Lock()

        def ask(number):
            response = client.get("/who-reports", params={"q": f"question number {number} about the port"})
            with lock:
                statuses.append(response.status_code)

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(statuses) <= {200, 202, 503}
        assert len(statuses) == 60
        assert client.get("/health").status_code == 200


def test_a_page_of_another_site_does_not_use_up_what_the_analyst_may_ask():
    import anyio
    from starlette.responses import PlainTextResponse

    from xsource.serve.guarding import Rate, guard

    app = guard(PlainTextResponse("here"), ["127.0.0.1"], Rate(per_second=0.0001, burst=2))

    async def ask(*headers):
        sent = []

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "raw_path": b"/",
            "query_string": b"",
            "headers": [(b"host", b"127.0.0.1"), *headers],
            "client": ("127.0.0.1", 1),
        }
        await app(scope, receive, send)
        return sent[0]["status"]

    foreign = ((b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"no-cors"))
    assert [anyio.run(ask, *foreign) for _ in range(20)] == [403] * 20
    assert [anyio.run(ask) for _ in range(3)] == [200, 200, 429]
