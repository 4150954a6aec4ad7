"""`xsource languages`: what is read, and how much of it the index holds."""

from __future__ import annotations

import typer

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, FormatOption, IndexOption, output
from xsource.languages import language_profile
from xsource.records import LANGUAGES
from xsource.report.listing import Column, Listing

COLUMNS = (
    Column("code", "code"),
    Column("name_en", "language"),
    Column("name", "name", is_text=True),
    Column("direction", "direction"),
    Column("articles", "articles", is_number=True),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("languages", epilog="Example: xsource languages")(languages)


def languages(
    index: IndexOption = DEFAULT_INDEX, form: FormatOption = Form.table, bidi: BidiOption = Bidi.auto
) -> None:
    """List the languages that are read, with the index's articles counted where there is an index."""
    from xsource.pipeline import count_languages

    counts = count_languages(index)
    rows = []
    for code in LANGUAGES:
        profile = language_profile(code)
        rows.append(
            {
                "code": code,
                "name_en": profile.name_en,
                "name": profile.name,
                "direction": profile.direction,
                "articles": counts[code],
            }
        )
    output(form, bidi).listing(Listing("languages", COLUMNS, tuple(rows)), "")
