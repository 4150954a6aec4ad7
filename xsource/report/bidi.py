"""Text of two directions on one line: isolates around values, visual order for terminals without bidi."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from xsource.records import LANGUAGES

BidiMode = Literal["logical", "visual"]

_FIRST_STRONG_ISOLATE = "\u2068"
_POP_ISOLATE = "\u2069"
_RTL = frozenset({"he", "ar"})

# What could reorder the text around a value, or act on a terminal: explicit bidi controls, C0 and C1 controls
# (escape sequences among them) but for tab and line feed, and line separators.
_DANGEROUS: dict[int, str | None] = dict.fromkeys(
    (
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0x200E,
        0x200F,
        0x061C,
        *(code for code in range(0x20) if code not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
    )
)
_DANGEROUS |= {0x2028: " ", 0x2029: " "}


def direction(language: str) -> Literal["ltr", "rtl"]:
    """Give the direction of a language's text; what is not ours is taken as left to right."""
    return "rtl" if language in _RTL and language in LANGUAGES else "ltr"


def plain(text: str) -> str:
    """Take out of an outlet's text what could act on a terminal or reorder its surroundings."""
    return text.translate(_DANGEROUS)


def isolate(text: str) -> str:
    """Embed a value in text of any direction: it keeps its own order and does not disturb its neighbours.

    Unicode Standard Annex 9, section 2.4: first strong isolate, closed by pop directional isolate.
    """
    return f"{_FIRST_STRONG_ISOLATE}{plain(text)}{_POP_ISOLATE}" if text else ""


def embedder_for(mode: BidiMode) -> Callable[[str], str]:
    """Give the function that prepares an outlet's words for output.

    `logical` leaves reordering to the terminal (most do it, or leave the order as stored); `visual` reorders
    here, for terminals that print code points left to right.
    """
    if mode == "logical":
        return isolate
    from bidi import get_display

    def visual(text: str) -> str:
        return "\n".join(str(get_display(line)) for line in plain(text).split("\n"))

    return visual
