"""What mutated files once made the libraries beneath raise: each is a problem now, and the rest go on."""

import gzip
import io

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from xsource.errors import InputError
from xsource.ingest.html_page import read_fragment
from xsource.ingest.link_lists import parse_sitemap

from .conftest import NOW
from .pages import SAMPLES, build_page


def test_a_flipped_byte_in_a_gzipped_sitemap():
    packed = bytearray(gzip.compress(b"<urlset>" + bytes(range(32, 127)) * 50 + b"</urlset>"))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(InputError):
        parse_sitemap(bytes(packed), NOW)


@pytest.mark.parametrize("entity", ["&#x110000;", "&#99999999999;", "&#xD800;", "&#0;", "&#1;"])
def test_a_feed_with_an_entity_that_stands_for_nothing(tmp_path, read, entity):
    path = tmp_path / "a.rss"
    text = "Переговоры начались в пятницу. " * 20
    path.write_text(
        f'<rss version="2.0"><channel><title>{entity}</title><item><title>t</title><link>https://tass.ru/1</link>'
        f"<description>{text}&lt;p&gt;{entity}{entity.replace('&', '&amp;')}</description></item>",
        "utf-8",
    )
    articles, problems, _ = read(path)
    assert len(articles) + len(problems) == 1
    assert all(article.text.startswith("Переговоры начались") for article in articles)


def test_a_piece_of_html_with_a_control_character_a_script_and_a_comment():
    markup = "<p>a <b>b</b> c</p>t<br>d<script>hidden</script>e<!-- hidden -->f&#1;<style>p {}</style>"
    assert read_fragment(markup).text.replace("\x01", "") == "a b c\n\nt\n\n\n\ndef"


def test_an_archive_record_without_its_address(tmp_path, read):
    path = tmp_path / "a.warc"
    whole = io.BytesIO()
    writer = WARCWriter(whole, gzip=False)
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    page = io.BytesIO(build_page(SAMPLES["ru"]).encode())
    writer.write_record(
        writer.create_warc_record("https://tass.ru/1", "response", payload=page, http_headers=headers)
    )
    path.write_bytes(whole.getvalue().replace(b"WARC-Target-URI: https://tass.ru/1\r\n", b""))
    _, problems, _ = read(path)
    assert [problem.where for problem in problems] == [f"{path}: record 1"]


@pytest.mark.parametrize("address", ["https://[::1", "https://a:99999999/", "https://"])
def test_an_archive_record_and_a_page_with_an_address_that_cannot_be_read(tmp_path, read, address):
    path = tmp_path / "a.warc"
    headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        page = io.BytesIO(build_page(SAMPLES["ru"]).encode())
        writer.write_record(
            writer.create_warc_record("https://tass.ru/1", "response", payload=page, http_headers=headers)
        )
    path.write_bytes(path.read_bytes().replace(b"https://tass.ru/1", address.encode()))
    (tmp_path / "b.html").write_text(build_page(SAMPLES["ru"]).replace(SAMPLES["ru"].url, address), "utf-8")
    articles, problems, _ = read(tmp_path)
    assert articles == []
    assert [problem.message for problem in problems] == [
        "has no http(s) address",
        "nothing says which outlet it is from",
    ]


def test_an_archived_page_in_chunks(tmp_path, read):
    body = build_page(SAMPLES["ru"]).encode()
    chunked = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    headers = StatusAndHeaders(
        "200 OK", [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")], protocol="HTTP/1.1"
    )
    path = tmp_path / "a.warc"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        writer.write_record(
            writer.create_warc_record(
                SAMPLES["ru"].url, "response", payload=io.BytesIO(chunked), http_headers=headers
            )
        )
    (article,), problems, _ = read(path)
    assert problems == []
    assert article.text == "\n\n".join(SAMPLES["ru"].paragraphs)


def test_a_newsletter_whose_body_is_binary(tmp_path, read):
    path = tmp_path / "a.mbox"
    head = (
        b"From x Fri Feb 27 10:00:00 2026\nFrom: desk@timesofisrael.com\nContent-Transfer-Encoding: base64\n\n"
    )
    path.write_bytes(head + b"AAECAwQFBgcICQ==\n\n" + head + b"VGFsa3MgYmVnYW4u\n")
    articles, problems, _ = read(path)
    assert [article.text for article in articles] == ["Talks began."]
    assert problems[0].message == "is a binary file, expected text"


@pytest.mark.parametrize(
    "date", ["Fri, 27 Feb 99999999999999999999 09:30:00", "Fri, 99 Feb 2026 99:99:99", "=?utf-8?q?=ff?=", "0"]
)
def test_a_newsletter_with_a_date_that_cannot_be(tmp_path, read, date):
    path = tmp_path / "a.mbox"
    path.write_bytes(
        b"From x Fri Feb 27 10:00:00 2026\nFrom: desk@timesofisrael.com\nSubject: Talks\nDate: "
        + date.encode()
        + b"\n\nTalks began on Friday.\n"
    )
    articles, problems, _ = read(path)
    assert len(articles) + len(problems) == 1
    assert all(article.published_at is None for article in articles)
