"""Two readings side by side: the upper layers, which see both sentences at once.

The graph is the artefact's `joint.onnx` (int8 weights) and runs on ONNX Runtime, which is here with
argostranslate anyway; PyTorch would take two seconds to import, and numpy four times the time of a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

import numpy as np

from xsource.errors import ModelError
from xsource.judge.artefact import Artefact
from xsource.judge.reading import Readings
from xsource.records import FloatMatrix

if TYPE_CHECKING:
    import onnxruntime

MOST_TOKENS = 256
"""Tokens of both sentences together; of a longer pair the longer sentence is cut."""

BATCH_TOKENS = 1536
"""Padded tokens of one batch: its arrays stay in the second-level cache."""

COLUMNS = ("same fact", "differs", "told", "contrary")
"""What the four logits of a pair are for. The first two do not depend on which sentence comes first in meaning:
that both share a fact, and that they then state it differently. The last two are about a claim (left) and a
sentence (right): the sentence tells all of the claim; it says the contrary."""


class JointReader:
    """Gives the logits of pairs of read sentences.

    Args:
        artefact: with the graph.
        first_token: of a sentence, after its mark and prefix: the right sentence joins from there.
        threads: processor cores used; 0 for all.
    """

    def __init__(self, artefact: Artefact, first_token: int, *, threads: int = 0) -> None:
        self._artefact, self._first, self._threads = artefact, first_token, threads

    def logits(self, left: Readings, right: Readings, pairs: Sequence[tuple[int, int]]) -> FloatMatrix:
        """Give (p, 4) logits, see `COLUMNS`, of p pairs of a row of `left` and a row of `right`."""
        found = np.zeros((len(pairs), len(COLUMNS)), np.float32)
        lengths = [
            min(MOST_TOKENS, len(left.states[a]) + max(0, len(right.states[b]) - self._first)) for a, b in pairs
        ]
        order = sorted(range(len(pairs)), key=lengths.__getitem__)
        start = 0
        while start < len(order):
            stop = start + 1
            while stop < len(order) and (stop + 1 - start) * lengths[order[stop]] <= BATCH_TOKENS:
                stop += 1
            chosen = order[start:stop]
            found[chosen] = self._run(left, right, [pairs[at] for at in chosen])
            start = stop
        return found

    def _run(self, left: Readings, right: Readings, pairs: Sequence[tuple[int, int]]) -> FloatMatrix:
        sides = [_cut(left.states[a], right.states[b][self._first :]) for a, b in pairs]
        width = max(len(a) + len(b) for a, b in sides)
        states = np.zeros((len(pairs), width, sides[0][0].shape[1]), np.float32)
        of_left = np.zeros((len(pairs), width), np.float32)
        of_right = np.zeros_like(of_left)
        for row, (a, b) in enumerate(sides):
            states[row, : len(a)], of_left[row, : len(a)] = a, 1
            states[row, len(a) : len(a) + len(b)], of_right[row, len(a) : len(a) + len(b)] = b, 1
        (logits,) = self._session.run(None, {"states": states, "of_left": of_left, "of_right": of_right})
        return cast("FloatMatrix", logits)

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        import os

        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads or 0
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(
                self._artefact.arrays["joint.onnx"].tobytes(), options, providers=["CPUExecutionProvider"]
            )
        except Exception as exc:  # the library's own exceptions share no base
            raise ModelError(
                f"judge {self._artefact.id}: its joint layers cannot be loaded: {exc}", "docs/retraining.md"
            ) from exc


def _cut(left: FloatMatrix, right: FloatMatrix) -> tuple[FloatMatrix, FloatMatrix]:
    if len(left) + len(right) <= MOST_TOKENS:
        return left, right
    kept = max(MOST_TOKENS // 2, MOST_TOKENS - len(right))
    left = left[:kept]
    return left, right[: MOST_TOKENS - len(left)]
