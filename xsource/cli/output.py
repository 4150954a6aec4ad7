"""The one place that writes: data on stdout, everything else on stderr."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xsource.errors import Problem, XSourceError
from xsource.report.bidi import BidiMode, embedder_for, plain
from xsource.report.listing import Listing, OutputFormat, as_json, as_table, render_listing

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console, RenderableType

MAX_PROBLEMS_SHOWN = 20


@dataclass(frozen=True)
class Output:
    """Where a command's answer goes, and in what form.

    Attributes:
        form: `table` for people; `json`, `csv`, `md` for what comes next.
        bidi: how right-to-left words are ordered in `table` and `md`.
    """

    form: OutputFormat = "table"
    bidi: BidiMode = "logical"

    @cached_property
    def console(self) -> Console:
        """The terminal: its width, or 100 columns where stdout is a file or a pipe."""
        from rich.console import Console

        width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 100
        return Console(width=width, highlight=False, emoji=False, markup=False)

    @cached_property
    def embed(self) -> Callable[[str], str]:
        """Prepare an outlet's words for a line of ours."""
        return embedder_for(self.bidi)

    def write(self, text: str) -> None:
        """Write finished text."""
        sys.stdout.write(text)

    def document(self, document: object) -> None:
        """Write JSON."""
        self.write(as_json(document) + "\n")

    def lay_out(self, *parts: RenderableType) -> None:
        """Draw on the terminal."""
        for part in parts:
            self.console.print(part)

    def listing(self, listing: Listing, empty: str) -> None:
        """Write a listing in the chosen form; an empty one is valid, and `empty` says why on stderr."""
        if self.form != "table":
            self.write(render_listing(listing, self.form, self.embed))
        elif listing.rows:
            self.console.print(as_table(listing, self.embed))
        if not listing.rows:
            say(empty)


def say(message: str) -> None:
    """Tell the user something that is not the answer."""
    sys.stderr.write(f"{plain(message)}\n")


def say_error(error: XSourceError) -> None:
    """Phrase a known failure: what was found and where, then what to do."""
    say(f"error: {error.message}")
    if error.hint:
        say(f"hint: {error.hint}")


def say_problems(problems: tuple[Problem, ...]) -> None:
    """List what was left out of a batch, the first of them in full, and count the rest."""
    for problem in problems[:MAX_PROBLEMS_SHOWN]:
        say(f"left out: {problem.where}: {problem.message}")
        if problem.hint:
            say(f"  hint: {problem.hint}")
    if len(problems) > MAX_PROBLEMS_SHOWN:
        say(f"... and {len(problems) - MAX_PROBLEMS_SHOWN} more; `xsource doctor --problems` lists them all")
