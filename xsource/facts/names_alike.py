"""Names that sound alike and are others' (`names_alike.toml`): Hassan and Hussein, Karim and Karam."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from xsource.facts.spelling import base_forms
from xsource.facts.text.folding import fold_name


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    """Give for each spelling its name in each group that has it."""
    file = resources.files(__package__).joinpath("names_alike.toml")
    found: dict[str, dict[str, str]] = {}
    for group, listed in tomllib.loads(file.read_text("utf-8")).items():
        for name, spellings in listed.items():
            for spelling in spellings.split():
                found.setdefault(fold_name(spelling), {})[group] = name
    return found


@lru_cache(maxsize=65536)
def _listed(word: str, language: str) -> Mapping[str, str]:
    """Give the listed names of a word: as it is, without its clitics or its case ending."""
    names = _names()
    for form in base_forms(word, language):
        if form in names:
            return names[form]
    return names.get(fold_name(word).rstrip("аяуюеомйы"), {})


def is_listed(word: str, language: str) -> bool:
    """Say whether a word is one of the listed names."""
    return bool(_listed(word, language))


def are_others(left: str, left_language: str, right: str, right_language: str) -> bool | None:
    """Say whether two words are names that only sound alike; `None` where the list does not tell."""
    one, other = _listed(left, left_language), _listed(right, right_language)
    for group, name in one.items():
        if group in other:
            return name != other[group]
    return None
