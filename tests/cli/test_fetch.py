"""`xsource fetch`: from feeds on loopback into an index, again, stopped, and refused."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Program
from ctrl_c import heed_ctrl_c
from ingest.pages import SAMPLES, build_page
from loopback_site import PRINT_PEAK, Site, site  # noqa: F401 - a fixture

from xsource.errors import InputError
from xsource.ingest.fetch.raw_store import only_run
from xsource.pipeline.fetching import check_contact
from xsource.store import open_index

CONTACT = ("--contact", "desk@test-post.example")
POLITE = (*CONTACT, "--allow-private", "--delay", "0", "--attempts", "1")
BUILDING = (*POLITE, "--no-translate")


def declare(folder: Path, site: Site, *feeds: str) -> None:  # noqa: F811
    addresses = ", ".join(f'"{site.url(feed)}"' for feed in feeds or ("/feed",))
    (folder / "outlets.toml").write_text(
        '[[outlet]]\nid = "test-post"\nname = "The Test Post"\nlanguage = "en"\n'
        f'domains = ["127.0.0.1"]\nfeeds = [{addresses}]\n',
        "utf-8",
    )


def put_page(site: Site, path: str, language: str, *changes: tuple[str, str], encoding: str = "utf-8") -> None:  # noqa: F811
    page = build_page(SAMPLES[language], canonical=False)
    for old, new in changes:
        assert old in page
        page = page.replace(old, new)
    site.serve(path, page.encode(encoding), f"text/html; charset={encoding}")


@pytest.fixture
def index(tmp_path, monkeypatch) -> Program:
    """An index of the n-gram embedder, which needs no model, and a working folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XSOURCE_EMBEDDER", "ngrams")
    monkeypatch.delenv("XSOURCE_CONTACT", raising=False)
    return Program(tmp_path / "index")


def outlets_in(index: Program) -> dict[str, int]:
    rows = json.loads(index.run("outlets", "-f", "json").stdout)["outlets"]
    return {row["id"]: row["articles"] for row in rows}


def test_what_feeds_list_is_in_the_index_and_stays_as_it_came(site, index, tmp_path):  # noqa: F811
    put_page(site, "/ru", "ru", encoding="windows-1251")
    put_page(site, "/he", "he", encoding="windows-1255")
    put_page(site, "/en", "en")
    site.feed("/ru", "/he", "/en")
    declare(tmp_path, site)
    result = index.run("fetch", "test-post", *BUILDING)
    assert "3 pages fetched, 0 new versions among them, 0 could not be had" in result.stderr
    assert (
        "3 read: 3 new, 0 known, 0 left out; 6 lines of page furniture and 0 datelines removed" in result.stderr
    )
    assert result.stdout == ""
    assert outlets_in(index) == {"test-post": 3}
    assert len(list((tmp_path / "index/raw/pages/test-post").iterdir())) == 3
    # Extraction can be redone from what was kept, by whoever has neither the feed nor the outlet's description.
    (tmp_path / "outlets.toml").unlink()
    again = Program(tmp_path / "again")
    again.run("build", str(tmp_path / "index/raw"), "--no-translate")
    assert outlets_in(again) == {"test-post": 3}


