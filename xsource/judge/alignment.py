"""Token by token: how much of each sentence has its counterpart in the other."""

from __future__ import annotations

import numpy as np

from xsource.judge.reading import Readings
from xsource.records import FloatMatrix, IntVector

ALIGNED_COLUMNS = ("answered low", "answered high", "unanswered left", "unanswered right")
"""Of each sentence the mean, weighted by what a token tells, of its tokens' likeness to their nearest in the
other sentence: the lower and the higher of both. Then the weighted share of tokens that have none nearer than
`_NEAR`."""

_NEAR = 0.5


def align_pairs(left: Readings, right: Readings, rows: IntVector, others: IntVector) -> FloatMatrix:
    """Give (p, 4) for p pairs of a row of `left` and a row of `right`, see `ALIGNED_COLUMNS`."""
    found = np.zeros((len(rows), len(ALIGNED_COLUMNS)), np.float32)
    for at, (one, other) in enumerate(zip(rows.tolist(), others.tolist(), strict=True)):
        likeness = left.tokens[one] @ right.tokens[other].T
        own, their = likeness.max(axis=1), likeness.max(axis=0)
        weights, their_weights = left.weights[one], right.weights[other]
        answered, counter = float(own @ weights), float(their @ their_weights)
        found[at] = (
            min(answered, counter),
            max(answered, counter),
            float(weights @ (own < _NEAR)),
            float(their_weights @ (their < _NEAR)),
        )
    return found
