"""WARC files and mbox newsletters: articles in, the rest named."""

import gzip
import io
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from xsource.ingest import archives, mail

from .pages import SAMPLES, build_page


def write_warc(path, pages, *, gzipped):
    """Write response records: (address, body, content type, status)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=gzipped)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "test"}))
        for address, body, content_type, status in pages:
            headers = StatusAndHeaders(status, [("Content-Type", content_type)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(address, "response", payload=io.BytesIO(body), http_headers=headers)
            )
    return path


def page(language, encoding="utf-8"):
    return build_page(SAMPLES[language], canonical=False).encode(encoding, "xmlcharrefreplace")


@pytest.mark.parametrize(("name", "gzipped"), [("crawl.warc", False), ("crawl.warc.gz", True)])
def test_pages_of_an_archive_become_articles(tmp_path, read, name, gzipped):
    records = [
        (SAMPLES["ru"].url, page("ru", "windows-1251"), "text/html; charset=windows-1251", "200 OK"),
        ("https://tass.ru/logo.png", b"\x89PNG\x00", "image/png", "200 OK"),
        ("https://tass.ru/gone", b"gone", "text/html", "404 Not Found"),
        (SAMPLES["he"].url, page("he"), "text/html", "200 OK"),
        ("https://nobody.example/1", page("en"), "text/html", "200 OK"),
    ]
    path = write_warc(tmp_path / name, records, gzipped=gzipped)
    articles, problems, _ = read(tmp_path)
    assert [(article.outlet_id, article.source) for article in articles] == [
        ("kommersant", SAMPLES["ru"].url),
        ("maariv", SAMPLES["he"].url),
    ]
    assert articles[0].text == "\n\n".join(SAMPLES["ru"].paragraphs)
    assert [problem.message for problem in problems] == [
        "the address https://nobody.example/1 belongs to no known outlet"
    ]
    assert problems[0].where.startswith(f"{path}: record 6")


def test_a_cut_archive_gives_what_is_whole_and_names_the_place(tmp_path, read):
    path = tmp_path / "crawl.warc.gz"
    records = [(SAMPLES[code].url, page(code), "text/html; charset=utf-8", "200 OK") for code in ("ru", "ar")]
    write_warc(path, records, gzipped=True)
    path.write_bytes(path.read_bytes()[:-400])
    articles, problems, _ = read(path)
    assert [article.outlet_id for article in articles] == ["kommersant"]
    assert len(problems) == 1
    assert problems[0].where.startswith(f"{path}: record 3")


def test_a_file_that_is_no_archive_is_named(tmp_path, read):
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"This is not a WARC file at all\n" * 20)
    articles, problems, _ = read(path)
    assert articles == []
    assert problems[0].message == "is no WARC file"


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x8b\x08\x00 damaged", gzip.compress(b"hello", mtime=0), b"\x1f\x8b"]
)
def test_what_only_ends_in_warc_is_named(tmp_path, read, content):
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(content)
    articles, problems, _ = read(path)
    assert (articles, [problem.message for problem in problems]) == ([], ["is no WARC file"])


def test_an_empty_page_and_one_without_a_charset(tmp_path, read):
    records = [
        ("https://tass.ru/empty", b"  ", "text/html", "200 OK"),
        (SAMPLES["ru"].url, page("ru", "koi8-r"), 'text/html; boundary=x; charset=""', "200 OK"),
    ]
    articles, problems, _ = read(write_warc(tmp_path / "a.warc", records, gzipped=False))
    assert [problem.message for problem in problems] == ["page is empty, expected an article"]
    assert articles[0].text == "\n\n".join(SAMPLES["ru"].paragraphs)


def test_a_page_that_unpacks_to_more_than_a_page_is_refused(tmp_path, read, monkeypatch):
    monkeypatch.setattr(archives, "MAX_PAGE_BYTES", 100_000)
    bomb = gzip.compress(b"<p>" + b"a" * 5_000_000, mtime=0)
    path = tmp_path / "crawl.warc"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        headers = StatusAndHeaders(
            "200 OK", [("Content-Type", "text/html"), ("Content-Encoding", "gzip")], protocol="HTTP/1.1"
        )
        record = writer.create_warc_record(
            "https://tass.ru/1", "response", payload=io.BytesIO(bomb), http_headers=headers
        )
        writer.write_record(record)
    _, problems, _ = read(path)
    assert [problem.message for problem in problems] == [
        "page is larger than 100000 bytes, expected one article"
    ]


def write_mbox(path, *messages):
    blocks = [b"From sender Fri Feb 27 10:00:00 2026\n" + bytes(message) + b"\n\n" for message in messages]
    path.write_bytes(b"".join(blocks))
    return path


def newsletter(sender, subject, text, *, html=None, date="Fri, 27 Feb 2026 09:30:00 +0300"):
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = sender, subject, date
    message["Message-ID"] = f"<{abs(hash(subject))}@x>"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html", charset="windows-1251")
    return message


def test_newsletters_become_articles(tmp_path, read):
    russian = "<p>Переговоры начались в пятницу.</p><p>Они продлятся до воскресенья.</p><p>Поделиться</p>"
    path = write_mbox(
        tmp_path / "letters.mbox",
        newsletter("Ъ <news@kommersant.ru>", "Вечерний выпуск", "текст", html=russian),
        newsletter(
            "desk@timesofisrael.com", "Daily", "Talks began on Friday.\n\nFrom now on they will be daily.\n"
        ),
        newsletter("someone@nobody.example", "Hello", "Hello."),
        newsletter("desk@timesofisrael.com", "Undated", "Talks began.", date="some day"),
    )
    articles, problems, _ = read(path)
    assert [(article.outlet_id, article.title) for article in articles] == [
        ("kommersant", "Вечерний выпуск"),
        ("times-of-israel", "Daily"),
        ("times-of-israel", "Undated"),
    ]
    assert articles[0].text == "Переговоры начались в пятницу.\n\nОни продлятся до воскресенья."
    assert articles[1].text == "Talks began on Friday.\n\nFrom now on they will be daily."
    assert articles[0].published_at == datetime(2026, 2, 27, 6, 30, tzinfo=UTC)
    assert articles[0].source.startswith("mid:")
    assert [problem.where for problem in problems] == [f"{path}: message 3"]
    assert articles[2].published_at is None


def test_a_message_larger_than_any_newsletter_is_refused_without_holding_it(tmp_path, read, monkeypatch):
    monkeypatch.setattr(mail, "MAX_MESSAGE_BYTES", 5000)
    path = write_mbox(
        tmp_path / "letters.mbox",
        newsletter("desk@timesofisrael.com", "Big", "x" * 200_000),
        newsletter("desk@timesofisrael.com", "Small", "Talks began on Friday."),
    )
    articles, problems, _ = read(path)
    assert [article.title for article in articles] == ["Small"]
    assert problems[0].message == "larger than 5000 bytes, expected a newsletter"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"From \n\n",
        b"From x Fri Feb 27 10:00:00 2026\nSubject: =?utf-8?q?=ff\n\n\n",
        b"From x Fri Feb 27 10:00:00 2026\n" + b"A" * 100_000,
    ],
)
def test_broken_mail_is_named_and_no_crash(tmp_path, read, content):
    path = tmp_path / "letters.mbox"
    path.write_bytes(content)
    articles, _, _ = read(path)
    assert articles == []
