"""Sentences as words, digits and marks, folded so that one spelling is looked up, at their own places.

Folding keeps every code point in its place: a token's span slices the text as it was given.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

TokenKind = Literal["word", "digits", "mark"]

# Vowel points of Hebrew and Arabic, and the stroke that lengthens an Arabic word.
_POINTS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640"
_POINT = re.compile(f"[{_POINTS}]")

# One code point each way: a fold that changed the length would move every span behind it.
_FOLDS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ى": "ي",
        "ة": "ه",
        "ؤ": "و",
        "ё": "е",
        **dict.fromkeys("“”„״", '"'),
        **dict.fromkeys("’‘׳`´ʼ", "'"),
        **dict.fromkeys("–−‐‑‒־", "-"),
        "٪": "%",
        "،": ",",
        **dict.fromkeys("\u00a0\u202f\u2007\u2009", "\u00a0"),
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0xFF10) for digit in range(10)},
    }
)

_WORD = (
    r"(?P<word>[a-z]\.[a-z]\b(?:\.[a-z]\b)*"  # p.m, u.s.a
    r"|[\u05d0-\u05ea\u0621-\u064a]{1,3}(?=\d)"  # a clitic written onto digits: و34
    rf"|[^\W\d_][\w{_POINTS}]*(?:['\"][^\W\d_][\w{_POINTS}]*)*)"  # the quotes are gershayim: ק"מ
    r"|(?P<mark>[^\w\s])"
)
_RUN = r"|\d+(?:[.,٫٬']\d+)*)|"
# Groups of three digits belong together over a space that does not break a line, in every language; over a
# plain space only where the language writes so: "On May 15 200 people" has two numbers.
_TOKEN = re.compile(r"(?P<digits>\d{1,3}(?:\u00a0\d{3})+(?:[.,٫]\d+)?(?!\d)" + _RUN + _WORD)
_TOKEN_SPACED = re.compile(r"(?P<digits>\d{1,3}(?:[\u00a0 ]\d{3})+(?:[.,٫]\d+)?(?!\d)" + _RUN + _WORD)

# Telephone and other numbers of identity count nothing: +7 495 123-45-67, 978-3-16-148410-0. A date may be
# written with two hyphens.
_DATE = r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-(?:\d\d){1,2})(?![\w-])"
_CODE = re.compile(
    r"\+\d{1,3}[ \u00a0(-]{1,2}\d{2,4}[\d \u00a0()-]{4,14}\d"
    r"|(?<![\w-])\d{1,3}[ \u00a0-]?\(\d{2,5}\)[ \u00a0-]?\d[\d \u00a0-]{3,12}\d"
    r"|(?<![\w-])0\d{1,2}-\d{6,8}(?!\w)"
    rf"|(?<![\w-])(?:\d{{1,4}}[ \u00a0]){{0,3}}(?!{_DATE})\d+(?:-\d+){{2,}}(?!\w)"
)
# Addresses and handles count nothing. Every part is bounded or followed by what it cannot match.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@\w[\w.-]*|[@#]\w+")


class Token(NamedTuple):
    """A word, a run of digits or a mark.

    Attributes:
        kind: `digits` may hold separators between the digits, and letters never.
        text: lower case and folded, without vowel points.
        start: half-open range of code points in the given text.
        end: see `start`.
    """

    kind: TokenKind
    text: str
    start: int
    end: int


def touches(left: Token, right: Token) -> bool:
    """Whether nothing stands between two tokens."""
    return left.end == right.start


def fold(text: str) -> str:
    """Give lower case with one spelling for each letter, digit, quote and dash; the length stays."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters (İ) grow in lower case
        lower = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
    return lower.translate(_FOLDS)


def fold_word(word: str) -> str:
    """Fold a word of a language table as `tokenise` folds the words of a text."""
    return _POINT.sub("", fold(word))


@lru_cache(maxsize=4096)
def tokenise(text: str, *, spaced_groups: bool = False) -> tuple[Token, ...]:
    """Split a text into words, digits and marks, leaving out addresses, handles and hashtags.

    Args:
        text: any text.
        spaced_groups: whether `15 000` with a plain space is one run of digits.
    """
    folded = fold(text)
    if "@" in folded or "#" in folded or "://" in folded or "www." in folded:
        folded = _ADDRESS.sub(lambda found: " " * len(found.group()), folded)
    if "-" in folded or "+" in folded:
        folded = _CODE.sub(lambda found: " " * len(found.group()), folded)
    has_points = _POINT.search(folded) is not None
    tokens = []
    for found in (_TOKEN_SPACED if spaced_groups else _TOKEN).finditer(folded):
        kind: TokenKind = found.lastgroup  # type: ignore[assignment]  # one of the three groups always matches
        word = found.group()
        if has_points and kind == "word":
            word = _POINT.sub("", word)
        tokens.append(Token(kind, word, *found.span()))
    return tuple(tokens)
