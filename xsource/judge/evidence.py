"""What is known of a pair before both are read beside each other: each piece a named column.

The trees that join them are the artefact's, fitted on events that the reading was not trained on.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xsource.judge.alignment import ALIGNED_COLUMNS, align_pairs
from xsource.judge.figures import NumberEvidence
from xsource.judge.reading import Readings
from xsource.records import FloatMatrix, FloatVector, IntVector

PAIR_COLUMNS = (
    "vector cosine", "csls", *ALIGNED_COLUMNS, "lead left", "lead right", "figures",
    "same language", "length ratio", "shorter length", "least stating",
)  # fmt: skip
"""`csls` is the vectors' cosine, twice, less each sentence's mean with its nearest in other articles; `lead` is
by how much the pair's cosine exceeds the best other one of its left (right) sentence in the other's article;
`figures` is what the counts of both say; lengths in tokens, logarithms; `least stating` is the lower of both
log odds that a sentence states anything."""

ASK_COLUMNS = (
    "vector cosine", *ALIGNED_COLUMNS, "figures", "names shared",
    "names missing", "same language", "length",
)  # fmt: skip
"""As above, of a question (left) and a sentence; `names missing` are the question's that the sentence lacks."""

_MOST_LEAD = 1.0
_NEIGHBOURS = 6


def pair_evidence(
    readings: Readings,
    left: IntVector,
    right: IntVector,
    articles: IntVector,
    languages: Sequence[str],
    figures: NumberEvidence,
) -> FloatMatrix:
    """Give (p, columns) evidence on p judged pairs of rows.

    Args:
        readings: of n sentences.
        left, right: (p,) rows, each pair once.
        articles: (n,) numbers of the sentences' articles.
        languages: n codes.
        figures: of the same rows.
    """
    codes = np.array([_code_number(code) for code in languages], dtype=np.int64)
    lengths = np.log([max(1, len(own)) for own in readings.states])
    stating = np.clip(readings.stating.astype(np.float64), 1e-4, 1 - 1e-4)
    stating_logits = np.log(stating / (1 - stating))
    cosines = np.einsum("ij,ij->i", readings.vectors[left], readings.vectors[right])
    counts = np.array([figures.of_pair(a, b) for a, b in zip(left.tolist(), right.tolist(), strict=True)])
    hubness = _hubness(readings.vectors, articles)
    columns = [
        cosines,
        2 * cosines - hubness[left] - hubness[right],
        *align_pairs(readings, readings, left, right).T,
        _lead(left, articles[right], cosines),
        _lead(right, articles[left], cosines),
        counts,
        codes[left] == codes[right],
        np.abs(lengths[left] - lengths[right]),
        np.minimum(lengths[left], lengths[right]),
        np.minimum(stating_logits[left], stating_logits[right]),
    ]
    return np.stack([np.asarray(column, np.float32) for column in columns], axis=1)


def _code_number(code: str) -> int:
    """Turn a language code into a number that is the same in every run."""
    return int.from_bytes(code.encode(), "big")


def _hubness(vectors: FloatMatrix, articles: IntVector) -> FloatVector:
    """Give each sentence's mean cosine with its nearest sentences of other articles."""
    found = np.zeros(len(vectors), np.float32)
    for start in range(0, len(vectors), 512):
        stop = min(start + 512, len(vectors))
        cosines = vectors[start:stop] @ vectors.T
        cosines[articles[start:stop, None] == articles[None, :]] = -1
        width = min(_NEIGHBOURS, cosines.shape[1])
        found[start:stop] = np.partition(cosines, cosines.shape[1] - width, axis=1)[:, -width:].mean(axis=1)
    return found


def _lead(rows: IntVector, other_articles: IntVector, logits: FloatVector) -> FloatVector:
    """Say by how much each pair's cosine exceeds the best other pair of its row with the same article."""
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
