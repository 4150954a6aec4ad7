"""What a sentence gives for the numbers of a claim: 14 where the claim says that 12 were killed."""

from __future__ import annotations

from xsource.facts.quantities import Quantity, quantities
from xsource.facts.quantities_context import STATES

_COMPARED = frozenset({"count", "percent", "money", "measure"})
"""Kinds of numbers that change while an event is told; a rank, a time of day or a name's number does not."""


def figures_for(claim: str, claim_language: str, sentence: str, language: str) -> tuple[tuple[str, str], ...]:
    """Give the numbers of a sentence that stand for those of a claim, as printed and as read.

    Args:
        claim: the words of the claim.
        claim_language, language: of the claim and of the sentence.
        sentence: of an outlet, about the same.

    Returns:
        From left to right; nothing where the claim has no number, or the sentence none like it.
    """
    asked = [one for one in quantities(claim, claim_language) if one.kind in _COMPARED]
    found = [one for one in quantities(sentence, language) if one.kind in _COMPARED]
    alike = [one for one in found if any(_counts_alike(wanted, one, found) for wanted in asked)]
    return tuple((one.words, _value(one)) for one in alike)


def _counts_alike(wanted: Quantity, one: Quantity, beside: list[Quantity]) -> bool:
    """Whether two numbers count the same: one kind, one unit, and nothing that says otherwise."""
    if wanted.kind != one.kind or wanted.unit != one.unit:
        return False
    state = wanted.counted & STATES
    if state and not one.counted & STATES:
        # Of "12 people died, 86 were on board" the second is no figure for the dead.
        return not any(other.counted & state for other in beside)
    if state or one.counted & STATES:
        return bool(state & one.counted)
    return not (wanted.counted and one.counted) or bool(wanted.counted & one.counted)


def _value(one: Quantity) -> str:
    value = f"{one.value:f}" if one.upper is None else f"{one.value:f}-{one.upper:f}"
    return f"{value} {one.unit}" if one.unit else value
