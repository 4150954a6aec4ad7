"""`xsource who-reports`: what each outlet says about a claim."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, FormatOption, IndexOption, output
from xsource.report.documents import answers_document
from xsource.report.listing import Column, Listing
from xsource.report.statuses import MARKS, STYLES
from xsource.report.terminal import lay_out_claim

COLUMNS = (
    Column("outlet", "outlet"),
    Column("status", "status"),
    Column("sentence", "sentence", is_text=True, ratio=1),
    Column("differs", "differs", is_text=True),
    Column("translation", "translation", is_text=True),
    Column("published_at", "published"),
    Column("cosine", "cosine", is_number=True),
    Column("margin", "margin", is_number=True),
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
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.auto,
) -> None:
    """Say for every outlet whether it reports a claim, reports it differently, is silent, or has no coverage.

    'contrary' means that it says the contrary; 'unsure' that its sentence may make the claim and a reader has
    to judge; 'silent' that it covers the story and not the claim, shown with the sentence that comes nearest;
    'no coverage' that it has no article of the story.
    """
    from xsource.pipeline import open_reader
    from xsource.settings import load_settings

    out = output(form, bidi)
    with open_reader(index, load_settings(index)) as reader:
        answers = reader.who_reports(text)
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
        nearest = "nearest sentence, " if answer.status == "silent" else ""
        head.append(
            f"  {nearest}cosine {answer.best.cosine:.2f}, margin {answer.best.margin:+.3f}", style="dim"
        )
        out.lay_out(head, lay_out_claim(answer.best.claim, out.embed))
        for divergence in answer.differs:
            out.lay_out(Text(f"  {divergence.kind}: {divergence.explanation}", style="yellow"))
    if not answers:
        from xsource.cli.output import say

        say("the index has no articles")
