"""Read articles from files and folders, one at a time; what cannot be read is reported and the rest go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from xsource.errors import InputError, Problem
from xsource.ingest.archives import MAX_PAGE_BYTES, read_warc
from xsource.ingest.draft import Draft, IngestTally, finish_article
from xsource.ingest.feeds import MAX_FEED_BYTES, read_feed_file
from xsource.ingest.html_page import read_html_file
from xsource.ingest.jsonl import read_jsonl
from xsource.ingest.mail import read_mbox
from xsource.ingest.outlet_files import OUTLETS_FILE, Neighbourhood, make_absolute
from xsource.ingest.tables import SAME_NAMES, read_table
from xsource.ingest.text_file import read_text_file
from xsource.ingest.walk import FoundFile, find_files, tell_kind
from xsource.outlets import OutletList
from xsource.records import RawArticle


def read_articles(
    paths: Sequence[Path], *, outlets: OutletList, now: datetime, tally: IngestTally | None = None
) -> Iterator[RawArticle | Problem]:
    """Read every article beneath some paths, in an order that depends on names alone.

    `outlets.toml` is read in every folder, and in the one above each path given; what it says counts for the
    files beneath it. Memory does not grow with the corpus: one article is held at a time.

    Args:
        paths: files of the kinds in `walk.KINDS`, or folders of them.
        outlets: what is known by name.
        now: no article is from the future; also completes datelines without a year.
        tally: counts what was taken out, when given.

    Yields:
        Articles, and a problem for each file, line or field that is not what it must be. Never raises for
        input.
    """
    for path in paths:
        around, problems = _look_above(path, Neighbourhood(outlets))
        yield from problems
        for found in find_files(path, around):
            if isinstance(found, Problem):
                yield found
                continue
            for draft in _read_file(found, now):
                yield draft if isinstance(draft, Problem) else finish_article(draft, now, tally)


def read_columns(
    path: Path,
    columns: Mapping[str, str],
    *,
    outlets: OutletList,
    now: datetime,
    constants: Mapping[str, str] | None = None,
    tally: IngestTally | None = None,
) -> Iterator[RawArticle | Problem]:
    """Read the articles of a CSV or TSV table, or of JSON lines, whose fields have names of their own.

    Args:
        columns: our field (`outlet`, `url`, `title`, `text`, `published_at`, `language`) to the column's name;
            a field that is left out is looked for under its own.
        constants: fields that every row shares: `{"outlet": "tass"}`.
        outlets, now, tally: as for `read_articles`.

    Raises:
        ValueError: a field in `columns` or `constants` is none of ours.
    """
    if unknown := sorted({*columns, *(constants or {})} - set(SAME_NAMES)):
        raise ValueError(f"field is {unknown[0]!r}, expected one of {', '.join(SAME_NAMES)}")
    around, problems = _look_above(path, Neighbourhood(outlets))
    yield from problems
    is_jsonl = tell_kind(path) == "jsonl"
    drafts = (read_jsonl if is_jsonl else read_table)(path, around, columns, constants or {})
    try:
        for draft in drafts:
            yield draft if isinstance(draft, Problem) else finish_article(draft, now, tally)
    except OSError as exc:
        yield _unreadable(path, exc)


def _look_above(path: Path, around: Neighbourhood) -> tuple[Neighbourhood, list[Problem]]:
    """Enter the folder above a path, and for a file also its own folder."""
    folder = path if path.is_dir() else path.parent
    above = [make_absolute(folder).parent, *([] if path.is_dir() else [folder])]
    problems = []
    for step in above:
        try:
            around = around.entering(step)
        except InputError as exc:
            problems.append(Problem(str(step / OUTLETS_FILE), exc.message, exc.hint))
    return around, problems


def _read_file(found: FoundFile, now: datetime) -> Iterator[Draft | Problem]:
    path, around = found.path, found.around
    try:
        match found.kind:
            case "jsonl":
                yield from read_jsonl(path, around)
            case "table":
                yield from read_table(path, around)
            case "warc":
                yield from read_warc(path, around, now)
            case "mbox":
                yield from read_mbox(path, around)
            case "html" | "text" | "feed":
                yield from _read_whole(path, found.kind, around, now)
    except OSError as exc:
        yield Problem(
            str(path), f"cannot be read: {exc.strerror or exc}", "check that it exists and may be read"
        )


def _read_whole(
    path: Path, kind: Literal["html", "text", "feed"], around: Neighbourhood, now: datetime
) -> Iterator[Draft | Problem]:
    """Read a file that is small enough to be held whole."""
    limit = MAX_FEED_BYTES if kind == "feed" else MAX_PAGE_BYTES
    size = path.stat().st_size
    if size > limit:
        yield Problem(str(path), f"has {size} bytes, expected one {kind} of at most {limit}")
        return
    content = path.read_bytes()
    if not content.strip():
        yield Problem(str(path), "is empty, expected an article")
    elif kind == "html":
        yield read_html_file(path, content, around, now)
    elif kind == "text":
        yield read_text_file(path, content, around)
    else:
        yield from read_feed_file(path, content, around, now)


def _unreadable(path: Path, exc: OSError) -> Problem:
    return Problem(str(path), f"cannot be read: {exc.strerror or exc}", "check that it exists and may be read")
