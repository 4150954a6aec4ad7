"""Text that a terminal folds: every line closes the isolates that it opens, and the next opens them again.

An isolate ends with its paragraph, and for a terminal every line is one (UAX 9, rule X8). A Hebrew phrase that
folds in a cell would otherwise take in the cells to its right, and turn their order around.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.text import Text

_OPEN, _CLOSE = "\u2068", "\u2069"


@dataclass(frozen=True)
class Folding:
    """A text with isolates in it, for a table's cell."""

    text: Text

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self.text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = self.text.wrap(
            console, options.max_width, justify=options.justify, overflow=options.overflow or "fold"
        )
        depth = 0
        for line in lines:
            begun = Text(_OPEN * depth, style=line.style, end="\n").append_text(line)
            depth = max(0, begun.plain.count(_OPEN) - begun.plain.count(_CLOSE))
            yield begun.append(_CLOSE * depth)
