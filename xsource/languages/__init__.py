"""The four languages as data: one TOML each, and this loader.

A table of a file belongs to the module that reads it, and that module turns it into a typed record, so a
missing or misspelt key is found when the file is read and named with file and table. Adding a language is
adding a file: here, or in a folder that XSOURCE_LANGUAGES names, beside its word list (`uk.txt`) and its table
of English words (`uk.tsv`) where there are any.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast

from xsource.records import LANGUAGES, Language


@dataclass(frozen=True, slots=True)
class LanguageProfile:
    """What every part of the program needs to know of a language.

    Attributes:
        code: ISO 639-1.
        name: in itself (`русский`).
        name_en: in English.
        script: ISO 15924, as Unicode property names spell it (`Cyrl`).
        direction: of its text.
    """

    code: Language
    name: str
    name_en: str
    script: Literal["Cyrl", "Hebr", "Arab", "Latn"]
    direction: Literal["ltr", "rtl"]


FOLDERS = "XSOURCE_LANGUAGES"
"""Names the environment variable with folders of added languages, divided as the system divides paths."""


def _added_folders() -> Iterator[Path]:
    for folder in os.environ.get(FOLDERS, "").split(os.pathsep):
        if folder:
            yield Path(folder)


def known_languages() -> tuple[str, ...]:
    """Give the codes of all languages that the readers know: ours, and those of added folders."""
    added = [path.stem for folder in _added_folders() for path in sorted(folder.glob("*.toml"))]
    return tuple(dict.fromkeys((*LANGUAGES, *added)))


@cache
def language_tables(code: str) -> Mapping[str, Any]:
    """Give all tables of a language's file; `ValueError` for a language that is not known."""
    if code in LANGUAGES:
        return tomllib.loads(resources.files(__package__).joinpath(f"{code}.toml").read_text("utf-8"))
    if code.isalpha():
        for folder in _added_folders():
            path = folder / f"{code}.toml"
            if path.is_file():
                return tomllib.loads(path.read_text("utf-8"))
    raise ValueError(f"language is {code!r}, expected one of {', '.join(known_languages())}")


def language_file(code: str, package_folder: str, suffix: str) -> str:
    """Give the text of another file of a language: a word list or a table.

    Args:
        code: of the language.
        package_folder: where the package keeps such files: `facts/lexicon`. An added language has its own
            beside its tables: `uk.txt`.
        suffix: of the file's name.

    Returns:
        Its text; empty where an added language has none.

    Raises:
        ValueError: the language is not known.
    """
    if code in LANGUAGES:
        return resources.files("xsource").joinpath(package_folder, code + suffix).read_text("utf-8")
    language_tables(code)
    paths = (folder / (code + suffix) for folder in _added_folders())
    return next((path.read_text("utf-8") for path in paths if path.is_file()), "")


@cache
def language_profile(code: str) -> LanguageProfile:
    """Describe a language; `ValueError` for one that is not known."""
    return LanguageProfile(**language_tables(code)["language"])


def language_table(code: str, table: str) -> Mapping[str, Any]:
    """Give one table of a language's file, for the module that owns that table.

    Raises:
        ValueError: the language is not known, or its file has no such table.
    """
    try:
        return cast("Mapping[str, Any]", language_tables(code)[table])
    except KeyError:
        raise ValueError(f"languages/{code}.toml has no table [{table}]") from None
