"""Take out of a page's tree what a reader does not see, or what is not the article's.

Hidden elements, what the outlet struck out, notes and powers in superscript, tables of figures, teasers of
other articles, and the furniture that a site names as such. What was struck out and tables are kept as notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from xsource.ingest.page_blocks import BLOCKS, HEADINGS
from xsource.records import ReadingNote

MAX_NOTE = 600
MAX_NOTES = 20
_HIDDEN_STYLE = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px)?\s*(?:;|$))", re.IGNORECASE
)
_STRUCK_STYLE = re.compile(r"text-decoration(?:-line)?\s*:[^;]{0,40}line-through", re.IGNORECASE)
_HIDDEN_CLASSES = frozenset({
    "sr-only", "sr_only", "visually-hidden", "visuallyhidden", "screen-reader-text", "screen-reader-only",
    "screenreader", "show-for-sr", "u-visually-hidden", "a11y-hidden", "element-invisible", "hidden-text",
    "u-hidden", "is-hidden", "hide", "hidden", "d-none", "print-only", "visible-print",
})  # fmt: skip
_REVEALED = re.compile(r"[:-](?:block|flex|grid|inline)")  # hidden on small screens only: `hidden md:block`
_NEVER_REMOVED = frozenset({"html", "body", "main"})
_FURNITURE_TAGS = frozenset({
    "nav", "aside", "footer", "form", "button", "select", "textarea", "dialog", "figcaption", "menu",
    "audio", "video", "amp-ad", "amp-embed", "amp-sidebar", "amp-consent", "amp-social-share",
})  # fmt: skip
# Words in the class or id of what is no part of an article, as sites of the four languages write them. One word
# of the name is enough; two stand side by side.
_FURNITURE_WORDS = frozenset({
    "related", "recommended", "recommendations", "recommend", "recirc", "recirculation", "promo", "promos",
    "teaser", "teasers", "newsletter", "newsletters", "subscribe", "subscription", "signup", "share",
    "sharing", "sharebar", "social", "socials", "comments", "comment", "disqus", "talkbacks", "talkback",
    "cookie", "cookies", "consent", "gdpr", "breadcrumb", "breadcrumbs", "taboola", "outbrain", "advert",
    "advertisement", "ads", "adv", "adfox", "banner", "sponsored", "popup", "modal", "tooltip", "toolbar",
    "caption", "byline", "trending", "sidebar", "navbar", "navigation", "pagination", "paywall", "regwall",
    "piano", "widget", "gallery", "carousel", "incut", "readmore", "readalso", "mostread", "popular",
    "tags", "taglist", "tag-list", "hashtags", "rating", "print", "footnote", "footnotes", "copyright",
    "disclaimer", "signature", "authorbox", "topics", "onward", "donate", "donation", "support", "skip",
    "masthead", "ticker", "slider", "also", "inset", "podcast", "player", "tweet", "tooltips", "credit",
    "credits", "meta", "timestamp", "dateline-date", "minread", "infobox",
})  # fmt: skip
_FURNITURE_PAIRS = frozenset({
    ("read", "more"), ("read", "also"), ("read", "next"), ("most", "read"), ("see", "also"), ("more", "on"),
    ("twitter", "tweet"), ("instagram", "media"), ("telegram", "post"), ("author", "bio"),
    ("author", "info"), ("author", "box"), ("author", "card"), ("news", "list"), ("article", "list"),
    ("related", "stories"), ("also", "read"), ("last", "news"), ("latest", "news"), ("top", "news"),
    ("photo", "credit"), ("image", "source"), ("image", "credit"), ("publish", "date"),
    ("published", "date"), ("pub", "date"), ("date", "time"), ("post", "date"), ("article", "date"),
})  # fmt: skip
_ABOUT_ANOTHER = frozenset({"has", "no", "with", "is", "js", "without", "not"})  # `has-sidebar`, `no-comments`
_NAME_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NEARLY_ALL = 0.85  # an element with more of the page's paragraphs is the article, whatever it is called
_FOOTNOTE = re.compile(r"\[?\(?(?:\d{1,3}|[*†‡§]+|[a-z])\)?\]?")
_SUPERSCRIPTS = str.maketrans("0123456789-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻")
_AREA_UNITS = re.compile(r"(?:^|[\s\d/])(?:[ckmдс]?m|[ксдм]?м|mi|ft|in|yd|ק\"מ|מ|كم|م|км|см|мм|km|cm|mm)$")
_FRACTIONS = {
    ("1", "2"): "½", ("1", "3"): "⅓", ("2", "3"): "⅔", ("1", "4"): "¼", ("3", "4"): "¾", ("1", "5"): "⅕",
    ("2", "5"): "⅖", ("3", "5"): "⅗", ("4", "5"): "⅘", ("1", "8"): "⅛", ("3", "8"): "⅜", ("5", "8"): "⅝",
    ("7", "8"): "⅞",
}  # fmt: skip


def clean_tree(root: Any) -> tuple[ReadingNote, ...]:
    """Remove from a page what is hidden, struck out, a teaser or furniture; give notes on what was there."""
    hidden_names, struck_names = _read_style_sheets(root)
    weights = _paragraph_weights(root)
    _drop_hidden(root, hidden_names, weights)
    notes = [*_drop_struck(root, struck_names)]
    write_superscripts(root)
    _drop_teasers(root, weights)
    notes += _drop_tables(root)
    _drop_furniture(root, weights)
    return tuple(notes[:MAX_NOTES])


def clean_fragment(root: Any) -> tuple[ReadingNote, ...]:
    """Do for a piece of HTML that is an article already what holds for it: hidden, struck and raised text."""
    hidden_names, struck_names = _read_style_sheets(root)
    _drop_hidden(root, hidden_names, {})
    notes = tuple(_drop_struck(root, struck_names))[:MAX_NOTES]
    write_superscripts(root)
    return notes


def _elements(root: Any) -> list[Any]:
    return [element for element in root.iter() if isinstance(element.tag, str)]


def _drop(element: Any) -> None:
    """Take an element out; the text behind it stays, a space in its place."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if tail or element.tag not in BLOCKS:
        if before is not None:
            before.tail = f"{before.tail or ''} {tail}"
        else:
            parent.text = f"{parent.text or ''} {tail}"
    parent.remove(element)


