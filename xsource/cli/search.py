"""`xsource search`: sentences by meaning."""

from __future__ import annotations

from typing import Annotated

import typer

from xsource.cli.options import (
    DEFAULT_INDEX,
    Bidi,
    BidiOption,
    Form,
    FormatOption,
    IndexOption,
    LanguagesOption,
    OutletsOption,
    SinceOption,
    UntilOption,
    output,
)
from xsource.report.documents import hit_document
from xsource.report.listing import Column, Listing

COLUMNS: tuple[Column, ...] = (
    Column("nearness", "nearness", is_number=True),
    Column("outlet", "outlet"),
    Column("date", "date"),
    Column("sentence", "sentence", is_text=True, ratio=1),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("search", epilog="Example: xsource search 'hostages and a ceasefire' --language ar --top 5")(
        search
    )


def search(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="What to look for, in any of the four languages.")
    ],
    index: IndexOption = DEFAULT_INDEX,
    outlet: OutletsOption = None,
    language: LanguagesOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    top: Annotated[int, typer.Option(min=1, help="How many sentences.")] = 10,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.auto,
) -> None:
    """Find the sentences nearest in meaning, whatever language they are in, nearest first.

    'nearness' is what orders them: the margin of a sentence; for a few words, how near it comes to the sentence
    that has them best, measured against the best one of its own language.
    """
    from xsource.pipeline import Filters, open_reader
    from xsource.settings import load_settings

    out = output(form, bidi)
    filters = Filters.parse(outlet, [code.value for code in language] if language else None, since, until)
    with open_reader(index, load_settings(index)) as reader:
        hits = reader.search(text, top=top, filters=filters)
    documents = [hit_document(hit) for hit in hits]
    if out.form == "json":
        out.document({"results": documents})
        return
    rows = tuple(
        {
            **document,
            "date": (document["published_at"] or "")[:10],
            "translation": document["translation"]["text"] if document["translation"] else "",
        }
        for document in documents
    )
    columns = COLUMNS
    if out.form != "table":
        columns = (
            *COLUMNS,
            Column("cosine", "cosine"),
            Column("margin", "margin"),
            Column("language", "language"),
            Column("translation", "translation", is_text=True),
            Column("article_url", "url"),
        )
    elif any(row["translation"] for row in rows):
        columns = (*COLUMNS, Column("translation", "translation", is_text=True, ratio=1))
    out.listing(Listing("results", columns, rows), "nothing in the index passes these filters")
