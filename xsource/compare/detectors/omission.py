"""Does an outlet that covers the story leave out what the others report?"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from xsource.compare.evidence import ordered_claims, outlet_names, quote
from xsource.records import Absence, ClaimGroup, Divergence, Silence

# Two outlets must report a claim before a third can be said to leave it out: with one, every choice of every
# newsroom would be an omission. What a single outlet says is listed as standing alone. Copies count here: it is
# worth knowing that a reprint drops a sentence of what it reprints.
MIN_REPORTERS = 2


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log odds that a silence is real, and not a sentence that was matched to nothing or merged with another.

    Fitted by logistic regression on the 159 silences of `planted/` in which three outlets report (96 of them
    planted; 8-fold F1 .866, 22 November 2026). The weight of coverage is less than fitted (2.4):
    outlets that are not translations of one another share less.

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
    """Name the outlets that leave out what most outlets of the story report.

    One divergence for each confidence: an outlet whose silence is doubtful does not make the others' less sure.
    """
    claims = ordered_claims(group)
    reporters = group.outlet_ids
    absent = sorted(group.silent, key=lambda silence: silence.article.outlet_id)
    if len(reporters) < MIN_REPORTERS or len(absent) >= len(reporters):
        return
    by_confidence: dict[float, list[Silence]] = defaultdict(list)
    for silence in absent:
        by_confidence[round(CALIBRATION.confidence(silence), 2)].append(silence)
    sides = tuple(quote(claim, 0, len(claim.sentence.text), "reported") for claim in claims)
    for confidence, silences in sorted(by_confidence.items(), reverse=True):
        absences = tuple(Absence(s.article.outlet_id, s.article.id, s.article.source) for s in silences)
        missing = ", ".join(absence.outlet_id for absence in absences)
        verb = "covers" if len(absences) == 1 else "cover"
        yield Divergence(
            kind="omission",
            group_id=group.id,
            sides=sides,
            absent_from=absences,
            confidence=confidence,
            explanation=f"{outlet_names(sides)} report it; {missing} {verb} the story without it",
        )