def _is_attached(element: Any, root: Any) -> bool:
    while element is not None:
        if element is root:
            return True
        element = element.getparent()
    return False


def _read_style_sheets(root: Any) -> tuple[set[str], set[str]]:
    """Give the classes and ids that a page's own style sheet hides, and those that it strikes out.

    Only rules for a bare class or id: what holds in a context (`.menu .item`, `@media print`) says nothing.
    """
    hidden, struck = set(), set()
    for style in root.iter("style"):
        sheet = re.sub(r"/\*.{0,2000}?\*/", "", (style.text or "")[:200_000], flags=re.DOTALL)
        for rule in _without_media(sheet).split("}"):
            selectors, _, body = rule.partition("{")
            names = {name.strip() for name in selectors.split(",") if re.fullmatch(r"[.#][\w-]+", name.strip())}
            if _HIDDEN_STYLE.search(body):
                hidden |= names
            if _STRUCK_STYLE.search(body):
                struck |= names
    return hidden, struck


def _without_media(sheet: str) -> str:
    """Cut `@` rules with their braces out of a style sheet."""
    kept, depth, in_rule = [], 0, False
    for piece in re.split(r"([{}@])", sheet):
        if piece == "@" and depth == 0:
            in_rule = True
        elif piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(0, depth - 1)
            if in_rule and depth == 0:
                in_rule = False
                continue
        if not in_rule:
            kept.append(piece)
    return "".join(kept)


def _names_of(element: Any) -> set[str]:
    names = {f".{name}" for name in (element.get("class") or "").split()[:40]}
    return names | {f"#{element.get('id')}"} if element.get("id") else names


