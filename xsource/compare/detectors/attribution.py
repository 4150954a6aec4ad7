"""Do the outlets name different sources, or does one state as its own what others attribute?

Quiet by design: sources differ only when each is of a known kind (police, hospital, ministry) that the other
sentence does not mention in any way, and share no name. An outlet states something as its own only when
nothing at all in its sentence qualifies it and the source that others name does not occur in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from xsource.compare.evidence import (
    Split,
    fewer_first,
    ordered_claims,
    outlet_names,
    quote,
    quote_nothing,
    split_by_agreement,
)
from xsource.facts.attribution import Attribution, attributions, source_kinds
from xsource.facts.certainty import certainty
from xsource.facts.names import NameMention, names
from xsource.facts.names_matching import find_name
from xsource.records import Claim, ClaimGroup, Divergence, Evidence

# Kinds that one source may have in two languages: "officials" are "власти", a "ministry" and its "spokesman".
_ALIKE: Final = (
    frozenset({"officials", "ministry", "spokesman", "presidency", "parliament", "embassy", "army", "police"}),
    frozenset({"court", "prosecutors", "lawyer", "investigators", "police"}),
    frozenset({"experts", "survey", "investigators", "documents", "hospital", "company"}),
    frozenset({"media", "survey", "documents", "sources"}),
    frozenset({"company", "workers", "spokesman", "officials", "movement"}),
    frozenset({"witnesses", "family", "workers"}),
)

# 2026-11-22: of 17 groups shown on the shipped corpora 11 stand in their gold answers and the rest read as
# real; of 552 untouched groups of true translations one is shown (tests/compare/test_quiet_detectors.py). Too
# few to go higher.
_OTHER_SOURCE: Final = 0.6
_OTHER_SOURCE_OF_TWO: Final = 0.55
_NO_SOURCE: Final = 0.55


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one claim says of its sources.

    Attributes:
        sources: the named ones that surely attribute the statement, cited ones included.
        kinds: what kinds of source these are.
        mentioned: every kind of source that the sentence mentions.
    """

    claim: Claim
    sources: tuple[Attribution, ...]
    kinds: frozenset[str]
    mentioned: frozenset[str]
    is_plain: bool


def detect_attribution(group: ClaimGroup) -> Iterator[Divergence]:
    """Find outlets that name another source than the rest, or none."""
    readings = [_read(claim) for claim in ordered_claims(group)]
    split = split_by_agreement([each for each in readings if each.kinds], _agree)
    if split is not None:
        yield _other_source(group, split)
        return
    sourced = [each for each in readings if each.kinds or _named(each)]
    plain = [
        each for each in readings if each.is_plain and not any(_mentions(each, other) for other in sourced)
    ]
    if sourced and plain:
        yield _no_source(group, sourced, plain)


def _read(claim: Claim) -> _Reading:
    text, language = claim.sentence.text, claim.article.language
    framed = [
        each
        for outer in attributions(text, language)
        for each in outer.chain
        if each.is_framed and not each.is_unnamed
    ]
    return _Reading(
        claim=claim,
        sources=tuple(framed),
        kinds=frozenset(kind for each in framed for kind in each.kinds),
        mentioned=source_kinds(text, language),
        is_plain=certainty(text, language).is_plain,
    )


def _agree(left: _Reading, right: _Reading) -> bool:
    return _mentions(left, right) or _mentions(right, left)


def _mentions(reading: _Reading, other: _Reading) -> bool:
    """Say whether a sentence mentions the sources of another one, by kind or by name."""
    if not _widened(other.kinds).isdisjoint(reading.mentioned):
        return True
    if other.kinds:
        return False  # a place in the source's name (officials in Gaza) says nothing
    text, language = reading.claim.sentence.text, reading.claim.article.language
    return any(find_name(name, text, language) for name in _named(other))


def _named(reading: _Reading) -> list[NameMention]:
    """Give the names of the people, or else of whatever has a name, among a claim's sources."""
    text, language = reading.claim.sentence.text, reading.claim.article.language
    inside = [
        name
        for name in names(text, language)
        if any(source.start <= name.start and name.end <= source.end for source in reading.sources)
    ]
    return [name for name in inside if name.kind == "person"] or inside


def _widened(kinds: frozenset[str]) -> frozenset[str]:
    return kinds.union(*(alike for alike in _ALIKE if not alike.isdisjoint(kinds)))


def _evidence(reading: _Reading) -> Evidence:
    source = next((each for each in reading.sources if each.kinds), reading.sources[0])
    return quote(reading.claim, source.start, source.end, ", ".join(sorted(source.kinds)) or source.source)


def _other_source(group: ClaimGroup, split: Split[_Reading]) -> Divergence:
    sides = tuple(_evidence(each) for each in split.in_order)
    named = "; ".join(f"{outlet_names([side])} “{side.words}”" for side in sides)
    return Divergence(
        kind="attribution",
        group_id=group.id,
        sides=sides,
        apart=len(split.apart),
        confidence=_OTHER_SOURCE if split.has_majority else _OTHER_SOURCE_OF_TWO,
        explanation=f"They name different sources: {named}.",
    )


def _no_source(group: ClaimGroup, sourced: Sequence[_Reading], plain: Sequence[_Reading]) -> Divergence:
    sides = [_evidence(each) for each in sourced]
    unsourced = [quote_nothing(each.claim, "no source") for each in plain]
    named = "; ".join(f"{outlet_names([side])} “{side.words}”" for side in sides)
    ordered, apart = fewer_first(sides, unsourced)
    return Divergence(
        kind="attribution",
        group_id=group.id,
        sides=ordered,
        apart=apart,
        confidence=_NO_SOURCE,
        explanation=f"Stated as their own by {outlet_names(unsourced)}, with a source elsewhere: {named}.",
    )
