"""The part of a sentence that states something: a caption, a rubric or a time stamp often stands before it.

Where a page's lines were joined without a full stop, no rule of punctuation finds the seam: "Photo: press
service The head of the republic resigned". Each word is judged in its context, and a run of words is left out
at either end where these state nothing and a line begins or ends.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xsource.judge.reading import SentenceReader
from xsource.judge.seams import word_spans
from xsource.records import FloatMatrix

FEWEST_WORDS = 3
"""Fewer words are not kept as the statement of a longer sentence."""

_MOST_ODDS = 8.0
"""No word is surer than this: one alone does not outweigh a line."""


def statement_spans(
    reader: SentenceReader, texts: Sequence[str], surely: float, seam: float
) -> list[tuple[int, int]]:
    """Give the half-open range of code points of each text that states something; where in doubt the whole.

    Args:
        reader: reads the words.
        texts: sentences.
        surely: log odds by which the words left out must be a line that states nothing, at each end.
        seam: log odds that a line begins which every place of a cut has: "at seven in the evening" at the end
            of a sentence reads like a time stamp, and is none.
    """
    every = zip(texts, reader.word_odds(texts), strict=True)
    return [_span(text, odds, surely, seam) for text, odds in every]


def _span(text: str, odds: FloatMatrix, surely: float, seam: float) -> tuple[int, int]:
    words = word_spans(text)
    count = min(len(words), len(odds))
    if count <= FEWEST_WORDS:
        return 0, len(text)
    bounded = np.clip(odds[:count].astype(np.float64), -_MOST_ODDS, _MOST_ODDS)
    sums = np.concatenate([[0.0], np.cumsum(bounded[:, 0])])
    # What leaving out the words before (from) a word gains: they state nothing, and a line begins there.
    begins = np.where(bounded[:, 1] >= seam, bounded[:, 1], -np.inf)
    before = np.concatenate([[0.0], -sums[1:count] + begins[1:] - surely])
    after = np.concatenate([sums[:count] - sums[count] + begins - surely, [0.0]])
    if len(words) > count:
        after[:count] = -np.inf  # what was not read is not left out
    best, start, end = 0.0, 0, count
    for first in range(count - FEWEST_WORDS + 1):
        last = first + FEWEST_WORDS + int(after[first + FEWEST_WORDS :].argmax())
        if before[first] + after[last] > best:
            best, start, end = float(before[first] + after[last]), first, last
    if (start, end) == (0, count):
        return 0, len(text)
    return words[start][0], len(text) if end == count else words[end - 1][1]
