"""How a group of claims divides into two camps that contradict each other, and how much speaks for it.

A learned head judges every pair of sentences by meaning; rules count denying words, find opposites and denials
that nothing answers. Whether a denial is the difference is also tried out: a sentence that comes nearer to the
others without it denies what they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from statistics import fmean

import numpy as np

from xsource.compare.evidence import ordered_claims
from xsource.facts.polarity import Polarity, contrary_poles, read_polarity
from xsource.facts.shared_words import share_of_words
from xsource.facts.unanswered import Denials, match_denials
from xsource.facts.undenied import without_denial
from xsource.protocols import ContradictionScorer
from xsource.records import Claim, ClaimGroup, SentenceId

_CLOSING = " \n\"'”’»)"
# The head is calibrated on some thousand pairs: it cannot know of one in more than two hundred.
SUREST = 0.005
# Camps of two and more are looked for in groups of up to so many claims; in larger ones only who stands alone.
MOST_CLAIMS_FOR_CAMPS = 7
# To the log odds, for each claim that stands apart with the first: who is alone errs more often than two do.
FURTHER_APART = -1.5
# Of a split that is less likely, whatever it be without its denials, these are not tried out.
LEAST_LOG_ODDS = -2.0
# A sentence seldom comes nearer to another by more, as a difference of cosines, when it loses one denial.
MOST_NEARER = 0.05
# Each is left out in turn; a sentence with more is a list, or no prose.
MOST_DENIALS = 6


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression from what is seen of a split to the probability that it is a reversal.

    Attributes:
        offset: of the log odds.
        between: for the mean log odds, by the head, that the camps contradict each other.
        cues: for the share of pairs across the camps of which one has more denying words, 0..1.
        uneven: for the share of pairs inside the camps of which one has more denying words, 0..1.
        poles: for the share of pairs across the camps that take contrary sides of opposites, 0..1.
        shared: for the share of words that the camps have in common, 0..1, see `share_of_words`.
        unanswered: for the share of pairs across the camps in which one camp denies what the other says, 0..1.
        answered: for the share of pairs across the camps in which a denial is answered, and all are, 0..1.
        unanswered_within: as `unanswered`, for the pairs inside the camps.
        undenied: for how much nearer the camps come when one leaves a denial out, -1..1.
    """

    offset: float
    between: float = 0.0
    cues: float = 0.0
    uneven: float = 0.0
    poles: float = 0.0
    shared: float = 0.0
    unanswered: float = 0.0
    answered: float = 0.0
    unanswered_within: float = 0.0
    undenied: float = 0.0


# Fitted by `tools/calibrate_polarity.py` on statements kept aside from training, one group in ten a reversal;
# of two outlets alone one in ninety, because nobody confirms either and silence costs less than a false alarm.
# On the half that was not fitted, at .5, with the head: of two outlets 517 of 1052 reversals found and 4 false
# alarms on 920 others; of more outlets 389 of 495, and 27 on 505; confidence of the latter against what came
# true .27 .12, .51 .42, .72 .57, .88 .96 (November 2026). `poles` of two outlets with the head is set higher
# than fitted (1.3): opposites planted in long sentences ("first" for "last") often reverse nothing, where in
# headlines and reports they do (ANS dev: 57 of 58).
CALIBRATIONS: Mapping[str, Calibration] = {
    "head, two outlets": Calibration(offset=-6.77, between=1.06, poles=4.0, shared=3.04, undenied=1.4),
    "head, more outlets": Calibration(offset=-3.53, between=1.05, poles=2.46, undenied=2.21),
    "rules, two outlets": Calibration(
        offset=-6.74, cues=2.1, poles=4.06, shared=2.52, unanswered=2.0, answered=1.3
    ),
    "rules, more outlets": Calibration(
        offset=-6.1,
        cues=3.41,
        uneven=-1.87,
        poles=1.68,
        unanswered=2.91,
        answered=0.89,
        unanswered_within=-2.71,
    ),
}


@dataclass(frozen=True, slots=True)
class Split:
    """Claims in two camps, and how much speaks for a reversal between them.

    Attributes:
        apart, camp: the smaller and the larger camp, claims in `claim_order`.
        between and what follows: see `Calibration`.
    """

    apart: tuple[Claim, ...]
    camp: tuple[Claim, ...]
    between: float
    cues: float
    uneven: float
    poles: float
    shared: float
    unanswered: float
    answered: float
    unanswered_within: float
    undenied: float = 0.0


