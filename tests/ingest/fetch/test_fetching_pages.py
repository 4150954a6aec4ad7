"""From feeds to kept pages: what is fetched, what is not fetched again, and that a killed run harms nothing."""

import gzip
import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime

import pytest

from xsource import __version__
from xsource.errors import InputError, StorageError
from xsource.ingest import read_articles
from xsource.ingest.fetch import outlets_of_feeds
from xsource.ingest.link_lists import FeedLink
from xsource.outlets import OutletList, OutletProfile, load_outlets

from ..pages import SAMPLES, build_page


def put_page(site, path, language, encoding="utf-8", declared=True, **headers):
    page = build_page(SAMPLES[language], canonical=False).encode(encoding)
    content_type = f"text/html; charset={encoding}" if declared else "text/html"
    site.serve(path, page, content_type, **headers)


def text_of(language):
    return "\n\n".join(SAMPLES[language].paragraphs)


def test_what_a_feed_lists_is_kept_raw_and_read_as_articles(site, fetch, read_kept):
    put_page(site, "/ru", "ru", "windows-1251")
    put_page(site, "/he", "he", "windows-1255", declared=False)
    put_page(site, "/ar", "ar")
    site.feed("/ru", site.url("/he"), "ar")
    run = fetch()
    assert run.problems == []
    assert [page.address for page in run.pages] == [site.url("/ru"), site.url("/he"), site.url("/ar")]
    articles = {article.source: article for article in read_kept()}
    assert {source[-2:]: article.text for source, article in articles.items()} == {
        language: text_of(language) for language in ("ru", "he", "ar")
    }
    assert {article.outlet_id for article in articles.values()} == {"test-post"}
    # The page has no date; its feed has.
    assert articles[site.url("/ru")].published_at == datetime(2026, 2, 27, 6, 30, tzinfo=UTC)


def test_every_request_says_who_asks_and_robots_txt_is_read_first(site, fetch):
    put_page(site, "/en", "en")
    site.feed("/en")
    fetch()
    assert site.paths() == ["/robots.txt", "/feed", "/en"]
    assert {headers["User-Agent"] for _, headers in site.asked} == {
        f"xsource/{__version__} (+desk@test-post.example)"
    }


def test_a_second_run_asks_only_whether_the_feed_has_changed(site, fetch):
    put_page(site, "/en", "en")
    site.feed("/en", ETag='"1"', Last_Modified="Fri, 27 Feb 2026 06:30:00 GMT")
    fetch()
    site.asked.clear()
    site.routes["/feed"] = lambda request: (request.send_response(304), request.end_headers())
    run = fetch()
    assert (run.pages, run.problems) == ([], [])
    assert site.paths() == ["/robots.txt", "/feed"]
    assert site.asked[1][1]["If-None-Match"] == '"1"'
    assert site.asked[1][1]["If-Modified-Since"] == "Fri, 27 Feb 2026 06:30:00 GMT"


def test_a_known_page_under_another_address_is_not_fetched_again(site, fetch):
    put_page(site, "/en", "en")
    site.feed("/en")
    fetch()
    site.feed("/en?utm_source=feed", "/en#top")
    site.asked.clear()
    run = fetch()
    assert (run.pages, run.problems, site.paths()) == ([], [], ["/robots.txt", "/feed"])


def test_a_changed_page_becomes_a_new_version_and_the_old_one_is_kept(site, fetch, read_kept):
    put_page(site, "/en", "en", ETag='"a"')
    site.feed("/en")
    fetch()
    changed = build_page(SAMPLES["en"], canonical=False).replace("four points", "five points")
    site.serve("/en", changed)
    site.feed("/en", updated="2026-03-01T12:01:30Z")  # between the first run and the second
    run = fetch()
    assert [page.is_new_version for page in run.pages] == [True]
    assert site.asked[-1][1]["If-None-Match"] == '"a"'
    texts = [article.text for article in read_kept()]
    assert ["four points" in text for text in texts] == [True, False]
    assert ["five points" in text for text in texts] == [False, True]
    assert fetch().pages == []


