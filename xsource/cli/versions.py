"""`xsource versions`: what an outlet changed in an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, FormatOption, IndexOption, output
from xsource.report.counting import counted
from xsource.report.documents import timestamp
from xsource.report.listing import Column, Listing

if TYPE_CHECKING:
    from xsource.cli.output import Output
    from xsource.pipeline import Version

COLUMNS = (
    Column("version", "version", is_number=True),
    Column("published_at", "published"),
    Column("outlet", "outlet"),
    Column("change", "change"),
    Column("text", "text", is_text=True),
    Column("url", "url"),
)
MARKS = {"removed": ("- ", "red"), "added": ("+ ", "green")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("versions", epilog="Example: xsource versions https://outlet.example/story")(versions)


def versions(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL", help="The page's address, also with tracking or AMP; or an article's id."
        ),
    ],
    index: IndexOption = DEFAULT_INDEX,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.auto,
) -> None:
    """List the texts that a page has had, and the sentences that each took out (-) and brought in (+).

    A changed article is a new version; the old one is kept, and comparisons use the latest.
    """
    from xsource.pipeline import list_versions

    out = output(form, bidi)
    found = list_versions(index, url)
    if out.form == "table":
        _lay_out(out, found)
    elif out.form == "json":
        out.document({"versions": [_document(version) for version in found]})
    else:
        rows = tuple(row for version in found for row in _rows(version))
        out.listing(Listing("versions", COLUMNS, rows), "no version")


def _document(version: Version) -> dict[str, object]:
    article = version.article
    return {
        "version": version.number,
        "article": article.id,
        "outlet": article.outlet_id,
        "url": article.source,
        "published_at": timestamp(article.published_at),
        "title": article.title,
        "sentences": version.sentences,
        "changes": [
            {"change": change.kind, "part": change.part, "text": change.text} for change in version.changes
        ],
    }


def _rows(version: Version) -> list[dict[str, object]]:
    """Give one row a change; a version without any has one row that says so."""
    document = _document(version)
    if not version.changes:
        what = "first version" if version.number == 1 else "no change"
        return [{**document, "change": what, "text": version.article.title}]
    return [
        {**document, "change": f"{change.part} {change.kind}", "text": change.text}
        for change in version.changes
    ]


def _lay_out(out: Output, found: tuple[Version, ...]) -> None:
    for version in found:
        article = version.article
        when = timestamp(article.published_at) or "undated"
        line = Text(f"{version.number}  {when}  {article.outlet_id}", style="bold")
        line.append(f"  {counted(version.sentences, 'sentence')}  {article.source}", style="dim")
        out.lay_out(line)
        if version.number > 1 and not version.changes:
            out.lay_out(Text("  the text is the same", style="dim"))
        for change in version.changes:
            mark, style = MARKS[change.kind]
            label = "headline: " if change.part == "headline" else ""
            out.lay_out(Text(f"  {mark}{label}{out.embed(change.text)}", style=style))
