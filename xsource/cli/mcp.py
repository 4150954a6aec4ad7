"""`xsource mcp`: the index as tools of a language model's client."""

from __future__ import annotations

import asyncio
import logging
import os

import typer

from xsource.cli.options import DEFAULT_INDEX, IndexOption
from xsource.cli.output import say
from xsource.errors import MissingExtraError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mcp", epilog="Example: xsource mcp --index /srv/news/index")(mcp)


def mcp(index: IndexOption = DEFAULT_INDEX) -> None:
    """Answer a language model's client over stdio (Model Context Protocol). Read only, and asks no network.

    Its tools are search, who_reports, stories, compare, article and outlets. The client starts this command
    itself; docs/mcp.md has the lines for its settings.
    """
    try:
        from xsource.serve.mcp_server import serve_stdio
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"the library {error.name} is not installed", "install it: pip install 'xsource[mcp]'"
        ) from error
    from xsource.serve.desk import Desk
    from xsource.settings import load_settings

    logging.basicConfig(format="%(levelname)s: %(message)s", level=logging.WARNING)
    desk = Desk(index, load_settings(index))
    say(f"serving {index} over stdio; a client that speaks MCP starts this by itself")
    asyncio.run(serve_stdio(desk))
    if not desk.is_idle:
        # As in `xsource serve`: Python would end under the model's own threads.
        os._exit(0)
