"""Figures and days that a sentence says are not so: "3,000, not 10,000", `السبت لا الأحد`.

Whoever prints one states the other; what is denied is no figure of that outlet's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from xsource.facts.quantities_lexicon import MAX_PHRASE_WORDS, check_keys, number_lexicon, phrase
from xsource.facts.quantities_tokens import tokenise
from xsource.languages import language_table
from xsource.records import Claim

# From "not" to the figure: "not on Sunday", `ולא ב-10`.
_WORDS_BETWEEN = 1
_PASSED_OVER = frozenset("-\"'«»“”$€£")


@dataclass(frozen=True, slots=True)
class _Denials:
    phrases: frozenset[str]
    between: frozenset[str]


@cache
def _denials(language: str) -> _Denials:
    table = language_table(language, "denied")
    check_keys(table, frozenset({"before", "between"}), f"languages/{language}.toml [denied]")
    return _Denials(
        frozenset(phrase(text) for text in table["before"]),
        frozenset(phrase(text) for text in table["between"].split()),
    )


def is_denied(claim: Claim, start: int) -> bool:
    """Whether what starts at a code point of the claim's sentence is what the sentence says is not so."""
    language = claim.article.language
    denials = _denials(language)
    clitics = number_lexicon(language).clitics
    words: list[str] = []
    for token in reversed(tokenise(claim.sentence.text[:start])):
        if token.text in _PASSED_OVER or (not words and token.text in clitics):
            continue
        if token.kind != "word" or len(words) == MAX_PHRASE_WORDS + _WORDS_BETWEEN:
            break
        words.insert(0, token.text)
    for last in (len(words), len(words) - _WORDS_BETWEEN):
        if last < 1 or (last < len(words) and words[last] not in denials.between):
            break
        if any(" ".join(words[max(0, last - size) : last]) in denials.phrases for size in range(1, last + 1)):
            return True
    return False
