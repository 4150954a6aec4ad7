"""Does an outlet that covers the story leave out what the others report?"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
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


def detect_omissions(group: ClaimGroup) -> Iterator[Divergence]:
    """Name the outlets that leave out what three outlets, or most outlets of the story, report.

    One divergence for silences that are about equally sure: a doubtful one does not make the others less so.
    """
    claims = ordered_claims(group)
    reporters = group.outlet_ids
    first = min((c.article.published_at for c in claims if c.article.published_at), default=None)
    absent = [silence for silence in group.silent if _could_tell(silence, first)]
    if len(reporters) < MIN_REPORTERS or (len(reporters) < ENOUGH_REPORTERS and len(absent) >= len(reporters)):
        return
    sides = tuple(quote(claim, 0, len(claim.sentence.text), "reported") for claim in claims)
    tiers: dict[int, list[tuple[float, Absence]]] = defaultdict(list)
    for silence in sorted(absent, key=lambda silence: silence.article.outlet_id):
        article = silence.article
        confidence = 1 - silence.likelihood
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


def _could_tell(silence: Silence, first: datetime | None) -> bool:
    """Whether an outlet printed anything after the claim was first told: who could not know omits nothing."""
    latest = silence.article.published_at
    return first is None or latest is None or latest >= first
