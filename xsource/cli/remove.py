"""`xsource remove`: articles out."""

from __future__ import annotations

from typing import Annotated

import typer

from xsource.cli.options import DEFAULT_INDEX, IndexOption
from xsource.cli.output import say
from xsource.report.counting import counted


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("remove", epilog="Example: xsource remove https://outlet.example/story tass")(remove)


def remove(
    what: Annotated[
        list[str],
        typer.Argument(metavar="WHAT...", help="Article ids, URLs, or outlet ids (all its articles)."),
    ],
    index: IndexOption = DEFAULT_INDEX,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take articles out of the index, with their sentences, vectors and translations."""
    from xsource.pipeline import find_articles, remove_articles

    articles = find_articles(index, what)
    for article in articles:
        say(f"{article.outlet_id}  {article.source}")
    question = f"Remove {counted(len(articles), 'article')} from {index}?"
    if not yes and not typer.confirm(question, err=True):
        raise typer.Exit(1)
    remove_articles(index, [article.id for article in articles])
    say(f"{len(articles)} removed")
