"""`--columns` and `--set` of `xsource build`: how another tool's files call things."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xsource.errors import InputError

if TYPE_CHECKING:
    from xsource.pipeline import ColumnMapping

FIELDS = ("outlet", "url", "title", "text", "published_at", "language")
ENDINGS = (".csv", ".tsv", ".jsonl")


def read_mapping(
    columns: Sequence[str], constants: Sequence[str], paths: Sequence[Path]
) -> ColumnMapping | None:
    """Read the two options; `None` when neither is given.

    Args:
        columns: `url=link,text=body`; a comma that no `=` follows belongs to the name.
        constants: `outlet=tass`, one each.
        paths: what is to be read by it.

    Raises:
        InputError: a pair is none, names no field or one twice, or a path is no table.
    """
    if not columns and not constants:
        return None
    from xsource.pipeline import ColumnMapping

    names = _read_pairs("--columns", [pair for text in columns for pair in _split(text)])
    values = _read_pairs("--set", constants)
    if both := sorted(set(names) & set(values)):
        raise InputError(f"{both[0]} is given by --columns and by --set", "leave one of them out")
    for path in paths:
        if path.suffix.lower() not in ENDINGS:
            raise InputError(
                f"{path}: is no {', '.join(ENDINGS)} file, and --columns and --set are about those",
                "build other files in a run of their own",
            )
    return ColumnMapping(names, values)


def _split(text: str) -> Iterator[str]:
    pair = ""
    for part in text.split(","):
        if pair and "=" in part:
            yield pair
            pair = part
        else:
            pair = f"{pair},{part}" if pair else part
    yield pair


def _read_pairs(option: str, pairs: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        field, sign, name = (part.strip() for part in pair.partition("="))
        if not sign or not name:
            raise InputError(f'{option} has "{pair}", expected FIELD=NAME', "for instance url=link")
        if field not in FIELDS:
            raise InputError(
                f'{option} has the field "{field}", expected one of {", ".join(FIELDS)}',
                "our field stands before the sign, the file's own name after it: url=link",
            )
        if field in found:
            raise InputError(f"{option} has the field {field} twice", "leave one of them out")
        found[field] = name
    return found
