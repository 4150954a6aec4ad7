"""What every detector needs: one side of a divergence as evidence, and who stands alone among the outlets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

from xsource.records import Claim, ClaimGroup, Divergence, Evidence

T = TypeVar("T")

_LAST = datetime.max.replace(tzinfo=UTC)


def claim_order(claim: Claim) -> tuple[datetime, str, str, int, str]:
    """Sort key of claims: publication (undated last), outlet, article, place in it. The same in every run."""
    return (
        claim.article.published_at or _LAST,
        claim.outlet.id,
        claim.article.id,
        claim.sentence.position,
        claim.sentence.id,
    )


def ordered_claims(group: ClaimGroup) -> tuple[Claim, ...]:
    """Give a group's claims in `claim_order`, whatever order the group has them in."""
    return tuple(sorted(group.claims, key=claim_order))


def quote(claim: Claim, start: int, end: int, value: str) -> Evidence:
    """Make evidence of `claim.sentence.text[start:end]`, read as `value`.

    Args:
        claim: whose words they are.
        start: half-open range of code points in the sentence; `start == end` says that nothing in the
            sentence stands for what differs.
        end: see `start`.
        value: what the words were read as, normalised.

    Raises:
        ValueError: the range does not lie in the sentence.
    """
    sentence = claim.sentence.text
    if not 0 <= start <= end <= len(sentence):
        raise ValueError(f"span {start}:{end} is not inside a sentence of {len(sentence)} code points")
    return Evidence(
        outlet_id=claim.outlet.id,
        article_id=claim.article.id,
        article_url=claim.article.source,
        sentence_id=claim.sentence.id,
        language=claim.article.language,
        sentence=sentence,
        start=start,
        end=end,
        words=sentence[start:end],
        value=value,
    )


def quote_nothing(claim: Claim, value: str) -> Evidence:
    """Make evidence of a sentence in which no word stands for what differs (`not negated`, `unnamed`)."""
    return quote(claim, 0, 0, value)


@dataclass(frozen=True, slots=True)
class Split(Generic[T]):
    """Readings of one fact that do not all agree.

    Attributes:
        apart: those who stand apart from the largest camp, in the given order.
        camp: the largest camp; where no camp is larger than another, the one with the first reading.
        has_majority: whether the camp is larger than any other. False for two outlets that disagree.
    """

    apart: tuple[T, ...]
    camp: tuple[T, ...]
    has_majority: bool

    @property
    def in_order(self) -> tuple[T, ...]:
        """Who stands apart, then the camp: the order of a divergence's sides."""
        return self.apart + self.camp


def split_by_agreement(readings: Sequence[T], agree: Callable[[T, T], bool]) -> Split[T] | None:
    """Find who stands apart; `None` when all readings agree, or fewer than two were given.

    Agreement need not be transitive ("more than 7,000" agrees with 7,028 and with 7,500, which differ), so a
    reading joins the first camp in which it agrees with everyone. Order the readings (`claim_order`) before:
    then the outlets' order in the group changes nothing.

    Args:
        readings: one for each claim that speaks of the fact.
        agree: symmetric and true of a reading and itself.
    """
    camps: list[list[T]] = []
    for reading in readings:
        for camp in camps:
            if all(agree(reading, member) for member in camp):
                camp.append(reading)
                break
        else:
            camps.append([reading])
    if len(camps) < 2:
        return None
    largest = max(camps, key=len)
    return Split(
        apart=tuple(reading for camp in camps if camp is not largest for reading in camp),
        camp=tuple(largest),
        has_majority=sum(len(camp) == len(largest) for camp in camps) == 1,
    )


def fewer_first(one: Sequence[Evidence], other: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], int]:
    """Put the sides of fewer outlets before those of more, the first given where they are as many.

    Returns:
        All sides, and how many of the first stand apart.
    """
    outlets = [len({side.outlet_id for side in sides}) for sides in (one, other)]
    first, second = (one, other) if outlets[0] <= outlets[1] else (other, one)
    return (*first, *second), len(first)


def outlet_names(evidence: Iterable[Evidence]) -> str:
    """List the outlets of some sides for an explanation, each once: `kommersant, tass`."""
    return ", ".join(dict.fromkeys(side.outlet_id for side in evidence))


def divergence_order(divergence: Divergence) -> tuple[float, str, str, tuple[tuple[str, int, int], ...]]:
    """Sort key of divergences: surest first, then kind, group and where its words stand."""
    return (
        -divergence.confidence,
        divergence.kind,
        divergence.group_id,
        tuple((side.sentence_id, side.start, side.end) for side in divergence.sides),
    )
