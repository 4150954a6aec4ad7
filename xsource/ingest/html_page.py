"""Articles from web pages: trafilatura finds the text, htmldate the day, the page's own marks the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from xsource.addresses import is_web_address
from xsource.errors import InputError, Problem
from xsource.ingest.dates import DateError, parse_published
from xsource.ingest.draft import Draft
from xsource.ingest.encodings import decode_bytes
from xsource.ingest.outlet_files import Neighbourhood, make_absolute
from xsource.ingest.text_file import find_outlet

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_EARLIEST_PAGE = datetime(1995, 1, 1, tzinfo=UTC)  # htmldate's own floor: before the first news sites
_MAX_JSON_LD = 1_000_000
# Extraction is quadratic in elements: 140,000 small paragraphs took 149 s and 794 MB (trafilatura 2.3.1, a busy
# machine), 37,000 took 17 s. News pages have 1,000 to 10,000, long live reports 30,000.
MAX_ELEMENTS = 40_000
_HIDDEN_TAGS = frozenset({"script", "style", "head", "template", "noscript"})
_BLOCK_TAGS = frozenset(
    {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article"}
)


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What a page says of itself.

    Attributes:
        url: its canonical address, or `None`.
        published: the exact time in its metadata; `None` when only the text may tell.
    """

    url: str | None
    title: str
    site_name: str
    published: datetime | None
    language: str | None


@dataclass(frozen=True, slots=True)
class PageOrigin:
    """What is known of a page before it is read.

    Attributes:
        where: for messages.
        path: the file or archive it lies in.
        address: where it was found; its own canonical address is preferred within the same site.
        charset: what the server said.
        outlet: whose it is, where a list, a feed or `outlets.toml` says.
        published: when it appeared, where a person says so; wins over the page.
        listed: when it appeared according to the feed that named it; the page's own exact time wins.
    """

    where: str
    path: Path
    address: str | None = None
    charset: str | None = None
    outlet: str | None = None
    published: str | None = None
    listed: datetime | None = None
    title: str | None = None
    language: str | None = None


def read_html_file(path: Path, content: bytes, around: Neighbourhood, now: datetime) -> Draft | Problem:
    """Read one article from the bytes of a saved page, or say what is wrong."""
    origin = PageOrigin(str(path), path)
    if rule := around.rule_for(path):
        origin = PageOrigin(
            str(path),
            path,
            address=rule.url,
            outlet=rule.outlet,
            published=rule.published_at,
            title=rule.title,
            language=rule.language,
        )
    return extract_page(content, origin, around, now)


def extract_page(content: bytes, origin: PageOrigin, around: Neighbourhood, now: datetime) -> Draft | Problem:
    """Extract the article of a page that came as bytes."""
    try:
        page = _XML_DECLARATION.sub("", decode_bytes(content, origin.charset))
    except InputError as exc:
        return Problem(origin.where, exc.message, exc.hint)
    tree = _parse(page)
    if tree is None:
        return Problem(origin.where, "has no HTML that can be read", "save the page again, as HTML")
    elements = sum(1 for _ in tree.iter())
    if elements > MAX_ELEMENTS:
        return Problem(origin.where, f"has {elements} elements, expected one article of at most {MAX_ELEMENTS}")
    marks = read_marks(tree, origin.address, now)
    url = _choose_address(origin.address, marks.url)
    outlet = find_outlet(origin.outlet, url, around, origin.path)
    if isinstance(outlet, Problem):
        return Problem(origin.where, outlet.message, outlet.hint)
    text = _extract_text(page, url)
    if not text:
        return Problem(
            origin.where, "has no article text", "a front page, a video page or an empty one; leave it out"
        )
    return Draft(
        outlet_id=outlet.id,
        outlet=outlet,
        source=url or make_absolute(origin.path).as_posix(),
        title=origin.title or marks.title,
        text=text,
        where=origin.where,
        published=origin.published or marks.published or origin.listed or _find_day(tree, url, now),
        language=origin.language or marks.language,
        site_names=(marks.site_name,),
        synthetic=(_meta(tree, "synthetic") or "").lower() == "true",
    )


