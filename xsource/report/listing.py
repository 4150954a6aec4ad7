"""A list of like things, rendered as table, JSON, CSV or Markdown: what most commands answer with."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from xsource.report.bidi import plain

OutputFormat = Literal["table", "json", "csv", "md"]
CsvValue = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a listing. `is_text` marks outlets' own words, which get direction isolates."""

    key: str
    title: str
    is_text: bool = False
    is_number: bool = False
    ratio: int | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows under one key.

    Attributes:
        key: the name of the list in JSON: `{"results": [...]}`.
        rows: what JSON shows, whole; columns pick from it by key.
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]


def cell_text(value: object) -> str:
    """Write a value as one cell: nothing for `None`, three decimals for measures, lists joined."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, (list, tuple)):
        return "; ".join(cell_text(item) for item in value)
    if isinstance(value, Mapping):
        return str(value.get("explanation", value))
    return str(value)


def as_json(document: object) -> str:
    """Write JSON that people can read, in its own script; safe inside a `<script>` element as well."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    # A lone surrogate cannot be encoded; `\\ud800` can, and JSON reads it back.
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text).replace("</", "<\\/")


def spreadsheet_safe(value: str) -> str:
    """Keep a spreadsheet from running an outlet's text as a formula: OWASP, "CSV Injection"."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def as_csv(header: Sequence[str], rows: Sequence[Sequence[CsvValue]]) -> str:
    """Write comma-separated values (RFC 4180) with a header line; without where the header is empty.

    Numbers are written as numbers, a negative one too; `None` is an empty cell. Only texts are guarded against
    being run as formulas.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    if header:
        writer.writerow([_csv_value(name) for name in header])
    writer.writerows([_csv_value(value) for value in row] for row in rows)
    return stream.getvalue()


def _csv_value(value: CsvValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # Also where one thing hides the other: a control sign before a formula.
        return spreadsheet_safe(plain(spreadsheet_safe(value)))
    return cell_text(value)


def markdown_cell(value: str) -> str:
    """Escape what would end a cell or start markup in a Markdown table."""
    for mark in ("\\", "|", "*", "_", "`", "[", "<"):
        value = value.replace(mark, f"\\{mark}" if mark != "<" else "&lt;")
    return " ".join(value.split())


def as_markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table (GitHub's dialect)."""
    names = [markdown_cell(plain(name)) for name in header]
    lines = [names, ["---"] * len(header), *([markdown_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def render_listing(listing: Listing, form: Literal["json", "csv", "md"], embed: Callable[[str], str]) -> str:
    """Render a listing as text; `rows.py` draws it for people."""
    if form == "json":
        return as_json({listing.key: list(listing.rows)}) + "\n"
    if form == "csv":
        values = [[_number_or_text(row.get(column.key)) for column in listing.columns] for row in listing.rows]
        return as_csv([column.key for column in listing.columns], values)
    prepared = [
        [
            embed(text) if column.is_text else text
            for column, text in ((column, cell_text(row.get(column.key))) for column in listing.columns)
        ]
        for row in listing.rows
    ]
    return as_markdown([column.title for column in listing.columns], prepared)


def _number_or_text(value: object) -> CsvValue:
    return value if isinstance(value, int | float) else cell_text(value)
