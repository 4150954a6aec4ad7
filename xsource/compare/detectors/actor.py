"""Who: one outlet names a person or an organisation where the others name another.

`Peskov` and `the Kremlin spokesman` are compatible, and so are a full name and a surname: only a name in the
place of another name is a divergence (`substitution.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xsource.compare.evidence import outlet_names, quote
from xsource.compare.substitution import CAPITALS, NameRun, Substitution, find_substitutions, is_acronym
from xsource.facts.attribution import attributions
from xsource.records import ClaimGroup, Divergence, GroupId

# Confidence by (outlets beside the odd one > 1, X written with capitals, X of two or more words, Y of two or
# more words). Of the substitutions in untouched NTREX groups and in 243 names replaced in four languages, this
# part was real, (real + 1) / (all + 2), lowered by .05: independent reports differ more than translations.
# What is not listed is not reported.
_CONFIDENCE: Final = {
    (True, True, True, True): 0.93,
    (True, True, True, False): 0.92,
    (True, True, False, True): 0.87,
    (True, True, False, False): 0.64,
    (True, False, True, True): 0.93,
    (True, False, True, False): 0.75,
    (True, False, False, True): 0.85,
    (False, True, True, True): 0.9,
    (False, True, True, False): 0.85,
    (False, True, False, True): 0.8,
    (False, False, True, True): 0.85,
}
# Less is not reported.
_LEAST: Final = 0.5
# An organisation of the gazetteer in the place of another.
_ORGANISATION: Final = 0.75
# Where some of the others do not have Y either, Y may be a detail: confidence falls by this times their part.
_WITHOUT_Y: Final = 0.45
# One of the two names who says it, the other is spoken of: they hardly stand for one another.
_OTHER_ROLE: Final = 0.35


def detect_actors(group: ClaimGroup) -> Iterator[Divergence]:
    """Find the names of people and organisations that differ, at most one for each outlet that stands apart."""
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
    if "place" in (x.kind, y.kind) and (x.kind == y.kind or x.concept or y.concept):
        return 0.0
    lowered = _WITHOUT_Y * found.without_y / (found.without_y + len(found.y.counterparts))
    lowered += _OTHER_ROLE * (_is_source(x) != _is_source(y))
    if x.concept:
        return _ORGANISATION - lowered if found.outlets > 1 else 0.0
    if is_acronym(x) or is_acronym(y):
        return 0.0
    if len(x.parts) == 1 and x.is_sentence_start and not x.has_title:
        return 0.0
    has_capitals = x.claim.article.language in CAPITALS
    if not has_capitals and not _is_surely_replaced(found):
        return 0.0
    found_as = (
        found.outlets > 1,
        has_capitals,
        len(x.parts) > 1 or x.has_title or (has_capitals is False and x.kind != "unknown"),
        len(y.parts) > 1,
    )
    return max(0.0, _CONFIDENCE.get(found_as, 0.0) - lowered)


def _is_source(run: NameRun) -> bool:
    """Say whether a name stands in the words for who says it."""
    return any(
        source.start <= run.start < source.end
        for source in attributions(run.claim.sentence.text, run.claim.article.language)
    )


def _is_surely_replaced(found: Substitution) -> bool:
    """Say whether an unknown word of a script without capitals stands where everybody else has a name."""
    y = found.y.run
    if y.claim.article.language in CAPITALS:
        everybody = found.without_y == 0 and found.y.absent_words == len(y.parts)
        return everybody or (found.absent_words == len(found.x.parts) > 1 and len(y.parts) > 1)
    return found.x.has_title and y.has_title


def _divergence(group: GroupId, found: Substitution, confidence: float) -> Divergence:
    x, y = found.x, found.y.run
    apart = quote(x.claim, x.start, x.end, x.concept or x.words)
    camp = tuple(
        quote(counterpart.claim, counterpart.start, counterpart.end, y.concept or y.words)
        for counterpart in found.y.counterparts
    )
    return Divergence(
        kind="actor",
        group_id=group,
        sides=(apart, *camp),
        confidence=round(confidence, 2),
        explanation=f"{apart.outlet_id} names {x.words}; {outlet_names(camp)} name {y.words} instead.",
    )
