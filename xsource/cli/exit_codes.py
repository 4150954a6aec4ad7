"""Which code a command ends with; `docs/exit-codes.md` is the table."""

from __future__ import annotations

import typer

FAILED = 1
LEFT_OUT = 3
"""Done, but something was left out: a job that runs every hour tells it from a failure."""
FAULT = 70
"""What nobody foresaw; EX_SOFTWARE in sysexits.h."""
STOPPED = 130
"""By Ctrl-C; 128 and the number of SIGINT, as shells count."""


def end_with(*, is_complete: bool, is_anything_done: bool = True) -> None:
    """End a command that works through many things.

    Args:
        is_complete: nothing was left out.
        is_anything_done: something of what was asked could be done; without, leaving out is failing.
    """
    if not is_complete:
        raise typer.Exit(LEFT_OUT if is_anything_done else FAILED)
