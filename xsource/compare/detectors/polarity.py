"""Does one outlet deny what the others state?

With three outlets or more the one that contradicts the others, while they do not contradict each other, stands
apart (`compare/camps.py`). The rules of `facts/polarity.py` find the words to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from xsource.compare.camps import Split, find_split, split_confidence, statements_of
from xsource.compare.evidence import outlet_names, quote
from xsource.facts.polarity import Cue, Polarity, contrary_poles, read_polarity
from xsource.protocols import ContradictionScorer, Detector
from xsource.records import ClaimGroup, Divergence, Evidence, SentenceId

# Below this a divergence is not worth passing on; what is shown is decided by the settings.
LEAST_CONFIDENCE = 0.05


def pairs_to_score(group: ClaimGroup) -> list[tuple[str, str]]:
    """Give the sentence pairs of different outlets that the head will be asked about, each once."""
    pairs = (
        (a.sentence.text, b.sentence.text)
        for a, b in combinations(statements_of(group), 2)
        if a.outlet.id != b.outlet.id and a.sentence.text != b.sentence.text
    )
    return list(dict.fromkeys(pairs))


def polarity_detector(scorer: ContradictionScorer | None) -> Detector:
    """Make the detector; without a scorer only the rules judge, and find much less."""

    def detect_polarity(group: ClaimGroup) -> Iterator[Divergence]:
        split = find_split(group, scorer)
        if split is None or _both_deny(split):
            return
        confidence = split_confidence(split, has_head=scorer is not None)
        if confidence >= LEAST_CONFIDENCE:
            yield _divergence(group, split, confidence)

    return detect_polarity


def _both_deny(split: Split) -> bool:
    """Say whether one side denies by a verb alone what the other denies by negation alone.

    "Peskov denied that they had met" and "they met neither of them" are one claim; for a head that looks at
    words they are as far apart as a claim and its reversal.
    """
    kinds = []
    for part in (split.apart, split.camp):
        cues = [read_polarity(claim.sentence.text, claim.article.language).cues for claim in part]
        if not all(cues):
            return False
        kinds.append({cue.kind for own in cues for cue in own})
    return kinds in ([{"denial"}, {"negation"}], [{"negation"}, {"denial"}])


@dataclass(frozen=True, slots=True)
class _Shown:
    """The words of one side that carry the reversal, empty when none does, and what they were read as."""

    value: str
    start: int = 0
    end: int = 0


def _divergence(group: ClaimGroup, split: Split, confidence: float) -> Divergence:
    shown = _words_that_differ(split)
    sides = tuple(
        quote(claim, found.start, found.end, found.value)
        for claim in (*split.apart, *split.camp)
        for found in (shown[claim.sentence.id],)
    )
    return Divergence(
        kind="polarity",
        group_id=group.id,
        sides=sides,
        apart=len(split.apart),
        confidence=confidence,
        explanation=_explanation(sides[: len(split.apart)], sides[len(split.apart) :]),
    )


def _explanation(apart: Sequence[Evidence], camp: Sequence[Evidence]) -> str:
    for denying, stating in ((apart, camp), (camp, apart)):
        words = next((side.words for side in denying if side.value == "denied" and side.words), None)
        if words:
            return f"{outlet_names(denying)} denies (“{words}”) what {outlet_names(stating)} states"
    one, other = (next((side.words for side in part if side.words), None) for part in (apart, camp))
    if one and other:
        return f"{outlet_names(apart)} says “{one}”, {outlet_names(camp)} says “{other}”: the contrary"
    return f"{outlet_names(apart)} says the contrary of {outlet_names(camp)}"


def _words_that_differ(split: Split) -> dict[SentenceId, _Shown]:
    """Find on each side the opposite it names, or the denying word that has no counterpart on the other."""
    claims = (*split.apart, *split.camp)
    readings = {
        claim.sentence.id: read_polarity(claim.sentence.text, claim.article.language) for claim in claims
    }
    for a in split.apart:
        for b in split.camp:
            if contrary := contrary_poles(readings[a.sentence.id], readings[b.sentence.id]):
                return {key: _show_pole(reading, contrary[0].concept) for key, reading in readings.items()}
    more_cues = fmean(len(readings[c.sentence.id].cues) for c in split.apart) - fmean(
        len(readings[c.sentence.id].cues) for c in split.camp
    )
    denying, stating = (split.apart, split.camp) if more_cues >= 0 else (split.camp, split.apart)
    shown = {claim.sentence.id: _Shown("stated") for claim in stating}
    for claim in denying:
        against = [(readings[c.sentence.id], len(c.sentence.text)) for c in stating]
        cue = _unmatched_cue(readings[claim.sentence.id], len(claim.sentence.text), against)
        shown[claim.sentence.id] = _Shown("denied", cue.start, cue.end) if cue else _Shown("contrary")
    return shown


def _show_pole(reading: Polarity, concept: str) -> _Shown:
    pole = next((pole for pole in reading.poles if pole.concept == concept), None)
    if pole is None:
        return _Shown("stated")
    start = pole.denied_by.start if pole.denied_by else pole.start
    return _Shown(concept if pole.says == "one" else f"not {concept}", start, pole.end)


def _unmatched_cue(reading: Polarity, length: int, against: Sequence[tuple[Polarity, int]]) -> Cue | None:
    """Find the denying word that stands farthest from any of the other side, by its place in the sentence.

    Translations keep the order of clauses, mostly; a word without counterpart has none near its place.
    """

    def loneliness(cue: Cue) -> float:
        place = cue.start / length
        return fmean(
            min((abs(place - other.start / other_length) for other in their.cues), default=1.0)
            for their, other_length in against
        )

    return max(reading.cues, key=loneliness, default=None)
