"""Articles from web pages: what is not the article's is cleaned away, then its words and its date are found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from xsource.addresses import is_web_address
from xsource.errors import InputError, Problem
from xsource.ingest.draft import Draft
from xsource.ingest.encodings import decode_bytes
from xsource.ingest.json_ld import find_own_article
from xsource.ingest.outlet_files import Neighbourhood, make_absolute
from xsource.ingest.page_blocks import BLOCKS, SKIPPED
from xsource.ingest.page_dates import PageDate, find_page_date
from xsource.ingest.page_marks import PageMarks, read_marks
from xsource.ingest.page_text import PageText, read_page_text
from xsource.ingest.page_tree import clean_fragment, clean_tree, table_rows
from xsource.ingest.text_file import find_outlet, tell_outlet
from xsource.records import ReadingNote

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
# News pages have 1,000 to 10,000 elements, long live reports 30,000.
MAX_ELEMENTS = 40_000


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
    marks = read_marks(tree, origin.address)
    url = _choose_address(origin.address, marks.url)
    outlet = find_outlet(origin.outlet, url, around, origin.path)
    if isinstance(outlet, Problem):
        return Problem(origin.where, outlet.message, outlet.hint)
    notes = clean_tree(tree)
    found = read_page_text(tree, url, marks.title, elements)
    if not found.text:
        return Problem(
            origin.where, "has no article text", "a front page, a video page or an empty one; leave it out"
        )
    dated = None if origin.published else _find_date(tree, marks, found, url, origin.listed, now)
    return Draft(
        outlet_id=outlet.id,
        outlet=outlet,
        source=url or make_absolute(origin.path).as_posix(),
        title=origin.title or marks.title,
        text=found.text,
        where=origin.where,
        published=origin.published or (dated.moment if dated else None),
        language=origin.language or marks.language,
        site_names=(marks.site_name,),
        synthetic=marks.meta.get("synthetic", "").lower() == "true",
        date_source=dated.source if dated else "outlets.toml",
        date_doubt=dated.doubt if dated else "",
        notes=notes,
        notices=tell_outlet(origin.outlet, outlet, around),
    )


def _find_date(
    tree: Any, marks: PageMarks, found: PageText, url: str | None, listed: datetime | None, now: datetime
) -> PageDate | None:
    addresses = [address for address in (url, marks.url, marks.meta.get("og:url")) if address]
    headings = [" ".join("".join(heading.itertext()).split()) for heading in list(tree.iter("h1"))[:5]]
    own = find_own_article(marks.json_ld, addresses, [marks.title, *headings])
    return find_page_date(
        tree,
        container=found.container,
        json_ld=own,
        meta=marks.meta,
        lines=found.lines,
        url=url,
        listed=listed,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Fragment:
    """The text of a piece of HTML, and notes on what is not in it."""

    text: str
    notes: tuple[ReadingNote, ...] = ()


def read_fragment(markup: str) -> Fragment:
    """Read a piece of HTML that is an article already, as feeds and newsletters carry it.

    A row of a table of figures is a line with its cells apart; cells that lay the piece out are blocks.
    """
    from lxml import etree

    tree = _parse(f"<html><body>{markup}</body></html>")
    if tree is None:
        return Fragment("")
    notes = clean_fragment(tree)
    for table in [table for table in tree.iter("table") if table_rows(table)]:
        for row in table.iter("tr"):
            cells = [cell for cell in row if cell.tag in {"td", "th"}]
            for cell in cells:
                cell.tag = "span"
            for cell in cells[:-1]:
                cell.tail = f" | {cell.tail or ''}"
    pieces: list[str] = []
    hidden = 0  # depth inside scripts and styles
    for event, element in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        tag = element.tag
        if event in {"comment", "pi"}:
            pieces.append("" if hidden else element.tail or "")
            continue
        hidden += (event == "start") - (event == "end") if tag in SKIPPED else 0
        pieces.append("\n\n" if tag in BLOCKS else "")
        text = element.text if event == "start" else element.tail
        pieces.append("" if hidden else text or "")
    return Fragment("".join(pieces).strip(), notes)


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
