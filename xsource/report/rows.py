"""A listing for people: a table where its columns fit, blocks where they do not, plain lines in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from xsource.report.folding import Folding
from xsource.report.listing import Column, Listing, cell_text

Embed = Callable[[str], str]

_NARROWEST_TEXT = 24
"""Columns below which a sentence in a table is no longer read."""
_GAP = 3
"""Columns between two of `box.SIMPLE_HEAD`."""


def lay_out_listing(listing: Listing, width: int, embed: Embed) -> RenderableType:
    """Lay a listing out for a terminal: no word is broken, whatever its width.

    Args:
        listing: what to show.
        width: columns of the terminal.
        embed: prepares outlets' words, see `bidi.embedder_for`.
    """
    needed = [_needed(column, listing) for column in listing.columns]
    if sum(needed) + _GAP * (len(needed) - 1) > width:
        return Group(*_blocks(listing, embed))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=any(column.ratio for column in listing.columns))
    for column, least in zip(listing.columns, needed, strict=True):
        table.add_column(
            column.title,
            justify="right" if column.is_number else "left",
            ratio=column.ratio,
            overflow="fold",
            min_width=least,
            no_wrap=column.is_number,
        )
    for row in listing.rows:
        cells = (_cell(column, row.get(column.key), embed) for column in listing.columns)
        table.add_row(*(Folding(Text(text)) for text in cells))
    return table


def plain_lines(listing: Listing, embed: Embed) -> str:
    """Write a listing for a pipe: a header, a line a row, columns apart by two spaces; nothing is folded."""
    lines = [[column.title for column in listing.columns]]
    for row in listing.rows:
        texts = (_cell(column, row.get(column.key), embed) for column in listing.columns)
        lines.append([" ".join(text.split()) for text in texts])
    widths = [max(cell_len(line[place]) for line in lines) for place in range(len(listing.columns))]
    return "".join(f"{_aligned(line, widths, listing.columns)}\n" for line in lines)


def _aligned(cells: Sequence[str], widths: Sequence[int], columns: Sequence[Column]) -> str:
    parts = []
    for cell, width, column in zip(cells, widths, columns, strict=True):
        blank = " " * (width - cell_len(cell))
        parts.append(blank + cell if column.is_number else cell + blank)
    return "  ".join(parts).rstrip()


def _cell(column: Column, value: object, embed: Embed) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(embed(cell_text(item)) if column.is_text else cell_text(item) for item in value)
    text = cell_text(value)
    return embed(text) if column.is_text else text


def _needed(column: Column, listing: Listing) -> int:
    """Give the columns that a column needs so that it is read: its widest value, or a fair part of a text."""
    widest = cell_len(column.title)
    for row in listing.rows:
        value = row.get(column.key)
        items: Sequence[Any] = value if isinstance(value, (list, tuple)) else (value,)
        for item in items:
            comma = 1 if len(items) > 1 else 0
            widest = max(widest, comma + cell_len(" ".join(cell_text(item).split())))
    if column.is_text or column.ratio:
        longest_word = max(
            (cell_len(word) for row in listing.rows for word in _words(row.get(column.key))), default=0
        )
        return max(min(widest, _NARROWEST_TEXT), longest_word)
    return widest


def _words(value: object) -> list[str]:
    return (
        ", ".join(map(cell_text, value)).split()
        if isinstance(value, (list, tuple))
        else cell_text(value).split()
    )


def _blocks(listing: Listing, embed: Embed) -> Iterator[RenderableType]:
    """Give each row as a line of what is short, and under it what is long."""
    long = {
        column.key
        for column in listing.columns
        if column.is_text or column.ratio or any(isinstance(row.get(column.key), list) for row in listing.rows)
    }
    first = listing.columns[0].key
    for row in listing.rows:
        head = Text(cell_text(row.get(first)), style="bold") if first not in long else Text()
        below: list[tuple[str, str]] = []
        for column in listing.columns:
            text = _cell(column, row.get(column.key), embed)
            if not text or (column.key == first and first not in long):
                continue
            if column.key in long:
                below.append((column.title, text))
            else:
                head.append("  " if head else "")
                head.append(f"{text} {_counted(column.title, text)}" if column.is_number else text, "dim")
        lines: list[RenderableType] = [head] if head else []
        for title, text in below:
            line = Text(f"{title}: ", style="dim") if len(below) > 1 else Text()
            lines.append(Padding(line.append(text, "not dim"), (0, 0, 0, 2 if head else 0)))
        yield Padding(Group(*lines), (0, 0, 1, 0))


def _counted(title: str, number: str) -> str:
    """Give the word for what is counted: 1 article, 2 articles."""
    return title.removesuffix("s") if number == "1" and title.endswith("s") else title