def find_split(group: ClaimGroup, scorer: ContradictionScorer | None) -> Split | None:
    """Find the two camps that most likely contradict each other; `None` when no two outlets can.

    Args:
        group: claims of two outlets or more.
        scorer: judges pairs of sentences; `None` leaves it to the rules.
    """
    claims = statements_of(group)
    odds = _pair_odds(claims, scorer)
    readings = {
        claim.sentence.id: read_polarity(claim.sentence.text, claim.article.language) for claim in claims
    }
    has_head = scorer is not None
    best: Split | None = None
    for apart, camp in _camps(claims):
        split = _weigh(apart, camp, odds, readings)
        if split and scorer and _may_matter(split):
            split = replace(split, undenied=_undenied(split, readings, scorer))
        if split and (best is None or _log_odds(split, has_head=has_head) > _log_odds(best, has_head=has_head)):
            best = split
    return best


def split_confidence(split: Split, *, has_head: bool) -> float:
    """Give the calibrated probability that the camps of a split contradict each other, to three places."""
    return round(float(1 / (1 + np.exp(-_log_odds(split, has_head=has_head)))), 3)


def _log_odds(split: Split, *, has_head: bool) -> float:
    judge = "head" if has_head else "rules"
    size = "two" if len(split.apart) + len(split.camp) == 2 else "more"
    weight = CALIBRATIONS[f"{judge}, {size} outlets"]
    return (
        weight.offset
        + weight.between * split.between
        + weight.cues * split.cues
        + weight.uneven * split.uneven
        + weight.poles * split.poles
        + weight.shared * split.shared
        + weight.unanswered * split.unanswered
        + weight.answered * split.answered
        + weight.unanswered_within * split.unanswered_within
        + weight.undenied * split.undenied
        + FURTHER_APART * (len(split.apart) - 1)
    )


def statements_of(group: ClaimGroup) -> tuple[Claim, ...]:
    """Give the claims that state something, in `claim_order`: who asks denies nothing."""
    return tuple(
        claim
        for claim in ordered_claims(group)
        if not claim.sentence.text.rstrip(_CLOSING).endswith(("?", "؟"))
    )


_share_of_words = lru_cache(maxsize=65536)(share_of_words)


def _camps(claims: Sequence[Claim]) -> Iterator[tuple[tuple[Claim, ...], tuple[Claim, ...]]]:
    """Divide claims in two, the smaller camp first; first of all who stands alone."""
    largest = len(claims) // 2 if len(claims) <= MOST_CLAIMS_FOR_CAMPS else 1
    for size in range(1, largest + 1):
        for apart in combinations(claims, size):
            camp = tuple(claim for claim in claims if claim not in apart)
            if 2 * size < len(claims) or claims[0] in apart:
                yield apart, camp


Odds = Mapping[tuple[str, str], float]


def _pair_odds(claims: Sequence[Claim], scorer: ContradictionScorer | None) -> Odds:
    """Give the head's log odds for the sentences of every two claims, both ways round."""
    if scorer is None:
        return {}
    pairs = [(a, b) for a, b in combinations(claims, 2) if a.outlet.id != b.outlet.id]
    texts = [(a.sentence.text, b.sentence.text) for a, b in pairs]
    probabilities = np.clip(scorer.probabilities(texts).astype(np.float64), SUREST, 1 - SUREST) if texts else ()
    odds: dict[tuple[str, str], float] = {}
    for (a, b), probability in zip(pairs, probabilities, strict=True):
        value = float(np.log(probability / (1 - probability)))
        odds[a.sentence.id, b.sentence.id] = odds[b.sentence.id, a.sentence.id] = value
    return odds