def _drop_hidden(root: Any, hidden_names: set[str], weights: dict[Any, int]) -> None:
    total = weights.get(root, 0)
    for element in _elements(root):
        if element is root or element.tag in {"html", "body", "head"} or element.getparent() is None:
            continue
        classes = {name.lower() for name in (element.get("class") or "").split()[:40]}
        is_hidden = (
            element.tag in {"template", "noscript"}
            or (element.get("hidden") is not None and element.get("hidden") != "until-found")
            or _HIDDEN_STYLE.search(element.get("style") or "") is not None
            or bool(classes & _HIDDEN_CLASSES and not any(map(_REVEALED.search, classes)))
            or bool(hidden_names and _names_of(element) & hidden_names)
        )
        if is_hidden and not _is_shown_later(element, weights.get(element, 0), total):
            _drop(element)


def _is_shown_later(element: Any, weight: int, total: int) -> bool:
    """Whether a script shows an element once the page is there: nearly all text, or most and the headline."""
    if not total or element.tag in {"template", "noscript"}:
        return False
    return weight >= _NEARLY_ALL * total or (weight * 2 >= total and next(element.iter("h1"), None) is not None)


def _drop_struck(root: Any, struck_names: set[str]) -> Iterator[ReadingNote]:
    for element in _elements(root):
        if element is root or not _is_attached(element, root):
            continue
        is_struck = (
            element.tag in {"del", "s", "strike"}
            or _STRUCK_STYLE.search(element.get("style") or "") is not None
            or bool(struck_names and _names_of(element) & struck_names)
        )
        if is_struck and element.tag not in _NEVER_REMOVED:
            text = " ".join("".join(element.itertext()).split())
            _drop(element)
            if text:
                yield ReadingNote("withdrawn", text[:MAX_NOTE])


def write_superscripts(root: Any) -> None:
    """Write raised and lowered figures so that they do not run into the number before them.

    A power of ten becomes `10^6`, square metres `м²`, one half `½`; a footnote's number goes.
    """
    for element in list(root.iter("sup")):
        text = " ".join("".join(element.itertext()).split())
        before = _text_before(element)
        below = element.getnext()
        if below is not None and below.tag == "sub" and (element.tail or "").strip() in {"/", "⁄", "∕", ""}:
            _write_fraction(element, below, text, before)
            continue
        has_link = next(element.iter("a"), None) is not None
        if not has_link and re.fullmatch(r"[-−]?\d{1,3}", text) and re.search(r"(?:^|[^\d.,])10$", before):
            _replace(element, f"^{text.replace('−', '-')}")
        elif not has_link and text in {"2", "3"} and _AREA_UNITS.search(before):
            _replace(element, text.translate(_SUPERSCRIPTS))
        elif _FOOTNOTE.fullmatch(text) and text.lower() not in {"o", "a"}:
            _replace(element, "")
        # what is left is an ordinal's ending (1st), which reads on


def _write_fraction(above: Any, below: Any, numerator: str, before: str) -> None:
    denominator = " ".join("".join(below.itertext()).split())
    written = _FRACTIONS.get((numerator, denominator))
    if written is None:
        written = f"{' ' if before[-1:].isdigit() else ''}{numerator}/{denominator}"
    tail = below.tail
    above.tail = None
    below.getparent().remove(below)
    above.tail = tail
    _replace(above, written)


def _text_before(element: Any) -> str:
    previous = element.getprevious()
    if previous is not None:
        return (previous.tail or "".join(previous.itertext()))[-30:]
    return (element.getparent().text or "")[-30:]


def _replace(element: Any, text: str) -> None:
    parent, previous = element.getparent(), element.getprevious()
    text += element.tail or ""
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    parent.remove(element)


def _paragraph_weights(root: Any) -> dict[Any, int]:
    """Give for every element how much text of paragraphs lies in it: one pass from the leaves up."""
    weights: dict[Any, int] = {}
    for element in reversed(_elements(root)):
        own = len("".join(element.itertext())) if element.tag == "p" else 0
        weights[element] = own or sum(weights.get(child, 0) for child in element)
    return weights