def test_a_second_run_fetches_and_builds_only_what_is_new(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.feed("/en")
    declare(tmp_path, site)
    index.run("fetch", *BUILDING, "test-post")
    put_page(site, "/ru", "ru")
    site.feed("/en", "/ru")
    site.asked.clear()
    result = index.run("fetch", *BUILDING, "test-post")
    assert site.paths() == ["/robots.txt", "/feed", "/ru"]
    assert "1 read: 1 new, 0 known, 0 left out" in result.stderr
    result = index.run("fetch", *BUILDING, "test-post")
    assert "0 pages fetched" in result.stderr
    assert "read:" not in result.stderr


def test_the_exit_code_tells_feeds_that_are_gone_from_one_that_has_nothing_new(site, index, tmp_path):  # noqa: F811
    declare(tmp_path, site, "/gone", "/gone-too")
    assert index.run("fetch", "test-post", *BUILDING, exit_code=1).stderr.count("404") == 2
    put_page(site, "/en", "en")
    site.feed("/en")
    declare(tmp_path, site, "/gone", "/feed")
    assert "1 page fetched" in index.run("fetch", "test-post", *BUILDING, exit_code=3).stderr
    assert "0 pages fetched" in index.run("fetch", "test-post", *BUILDING, exit_code=3).stderr


def test_a_changed_page_is_a_new_version(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.feed("/en")
    declare(tmp_path, site)
    index.run("fetch", "test-post", *BUILDING)
    put_page(site, "/en?utm_source=feed", "en", ("four points", "five points"))
    site.feed("/en?utm_source=feed", updated=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    result = index.run("fetch", "test-post", *BUILDING)
    assert outlets_in(index) == {"test-post": 1}, result.stderr
    versions = json.loads(index.run("versions", site.url("/en"), "-f", "json").stdout)["versions"]
    assert [version["version"] for version in versions] == [1, 2], result.stderr
    assert [(change["change"], "four points" in change["text"]) for change in versions[1]["changes"]] == [
        ("removed", True),
        ("added", False),
    ]


def test_a_page_that_cannot_be_had_is_named_and_the_rest_goes_in(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.feed("/gone", "/en")
    declare(tmp_path, site, "/no-feed", "/feed")
    result = index.run("fetch", "test-post", *BUILDING, exit_code=3)
    assert f"left out: {site.url('/no-feed')}: answer 404, expected 200" in result.stderr
    assert f"left out: {site.url('/gone')}: answer 404, expected 200" in result.stderr
    assert "1 page fetched" in result.stderr
    assert outlets_in(index) == {"test-post": 1}


def test_a_subscription_list_brings_outlets_of_its_own(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.feed("/en")
    opml = tmp_path / "feeds.opml"
    opml.write_text(
        '<opml version="2.0"><body><outline type="rss" text="The &quot;Bay&quot; Voice" '
        f'xmlUrl="{site.url("/feed")}"/></body></opml>',
        "utf-8",
    )
    index.run("fetch", "--opml", str(opml), *BUILDING)
    rows = json.loads(index.run("outlets", "-f", "json").stdout)["outlets"]
    assert [(row["id"], row["name"], row["articles"]) for row in rows] == [("127.0.0.1", 'The "Bay" Voice', 1)]
    site.asked.clear()
    result = index.run("fetch", "127.0.0.1", *BUILDING, exit_code=1)
    assert "unknown outlet '127.0.0.1'" in result.stderr  # it is fetched by its list, and by that alone
    assert site.asked == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("tass",), "error: no contact is given"),
        (("tass", "--contact", "somebody"), 'contact is "somebody", expected a mail address or a web address'),
        (("kommersannt", *CONTACT), "did you mean kommersant (Коммерсантъ)?"),
        (("tass", *CONTACT, "--delay", "0.2"), "expected at least 1 second between requests"),
        ((*CONTACT, "--opml", "gone.opml"), "gone.opml: cannot be read: No such file"),
    ],
    ids=["no contact", "no address", "unknown outlet", "too fast", "no list"],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_fetched(index, tmp_path, words, expected):
    result = index.run("fetch", *words, exit_code=1)
    assert expected in result.stderr
    assert "hint: " in result.stderr
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("content", ["<opml", "<opml version='2.0'><body/></opml>"])
def test_a_list_that_names_no_feed_is_refused(index, tmp_path, content):
    (tmp_path / "feeds.opml").write_text(content)
    result = index.run("fetch", *CONTACT, "--opml", "feeds.opml", exit_code=1)
    assert "error: feeds.opml: " in result.stderr


@pytest.mark.parametrize("contact", ["a@b.org\r\nX: y", "(a@b.org)", "a b@c.org", "ё@почта.рф", "@", "ftp://x"])
def test_a_contact_that_would_break_the_header_is_refused(contact):
    with pytest.raises(InputError):
        check_contact(contact)


def test_a_contact_may_stand_in_the_settings(site, index, tmp_path, monkeypatch):  # noqa: F811
    site.feed()
    declare(tmp_path, site)
    monkeypatch.setenv("XSOURCE_CONTACT", "https://test-post.example/contact")
    index.run("fetch", "test-post", *POLITE[2:])
    assert site.asked[0][1]["User-Agent"].endswith("(+https://test-post.example/contact)")


def test_addresses_of_the_own_machine_are_refused(site, index, tmp_path):  # noqa: F811
    site.feed("/en")
    declare(tmp_path, site)
    result = index.run("fetch", "test-post", *CONTACT, exit_code=1)
    assert "127.0.0.1 is 127.0.0.1, an address of a private network" in result.stderr
    assert site.asked == []


def test_a_host_that_does_not_answer_is_named(index, tmp_path):
    declare(tmp_path, Site(1))
    result = index.run("fetch", "test-post", *POLITE, exit_code=1)
    assert "left out: http://127.0.0.1:1/feed: robots.txt of 127.0.0.1:1 cannot be read: " in result.stderr
    assert "Connection refused" in result.stderr
    assert "0 pages fetched" in result.stderr


def test_one_wrong_outlets_file_says_where(index, tmp_path):
    (tmp_path / "outlets.toml").write_text("[[outlet]\n")
    assert "outlets.toml: not valid TOML" in index.run("fetch", *CONTACT, exit_code=1).stderr


def test_ctrl_c_keeps_what_was_fetched_and_the_next_run_builds_it(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.routes["/slow"] = lambda request: child.send_signal(signal.SIGINT)
    site.feed("/en", "/slow")
    declare(tmp_path, site)
    command = [sys.executable, "-c", "from xsource.cli.main import run; run()", "fetch", "test-post", *BUILDING]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=dict(os.environ), preexec_fn=heed_ctrl_c
    ) as child:
        _, messages = child.communicate(timeout=30)
    assert child.returncode == 130
    assert messages.endswith("stopped; what was finished is kept, and the same command goes on from there\n")
    assert not (tmp_path / "index/catalog.sqlite3").exists()
    site.feed("/en")
    result = index.run("fetch", "test-post", *BUILDING)
    assert "0 pages fetched" in result.stderr
    assert "1 read: 1 new" in result.stderr
    assert outlets_in(index) == {"test-post": 1}


def test_two_runs_do_not_fetch_into_one_folder(site, index, tmp_path):  # noqa: F811
    declare(tmp_path, site)
    with only_run(tmp_path / "index/raw"):
        result = index.run("fetch", "test-post", *BUILDING, exit_code=1)
    assert "raw: another run of fetch keeps pages there" in result.stderr
    assert site.asked == []


def test_pages_that_could_not_be_built_are_built_by_the_next_run(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.feed("/en")
    declare(tmp_path, site)
    with open_index(tmp_path / "index", mode="write", embedder_id="ngrams", dimension=2):
        assert "is writing this index" in index.run("fetch", "test-post", *BUILDING, exit_code=1).stderr
    (tmp_path / "index/catalog.sqlite3").unlink()
    result = index.run("fetch", "test-post", *BUILDING)
    assert "0 pages fetched" in result.stderr
    assert "1 read: 1 new" in result.stderr


def test_a_rebuild_keeps_the_fetched_pages(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.feed("/en")
    declare(tmp_path, site)
    index.run("fetch", "test-post", *BUILDING)
    put_page(site, "/en", "en", ("four points", "five points"))
    site.feed("/en", updated=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    index.run("fetch", "test-post", *BUILDING)
    before = index.run("versions", site.url("/en"), "-f", "json").stdout
    index.run("build", "index/raw", "--rebuild", "--no-translate")
    assert index.run("versions", site.url("/en"), "-f", "json").stdout == before
    assert len(json.loads(before)["versions"]) == 2
    assert len(list((tmp_path / "index/raw/pages/test-post").iterdir())) == 2
    assert "0 pages fetched" in index.run("fetch", "test-post", *BUILDING).stderr


def test_an_index_in_a_folder_of_articles_is_passed_over(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.feed("/en")
    declare(tmp_path, site)
    index.run("fetch", "test-post", *BUILDING)
    result = Program(tmp_path / "other").run("build", str(tmp_path), "--no-translate")
    assert "0 read" in result.stderr


def test_pages_may_only_be_kept(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.feed("/en")
    declare(tmp_path, site)
    index.run("fetch", "test-post", *POLITE, "--no-build", "--into", "kept")
    assert not (tmp_path / "index").exists()
    index.run("build", "kept", "--no-translate")
    assert outlets_in(index) == {"test-post": 1}


def test_outlets_are_known_without_an_index_and_counted_with_one(site, index, tmp_path):  # noqa: F811
    rows = {row["id"]: row for row in json.loads(index.run("outlets", "--all", "-f", "json").stdout)["outlets"]}
    assert rows["tass"]["articles"] == 0
    assert (rows["tass"]["ownership"], rows["tass"]["country"]) == ("state", "RU")
    assert "tass.ru" in rows["tass"]["domains"]
    assert len(rows) >= 20
    put_page(site, "/en", "en")
    site.feed("/en")
    declare(tmp_path, site)
    index.run("fetch", "test-post", *BUILDING)
    found = json.loads(index.run("outlets", "--all", "-f", "json").stdout)["outlets"]
    assert (found[0]["id"], found[0]["articles"], found[0]["domains"]) == ("test-post", 1, ["127.0.0.1"])
    assert {row["id"] for row in found} == {*rows, "test-post"}
    plain = json.loads(index.run("outlets", "-f", "json").stdout)
    assert plain == {
        "outlets": [
            {"id": "test-post", "name": "The Test Post", "language": "en", "country": None, "articles": 1}
        ]
    }


def endless(request):
    request.send_response(200)
    request.send_header("Content-Type", "text/html")
    request.end_headers()
    for _ in range(1024):
        request.wfile.write(b"<p>" + b"x" * (1 << 20))


MEASURED = f"""{PRINT_PEAK}
import atexit
from xsource.cli.main import run
atexit.register(print_peak)
run()
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
def test_hostile_servers_cost_neither_memory_nor_the_articles_beside_them(site, index, tmp_path):  # noqa: F811
    put_page(site, "/en", "en")
    site.routes["/big"] = endless
    site.serve("/bomb", gzip.compress(b"\0" * 100_000_000), "text/html", Content_Encoding="gzip")
    site.serve("/loop", "", status=302, Location="/loop")
    site.feed("/big", "/bomb", "/loop", "/en", *(f"/en#{number}" for number in range(10_000)))
    declare(tmp_path, site)
    words = ["fetch", "test-post", *BUILDING]
    done = subprocess.run([sys.executable, "-c", MEASURED, *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == 3, done.stderr
    assert f"{site.url('/big')}: content of more than 8388608 bytes" in done.stderr
    assert f"{site.url('/bomb')}: content of more than 8388608 bytes" in done.stderr
    assert f"{site.url('/loop')}: more than 5 redirects" in done.stderr
    assert "1 read: 1 new" in done.stderr
    assert int(done.stdout) < 500
