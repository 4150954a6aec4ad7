"""`xsource stories`: the events in the index."""

from __future__ import annotations

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


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("stories", epilog="Example: xsource stories --format csv")(stories)


def stories(
    index: IndexOption = DEFAULT_INDEX, form: FormatOption = Form.table, bidi: BidiOption = Bidi.logical
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
    if out.form == "table":
        rows = tuple(
            {**row, **{key: str(row[key] or "")[:10] for key in ("first_published", "last_published")}}
            for row in rows
        )
    out.listing(Listing("stories", COLUMNS, rows), "no event in the index is covered by two outlets")
