"""One story: its claims matched across outlets, grouped, and given to the detectors. Reads, keeps nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from xsource.align import (
    ACCEPT_MARGIN,
    SUPPORT_MARGIN,
    ClaimRows,
    NumberEvidence,
    Reference,
    find_copies,
    group_claims,
    margins,
    match_claims,
    rows_of_claims,
)
from xsource.compare.contradiction import KnownPairs
from xsource.compare.detectors.polarity import pairs_to_score
from xsource.compare.evidence import claim_order, divergence_order
from xsource.facts.lengths import english_letters
from xsource.protocols import ContradictionScorer, Detector
from xsource.records import (
    Article,
    ArticleId,
    Claim,
    ClaimGroup,
    Comparison,
    Copy,
    Divergence,
    FloatMatrix,
    GroupId,
    IntVector,
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
    sentences: Sequence[Claim],
    vectors: FloatMatrix,
    reference: Reference,
    make_detectors: Callable[[ContradictionScorer | None], Sequence[Detector]],
    scorer: ContradictionScorer | None,
    min_confidence: float,
) -> StoryFindings:
    """Match a story's claims across outlets and look for what differs.

    Args:
        story: whose articles the sentences are from.
        sentences: all of them, in any order. Only claims are matched; the others still count when an outlet is
            asked whether it is silent.
        vectors: (n, d) centred unit rows, in the order of `sentences`.
        reference: of the embedder that made the vectors.
        make_detectors: gives them in the order in which they are asked, around a scorer.
        scorer: asked once, about all pairs of the story; `None` leaves contradictions to the rules.
        min_confidence: divergences below it are left out.
    """
    rows = rows_of_claims(sentences, vectors, reference)
    is_claim = np.flatnonzero([claim.sentence.is_claim for claim in sentences])
    claims = [sentences[row] for row in is_claim.tolist()]
    counts = NumberEvidence([c.sentence.text for c in claims], [c.article.language for c in claims])
    pairs = match_claims(rows.take(is_claim), reference, SUPPORT_MARGIN, counts)
    matches = [pair for pair in pairs if pair.margin >= ACCEPT_MARGIN]
    articles = {claim.article.id: claim.article for claim in sentences}
    copies = find_copies(list(articles.values()), [claim.sentence for claim in sentences], matches)
    groups = _make_groups(story, claims, pairs, copies)
    groups = _with_silences(groups, sentences, rows, reference)
    if scorer is not None:
        scorer = KnownPairs(scorer, [pair for group in groups for pair in pairs_to_score(group)])
    detectors = make_detectors(scorer)
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
    story: Story, claims: Sequence[Claim], pairs: Sequence[Match], copies: Sequence[Copy]
) -> list[ClaimGroup]:
    """Make groups of two or more outlets, in the order in which the articles tell them."""
    by_id: Mapping[SentenceId, Claim] = {claim.sentence.id: claim for claim in claims}
    last: dict[ArticleId, int] = defaultdict(int)
    for claim in claims:
        last[claim.article.id] = max(last[claim.article.id], claim.sentence.position)

    def place(group: ClaimGroup) -> tuple[float, str]:
        parts = [claim.sentence.position / (last[claim.article.id] + 1) for claim in group.claims]
        return round(sum(parts) / len(parts), 6), group.id

    groups = []
    for ids in group_claims(pairs, {claim.sentence.id: claim.outlet.id for claim in claims}):
        members = tuple(sorted((by_id[i] for i in ids), key=claim_order))
        if len({claim.outlet.id for claim in members}) < 2:
            continue
        inside = set(ids)
        present = {claim.article.id for claim in members}
        groups.append(
            ClaimGroup(
                id=GroupId(stable_id("group", *sorted(ids))),
                story_id=story.id,
                claims=members,
                matches=tuple(pair for pair in pairs if pair.left in inside and pair.right in inside),
                copies=tuple(c for c in copies if c.original in present and c.repeat in present),
            )
        )
    return sorted(groups, key=place)


def _with_silences(
    groups: Sequence[ClaimGroup], sentences: Sequence[Claim], rows: ClaimRows, reference: Reference
) -> list[ClaimGroup]:
    """Add to each group the outlets of the story that it lacks, and how near each of them came."""
    row_of = {sentence_id: row for row, sentence_id in enumerate(rows.ids)}
    rows_of: dict[OutletId, list[int]] = defaultdict(list)
    latest: dict[OutletId, Article] = {}
    for row, claim in enumerate(sentences):
        rows_of[claim.outlet.id].append(row)
        latest[claim.outlet.id] = max(latest.get(claim.outlet.id, claim.article), claim.article, key=_age)
    places = _Places(groups, sentences)
    is_free = np.ones(len(rows), dtype=bool)
    is_free[[row_of[sentence_id] for sentence_id in places.group_of]] = False
    completed = []
    for group in groups:
        members = np.array([row_of[claim.sentence.id] for claim in group.claims], dtype=np.int64)
        silences = []
        for outlet_id in sorted(set(rows_of) - {claim.outlet.id for claim in group.claims}):
            own: IntVector = np.array(rows_of[outlet_id], dtype=np.int64)
            near = margins(rows, reference, members, own).max(axis=0)
            nearest = rows.ids[own[int(near.argmax())]]
            silences.append(
                Silence(
                    article=latest[outlet_id],
                    nearest=nearest,
                    nearest_margin=float(near.max()),
                    free_margin=float(near[is_free[own]].max(initial=-np.inf)),
                    surplus=places.surplus(group, outlet_id, nearest),
                    coverage=places.coverage(outlet_id),
                )
            )
        completed.append(replace(group, silent=tuple(silences)))
    return completed


class _Places:
    """Where each claim of a story stands: in which group, between which sentences, and how long it is."""

    def __init__(self, groups: Sequence[ClaimGroup], sentences: Sequence[Claim]) -> None:
        self._groups = groups
        self.group_of = {claim.sentence.id: group for group in groups for claim in group.claims}
        self._at = {(claim.article.id, claim.sentence.position): claim.sentence.id for claim in sentences}
        self._letters = {
            claim.sentence.id: english_letters(claim.sentence.text, claim.article.language)
            for claim in sentences
        }
        self._outlet_of = {claim.sentence.id: claim.outlet.id for claim in sentences}

    def coverage(self, outlet_id: OutletId) -> float:
        """Give the part of all groups but one, the one it is silent on, that an outlet has a claim in."""
        present = sum(any(claim.outlet.id == outlet_id for claim in group.claims) for group in self._groups)
        return present / max(1, len(self._groups) - 1)

    def surplus(self, group: ClaimGroup, outlet_id: OutletId, nearest: SentenceId) -> float:
        """Say how much longer than its counterparts an outlet's sentence is in the place of a missing claim.

        That place is its sentence nearest in meaning, and those that match the sentences beside the claim.
        """
        candidates = {nearest}
        for claim in group.claims:
            for position in (claim.sentence.position - 1, claim.sentence.position + 1):
                beside = self.group_of.get(self._at.get((claim.article.id, position), SentenceId("")))
                if beside is not None:
                    candidates.update(c.sentence.id for c in beside.claims if c.outlet.id == outlet_id)
        return max((self._length_ratio(candidate) for candidate in candidates), default=1.0)

    def _length_ratio(self, sentence_id: SentenceId) -> float:
        group = self.group_of.get(sentence_id)
        if group is None:
            return 1.0
        own = self._outlet_of[sentence_id]
        others = [self._letters[claim.sentence.id] for claim in group.claims if claim.outlet.id != own]
        return self._letters[sentence_id] / max(1.0, median(others)) if others else 1.0


def _age(article: Article) -> tuple[float, str]:
    published = article.published_at
    return published.timestamp() if published else float("-inf"), article.id


def restrict(comparison: Comparison, group: ClaimGroup) -> Comparison:
    """Give the part of a comparison that is about one claim."""
    articles = {claim.article.id for claim in group.claims} | {silence.article.id for silence in group.silent}
    outlets = {article.outlet_id for article in comparison.articles if article.id in articles}
    return replace(
        comparison,
        outlets=tuple(outlet for outlet in comparison.outlets if outlet.id in outlets),
        articles=tuple(article for article in comparison.articles if article.id in articles),
        stories=tuple(story for story in comparison.stories if story.id == group.story_id),
        groups=(group,),
        divergences=tuple(d for d in comparison.divergences if d.group_id == group.id),
        unmatched=(),
        copies=tuple(c for c in comparison.copies if {c.original, c.repeat} <= articles),
    )
