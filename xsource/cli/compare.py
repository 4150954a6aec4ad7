"""`xsource compare`: claims down, outlets across, and what differs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, IndexOption, Kind, output
from xsource.cli.output import Output, say
from xsource.records import Comparison
from xsource.report.documents import comparison_document
from xsource.report.tables import build_tables


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compare", epilog="Example: xsource compare --html report.html --min-confidence 0.8")(compare)


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
    bidi: BidiOption = Bidi.logical,
) -> None:
    """Compare what outlets say about the same event.

    Every difference is shown with the words on each side, in their own script: the tool reports, you judge.
    """
    from xsource.cli.progress import show_progress
    from xsource.pipeline import open_reader, without_wrong
    from xsource.report.files import check_writable
    from xsource.settings import load_settings

    for path in (html, xlsx):
        if path:
            check_writable(path)
    detectors = ",".join(chosen.value for chosen in kind) if kind else None
    settings = load_settings(index, min_confidence=min_confidence, detectors=detectors)
    with open_reader(index, settings) as reader, show_progress() as progress:
        comparison = reader.compare(story, progress=progress)
    if hide_wrong:
        comparison = without_wrong(comparison)
    if html:
        write_page(comparison, settings.target, html)
    if xlsx:
        write_spreadsheet(comparison, settings.target, xlsx)
    if form or not (html or xlsx):
        write_comparison(output(form or Form.table, bidi), comparison, settings.target)


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
    counts = ((len(comparison.stories), "story", "stories"), (len(comparison.groups), "claim", "claims"))
    return ", ".join(f"{number} {one if number == 1 else many}" for number, one, many in counts)


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
