"""`xsource news`: what is new since somebody last looked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsource.cli.options import (
    DEFAULT_INDEX,
    Bidi,
    BidiOption,
    Form,
    FormatOption,
    IndexOption,
    MinConfidenceOption,
    output,
)
from xsource.cli.output import Output, say
from xsource.daily import Edition

if TYPE_CHECKING:
    from xsource.pipeline import News

LookOption = Annotated[
    str, typer.Option("--look", metavar="NAME", help="Whose look: each has been shown something else.")
]
BeginOption = Annotated[bool, typer.Option("--begin", help="Begin this look where there is none of its name.")]

SHOWN_UNDER_A_HEADING = 10
DEFAULT_LOOK = "default"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("news", epilog="Example: xsource news --look morning --begin")(news)


def news(
    look: LookOption = DEFAULT_LOOK,
    begin: BeginOption = False,
    again: Annotated[
        bool, typer.Option("--again", help="Show the last edition once more; nothing is looked for.")
    ] = False,
    peek: Annotated[
        bool, typer.Option("--peek", help="Show what is new, and do not count it as shown.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help=f"Show more than {SHOWN_UNDER_A_HEADING} under a heading.")
    ] = False,
    looks: Annotated[bool, typer.Option("--looks", help="List the looks that there are.")] = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Forget this look: the next one of its name is a first one.")
    ] = False,
    min_confidence: MinConfidenceOption = None,
    index: IndexOption = DEFAULT_INDEX,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.logical,
) -> None:
    """Tell what came, changed or went since the last look: followed claims, divergences, stories, claims.

    Counts come first. Stories that nobody compared yet are compared, which takes its time once; what was shown
    is remembered, so a second look is empty. A run that is stopped before it showed its news is made up for by
    the next. --look names a look of your own (`morning`); the first one of a name needs --begin.
    """
    from xsource.cli.progress import show_progress
    from xsource.pipeline import check_look, forget_look, note_told, read_editions, take_news
    from xsource.settings import load_settings

    out = output(form, bidi)
    if looks:
        _list_looks(index, out)
        return
    if forget:
        forget_look(index, look)
        say(f"look {look} is forgotten")
        return
    if again:
        write_editions(
            out, read_editions(index, look, last=1), limit=None if everything else SHOWN_UNDER_A_HEADING
        )
        return
    check_look(index, look, begin=begin)
    settings = load_settings(index, min_confidence=min_confidence)
    with show_progress() as progress:
        found = take_news(index, settings, look=look, begin=begin, keep=not peek, progress=progress)
    write_editions(out, found.editions, limit=None if everything else SHOWN_UNDER_A_HEADING)
    if not found.editions:
        say(tell_nothing(found))
    # On its way before it is noted: what nobody saw is shown again.
    sys.stdout.flush()
    if not peek:
        for edition in found.editions:
            note_told(index, edition)


def tell_nothing(found: News) -> str:
    """Say that nothing is new."""
    from xsource.report.news.words import moment

    return f"nothing is new since {moment(found.since)}" if found.since else "there is nothing yet"


def write_editions(out: Output, editions: tuple[Edition, ...] | list[Edition], limit: int | None) -> None:
    """Write editions in the chosen form."""
    from xsource.report.news.rows import editions_document, editions_listing

    if out.form == "json":
        out.document(editions_document(editions))
    elif out.form != "table":
        out.listing(editions_listing(editions), "nothing is new")
    else:
        from xsource.report.news.terminal import lay_out_edition

        for number, edition in enumerate(editions):
            if number:
                out.lay_out("")
            out.lay_out(lay_out_edition(edition, out.embed, limit))


def _list_looks(index: Path, out: Output) -> None:
    from xsource.pipeline import list_looks
    from xsource.report.documents import timestamp
    from xsource.report.listing import Column, Listing

    columns = (Column("look", "look"), Column("edition", "edition", is_number=True), Column("at", "taken"))
    rows = tuple(
        {"look": one.name, "edition": one.edition, "at": timestamp(one.at)} for one in list_looks(index)
    )
    out.listing(Listing("looks", columns, rows), "there is no look yet")
