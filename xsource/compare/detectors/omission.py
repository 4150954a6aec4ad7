"""Does an outlet that covers the story leave out what the others report?"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

from xsource.compare.evidence import ordered_claims, outlet_names, quote
from xsource.records import Absence, ClaimGroup, Divergence, Silence

# Two outlets must report a claim before a third can be said to leave it out: with one, every choice of every
# newsroom would be an omission. What a single outlet says is listed as standing alone. Copies count here: it
# is worth knowing that a reprint drops a sentence of what it reprints.
MIN_REPORTERS = 2

# From so many on a claim is part of the story, also where most outlets leave it out.
ENOUGH_REPORTERS = 3

TIERS = (0.5, 0.8)
"""Bounds of confidence between doubtful, likely and sure silences."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log odds that a silence is real, and not a sentence that was matched to nothing or merged with another.

    Fitted by logistic regression on the 159 silences of `planted/` in which three outlets report (96 of them
    planted; 8-fold F1 .866, 22 November 2026). The weight of coverage is less than fitted (2.4): outlets
    that are not translations of one another share less.

    Attributes:
        offset: of the log odds.
        free_margin: for the margin of the nearest sentence that is in no group, taken from -.2 up.
        surplus: for the length of the sentence in the claim's place, taken up to 3.
        coverage: for the part of the story's claims that the silent outlet does report.
    """

    offset: float = 3.9
    free_margin: float = -17.0
    surplus: float = -5.0
    coverage: float = 1.5

    def confidence(self, silence: Silence) -> float:
        """Give the probability 0..1 that the outlet leaves the claim out."""
        log_odds = (
            self.offset
            + self.free_margin * max(silence.free_margin, -0.2)
            + self.surplus * min(silence.surplus, 3.0)
            + self.coverage * silence.coverage
        )
        return 1 / (1 + math.exp(-log_odds))


CALIBRATION = Calibration()


def detect_omissions(group: ClaimGroup) -> Iterator[Divergence]:
    """Name the outlets that leave out what three outlets, or most outlets of the story, report.

    One divergence for silences that are about equally sure: a doubtful one does not make the others less so.
    """
    claims = ordered_claims(group)
    reporters = group.outlet_ids
    absent = sorted(group.silent, key=lambda silence: silence.article.outlet_id)
    if len(reporters) < MIN_REPORTERS or (len(reporters) < ENOUGH_REPORTERS and len(absent) >= len(reporters)):
        return
    sides = tuple(quote(claim, 0, len(claim.sentence.text), "reported") for claim in claims)
    tiers: dict[int, list[tuple[float, Absence]]] = defaultdict(list)
    for silence in absent:
        article = silence.article
        confidence = CALIBRATION.confidence(silence)
        absence = Absence(article.outlet_id, article.id, article.source)
        tiers[bisect_right(TIERS, confidence)].append((confidence, absence))
    for _, tier in sorted(tiers.items(), reverse=True):
        missing = ", ".join(absence.outlet_id for _, absence in tier)
        verb = "covers" if len(tier) == 1 else "cover"
        yield Divergence(
            kind="omission",
            group_id=group.id,
            sides=sides,
            absent_from=tuple(absence for _, absence in tier),
            confidence=round(fmean(confidence for confidence, _ in tier), 2),
            explanation=f"{outlet_names(sides)} report it; {missing} {verb} the story without it",
        )
