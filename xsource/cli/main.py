"""The program: which commands there are, and the one place where failures become sentences.

Exit codes: 0 the command did what was asked; 1 something was left out or failed, and stderr says what;
2 the command line itself is wrong; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from xsource import __version__
from xsource.cli.output import say, say_error
from xsource.errors import XSourceError

COMMANDS = (
    "build", "merge", "fetch", "search", "who_reports", "stories", "compare", "show", "serve", "versions",
    "outlets", "languages", "remove", "doctor", "models", "evaluate", "demo",
)  # fmt: skip


class _Program(TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except XSourceError as error:
            if os.environ.get("XSOURCE_TRACEBACK"):
                raise
            say_error(error)
            raise typer.Exit(1) from error
        except KeyboardInterrupt as stop:
            say("stopped; what was finished is kept, and the same command goes on from there")
            raise typer.Exit(130) from stop


app = typer.Typer(
    cls=_Program,
    name="xsource",
    help="How one event is reported by outlets in different languages. Offline.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"xsource {__version__}\n")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """How one event is reported by outlets in different languages. Offline."""


for _name in COMMANDS:
    import_module(f"xsource.cli.{_name}").register(app)


def run() -> None:
    """Start the program: what the `xsource` command calls."""
    for stream in (sys.stdout, sys.stderr):
        # Four scripts on a terminal that may be set to one: a letter that it lacks must not end the program.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app()
