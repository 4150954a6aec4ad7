"""`xsource card`: one claim or divergence to cite and hand over."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, IndexOption, output
from xsource.cli.output import say
from xsource.errors import InputError
from xsource.records import ALL_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from xsource.pipeline import Reader
    from xsource.report.cards.card import Card
    from xsource.settings import Settings

_CLAIM = re.compile(r"(?P<story>[0-9a-f]+):(?P<number>\d+)")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("card", epilog="Example: xsource card 3f2a9c1b --html card.html --pdf card.pdf --bibtex a.bib")(
        card
    )


def card(
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A divergence, a claim (STORY:NUMBER or a group) or a followed claim, or its first letters.",
        ),
    ],
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="A page that stands alone.")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", metavar="FILE", help="The page printed, by a Chromium.")
    ] = None,
    md: Annotated[Path | None, typer.Option("--md", metavar="FILE", help="Markdown; `-` prints it.")] = None,
    jsonld: Annotated[
        Path | None, typer.Option("--jsonld", metavar="FILE", help="ClaimReview as JSON-LD; `-` prints it.")
    ] = None,
    bibtex: Annotated[
        Path | None, typer.Option("--bibtex", metavar="FILE", help="The sources as BibTeX; `-` prints them.")
    ] = None,
    csl: Annotated[
        Path | None, typer.Option("--csl", metavar="FILE", help="The sources as CSL-JSON; `-` prints them.")
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    bidi: BidiOption = Bidi.logical,
) -> None:
    """Write one claim or divergence as a card that can be cited.

    It has the quotes in their own script, translations and where they are from, addresses, times, what an
    analyst said, and what made it. Without a file it is printed as Markdown.
    """
    from xsource.report.cards.citing import card_bibtex, card_claim_review, card_csl
    from xsource.report.cards.pages import card_html, card_markdown, write_pdf
    from xsource.report.files import check_writable, replacing
    from xsource.report.listing import as_json
    from xsource.settings import load_settings

    out = output(Form.md, bidi)
    for path in (html, pdf):
        if path:
            check_writable(path)
    made = find_card(index, load_settings(index, min_confidence=0.0, detectors=ALL_KINDS), wanted)
    texts: list[tuple[Path | None, Callable[[], str]]] = [
        (html, lambda: card_html(made)),
        (md, lambda: card_markdown(made, out.embed)),
        (jsonld, lambda: as_json(card_claim_review(made)) + "\n"),
        (bibtex, lambda: card_bibtex(made)),
        (csl, lambda: as_json(card_csl(made)) + "\n"),
    ]
    if not any(path for path, _ in texts) and pdf is None:
        out.write(card_markdown(made, out.embed))
    for path, content in texts:
        if path is None:
            continue
        text = content()
        if str(path) == "-":
            out.write(text)
            continue
        with replacing(path) as partial:
            partial.write_bytes(text.encode("utf-8", "backslashreplace"))
        say(f"{path}: written")
    if pdf is not None:
        with replacing(pdf) as partial:
            write_pdf(made, partial)
        say(f"{pdf}: written")


def find_card(index: Path, settings: Settings, wanted: str) -> Card:
    """Make the card of what an id names: a divergence, a claim or a followed claim.

    Raises:
        InputError: it names nothing, or more than one thing.
    """
    from xsource.pipeline import find_story, list_follows, open_reader
    from xsource.report.cards.card import follow_card

    beginning = wanted.strip().lower()
    now = datetime.now(UTC).replace(microsecond=0)
    with open_reader(index, settings) as reader:
        if claim := _CLAIM.fullmatch(beginning):
            return _of_story(reader, settings, claim["story"], int(claim["number"]), "", now)
        followed = [
            timeline
            for timeline in list_follows(index, ended=True)
            if beginning and timeline.follow.id.startswith(beginning)
        ]
        if len(followed) == 1:
            return follow_card(followed[0], reader.outlets(), now)
        return _of_story(reader, settings, find_story(index, settings, beginning), None, beginning, now)


def _of_story(
    reader: Reader, settings: Settings, story: str | None, number: int | None, beginning: str, now: datetime
) -> Card:
    from xsource.cli.progress import show_progress
    from xsource.report.cards.card import claim_card, divergence_card
    from xsource.report.tables import build_tables

    with show_progress() as progress:
        comparison = reader.compare(story, progress=progress)
    rows = [(table, row) for table in build_tables(comparison, settings.target) for row in table.rows]
    if number is not None:
        found = [claim_card(comparison, table, row, now) for table, row in rows if row.number == number]
    else:
        found = [
            divergence_card(comparison, table, row, divergence, now)
            for table, row in rows
            for divergence in row.divergences
            if beginning and divergence.id.startswith(beginning)
        ] or [
            claim_card(comparison, table, row, now)
            for table, row in rows
            if beginning and row.group.id.startswith(beginning)
        ]
    if len(found) == 1:
        return found[0]
    what = "nothing" if not found else f"{len(found)} things"
    raise InputError(
        f'"{beginning or f"{story}:{number}"}" names {what}, expected one divergence, claim or followed claim',
        "`xsource review` lists divergences and claims, `xsource follows` followed claims",
    )
