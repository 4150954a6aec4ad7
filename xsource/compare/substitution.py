"""Where one outlet names X and the others, in its place, name Y.

A name that is merely missing says nothing: translators use pronouns, surnames and titles. So a substitution
needs both halves: words of a name that no other outlet spells, and a name that the others share and this
outlet's sentence does not spell. The actor and the place detector read the same substitutions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Final

from xsource.compare.evidence import claim_order, ordered_claims, quote
from xsource.compare.name_runs import CAPITALS, NameRun, looks_like_name, name_runs, unknown_words
from xsource.facts.gazetteer import are_compatible
from xsource.facts.names import NamePart
from xsource.facts.names_matching import Hit, consonants_of, find_concept, is_spelled_in, is_surely_absent
from xsource.records import Claim, ClaimGroup, Evidence

# A longer sentence is a list, in which a name's counterpart is a guess; it would also cost its square.
_LONGEST_SENTENCE: Final = 2000

# Where some of the others do not have Y either, Y may be a detail: confidence falls by this times their part.
_WITHOUT_Y: Final = 0.45


@dataclass(frozen=True, slots=True)
class Counterpart:
    """Where another outlet has the name that was replaced.

    Attributes:
        claim: whose sentence has it.
        start: half-open range of code points in the sentence, with `end`.
        end: see `start`.
    """

    claim: Claim
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SharedName:
    """A name that the other outlets have.

    Attributes:
        run: its words in the sentence that spells it out most.
        counterparts: where each of the others has it, the sentence of `run` among them, in the claims' order.
        absent_words: how many of its words certainly do not stand in the sentence that lacks it.
    """

    run: NameRun
    counterparts: tuple[Counterpart, ...]
    absent_words: int


@dataclass(frozen=True, slots=True)
class Substitution:
    """One outlet's X where others have Y.

    Attributes:
        x: what one outlet names and no other does.
        absent_words: how many words of X certainly stand in no other sentence.
        y: what the others name and this outlet does not.
        outlets: how many other outlets there are.
        without_y: how many of their claims do not have Y.
    """

    x: NameRun
    absent_words: int
    y: SharedName
    outlets: int
    without_y: int

    @property
    def displacement(self) -> float:
        """How far apart X and Y stand in their sentences, in parts of the sentence: 0..1."""
        return abs(_relative_place(self.x) - _relative_place(self.y.run))

    @property
    def doubt(self) -> float:
        """By how much confidence falls because some of the others do not have Y: 0 when all have it."""
        return _WITHOUT_Y * self.without_y / (self.without_y + len(self.y.counterparts))

    def sides(self) -> tuple[Evidence, ...]:
        """Quote X, then Y of every other outlet that has it; the value is the gazetteer's id or the words."""
        x, y = self.x, self.y.run
        camp = (
            quote(other.claim, other.start, other.end, y.concept or y.words) for other in self.y.counterparts
        )
        return (quote(x.claim, x.start, x.end, x.concept or x.words), *camp)


@lru_cache(maxsize=64)
def find_substitutions(group: ClaimGroup) -> tuple[Substitution, ...]:
    """Find the names that one outlet has in place of another's, each X with its likeliest Y.

    The order of the group's claims changes nothing.
    """
    claims = [claim for claim in ordered_claims(group) if len(claim.sentence.text) <= _LONGEST_SENTENCE]
    found: list[Substitution] = []
    for claim in claims:
        others = [other for other in claims if other.outlet.id != claim.outlet.id]
        if others:
            siblings = [other for other in claims if other.outlet.id == claim.outlet.id]
            found += _substitutions_of(claim, siblings, others)
    return tuple(found)


def _substitutions_of(
    claim: Claim, siblings: Sequence[Claim], others: Sequence[Claim]
) -> Iterator[Substitution]:
    outlets = len({other.outlet.id for other in others})
    strange = list(_strange_names(name_runs(claim), claim, others))
    if not strange and _language(claim) in CAPITALS:
        return
    shared = list(_shared_names(siblings, others))
    if _language(claim) not in CAPITALS and any(_is_spelled_out(name) for name in shared):
        # Any unknown word may be a name here; only a name that is surely replaced makes us look at them.
        unknown = tuple(run for run in unknown_words(claim) if looks_like_name(run))
        strange += _strange_names(unknown, claim, others)
    for x, absent_words in strange:
        candidates = [name for name in shared if _could_replace(x, name.run)]
        if candidates:
            y = max(candidates, key=lambda name: _likeliness(x, name))
            yield Substitution(x, absent_words, y, outlets, len(others) - len(y.counterparts))


def _could_replace(x: NameRun, y: NameRun) -> bool:
    """Say whether two names can have one role: both listed and of a kind, or both spelled."""
    if x.concept and y.concept:
        is_cited = x.concept.startswith("media:") or y.concept.startswith("media:")
        same_kind = x.kind == y.kind and x.is_people == y.is_people
        return same_kind and not is_cited and not are_compatible(x.concept, y.concept)
    return not x.concept and not y.concept


def _is_spelled_out(name: SharedName) -> bool:
    """Say whether a name is so clear that unknown words of a script without capitals may stand for it."""
    run = name.run
    is_left_in_latin = _language(run.claim) != "en" and any(part.word.isascii() for part in run.parts)
    return not run.concept and not is_left_in_latin and len(run.parts) > 1


