"""The program: which commands there are, and the one place where failures become sentences.

Exit codes (`docs/exit-codes.md`): 0 the command did what was asked; 1 it failed, and stderr says why; 2 the
command line itself is wrong; 3 done, and something was left out; 70 a fault in the program; 130 Ctrl-C.
"""

from __future__ import annotations

import logging
import os
import sys
import traceback
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from xsource import __version__
from xsource.cli.exit_codes import FAILED, FAULT, STOPPED
from xsource.cli.logs import LogForm, log_event, log_fault, log_form, start_logging
from xsource.cli.output import say_error, tell
from xsource.errors import XSourceError

COMMANDS = (
    "build", "merge", "fetch", "watch", "news", "follow", "card", "search", "who_reports", "stories", "compare",
    "show", "serve", "mcp", "versions", "outlets", "languages", "remove", "doctor", "backup", "restore",
    "review", "models", "evaluate", "demo",
)  # fmt: skip


_EVERYWHERE = ("--log", "--verbose", "-v")


class _Program(TyperGroup):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, _to_the_front(args))
        start_logging(LogForm(ctx.params["log"]), verbose=ctx.params["verbose"])
        return rest

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except XSourceError as error:
            if os.environ.get("XSOURCE_TRACEBACK"):
                raise
            say_error(error)
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as stop:
            sentence = "stopped; what was finished is kept, and the same command goes on from there"
            tell("stopped", sentence, message=sentence)
            raise typer.Exit(STOPPED) from stop
        except Exception as error:
            # A wrong command line: typer keeps the type to itself, and would print it for people.
            if log_form() is not LogForm.json or not hasattr(error, "format_message"):
                raise
            log_event("error", logging.ERROR, kind="UsageError", message=error.format_message(), hint="")
            raise typer.Exit(2) from error


def _to_the_front(args: list[str]) -> list[str]:
    """Let `--log json` and `-v` stand behind the command too; what follows `--` is left alone."""
    ours, rest = [], list(args)
    at = 0
    while at < len(rest) and rest[at] != "--":
        if rest[at] in _EVERYWHERE or rest[at].startswith("--log="):
            ours += rest[at : at + 1 + (rest[at] == "--log")]
            del rest[at : at + 1 + (rest[at] == "--log")]
        else:
            at += 1
    return [*ours, *rest]


app = typer.Typer(
    cls=_Program,
    name="xsource",
    help="How one event is reported by outlets in different languages. Offline.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done; 1 failed; 2 wrong command line; 3 done, but something was left out; 70 a fault "
    "in the program; 130 stopped by Ctrl-C.",
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
    log: Annotated[
        LogForm,
        typer.Option(
            envvar="XSOURCE_LOG",
            help="On stderr: sentences, events as JSON lines, or only the error that ends a command.",
        ),
    ] = LogForm.text,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Also what libraries note, such as every request.")
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
    try:
        app()
    except XSourceError:  # only where XSOURCE_TRACEBACK asks for it
        raise
    except Exception:  # noqa: BLE001 - the one place that answers for what nobody foresaw
        if log_form() is LogForm.json:
            log_fault()
        else:
            traceback.print_exc()
            sys.stderr.write(
                "error: a fault in xsource, not in what you gave it; please report the lines above\n"
            )
        sys.exit(FAULT)
