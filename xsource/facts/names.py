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
from xsource.facts.spelling import base_forms, key, skeleton
from xsource.facts.text.folding import fold_name
from xsource.facts.words import is_ordinary, name_forms, name_spans

__all__ = ["NameKind", "NameMention", "NamePart", "name_keys", "names"]


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


@lru_cache(maxsize=16384)
def name_keys(text: str, language: str) -> frozenset[str]:
    """Give keys of a sentence's names, equal across scripts for the same name: cheap evidence for matching.

    A gazetteer name gives its concept's id; a spelled word its consonants. In Arabic and Hebrew, where names
    have no capitals, every word that is no ordinary word gives keys: more keys than names, so count what two
    sentences share and not what they do not.
    """
    keys = {mention.concept for mention in names(text, language) if mention.concept}
    if name_forms(language).has_capitals:
        for mention in names(text, language):
            if not mention.concept:
                for part in mention.parts:
                    if not part.is_ordinary:
                        keys.update(_word_keys(part.word, language))
    else:
        for start, end in name_spans(text):
            if not is_ordinary(text[start:end], language):
                keys.update(_word_keys(text[start:end], language))
    return frozenset(keys)


@lru_cache(maxsize=65536)
def _word_keys(word: str, language: str) -> frozenset[str]:
    return frozenset(key(skeleton(form, language)) for form in base_forms(fold_name(word), language)) - {""}
