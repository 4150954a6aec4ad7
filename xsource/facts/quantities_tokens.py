"""Sentences as words, digits and marks, folded so that one spelling is looked up, at their own places."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from xsource.facts.text.folding import fold_text, fold_word

__all__ = ["Token", "TokenKind", "fold_word", "tokenise", "touches"]

TokenKind = Literal["word", "digits", "mark"]

_WORD = (
    r"(?P<word>[a-z]\.[a-z]\b(?:\.[a-z]\b)*"  # p.m, u.s.a
    r"|[\u05d0-\u05ea\u0621-\u064a]{1,3}(?=\d)"  # a clitic written onto digits: و34
    r"|[^\W\d_]\w*(?:['\"][^\W\d_]\w*)*)"  # the quotes are gershayim: ק"מ
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
_MAY_BE_CODE = re.compile(r"\d-\d|\+\d|\(\d")
# Addresses and handles count nothing. Every part is bounded or followed by what it cannot match.
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@\w[\w.-]*|[@#]\w+")


class Token(NamedTuple):
    """A word, a run of digits or a mark.

    Attributes:
        kind: `digits` may hold separators between the digits, and letters never.
        text: folded, in lower case.
        start: half-open range of code points in the given text.
        end: see `start`.
        gap: how many signs that are seen stand between it and the token before, or the text's beginning.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    gap: int = 0


def touches(left: Token, right: Token) -> bool:
    """Whether nothing that is seen stands between two neighbouring tokens."""
    return not right.gap and left.end <= right.start


@lru_cache(maxsize=4096)
def tokenise(text: str, *, spaced_groups: bool = False) -> tuple[Token, ...]:
    """Split a text into words, digits and marks, leaving out addresses, handles and numbers of identity.

    Args:
        text: any text.
        spaced_groups: whether `15 000` with a plain space is one run of digits.
    """
    folded = fold_text(text)
    lower = folded.lower
    if "@" in lower or "#" in lower or "://" in lower or "www." in lower:
        lower = _ADDRESS.sub(_blank, lower)
    if ("-" in lower or "+" in lower or "(" in lower) and _MAY_BE_CODE.search(lower) is not None:
        lower = _CODE.sub(_blank, lower)
    tokens = []
    end = 0
    is_same = folded.starts is None
    for found in (_TOKEN_SPACED if spaced_groups else _TOKEN).finditer(lower):
        kind: TokenKind = found.lastgroup  # type: ignore[assignment]  # one of the three groups always matches
        first, last = found.span()
        start, stop = (first, last) if is_same else folded.span(first, last)
        tokens.append(Token(kind, found.group(), start, stop, first - end))
        end = last
    return tuple(tokens)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())
