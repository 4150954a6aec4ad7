"""Finds listed phrases in a sentence, whatever clitics, case or vowel signs the writer gave their words.

The engine under attribution, certainty and naming. A list has phrases of one or more words; a word with a final
`*` stands for every word that begins so (`полиц*`: полиция, полицией, полицейские).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from xsource.facts.beginnings import Beginnings

# A word keeps its vowel signs and one inner apostrophe, hyphen or Hebrew quotation mark between letters.
_WORD: Final = re.compile(
    r"[\w\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]++"
    r"(?:['’‘׳״\"“”‑־-][\w\u0591-\u05c7\u064b-\u065f]++)*+"
)
_MARKS: Final = re.compile(r"[\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_FOLDED: Final = str.maketrans("ё’‘׳״“”‑־أإآٱىة", "е'''\"\"\"--اااايه")
_SHORTEST_STEM: Final = 2
_SHORTEST_BENEATH_CLITICS: Final = 3  # or "was" is "and as that": وكان, و ك أن
# Single letters that Hebrew and Arabic write on the next word, in the order in which they may stand.
_HEBREW_CLITICS: Final = re.compile(r"ו?(?:לכש|כש|מש|ש)?[הבלכמ]?ה?-?")
_ARABIC_CLITICS: Final = re.compile(r"[وف]?(?:لل|[بلك]?(?:ال)?)")


@dataclass(frozen=True, slots=True)
class FoundPhrase:
    """A listed phrase as a sentence has it.

    Attributes:
        label: the list that it stands in.
        start: half-open range of code points in the sentence, with `end`; clitics before it are inside.
        end: see `start`.
        words: `sentence[start:end]`.
        first: index of its first word among the sentence's, `last` of its last.
        last: see `first`.
    """

    label: str
    start: int
    end: int
    words: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence with the forms under which a list may have it, as printed first."""

    start: int
    end: int
    forms: tuple[str, ...]


def fold_word(word: str) -> str:
    """Give a word without case and vowel signs, with one kind of alef, apostrophe and hyphen."""
    return _MARKS.sub("", unicodedata.normalize("NFC", word).lower()).translate(_FOLDED)


@lru_cache(maxsize=4096)
def words_of(text: str, language: str) -> tuple[Word, ...]:
    """Divide a sentence into words. Linear in the text; each list asks for the same sentence, so it is kept."""
    return tuple(
        Word(match.start(), match.end(), _forms(fold_word(match.group()), language))
        for match in _WORD.finditer(text)
    )


def _forms(word: str, language: str) -> tuple[str, ...]:
    """Give a word as it is and with each number of clitics off; two letters stay, three beneath several."""
    if language == "en":
        return (word, word[:-2]) if word.endswith("'s") and len(word) > 3 else (word,)
    clitics = {"he": _HEBREW_CLITICS, "ar": _ARABIC_CLITICS}.get(language)
    match = clitics.match(word) if clitics else None
    if match is None or not match.end():
        return (word,)
    forms = [word]
    for cut in range(1, match.end() + 1):
        rest = word[cut:]
        forms.append(rest.removeprefix("-") if language == "he" else rest)
        if cut > 1 and len(rest) < _SHORTEST_BENEATH_CLITICS:
            forms.pop()
        if language == "ar" and word[cut - 1 : cut + 1] == "لل":  # "to the" swallows a letter of the article
            forms.append("ال" + word[cut + 1 :])
    return tuple(dict.fromkeys(form for form in forms if len(form) >= _SHORTEST_STEM))


class PhraseList:
    """Labelled phrases of one language, ready to be looked for.

    Args:
        phrases: lists by label. Of two phrases that begin at one word the longer is found, of equal ones the
            first.
        language: code; decides which clitics are taken off.

    Raises:
        ValueError: a phrase is empty, has a lone `*`, or begins with a stem of less than two letters.
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]], language: str) -> None:
        self._language = language
        self._by_word: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        by_stem: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for label, listed in phrases.items():
            for phrase in listed:
                words = tuple(fold_word(word) for word in phrase.split())
                if not words or "*" in words or (words[0].endswith("*") and len(words[0]) <= _SHORTEST_STEM):
                    raise ValueError(
                        f"phrase {phrase!r} of {label!r} is empty or begins with a stem below two letters"
                    )
                first = words[0]
                index = by_stem if first.endswith("*") else self._by_word
                index.setdefault(first.rstrip("*"), []).append((label, words))
        self._by_stem = Beginnings(by_stem)

    def find(self, text: str) -> tuple[FoundPhrase, ...]:
        """Find every phrase, leftmost and longest, none overlapping another. Linear in the text."""
        return self.find_in(text, words_of(text, self._language))

    def find_in(self, text: str, words: tuple[Word, ...]) -> tuple[FoundPhrase, ...]:
        """Find phrases among words that `words_of` gave for the same text."""
        found: list[FoundPhrase] = []
        place = 0
        while place < len(words):
            best = self._longest_at(words, place)
            if best is None:
                place += 1
                continue
            label, size = best
            start, end = words[place].start, words[place + size - 1].end
            found.append(FoundPhrase(label, start, end, text[start:end], place, place + size - 1))
            place += size
        return tuple(found)

    def _longest_at(self, words: tuple[Word, ...], place: int) -> tuple[str, int] | None:
        best: tuple[str, int] | None = None
        for form in words[place].forms:
            longest_stem_first = reversed([*self._by_stem.of(form)])
            for label, pattern in chain(self._by_word.get(form, ()), *longest_stem_first):
                size = len(pattern)
                if (best is None or size > best[1]) and _continues(words, place, pattern):
                    best = label, size
        return best


def _continues(words: tuple[Word, ...], place: int, pattern: tuple[str, ...]) -> bool:
    if place + len(pattern) > len(words):
        return False
    return all(
        any(
            form.startswith(part[:-1]) if part.endswith("*") else form == part
            for form in words[place + step].forms
        )
        for step, part in enumerate(pattern)
        if step
    )
