"""The one place that writes: data on stdout, everything else on stderr."""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from xsource.cli.logs import LogForm, log_event, log_form
from xsource.errors import Problem, XSourceError
from xsource.report.bidi import BidiMode, embedder_for, plain
from xsource.report.listing import Listing, OutputFormat, as_json, render_listing

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console, RenderableType

MAX_PROBLEMS_SHOWN = 20
_WIDTH_OF_A_PIPE = 100


@dataclass(frozen=True)
class Output:
    """Where a command's answer goes, and in what form.

    Attributes:
        form: `table` for people; `json`, `csv`, `md` for what comes next.
        bidi: how right-to-left words are ordered in `table` and `md`; `auto` puts them into isolates on a
            terminal, and adds nothing to text that goes into a file or another program.
    """

    form: OutputFormat = "table"
    bidi: BidiMode | Literal["auto"] = "auto"

    @cached_property
    def is_terminal(self) -> bool:
        """Whether somebody reads stdout as it is written."""
        return sys.stdout.isatty()

    @cached_property
    def console(self) -> Console:
        """The terminal: its width, or 100 columns where stdout is a file or a pipe."""
        from rich.console import Console

        width = None if self.is_terminal or "COLUMNS" in os.environ else _WIDTH_OF_A_PIPE
        return Console(width=width, highlight=False, emoji=False, markup=False)

    @cached_property
    def embed(self) -> Callable[[str], str]:
        """Prepare an outlet's words for a line of ours."""
        if self.bidi == "auto":
            return embedder_for("logical") if self.is_terminal else plain
        return embedder_for(self.bidi)

    def write(self, text: str) -> None:
        """Write finished text."""
        sys.stdout.write(text)

    def document(self, document: object) -> None:
        """Write JSON."""
        self.write(as_json(document) + "\n")

    def lay_out(self, *parts: RenderableType) -> None:
        """Draw on the terminal; in a pipe, without the blanks that would fill its lines."""
        for part in parts:
            if self.is_terminal:
                self.console.print(part)
                continue
            with self.console.capture() as drawn:
                self.console.print(part)
            self.write("".join(f"{line.rstrip()}\n" for line in drawn.get().splitlines()))

    def listing(self, listing: Listing, empty: str) -> None:
        """Write a listing in the chosen form; an empty one is valid, and `empty` says why on stderr."""
        if self.form != "table":
            self.write(render_listing(listing, self.form, self.embed))
        elif listing.rows and self.is_terminal:
            from xsource.report.rows import lay_out_listing

            self.console.print(lay_out_listing(listing, self.console.width, self.embed))
        elif listing.rows:
            from xsource.report.rows import plain_lines

            self.write(plain_lines(listing, self.embed))
        if not listing.rows:
            say(empty)


def tell(event: str, sentence: str, **fields: object) -> None:
    """Tell what is not the answer: people the sentence, machines the event with its fields, nobody when off."""
    match log_form():
        case LogForm.text:
            _write_line(sentence)
        case LogForm.json:
            log_event(event, logging.INFO, **fields)
        case LogForm.off:
            pass


def say(message: str) -> None:
    """Tell the user something that is not the answer and has no fields of its own."""
    tell("message", message, message=message)


def say_error(error: XSourceError) -> None:
    """Phrase a known failure: what was found and where, then what to do. Said also where the log is off."""
    if log_form() is LogForm.json:
        log_event("error", logging.ERROR, kind=type(error).__name__, message=error.message, hint=error.hint)
        return
    _write_line(f"error: {error.message}")
    if error.hint:
        _write_line(f"hint: {error.hint}")


def say_problem(problem: Problem) -> None:
    """Name one article, file or feed that was left out, and why."""
    if log_form() is LogForm.json:
        log_event("problem", logging.WARNING, where=problem.where, message=problem.message, hint=problem.hint)
        return
    say(f"left out: {problem.where}: {problem.message}")
    if problem.hint:
        say(f"  hint: {problem.hint}")


def say_problems(problems: tuple[Problem, ...]) -> None:
    """List what was left out of a batch: for people the first of them in full, the rest counted."""
    shown = None if log_form() is LogForm.json else MAX_PROBLEMS_SHOWN
    for problem in problems[:shown]:
        say_problem(problem)
    if shown is not None and len(problems) > shown:
        say(f"... and {len(problems) - shown} more; `xsource doctor --problems` lists them all")


def _write_line(words: str) -> None:
    sys.stderr.write(f"{plain(words)}\n")
