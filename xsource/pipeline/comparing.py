"""One story: its claims matched across outlets, grouped, and given to the detectors. Reads, keeps nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xsource.align import ClaimRows, Reference, find_copies, group_claims, margins, match_claims
from xsource.compare.evidence import claim_order, divergence_order
from xsource.protocols import Detector
from xsource.records import (
    Article,
    ArticleId,
    Claim,
    ClaimGroup,
    Copy,
    Divergence,
    FloatMatrix,
    GroupId,
    Match,
    OutletId,
    SentenceId,
    Silence,
    Story,
    stable_id,
)


@dataclass(frozen=True, slots=True)
class StoryFindings:
    """What comparing one story found; `unmatched` are the claims that one outlet alone makes."""

    groups: tuple[ClaimGroup, ...]
    divergences: tuple[Divergence, ...]
    unmatched: tuple[Claim, ...]
    copies: tuple[Copy, ...]


def compare_story(
    story: Story,
    claims: Sequence[Claim],
    vectors: FloatMatrix,
    reference: Reference,
    detectors: Sequence[Detector],
    min_confidence: float,
) -> StoryFindings:
    """Match a story's claims across outlets and look for what differs.

    Args:
        story: whose articles `claims` are from.
        claims: its checkable sentences, in any order.
        vectors: (n, d) centred unit rows, in the order of `claims`.
        reference: of the embedder that made the vectors.
        detectors: in the order in which they are asked.
        min_confidence: divergences below it are left out.
    """
    rows = ClaimRows(
        ids=[claim.sentence.id for claim in claims],
        articles=[claim.article.id for claim in claims],
        languages=[claim.article.language for claim in claims],
        vectors=vectors,
        hubness=reference.hubness(vectors),
    )
    matches = match_claims(rows, reference)
    by_id = {claim.sentence.id: claim for claim in claims}
    articles = {claim.article.id: claim.article for claim in claims}
    copies = find_copies(list(articles.values()), [claim.sentence for claim in claims], matches)
    groups = _make_groups(story, by_id, matches, copies)
    groups = _with_silences(groups, claims, rows, reference)
    found = [
        divergence
        for group in groups
        for detect in detectors
        for divergence in detect(group)
        if divergence.confidence >= min_confidence
    ]
    grouped = {claim.sentence.id for group in groups for claim in group.claims}
    return StoryFindings(
        groups=tuple(groups),
        divergences=tuple(sorted(found, key=divergence_order)),
        unmatched=tuple(sorted((c for c in claims if c.sentence.id not in grouped), key=claim_order)),
        copies=tuple(copies),
    )


def _make_groups(
    story: Story, claims: Mapping[SentenceId, Claim], matches: Sequence[Match], copies: Sequence[Copy]
) -> list[ClaimGroup]:
    """Make groups of two or more outlets, in the order in which the articles tell them."""
    last: dict[ArticleId, int] = defaultdict(int)
    for claim in claims.values():
        last[claim.article.id] = max(last[claim.article.id], claim.sentence.position)

    def place(group: ClaimGroup) -> tuple[float, str]:
        parts = [claim.sentence.position / (last[claim.article.id] + 1) for claim in group.claims]
        return round(sum(parts) / len(parts), 6), group.id

    groups = []
    for ids in group_claims(matches):
        members = tuple(sorted((claims[i] for i in ids), key=claim_order))
        if len({claim.outlet.id for claim in members}) < 2:
            continue
        inside = set(ids)
        present = {claim.article.id for claim in members}
        groups.append(
            ClaimGroup(
                id=GroupId(stable_id("group", *sorted(ids))),
                story_id=story.id,
                claims=members,
                matches=tuple(m for m in matches if m.left in inside and m.right in inside),
                copies=tuple(c for c in copies if c.original in present and c.repeat in present),
            )
        )
    return sorted(groups, key=place)


def _with_silences(
    groups: Sequence[ClaimGroup], claims: Sequence[Claim], rows: ClaimRows, reference: Reference
) -> list[ClaimGroup]:
    """Add to each group the outlets of the story that it lacks, and how near each of them came."""
    row_of = {sentence_id: row for row, sentence_id in enumerate(rows.ids)}
    rows_of: dict[OutletId, list[int]] = defaultdict(list)
    latest: dict[OutletId, Article] = {}
    for row, claim in enumerate(claims):
        rows_of[claim.outlet.id].append(row)
        latest[claim.outlet.id] = max(latest.get(claim.outlet.id, claim.article), claim.article, key=_age)
    present = {group.id: {claim.outlet.id for claim in group.claims} for group in groups}
    completed = []
    for group in groups:
        members = np.array([row_of[claim.sentence.id] for claim in group.claims], dtype=np.int64)
        silences = []
        for outlet_id in sorted(set(rows_of) - present[group.id]):
            own = np.array(rows_of[outlet_id], dtype=np.int64)
            near = margins(rows, reference, members, own).max(axis=0)
            nearest = int(near.argmax())
            others = [outlets for group_id, outlets in present.items() if group_id != group.id]
            silences.append(
                Silence(
                    article=latest[outlet_id],
                    nearest=rows.ids[own[nearest]],
                    nearest_margin=float(near[nearest]),
                    coverage=sum(outlet_id in outlets for outlets in others) / max(1, len(others)),
                )
            )
        completed.append(replace(group, silent=tuple(silences)))
    return completed


def _age(article: Article) -> tuple[float, str]:
    published = article.published_at
    return published.timestamp() if published else float("-inf"), article.id
