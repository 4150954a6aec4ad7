"""People, organisations and places in a sentence, with keys that compare across the four scripts.

English and Russian names stand out by their capitals. Arabic and Hebrew have none: there a name is found by the
gazetteer, after a title (`الرئيس`, `שר`), by its letters, or because a name of another outlet's sentence is
spelled in it (`names_matching.find_name`).
"""

from __future__ import annotations

from functools import lru_cache

from xsource.facts.names_capitals import capitalised_names
from xsource.facts.names_credits import without_credits
from xsource.facts.names_records import NameKind, NameMention, NamePart
from xsource.facts.names_titles import titled_names
from xsource.facts.names_tokens import listed_names, name_words, read_tokens
from xsource.facts.words import name_forms

__all__ = ["NameKind", "NameMention", "NamePart", "names"]


@lru_cache(maxsize=16384)
def names(text: str, language: str) -> tuple[NameMention, ...]:
    """Find the names of a sentence, in its order, none overlapping another.

    Args:
        text: one sentence, any length.
        language: `ru`, `he`, `ar` or `en`; `ValueError` for another.

    Returns:
        Mentions whose `text[start:end] == words`.
    """
    rules = name_words(language)
    tokens = read_tokens(text)
    known = listed_names(tokens, language)
    find = capitalised_names if name_forms(language).has_capitals else titled_names
    return without_credits(text, find(text, tokens, known, language, rules), rules)
