"""`xsource who-reports`: what each outlet says about a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.text import Text

from xsource.cli.options import (
    DEFAULT_INDEX,
    Bidi,
    BidiOption,
    Form,
    FormatOption,
    IndexOption,
    LanguageCode,
    LanguagesOption,
    MinConfidenceOption,
    OutletsOption,
    SinceOption,
    UntilOption,
    output,
)
from xsource.report.documents import answers_document
from xsource.report.listing import Column, Listing
from xsource.report.statuses import MARKS, STYLES
from xsource.report.terminal import lay_out_claim

if TYPE_CHECKING:
    from xsource.records import Language

COLUMNS = (
    Column("outlet", "outlet"),
    Column("status", "status"),
    Column("sentence", "sentence", is_text=True, ratio=1),
    Column("differs", "differs", is_text=True),
    Column("translation", "translation", is_text=True),
    Column("published_at", "published"),
    Column("probability", "probability", is_number=True),
    Column("cosine", "cosine", is_number=True),
    Column("article_url", "url"),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "who-reports",
        epilog="Example: xsource who-reports 'Officials in Gaza say more than 7,000 people were killed'",
    )(who_reports)


def who_reports(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The claim, in any of the four languages.")],
    index: IndexOption = DEFAULT_INDEX,
    outlet: OutletsOption = None,
    language: LanguagesOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    min_confidence: MinConfidenceOption = None,
    question_language: Annotated[
        LanguageCode | None,
        typer.Option(help="Language of TEXT, where it is not to be guessed.", show_default=False),
    ] = None,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.auto,
) -> None:
    """Say for every outlet whether it reports a claim.

    'differs' states the same fact with another figure, day, place or actor; 'contrary' says the opposite;
    'unsure' comes near: read it; 'silent' covers the story and no sentence of it comes near, the nearest is
    shown; 'no coverage' has no article of the story.
    """
    from xsource.pipeline import Filters, open_reader
    from xsource.settings import load_settings

    out = output(form, bidi)
    filters = Filters.parse(outlet, [code.value for code in language] if language else None, since, until)
    settings = load_settings(index, min_confidence=min_confidence)
    asked_in = cast("Language | None", question_language.value if question_language else None)
    with open_reader(index, settings) as reader:
        answers = reader.who_reports(text, filters=filters, language=asked_in)
    if out.form == "json":
        out.document(answers_document(answers))
        return
    if out.form != "table":
        rows = []
        for row in answers_document(answers)["outlets"]:
            translation = row["translation"]
            rows.append({**row, "translation": translation["text"] if translation else None})
        out.listing(Listing("outlets", COLUMNS, tuple(rows)), "the index has no articles")
        return
    for answer in answers:
        head = Text(f"{MARKS[answer.status]} {answer.status}", style=STYLES[answer.status])
        head.append(f"  {answer.outlet.id}", style="bold not dim")
        if answer.status == "no coverage" or answer.best is None:
            out.lay_out(head)
            continue
        nearest = "" if answer.status != "silent" else "nearest sentence, "
        head.append(f"  {nearest}probability {answer.probability:.2f}", style="dim")
        out.lay_out(head, lay_out_claim(answer.best.claim, out.embed))
        for divergence in answer.differs:
            out.lay_out(Text(f"  {divergence.kind}: {divergence.explanation}", style="yellow"))
    if not answers:
        from xsource.cli.output import say

        say("the index has no articles")
