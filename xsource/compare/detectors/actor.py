"""Who: one outlet names a person or an organisation where the others name another.

`Peskov` and `the Kremlin spokesman` are compatible, and so are a full name and a surname: only a name in the
place of another name is a divergence (`substitution.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from xsource.compare.evidence import divergence_order, ordered_claims, outlet_names, quote
from xsource.compare.name_runs import CAPITALS, NameRun, is_acronym, name_runs
from xsource.compare.substitution import Substitution, find_substitutions, likeliest
from xsource.facts.attribution import attributions
from xsource.facts.names_matching import is_spelled_in
from xsource.records import Claim, ClaimGroup, Divergence, Evidence, GroupId

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
    (False, False, True, True): 0.85,
}
# Less is not reported.
_LEAST: Final = 0.5
# An organisation of the gazetteer in the place of another.
_ORGANISATION: Final = 0.75
# One of the two names who says it, the other is spoken of: they hardly stand for one another.
_OTHER_ROLE: Final = 0.35
# A source of more words is more than a name.
_NAME_WORDS: Final = 2
# Two against two, and no more sentences than take no time.
_LEAST_FOR_CAMPS: Final = 4
_MOST_FOR_CAMPS: Final = 12
# Both say it, one as "the ministry's spokeswoman", the other as "the mediator": two people spoke, each as told.
_OTHER_OFFICE: Final = 0.6


def detect_actors(group: ClaimGroup) -> Iterator[Divergence]:
    """Find the names of people and organisations that differ, at most one for each outlet that stands apart.

    Where nobody has a name alone, two outlets or more may share one that stands in the place of the others'.
    """
    found = likeliest(find_substitutions(group), _confidence, _LEAST)
    for confidence, substitution in found:
        yield _divergence(group.id, substitution, confidence)
    if not found:
        camps = list(_camps(group))
        if camps:
            yield min(camps, key=lambda camp: (camp.apart, *divergence_order(camp)))


def _camps(group: ClaimGroup) -> Iterator[Divergence]:
    """Find the names that several outlets have in place of another, each as if one outlet had it."""
    claims = ordered_claims(group)
    if len(group.outlet_ids) < _LEAST_FOR_CAMPS or len(claims) > _MOST_FOR_CAMPS:
        return
    for claim in claims:
        for run in name_runs(claim):
            if run.concept or len(run.parts) < _NAME_WORDS:
                continue
            sharing = [(other, span) for other in claims if (span := _spelled(run, other)) is not None]
            rest = tuple(each for each in claims if all(each is not other for other, _ in sharing))
            rest = tuple(each for each in rest if each.outlet.id != claim.outlet.id)
            if not sharing or len({each.outlet.id for each in rest}) <= len(
                {other.outlet.id for other, _ in sharing}
            ):
                continue
            for confidence, found in likeliest(
                find_substitutions(replace(group, claims=(claim, *rest))), _confidence, _LEAST
            ):
                if (
                    found.x.claim.sentence.id == claim.sentence.id
                    and found.x.start < run.end
                    and run.start < found.x.end
                ):
                    value = found.x.concept or found.x.words
                    same = tuple(quote(other, *span, value) for other, span in sharing)
                    yield _divergence(group.id, found, confidence, same)


def _spelled(run: NameRun, other: Claim) -> tuple[int, int] | None:
    """Give where another outlet has a whole name; `None` where it does not."""
    if other.outlet.id == run.claim.outlet.id:
        return None
    language, text = other.article.language, other.sentence.text
    hits = [is_spelled_in(part, run.claim.article.language, text, language) for part in run.parts]
    places = [hit for hit in hits if hit is not None]
    if len(places) < len(hits):
        return None
    return min(hit.start for hit in places), max(hit.end for hit in places)


def _confidence(found: Substitution) -> float:
    x, y = found.x, found.y.run
    if "place" in (x.kind, y.kind) and (x.kind == y.kind or x.concept or y.concept):
        return 0.0
    lowered = (
        found.doubt + _OTHER_ROLE * (_is_source(x) != _is_source(y)) + _OTHER_OFFICE * _hold_two_offices(found)
    )
    if x.concept:
        return _ORGANISATION - lowered if found.outlets > 1 else 0.0
    if is_acronym(x) or is_acronym(y):
        return 0.0
    if len(x.parts) == 1 and x.is_sentence_start and not x.has_title:
        return 0.0
    if found.outlets == 1 and not _are_both_people(x, y):
        return 0.0
    has_capitals = x.claim.article.language in CAPITALS
    if not has_capitals and not _is_surely_replaced(found):
        return 0.0
    found_as = (
        found.outlets > 1,
        has_capitals,
        len(x.parts) > 1 or x.has_title or (not has_capitals and x.kind != "unknown"),
        len(y.parts) > 1 or (found.outlets == 1 and y.has_title),
    )
    return max(0.0, _CONFIDENCE.get(found_as, 0.0) - lowered)


def _is_source(run: NameRun) -> bool:
    """Say whether a name stands in the words for who says it."""
    return any(
        source.start <= run.start < source.end
        for source in attributions(run.claim.sentence.text, run.claim.article.language)
    )


def _hold_two_offices(found: Substitution) -> bool:
    """Say whether both names speak and what else is said of them tells two offices.

    Only what X holds need be known: "the mediator" is in no list, but no outlet calls Y a spokesman either.
    """
    held = _office(found.x.claim, found.x.start)
    others = [_office(other.claim, other.start) for other in found.y.counterparts]
    named = [kinds for kinds in others if kinds is not None]
    return bool(held and len(named) > 1 and not any(held & kinds for kinds in named))


def _office(claim: Claim, start: int) -> frozenset[str] | None:
    """Give the kinds of office in the words for who says it; `None` where a bare name or nobody is given."""
    text = claim.sentence.text
    for source in attributions(text, claim.article.language):
        if source.start <= start < source.end:
            return source.kinds if len(source.source.split()) > _NAME_WORDS else None
    return None


def _are_both_people(x: NameRun, y: NameRun) -> bool:
    """Say whether two names are people as far as their scripts tell; nobody else confirms either of them."""
    return y.kind == "person" and (x.kind == "person" or x.claim.article.language not in CAPITALS)


def _is_surely_replaced(found: Substitution) -> bool:
    """Say whether an unknown word of a script without capitals stands where everybody else has a name."""
    y = found.y.run
    if y.claim.article.language in CAPITALS:
        everybody = found.without_y == 0 and found.y.absent_words == len(y.parts)
        return everybody or (found.absent_words == len(found.x.parts) > 1 and len(y.parts) > 1)
    return found.x.has_title and y.has_title


def _divergence(
    group: GroupId, found: Substitution, confidence: float, same: tuple[Evidence, ...] = ()
) -> Divergence:
    apart, *camp = found.sides()
    sides = (apart, *same, *camp)
    theirs = f"{outlet_names(camp)} name {found.y.run.words} instead"
    return Divergence(
        kind="actor",
        group_id=group,
        sides=sides,
        apart=1 + len(same),
        confidence=round(confidence, 2),
        explanation=f"{outlet_names((apart, *same))} names {apart.words}; {theirs}.",
    )