def _weigh(
    apart: tuple[Claim, ...], camp: tuple[Claim, ...], odds: Odds, readings: Mapping[SentenceId, Polarity]
) -> Split | None:
    across = [(a, b) for a in apart for b in camp if a.outlet.id != b.outlet.id]
    if not across or any(a.sentence.text == b.sentence.text for a, b in across):
        return None  # nobody contradicts who prints the same sentence
    inside = [(a, b) for part in (apart, camp) for a, b in combinations(part, 2) if a.outlet.id != b.outlet.id]

    def uneven(pairs: Sequence[tuple[Claim, Claim]]) -> float:
        counts = [(len(readings[a.sentence.id].cues), len(readings[b.sentence.id].cues)) for a, b in pairs]
        return fmean(a != b for a, b in counts) if counts else 0.0

    return Split(
        apart=apart,
        camp=camp,
        between=fmean(odds.get((a.sentence.id, b.sentence.id), 0.0) for a, b in across),
        cues=uneven(across),
        uneven=uneven(inside),
        poles=fmean(
            contrary_poles(readings[a.sentence.id], readings[b.sentence.id]) is not None for a, b in across
        ),
        shared=fmean(_shared_words(a, b) for a, b in across),
        unanswered=_share_unanswered(across),
        answered=_share_answered(across),
        unanswered_within=_share_unanswered(inside),
    )


def _denials(one: Claim, other: Claim) -> Denials:
    return match_denials(one.sentence.text, one.article.language, other.sentence.text, other.article.language)


def _leaves_unanswered(one: Claim, other: Claim) -> bool:
    """Whether the first claim denies something that the other one says."""
    denials = _denials(one, other)
    return len(denials.unanswered) > len(denials.answered)


def _share_unanswered(pairs: Sequence[tuple[Claim, Claim]]) -> float:
    """Give the share of pairs in which one side, the same in all of them, denies what the other says."""
    if not pairs:
        return 0.0
    return max(
        fmean(_leaves_unanswered(a, b) for a, b in pairs), fmean(_leaves_unanswered(b, a) for a, b in pairs)
    )


def _share_answered(pairs: Sequence[tuple[Claim, Claim]]) -> float:
    """Give the share of pairs in which a denial is answered, and none is left without answer."""
    return fmean(
        any(_denials(one, other).answered for one, other in both)
        and not any(_leaves_unanswered(one, other) for one, other in both)
        for a, b in pairs
        for both in (((a, b), (b, a)),)
    )


def _may_matter(split: Split) -> bool:
    """Whether a split is likely, were its camps much nearer without a denial."""
    return _log_odds(replace(split, undenied=1.0), has_head=True) > LEAST_LOG_ODDS


def _undenied(split: Split, readings: Mapping[SentenceId, Polarity], scorer: ContradictionScorer) -> float:
    """Give how much nearer the camps come when one leaves a denial out, -1 when neither has one to leave out.

    Of several denials of a sentence the one counts that brings it nearest; a camp counts when most of it deny.
    """
    sides = ((split.apart, split.camp), (split.camp, split.apart))
    tried = [_nearer_without(denying, other, readings, scorer) for denying, other in sides]
    return max((nearer for nearer in tried if nearer is not None), default=-1.0)


def _nearer_without(
    denying: Sequence[Claim],
    others: Sequence[Claim],
    readings: Mapping[SentenceId, Polarity],
    scorer: ContradictionScorer,
) -> float | None:
    """Give the mean gain over pairs as a share of `MOST_NEARER`, -1..1; `None` when few of the camp deny."""
    cues = {claim.sentence.text: readings[claim.sentence.id].cues[:MOST_DENIALS] for claim in denying}
    if 2 * sum(bool(cues[claim.sentence.text]) for claim in denying) <= len(denying):
        return None
    deniers = [text for text, found in cues.items() if found]
    pairs = [(text, other.sentence.text) for text in deniers for other in others]
    shorter = {text: [without_denial(text, cue) for cue in cues[text]] for text in deniers}
    asked = list(dict.fromkeys([*pairs, *((short, b) for a, b in pairs for short in shorter[a])]))
    closeness = dict(zip(asked, scorer.closeness(asked).tolist(), strict=True))
    gains = [max(closeness[short, b] for short in shorter[a]) - closeness[a, b] for a, b in pairs]
    return max(-1.0, min(1.0, fmean(gains) / MOST_NEARER))


def _shared_words(a: Claim, b: Claim) -> float:
    return _share_of_words(a.sentence.text, a.article.language, b.sentence.text, b.article.language)
