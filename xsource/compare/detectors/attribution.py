"""Do the outlets name different sources, or does one state as its own what others attribute?

Quiet by design: sources differ only when each is of a known kind (police, hospital, ministry) that the other
sentence does not mention in any way, and share no name. One person is one source under name, office and body:
what an article says beside a name ("Hagari, the army's spokesman") holds for every outlet that gives the name.
An outlet states something as its own only when nothing at all in its sentence qualifies it, no sentence around
tells who says so, and its article nowhere mentions the source that others name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
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
from xsource.facts.speakers import sentence_spans, speaker_around
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
# A surname alone is of no kind that is sure.
_PEOPLE: Final = frozenset({"person", "unknown"})
# Between a name and the office that belongs to it: "Hagari, the army's chief spokesman".
_OFFICE_WITHIN: Final = 40
_MARK: Final = re.compile(r"[,.;:!?؟،؛()«»“”\"]")
_APPOSITION: Final = frozenset(",،(—–")


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one claim says of its sources.

    Attributes:
        sources: the named ones that surely attribute the statement, cited ones included.
        around: who says so by the sentences around, where the claim's own names nobody.
        kinds: what kinds of source these are.
        mentioned: every kind of source that the sentence mentions, and of the source around it.
    """

    claim: Claim
    sources: tuple[Attribution, ...]
    around: Attribution | None
    kinds: frozenset[str]
    mentioned: frozenset[str]
    is_plain: bool


def detect_attribution(group: ClaimGroup) -> Iterator[Divergence]:
    """Find outlets that name another source than the rest, or none."""
    claims = ordered_claims(group)
    readings = [_read(claim) for claim in claims]
    if sum(bool(each.sources) for each in readings) > 1:
        readings = [_with_offices(each, claims) for each in readings]
    split = split_by_agreement([each for each in readings if each.kinds], _agree)
    if split is not None:
        yield _other_source(group, split)
        return
    sourced = [each for each in readings if each.kinds or _named(each)]
    plain = [
        each
        for each in readings
        if each.is_plain and not any(_mentions(each, other) or _knows(each, other) for other in sourced)
    ]
    if sourced and {each.claim.outlet.id for each in plain} - {each.claim.outlet.id for each in sourced}:
        yield _no_source(group, sourced, plain)


def _read(claim: Claim) -> _Reading:
    text, language = claim.sentence.text, claim.article.language
    framed = [
        each
        for outer in attributions(text, language)
        for each in outer.chain
        if each.is_framed and not each.is_unnamed
    ]
    start, end = claim.sentence.start, claim.sentence.end
    around = None if framed else speaker_around(claim.article.text, start, end, language)
    beside = frozenset() if around is None else around.kinds
    return _Reading(
        claim=claim,
        sources=tuple(framed),
        around=around,
        kinds=beside.union(*(each.kinds for each in framed)),
        mentioned=source_kinds(text, language) | beside,
        is_plain=around is None and certainty(text, language).is_plain,
    )


def _with_offices(reading: _Reading, claims: Sequence[Claim]) -> _Reading:
    """Add what any article of the group says beside the name of a source that has nothing else."""
    named = [name for name in _named(reading) if name.kind in _PEOPLE]
    if not named:
        return reading
    beside = frozenset(
        kind
        for article in {claim.article.id: claim.article for claim in claims}.values()
        for name in named
        for kind in _kinds_beside(name, article.text, article.language)
    )
    kinds = reading.kinds or beside
    return replace(reading, kinds=kinds, mentioned=reading.mentioned | beside)


@lru_cache(maxsize=4096)
def _kinds_beside(name: NameMention, text: str, language: str) -> frozenset[str]:
    """Give the kinds of source that stand right before or behind a name, anywhere in a text."""
    kinds: set[str] = set()
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        found = find_name(name, sentence, language)
        if found is not None:
            before = _MARK.split(sentence[max(0, found[0] - _OFFICE_WITHIN) : found[0]])[-1]
            kinds |= source_kinds(before, language)
            behind = sentence[found[1] :].lstrip()
            if behind[:1] in _APPOSITION:
                kinds |= source_kinds(_MARK.split(behind[1:])[0][:_OFFICE_WITHIN], language)
    return frozenset(kinds)


def _agree(left: _Reading, right: _Reading) -> bool:
    return _mentions(left, right) or _mentions(right, left) or _is_one_person(left, right)


def _is_one_person(left: _Reading, right: _Reading) -> bool:
    text, language = right.claim.sentence.text, right.claim.article.language
    return any(name.kind in _PEOPLE and find_name(name, text, language) for name in _named(left))


def _knows(reading: _Reading, other: _Reading) -> bool:
    """Say whether an article mentions the sources of another outlet's sentence, by kind or by name."""
    text, language = reading.claim.article.text, reading.claim.article.language
    if not _widened(other.kinds).isdisjoint(source_kinds(text, language)):
        return True
    return any(find_name(name, text, language) for name in _named(other))


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
    if not reading.sources and reading.around is not None:
        inside = list(names(reading.around.source, language))
    return [name for name in inside if name.kind == "person"] or inside


def _widened(kinds: frozenset[str]) -> frozenset[str]:
    return kinds.union(*(alike for alike in _ALIKE if not alike.isdisjoint(kinds)))


def _evidence(reading: _Reading) -> Evidence:
    if not reading.sources:  # another sentence of the article names it
        around = reading.around
        assert around is not None
        return quote_nothing(reading.claim, ", ".join(sorted(around.kinds)) or around.source)
    source = next((each for each in reading.sources if each.kinds), reading.sources[0])
    return quote(reading.claim, source.start, source.end, ", ".join(sorted(source.kinds)) or source.source)


def _source_words(reading: _Reading) -> str:
    source = next((each for each in reading.sources if each.kinds), None) or next(
        iter(reading.sources), reading.around
    )
    return "" if source is None else source.source


def _other_source(group: ClaimGroup, split: Split[_Reading]) -> Divergence:
    sides = tuple(_evidence(each) for each in split.in_order)
    named = "; ".join(
        f"{side.outlet_id} “{_source_words(each)}”" for side, each in zip(sides, split.in_order, strict=True)
    )
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
    named = "; ".join(f"{each.claim.outlet.id} “{_source_words(each)}”" for each in sourced)
    ordered, apart = fewer_first(sides, unsourced)
    return Divergence(
        kind="attribution",
        group_id=group.id,
        sides=ordered,
        apart=apart,
        confidence=_NO_SOURCE,
        explanation=f"Stated as their own by {outlet_names(unsourced)}, with a source elsewhere: {named}.",
    )
