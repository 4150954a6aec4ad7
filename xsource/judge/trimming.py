"""The part of a sentence that states something: a caption, a rubric or a time stamp often stands before it.

Where a page's lines were joined without a full stop, no rule of punctuation finds the seam: "Photo: press
service The
head of the republic resigned". Each word is judged by the state of its tokens, and the run of words is kept
that states most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from xsource.judge.reading import SentenceReader
from xsource.records import FloatVector

FEWEST_WORDS = 4
"""Fewer words are not kept as the statement of a longer sentence."""

_WORD = re.compile(r"\S+")


def statement_spans(reader: SentenceReader, texts: Sequence[str], surely: float) -> list[tuple[int, int]]:
    """Give the half-open range of code points of each text that states something; where in doubt the whole.

    Args:
        reader: reads the words.
        texts: sentences.
        surely: log odds by which the words left out must state nothing, at each end.
    """
    return [_span(text, odds, surely) for text, odds in zip(texts, reader.word_odds(texts), strict=True)]


def _span(text: str, odds: FloatVector, surely: float) -> tuple[int, int]:
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    count = min(len(words), len(odds))
    if count <= FEWEST_WORDS:
        return 0, len(text)
    sums = np.concatenate([[0.0], np.cumsum(odds[:count])])
    # The run with the highest sum (Kadane): the lowest sum before each end.
    lowest = np.minimum.accumulate(sums[:-1])
    end = int((sums[1:] - lowest).argmax()) + 1
    start = int(sums[:end].argmin())
    if len(words) > count and end == count:
        end = len(words)  # what was not read is not left out
    if sums[start] > -surely:
        start = 0
    if end < len(words) and sums[count] - sums[min(end, count)] > -surely:
        end = len(words)
    if end - start < FEWEST_WORDS:
        return 0, len(text)
    return words[start][0], words[end - 1][1]
