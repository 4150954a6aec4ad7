"""Natural contradictions: of the labelled pairs that the detectors flag, how many are labelled contradictions?

Pairs of sentences as if two outlets had printed them (XNLI, HebNLI, ANS), through the number, actor and
polarity detectors. Nobody else confirms either side, which is the hardest case there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xsource.compare.contradiction import KnownPairs
from xsource.evaluate.polarity import (
    LabelledPair,
    PairFigures,
    group_of_sentences,
    pair_figures,
    read_labelled_pairs,
)
from xsource.protocols import ContradictionScorer
from xsource.records import ClaimGroup
from xsource.registry import MakeDetectors

KINDS = "number,actor,polarity"


def measure_labelled_pairs(
    bench: Path, make_detectors: MakeDetectors, scorer: ContradictionScorer | None, min_confidence: float
) -> Mapping[str, PairFigures]:
    """Run detectors on every labelled set.

    Args:
        bench: the folder of benchmark data.
        make_detectors: gives the detectors of `KINDS` around a scorer.
        scorer: judges contradictions; `None` leaves them to the rules.
        min_confidence: from which a finding counts as a flag: the default of the settings, for users.
    """
    found = {}
    for name, pairs in read_labelled_pairs(bench).items():
        known = KnownPairs(scorer, [(pair.left, pair.right) for pair in pairs]) if scorer else None
        detectors = make_detectors(known)
        found[name] = pair_figures(
            [
                (
                    max((d.confidence for detect in detectors for d in detect(_as_group(pair))), default=0.0),
                    pair.contradicts,
                )
                for pair in pairs
            ],
            min_confidence,
        )
    return found


def _as_group(pair: LabelledPair) -> ClaimGroup:
    sides = [("left", pair.left_language, pair.left), ("right", pair.right_language, pair.right)]
    return group_of_sentences(sides)
