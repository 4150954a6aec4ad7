"""When the article of a page was published: what the page says in several places, in a fixed order of trust.

1. the page's own article in JSON-LD, 2. the head's metadata, 3. `datePublished` in the markup, 4. a `<time>`
beside the headline, 5. a date printed beside the headline, 6. the feed that listed the page, 7. the day in its
address, 8. a guess of htmldate. Dates of modification, of related articles and of the site are never taken. A
guess, and a date that another source contradicts by more than a day, carry a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from xsource.ingest.dates import DateError, is_day_alone, parse_published

GUESSED = "a guess from the page (htmldate)"
_EARLIEST_PAGE = datetime(1995, 1, 1, tzinfo=UTC)  # htmldate's own floor: before the first news sites
_A_DAY = timedelta(days=1, hours=3)
_MAX_LINES = 30
_MAX_LINE = 120
_PROSE = 80
_MAX_FOR_HTMLDATE = 10_000  # elements; it looks at each of them with many expressions
# Names in the head under which sites state when an article appeared, the most explicit first.
_META_NAMES = (
    "article:published_time", "og:published_time", "og:article:published_time", "article.published",
    "article_date_original", "datepublished", "published_time", "published-date", "publish-date",
    "publish_date", "publishdate", "publicationdate", "publication_date", "pubdate", "pub_date",
    "parsely-pub-date", "sailthru.date",
    "cxenseparse:recs:publishtime", "mediator_published_time", "article.created",
    "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date", "dc.date",
    "originalpublicationdate", "ptime", "date",
)  # fmt: skip
_CHANGED = re.compile(r"updat|modif|edit|обновл|изменен|исправлен|עודכן|עדכון|تحديث|تعديل|محدث", re.IGNORECASE)
_IN_ADDRESS = re.compile(r"[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_PRINTED = (
    re.compile(r"\d{4}[./-]\d{1,2}[./-]\d{1,2}(?:[T ,]{1,3}\d{1,2}:\d\d(?::\d\d)?)?"),
    re.compile(r"(?<!\d)\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d)(?!\d)(?:\D{1,6}\d{1,2}:\d\d)?"),
    re.compile(
        r"(?<!\d)\d{1,2}\.?(?:st|nd|rd|th)? [^\W\d_]{3,12}\.?(?: ?/ ?[^\W\d_]{3,12})?,? \d{4}(?: г\.)?"
        r"(?:\D{1,6}\d{1,2}:\d\d)?"
    ),
    re.compile(
        r"[^\W\d_]{3,12}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}(?:\D{1,6}\d{1,2}:\d\d(?: ?[ap]\.?m\.?)?)?",
        re.IGNORECASE,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageDate:
    """A date of publication, what it rests on, and why it may be wrong (empty when nothing says so)."""

    moment: datetime
    source: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Stated:
    moment: datetime
    source: str
    is_day: bool


def find_page_date(
    tree: Any,
    *,
    container: Any,
    json_ld: dict[str, Any] | None,
    meta: dict[str, str],
    lines: list[str],
    url: str | None,
    listed: datetime | None,
    now: datetime,
) -> PageDate | None:
    """Find when the article of a page was published.

    Args:
        tree: of the page, without teasers and hidden elements.
        container: of the article in the tree; what stands behind it is about other things.
        json_ld: the description of its own article, if there is one.
        meta: names (lower case) and contents of the head.
        lines: short lines of text around the headline, in the order of the page.
        url: of the page.
        listed: what the feed said that named it.
    """
    stated = list(_statements(tree, container, json_ld, meta, lines, url, listed, now))
    if not stated:
        guess = _guess(tree, url, now)
        return PageDate(guess, GUESSED, "nothing on the page states it") if guess else None
    chosen = _choose(stated)
    return PageDate(chosen.moment, chosen.source, _find_doubt(chosen, stated, meta, json_ld, now))


def _statements(
    tree: Any,
    container: Any,
    json_ld: dict[str, Any] | None,
    meta: dict[str, str],
    lines: list[str],
    url: str | None,
    listed: datetime | None,
    now: datetime,
) -> Iterator[_Stated]:
    candidates: list[tuple[object, str]] = []
    if json_ld is not None:
        candidates += [(json_ld.get(key), "JSON-LD") for key in ("datePublished", "dateCreated")]
    candidates += [(meta.get(name), f"meta {name}") for name in _META_NAMES]
    candidates += [(text, "datePublished in the markup") for text in _marked_up(tree)]
    candidates += [(text, "a <time> of the article") for text in _times(tree, container)]
    for value, source in candidates:
        if isinstance(value, str) and (moment := _read(value, now)):
            yield _Stated(moment, source, is_day_alone(value))
    for line in lines[:_MAX_LINES]:
        if (text := find_printed(line)) and (moment := _read(text, now)):
            yield _Stated(moment, "a line beside the headline", is_day_alone(text))
            break
    if listed is not None:
        yield _Stated(listed, "the feed", is_day=False)
    if (found := _IN_ADDRESS.search(url or "")) and (moment := _read("-".join(found.groups()), now)):
        yield _Stated(moment, "the address", is_day=True)


def _choose(stated: list[_Stated]) -> _Stated:
    """Take the most trusted, unless the address sides with another; a bare day gets a later's time."""
    chosen = stated[0]
    address = next((each for each in stated if each.source == "the address"), None)
    if address is not None and not _agree(chosen, address):
        chosen = next((each for each in stated if each is not address and _agree(each, address)), chosen)
    if chosen.is_day:
        exact = (each for each in stated if not each.is_day and each.moment.date() == chosen.moment.date())
        chosen = next(exact, chosen)
    return chosen


