"""`xsource outlets`: who publishes."""

from __future__ import annotations

import typer

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, FormatOption, IndexOption, output
from xsource.report.listing import Column, Listing

COLUMNS = (
    Column("id", "outlet"),
    Column("name", "name", is_text=True),
    Column("language", "language"),
    Column("country", "country"),
    Column("articles", "articles", is_number=True),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("outlets", epilog="Example: xsource outlets --format json")(outlets)


def outlets(
    index: IndexOption = DEFAULT_INDEX, form: FormatOption = Form.table, bidi: BidiOption = Bidi.logical
) -> None:
    """List the outlets in the index, with their articles counted."""
    from xsource.pipeline import open_reader
    from xsource.settings import load_settings

    with open_reader(index, load_settings(index)) as reader:
        counts = reader.count_articles()
        rows = tuple(
            {
                "id": outlet.id,
                "name": outlet.name,
                "language": outlet.language,
                "country": outlet.country,
                "articles": counts[outlet.id],
            }
            for outlet in reader.outlets()
        )
    output(form, bidi).listing(Listing("outlets", COLUMNS, rows), "the index has no articles")
