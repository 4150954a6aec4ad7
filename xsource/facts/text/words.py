"""The words of a sentence, and the forms under which a list may have a word: with its clitics and without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from xsource.facts.text.folding import fold_text, fold_word
from xsource.languages import language_table

# Letters and digits; the quotation marks of a Hebrew acronym, an apostrophe or a hyphen may stand inside.
_WORD: Final = re.compile(r"\w+(?:['\"-]\w+)*")
_SHORTEST_FORM: Final = 2
_SHORTEST_BENEATH_CLITICS: Final = 3  # or "was" is "and as that": وكان, و ك أن


class Word(NamedTuple):
    """A word of a sentence.

    Attributes:
        start: half-open code points of the text as given, with `end`.
        end: see `start`.
        text: the word folded.
        is_next: whether nothing but spaces stands between it and the word before.
    """

    start: int
    end: int
    text: str
    is_next: bool


class Piece(NamedTuple):
    """A word, or what stands between the hyphens of one.

    Attributes:
        forms: under which a list may have it, as printed first.
        word: index of its word in the sentence.
        opens: whether a phrase may begin with it: nothing but a clitic stands before it in its word.
        closes: whether a phrase may end with it.
        is_next: whether a phrase may go on with it: nothing but spaces or a hyphen stands before it.
        start, end: half-open code points of the text as given.
    """

    forms: tuple[str, ...]
    word: int
    opens: bool
    closes: bool
    is_next: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WordRules:
    """How a language writes small words onto others: its table `[words]`.

    Attributes:
        clitics: all that may be written onto the front of a word, in its order.
        endings: written behind a word: 's.
        swallowed: a clitic that swallowed a letter of the article, and what it stood before: لل, ال.
    """

    clitics: re.Pattern[str] | None
    endings: tuple[str, ...]
    swallowed: tuple[tuple[str, str], ...]


@cache
def word_rules(language: str) -> WordRules:
    """Read a language's `[words]`; `ValueError` for a key that is missing or not known."""
    table: Any = language_table(language, "words")
    if set(table) != {"clitics", "endings", "swallowed", "stemmer", "english_ratio"}:
        raise ValueError(
            f"languages/{language}.toml [words]: keys are {sorted(table)}, expected clitics, endings, "
            "english_ratio, stemmer, swallowed"
        )
    return WordRules(
        clitics=re.compile(table["clitics"]) if table["clitics"] else None,
        endings=tuple(fold_word(ending) for ending in table["endings"]),
        swallowed=tuple(table["swallowed"].items()),
    )


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[Word, ...]:
    """Divide a sentence into words. Linear in the text; every list asks for the same one, so it is kept."""
    folded = fold_text(text)
    words = []
    end = 0
    lower, is_same = folded.lower, folded.starts is None
    for match in _WORD.finditer(lower):
        first, last = match.span()
        is_next = lower[end:first].isspace()
        end = last
        start, stop = (first, last) if is_same else folded.span(first, last)
        words.append(Word(start, stop, lower[first:last], is_next))
    return tuple(words)


@lru_cache(maxsize=4096)
def pieces_of(text: str, language: str) -> tuple[Piece, ...]:
    """Divide a sentence into words and those with hyphens into their parts: `בלתי־מאומת` is `בלתי מאומת`."""
    pieces: list[Piece] = []
    for index, word in enumerate(words_of(text)):
        if "-" not in word.text:
            forms = word_forms(word.text, language)
            pieces.append(Piece(forms, index, True, True, word.is_next, word.start, word.end))  # noqa: FBT003
            continue
        parts = word.text.split("-")
        opens = True
        for place, part in enumerate(parts):
            # Where its letters stand matters at the edges of the word only: a phrase lies between them.
            closes, is_next = place == len(parts) - 1, word.is_next or place > 0
            forms = word_forms(part, language)
            pieces.append(Piece(forms, index, opens, closes, is_next, word.start, word.end))
            opens = opens and not closes and _is_clitic(part, language)
    return tuple(pieces)


@lru_cache(maxsize=65536)
def word_forms(word: str, language: str) -> tuple[str, ...]:
    """Give a folded word as it is and with each number of clitics off; at least two letters stay."""
    rules = word_rules(language)
    for ending in rules.endings:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word, word.removesuffix(ending)
    match = rules.clitics.match(word) if rules.clitics else None
    if match is None or not match.end():
        return (word,)
    forms = [word]
    for cut in range(1, match.end() + 1):
        rest = word[cut:]
        if cut == 1 or len(rest) >= _SHORTEST_BENEATH_CLITICS:
            forms.append(rest)
        for clitic, article in rules.swallowed:
            if word[cut - 1 : cut + len(clitic) - 1] == clitic:
                forms.append(article + word[cut + len(clitic) - 1 :])
    return tuple(dict.fromkeys((word, *(form for form in forms[1:] if len(form) >= _SHORTEST_FORM))))


def _is_clitic(part: str, language: str) -> bool:
    clitics = word_rules(language).clitics
    return clitics is not None and clitics.fullmatch(part) is not None


def pattern_of(phrase: str) -> tuple[str, ...]:
    """Fold a phrase of a table into the pieces that `pieces_of` gives; a `*` at an edge stays."""
    return tuple(piece for word in fold_word(phrase).split() for piece in word.split("-") if piece)