def test_an_unchanged_page_with_a_new_date_is_no_new_version(site, fetch, read_kept):
    put_page(site, "/en", "en")
    site.feed("/en")
    fetch()
    site.feed("/en", updated="2026-03-01T12:01:30Z")
    site.asked.clear()
    assert (fetch().pages, fetch().pages) == ([], [])
    assert site.paths().count("/en") == 1
    assert len(read_kept()) == 1


def test_one_bad_page_is_named_and_the_rest_go_on(site, fetch, read_kept):
    put_page(site, "/en", "en")
    site.serve("/film", b"\x00\x01", "video/mp4")
    site.serve("/closed", "no", status=403)
    site.feed("/gone", "/film", "/closed", "/en")
    run = fetch()
    assert [(problem.where, problem.message) for problem in run.problems] == [
        (site.url("/gone"), "answer 404, expected 200"),
        (site.url("/film"), "is 'video/mp4', expected a web page"),
        (site.url("/closed"), "answer 403, expected 200"),
    ]
    assert [article.text for article in read_kept()] == [text_of("en")]


def test_a_feed_is_asked_in_full_again_while_a_page_may_still_come(site, fetch):
    put_page(site, "/en", "en")
    site.serve("/late", "later", status=503)
    site.feed("/en", "/late", ETag='"1"')
    assert [problem.message for problem in fetch().problems] == ["answer 503 (3 attempts)"]
    put_page(site, "/late", "ru")
    site.asked.clear()
    run = fetch()
    assert "If-None-Match" not in site.asked[1][1]
    assert [page.address for page in run.pages] == [site.url("/late")]


def test_a_limit_a_run_and_failures_in_a_row_leave_the_rest_for_the_next(site, fetch):
    for number in range(5):
        put_page(site, f"/{number}", "en")
    site.feed(*(f"/{number}" for number in range(5)))
    run = fetch(max_pages_per_outlet=2)
    assert (len(run.pages), run.problems[-1].message) == (2, "2 pages are enough for one run")
    assert [page.address for page in fetch(max_pages_per_outlet=9).pages] == [
        site.url(f"/{n}") for n in (2, 3, 4)
    ]
    site.feed(*(f"/down/{number}" for number in range(9)))
    for number in range(9):
        site.serve(f"/down/{number}", "x", status=500)
    run = fetch(attempts=1, max_failures_in_a_row=3)
    assert len(run.problems) == 4
    assert run.problems[-1].message == "3 pages in a row could not be had"


def test_a_sitemap_is_as_good_as_a_feed_and_an_index_leads_to_sitemaps(site, fetch, read_kept):
    put_page(site, "/old", "en")
    put_page(site, "/new", "ru")
    pages = "".join(
        f"<url><loc>{site.url(path)}</loc><lastmod>{day}</lastmod></url>"
        for path, day in [("/old", "2026-02-01"), ("/new", "2026-02-28")]
    )
    site.serve(
        "/pages.xml.gz", gzip.compress(f"<urlset>{pages}</urlset>".encode(), mtime=0), "application/gzip"
    )
    loops = f"<sitemap><loc>{site.url('/index.xml')}</loc></sitemap>"
    index = f"<sitemapindex><sitemap><loc>{site.url('/pages.xml.gz')}</loc></sitemap>{loops}</sitemapindex>"
    site.serve("/index.xml", index, "application/xml")
    run = fetch(feeds=("/index.xml",))
    assert run.problems == []
    assert [page.address for page in run.pages] == [site.url("/new"), site.url("/old")]
    assert {article.published_at.day for article in read_kept()} == {1, 28}
    assert site.paths().count("/index.xml") == 2


def test_a_subscription_list_gives_outlets_with_their_feeds():
    links = [
        FeedLink("ТАСС", "https://tass.ru/rss/v2.xml"),
        FeedLink("Shore", "https://www.shore.example/feed"),
        FeedLink("Shore sport", "https://shore.example/sport"),
    ]
    listed = {outlet.id: outlet for outlet in outlets_of_feeds(links, load_outlets())}
    assert listed["tass"].feeds == ("https://tass.ru/rss/v2.xml",)
    assert listed["tass"].name == "ТАСС"
    assert listed["shore.example"].feeds == ("https://www.shore.example/feed", "https://shore.example/sport")
    assert listed["shore.example"].domains == ("shore.example",)


