"""`xsource watch`: fetch, build, news, again and again."""

from __future__ import annotations

import shlex
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsource.cli.exit_codes import end_with
from xsource.cli.fetch import (
    AllowPrivateOption,
    AttemptsOption,
    ContactOption,
    DelayOption,
    OpmlOption,
    OutletsArgument,
    read_politeness,
    say_fetch_problem,
    say_fetched,
)
from xsource.cli.news import SHOWN_UNDER_A_HEADING, BeginOption, tell_nothing
from xsource.cli.options import (
    DEFAULT_INDEX,
    Bidi,
    BidiOption,
    IndexOption,
    MinConfidenceOption,
    TranslateOption,
    output,
)
from xsource.cli.output import say, say_error, say_problem
from xsource.cli.progress import show_progress
from xsource.errors import InputError, StorageError

if TYPE_CHECKING:
    from xsource.daily import Edition
    from xsource.ingest.fetch import FetchSettings
    from xsource.outlets import OutletList
    from xsource.pipeline import Channels
    from xsource.settings import Settings

WATCHERS_LOOK = "watch"
EXAMPLE = (
    "Example: xsource watch --every 30m --contact desk@example.org --feed news.atom   "
    "Cron, every half hour: */30 * * * * cd /srv/news && XSOURCE_CONTACT=desk@example.org xsource watch --once "
    "--lines news.jsonl 2>>watch.log"
)


@dataclass(frozen=True)
class _Watch:
    """What every round of a watch does the same."""

    names: tuple[str, ...]
    index: Path
    settings: Settings
    politeness: FetchSettings
    outlets: OutletList
    look: str
    begin: bool
    channels: Channels
    wants_lines: bool
    bidi: Bidi


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("watch", epilog=EXAMPLE)(watch)


def watch(
    names: OutletsArgument = None,
    every: Annotated[
        str, typer.Option("--every", metavar="TIME", help="From one round to the next: 30m, 2h, 1d.")
    ] = "30m",
    once: Annotated[bool, typer.Option("--once", help="One round, as for a line of cron.")] = False,
    look: Annotated[
        str, typer.Option("--look", metavar="NAME", help="Whose look; the watcher has one of its own.")
    ] = WATCHERS_LOOK,
    begin: BeginOption = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Keep a page of the last editions there.")
    ] = None,
    feed: Annotated[
        Path | None, typer.Option("--feed", metavar="FILE", help="Keep an Atom feed of the same there.")
    ] = None,
    lines: Annotated[
        Path | None,
        typer.Option("--lines", metavar="FILE", help="Add each item there as a line of JSON; `-` prints it."),
    ] = None,
    run: Annotated[
        str,
        typer.Option(
            "--run",
            metavar="COMMAND",
            help="Run this on each new divergence, which comes as JSON on its input.",
        ),
    ] = "",
    min_confidence: MinConfidenceOption = None,
    contact: ContactOption = None,
    opml: OpmlOption = None,
    max_pages: Annotated[
        int, typer.Option("--max-pages", min=1, help="Pages of one outlet in one round; the next goes on.")
    ] = 200,
    delay: DelayOption = 2.0,
    attempts: AttemptsOption = 3,
    translate: TranslateOption = None,
    allow_private: AllowPrivateOption = False,
    index: IndexOption = DEFAULT_INDEX,
    bidi: BidiOption = Bidi.logical,
) -> None:
    """Fetch, build and tell what is new, in one process that can be killed at any moment.

    What was told is remembered in the index, so the next run goes on, tells nothing twice and leaves nothing
    out. A feed that does not answer, or an index that somebody else is writing, costs a round and not the
    watch. Two watchers of one index are refused. Ctrl-C ends it.
    """
    from xsource.pipeline import (
        Channels,
        check_look,
        has_index,
        known_outlets,
        listed_outlets,
        only_watcher,
        read_interval,
    )
    from xsource.pipeline.fetching import check_contact
    from xsource.report.files import check_writable
    from xsource.settings import load_settings

    seconds = read_interval(every, least=1.0) if allow_private else read_interval(every)
    settings = load_settings(index, contact=contact, translate=translate, min_confidence=min_confidence)
    check_contact(settings.contact)
    outlets = known_outlets(index)
    is_printed = lines is not None and str(lines) == "-"
    for path in (html, feed):
        if path:
            check_writable(path)
    planned = _Watch(
        names=tuple(names or ()),
        index=index,
        settings=settings,
        politeness=read_politeness(
            settings.contact, delay, attempts=attempts, max_pages=max_pages, allow_private=allow_private
        ),
        outlets=outlets if opml is None else listed_outlets(opml, outlets),
        look=look,
        begin=begin,
        channels=Channels(html, feed, None if is_printed else lines, _read_command(run)),
        wants_lines=is_printed,
        bidi=bidi,
    )
    with only_watcher(index):
        if has_index(index):
            check_look(index, look, begin=begin)
        if once:
            is_complete, is_anything_done = _round(planned)
            end_with(is_complete=is_complete, is_anything_done=is_anything_done)
            return
        while True:
            began = time.monotonic()
            try:
                _round(planned)
            except StorageError as error:  # a build beside it, a full disk: the next round finds what was left
                say_error(error)
            # By a clock that nobody sets back.
            time.sleep(max(0.0, began + seconds - time.monotonic()))


def _round(planned: _Watch) -> tuple[bool, bool]:
    """Fetch, build and tell; say whether nothing was left out, and whether anything could be done."""
    from xsource.pipeline import fetch, has_index, take_news, tell_editions, write_pages

    began = time.monotonic()
    with show_progress() as progress:
        summary = fetch(
            planned.names,
            planned.index,
            planned.settings,
            planned.politeness,
            outlets=planned.outlets,
            progress=progress,
            found=say_fetch_problem,
        )
    say_fetched(summary, time.monotonic() - began)
    built = summary.built
    problems = len(summary.problems) + (len(built.problems) if built else 0)
    is_anything_done = summary.feeds > 0 or (built is not None and built.new > 0)
    if not has_index(planned.index):
        say("there is nothing yet")
        return problems == 0, is_anything_done
    with show_progress() as progress:
        news = take_news(
            planned.index, planned.settings, look=planned.look, begin=planned.begin, progress=progress
        )
    failed = tell_editions(
        planned.index, planned.look, news.editions, planned.channels, lambda edition: _show(planned, edition)
    )
    if not news.editions:
        write_pages(planned.index, planned.look, planned.channels)
        say(tell_nothing(news))
    for problem in failed:
        say_problem(problem)
    return problems + len(failed) == 0, is_anything_done


def _show(planned: _Watch, edition: Edition) -> None:
    from xsource.cli.news import write_editions
    from xsource.cli.options import Form
    from xsource.report.news.lines import edition_lines

    out = output(Form.table, planned.bidi)
    if planned.wants_lines:
        for _, line in edition_lines(edition):
            out.write(f"{line}\n")
    else:
        write_editions(out, [edition], SHOWN_UNDER_A_HEADING)
    sys.stdout.flush()


def _read_command(text: str) -> tuple[str, ...]:
    """Cut a command into words as a shell does; nothing of it is expanded."""
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise InputError(f"--run {text!r} is no command: {error}", "quote it as for a shell") from error
