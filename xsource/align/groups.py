"""Which matched claims are one claim: groups, without chains of "similar to similar".

Matching compares two articles at a time, so A may match B and B match C while A and C speak of different
things. Claims are therefore joined by average linkage: two sets join while the mean margin of *all* pairs
between them holds, and a pair that is not each other's nearest counts as nothing. The more pairs, the surer
their mean: a claim a little too far from each of four others still joins them. Two sets that are each
close-knit and far from one another stay apart, above all where the same outlets make both: "two were wounded in
the shooting" on Sunday, "some 30 were wounded" on Friday.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from math import sqrt

from xsource.align.candidates import ACCEPT_MARGIN, ClaimRows, PairEvidence, match_claims
from xsource.align.reference import Reference
from xsource.records import Match, SentenceId

SUPPORT_MARGIN = 0.0
"""Nearest pairs with this margin or more have a say when sets of claims are joined."""

LEAST_MEAN_MARGIN = 0.05
"""The least mean margin of all pairs between two sets that join, however many pairs there are: a third of what
one pair needs. Of n pairs the mean must reach `ACCEPT_MARGIN` / sqrt(n), as chance would make it vary."""

COHESION = 0.25
"""Two sets of two or more claims join only from this part of the lesser mean margin inside them."""

COHESION_OF_TWO_CLAIMS = 0.5
"""The same where more than half of the outlets of one set are in the other too: they make two claims, mostly.

Pairs in groups with this, the support of weaker pairs and the evidence of numbers, 22 November 2026: `planted/`
precision .998, recall .983 (.998 and .980 before); `moscow-talks/` .89 and .84 (.92 and .80), `port-explosion/`
.95 and .67 (.83 and .62), `valley-truce/` .95 and .86 (.84 and .85).
"""


def find_groups(
    claims: ClaimRows, reference: Reference, evidence: PairEvidence | None = None
) -> list[tuple[SentenceId, ...]]:
    """Match a story's claims and group them, each article standing for an outlet; see `group_claims`."""
    article_of = dict(zip(claims.ids, claims.articles, strict=True))
    return group_claims(match_claims(claims, reference, SUPPORT_MARGIN, evidence), article_of)


def group_claims(
    matches: Iterable[Match],
    outlet_of: Mapping[SentenceId, str],
    accept_margin: float = ACCEPT_MARGIN,
    least_mean_margin: float = LEAST_MEAN_MARGIN,
) -> list[tuple[SentenceId, ...]]:
    """Join matched claims into groups of two or more.

    An article may have two sentences in a group when it states the claim twice.

    Args:
        matches: in any order, those below `accept_margin` too, as support; their `left` and `right` may be
            swapped. Of a pair given twice the last counts.
        outlet_of: who says each sentence of the matches.
        accept_margin: what one pair alone needs.
        least_mean_margin: see `LEAST_MEAN_MARGIN`.

    Returns:
        Disjoint groups, each with its ids ascending, ordered by the first. A sentence whose matches all went to
        other groups is in none. Cost: m log m for m matches.
    """
    margin_of = {tuple(sorted((match.left, match.right))): match.margin for match in matches}
    ids = sorted({sentence for pair in margin_of for sentence in pair})
    row_of = {sentence: row for row, sentence in enumerate(ids)}
    members = {row: [row] for row in range(len(ids))}
    outlets = {row: {outlet_of[sentence]} for sentence, row in row_of.items()}
    inside = [0.0] * len(ids)  # sum of the margins of the pairs inside a set
    version = [0] * len(ids)
    near: dict[int, dict[int, float]] = {row: {} for row in range(len(ids))}
    for (left, right), margin in margin_of.items():
        near[row_of[left]][row_of[right]] = near[row_of[right]][row_of[left]] = margin
    queue: list[tuple[float, int, int, int, int]] = []

    def needed(one: int, other: int) -> float:
        sizes = len(members[one]), len(members[other])
        least = max(least_mean_margin, accept_margin / sqrt(sizes[0] * sizes[1]))
        if min(sizes) < 2:
            return least
        inner = [2 * inside[row] / (size * (size - 1)) for row, size in zip((one, other), sizes, strict=True)]
        common = len(outlets[one] & outlets[other])
        are_two = 2 * common > min(len(outlets[one]), len(outlets[other]))
        return max(least, (COHESION_OF_TWO_CLAIMS if are_two else COHESION) * min(inner))

    def enqueue(one: int, other: int) -> None:
        mean = near[one][other] / (len(members[one]) * len(members[other]))
        # Rounded, so that the order of a sum's terms does not decide between equals.
        if round(mean, 6) >= round(needed(one, other), 6):
            low, high = sorted((one, other))
            heapq.heappush(queue, (-round(mean, 6), low, high, version[low], version[high]))

    for row, others in near.items():
        for other in others:
            if row < other:
                enqueue(row, other)
    while queue:
        _, left_row, right_row, left_version, right_version = heapq.heappop(queue)
        alive = left_row in members and right_row in members
        if not alive or (version[left_row], version[right_row]) != (left_version, right_version):
            continue
        inside[left_row] += inside[right_row] + near[left_row][right_row]
        members[left_row] += members.pop(right_row)
        outlets[left_row] |= outlets.pop(right_row)
        version[left_row] += 1
        for other, total in near.pop(right_row).items():
            del near[other][right_row]
            if other != left_row:
                near[left_row][other] = near[other][left_row] = near[left_row].get(other, 0.0) + total
        for other in near[left_row]:
            enqueue(left_row, other)
    return sorted(tuple(ids[row] for row in sorted(rows)) for rows in members.values() if len(rows) > 1)
