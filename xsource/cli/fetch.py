"""`xsource fetch`: what outlets have published since last time, into the index."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsource.cli.build import say_summary
from xsource.cli.exit_codes import end_with
from xsource.cli.options import DEFAULT_INDEX, IndexOption, TranslateOption
from xsource.cli.output import say_problem, tell
from xsource.cli.progress import show_progress
from xsource.errors import InputError, Problem
from xsource.report.counting import counted

if TYPE_CHECKING:
    from xsource.ingest.fetch import FetchedPage, FetchSettings
    from xsource.pipeline import FetchSummary

LEAST_DELAY = 1.0
"""Seconds between two requests to a host that is not ours; faster readers are soon shut out."""

EXAMPLE = (
    "Example: xsource fetch tass kommersant --contact desk@example.org   "
    "Cron, every hour: 17 * * * * cd /srv/news && XSOURCE_CONTACT=desk@example.org xsource fetch 2>>fetch.log"
)


OutletsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="OUTLET",
        help="By id, name in any script, or domain; all with known feeds when left out (`outlets --all`).",
    ),
]
ContactOption = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", help="Mail or web address of whoever asks; also XSOURCE_CONTACT or xsource.toml."
    ),
]
OpmlOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Fetch the feeds of a subscription list instead of those known."),
]
DelayOption = Annotated[
    float, typer.Option(min=0.0, help="Seconds between requests to a host; a longer Crawl-delay wins.")
]
AttemptsOption = Annotated[
    int, typer.Option(min=1, max=10, help="How often a server that does not answer is asked.")
]
AllowPrivateOption = Annotated[
    bool, typer.Option("--allow-private", help="Also ask addresses of the own machine and network.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("fetch", epilog=EXAMPLE)(fetch)


def fetch(
    names: OutletsArgument = None,
    index: IndexOption = DEFAULT_INDEX,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where pages are kept as they came; `raw` in the index when left out.",
        ),
    ] = None,
    contact: ContactOption = None,
    opml: OpmlOption = None,
    max_pages: Annotated[
        int, typer.Option("--max-pages", min=1, help="Pages of one outlet in one run; the next run goes on.")
    ] = 200,
    delay: DelayOption = 2.0,
    attempts: AttemptsOption = 3,
    wants_build: Annotated[
        bool, typer.Option("--build/--no-build", help="Read the new pages into the index, or only keep them.")
    ] = True,
    translate: TranslateOption = None,
    allow_private: AllowPrivateOption = False,
) -> None:
    """Fetch new pages from the feeds of outlets, keep them as they came, and read them into the index.

    robots.txt is obeyed; only what is new or has changed is asked for. A run can be stopped at any moment, and
    the next goes on where it stopped. Outlets of your own are declared in an `outlets.toml` in the index folder
    or the working folder. What could not be had is named, and the exit code is then 3, or 1 where no feed
    answered.
    """
    from xsource.pipeline import fetch as fetch_pages
    from xsource.pipeline import known_outlets, listed_outlets
    from xsource.settings import load_settings

    settings = load_settings(index, contact=contact, translate=translate)
    politeness = read_politeness(
        settings.contact, delay, attempts=attempts, max_pages=max_pages, allow_private=allow_private
    )
    outlets = known_outlets(index)
    if opml is not None:
        outlets = listed_outlets(opml, outlets)
    began = time.monotonic()
    with show_progress() as progress:
        summary = fetch_pages(
            names or (),
            index,
            settings,
            politeness,
            outlets=outlets,
            into=into,
            wants_build=wants_build,
            progress=progress,
            found=say_fetch_problem,
        )
    say_fetched(summary, time.monotonic() - began)
    left_out = summary.problems or (summary.built is not None and summary.built.problems)
    is_anything_built = summary.built is not None and summary.built.new > 0
    end_with(is_complete=not left_out, is_anything_done=summary.feeds > 0 or is_anything_built)


def read_politeness(
    contact: str, delay: float, *, attempts: int, max_pages: int, allow_private: bool
) -> FetchSettings:
    """Put together how servers are asked.

    Raises:
        InputError: too fast.
    """
    from xsource.ingest.fetch import FetchSettings

    if delay < LEAST_DELAY and not allow_private:
        raise InputError(
            f"--delay is {delay:g}, expected at least {LEAST_DELAY:g} second between requests to one host",
            "leave it out: 2 seconds are usual",
        )
    return FetchSettings(
        contact=contact,
        delay_seconds=delay,
        retry_seconds=delay,
        attempts=attempts,
        max_pages_per_outlet=max_pages,
        allow_private=allow_private,
    )


def say_fetched(summary: FetchSummary, seconds: float) -> None:
    """Tell what a run fetched and built."""
    tell(
        "fetched",
        f"{counted(summary.pages, 'page')} fetched, {counted(summary.new_versions, 'new version')} among them, "
        f"{len(summary.problems)} could not be had; kept in {summary.folder}",
        pages=summary.pages,
        new_versions=summary.new_versions,
        failed=len(summary.problems),
        folder=str(summary.folder),
        seconds=round(seconds, 3),
    )
    if summary.built is not None:
        say_summary(summary.built)


def say_fetch_problem(item: FetchedPage | Problem) -> None:
    """Name what could not be had as soon as it is known: a run may take an hour."""
    if isinstance(item, Problem):
        say_problem(item)
