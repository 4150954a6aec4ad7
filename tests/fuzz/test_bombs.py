"""Inputs that are small and mean to become large, names that look like others, and lines of ten megabytes."""

import gzip
import io
import json
import resource
import time
import zipfile

import pytest

from xsource.errors import InputError, Problem
from xsource.ingest import read_articles
from xsource.ingest.feeds import parse_feed
from xsource.ingest.link_lists import parse_opml, parse_sitemap
from xsource.outlets import load_outlets
from xsource.translate.installing import install_file
from xsource.translate.memory import load_memories

from .targets import ADDRESS, NOW

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
MEGABYTE = 1 << 20
GROWTH = 400 * MEGABYTE


@pytest.fixture(autouse=True)
def bounded():
    """Ten seconds of CPU, and a peak of memory not 400 MB above that before."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, time.process_time()
    yield
    assert time.process_time() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before < GROWTH


def read(path):
    return list(read_articles([path], outlets=load_outlets(), now=NOW))


def test_entities_that_multiply_in_a_sitemap_or_a_subscription_list():
    for parse in (parse_opml, lambda content: parse_sitemap(content, NOW)):
        with pytest.raises(InputError, match="declares entities"):
            parse(f"{BOMB}<urlset>&l9;</urlset>".encode())


def test_entities_that_multiply_or_read_files_in_a_feed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    for declared, used in ((BOMB, "&l9;"), (f'<!DOCTYPE x [<!ENTITY f SYSTEM "{secret.as_uri()}">]>', "&f;")):
        content = (
            f"{declared}<rss version='2.0'><channel><item><title>{used}</title><link>{ADDRESS}</link></item>"
        )
        for entry in parse_feed(content.encode(), ADDRESS, NOW):
            assert len(entry.title) < 100
            assert "secret" not in entry.title


def test_entities_that_multiply_or_read_files_in_a_translation_memory(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    for declared, used in ((BOMB, "&l9;"), (f'<!DOCTYPE x [<!ENTITY f SYSTEM "{secret.as_uri()}">]>', "&f;")):
        path = tmp_path / "a.tmx"
        seen = f'<tuv xml:lang="en"><seg>yes{used}</seg></tuv>'
        units = f'<tu><tuv xml:lang="ru"><seg>да{used}</seg></tuv>{seen}</tu>'
        path.write_text(
            f'{declared}<tmx version="1.4"><header srclang="ru"/><body>{units}</body></tmx>', "utf-8"
        )
        memory, problems = load_memories([path])
        found = memory.find("да", "ru", "en")
        assert problems or found is None or found.text == "yes"


def test_a_gzip_that_unpacks_to_more_than_a_list_may_have():
    with pytest.raises(InputError, match="larger than 52428800 bytes"):
        parse_sitemap(gzip.compress(b"<urlset>" + b" " * 60 * MEGABYTE), NOW)


def test_an_archive_whose_page_unpacks_to_more_than_a_page(tmp_path):
    body = gzip.compress(b" " * 60 * MEGABYTE)
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n" + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {ADDRESS}\r\nWARC-Date: 2026-02-27T00:00:00Z\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    (tmp_path / "a.warc").write_bytes(head.encode() + http + b"\r\n\r\n")
    (problem,) = read(tmp_path / "a.warc")
    assert problem.message == "page is larger than 8388608 bytes, expected one article"


def test_a_package_that_says_it_unpacks_to_eight_gigabytes(tmp_path, monkeypatch):
    from argostranslate import settings

    monkeypatch.setattr(settings, "package_data_dir", tmp_path / "argos" / "packages")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("p/model/model.bin", b"0" * MEGABYTE)
        archive.writestr("p/sentencepiece.model", b"0" * MEGABYTE)
    claimed = content.getvalue().replace(MEGABYTE.to_bytes(4, "little"), (0xFFFFFFF0).to_bytes(4, "little"))
    path = tmp_path / "a.argosmodel"
    path.write_bytes(claimed)
    with pytest.raises(InputError, match="unpacks to more than 4 GB; refused"):
        install_file(path)
    assert list((tmp_path / "argos").rglob("*.bin")) == []


@pytest.mark.parametrize("suffix", ["jsonl", "txt", "html", "csv", "mbox", "rss"])
def test_a_line_of_ten_megabytes(tmp_path, suffix):
    words = "Переговоры " * 500_000
    path = tmp_path / f"a.{suffix}"
    lead = {"csv": "outlet,url,title,text\ntass,https://tass.ru/1,t,", "txt": "Outlet: tass\n\n", "html": "<p>"}
    if suffix == "jsonl":
        words = json.dumps({"outlet": "tass", "url": ADDRESS, "title": "t", "text": words}, ensure_ascii=False)
    path.write_text(lead.get(suffix, "") + words, "utf-8")
    (found,) = read(path) or [Problem("", "nothing")]
    assert isinstance(found, Problem)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("tаss", "https://tаss.ru/1"),  # Cyrillic а
        ("кommersant", "https://www.кommersant.ru/1"),  # Cyrillic к
        ("reuterѕ", "https://www.reuterѕ.com/1"),  # Cyrillic ѕ
    ],
)
def test_a_name_that_looks_like_an_outlet_s_is_another(name, address):
    outlets = load_outlets()
    assert outlets.by_name(name) is None
    assert outlets.by_address(address) is None
    with pytest.raises(InputError, match="unknown outlet"):
        outlets.find(name)
