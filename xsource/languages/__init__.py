"""The four languages as data: one TOML each, and this loader.

A table of a file belongs to the module that reads it, and that module turns it into a typed record, so a
missing or misspelt key is found when the file is read and named with file and table. Adding a language is
adding a file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
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


@cache
def _tables(code: str) -> Mapping[str, Any]:
    if code not in LANGUAGES:
        raise ValueError(f"language is {code!r}, expected one of {', '.join(LANGUAGES)}")
    return tomllib.loads(resources.files(__package__).joinpath(f"{code}.toml").read_text("utf-8"))


@cache
def language_profile(code: str) -> LanguageProfile:
    """Describe a language; `ValueError` for one that is not ours."""
    return LanguageProfile(**_tables(code)["language"])


def language_table(code: str, table: str) -> Mapping[str, Any]:
    """Give one table of a language's file, for the module that owns that table.

    Raises:
        ValueError: the language is not ours, or its file has no such table.
    """
    try:
        return cast("Mapping[str, Any]", _tables(code)[table])
    except KeyError:
        raise ValueError(f"languages/{code}.toml has no table [{table}]") from None
