"""Boosted trees in arrays: how the pieces of evidence are joined into one probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from xsource.records import FloatMatrix, FloatVector


@dataclass(frozen=True, slots=True)
class Trees:
    """An ensemble of binary trees whose leaves add up to log odds.

    Attributes:
        feature: (nodes,) column that a node asks, -1 for a leaf.
        threshold: (nodes,) a row whose value is at most this goes left.
        left, right: (nodes,) where it goes.
        value: (nodes,) log odds that a leaf adds.
        roots: (trees,) first node of each.
        offset: log odds before any tree.
    """

    feature: npt.NDArray[np.int32]
    threshold: npt.NDArray[np.float64]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float64]
    roots: npt.NDArray[np.int32]
    offset: float

    @classmethod
    def of(cls, arrays: Mapping[str, npt.NDArray[np.generic]], name: str) -> Trees:
        """Take the trees of a name from an artefact's arrays."""
        return cls(
            arrays[f"{name}.feature"].astype(np.int32),
            arrays[f"{name}.threshold"].astype(np.float64),
            arrays[f"{name}.left"].astype(np.int32),
            arrays[f"{name}.right"].astype(np.int32),
            arrays[f"{name}.value"].astype(np.float64),
            arrays[f"{name}.roots"].astype(np.int32),
            float(arrays[f"{name}.offset"].astype(np.float64)[0]),
        )

    def probabilities(self, evidence: FloatMatrix) -> FloatVector:
        """Give (n,) probabilities for (n, columns) evidence, to four places: the same in any batch."""
        odds = np.full(len(evidence), self.offset)
        every = np.arange(len(evidence))
        for root in self.roots.tolist():
            at = np.full(len(evidence), root, np.int32)
            while True:
                asked = self.feature[at]
                inner = asked >= 0
                if not inner.any():
                    break
                values = evidence[every, np.where(inner, asked, 0)]
                onward = np.where(values <= self.threshold[at], self.left[at], self.right[at])
                at = np.where(inner, onward, at)
            odds += self.value[at]
        return cast("FloatVector", np.round(1 / (1 + np.exp(-odds)), 4).astype(np.float32))
