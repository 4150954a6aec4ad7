"""Feeds, subscription lists and sitemaps: what they list, and what in them is refused."""

import contextlib
import gzip
from datetime import UTC, datetime

import pytest
from cpu_seconds import least_cpu_seconds

from xsource.errors import InputError
from xsource.ingest import feeds, link_lists
from xsource.ingest.feeds import FeedEntry, parse_feed
from xsource.ingest.link_lists import FeedLink, SitemapPage, parse_opml, parse_sitemap

from .conftest import NOW

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Лента</title>{items}</channel></rss>"""
ITEM = "<item><title>{title}</title><link>{link}</link>{date}<description>{text}</description></item>"


def rss(*items, encoding="utf-8"):
    return RSS.format(encoding=encoding, items="".join(items)).encode(encoding)


def item(title="Заголовок", link="https://tass.ru/1", date="Fri, 27 Feb 2026 09:30:00 +0300", text="Кратко."):
    stated = f"<pubDate>{date}</pubDate>" if date else ""
    return ITEM.format(title=title, link=link, date=stated, text=text)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r"])
def test_rss_in_the_encodings_of_russian_sites(encoding):
    assert parse_feed(rss(item(), encoding=encoding), "https://tass.ru/rss", NOW) == (
        FeedEntry("https://tass.ru/1", "Заголовок", datetime(2026, 2, 27, 6, 30, tzinfo=UTC), "Кратко."),
    )


def test_atom_with_relative_links_and_missing_dates():
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>חדשות</title>
      <entry><title>שיחות</title><link href="/news/1"/><updated>2026-02-27T10:00:00Z</updated></entry>
      <entry><title>ללא תאריך</title><link href="news/2"/></entry>
      <entry><title>ללא קישור</title></entry></feed>""".encode()
    entries = parse_feed(atom, "https://www.maariv.co.il/rss/", NOW)
    assert [(entry.address, entry.title, entry.published) for entry in entries] == [
        ("https://www.maariv.co.il/news/1", "שיחות", datetime(2026, 2, 27, 10, tzinfo=UTC)),
        ("https://www.maariv.co.il/rss/news/2", "ללא תאריך", None),
    ]


def test_repeated_links_scripts_and_dates_that_cannot_be():
    content = rss(
        item(),
        item(title="Снова"),
        item(link="javascript:alert(1)"),
        item(link="https://tass.ru/2", date="Fri, 27 Feb 2099 09:30:00 +0300"),
        item(link="https://tass.ru/3", date="когда-то"),
        item(link="https://[broken/"),
    )
    entries = parse_feed(content, "https://tass.ru/rss", NOW)
    assert [(entry.address, entry.published is None) for entry in entries] == [
        ("https://tass.ru/1", False),
        ("https://tass.ru/2", True),
        ("https://tass.ru/3", True),
    ]


def test_a_long_feed_is_read_whole():
    content = rss(*(item(link=f"https://tass.ru/{number}") for number in range(1_000)))
    assert len(parse_feed(content, "https://tass.ru/rss", NOW)) == 1_000


@pytest.mark.parametrize("content", [b"", b"<html><body>Not a feed</body></html>", b"\x00\x01", b"{}"])
def test_what_is_no_feed_is_refused(content):
    with pytest.raises(InputError, match="is no RSS or Atom feed|is a binary file"):
        parse_feed(content, "https://tass.ru/rss", NOW)


@pytest.mark.parametrize(
    "broken",
    [
        rss(item(title="a&nbsp;b &laquo;c&raquo; &nonsense; & d")),
        rss(item(title="a\u00a0b «c» &amp;nonsense; &amp; d"))[:-30],  # cut off
        b"<!DOCTYPE rss [<!ENTITY x 'y'>]>" + rss(item(title="a&nbsp;b «c» &amp;nonsense; &amp; d")),
        rss(item(title="a&#160;b «c» &amp;nonsense; &amp; d")).replace(b"<item>", b"<br><item>"),
    ],
)
def test_damaged_feeds_are_repaired(broken):
    (entry,) = parse_feed(broken, "https://tass.ru/rss", NOW)
    assert entry.address == "https://tass.ru/1"
    assert entry.title.replace("&amp;", "&").replace(" ", "") == "a\u00a0b«c»&nonsense;&d".replace(" ", "")


HOSTILE = ["&x", "<", "<a b=", "&#", "<!--", "<![CDATA[", "<!DOCTYPE x [", "]]>", "*", "<p>"]