def _likeliness(x: NameRun, y: SharedName) -> tuple[bool, bool, int, int, float]:
    """Order the names that X may stand for: of its kind, surely a name, in most outlets, long, at its place."""
    return (
        (x.kind == "place") == (y.run.kind == "place"),
        _language(y.run.claim) in CAPITALS,
        len(y.counterparts),
        min(2, len(y.run.parts)),
        -abs(_relative_place(x) - _relative_place(y.run)),
    )


def _relative_place(run: NameRun) -> float:
    return run.start / len(run.claim.sentence.text)


def _language(claim: Claim) -> str:
    return claim.article.language


def _hit(part: NamePart, claim: Claim, other: Claim) -> Hit | None:
    return is_spelled_in(part, _language(claim), other.sentence.text, _language(other))


def _is_absent(part: NamePart, claim: Claim, others: Sequence[Claim]) -> bool:
    return all(
        is_surely_absent(part, _language(claim), other.sentence.text, _language(other)) for other in others
    )


def _has_consonants(part: NamePart, claim: Claim) -> bool:
    return consonants_of(part.word, _language(claim)) > 0


def _strange_names(
    runs: Sequence[NameRun], claim: Claim, others: Sequence[Claim]
) -> Iterator[tuple[NameRun, int]]:
    """Find names of a claim that no other outlet has, with the number of words that are surely absent."""
    for run in runs:
        if run.concept:
            if not any(find_concept(run.concept, other.sentence.text, _language(other)) for other in others):
                yield run, len(run.parts)
            continue
        for piece in _split(run, lambda part: not any(_hit(part, claim, other) for other in others)):
            absent_words = sum(
                _has_consonants(part, claim) and _is_absent(part, claim, others) for part in piece.parts
            )
            if absent_words:
                yield piece, absent_words


def _shared_names(siblings: Sequence[Claim], others: Sequence[Claim]) -> Iterator[SharedName]:
    """Find names that another outlet has, a third one confirms where there is one, and the siblings lack."""
    has_witnesses = len({other.outlet.id for other in others}) > 1
    for claim in others:
        witnesses = [other for other in others if other.outlet.id != claim.outlet.id]
        for run in name_runs(claim):
            if run.concept:
                if not any(find_concept(run.concept, own.sentence.text, _language(own)) for own in siblings):
                    shared = _concept_counterparts(run, others)
                    if len(shared) > has_witnesses:
                        yield SharedName(run, shared, len(run.parts))
                continue
            for piece in _split(run, partial(_is_missing, claim=claim, siblings=siblings)):
                absent_words = sum(_is_absent(part, claim, siblings) for part in piece.parts)
                if not absent_words:
                    continue
                shared = _spelled_counterparts(piece, witnesses)
                if len(shared) > has_witnesses:
                    yield SharedName(piece, shared, absent_words)


def _is_missing(part: NamePart, claim: Claim, siblings: Sequence[Claim]) -> bool:
    is_initial = len(part.word) == 1 or "." in part.word
    return (
        not is_initial and _has_consonants(part, claim) and not any(_hit(part, claim, own) for own in siblings)
    )


def _concept_counterparts(run: NameRun, others: Sequence[Claim]) -> tuple[Counterpart, ...]:
    found = []
    for other in others:
        mention = find_concept(run.concept or "", other.sentence.text, _language(other))
        if mention:
            found.append(Counterpart(other, mention.start, mention.end))
    return tuple(found)


def _spelled_counterparts(run: NameRun, witnesses: Sequence[Claim]) -> tuple[Counterpart, ...]:
    found = [Counterpart(run.claim, run.start, run.end)]
    for other in witnesses:
        hits = [hit for part in run.parts if (hit := _hit(part, run.claim, other))]
        if hits:
            found.append(Counterpart(other, *_together(hits, len(run.words))))
    return tuple(sorted(found, key=lambda counterpart: claim_order(counterpart.claim)))


def _together(hits: Sequence[Hit], reach: int) -> tuple[int, int]:
    """Join the places of words that stand near the last one; a namesake further away is left out."""
    start, end = hits[-1].start, hits[-1].end
    for hit in reversed(hits[:-1]):
        if hit.end >= start - reach and hit.start <= end + reach:
            start, end = min(start, hit.start), max(end, hit.end)
    return start, end


def _split(run: NameRun, keeps: Callable[[NamePart], bool]) -> Iterator[NameRun]:
    """Give the longest stretches of a run whose words are spelled, not ordinary, and kept."""
    stretch: list[NamePart] = []
    for part in (*run.parts, None):
        if part is not None and not part.is_ordinary and keeps(part):
            stretch.append(part)
        elif stretch:
            yield replace(run, parts=tuple(stretch))
            stretch = []


def likeliest(
    substitutions: Sequence[Substitution], confidence_of: Callable[[Substitution], float], least: float
) -> list[tuple[float, Substitution]]:
    """Keep for each outlet that stands apart the surest substitution of at least a confidence.

    Where only two outlets speak, both stand apart: one finding says it. Of equally sure ones the one whose two
    names stand at the same place of their sentences is kept.
    """
    best: dict[str, tuple[float, float, Substitution]] = {}
    for substitution in substitutions:
        confidence = confidence_of(substitution)
        apart = substitution.x.claim.sentence.id if substitution.outlets > 1 else ""
        rank = (confidence, -substitution.displacement, substitution)
        if confidence >= least and (apart not in best or rank[:2] > best[apart][:2]):
            best[apart] = rank
    return [(confidence, substitution) for confidence, _, substitution in best.values()]
