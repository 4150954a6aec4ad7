"""`xsource stories`: the events in the index."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, FormatOption, IndexOption, output
from xsource.report.documents import timestamp
from xsource.report.listing import Column, Listing

COLUMNS = (
    Column("id", "story"),
    Column("first_published", "first"),
    Column("last_published", "last"),
    Column("articles", "articles", is_number=True),
    Column("outlets", "outlets", ratio=1),
    Column("title", "title", is_text=True, ratio=2),
)
PRINTED = (
    Column("id", "story"),
    Column("days", "days"),
    Column("articles", "articles", is_number=True),
    Column("title", "title", is_text=True, ratio=1),
    Column("outlets", "outlets", ratio=1),
)
"""What has room on a terminal: days without hours, on one line."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("stories", epilog="Example: xsource stories --format csv")(stories)


def stories(
    index: IndexOption = DEFAULT_INDEX, form: FormatOption = Form.table, bidi: BidiOption = Bidi.auto
) -> None:
    """List the events that two or more outlets cover; `xsource compare STORY` compares one."""
    from xsource.pipeline import open_reader
    from xsource.settings import load_settings

    out = output(form, bidi)
    with open_reader(index, load_settings(index)) as reader:
        found = reader.stories()
        outlet_by_article = {article.id: article.outlet_id for article in reader.articles()}
    rows = tuple(
        {
            "id": story.id if out.form != "table" else story.id[:8],
            "first_published": timestamp(story.first_published),
            "last_published": timestamp(story.last_published),
            "articles": len(story.article_ids),
            "outlets": sorted({outlet_by_article[article_id] for article_id in story.article_ids}),
            "title": story.title,
        }
        for story in found
    )
    columns: tuple[Column, ...] = COLUMNS
    if out.form == "table":
        rows = tuple({**row, "days": _days(row)} for row in rows)
        columns = PRINTED
    out.listing(Listing("stories", columns, rows), "no event in the index is covered by two outlets")


def _days(row: Mapping[str, object]) -> str:
    days = dict.fromkeys(str(row[key])[:10] for key in ("first_published", "last_published") if row[key])
    return " to ".join(days) or "no date"
