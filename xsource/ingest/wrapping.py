"""Join the lines that an editor or a mailer wrapped at a fixed width, in any script.

A program that wraps puts as many words on a line as fit. So the next line's first word never had room on the
line before it, and a text most of whose lines obey that was wrapped, capitals or not: Arabic and Hebrew have
none. Lines that are paragraphs of their own, or headlines, break the rule somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

COLUMNS = (38, 110)  # the widths that editors, mailers and news wires wrap at
_SLACK = 3  # a line was this much longer when it was wrapped: marks that cleaning took out or composed
_SHARE = 0.9
_CHANCE = 3  # so many headlines one below the other may be of one length; more are not
_MIN_ALONE = 30  # a line this long that goes on in lower case was wrapped, whatever the rest is like
_SENTENCE_END = (".", "!", "?", "…", ".»", ".”", '."', "!»", "؟", "۔", ":", ";", "؛")
_MID_SENTENCE_END = re.compile(r"[.!?؟…]['\"»”]? \S")
_FIRST_WORD = re.compile(r"\S+")


def join_wrapped(blocks: Sequence[Sequence[str]]) -> Iterator[str]:
    """Give the paragraphs of a text.

    Args:
        blocks: what blank lines separate, as lines without blanks at their ends.
    """
    width = _find_width(blocks)
    for block in blocks:
        paragraph: list[str] = []
        for line in block:
            if paragraph and not _goes_on(paragraph[-1], line, width):
                yield " ".join(paragraph)
                paragraph = []
            paragraph.append(line)
        if paragraph:
            yield " ".join(paragraph)


def _find_width(blocks: Sequence[Sequence[str]]) -> int | None:
    """Tell at how many columns a text was wrapped; `None` for one that was not."""
    # A word longer than a line, such as an address, is no measure.
    width = max((len(line) for block in blocks for line in block if " " in line), default=0)
    breaks = [(block[row], block[row + 1]) for block in blocks for row in range(len(block) - 1)]
    if not COLUMNS[0] <= width <= COLUMNS[1] or len(breaks) < 2:
        return None
    # A line that ends in a full stop may be the end of a paragraph: it says nothing.
    open_breaks = [(line, following) for line, following in breaks if not line.endswith(_SENTENCE_END)]
    full = sum(_has_no_room(line, following, width) for line, following in open_breaks)
    if len(open_breaks) < 2 or len(open_breaks) * 3 < len(breaks) or full < _SHARE * len(open_breaks):
        return None
    lines = [line for block in blocks for line in block]
    cased = [following for _, following in open_breaks if following[0].islower() or following[0].isupper()]
    if cased and 2 * sum(following[0].isupper() for following in cased) > len(cased):
        return None  # headlines one below the other
    is_prose = any(_MID_SENTENCE_END.search(line) for line in lines) or len(open_breaks) > _CHANCE
    return width if is_prose or any(following[0].islower() for following in cased) else None


def _goes_on(line: str, following: str, width: int | None) -> bool:
    """Whether a line goes on in the one below it."""
    ends = line.endswith(_SENTENCE_END)
    if width is not None and _has_no_room(line, following, width):
        return True
    return not ends and len(line) >= _MIN_ALONE and (following[0].islower() or line.endswith((",", "،")))


def _has_no_room(line: str, following: str, width: int) -> bool:
    first = _FIRST_WORD.match(following)
    return len(line) + 1 + len(first.group() if first else "") > width - _SLACK