@pytest.mark.parametrize(
    "junk", ["&x", "<", "<a b=", "&#", "<!--", "<![CDATA[", "<!DOCTYPE x [", "]]>", "*", "<p>"]
)
def test_time_does_not_explode_on_damaged_feeds(junk):
    content = rss(item(text="Текст.")).replace(b"</item>", junk.encode() * (200_000 // len(junk)) + b"</item>")

    def read() -> None:
        with contextlib.suppress(InputError):  # refused is as good as read; hanging is not
            parse_feed(content, "https://tass.ru/rss", NOW)

    assert least_cpu_seconds(read, enough=5) < 5


def test_an_entity_of_a_feed_reads_no_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("top secret", "utf-8")
    content = (
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]><rss version="2.0"><channel><title>t</title>'
        "<item><title>&x;</title><link>https://tass.ru/1</link></item></channel></rss>"
    ).encode()
    assert all("top secret" not in entry.title for entry in parse_feed(content, "https://tass.ru/rss", NOW))


def test_a_saved_feed_with_whole_texts_gives_articles(tmp_path, read):
    paragraphs = [
        "Переговоры начались в пятницу, сообщил представитель министерства. " * 4,
        "Они продлятся до воскресенья. " * 6,
    ]
    whole = "".join(f"&lt;p&gt;{paragraph}&lt;/p&gt;" for paragraph in paragraphs)
    path = tmp_path / "feed.rss"
    path.write_bytes(rss(item(text=whole + "&lt;p&gt;Поделиться&lt;/p&gt;"), item(link="https://tass.ru/2")))
    (article,), problems, _ = read(path)
    assert article.text == "\n\n".join(paragraph.strip() for paragraph in paragraphs)
    assert article.published_at == datetime(2026, 2, 27, 6, 30, tzinfo=UTC)
    assert [problem.message for problem in problems] == ["1 of 2 entries have no full text"]


def test_a_saved_feed_of_an_unknown_outlet_and_one_that_is_too_large(tmp_path, read, monkeypatch):
    whole = "Переговоры начались в пятницу. " * 20
    (tmp_path / "a.rss").write_bytes(rss(item(text=whole, link="https://nobody.example/1")))
    _, problems, _ = read(tmp_path)
    assert [problem.message for problem in problems] == [
        "the address https://nobody.example/1 belongs to no known outlet"
    ]
    monkeypatch.setattr(feeds, "MAX_FEED_BYTES", 100)
    with pytest.raises(InputError, match="feed is larger than 100 bytes"):
        parse_feed(rss(item()), "https://tass.ru/rss", NOW)


def test_opml_gives_each_feed_once():
    opml = """<opml version="2.0"><body><outline text="News">
      <outline text="ТАСС" type="rss" xmlUrl="https://tass.ru/rss/v2.xml"/>
      <outline title="Again" xmlurl="https://tass.ru/rss/v2.xml"/>
      <outline text="bad" xmlUrl="file:///etc/passwd"/></outline></body></opml>""".encode()
    assert parse_opml(opml) == (FeedLink("ТАСС", "https://tass.ru/rss/v2.xml"),)


SITEMAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <url><loc>https://paper.example/1</loc><lastmod>2026-02-28</lastmod><news:news><news:publication>
  <news:name>Paper</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2026-02-27T10:00:00+02:00</news:publication_date>
  <news:title>Talks &amp; more</news:title></news:news></url>
  <url><loc>https://paper.example/2</loc><lastmod>2026-02-28</lastmod></url>
  <url><loc>ftp://paper.example/3</loc></url><url><loc>https://paper.example/4</loc><lastmod>soon</lastmod></url>
</urlset>"""


@pytest.mark.parametrize("content", [SITEMAP, gzip.compress(SITEMAP)], ids=["plain", "gzipped"])
def test_a_sitemap_gives_pages_with_their_dates(content):
    assert parse_sitemap(content, NOW).pages == (
        SitemapPage("https://paper.example/1", "Talks & more", datetime(2026, 2, 27, 8, tzinfo=UTC), "en"),
        SitemapPage("https://paper.example/2", "", datetime(2026, 2, 28, tzinfo=UTC), None),
        SitemapPage("https://paper.example/4", "", None, None),
    )


def test_a_sitemap_index_gives_sitemaps():
    index = b"<sitemapindex><sitemap><loc>https://paper.example/s1.xml</loc></sitemap></sitemapindex>"
    assert parse_sitemap(index, NOW).sitemaps == ("https://paper.example/s1.xml",)


BILLION_LAUGHS = b'<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]><a>&y;</a>'


@pytest.mark.parametrize("parse", [parse_opml, lambda content: parse_sitemap(content, NOW)])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (BILLION_LAUGHS, "declares entities"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "declares entities"),
        (b"not xml", "is not XML"),
        (b"", "is not XML"),
        (b"\x1f\x8b broken", "is damaged gzip"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', "is not XML"),
    ],
)
def test_what_is_no_list_is_refused(parse, content, message):
    with pytest.raises(InputError, match=message):
        parse(content)


def test_a_gzipped_list_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(link_lists, "MAX_LIST_BYTES", 100_000)
    with pytest.raises(InputError, match="is larger than 100000 bytes"):
        parse_sitemap(gzip.compress(b" " * 10_000_000), NOW)


def _feed_of_dates(*dates):
    items = "".join(
        f"<item><title>n</title><link>https://site.example/{number}</link><pubDate>{date}</pubDate></item>"
        for number, date in enumerate(dates)
    )
    return f'<rss version="2.0"><channel><title>c</title>{items}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (["2026/2/18", "18-02-2026"], ["2026-02-18", "2026-02-18"]),
        (["05-04-2025"], [None]),
        (["05-04-2025", "18-03-2025"], ["2025-04-05", "2025-03-18"]),
        (["05/04/2025", "03/18/2025"], ["2025-05-04", "2025-03-18"]),
        (["05.04.2025", "5 апреля 2025", "٥ أبريل ٢٠٢٥"], ["2025-04-05"] * 3),
        (["Sat, 05 Apr 2025 01:30:00 MSK", "Sat, 05 Apr 2025 01:30:00 UTC+3"], ["2025-04-04"] * 2),
        (["Sat, 05 Apr 2025 01:30:00 IST", "Sat, 05 Apr 2025 01:30:00 QQT"], ["2025-04-04", None]),
    ],
)
def test_a_feeds_dates_are_the_day_or_no_date_with_a_word(dates, days):
    entries = parse_feed(_feed_of_dates(*dates), "https://site.example/rss", NOW)
    found = [entry.published.date().isoformat() if entry.published else None for entry in entries]
    assert found == days
    assert [bool(entry.date_doubt) for entry in entries] == [day is None for day in days]
