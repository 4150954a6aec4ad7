"""Where: one outlet sets a place in the place of another's.

Only places that the gazetteer knows or that the sentence itself marks as places (`in Kharkiv`, `Baker Street`)
are compared. A capital and its country, or a country and a region of it, are compatible.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xsource.compare.evidence import outlet_names, quote
from xsource.compare.substitution import Substitution, find_substitutions
from xsource.records import ClaimGroup, Divergence, GroupId

# By (outlets beside the odd one > 1, both in the gazetteer). Chosen on untouched NTREX groups and on places
# replaced in them.
_CONFIDENCE: Final = {(True, True): 0.85, (True, False): 0.7, (False, True): 0.65, (False, False): 0.55}
# Less is not reported.
_LEAST: Final = 0.5
# Where some of the others do not have Y either, Y may be a detail: this times their part.
_WITHOUT_Y: Final = 0.45


def detect_places(group: ClaimGroup) -> Iterator[Divergence]:
    """Find the places that differ, at most one for each outlet that stands apart."""
    best: dict[str, tuple[float, float, Substitution]] = {}
    for substitution in find_substitutions(group):
        confidence = _confidence(substitution)
        # Where only two outlets speak, both stand apart: one finding says it.
        apart = substitution.x.claim.sentence.id if substitution.outlets > 1 else ""
        rank = (confidence, -substitution.displacement, substitution)
        if confidence >= _LEAST and (apart not in best or rank[:2] > best[apart][:2]):
            best[apart] = rank
    for confidence, _, substitution in best.values():
        yield _divergence(group.id, substitution, confidence)


def _confidence(found: Substitution) -> float:
    x, y = found.x, found.y.run
    # "Russian" describes people and things wherever they are: it places nothing.
    if x.kind != "place" or y.kind != "place" or x.is_people or y.is_people:
        return 0.0
    lowered = _WITHOUT_Y * found.without_y / (found.without_y + len(found.y.counterparts))
    return max(0.0, _CONFIDENCE[found.outlets > 1, bool(x.concept)] - lowered)


def _divergence(group: GroupId, found: Substitution, confidence: float) -> Divergence:
    x, y = found.x, found.y.run
    apart = quote(x.claim, x.start, x.end, x.concept or x.words)
    camp = tuple(
        quote(counterpart.claim, counterpart.start, counterpart.end, y.concept or y.words)
        for counterpart in found.y.counterparts
    )
    return Divergence(
        kind="place",
        group_id=group,
        sides=(apart, *camp),
        confidence=round(confidence, 2),
        explanation=f"{apart.outlet_id} places it in {x.words}; {outlet_names(camp)} in {y.words}.",
    )
