"""What may differ: one question a file, asked in this order.

A detector is a plain function `(ClaimGroup) -> Iterator[Divergence]`. Adding one is its file and a line here.
"""

from __future__ import annotations

from collections.abc import Callable

from xsource.compare.detectors.omission import detect_omissions
from xsource.protocols import ContradictionScorer, Detector
from xsource.records import DivergenceKind

MakeDetector = Callable[[ContradictionScorer | None], Detector]


def _plain(detector: Detector) -> MakeDetector:
    """Wrap a detector that judges by words alone."""
    return lambda _: detector


DETECTORS: tuple[tuple[DivergenceKind, MakeDetector], ...] = (("omission", _plain(detect_omissions)),)
