"""Words of a sentence, and which of them are ordinary words rather than names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from xsource.facts.spelling import base_forms
from xsource.facts.text.folding import fold_name, fold_text

# Letters with vowel marks; an apostrophe, a geresh, the quotation marks of a Hebrew acronym or a hyphen may
# stand inside, and a geresh at the end after the letters that take one. Each sign begins one alternative only,
# so the time is linear. U.S. is one word.
_LETTER: Final = r"[^\W\d_][\u0300-\u036f\u0591-\u05bd\u05bf\u05c1-\u05c7\u0640\u064b-\u065f\u0670]*"
WORD: Final = re.compile(
    rf"[A-ZА-ЯЁ](?:\.[A-ZА-ЯЁ])+\b\.?|(?:{_LETTER})+(?:['’‘׳״\"“”\-‑־](?:{_LETTER})+)*(?:(?<=[גדזחטצץתב])['’׳])?"
)


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """Give the half-open code points of each word that may be of a name, whatever signs its letters carry."""
    folded = fold_text(text)
    for match in WORD.finditer(folded.text):
        yield folded.span(*match.span())


# The и of Россия stays: otherwise Росс would be a case of it.
_RUSSIAN_CASES: Final = """
ами ями его ого ему ому ыми ими ой ей ом ем ою ею ам ям ах ях ым им ых их ый ий ая яя ое ее ую юю ые ие
а я у ю е и ы о ь й
"""
_RUSSIAN_ENDINGS: Final = frozenset(_RUSSIAN_CASES.split())
_LONGEST_ENDING: Final = max(map(len, _RUSSIAN_ENDINGS))


def stem_russian(word: str) -> str:
    """Take the longest case ending off a folded Russian word; at least three letters stay."""
    for size in range(min(_LONGEST_ENDING, len(word) - 3), 0, -1):
        if word[-size:] in _RUSSIAN_ENDINGS:
            return word[:-size]
    return word


def russian_stems(word: str) -> tuple[str, ...]:
    """Give a folded Russian word without each ending that it may have: Китая is Кит-ая or Кита-я."""
    sizes = range(min(_LONGEST_ENDING, len(word) - 3), 0, -1)
    return (word, *(word[:-size] for size in sizes if word[-size:] in _RUSSIAN_ENDINGS))


@cache
def ordinary_words(language: str) -> frozenset[str]:
    """Give the folded words of a language that are known to be no names (`tools/build_lexicon.py` found them).

    Russian ones are given as stems: the list cannot have every case of every word.
    """
    file = resources.files(__package__).joinpath("lexicon", f"{language}.txt")
    words = file.read_text("utf-8").split()
    return frozenset(map(stem_russian, words)) if language == "ru" else frozenset(words)


@lru_cache(maxsize=65536)
def is_ordinary(word: str, language: str) -> bool:
    """Say whether a word is a known ordinary word: as printed, or in Arabic and Hebrew without its clitics.

    A word of another script is not ordinary: who leaves it in Latin letters writes a name.
    """
    known = ordinary_words(language)
    if language in {"ar", "he"}:
        return not known.isdisjoint(base_forms(word, language))
    folded = fold_name(word)
    if language == "ru":
        return stem_russian(folded) in known
    return folded in known
