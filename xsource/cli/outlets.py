"""`xsource outlets`: who publishes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsource.cli.options import DEFAULT_INDEX, Bidi, BidiOption, Form, FormatOption, IndexOption, output
from xsource.report.listing import Column, Listing

if TYPE_CHECKING:
    from xsource.records import Outlet

COLUMNS = (
    Column("id", "outlet"),
    Column("name", "name", is_text=True),
    Column("language", "language"),
    Column("country", "country"),
    Column("articles", "articles", is_number=True),
)
KNOWN_COLUMNS = (
    *COLUMNS,
    Column("ownership", "owner"),
    Column("feeds", "feeds", is_number=True),
    Column("domains", "domains", is_text=True),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("outlets", epilog="Example: xsource outlets --format json")(outlets)


def outlets(
    index: IndexOption = DEFAULT_INDEX,
    wants_all: Annotated[
        bool,
        typer.Option("--all", help="Also those that are known and not in the index, with owner and domains."),
    ] = False,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.auto,
) -> None:
    """List the outlets in the index, with their articles counted; `--all` needs no index."""
    from xsource.pipeline import has_index

    rows = _list_own(index) if not wants_all or has_index(index) else []
    if wants_all:
        rows = _with_known(rows, index)
    columns = KNOWN_COLUMNS if wants_all else COLUMNS
    output(form, bidi).listing(Listing("outlets", columns, tuple(rows)), "the index has no articles")


def _list_own(index: Path) -> list[dict[str, object]]:
    from xsource.pipeline import open_reader
    from xsource.settings import load_settings

    with open_reader(index, load_settings(index)) as reader:
        counts = reader.count_articles()
        return [_describe(outlet, articles=counts[outlet.id]) for outlet in reader.outlets()]


def _describe(outlet: Outlet, *, articles: int) -> dict[str, object]:
    return {
        "id": outlet.id,
        "name": outlet.name,
        "language": outlet.language,
        "country": outlet.country,
        "articles": articles,
    }


def _with_known(own: list[dict[str, object]], index: Path) -> list[dict[str, object]]:
    """Add what the lists know of the outlets in the index, and after these the outlets that are not in it."""
    from xsource.pipeline import known_outlets

    known = known_outlets(index)
    listed = {row["id"] for row in own}
    absent = [_describe(found.to_record(), articles=0) for found in known if found.id not in listed]
    rows = [*own, *absent]
    for row in rows:
        profile = known.get(str(row["id"]))
        row["ownership"] = profile.ownership if profile else None
        row["ownership_source"] = profile.ownership_source if profile else ""
        row["feeds"] = len(profile.feeds) if profile else 0
        row["domains"] = list(profile.domains) if profile else []
    return rows