def _agree(one: _Stated, other: _Stated) -> bool:
    return abs(one.moment - other.moment) <= _A_DAY


def _find_doubt(
    chosen: _Stated, stated: list[_Stated], meta: dict[str, str], json_ld: dict[str, Any] | None, now: datetime
) -> str:
    for each in stated:
        if not _agree(chosen, each):
            return f"{each.source} says {each.moment.date().isoformat()}"
    changed = meta.get("article:modified_time") or (json_ld or {}).get("dateModified")
    if isinstance(changed, str) and (moment := _read(changed, now)) and chosen.moment - moment > _A_DAY:
        return f"it was changed before that, on {moment.date().isoformat()}"
    return ""


def _read(text: str, now: datetime) -> datetime | None:
    """Read a date that a page states; one that cannot be is passed over, for another mark may be right."""
    try:
        moment = parse_published(text, now)
    except DateError:
        return None
    return moment if moment >= _EARLIEST_PAGE else None


def _marked_up(tree: Any) -> Iterator[str]:
    for element in tree.xpath("//*[contains(@itemprop, 'datePublished')]"):
        yield element.get("content") or element.get("datetime") or "".join(element.itertext()).strip()


def _times(tree: Any, container: Any) -> Iterator[str]:
    """Give the `<time>`s from the headline on, those called published first; none that says "updated"."""
    headings = tree.xpath("//h1")
    start = headings[0] if headings else None
    found, named, is_behind = [], [], start is None
    for element in _up_to_end(tree, container):
        is_behind = is_behind or element is start
        if element.tag != "time":
            continue
        about = " ".join(filter(None, [element.get("class"), element.get("itemprop"), element.get("id")]))
        around = about + " " + "".join(element.itertext())[:60] + " " + _words_before(element)
        if _CHANGED.search(around):
            continue
        value = element.get("datetime") or find_printed("".join(element.itertext())[:_MAX_LINE]) or ""
        if element.get("pubdate") is not None or "publish" in about.lower():
            named.append(value)
        elif is_behind or start is None:
            found.append(value)
    yield from named[:1]
    yield from found[:1]


def _up_to_end(tree: Any, container: Any) -> Iterator[Any]:
    """Give headlines and times up to the article's end."""
    inside, is_inside = set(container.iter()), False
    for element in tree.iter():
        if is_inside and element not in inside:
            return
        is_inside = is_inside or element is container
        if element.tag in {"h1", "time"}:
            yield element


def _words_before(element: Any) -> str:
    previous = element.getprevious()
    if previous is not None:
        return str(previous.tail or "".join(previous.itertext()))[-30:]
    return str(element.getparent().text or "")[-30:]


def find_printed(line: str) -> str | None:
    """Give the first date that a short line prints; `None` for a line that says when something was changed."""
    if len(line) > _MAX_LINE:
        return None
    earliest = None
    for shape in _PRINTED:
        for found in shape.finditer(line):
            if not _CHANGED.search(line[max(0, found.start() - 30) : found.start()]):
                if earliest is None or found.start() < earliest.start():
                    earliest = found
                break
    return earliest.group() if earliest else None


def _guess(tree: Any, url: str | None, now: datetime) -> datetime | None:
    """Ask htmldate for the day, bounded by today; it gets copies of the tree, since it prunes.

    Its last resort is a bare year, such as the "© 2026" of a footer, which it gives as that year's first of
    January: no date is better than that one.
    """
    from copy import deepcopy

    from htmldate import find_date

    tree = deepcopy(tree)
    for stated in list(tree.iter("time")):  # those of the article were asked before; the rest are of others
        stated.attrib.clear()
        stated.text = ""
    for paragraph in tree.iter("p"):
        if (
            len("".join(paragraph.itertext())) > _PROSE
        ):  # what an article tells of another year is no date of it
            for piece in paragraph.iter():
                piece.text = piece.tail = ""
    if sum(1 for _ in tree.iter()) > _MAX_FOR_HTMLDATE:
        return None
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
            return _read(str(day), now)
    return None
