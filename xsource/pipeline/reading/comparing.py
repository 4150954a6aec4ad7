"""One story: what its sentences state, put together across outlets, and given to the detectors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from xsource.align import find_copies, headline
from xsource.compare.contradiction import KnownPairs
from xsource.compare.detectors.polarity import pairs_to_score
from xsource.compare.evidence import claim_order, divergence_order
from xsource.pipeline.reading.judging_pairs import StoryJudge, StoryPairs, could_be_claims
from xsource.protocols import ContradictionScorer, Detector
from xsource.records import (
    Article,
    Claim,
    ClaimGroup,
    Comparison,
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
    sentences: Sequence[Claim],
    vectors: FloatMatrix,
    judge: StoryJudge,
    make_detectors: Callable[[ContradictionScorer | None], Sequence[Detector]],
    scorer: ContradictionScorer | None,
    min_confidence: float,
) -> StoryFindings:
    """Put together what a story's outlets state alike and look for what differs.

    Args:
        story: whose articles the sentences are from.
        sentences: all of them, in any order.
        vectors: (n, d) centred unit rows, in the order of `sentences`.
        judge: says of pairs of sentences whether they state the same fact.
        make_detectors: gives them in the order in which they are asked, around a scorer.
        scorer: asked once, about all pairs of the story; `None` leaves contradictions to the rules.
        min_confidence: divergences below it are left out.
    """
    sentences = judge.statements(sentences)
    pairs = judge.judge(sentences, vectors, could_be_claims(sentences))
    claims = [sentences[row] for row in pairs.claims]
    articles = {claim.article.id: claim.article for claim in sentences}
    matches = _matches(sentences, pairs, judge.number("group.seed"))
    copies = find_copies(list(articles.values()), [claim.sentence for claim in sentences], matches)
    groups = _make_groups(story, sentences, pairs, judge, copies)
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
        divergences=tuple(sorted(_each_once(found), key=divergence_order)),
        unmatched=tuple(sorted((c for c in claims if c.sentence.id not in grouped), key=claim_order)),
        copies=tuple(copies),
    )


def _matches(sentences: Sequence[Claim], pairs: StoryPairs, least: float) -> list[Match]:
    """Give the pairs of different articles that state the same fact, by sentence ids."""
    found = []
    for one, other, same, cosine in zip(pairs.left, pairs.right, pairs.same, pairs.cosines, strict=True):
        if same >= least:
            first, second = sorted((sentences[one].sentence.id, sentences[other].sentence.id))
            found.append(Match(first, second, cosine=cosine, probability=same))
    return sorted(found, key=lambda match: (match.left, match.right))


def _make_groups(
    story: Story, sentences: Sequence[Claim], pairs: StoryPairs, judge: StoryJudge, copies: Sequence[Copy]
) -> list[ClaimGroup]:
    """Make groups of two or more outlets: most outlets first, then as the articles tell them."""
    same = {(a, b): likely for a, b, likely in zip(pairs.left, pairs.right, pairs.same, strict=True)}
    matches = _matches(sentences, pairs, judge.number("group.least"))
    by_sentence = {frozenset((match.left, match.right)): match for match in matches}
    lengths = [len(claim.sentence.text) for claim in sentences]
    silence = _Silences(sentences, same)
    groups = []
    for rows in pairs.groups:
        members = [sentences[row] for row in rows]
        if len({claim.outlet.id for claim in members}) < 2:
            continue
        ids = [claim.sentence.id for claim in members]
        inside = [by_sentence.get(frozenset((a, b))) for at, a in enumerate(ids) for b in ids[at + 1 :]]
        present = {claim.article.id for claim in members}
        groups.append(
            ClaimGroup(
                id=GroupId(stable_id("group", *sorted(ids))),
                story_id=story.id,
                claims=tuple(sorted(members, key=claim_order)),
                matches=tuple(sorted((m for m in inside if m), key=lambda m: (m.left, m.right))),
                silent=silence.beside(rows),
                copies=tuple(c for c in copies if c.original in present and c.repeat in present),
                headline=sentences[headline(rows, same, lengths)].sentence.id,
            )
        )
    last = Counter({claim.article.id: claim.sentence.position for claim in sorted(sentences, key=_position)})

    def place(group: ClaimGroup) -> tuple[int, float, str]:
        parts = [claim.sentence.position / (last[claim.article.id] + 1) for claim in group.claims]
        return -len(group.independent_outlet_ids), round(sum(parts) / len(parts), 6), group.id

    return sorted(groups, key=place)


def _position(claim: Claim) -> int:
    return claim.sentence.position


class _Silences:
    """How near each outlet of a story comes to what a group states."""

    def __init__(self, sentences: Sequence[Claim], same: Mapping[tuple[int, int], float]) -> None:
        self._sentences = sentences
        self._near: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for (one, other), probability in same.items():
            self._near[one].append((other, probability))
            self._near[other].append((one, probability))
        self._latest: dict[OutletId, Article] = {}
        for claim in sentences:
            held = self._latest.get(claim.outlet.id, claim.article)
            self._latest[claim.outlet.id] = max(held, claim.article, key=_age)

    def beside(self, rows: Sequence[int]) -> tuple[Silence, ...]:
        """Give the outlets of the story that have no sentence in a group, by id."""
        present = {self._sentences[row].outlet.id for row in rows}
        best: dict[OutletId, tuple[float, int]] = {}
        for row in rows:
            for other, probability in self._near[row]:
                outlet = self._sentences[other].outlet.id
                if outlet not in present and (probability, -other) > best.get(outlet, (-1.0, 0)):
                    best[outlet] = (probability, -other)
        return tuple(
            Silence(
                article=self._latest[outlet],
                nearest=self._sentences[-best[outlet][1]].sentence.id if outlet in best else None,
                likelihood=best[outlet][0] if outlet in best else 0.0,
            )
            for outlet in sorted(set(self._latest) - present)
        )


def _age(article: Article) -> tuple[float, str]:
    published = article.published_at
    return published.timestamp() if published else float("-inf"), article.id


def _each_once(found: Sequence[Divergence]) -> list[Divergence]:
    """Leave out what two groups of one sentence find twice: the same words, less surely."""
    kept: list[Divergence] = []
    seen: dict[tuple[str, SentenceId, int, int], list[frozenset[SentenceId]]] = defaultdict(list)
    for divergence in sorted(found, key=lambda d: (-d.confidence, -len(d.sides), d.group_id)):
        sides = frozenset(side.sentence_id for side in divergence.sides)
        if divergence.kind == "omission":
            kept.append(divergence)
            continue
        places = [(divergence.kind, s.sentence_id, s.start, s.end) for s in divergence.sides]
        # Said before when two of its places were set against each other by a surer one.
        if any(len(sides & earlier) > 1 for place in places for earlier in seen[place]):
            continue
        for place in places:
            seen[place].append(sides)
        kept.append(divergence)
    return kept


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
