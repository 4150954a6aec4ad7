"""One claim put to the index: what every outlet says about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xsource.align import QuestionEvidence, find_groups, rows_of_claims
from xsource.align.asking import judge_claims
from xsource.pipeline.reading.filters import Filters
from xsource.pipeline.reading.models import Models
from xsource.pipeline.reading.ranking import by_margin
from xsource.pipeline.reading.searching import Question, find_nearest
from xsource.records import (
    Article,
    ArticleId,
    Claim,
    ClaimGroup,
    Coverage,
    Divergence,
    DivergenceKind,
    FloatMatrix,
    GroupId,
    Outlet,
    OutletAnswer,
    OutletId,
    SearchHit,
    Sentence,
    SentenceId,
    Story,
    StoryId,
)
from xsource.store import Index

if TYPE_CHECKING:
    from xsource.pipeline.reading.reader import Reader

ASKED = OutletId("the asked claim")
"""The outlet id under which the asked claim itself appears in a divergence, and in its explanation."""

HITS_AN_OUTLET = 10
"""Nearest sentences looked at in each outlet: the nearest by cosine is not always the nearest by margin."""

MOST_STORIES = 8
"""Stories that are read for one question: those of the nearest sentences."""

SAME_STORY_MARGIN = 0.1
"""Where nobody reports a claim, its story is that of the nearest sentence, if that comes so near; else none."""

FACTUAL_KINDS = frozenset({"number", "date", "actor", "place", "polarity"})
"""An outlet whose words differ in these reports the claim differently."""

ASKED_KINDS = FACTUAL_KINDS | {"certainty"}
"""What is looked for between a claim and an outlet: whoever asks names no source, leaves out what they please,
and has no leaning that their words would show."""


def ask_outlets(
    reader: Reader,
    index: Index,
    question: Question,
    models: Models,
    min_confidence: float,
) -> list[OutletAnswer]:
    """Say of every outlet what it does with an asked claim: those that report it first, then by id.

    The question is put to the claim groups of the stories that its nearest sentences belong to, see
    `xsource.align.asking`.
    """
    nearest: dict[OutletId, SearchHit] = {}
    for outlet in reader.outlets():
        hits = find_nearest(reader, index, question, HITS_AN_OUTLET, Filters(outlets=(outlet.id,)))
        if hits:
            nearest[outlet.id] = min(hits, key=by_margin)
    stories = _likely_stories(reader, nearest.values())
    reports, reporting = _judge_stories(reader, question, stories)
    covering = {outlet_id for story in reporting for outlet_id in reader.outlets_of(story)}
    best = min(nearest.values(), key=by_margin, default=None)
    if not reports and best is not None and best.margin >= SAME_STORY_MARGIN:
        # Nobody reports it: the story is the one whose sentences come nearest, if they come near at all.
        covering = reader.outlets_of(stories[0])
    differences = _differences(question, reports, models, min_confidence)
    answers = []
    for outlet in reader.outlets():
        report = reports.get(outlet.id)
        differs: tuple[Divergence, ...] = ()
        status: Coverage = "silent" if outlet.id in covering else "no coverage"
        if report is not None:
            differs = differences.get(outlet.id, ())
            status = "differs" if any(d.kind in FACTUAL_KINDS for d in differs) else "reports"
        shown = report or (nearest.get(outlet.id) if status == "silent" else None)
        answers.append(OutletAnswer(outlet, status, shown, differs))
    order = {"reports": 0, "differs": 1, "silent": 2, "no coverage": 3}
    return sorted(answers, key=lambda answer: (order[answer.status], answer.outlet.id))


def _likely_stories(reader: Reader, nearest: Iterable[SearchHit]) -> list[Story]:
    """Give the stories of the outlets' nearest sentences, nearest first, each once."""
    story_of = {article_id: story for story in reader.all_stories() for article_id in story.article_ids}
    ordered = sorted(nearest, key=by_margin)
    likely = {story_of[hit.claim.article.id].id: story_of[hit.claim.article.id] for hit in ordered}
    return list(likely.values())[:MOST_STORIES]


