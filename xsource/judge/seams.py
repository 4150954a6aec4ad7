"""Where a caption, a rubric or a time stamp ends and the statement begins, word by word.

A small network over the states of a sentence's words and the shape of each: it says how likely a word is
part of a statement, and how likely a line of the page began at it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from xsource.records import FloatMatrix

_WORD = re.compile(r"\S+")
_ENDS, _PAUSES, _CLOSERS = ".!?…؟", ",،;؛", ')]»"”'
_RULES = frozenset("-–—|/·•►»")
_QUOTES = "\"'«»„“”‘’()[]"
SHAPE_COLUMNS = 12
"""Of a word: ends a sentence, a clause, with a colon; a rule; a capital, a digit, all capitals; the first, the
last; words before and after it (ten at most, in tenths); ends with a closing mark."""


def word_spans(text: str) -> list[tuple[int, int]]:
    """Give the half-open ranges of code points of a text's words: what stands between spaces."""
    return [(match.start(), match.end()) for match in _WORD.finditer(text)]


def word_shapes(words: Sequence[str]) -> FloatMatrix:
    """Give (n, SHAPE_COLUMNS) of a sentence's n words."""
    rows = np.zeros((len(words), SHAPE_COLUMNS), np.float32)
    for at, word in enumerate(words):
        bare = word.strip(_QUOTES)
        rows[at] = (
            word[-1] in _ENDS, word[-1] in _PAUSES, word[-1] == ":", word in _RULES,
            bare[:1].isupper(), any(sign.isdigit() for sign in word), len(bare) > 1 and bare.isupper(),
            at == 0, at == len(words) - 1, min(at, 10) / 10, min(len(words) - 1 - at, 10) / 10,
            word[-1] in _CLOSERS,
        )  # fmt: skip
    return rows


def word_odds(arrays: Mapping[str, npt.NDArray[np.generic]], words: FloatMatrix) -> FloatMatrix:
    """Give of n words (n, 2) log odds: that it is part of a statement, that a line begins with it.

    Args:
        arrays: of the artefact: a projection and two convolutions over five words, each added to what it reads.
        words: (n, 384 + SHAPE_COLUMNS), a word's mean state and its shape.
    """
    hidden = _gelu(words @ _array(arrays, "seam.in.w").T + _array(arrays, "seam.in.b"))
    for name in ("seam.near", "seam.wide"):
        hidden = hidden + _gelu(_convolved(hidden, _array(arrays, f"{name}.w"), _array(arrays, f"{name}.b")))
    return cast("FloatMatrix", hidden @ _array(arrays, "seam.out.w").T + _array(arrays, "seam.out.b"))


def _array(arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> FloatMatrix:
    return arrays[name].astype(np.float32)


def _convolved(rows: FloatMatrix, kernel: FloatMatrix, offset: FloatMatrix) -> FloatMatrix:
    """Convolve (n, in) rows with an (out, in, width) kernel, zeros beyond both ends."""
    width = kernel.shape[2]
    padded = np.pad(rows, ((width // 2, width // 2), (0, 0)))
    found = np.tile(offset, (len(rows), 1))
    for place in range(width):
        found += padded[place : place + len(rows)] @ kernel[:, :, place].T
    return found


def _gelu(rows: FloatMatrix) -> FloatMatrix:
    """The Gaussian error linear unit; the error function as in Abramowitz and Stegun, 7.1.26."""
    scaled = np.abs(rows) / np.float32(2**0.5)
    t = 1 / (1 + np.float32(0.3275911) * scaled)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(rows) * (1 - poly * np.exp(-scaled * scaled))
    return cast("FloatMatrix", (rows * (1 + erf) / 2).astype(np.float32))
