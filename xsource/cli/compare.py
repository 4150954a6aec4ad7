"""`xsource compare`: claims down, outlets across, and what differs."""

from __future__ import annotations

from typing import Annotated

import typer

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, FormatOption, IndexOption, Kind, output
from xsource.cli.output import Output, say
from xsource.records import Comparison
from xsource.report.documents import comparison_document
from xsource.report.tables import build_tables


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare", epilog="Example: xsource compare --kind number --min-confidence 0.8")(compare)


def compare(
    story: Annotated[
        str | None,
        typer.Argument(metavar="[STORY]", help="A story's id or its first letters; all when left out."),
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    min_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="Leave out divergences that are less sure.")
    ] = None,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.logical,
) -> None:
    """Compare what outlets say about the same event.

    Every difference is shown with the words on each side, in their own script: the tool reports, you judge.
    """
    from xsource.cli.progress import show_progress
    from xsource.pipeline import open_reader
    from xsource.settings import load_settings

    out = output(form, bidi)
    detectors = ",".join(chosen.value for chosen in kind) if kind else None
    settings = load_settings(index, min_confidence=min_confidence, detectors=detectors)
    with open_reader(index, settings) as reader, show_progress() as progress:
        comparison = reader.compare(story, progress=progress)
    write_comparison(out, comparison, settings.target)


def write_comparison(out: Output, comparison: Comparison, target: str) -> None:
    """Write a comparison in the chosen form."""
    if out.form == "json":
        out.document(comparison_document(comparison))
        return
    from xsource.report.terminal import lay_out_story
    from xsource.report.text import comparison_csv, comparison_markdown

    tables = build_tables(comparison, target)
    if out.form == "csv":
        out.write(comparison_csv(tables))
    elif out.form == "md":
        out.write(comparison_markdown(tables, out.embed))
    else:
        for table in tables:
            out.lay_out(lay_out_story(table, out.console.width, out.embed), "")
    if not tables:
        say("no event in the index is covered by two outlets")
