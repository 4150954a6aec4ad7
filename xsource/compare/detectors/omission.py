"""Does an outlet that covers the story leave out what the others report?"""

from __future__ import annotations

from collections.abc import Iterator

from xsource.compare.evidence import ordered_claims, outlet_names, quote
from xsource.records import Absence, ClaimGroup, Divergence, Silence

# Two outlets must report a claim before a third can be said to leave it out: with one, every choice of every
# newsroom would be an omission. What a single outlet says is listed as standing alone.
MIN_REPORTERS = 2


def detect_omissions(group: ClaimGroup) -> Iterator[Divergence]:
    """Name the outlets that leave out what most outlets of the story report, one divergence a claim.

    An omission is doubtful where the silent outlet has a sentence that almost matched, or shares little else
    with the others: then it tells another part of the story rather than the same one with a gap.
    """
    claims = ordered_claims(group)
    reporters = {claim.outlet.id for claim in claims}
    absent = [s for s in group.silent if s.article.outlet_id not in reporters]
    if len(reporters) < MIN_REPORTERS or len(absent) >= len(reporters):
        return
    ordered = sorted(absent, key=lambda silence: silence.article.outlet_id)
    for confidence, silences in _by_confidence(ordered, len(reporters)).items():
        sides = tuple(quote(claim, 0, len(claim.sentence.text), "reported") for claim in claims)
        absences = tuple(Absence(s.article.outlet_id, s.article.id, s.article.source) for s in silences)
        missing = ", ".join(absence.outlet_id for absence in absences)
        yield Divergence(
            kind="omission",
            group_id=group.id,
            sides=sides,
            absent_from=absences,
            confidence=confidence,
            explanation=f"{outlet_names(sides)} report it; {missing} covers the story without it"
            if len(absences) == 1
            else f"{outlet_names(sides)} report it; {missing} cover the story without it",
        )


def _by_confidence(silences: list[Silence], reporters: int) -> dict[float, list[Silence]]:
    found: dict[float, list[Silence]] = {}
    for silence in silences:
        found.setdefault(omission_confidence(silence, reporters), []).append(silence)
    return found


def omission_confidence(silence: Silence, reporters: int) -> float:
    """Judge 0..1 how surely an outlet leaves a claim out; see the reliability table in the evaluation."""
    near = min(1.0, max(0.0, silence.nearest_margin))
    return round((1 - near) * (0.5 + 0.5 * silence.coverage) * min(1.0, 0.55 + 0.15 * reporters), 2)
