"""One spelling of a text for every reader, with the way back to the places of the text as it was given.

Writers, keyboards and converters write one letter in many ways: with vowel signs or without, with a maqaf or a
hyphen, as presentation forms, with Persian letters, with marks of direction between. Compatibility forms are
undone where that changes no meaning: not in ² and ½.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

# Vowel points of Hebrew and Arabic, Quran marks, the stroke that lengthens an Arabic word, and stress marks.
_SIGNS: Final = (
    "\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
)
# Soft hyphen, zero-width signs, marks of direction: they belong to no word.
_UNSEEN: Final = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# Ligatures and presentation forms of Latin, Hebrew and Arabic.
_FORMS: Final = "\ufb00-\ufb06\ufb1d-\ufbb1\ufbd3-\ufd3d\ufd50-\ufdf9\ufe70-\ufefc"
_IS_SIGN: Final = re.compile(f"[{_SIGNS}]")
_IS_UNSEEN: Final = re.compile(f"[{_UNSEEN}]")
_NEEDS_PLACES: Final = re.compile(f"[{_SIGNS}{_UNSEEN}{_FORMS}\u0130]")

# One code point each way.
_LOOKS: Final[dict[int, str]] = str.maketrans(
    {
        **dict.fromkeys("“”„‟״", '"'),
        **dict.fromkeys("’‘‚‛׳`´ʼʻ′", "'"),
        **dict.fromkeys("–−‐‑‒־﹣", "-"),
        "٪": "%",
        "،": ",",
        **dict.fromkeys("\u00a0\u202f\u2007\u2009\u2008\u200a", "\u00a0"),
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)},
        **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
        "ک": "ك",
        **dict.fromkeys("یۍێ", "ي"),
        **dict.fromkeys("ەہھ", "ه"),
    }
)
# Letters that writers of one language interchange; names keep them apart, lists of words do not.
_LETTERS: Final = str.maketrans("أإآٱىةؤёЁ", "اااايهوеЕ")

_LOOKS_AND_LETTERS: Final = str.maketrans(
    {**{chr(at): to for at, to in _LOOKS.items()}, **dict(zip("أإآٱىةؤёЁ", "اااايهوеЕ", strict=True))}
)


class Folded:
    """A text in one spelling.

    Attributes:
        lower: in lower case, with one kind of quote, apostrophe, hyphen, space and digit, interchanged letters
            made one, no vowel signs and nothing unseen.
        starts, ends: of each of its code points in the text as given; `None` where they are the same.
    """

    __slots__ = ("_letters", "_text", "ends", "lower", "starts")

    def __init__(
        self, letters: str, starts: Sequence[int] | None = None, ends: Sequence[int] | None = None
    ) -> None:
        self._letters = letters
        self._text: str | None = None
        self.lower = _lower(letters)
        self.starts = starts
        self.ends = ends

    @property
    def text(self) -> str:
        """The same with letters and case as they were; as long as `lower`."""
        if self._text is None:
            self._text = self._letters if self._letters.isascii() else self._letters.translate(_LOOKS)
        return self._text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the half-open range in the text as given; an empty range stays empty."""
        if self.starts is None or self.ends is None:
            return start, end
        if start == end:
            at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return at, at
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=4096)
def fold_text(text: str) -> Folded:
    """Fold a text; linear in it, and what was folded last is kept."""
    if text.isascii() or _NEEDS_PLACES.search(text) is None:
        return Folded(text)
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(text):
        if _IS_UNSEEN.match(text, at):
            at += 1
            continue
        end = at + 1
        while end < len(text) and _IS_SIGN.match(text, end):
            end += 1
        for letter in _plain(text[at:end]):
            letters.append(letter)
            starts.append(at)
            ends.append(end)
        at = end
    return Folded("".join(letters), starts, ends)


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Fold a word of a table as `fold_text` folds those of a text into `lower`."""
    return _lower(_without_signs(word))


@lru_cache(maxsize=65536)
def fold_name(word: str) -> str:
    """Fold a word of a name: lower case, without signs, but with the letters that tell names apart."""
    return word.lower() if word.isascii() else _without_signs(word).lower()


def merge_letters(folded: str) -> str:
    """Make one of the letters that writers interchange, in a word of `fold_name`."""
    return folded.translate(_LETTERS)


def _without_signs(word: str) -> str:
    return word.translate(_LOOKS) if _NEEDS_PLACES.search(word) is None else fold_text(word).text


def _plain(cluster: str) -> str:
    """Compose a letter with its signs, undo a presentation form, and drop the signs that are left."""
    if len(cluster) > 1:
        cluster = unicodedata.normalize("NFC", cluster)
    if "\ufb00" <= cluster[0] <= "\ufefc":
        cluster = unicodedata.normalize("NFKC", cluster)
    return _IS_SIGN.sub("", cluster).translate(_LOOKS).replace("\u0130", "I")


def _lower(text: str) -> str:
    lower = text.lower()
    if text.isascii():
        return lower
    if len(lower) != len(text):  # a few letters grow in lower case
        lower = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return lower.translate(_LOOKS_AND_LETTERS)
