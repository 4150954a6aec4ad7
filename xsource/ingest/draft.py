"""From what a file says to an article: the one place where every kind of input is cleaned and checked."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from xsource.errors import Problem
from xsource.ingest.clean import clean_line, clean_text, find_damage
from xsource.ingest.dateline import read_dateline
from xsource.ingest.dates import FORMS, DateError, parse_published
from xsource.ingest.furniture import cut_crawler_head, fold_line, remove_furniture
from xsource.outlets import OutletProfile
from xsource.records import OutletId, RawArticle, ReadingNote

_MAX_DATELINE_DAYS = 2  # a report is written the day before it appears, and zones add another
MAX_TITLE = 2_000
MAX_TEXT = 2_000_000  # code points; the longest newspaper reports are below a tenth of this

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{0,30}:")
_ALLOWED_SCHEMES = frozenset({"http:", "https:", "file:", "urn:", "tag:", "doi:", "mid:"})
# From the first blank of a run: otherwise a headline of blanks takes time in squares.
_TITLE_SEPARATOR = re.compile(r"(?<!\s)\s+(?:[|·•»/:]|[-–—―])\s+")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as its file gives it: nothing cleaned, nothing believed yet.

    Attributes:
        outlet_id: already resolved.
        outlet: what the lists know of it; `None` for an outlet that is only named.
        source: address, or the path of the file.
        published: a date as printed, or one already read, or `None`.
        site_names: what the page calls its site, to be cut from the headline.
        date_source: what `published` rests on, in words; empty for the record itself.
        date_doubt: why it may be wrong; empty when nothing speaks against it.
        notes: what else should be known of how it was read.
        notices: what a user should know once a run, such as an outlet known under another id.
        where: `path:line` for messages.
    """

    outlet_id: OutletId
    outlet: OutletProfile | None
    source: str
    title: str
    text: str
    where: str
    published: str | datetime | None = None
    language: str | None = None
    synthetic: bool = False
    site_names: tuple[str, ...] = ()
    date_source: str = ""
    date_doubt: str = ""
    notes: tuple[ReadingNote, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(slots=True)
class IngestTally:
    """What was taken out on the way in; counted over all articles, shown in the summary of a run.

    `notices` are what a user should know and need not act on, each once, in the order of reading.
    """

    furniture_lines: int = 0
    datelines: int = 0
    furniture_by_outlet: Counter[str] = field(default_factory=Counter)
    notices: dict[str, None] = field(default_factory=dict)


def finish_article(draft: Draft, now: datetime, tally: IngestTally | None = None) -> RawArticle | Problem:
    """Clean a draft into an article, or say what is wrong with it."""
    for name, value in (("url", draft.source), ("title", draft.title), ("text", draft.text)):
        if damage := find_damage(value):
            return Problem(
                draft.where, f"{name} {damage}", "the text was damaged before it came here; export it again"
            )
    if len(draft.text) > MAX_TEXT:
        return Problem(
            draft.where, f"text has {len(draft.text)} characters, expected one article of at most {MAX_TEXT}"
        )
    if len(draft.title) > MAX_TITLE:
        return Problem(draft.where, f"title has {len(draft.title)} characters, expected at most {MAX_TITLE}")
    source = clean_line(draft.source)
    scheme = _SCHEME.match(source)
    if not source or (scheme and scheme.group().lower() not in _ALLOWED_SCHEMES):
        return Problem(
            draft.where, f'url is "{source[:80]}", not the address of an article', "use an http(s) address"
        )
    try:
        published = _read_published(draft.published, now)
    except DateError as exc:
        return Problem(draft.where, f"published_at {exc}", f"read are {FORMS}; or leave the field out")

    title = strip_site_name(clean_line(draft.title), _site_names(draft))
    crawled = cut_crawler_head(clean_text(draft.text))
    trimmed = remove_furniture(crawled.text, draft.outlet.boilerplate if draft.outlet else ())
    body = _drop_repeated_headline(trimmed.text, title, clean_line(draft.title))
    templates = draft.outlet.datelines if draft.outlet else ()
    house = (draft.outlet.name, draft.outlet.name_en, *draft.outlet.aliases) if draft.outlet else ()
    dateline = read_dateline(body, templates, source, now, house)
    if not any(map(str.isalnum, dateline.text)):
        found = "nothing but page furniture" if trimmed.removed else "empty"
        return Problem(draft.where, f"text is {found}, expected an article", "check what the export left out")
    if tally is not None:
        tally.furniture_lines += len(trimmed.removed)
        tally.datelines += len(dateline.removed)
        if trimmed.removed:
            tally.furniture_by_outlet[draft.outlet_id] += len(trimmed.removed)
        tally.notices.update(dict.fromkeys(draft.notices))
    date_source, doubt = draft.date_source or "the record", draft.date_doubt
    if published is None and dateline.day is not None:
        published, date_source = datetime.combine(dateline.day, time(), UTC), "the dateline"
    elif published is None and (stated := _read_crawled(crawled.day, now)):
        published, date_source = stated, "a crawler's mark in the text"
    elif published is not None and dateline.day is not None and not doubt:
        doubt = _contradicts(published, dateline.day)
    notes = [ReadingNote("date", date_source)] if published is not None else []
    notes += [ReadingNote("doubt", doubt)] if doubt else []
    return RawArticle(
        outlet_id=draft.outlet_id,
        source=source,
        title=title,
        text=dateline.text,
        published_at=published,
        declared_language=draft.language or None,
        agency=dateline.agency,
        synthetic=draft.synthetic,
        where=draft.where,
        notes=(*notes, *draft.notes),
    )


def _read_crawled(day: str | None, now: datetime) -> datetime | None:
    try:
        return parse_published(day, now) if day else None
    except DateError:
        return None


def _contradicts(published: datetime, day: date) -> str:
    """Say that a dateline speaks against a date of publication: by more than a day, in whatever year it is."""
    nearest = min(
        (
            abs((datetime.combine(day, time(), UTC) + timedelta(days=shift) - published).days)
            for shift in (0, 365, -365)
        ),
    )
    return f"the dateline says {day.isoformat()}" if nearest > _MAX_DATELINE_DAYS else ""


def strip_site_name(title: str, names: tuple[str, ...]) -> str:
    """Cut the site's name off a headline: behind a separator, or a lower-case domain label glued to its end.

    `Talks begin | The Paper` and `Talks begin thepaper` lose it; `Minister denies report by Reuters` does not.
    """
    folded = {fold_line(name) for name in names if name}
    while separators := list(_TITLE_SEPARATOR.finditer(title)):
        last, first = separators[-1], separators[0]
        if fold_line(title[last.end() :]) in folded:
            title = title[: last.start()].rstrip()
        elif fold_line(title[: first.start()]) in folded:
            title = title[first.end() :].lstrip()
        else:
            break
    head, _, tail = title.rpartition(" ")
    if head and tail in names and tail.isascii() and tail.islower() and len(tail) >= 5:
        return head.rstrip()
    return title


def _site_names(draft: Draft) -> tuple[str, ...]:
    known: tuple[str, ...] = ()
    if draft.outlet is not None:
        labels = tuple(domain.split("/")[0].split(".")[0] for domain in draft.outlet.domains)
        known = (draft.outlet.name, draft.outlet.name_en, *draft.outlet.aliases, *draft.outlet.domains, *labels)
    return (*draft.site_names, draft.outlet_id, *known)


def _drop_repeated_headline(text: str, *titles: str) -> str:
    first, _, rest = text.partition("\n\n")
    is_headline = rest and fold_line(first) in {fold_line(title) for title in titles if title}
    return rest if is_headline else text


def _read_published(published: str | datetime | None, now: datetime) -> datetime | None:
    if isinstance(published, datetime) or published is None:
        return published
    return parse_published(published, now) if published.strip() else None