def _judge_stories(
    reader: Reader, question: Question, stories: Sequence[Story]
) -> tuple[dict[OutletId, SearchHit], list[Story]]:
    """Give the best sentence of every outlet that reports what was asked, and the stories that these belong to.

    All stories are judged together: the nearest group of each story alone would be somebody's report of nearly
    everything (F1 of reporting outlets on NTREX dev .75 story by story, .97 together).
    """
    claims: list[Claim] = []
    story_of: list[Story] = []
    parts: list[FloatMatrix] = []
    groups: list[tuple[SentenceId, ...]] = []
    for story in stories:
        own, vectors = reader.read_story(story)
        rows = rows_of_claims(own, vectors, reader.reference)
        groups += find_groups(rows, reader.reference)
        claims += own
        story_of += [story] * len(own)
        parts.append(vectors)
    if not claims:
        return {}, []
    together = rows_of_claims(claims, np.concatenate(parts), reader.reference)
    articles = {claim.article.id: claim.article for claim in claims}
    evidence = QuestionEvidence(
        question.text,
        question.language,
        [claim.sentence.text for claim in claims],
        together.languages,
        together.articles,
        lambda article: f"{articles[article].title}\n{articles[article].text}",
    )
    judged = judge_claims(
        question.centred, question.language, together, groups, reader.reference, evidence=evidence
    )
    best: dict[OutletId, SearchHit] = {}
    reporting: dict[StoryId, Story] = {}
    for row in np.flatnonzero(judged.are_reports).tolist():
        reporting[story_of[row].id] = story_of[row]
        hit = SearchHit(claims[row], float(judged.cosines[row]), float(judged.margins[row]))
        held = best.get(hit.claim.outlet.id)
        if held is None or by_margin(hit) < by_margin(held):
            best[hit.claim.outlet.id] = hit
    return best, list(reporting.values())


def _differences(
    question: Question,
    reports: Mapping[OutletId, SearchHit],
    models: Models,
    min_confidence: float,
) -> dict[OutletId, tuple[Divergence, ...]]:
    """Give what sets each outlet's sentence against the asked claim, of each kind the surest.

    The claim is compared with each sentence alone and with all of them together: where outlets confirm each
    other, a detector is surer than of two sentences that nobody else has.
    """
    # Here, because a search has no use for what compares claims.
    from xsource.compare.contradiction import KnownPairs
    from xsource.compare.detectors.polarity import pairs_to_score

    asked = asked_claim(question)
    claims = [hit.claim for _, hit in sorted(reports.items())]
    together: list[tuple[Claim, ...]] = [(asked, claim) for claim in claims]
    if len(claims) > 1:
        together.append((asked, *claims))
    groups = [ClaimGroup(GroupId("asked"), StoryId("asked"), each) for each in together]
    scorer = models.scorer
    if scorer is not None:
        scorer = KnownPairs(scorer, [pair for group in groups for pair in pairs_to_score(group)])
    detectors = models.make_detectors(scorer)
    best: dict[tuple[OutletId, DivergenceKind], Divergence] = {}
    for group in groups:
        for detect in detectors:
            for divergence in detect(group):
                if divergence.kind not in ASKED_KINDS or divergence.confidence < min_confidence:
                    continue
                for outlet in _set_against_asked(divergence):
                    held = best.get((outlet, divergence.kind))
                    if held is None or held.confidence < divergence.confidence:
                        best[outlet, divergence.kind] = _between(divergence, outlet)
    return {
        outlet: tuple(found for (of, _), found in best.items() if of == outlet)
        for outlet in {of for of, _ in best}
    }


def _between(divergence: Divergence, outlet: OutletId) -> Divergence:
    """Show only the asked claim's words and one outlet's; the explanation still names who else stands where."""
    asked = tuple(side for side in divergence.sides if side.outlet_id == ASKED)
    own = tuple(side for side in divergence.sides if side.outlet_id == outlet)
    return replace(divergence, sides=asked + own, apart=len(asked))


def _set_against_asked(divergence: Divergence) -> set[OutletId]:
    """Name the outlets on the other side than the asked claim; nobody where it is on neither, or on both."""
    apart = {side.outlet_id for side in divergence.sides[: divergence.apart]}
    camp = {side.outlet_id for side in divergence.sides[divergence.apart :]}
    if not apart:  # the detector names no camps: of two, each is set against the other
        return camp - {ASKED} if ASKED in camp and len(camp) == 2 else set()
    if (ASKED in apart) == (ASKED in camp):
        return set()
    return camp if ASKED in apart else apart


def asked_claim(question: Question) -> Claim:
    """Put a question into the form of a claim, made by the outlet `asked`."""
    article = Article(
        id=ArticleId("asked"),
        outlet_id=ASKED,
        source="asked",
        title="",
        text=question.text,
        language=question.language,
        language_probability=1.0,
        published_at=None,
    )
    sentence = Sentence(SentenceId("asked"), article.id, 0, 0, len(question.text), question.text, True, "asked")  # noqa: FBT003
    return Claim(sentence, article, Outlet(ASKED, "asked", question.language))
