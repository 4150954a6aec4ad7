"""Do two sentences say the same thing, apart from what they differ in?

Of two outlets alone nobody confirms either, and two figures or names in like places may belong to different
things: "85 years of the theatre", "another theatre's 84th anniversary". So the sentences are compared without
the words that differ. What is not alike enough is left unsaid: silence costs less than a false alarm.
"""

from __future__ import annotations

from collections.abc import Iterator

from xsource.protocols import ContradictionScorer, Detector
from xsource.records import ClaimGroup, Divergence, Evidence

# Of the sentences that follow each other in an article of the parallel text, one pair in a hundred is as alike,
# in one language and across two; of its translations four in five are, Russian and English (November 2026,
# `tools/calibrate_closeness.py`).
ALIKE_IN_ONE_LANGUAGE = 0.73
ALIKE_ACROSS_LANGUAGES = 0.48


def confirm_two(detector: Detector, scorer: ContradictionScorer | None) -> Detector:
    """Let a detector speak of two outlets alone only where their sentences are alike but for the difference.

    Args:
        detector: its divergences have one side of each outlet.
        scorer: knows how alike two sentences are; without one everything is let through.
    """
    if scorer is None:
        return detector

    def detect(group: ClaimGroup) -> Iterator[Divergence]:
        for divergence in detector(group):
            if len(group.claims) > 2 or are_alike(divergence.sides, scorer):
                yield divergence

    return detect


def are_alike(sides: tuple[Evidence, ...], scorer: ContradictionScorer) -> bool:
    """Whether the first and the last side's sentences are alike without the words shown."""
    one, other = sides[0], sides[-1]
    (closeness,) = scorer.closeness([(_without_words(one), _without_words(other))])
    return bool(closeness >= least_alike(one.language, other.language))


def least_alike(one: str, other: str) -> float:
    """Give the closeness that hardly any two sentences of two languages reach that are not the same."""
    return ALIKE_IN_ONE_LANGUAGE if one == other else ALIKE_ACROSS_LANGUAGES


def _without_words(side: Evidence) -> str:
    return side.sentence[: side.start] + "#" + side.sentence[side.end :]
