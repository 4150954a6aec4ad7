"""`xsource show`: one claim, whole: every outlet's sentence and every difference."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, FormatOption, IndexOption, output
from xsource.errors import InputError
from xsource.report.bidi import plain
from xsource.report.tables import build_tables
from xsource.report.terminal import lay_out_claim, lay_out_divergence

_NOTED = {
    "date": "date from",
    "doubt": "the date is doubtful",
    "withdrawn": "withdrawn by the outlet",
    "left out": "on the page, not in the text",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show", epilog="Example: xsource show 3f2a9c (a group's id, from `compare --format json`)")(
        show
    )


def show(
    group: Annotated[
        str,
        typer.Argument(
            metavar="GROUP", help="A group's id or its first letters, or STORY:NUMBER as in `compare`."
        ),
    ],
    index: IndexOption = DEFAULT_INDEX,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.auto,
) -> None:
    """Show one claim: each outlet's sentence with its translation, who is silent, and what differs."""
    from xsource.pipeline import open_reader, reading_notes, restrict
    from xsource.settings import load_settings

    out = output(form, bidi)
    settings = load_settings(index)
    story, _, number = group.partition(":")
    with open_reader(index, settings) as reader:
        comparison = reader.compare(story if number else None)
        sentences = [s.nearest for group in comparison.groups for s in group.silent if s.nearest]
        nearest = {claim.sentence.id: claim for claim in reader.claims_of(list(dict.fromkeys(sentences)))}
    rows = [(table, row) for table in build_tables(comparison, settings.target) for row in table.rows]
    if number:
        found = [row for _, row in rows if str(row.number) == number]
    else:
        found = [row for _, row in rows if row.group.id.startswith(group)]
    if len(found) != 1:
        raise InputError(
            f'group "{group}" names {len(found)} claims, expected one',
            "`xsource compare` numbers the claims of a story: xsource show STORY:NUMBER",
        )
    (row,) = found
    if out.form != "table":
        from xsource.cli.compare import write_comparison

        write_comparison(out, restrict(comparison, row.group), settings.target)
        return
    notes = reading_notes(index, [claim.article.id for claim in row.group.claims])
    for claim in row.group.claims:
        out.lay_out(lay_out_claim(claim, out.embed))
        for note in notes.get(claim.article.id, ()):
            out.lay_out(Text(f"  {_NOTED[note.kind]}: {plain(note.text)}", style="dim"))
    for silence in row.group.silent:
        line = Text(f"{silence.article.outlet_id}", style="bold")
        line.append("  not among them", style="dim")
        claim_near = nearest.get(silence.nearest) if silence.nearest else None
        if claim_near is None:
            out.lay_out(line.append(f"  {plain(silence.article.source)}", style="dim"))
            continue
        line.append(f"; its nearest sentence, says it with probability {silence.likelihood:.2f}:", style="dim")
        out.lay_out(line, lay_out_claim(claim_near, out.embed))
    for divergence in row.divergences:
        out.lay_out("", lay_out_divergence(row.number, divergence, out.embed))
