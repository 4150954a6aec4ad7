"""What a page says of itself in its head: address, headline, site, language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from xsource.addresses import is_web_address

_MOST_META = 500


@dataclass(frozen=True, slots=True)
class PageMarks:
    """What a page says of itself.

    Attributes:
        url: its canonical address, or `None`.
        meta: names in lower case to contents; the first of a name counts.
        json_ld: the texts of its JSON-LD scripts.
    """

    url: str | None
    title: str
    site_name: str
    language: str | None
    meta: dict[str, str]
    json_ld: list[str]


def read_marks(tree: Any, address: str | None) -> PageMarks:
    """Read a page's head.

    Args:
        address: where the page was found; a relative canonical address is relative to it.
    """
    meta: dict[str, str] = {}
    for element in list(tree.iter("meta"))[:_MOST_META]:
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = (element.get("content") or "").strip()
        if name and content:
            meta.setdefault(name.strip().lower(), content)
    canonical = _first(tree, "//link[@rel='canonical']/@href") or meta.get("og:url")
    if canonical and not is_web_address(canonical):
        canonical = urljoin(address, canonical) if address and "//" not in canonical else None
    title = meta.get("og:title") or _first(tree, "string((//h1)[1])") or _first(tree, "string((//title)[1])")
    language = _first(tree, "/html/@lang") or meta.get("og:locale") or ""
    return PageMarks(
        url=canonical or None,
        title=" ".join((title or "").split()),
        site_name=meta.get("og:site_name") or meta.get("application-name") or "",
        language=language[:2].lower() or None,
        meta=meta,
        json_ld=[str(text) for text in tree.xpath("//script[@type='application/ld+json']/text()")],
    )


def _first(tree: Any, query: str) -> str | None:
    found = tree.xpath(query)
    text = found if isinstance(found, str) else (found[0] if found else "")
    return str(text).strip() or None
