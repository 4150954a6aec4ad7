"""`outlets.toml` beside the articles: outlets of one's own, and whose files are whose.

[[outlet]]
id = "evening-post"
name = "The Evening Post"
language = "en"

[[files]]
match = "post/*.html"        # beneath this folder; `*` also crosses folders; the first block that fits counts
outlet = "evening-post"
published_at = "2026-03-01"  # optional, as are url, title and language
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import translate
from pathlib import Path
from typing import Any

from xsource.errors import InputError
from xsource.outlets.listing import OutletList, load_outlets
from xsource.outlets.loading import is_outlet_id, parse_outlets, read_toml
from xsource.outlets.profiles import OutletProfile

OUTLETS_FILE = "outlets.toml"
_FILE_KEYS = frozenset({"match", "outlet", "published_at", "url", "title", "language"})


@dataclass(frozen=True, slots=True)
class FileRule:
    """What a `[[files]]` block says of the files it matches."""

    folder: Path
    match: re.Pattern[str]
    outlet: str | None
    published_at: str | None
    url: str | None
    title: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What the `outlets.toml` files around a folder say.

    Attributes:
        outlets: everything known, with what these files add.
        rules: the nearest file's first.
        declares: whether one of the files lists outlets; then a record's unknown outlet is a slip.
    """

    outlets: OutletList
    rules: tuple[FileRule, ...] = ()
    declares: bool = False

    def rule_for(self, path: Path) -> FileRule | None:
        """Give the first rule that matches a file."""
        file = make_absolute(path)
        for rule in self.rules:
            if file.is_relative_to(rule.folder) and rule.match.match(file.relative_to(rule.folder).as_posix()):
                return rule
        return None

    def entering(self, folder: Path) -> Neighbourhood:
        """Add what a folder's own `outlets.toml` says; the same when it has none.

        Raises:
            InputError: there is one, and it cannot be read or is wrong.
        """
        path = folder / OUTLETS_FILE
        if not path.is_file():
            return self
        table = read_toml(path)
        if unknown := sorted(set(table) - {"outlet", "files"}):
            raise InputError(f"{path}: unknown table {unknown[0]!r}, expected [[outlet]] and [[files]]")
        profiles = parse_outlets(table, str(path))
        rules = tuple(_parse_rules(table.get("files", []), folder, path))
        return Neighbourhood(
            self.outlets.extended(profiles), rules + self.rules, self.declares or bool(profiles)
        )


def make_absolute(path: Path) -> Path:
    """Give the absolute form of a path without following links: where a file lies is where the user put it."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps "..", Path.resolve follows links


def tell_renaming(named: str, outlet: OutletProfile) -> Iterator[str]:
    """Say that an outlet is kept under another id than it was named by; its names in any script say nothing."""
    own = {name.casefold() for name in (outlet.id, outlet.name, outlet.name_en)}
    if named.strip().casefold() not in own and is_outlet_id(named.strip().lower()):
        yield f'outlet "{named.strip()}" is known as {outlet.id} ({outlet.name}): its articles are kept as that'


def find_outlet_files(paths: Sequence[Path]) -> list[Path]:
    """Find every `outlets.toml` that applies to files and folders: in them, and in the folder above.

    In the order in which they should be loaded, without repeats; folders that cannot be read are passed over,
    for reading the articles will name them.
    """
    found: dict[Path, None] = {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        candidates: list[Path] = [make_absolute(folder).parent / OUTLETS_FILE, folder / OUTLETS_FILE]
        if path.is_dir():
            candidates += sorted(folder.rglob(f"*/{OUTLETS_FILE}"))
        found.update(dict.fromkeys(make_absolute(candidate) for candidate in candidates if candidate.is_file()))
    return list(found)


def load_outlets_around(paths: Sequence[Path]) -> OutletList:
    """Load the bundled outlets with those that the `outlets.toml` files around some paths declare.

    A file that is wrong is passed over here: `read_articles` names it among its problems and reads on.
    """
    outlets = load_outlets()
    for path in find_outlet_files(paths):
        try:
            outlets = outlets.extended(parse_outlets(read_toml(path), str(path)))
        except InputError:
            continue
    return outlets


def _parse_rules(blocks: Any, folder: Path, path: Path) -> Iterable[FileRule]:
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise InputError(f"{path}: files is not a list of [[files]] blocks", 'for instance match = "*.html"')
    for number, block in enumerate(blocks, 1):
        where = f"{path}: [[files]] block {number}"
        if unknown := sorted(set(block) - _FILE_KEYS):
            raise InputError(
                f"{where} has the unknown key {unknown[0]!r}", f"known: {', '.join(sorted(_FILE_KEYS))}"
            )
        values = {key: _read_text(value, f"{where}: {key}") for key, value in block.items()}
        if "match" not in values:
            raise InputError(f"{where} has no match", 'for instance match = "*.html"')
        yield FileRule(
            make_absolute(folder),
            re.compile(translate(values["match"])),
            *(values.get(key) for key in ("outlet", "published_at", "url", "title", "language")),
        )


def _read_text(value: Any, what: str) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    if isinstance(value, (date, datetime)):  # TOML has dates of its own
        return value.isoformat()
    raise InputError(f"{what} is {value!r}, expected a text")
