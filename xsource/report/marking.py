"""A sentence cut at the words that differ: what a page or a spreadsheet marks in a quote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from xsource.records import Claim, Divergence, DivergenceKind
from xsource.report.bidi import plain
from xsource.report.tables import standing_apart

Stress = Literal["apart", "compared"]
"""`apart`: words that stand against the majority; `compared`: the majority's words for the same thing."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a sentence, safe to show: nothing in it reorders text or acts on a terminal.

    Attributes:
        kinds: what the words differ in; empty for the words between.
        divergences: the places, from 0, of those divergences among the ones that were asked about.
    """

    text: str
    stress: Stress | None = None
    kinds: tuple[DivergenceKind, ...] = ()
    divergences: tuple[int, ...] = ()


def mark_sentence(claim: Claim, divergences: Iterable[Divergence]) -> tuple[Segment, ...]:
    """Cut a claim's sentence at every span that a divergence of its group points to.

    Spans may overlap (a number inside a source's words): the sentence is cut at every border, and a part that
    two divergences share carries both kinds. An omission marks nothing, it is about the whole claim.
    """
    sentence = claim.sentence.text
    spans: list[tuple[int, int, Stress, DivergenceKind, int]] = []
    for index, divergence in enumerate(divergences):
        if divergence.kind == "omission":
            continue
        apart = {id(side) for side in standing_apart(divergence)}
        spans.extend(
            (side.start, side.end, "apart" if id(side) in apart else "compared", divergence.kind, index)
            for side in divergence.sides
            if side.sentence_id == claim.sentence.id and side.start < side.end
        )
    borders = sorted({0, len(sentence), *(border for start, end, *_ in spans for border in (start, end))})
    segments = []
    for start, end in pairwise(borders):
        covering = [span for span in spans if span[0] <= start and end <= span[1]]
        stresses = {stress for _, _, stress, _, _ in covering}
        text = plain(sentence[start:end])
        if not text:
            continue
        kinds = tuple(dict.fromkeys(kind for *_, kind, _ in covering))
        indices = tuple(dict.fromkeys(index for *_, index in covering))
        stress: Stress | None = ("apart" if "apart" in stresses else "compared") if stresses else None
        segments.append(Segment(text, stress, kinds, indices))
    return tuple(segments)
