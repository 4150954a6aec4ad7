"""Words that are too long for their place: cut, and visibly so; never left out."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d\ufe0f")


def cut(text: str, letters: int) -> str:
    """Shorten a text to so many letters, the last of them an ellipsis; a letter keeps its marks or goes whole.

    Hebrew and Arabic vowel signs are code points of their own and take no room, so they do not count.
    """
    shown = [index for index, letter in enumerate(text) if not _is_mark(letter)]
    if len(shown) <= letters:
        return text
    return text[: shown[max(letters - 1, 0)]].rstrip(" ,;:-–—") + "…"


def cut_words(text: str, letters: int) -> str:
    """Shorten every word of a text that is longer than a column, so that none is broken over two lines."""
    return " ".join(cut(word, letters) for word in text.split())


def _is_mark(letter: str) -> bool:
    return letter in _JOINERS or unicodedata.category(letter) in ("Mn", "Me", "Cf")
