"""Writes the tables of docs/json.md from the types that the JSON is made of.

python tools/json_reference.py          between the markers of docs/json.md
python tools/json_reference.py --check  exit code 1 where they say something else
"""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from msgspec import Meta

from xsource.report import schema

PAGE = Path(__file__).resolve().parents[1] / "docs" / "json.md"
BEGIN, END = "<!-- made by tools/json_reference.py -->", "<!-- end -->"
NAMES = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    type(None): "`null`",
    Any: "any",
}


def tables() -> str:
    """Give a section a type, in the order of the module."""
    shown = [
        one
        for one in vars(schema).values()
        if is_typeddict(one) and one.__module__ == schema.__name__ and one.__name__ != "PageDocument"
    ]
    return "\n".join(map(section, shown))


def section(type_: Any) -> str:
    """Give one type's table."""
    lines = [
        f"### {title(type_)}",
        "",
        " ".join(type_.__doc__.split()),
        "",
        "| Field | Is | What |",
        "|---|---|---|",
    ]
    for name, hint in get_type_hints(type_, include_extras=True).items():
        bare, notes = unwrap(hint)
        lines.append(f"| `{name}` | {spell(bare)} | {'; '.join(notes)} |")
    return "\n".join([*lines, ""])


def title(type_: Any) -> str:
    """Give the name by which the page and the OpenAPI document know a type."""
    return type_.__name__


def unwrap(hint: Any) -> tuple[Any, list[str]]:
    """Take the descriptions off a type, the outermost first."""
    notes: list[str] = []
    while hasattr(hint, "__metadata__"):
        notes = [note.description for note in hint.__metadata__ if isinstance(note, Meta) and note.description][
            ::-1
        ] + notes
        hint = hint.__origin__
    return hint, notes


def spell(hint: Any) -> str:
    """Write a type in words."""
    hint, _ = unwrap(hint)
    arguments = get_args(hint)
    if get_origin(hint) in (Union, types.UnionType):
        return " or ".join(spell(one) for one in arguments)
    if get_origin(hint) is Literal:
        return ", ".join(f"`{one}`" for one in arguments)
    if get_origin(hint) is list:
        return f"list of {spell(arguments[0])}"
    if get_origin(hint) is dict:
        return f"{spell(arguments[1])} by name"
    if is_typeddict(hint):
        return f"[{title(hint)}](#{title(hint).lower()})"
    return NAMES[hint]


def written(page: str) -> str:
    """Put the tables into the page, between its markers."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n{END}{after}"


if __name__ == "__main__":
    now = PAGE.read_text("utf-8")
    if "--check" in sys.argv:
        sys.exit(written(now) != now)
    PAGE.write_text(written(now), "utf-8")
