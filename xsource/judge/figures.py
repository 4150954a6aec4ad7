"""What two sentences count, as evidence on whether they are one claim.

People who fled are not people who were killed, and a crater's depth is no distance. A number that both give
speaks for one claim; two numbers of killed speak neither way: they are the divergence that is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from xsource.facts.quantities import QuantityKind, quantities
from xsource.facts.quantities_context import STATES
from xsource.facts.quantities_convert import dimension, to_base

# "Three" and "three" are said of anything; from this number on the same number is no chance.
_TELLING = 10
# A crater nine metres deep and windows broken five kilometres away are two lengths, and not two reports of one.
_FARTHEST_MEASURES = 30

_COMPARED = frozenset({"count", "money", "measure", "percent"})


class NumberEvidence:
    """Says of pairs of sentences whether they count the same thing."""

    def __init__(self, texts: Sequence[str], languages: Sequence[str]) -> None:
        """Read the quantities of claims: one text and its language for each row."""
        # Sentences that count the same are compared once: a story repeats its figures.
        self._known: dict[tuple[int, int], int] = {}
        numbers: dict[tuple[Count, ...], int] = {}
        self._number_of = [
            numbers.setdefault(_counts(text, language), len(numbers))
            for text, language in zip(texts, languages, strict=True)
        ]
        self._counts = list(numbers)

    def of_pair(self, left: int, right: int) -> int:
        """Give 1 where two rows have one number of one thing, -1 where both count and never the same, or 0."""
        own, other = self._number_of[left], self._number_of[right]
        if not self._counts[own] or not self._counts[other]:
            return 0
        evidence = self._known.get((own, other))
        if evidence is None:
            evidence = self._known[own, other] = _compare(self._counts[own], self._counts[other])
        return evidence


class Count(NamedTuple):
    """What of a quantity is compared; see `Quantity`."""

    kind: QuantityKind
    values: frozenset[Decimal]
    value: Decimal
    unit: str | None
    counted: frozenset[str]


def _counts(text: str, language: str) -> tuple[Count, ...]:
    return tuple(
        Count(found.kind, frozenset({found.value, *found.alternatives}), found.value, found.unit, found.counted)
        for found in quantities(text, language)
        if found.kind in _COMPARED
    )


def _compare(left: tuple[Count, ...], right: tuple[Count, ...]) -> int:
    pairs = [(a, b) for a in left for b in right]
    if any(_is_one_number(a, b) for a, b in pairs):
        return 1
    return 0 if any(_may_be_one_thing(a, b) for a, b in pairs) else -1


def _is_one_number(a: Count, b: Count) -> bool:
    if a.kind != b.kind or a.unit != b.unit or a.values.isdisjoint(b.values):
        return False
    return a.value >= _TELLING or a.unit is not None or bool(a.counted & b.counted)


def _may_be_one_thing(a: Count, b: Count) -> bool:
    if a.kind != b.kind:
        return any(one.kind == "count" and not one.counted for one in (a, b))  # 7 tonnes, printed as 7
    if a.kind == "count":
        states = a.counted & STATES, b.counted & STATES
        return not (states[0] and states[1]) or bool(states[0] & states[1])
    if a.kind == "measure":
        return _are_of_one_size(a, b)
    return True


def _are_of_one_size(a: Count, b: Count) -> bool:
    if a.unit is None or b.unit is None:
        return True
    values = a.value, b.value
    if a.unit != b.unit:
        if dimension(a.unit) != dimension(b.unit):
            return False
        values = to_base(a.value, a.unit), to_base(b.value, b.unit)
    low, high = sorted(abs(value) for value in values)
    return high <= _FARTHEST_MEASURES * max(low, Decimal("1e-9"))
