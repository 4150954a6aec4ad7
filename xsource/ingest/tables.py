"""Articles from CSV and TSV tables of other tools: the caller says which column is which field."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from xsource.errors import InputError, Problem
from xsource.ingest.draft import Draft
from xsource.ingest.encodings import detect_encoding
from xsource.ingest.jsonl import OPTIONAL, REQUIRED, build_draft
from xsource.ingest.outlet_files import Neighbourhood

MAX_FIELD = 4_000_000  # code points of one cell; csv's own limit of 131,072 is below long reports
_SAMPLE_BYTES = 200_000
SAME_NAMES: Mapping[str, str] = {name: name for name in (*REQUIRED, *OPTIONAL)}


def read_table(
    path: Path,
    around: Neighbourhood,
    columns: Mapping[str, str] = MappingProxyType({}),
    constants: Mapping[str, str] | None = None,
) -> Iterator[Draft | Problem]:
    """Read the rows of a table with a header row, one at a time; a wrong row is a problem with its line.

    Args:
        columns: field (`outlet`, `url`, `title`, `text`, `published_at`, `language`) to the name of its column;
            a field that is left out is looked for under its own name.
        constants: fields that are the same in every row, such as the outlet.

    Raises:
        OSError: the file cannot be opened or read.
    """
    fixed = dict(constants or {})
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
        file.seek(0)
        try:
            encoding = detect_encoding(sample)
        except InputError as exc:
            yield Problem(str(path), exc.message, exc.hint)
            return
        csv.field_size_limit(MAX_FIELD)
        text = io.TextIOWrapper(file, encoding, errors="replace", newline="")
        rows = csv.reader(text, delimiter=_find_delimiter(path, sample.decode(encoding, "replace")))
        yield from _read_rows(path, rows, around, dict(columns), fixed)


def _read_rows(
    path: Path, rows: Any, around: Neighbourhood, columns: dict[str, str], fixed: dict[str, str]
) -> Iterator[Draft | Problem]:
    try:
        header = [name.strip() for name in next(rows, [])]
    except csv.Error as exc:
        yield Problem(f"{path}:1", f"no header row that can be read: {exc}", "check the quotes")
        return
    names = {**SAME_NAMES, **columns}
    wanted = {field: header.index(column) for field, column in names.items() if column in header}
    found = ", ".join(header[:20]) or "none"
    if missing := [field for field in REQUIRED if field not in wanted and field not in fixed]:
        yield Problem(
            f"{path}:1",
            f"no column for {', '.join(missing)}; the columns are: {found}",
            "say which column is which, for instance text=body",
        )
        return
    if twice := [name for name in names.values() if header.count(name) > 1]:
        yield Problem(f"{path}:1", f"column {twice[0]!r} is there twice", "rename the one that is not meant")
        return
    if absent := [column for field, column in columns.items() if field not in wanted and field not in fixed]:
        yield Problem(f"{path}:1", f"no column {absent[0]!r}; the columns are: {found}", "check its name")
        return
    while True:
        try:
            row = next(rows, None)
        except csv.Error as exc:  # a quote left open runs into a cell larger than any article
            yield Problem(f"{path}:{rows.line_num}", f"not a row of a table: {exc}", "check the quotes")
            continue
        if row is None:
            return
        where = f"{path}:{rows.line_num}"
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            yield Problem(
                where, f"row has {len(row)} cells, the header has {len(header)}", "check quotes and separators"
            )
            continue
        record: dict[str, Any] = dict(fixed)
        record |= {
            field: row[index] for field, index in wanted.items() if row[index].strip() or field == "text"
        }
        yield build_draft(record, where, around)


def _find_delimiter(path: Path, sample: str) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    header = sample.partition("\n")[0]
    return max(",;\t|", key=header.count)  # spreadsheets of half of Europe write semicolons