def extract_fragment(markup: str) -> str:
    """Give the text of a piece of HTML that is an article already, as feeds and newsletters carry it."""
    from lxml import etree

    tree = _parse(f"<html><body>{markup}</body></html>")
    if tree is None:
        return ""
    pieces: list[str] = []
    hidden = 0  # depth inside scripts and styles
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if event in {"comment", "pi"}:
            pieces.append("" if hidden else element.tail or "")
            continue
        hidden += (event == "start") - (event == "end") if tag in _HIDDEN_TAGS else 0
        pieces.append("\n\n" if tag in _BLOCK_TAGS else "")
        text = element.text if event == "start" else element.tail
        pieces.append("" if hidden else text or "")
    return "".join(pieces).strip()


def read_marks(tree: Any, address: str | None, now: datetime) -> PageMarks:
    """Read canonical address, headline, site name and exact time from a page's head.

    A date that cannot be is passed over, for another mark, or the text, may have the right one.
    """
    canonical = _first(tree, "//link[@rel='canonical']/@href") or _meta(tree, "og:url")
    if canonical and not is_web_address(canonical):
        canonical = urljoin(address, canonical) if address and "//" not in canonical else None
    title = _meta(tree, "og:title") or _first(tree, "string((//h1)[1])") or _first(tree, "string((//title)[1])")
    language = _first(tree, "/html/@lang") or _meta(tree, "og:locale") or ""
    return PageMarks(
        url=canonical or None,
        title=" ".join((title or "").split()),
        site_name=_meta(tree, "og:site_name") or _meta(tree, "application-name") or "",
        published=next(_read_times(tree, now), None),
        language=language[:2].lower() or None,
    )


def _read_times(tree: Any, now: datetime) -> Iterator[datetime]:
    """Give the exact publication times that a page states and that can be, the most explicit first."""
    stated = [
        _meta(tree, "article:published_time"),
        *_json_ld_dates(tree),
        _first(tree, "//*[@itemprop='datePublished']/@content"),
        _first(tree, "//*[@itemprop='datePublished']/@datetime"),
    ]
    for text in stated:
        if not text or len(text.strip()) <= len("2023-10-27"):  # a bare day: htmldate reads those as well
            continue
        try:
            yield parse_published(text, now)
        except DateError:
            continue


def _json_ld_dates(tree: Any) -> list[str]:
    found = []
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            stated = json.loads(script[:_MAX_JSON_LD])
        except (ValueError, RecursionError):
            continue
        blocks = stated if isinstance(stated, list) else [stated]
        blocks = [
            inner
            for block in blocks
            if isinstance(block, dict)
            for inner in (block, *(block["@graph"] if isinstance(block.get("@graph"), list) else ()))
        ]
        found += [
            block["datePublished"] for block in blocks if isinstance(block, dict) and "datePublished" in block
        ]
    return [text for text in found if isinstance(text, str)]


def _find_day(tree: Any, url: str | None, now: datetime) -> str | None:
    """Ask htmldate for the day, bounded by today; it gets copies of the tree, since it prunes.

    Its last resort is a bare year, such as the "© 2026" of a footer, which it gives as that year's first of
    January: no date is better than that one.
    """
    from copy import deepcopy

    from htmldate import find_date

    for is_extensive in (False, True):
        day = find_date(
            deepcopy(tree),
            extensive_search=is_extensive,
            original_date=True,
            url=url,
            min_date=_EARLIEST_PAGE,
            max_date=now,
        )
        if day and not (is_extensive and str(day).endswith("-01-01")):
            return str(day)
    return None


def _extract_text(page: str, url: str | None) -> str:
    """Extract the body with trafilatura; every line of its result is a paragraph."""
    from trafilatura import extract

    text = extract(page, url=url, include_comments=False, include_tables=False, favor_recall=True)
    return "\n\n".join((text or "").split("\n"))


def _choose_address(address: str | None, canonical: str | None) -> str | None:
    """Prefer the canonical address, unless it points to another site or to the front page."""
    if not canonical or not address or not is_web_address(address):
        return canonical or address
    same_site = urlsplit(address).hostname == urlsplit(canonical).hostname
    return canonical if same_site and urlsplit(canonical).path.strip("/") else address


def _parse(page: str) -> Any:
    from lxml import etree, html

    try:
        return html.document_fromstring(page, parser=html.HTMLParser(huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _meta(tree: Any, name: str) -> str | None:
    return _first(tree, f"//meta[@property='{name}' or @name='{name}']/@content")


def _first(tree: Any, query: str) -> str | None:
    found = tree.xpath(query)
    text = found if isinstance(found, str) else (found[0] if found else "")
    return str(text).strip() or None