def _drop_teasers(root: Any, weights: dict[Any, int]) -> None:
    """Take out `<article>`s that announce others: their headline is a link, and they are not the main one."""
    articles = [element for element in root.iter("article") if element.getparent() is not None]
    if not articles:
        return
    headed = [
        each for each in articles if next(each.iter("h1"), None) is not None and not _is_announcement(each)
    ]
    main = max(headed or articles, key=lambda each: weights.get(each, 0))
    around = set(main.iterancestors())
    for article in articles:
        if article is not main and article not in around and _is_announcement(article):
            _drop(article)


def _is_announcement(article: Any) -> bool:
    """Whether an article's headline, or all of it, links to another page."""
    parent = article.getparent()
    if parent is not None and parent.tag == "a" and _leads_away(parent):
        return True
    for heading in article.iter(*HEADINGS):
        inside = [link for link in heading.iter("a") if _leads_away(link)]
        above = [link for link in heading.iterancestors("a") if _leads_away(link)]
        return bool(inside or above)
    links = [link for link in article.iter("a") if _leads_away(link)]
    linked = sum(len("".join(link.itertext())) for link in links)
    return bool(links) and linked * 2 > len(" ".join("".join(article.itertext()).split()))


def _leads_away(link: Any) -> bool:
    address = (link.get("href") or "").strip()
    return bool(address) and not address.startswith(("#", "javascript:", "mailto:", "tel:"))


def _drop_tables(root: Any) -> Iterator[ReadingNote]:
    """Take out tables of figures and say so; a table that only lays the page out stays."""
    for table in list(root.iter("table")):
        if not _is_attached(table, root) or next(table.iterancestors("table"), None) is not None:
            continue
        rows = table_rows(table)
        if rows:
            shown = "; ".join(" | ".join(row) for row in rows)
            _drop(table)
            yield ReadingNote("left out", f"a table of {len(rows)} rows: {shown}"[:MAX_NOTE])


def table_rows(table: Any) -> list[list[str]]:
    """Give the rows of a table of figures; none where the table lays out a page.

    Cells of data are short, and there are at least two in a row and two rows.
    """
    if next((inner for inner in table.iter("table") if inner is not table), None) is not None:
        return []
    rows = [
        [" ".join("".join(cell.itertext()).split()) for cell in row if cell.tag in {"td", "th"}]
        for row in table.iter("tr")
    ]
    rows = [row for row in rows if any(row)]
    filled = [cell for row in rows for cell in row if cell]
    is_data = len(rows) > 1 and max(map(len, rows)) > 1 and max(map(len, filled)) <= 120
    return rows if is_data and sum(map(len, filled)) <= 50 * len(filled) else []


def _drop_furniture(root: Any, weights: dict[Any, int]) -> None:
    total = weights.get(root, 0)
    for element in _elements(root):
        if element is root or element.tag in _NEVER_REMOVED or element.getparent() is None:
            continue
        if total and weights.get(element, 0) > _NEARLY_ALL * total:
            continue
        is_furniture = element.tag in _FURNITURE_TAGS or _is_named_furniture(element)
        if is_furniture and not _holds_article(element):
            _drop(element)


def _holds_article(element: Any) -> bool:
    """Whether the headline, or what the page marks as its article, is in an element."""
    return any(
        each.tag in {"h1", "main"} or "articleBody" in (each.get("itemprop") or "")
        for each in element.iter("h1", "main", "div", "section")
    )


def _is_named_furniture(element: Any) -> bool:
    if element.get("role") in {
        "navigation",
        "complementary",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "menu",
    }:
        return True
    for name in [*(element.get("class") or "").split()[:40], element.get("id") or ""]:
        words = [word.lower() for word in _NAME_WORDS.findall(name[:120])]
        if _is_furniture_name(words):
            return True
    return False


def _is_furniture_name(words: Iterable[str]) -> bool:
    words = list(words)
    if _ABOUT_ANOTHER & set(words):
        return False
    return bool(_FURNITURE_WORDS & set(words)) or any(pair in _FURNITURE_PAIRS for pair in pairwise(words))
