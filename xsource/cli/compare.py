"""`xsource compare`: claims down, outlets across, and what differs."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from enum import StrEnum
from os import fstat
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from xsource.cli.options import (
    DEFAULT_INDEX,
    Bidi,
    BidiOption,
    Form,
    IndexOption,
    MinConfidenceOption,
    SinceOption,
    SoughtKind,
    UntilOption,
    output,
)
from xsource.cli.output import Output, say
from xsource.errors import InputError
from xsource.records import ALL_KINDS, OPTIONAL_KINDS, Comparison, Story
from xsource.report.counting import counted
from xsource.report.tables import build_tables

if TYPE_CHECKING:
    from xsource.daily import Edition
    from xsource.pipeline import Reader
    from xsource.protocols import Progress
    from xsource.report.text import CsvTable
    from xsource.settings import Settings

NO_STORY = "no event in the index is covered by two outlets"

MOST_STORIES_IN_A_FILE = 500
"""A page and a workbook are made of all that was found: of 300 stories of six articles they took 430 MB, the
page 24 MB on disk (`--limit 300 --html --xlsx`, an index of `benchmarks/made_index.py`, 22 November 2026)."""


class CsvTableName(StrEnum):
    """What a row of CSV is."""

    divergences = "divergences"
    cells = "cells"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare", epilog="Example: xsource compare --html report.html --min-confidence 0.8")(compare)


def compare(
    story: Annotated[
        str | None,
        typer.Argument(metavar="[STORY]", help="A story's id or its first letters; all when left out."),
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    since: SinceOption = None,
    until: UntilOption = None,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="At most so many stories, the latest.")
    ] = None,
    kind: Annotated[
        list[SoughtKind] | None,
        typer.Option(
            help="Only this kind; may be repeated. 'all' adds those that are left out unless named, because "
            f"fewer than three in four were right on independent reports: {', '.join(sorted(OPTIONAL_KINDS))}."
        ),
    ] = None,
    min_confidence: MinConfidenceOption = None,
    new: Annotated[
        bool, typer.Option("--new", help="Only stories that came or changed since --look was last taken.")
    ] = False,
    look: Annotated[
        str, typer.Option("--look", metavar="NAME", help="With --new: whose look, see `xsource news`.")
    ] = "default",
    hide_wrong: Annotated[
        bool, typer.Option("--hide-wrong", help="Leave out divergences that an analyst marked wrong.")
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", metavar="FILE", help="Write one page for a browser there, instead of a table here."
        ),
    ] = None,
    xlsx: Annotated[
        Path | None,
        typer.Option("--xlsx", metavar="FILE", help="Write a spreadsheet there, instead of a table here."),
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option(
            "--format",
            "-f",
            help="How the answer is written; 'table' where neither this nor a file is asked for.",
        ),
    ] = None,
    table: Annotated[
        CsvTableName,
        typer.Option("--table", help="What a row of --format csv is: a divergence, or an outlet and a claim."),
    ] = CsvTableName.divergences,
    bidi: BidiOption = Bidi.auto,
) -> None:
    """Compare what outlets say about the same event.

    Every difference is shown with the words on each side, in their own script: the tool reports, you judge.
    Stories are compared one after the other and shown as they come; --since and --until choose those with an
    article of these days; --new those that `xsource news` has something to tell of, and takes its look.
    """
    from xsource.cli.progress import show_progress
    from xsource.pipeline import open_reader, without_wrong
    from xsource.report.files import check_writable
    from xsource.settings import load_settings

    for path in (html, xlsx):
        if path:
            check_writable(path)
    detectors = ",".join(chosen.value for chosen in kind) if kind else None
    has_chosen = bool(kind) and detectors != ALL_KINDS
    settings = load_settings(index, min_confidence=min_confidence, detectors=detectors)
    out = output(form or Form.table, bidi)
    with ExitStack() as bars, open_reader(index, settings) as reader:
        progress = bars.enter_context(show_progress())
        stories = choose_stories(reader, story, since, until, limit)
        editions: tuple[Edition, ...] = ()
        if new:
            editions = _take_new(index, settings, look, progress)
            wanted = {item.story for edition in editions for item in edition.items if item.change != "went"}
            stories = [one for one in stories if one.id in wanted]
        if not (html or xlsx):
            each = reader.compare_each(stories, progress=progress)
            if hide_wrong:
                each = map(without_wrong, each)
            way = Writing(settings.target, table.value, only_differing=has_chosen)
            write_each(out, reader.outline(stories), _before_output(each, bars), way)
            if not stories and not new:
                say("no story has an article of these days" if since or until else NO_STORY)
            _note_new(index, editions)
            return
        check_size(stories)
        comparison = reader.compare_together(stories, progress=progress)
    if hide_wrong:
        comparison = without_wrong(comparison)
    if html:
        write_page(comparison, settings.target, html)
    if xlsx:
        write_spreadsheet(comparison, settings.target, xlsx)
    if form:
        way = Writing(settings.target, table.value, only_differing=has_chosen)
        write_each(out, comparison, [comparison], way)
    _note_new(index, editions)


def _take_new(index: Path, settings: Settings, look: str, progress: Progress) -> tuple[Edition, ...]:
    """Take a look, and say what is new in it."""
    from xsource.pipeline import take_news
    from xsource.report.news.words import tell_counts, tell_since

    found = take_news(index, replace(settings, detectors=""), look=look, progress=progress)
    for edition in found.editions:
        say(f"{tell_since(edition)}: {tell_counts(edition.counts)}")
    if not found.editions:
        say(f"nothing is new in the look {look}")
    return found.editions


def _note_new(index: Path, editions: tuple[Edition, ...]) -> None:
    """Note that editions were shown, once they were."""
    from xsource.pipeline import note_told

    sys.stdout.flush()
    for edition in editions:
        note_told(index, edition)


def choose_stories(
    reader: Reader, story: str | None, since: str | None, until: str | None, limit: int | None
) -> list[Story]:
    """Give the story asked for, or those with an article of the days asked for, by first publication."""
    from xsource.pipeline import Filters

    days = Filters.parse(None, None, since, until)
    if story:
        return [reader.find_story(story)]
    chosen = []
    for one in reader.stories():
        first, last = one.first_published, one.last_published
        if days.since and not (last and last >= days.since):
            continue
        if days.until and not (first and first < days.until):
            continue
        chosen.append(one)
    if limit is None:
        return chosen
    # Undated stories come last and are no news: they are the first to go.
    latest = sorted(chosen, key=lambda one: one.first_published is not None)[-limit:]
    kept = {one.id for one in latest}
    return [one for one in chosen if one.id in kept]


def check_size(stories: list[Story]) -> None:
    """See before hours of work that a page or a workbook can hold the stories.

    Raises:
        InputError: it cannot.
    """
    if len(stories) > MOST_STORIES_IN_A_FILE:
        raise InputError(
            f"{len(stories):,} stories, expected {MOST_STORIES_IN_A_FILE:,} at most: a page or a workbook is "
            "made of all of them at once, in memory",
            f"choose some (--since, --until, --limit {MOST_STORIES_IN_A_FILE}, or one by its id), or write "
            "them one after the other: --format json, csv or md",
        )


def _before_output(comparisons: Iterable[Comparison], bars: ExitStack) -> Iterator[Comparison]:
    """Take the progress bars down before the first story is shown, unless it is written into a file."""
    for comparison in comparisons:
        if not _is_a_file(sys.stdout):
            bars.close()
        yield comparison


def _is_a_file(stream: IO[str]) -> bool:
    try:
        return stat.S_ISREG(fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):  # a stream of Python's alone
        return False


def write_page(comparison: Comparison, target: str, path: Path) -> None:
    """Write a comparison as one HTML file, and say so."""
    from xsource.report.files import replacing
    from xsource.report.html import comparison_html

    page = comparison_html(comparison, target)
    with replacing(path) as partial:
        partial.write_text(page, encoding="utf-8", newline="\n")
    say(f"{path}: {_tell_size(comparison)}; open it in a browser, it needs no network")


def write_spreadsheet(comparison: Comparison, target: str, path: Path) -> None:
    """Write a comparison as a workbook, and say so."""
    from xsource.report.files import replacing
    from xsource.report.xlsx import write_workbook

    with replacing(path) as partial:
        write_workbook(comparison, partial, target)
    say(f"{path}: {_tell_size(comparison)}")


def _tell_size(comparison: Comparison) -> str:
    stories, claims = len(comparison.stories), len(comparison.groups)
    return f"{counted(stories, 'story', 'stories')}, {counted(claims, 'claim')}"


@dataclass(frozen=True, slots=True)
class Writing:
    """How comparisons are written.

    Attributes:
        target: language code of the translations.
        table: what a row of CSV is.
        only_differing: leave claims without a difference out of tables for people.
    """

    target: str
    table: CsvTable = "divergences"
    only_differing: bool = False


def write_comparison(out: Output, comparison: Comparison, target: str) -> None:
    """Write a comparison in the chosen form."""
    write_each(out, comparison, [comparison], Writing(target))


def write_each(out: Output, outline: Comparison, comparisons: Iterable[Comparison], way: Writing) -> None:
    """Write comparisons in the chosen form as they come; `outline` has the stories and articles of all."""
    from xsource.report.streams import csv_parts, json_parts, markdown_parts
    from xsource.report.terminal import lay_out_story

    parts: Iterable[str] = ()
    if out.form == "json":
        parts = json_parts(outline, comparisons)
    elif out.form == "csv":
        parts = csv_parts(comparisons, way.target, way.table)
    elif out.form == "md":
        parts = markdown_parts(comparisons, way.target, out.embed, only_differing=way.only_differing)
    else:
        for comparison in comparisons:
            for table in build_tables(comparison, way.target):
                shown = table.only_differing() if way.only_differing else table
                out.lay_out(lay_out_story(shown, out.console.width, out.embed), "")
    for part in parts:
        out.write(part)
