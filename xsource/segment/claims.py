"""Say whether a sentence states something that can be checked, and why.

A sentence that is no claim is never compared, so the rule is generous: only questions, calls to the reader,
page furniture, greetings, fragments and bare opinions are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache

from xsource.languages import language_table

_WORD = re.compile(r"[^\W_]+(?:[.,:'’\"״׳“‘-][^\W_]+)*+")
_QUOTE = re.compile('["«»“”„״]')
_CLOSERS = "\"'»”“’‘״׳)] \u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_OPENERS = "\"'«»“”„‘’([{-–—•*·>+# \t\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MAX_CALL_WORDS = 8  # a longer sentence that begins with "please" or "I think" carries something to check
_MANY_WORDS = 30  # a question this long states its premises


@dataclass(frozen=True, slots=True)
class _ClaimRules:
    """The table `[claims]` of a language; see the comment above it."""

    min_words: int
    max_boilerplate_words: int
    boilerplate: tuple[str, ...]
    greetings: tuple[str, ...]
    exhortations: tuple[str, ...]
    opinions: tuple[str, ...]


@cache
def _rules(language: str) -> _ClaimRules:
    table = language_table(language, "claims")
    expected = {field.name for field in fields(_ClaimRules)}
    if set(table) != expected:
        raise ValueError(
            f"languages/{language}.toml [claims]: keys are {sorted(table)}, expected {sorted(expected)}"
        )
    return _ClaimRules(
        min_words=table["min_words"],
        max_boilerplate_words=table["max_boilerplate_words"],
        boilerplate=tuple(table["boilerplate"]),
        greetings=tuple(table["greetings"]),
        exhortations=tuple(table["exhortations"]),
        opinions=tuple(table["opinions"]),
    )


def judge_claim(text: str, language: str) -> tuple[bool, str]:
    """Judge one sentence.

    Returns:
        Whether it is a claim, and the reason in a few words: `has a number`, `quotes someone`, `states
        something`; or `no words`, `page furniture`, `question`, `greeting`, `call to the reader`, `opinion
        only`, `too short`.
    """
    rules = _rules(language)
    words = _WORD.findall(text)
    count = len(words)
    if not any(character.isalpha() for character in text):
        return False, "no words"
    opening = text.lstrip(_OPENERS).lower()
    if all(token.startswith("#") for token in text.split()):
        return False, "page furniture"
    if count <= rules.max_boilerplate_words and _begins(opening, rules.boilerplate, alone=True):
        return False, "page furniture"
    if text.rstrip(_CLOSERS).endswith(("?", "؟")) and count < _MANY_WORDS:
        return False, "question"
    if any(character.isdigit() for character in text) and count >= rules.min_words:
        return True, "has a number"
    if count <= _MAX_CALL_WORDS:
        if _begins(opening, rules.greetings, alone=True):
            return False, "greeting"
        if _begins(opening, rules.exhortations, alone=False):
            return False, "call to the reader"
        if _begins(opening, rules.opinions, alone=False):
            return False, "opinion only"
    if count < rules.min_words:
        return False, "too short"
    if _QUOTE.search(text):
        return True, "quotes someone"
    return True, "states something"


def _begins(opening: str, phrases: tuple[str, ...], *, alone: bool) -> bool:
    """Tell whether a sentence begins with a phrase at a word's end.

    With `alone`, a phrase of one word must be the whole sentence or stand before a mark: Hebrew "שלום"
    greets, and is also the peace that was signed; Arabic "إعلان" is an advertisement, and any declaration.
    """
    for phrase in phrases:
        if not opening.startswith(phrase):
            continue
        after = opening[len(phrase) : len(phrase) + 2].strip()
        rest = opening[len(phrase) :]
        if phrase.endswith(":"):
            return True
        if rest[:1].isalnum():
            continue
        if not alone or " " in phrase or not rest.strip(" .!…") or after[:1] in {",", "،", "!", ":"}:
            return True
    return False
