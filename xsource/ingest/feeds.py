"""Feeds (RSS, Atom) as lists of what an outlet published; parsing only, nothing is fetched here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from html.entities import html5
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from xsource.addresses import is_web_address
from xsource.errors import InputError, Problem
from xsource.ingest.dates import FORMS, DateError, order_of_numbers, parse_published
from xsource.ingest.draft import Draft
from xsource.ingest.encodings import decode_bytes
from xsource.ingest.html_page import read_fragment
from xsource.ingest.outlet_files import Neighbourhood
from xsource.ingest.text_file import find_outlet, tell_outlet

MAX_FEED_BYTES = 32 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_ELEMENTS = 20 * MAX_ENTRIES
_PROLOG = re.compile(r"<\?xml[^>]{0,300}>|<!DOCTYPE[^>\[]{0,1000}(?:\[[^\]]{0,10000}\])?[^>]{0,100}>")
_PROLOG_LENGTH = 20_000
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_AMPERSAND = re.compile(r"&(?:([A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)?")
_PUBLISHED = ("published", "updated", "created")
MIN_FULL_TEXT = 400  # code points; below that an entry is a teaser and not the article


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed.

    Attributes:
        address: absolute.
        published: UTC; `None` when the feed does not say, or says what cannot be.
        updated: its last change, as the feed says.
        date_doubt: what is wrong with the date that the feed states; empty when nothing is.
        html: the entry's own text as HTML: the article in some feeds, a teaser in most.
    """

    address: str
    title: str
    published: datetime | None
    html: str
    updated: datetime | None = None
    date_doubt: str = ""


def parse_feed(content: bytes, address: str, now: datetime) -> tuple[FeedEntry, ...]:
    """Parse a feed; entries without an address are left out, a second entry with the same address as well.

    Args:
        address: where the feed was found; relative links are relative to it.

    Raises:
        InputError: it is no feed; the message has no place in it.
    """
    import feedparser

    if len(content) > MAX_FEED_BYTES:
        raise InputError(f"feed is larger than {MAX_FEED_BYTES} bytes")
    try:
        parsed = feedparser.parse(
            make_well_formed(content),
            response_headers={"content-location": address},
            resolve_relative_uris=False,
            sanitize_html=False,  # we take text, never markup; it halves the time
        )
    # Damaged dates and links make it raise these (seen by mutating feeds).
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError) as exc:
        raise InputError(f"is a damaged feed: {type(exc).__name__}: {exc}", "fetch it again") from exc
    if not parsed.entries and not parsed.get("version"):
        raise InputError("is no RSS or Atom feed", "check the address of the feed in the outlet list")
    entries: dict[str, FeedEntry] = {}
    listed = parsed.entries[:MAX_ENTRIES]
    # feedparser reads 05-04-2026 as 20 April 2005, and a zone that it does not know as UTC.
    day_first = order_of_numbers(str(entry[name]) for entry in listed for name in _PUBLISHED if name in entry)
    for entry in listed:
        link = str(
            entry.get("link") or (entry.get("id") if str(entry.get("id", "")).startswith("http") else "") or ""
        )
        try:
            absolute = urljoin(address, link.strip())
        except ValueError:
            continue
        if link and is_web_address(absolute) and absolute not in entries:
            published, doubt = _read_time(entry, now, _PUBLISHED, day_first)
            entries[absolute] = FeedEntry(
                absolute,
                str(entry.get("title", "")),
                published,
                _read_body(entry),
                _read_time(entry, now, ("updated",), day_first)[0],
                doubt,
            )
    return tuple(entries.values())


def make_well_formed(content: bytes) -> bytes:
    """Repair a feed's XML, so that feedparser never falls back on its loose parser.

    That one is quadratic in damaged markup: 117 KB of a mutated feed took 25 s. Entities of HTML become
        characters,
    a document type with entities of its own goes, and what does not close is closed.

    Raises:
        InputError: it is no text, or no XML at all.
    """
    from lxml import etree

    text = decode_bytes(content)
    text = _PROLOG.sub("", text[:_PROLOG_LENGTH], count=2) + text[_PROLOG_LENGTH:]
    text = _AMPERSAND.sub(_resolve_entity, _NOT_XML.sub("", text))
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise InputError("is no RSS or Atom feed", "check the address of the feed in the outlet list")
    elements = sum(1 for _ in root.iter())
    if elements > MAX_ELEMENTS:
        raise InputError(f"feed has {elements} elements, expected at most {MAX_ELEMENTS}")
    return bytes(etree.tostring(root, encoding="utf-8"))


def _resolve_entity(found: re.Match[str]) -> str:
    """Give the character that an entity stands for; XML's own five stay, what is no entity becomes text."""
    name = found[1] or ""
    if name in {"lt", "gt", "amp", "quot", "apos"}:
        return found.group()
    if name.startswith("#"):
        return escape(_NOT_XML.sub("", unescape(found.group())))
    return escape(html5[f"{name};"]) if f"{name};" in html5 else f"&amp;{found.group()[1:]}"


def read_feed_file(
    path: Path, content: bytes, around: Neighbourhood, now: datetime
) -> Iterator[Draft | Problem]:
    """Read the articles of a saved feed that carries whole texts; teasers are one problem for the file."""
    rule = around.rule_for(path)
    try:
        entries = parse_feed(content, (rule.url if rule else None) or "", now)
    except InputError as exc:
        yield Problem(str(path), exc.message, exc.hint)
        return
    teasers = undated = 0
    first_doubt = ""
    for entry in entries:
        found = read_fragment(entry.html)
        if len(found.text) < MIN_FULL_TEXT:
            teasers += 1
            continue
        where = f"{path} ({entry.address})"
        outlet = find_outlet(rule.outlet if rule else None, entry.address, around, path)
        if isinstance(outlet, Problem):
            yield Problem(where, outlet.message, outlet.hint)
            continue
        yield Draft(
            outlet.id,
            outlet,
            entry.address,
            entry.title,
            found.text,
            where,
            published=entry.published,
            notes=found.notes,
            date_source="the feed",
            date_doubt=entry.date_doubt,
            notices=tell_outlet(rule.outlet if rule else None, outlet, around),
        )
        if entry.date_doubt and entry.published is None:
            undated += 1
            first_doubt = first_doubt or entry.date_doubt
    if undated:
        yield Problem(
            str(path),
            f"{undated} entries are read without a date: the first {first_doubt}",
            f"read are {FORMS}",
        )
    if teasers:
        yield Problem(
            str(path), f"{teasers} of {len(entries)} entries have no full text", "fetch the pages they name"
        )


def _read_time(
    entry: Any,
    now: datetime,
    names: tuple[str, ...],
    day_first: bool | None,  # noqa: FBT001
) -> tuple[datetime | None, str]:
    """Read the first of an entry's dates that can be read, and say what is wrong with one before it."""
    doubt = ""
    for name in names:
        stated = str(entry[name]).strip() if name in entry else ""  # `get` answers with another date
        if not stated:
            continue
        try:
            return parse_published(stated, now, day_first=day_first), doubt
        except DateError as exc:
            doubt = doubt or f"{name} {exc}"
    return None, doubt


def _read_body(entry: Any) -> str:
    bodies = [str(content.get("value", "")) for content in entry.get("content", ())]
    return max([*bodies, str(entry.get("summary", ""))], key=len)
