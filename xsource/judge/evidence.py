"""What is known of a pair of sentences beside the joint reading: each piece a named column.

The weights that join them are the artefact's (`pair.weights`), fitted on events that the reading was not trained on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xsource.judge.figures import NumberEvidence
from xsource.judge.reading import Readings
from xsource.records import FloatMatrix, FloatVector, IntVector

PAIR_COLUMNS = (
    "same fact", "differs", "told", "contrary", "vector cosine", "lead left", "lead right", "figures", "same language",
    "length ratio", "shorter length", "least stating",
)  # fmt: skip
"""`same fact` to `contrary` are the joint reading's logits; `lead` is by how much the pair's logit exceeds the best
other one of its left (right) sentence in the other one's article, cut to -4..4; `figures` what the counts of both say;
lengths in tokens, logarithms; `least stating` the lower of both logits that a sentence states anything."""

_MOST_LEAD = 4.0


def pair_evidence(
    readings: Readings,
    left: IntVector,
    right: IntVector,
    logits: FloatMatrix,
    articles: IntVector,
    languages: Sequence[str],
    figures: NumberEvidence,
) -> FloatMatrix:
    """Give (p, columns) evidence on p judged pairs of rows.

    Args:
        readings: of n sentences.
        left, right: (p,) rows, each pair once.
        logits: (p, 4) of the joint reading.
        articles: (n,) numbers of the sentences' articles.
        languages: n codes.
        figures: of the same rows.
    """
    codes = np.array([hash_free(code) for code in languages], dtype=np.int64)
    lengths = np.log([max(1, len(own)) for own in readings.states])
    stating = np.clip(readings.stating.astype(np.float64), 1e-4, 1 - 1e-4)
    stating_logits = np.log(stating / (1 - stating))
    cosines = np.einsum("ij,ij->i", readings.vectors[left], readings.vectors[right])
    counts = np.array([figures.of_pair(a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True)])
    columns = [
        *logits.T,
        cosines,
        _lead(left, articles[right], logits[:, 0]),
        _lead(right, articles[left], logits[:, 0]),
        counts,
        codes[left] == codes[right],
        np.abs(lengths[left] - lengths[right]),
        np.minimum(lengths[left], lengths[right]),
        np.minimum(stating_logits[left], stating_logits[right]),
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def hash_free(code: str) -> int:
    """Turn a language code into a number that is the same in every run."""
    return int.from_bytes(code.encode(), "big")


def _lead(rows: IntVector, other_articles: IntVector, logits: FloatVector) -> FloatVector:
    """Say by how much each pair's logit exceeds the best other pair of its row with the same article."""
    best: dict[tuple[int, int], list[float]] = {}
    keys = list(zip(rows.tolist(), other_articles.tolist(), strict=True))
    for key, logit in zip(keys, logits.tolist(), strict=True):
        held = best.setdefault(key, [-np.inf, -np.inf])
        if logit > held[0]:
            best[key] = [logit, held[0]]
        elif logit > held[1]:
            held[1] = logit
    lead = [
        logit - (best[key][1] if logit == best[key][0] else best[key][0])
        for key, logit in zip(keys, logits.tolist(), strict=True)
    ]
    return np.clip(np.array(lead, np.float32), -_MOST_LEAD, _MOST_LEAD)