def test_an_unknown_name_is_an_error_before_anything_is_asked(site, fetch):
    with pytest.raises(InputError, match="unknown outlet 'nobody'"):
        fetch(names=("test-post", "nobody"))
    assert site.asked == []


def test_an_outlet_without_feeds_is_named(fetch):
    assert fetch(feeds=()).problems[0].message == "no feed is known of this outlet"


def test_a_feed_that_is_none_is_named(site, fetch):
    site.serve("/feed", "<html>Not here</html>")
    assert fetch().problems[0].message == "is no RSS or Atom feed"


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path, fetch):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError):
        fetch(folder=tmp_path / "file" / "raw")


def test_a_feed_of_ten_thousand_entries_is_dealt_with_a_piece_a_run(site, fetch):
    put_page(site, "/p/0", "en")
    put_page(site, "/p/1", "en")
    site.feed(*(f"/p/{number}" for number in range(10_000)))
    run = fetch(max_pages_per_outlet=2)
    assert len(run.pages) == 2


def test_the_tenth_version_is_read_after_the_ninth(site, fetch, read_kept):
    for number in range(11):
        page = build_page(SAMPLES["en"], canonical=False).replace("four points", f"{number} points")
        site.serve("/en", page)
        site.feed("/en", updated=f"2026-03-01T12:{number:02}:30Z")
        fetch()
    texts = [article.text for article in read_kept()]
    assert [f"{number} points" in text for number, text in enumerate(texts)] == [True] * 11


KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from xsource.ingest.fetch import FetchSettings, fetch_outlets
from xsource.ingest.fetch import outlets_of_feeds
from xsource.ingest.link_lists import FeedLink
from xsource.outlets import OutletList, OutletProfile, load_outlets
url, folder = sys.argv[1:]
profile = OutletProfile("test-post", "T", "T", domains=("127.0.0.1",), feeds=(url + "/feed",))
settings = FetchSettings(contact="x", delay_seconds=0.0, allow_private=True)
for page in fetch_outlets(["test-post"], outlets=OutletList([profile]), folder=Path(folder), settings=settings,
                          now=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC)):
    print(page.path.name, flush=True)
"""


@pytest.mark.parametrize("kept_before_the_kill", [1, 4])
def test_a_killed_run_leaves_nothing_half_written_and_the_next_goes_on(
    site, fetch, read_kept, tmp_path, kept_before_the_kill
):
    for number in range(12):
        put_page(site, f"/{number}", "en")
    site.feed(*(f"/{number}" for number in range(12)))
    command = [sys.executable, "-c", textwrap.dedent(KILLED), site.url(""), str(tmp_path / "raw")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        for _ in range(kept_before_the_kill):
            assert child.stdout.readline().endswith(".warc.gz\n")
        os.kill(child.pid, signal.SIGKILL)
    before = len(read_kept())  # every file that is there is whole
    assert before >= kept_before_the_kill
    run = fetch()
    assert run.problems == []
    assert len(read_kept()) == 12
    assert len(run.pages) >= 12 - before


def test_the_kept_pages_can_be_read_again_by_who_knows_the_outlet_only_by_its_feed(site, fetch, tmp_path):
    put_page(site, "/en", "en")
    site.feed("/en")
    fetch(domains=())
    nameless = OutletList([OutletProfile("test-post", "The Test Post", "The Test Post")])
    (article,) = read_articles(
        [tmp_path / "raw" / "pages"], outlets=nameless, now=datetime(2026, 3, 2, tzinfo=UTC)
    )
    assert article.outlet_id == "test-post"


def test_waiting_between_requests_to_one_host(site, fetch):
    put_page(site, "/en", "en")
    put_page(site, "/ru", "ru")
    site.feed("/en", "/ru")
    begin = time.perf_counter()
    run = fetch(delay_seconds=7.0)
    assert time.perf_counter() - begin < 7.0
    assert len(run.waited) == 3  # before feed and pages, not before robots.txt
    assert sum(run.waited) > 7.0 * 3 - 3.0
