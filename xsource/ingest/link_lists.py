"""Lists of addresses: OPML subscription lists and sitemaps, parsed without entities."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree.ElementTree import ParseError

from xsource.addresses import is_web_address
from xsource.errors import InputError
from xsource.ingest.dates import DateError, parse_published

MAX_LIST_BYTES = 52_428_800  # what sitemaps.org allows, uncompressed
MAX_ADDRESSES = 50_000  # likewise
_SITEMAP_ROOT = re.compile(rb"<(?:[a-z]{1,10}:)?(?:urlset|sitemapindex)[\s>]")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed in a subscription list."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """A page in a sitemap. `published` is the news extension's date, else the last change, else `None`."""

    address: str
    title: str
    published: datetime | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: pages, or further sitemaps."""

    pages: tuple[SitemapPage, ...]
    sitemaps: tuple[str, ...]


def parse_opml(content: bytes) -> tuple[FeedLink, ...]:
    """Read the feeds of a subscription list, in its order, each address once.

    Raises:
        InputError: it is not XML, declares entities, or is larger than allowed.
    """
    links: dict[str, FeedLink] = {}
    for element in _parse(content).iter():
        attributes = {name.lower(): value for name, value in element.attrib.items()}
        address = attributes.get("xmlurl", "").strip()
        if _local_name(element) == "outline" and is_web_address(address):
            title = attributes.get("title") or attributes.get("text") or ""
            links.setdefault(address, FeedLink(" ".join(title.split()), address))
    return tuple(links.values())


def is_sitemap(content: bytes) -> bool:
    """Whether a document looks like a sitemap, plain or gzipped, and not like a feed."""
    return content.startswith(b"\x1f\x8b") or _SITEMAP_ROOT.search(content[:4096]) is not None


def parse_sitemap(content: bytes, now: datetime) -> Sitemap:
    """Read a sitemap or a sitemap index, gzipped or not; dates that cannot be are left out.

    Raises:
        InputError: it is not XML, declares entities, or is larger than allowed, also once unpacked.
    """
    pages, sitemaps = [], []
    for element in _parse(content):
        fields = dict(_read_fields(element))
        address = fields.get("loc", "")
        if not is_web_address(address):
            continue
        if _local_name(element) == "sitemap":
            sitemaps.append(address)
        elif _local_name(element) == "url":
            stated = fields.get("publication_date") or fields.get("lastmod")
            language = fields.get("language")
            pages.append(SitemapPage(address, fields.get("title", ""), _read_date(stated, now), language))
        if len(pages) + len(sitemaps) >= MAX_ADDRESSES:
            break
    return Sitemap(tuple(pages), tuple(sitemaps))


def _read_fields(element: Any) -> Iterator[tuple[str, str]]:
    for child in element.iter():
        if child.text and child.text.strip():
            yield _local_name(child), " ".join(child.text.split())


def _read_date(stated: str | None, now: datetime) -> datetime | None:
    try:
        return parse_published(stated, now) if stated else None
    except DateError:
        return None


def _local_name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _parse(content: bytes) -> Any:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if content.startswith(b"\x1f\x8b"):
        content = _unpack(content)
    if len(content) > MAX_LIST_BYTES:
        raise InputError(f"is larger than {MAX_LIST_BYTES} bytes, expected a list of addresses")
    try:
        return fromstring(content, forbid_dtd=True)
    except DefusedXmlException as exc:
        raise InputError("declares entities, which a list of addresses has no use for", "leave it out") from exc
    except (ParseError, ValueError, LookupError) as exc:
        raise InputError(f"is not XML: {exc}", "check that it is an OPML list or a sitemap") from exc


def _unpack(content: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as file:
            return file.read(MAX_LIST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as exc:
        raise InputError(f"is damaged gzip: {exc}") from exc
