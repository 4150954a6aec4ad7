"""Finds listed phrases in a sentence, whatever clitics, hyphens, case or vowel signs its words have.

The engine under attribution, certainty, polarity and naming. A list has phrases of one or more words; a word
with a final `*` stands for every word that begins so (`полиц*`: полиция, полицией, полицейские), one with a `*`
before it for every word that ends so (`*n't`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from xsource.facts.beginnings import Beginnings
from xsource.facts.text.words import Piece, Word, pattern_of, pieces_of, words_of

_SHORTEST_STEM: Final = 2
# Of most words it is known that no phrase begins with them.
_WORDS_KEPT: Final = 50_000
_SHORTEST_TO_SORT: Final = 2

Forms = Callable[[tuple[str, ...]], tuple[str, ...]]


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


class PhraseList:
    """Labelled phrases of one language, ready to be looked for.

    Args:
        phrases: lists by label. Of two phrases that begin at one word the longer is found, of equal ones the
            first.
        language: code; decides which clitics are taken off.
        forms: picks among the forms of a word those that may stand in these lists; all of them by default.

    Raises:
        ValueError: a phrase is empty, has a lone `*`, or begins with a stem of less than two letters.
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]], language: str, forms: Forms | None = None) -> None:
        self._language = language
        self._forms = forms
        self._by_word: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._by_end: list[tuple[str, tuple[str, ...]]] = []
        by_stem: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for label, listed in phrases.items():
            for phrase in listed:
                words = pattern_of(phrase)
                if not words or "*" in words or (words[0].endswith("*") and len(words[0]) <= _SHORTEST_STEM):
                    raise ValueError(
                        f"phrase {phrase!r} of {label!r} is empty or begins with a stem below two letters"
                    )
                first = words[0]
                if first.startswith("*"):
                    self._by_end.append((label, words))
                    continue
                index = by_stem if first.endswith("*") else self._by_word
                index.setdefault(first.rstrip("*"), []).append((label, words))
        self._by_stem = Beginnings(by_stem)
        self._known: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}

    def find(self, text: str) -> tuple[FoundPhrase, ...]:
        """Find every phrase, leftmost and longest, none overlapping another. Linear in the text."""
        return self.find_between(text, 0, len(text))

    def find_between(self, text: str, start: int, end: int) -> tuple[FoundPhrase, ...]:
        """Find phrases whose words lie wholly in a range of a text's code points."""
        words = words_of(text)
        pieces = pieces_of(text, self._language)
        found: list[FoundPhrase] = []
        known = self._known
        place = bisect_left(pieces, start, key=lambda piece: piece.start) if start else 0
        while place < len(pieces) and pieces[place].start < end:
            if known.get(pieces[place].forms[0]) == ():  # of most words, known at once
                place += 1
                continue
            best = next(iter(self.all_at(pieces, place, end)), None)
            if best is None:
                place += 1
                continue
            label, after = best
            found.append(found_phrase(text, words, pieces, label, place, after))
            place = after
        return tuple(found)

    def all_at(self, pieces: tuple[Piece, ...], place: int, end: int | None = None) -> list[tuple[str, int]]:
        """Give the labels of all phrases that begin at a piece with the index behind each, longest first."""
        piece = pieces[place]
        candidates = self._known.get(piece.forms[0])
        if candidates is None:
            if len(self._known) >= _WORDS_KEPT:
                self._known.clear()
            candidates = self._known[piece.forms[0]] = self._candidates(self._of(piece))
        if not candidates or not piece.opens:
            return []
        found = []
        for label, pattern in candidates:
            after = self._end_of(pieces, place, pattern)
            if after is not None and (end is None or pieces[after - 1].end <= end):
                found.append((label, after))
        return found

    def _candidates(self, forms: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Give the phrases whose first word a word of these forms may be, longest first."""
        found: list[tuple[str, tuple[str, ...]]] = []
        for form in forms:
            if form in self._by_word:
                found.extend(self._by_word[form])
            if self._by_stem.may_begin(form):
                for listed in reversed([*self._by_stem.of(form)]):
                    found.extend(listed)
            for label, pattern in self._by_end:
                if form.endswith(pattern[0][1:]):
                    found.append((label, pattern))
        if len(found) < _SHORTEST_TO_SORT:
            return tuple(found)
        return tuple(sorted(found, key=lambda each: -len(each[1])))

    def _of(self, piece: Piece) -> tuple[str, ...]:
        return piece.forms if self._forms is None else self._forms(piece.forms)

    def _end_of(self, pieces: tuple[Piece, ...], place: int, pattern: tuple[str, ...]) -> int | None:
        """Give the index behind a phrase whose first piece fits, if the rest does too and ends with a word."""
        after = place + len(pattern)
        if after > len(pieces):
            return None
        for step in range(1, len(pattern)):
            piece, part = pieces[place + step], pattern[step]
            if not piece.is_next or not any(
                form.startswith(part[:-1]) if part.endswith("*") else form == part for form in self._of(piece)
            ):
                return None
        if pattern[-1].endswith("*"):  # any ending, the rest of a word with hyphens too
            while not pieces[after - 1].closes:
                after += 1
        return after if pieces[after - 1].closes else None


def found_phrase(
    text: str, words: tuple[Word, ...], pieces: tuple[Piece, ...], label: str, place: int, after: int
) -> FoundPhrase:
    """Make what was found at half-open pieces."""
    first, last = pieces[place].word, pieces[after - 1].word
    start, end = words[first].start, words[last].end
    return FoundPhrase(label, start, end, text[start:end], first, last)
