"""What a page says of itself as JSON-LD: which of the things described there is the article on the page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from xsource.addresses import address_key, is_web_address

MAX_SCRIPT = 1_000_000
MAX_THINGS = 2_000
_ARTICLES = frozenset({
    "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle",
    "reviewnewsarticle", "backgroundnewsarticle", "askpublicnewsarticle", "liveblogposting",
    "blogposting", "socialmediaposting",
    "report", "advertisercontentarticle", "satiricalarticle", "scholarlyarticle", "techarticle",
})  # fmt: skip
# What an article of a page may stand in. Everything else that holds things (`hasPart`, `itemListElement`,
# `mentions`, `isRelatedTo`) holds other articles.
_INTO = ("@graph", "mainEntity", "mainEntityOfPage")
_WORD = re.compile(r"\w+")


def find_own_article(scripts: list[str], addresses: list[str], titles: list[str]) -> dict[str, Any] | None:
    """Give the description of the page's own article; `None` where there is none.

    One that names another address is another article's; so is one without an address whose headline is another.

    Args:
        scripts: texts of the page's JSON-LD.
        addresses: under which the page is known.
        titles: what the page calls itself.
    """
    keys = {address_key(address) for address in addresses if is_web_address(address)}
    best: tuple[int, dict[str, Any]] | None = None
    for thing in _things(scripts):
        kinds = thing.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        is_page = "WebPage" in kinds
        is_untyped = kinds == [None] and "datePublished" in thing
        if (
            not is_page
            and not is_untyped
            and not any(str(kind).rpartition("/")[2].lower() in _ARTICLES for kind in kinds)
        ):
            continue
        trust = _trust(thing, keys, titles)
        if is_page:
            trust = min(trust - 2, 1) if trust >= 3 else 0
        if trust and (best is None or trust > best[0]):
            best = trust, thing
    return best[1] if best else None


def _trust(thing: dict[str, Any], keys: set[str], titles: list[str]) -> int:
    """Say how surely a thing is the page's article: 0 for not at all."""
    stated = {address_key(address) for address in _addresses_of(thing)}
    headline = _text_of(thing, "headline") or _text_of(thing, "name")
    same_headline = any(_is_same(headline, title) for title in titles) if headline else None
    if stated & keys:
        return 4
    if stated and keys:
        return 2 if same_headline else 0
    if same_headline is not None:
        return 3 if same_headline else 0
    return 1


def _addresses_of(thing: dict[str, Any]) -> Iterator[str]:
    page = thing.get("mainEntityOfPage")
    for value in (thing.get("url"), page.get("@id") if isinstance(page, dict) else page, thing.get("@id")):
        if isinstance(value, str) and is_web_address(value.strip()):
            yield value.strip().partition("#")[0]


def _text_of(thing: dict[str, Any], key: str) -> str:
    value = thing.get(key)
    return value if isinstance(value, str) else ""


def _is_same(headline: str, title: str) -> bool:
    """Whether two headlines are one: most words of the shorter are in the longer."""
    words, others = (set(_WORD.findall(text.casefold())) for text in (headline, title))
    return bool(words) and bool(others) and len(words & others) >= 0.7 * min(len(words), len(others))


def _things(scripts: list[str]) -> Iterator[dict[str, Any]]:
    count = 0
    for script in scripts:
        pending: list[Any] = [_load(script[:MAX_SCRIPT])]
        while pending and count < MAX_THINGS:
            count += 1
            found = pending.pop(0)
            if isinstance(found, list):
                pending[:0] = found[:MAX_THINGS]
            elif isinstance(found, dict):
                yield found
                pending[:0] = [found[key] for key in _INTO if isinstance(found.get(key), (dict, list))]


def _load(script: str) -> Any:
    """Load JSON as sites write it: in a comment or CDATA, with raw line breaks, a comma too many."""
    text = script.strip().rstrip(";").strip()
    for opening in ("//", "/*", "<!--", "<![CDATA[", "*/"):
        text = text.removeprefix(opening).lstrip()
    for closing in ("*/", "//", "-->", "]]>", "/*", "//"):
        text = text.removesuffix(closing).rstrip()
    for attempt in (text, re.sub(r",(\s{0,200}[}\]])", r"\1", text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None
