"""Articles from JSON lines: one object a line, `outlet`, `url`, `title`, `text` and what else is known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from xsource.addresses import is_web_address
from xsource.errors import Problem
from xsource.ingest.draft import Draft
from xsource.ingest.outlet_files import Neighbourhood, tell_renaming
from xsource.outlets import OutletProfile
from xsource.records import OutletId

MAX_LINE_BYTES = 32 * 1024 * 1024  # far above any article; a line is held in memory whole
REQUIRED = ("outlet", "url", "text")
OPTIONAL = ("title", "published_at", "language")


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    content: bytes
    is_too_long: bool


def read_jsonl(
    path: Path,
    around: Neighbourhood,
    columns: Mapping[str, str] = MappingProxyType({}),
    constants: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Draft | Problem]:
    """Read the records of a file one at a time; a wrong line is a problem, and the next is read.

    Args:
        columns: our field to the name it has in the records, where that is another.
        constants: fields that are the same in every record; they win.

    Raises:
        OSError: the file cannot be opened or read.
    """
    with path.open("rb") as file:
        for line in _split_lines(file):
            where = f"{path}:{line.number}"
            if line.is_too_long:
                yield Problem(where, f"line is longer than {MAX_LINE_BYTES} bytes, expected one article a line")
            elif record := line.content.strip():
                yield read_record_line(record, where, around, columns, constants)


def _split_lines(file: IO[bytes]) -> Iterator[_Line]:
    """Split at newlines without ever holding more than one allowed line."""
    number = 0
    while content := file.readline(MAX_LINE_BYTES):
        number += 1
        is_too_long = not content.endswith(b"\n") and len(content) == MAX_LINE_BYTES
        while not content.endswith(b"\n") and is_too_long:
            content = file.readline(MAX_LINE_BYTES)
            if len(content) < MAX_LINE_BYTES:
                break
        yield _Line(number, b"" if is_too_long else content, is_too_long)


def read_record_line(
    content: bytes,
    where: str,
    around: Neighbourhood,
    columns: Mapping[str, str] = MappingProxyType({}),
    constants: Mapping[str, str] = MappingProxyType({}),
) -> Draft | Problem:
    """Read one line into a draft, or say what is wrong with it."""
    try:
        record = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_Record)
    except UnicodeDecodeError as exc:
        return Problem(where, f"line is not UTF-8 (byte {exc.start})", "JSON lines are UTF-8; convert the file")
    except json.JSONDecodeError as exc:
        return Problem(
            where, f"not valid JSON: {exc.msg} at column {exc.colno}", "one object a line, no line breaks in it"
        )
    except (ValueError, RecursionError) as exc:  # a number of 5,000 digits, brackets 100,000 deep
        return Problem(where, f"not JSON that can be read: {type(exc).__name__}", "one flat object a line")
    if not isinstance(record, dict):
        return Problem(
            where, f"line is a JSON {_name_type(record)}, expected an object", "write {...} on every line"
        )
    read = {*REQUIRED, *OPTIONAL, "synthetic", *columns.values()}
    if isinstance(record, _Record) and (twice := sorted(record.disputed & read)):
        return Problem(where, f"field {twice[0]} is there twice, with two values", "keep the one that is right")
    missing = [
        name
        for field, name in columns.items()
        if field in REQUIRED and name not in record and field not in constants
    ]
    if missing:
        return Problem(
            where,
            f"record has no {missing[0]!r}; it has: {', '.join(map(str, list(record)[:20])) or 'nothing'}",
            "say which field is which, for instance text=body",
        )
    renamed = {field: record.get(name) for field, name in columns.items()}
    return build_draft({**record, **renamed, **constants}, where, around)


class _Record(dict[str, Any]):
    """A JSON object that remembers which of its keys came twice with different values; it keeps the last."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.disputed = {key for key, value in pairs if self[key] != value} if len(pairs) > len(self) else set()


def build_draft(record: dict[str, Any], where: str, around: Neighbourhood) -> Draft | Problem:
    """Check the fields of a record; fields that nobody knows are left alone."""
    for key in REQUIRED:
        if record.get(key) is None:
            known = ", ".join(REQUIRED)
            return Problem(where, f"field {key} is missing", f"every record needs {known}")
    for key in (*REQUIRED, *OPTIONAL):
        value = record.get(key)
        if value is not None and not isinstance(value, str):
            return Problem(
                where, f"field {key} is a {_name_type(value)}, expected a text", f'write "{key}": "..."'
            )
    synthetic = record.get("synthetic")
    if synthetic is not None and not isinstance(synthetic, bool):
        return Problem(where, f"field synthetic is a {_name_type(synthetic)}, expected true or false")
    named = record["outlet"].strip()
    if not named or len(named) > 100 or not named.isprintable():
        return Problem(where, f"outlet is {named[:40]!r}, expected the id or name of an outlet")
    profile = around.outlets.by_name(named)
    if profile is None and around.declares:
        close = ", ".join(found.id for found in around.outlets.closest(named))
        hint = f"did you mean {close}?" if close else "add an [[outlet]] block for it there"
        return Problem(where, f"outlet {named!r} is not declared in outlets.toml, and not known by name", hint)
    return Draft(
        outlet_id=profile.id if profile else OutletId(named),
        outlet=profile,
        source=record["url"],
        title=record.get("title") or "",
        text=record["text"],
        where=where,
        published=record.get("published_at"),
        language=record.get("language"),
        synthetic=bool(synthetic),
        notices=tuple(_tell_names(named, profile, record["url"], around)),
    )


def _tell_names(named: str, profile: OutletProfile | None, url: str, around: Neighbourhood) -> Iterator[str]:
    """Say where an article goes to another outlet than one might think."""
    if profile is not None:
        yield from tell_renaming(named, profile)
    by_address = around.outlets.by_address(url) if is_web_address(url) else None
    outlet_id = profile.id if profile else named
    if by_address is not None and by_address.id != outlet_id:
        yield (
            f'outlet is "{outlet_id}" where the address is of {by_address.id} ({by_address.name}): the articles'
            f" stay with {outlet_id}, as another outlet than {by_address.id}"
        )


def _name_type(value: Any) -> str:
    if isinstance(value, dict):
        return "object"
    names = {list: "list", str: "text", bool: "true or false", int: "number", float: "number"}
    return names.get(type(value), "null")
