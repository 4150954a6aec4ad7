"""One claim put to the index: what every outlet says about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from xsource.judge.judging import Judge
from xsource.pipeline.reading.asked_differences import FACTUAL_KINDS, differences
from xsource.pipeline.reading.asked_story import Heard, asked_story, covering, is_beside, story_of
from xsource.pipeline.reading.filters import Filters
from xsource.pipeline.reading.judging_pairs import could_be_claims, statements_of
from xsource.pipeline.reading.models import Models
from xsource.pipeline.reading.searching import Question, find_nearest
from xsource.records import (
    LANGUAGES,
    Coverage,
    Divergence,
    OutletAnswer,
    OutletId,
    SearchHit,
    SentenceId,
    Story,
    StoryId,
)
from xsource.store import Index

if TYPE_CHECKING:
    from xsource.pipeline.reading.reader import Reader

HITS_A_LANGUAGE = 40
"""Nearest sentences of each language that say which stories a question may be about."""

MOST_STORIES = 6
"""Stories that are read for one question: those of the nearest sentences."""

SENTENCES_AN_OUTLET = 6
"""Nearest sentences of each outlet that the judge reads beside the question."""

MOST_SENTENCES = 160
"""Sentences that the judge reads for one question, whatever the number of outlets: the nearest."""

_JUST_BELOW = 1e-4
_FIRST = datetime.min.replace(tzinfo=UTC)

ORDER: Mapping[Coverage, int] = {
    "reports": 0, "differs": 1, "contrary": 2, "unsure": 3, "silent": 4, "no coverage": 5,
}  # fmt: skip


def ask_outlets(
    reader: Reader,
    index: Index,
    question: Question,
    models: Models,
    min_confidence: float,
    filters: Filters,
) -> list[OutletAnswer]:
    """Say of every outlet what it does with an asked claim: those that report it first, then by id.

    The nearest sentences of the index name the stories that the question may be about. Of each outlet of these
    stories the nearest sentences are read beside the question, and the likeliest one answers for it.

    Args:
        filters: outlets, languages and times that are asked; others are not in the answer.
    """
    judge = models.judge
    hits = [
        hit
        for language in filters.languages or LANGUAGES
        for hit in find_nearest(
            reader, index, question, HITS_A_LANGUAGE, replace(filters, languages=(language,))
        )
    ]
    hits.sort(key=lambda hit: (-hit.margin, -hit.cosine, hit.claim.sentence.id))
    stories = _likely_stories(reader, hits)
    heard = _hear(judge, question, _candidates(reader, question, stories, hits, filters))
    story = asked_story(reader, question, heard)
    best = _best_of_outlets(one for one in heard if story_of(reader, one) == story)
    reports_from, unsure_from = judge.number("ask.reports"), judge.number("ask.unsure")
    reporting = {outlet: one for outlet, one in best.items() if one.same >= reports_from}
    if story is not None:
        # What is told at the same time in another story may be this event too: for a person to read.
        apart = (one for one in heard if is_beside(reader, one, story) and one.same >= reports_from)
        for named, one in _best_of_outlets(apart).items():
            if named not in best:
                best[named] = replace(one, same=min(one.same, reports_from - _JUST_BELOW))
    told_by = covering(reader, question, story, best, unsure_from, judge.number("ask.about"))
    set_apart = differences(question, {o: one.hit for o, one in reporting.items()}, models, min_confidence)
    answers = []
    for outlet in reader.outlets():
        if filters.outlets and outlet.id not in filters.outlets:
            continue
        own = best.get(outlet.id)
        differs: tuple[Divergence, ...] = ()
        status: Coverage
        if own is not None and own.same >= reports_from:
            differs = set_apart.get(outlet.id, ())
            status = _state(own, differs, judge)
        elif own is not None and own.same >= unsure_from:
            status = "unsure"
        else:
            status = "silent" if outlet.id in told_by else "no coverage"
        shown = own.hit if own is not None and status != "no coverage" else None
        probability = own.same if own is not None and status != "no coverage" else 0.0
        answers.append(OutletAnswer(outlet, status, shown, differs, round(float(probability), 4)))
    return sorted(answers, key=lambda answer: (ORDER[answer.status], answer.outlet.id))


def _best_of_outlets(heard: Iterable[Heard]) -> dict[OutletId, Heard]:
    """Give each outlet's sentence that answers for it: the surest, and of those about as sure the latest."""
    best: dict[OutletId, Heard] = {}
    for one in heard:
        held = best.get(one.claim.outlet.id)
        if held is None or _answers_before(one) > _answers_before(held):
            best[one.claim.outlet.id] = one
    return best


def _answers_before(one: Heard) -> tuple[float, datetime, float]:
    return round(one.same, 1), one.claim.article.published_at or _FIRST, one.margin


def _state(own: Heard, differs: Sequence[Divergence], judge: Judge) -> Coverage:
    """Say how an outlet that states the asked fact states it."""
    if own.contrary >= judge.number("ask.is_contrary"):
        return "contrary"
    if own.differs >= judge.number("ask.is_different") or any(d.kind in FACTUAL_KINDS for d in differs):
        return "differs"
    return "reports"


def _likely_stories(reader: Reader, hits: Sequence[SearchHit]) -> list[Story]:
    """Give the stories of the nearest sentences, nearest first, each once."""
    story_of = reader.story_of_article
    likely = {story_of[hit.claim.article.id].id: story_of[hit.claim.article.id] for hit in hits}
    return list(likely.values())[:MOST_STORIES]


def _candidates(
    reader: Reader, question: Question, stories: Sequence[Story], hits: Sequence[SearchHit], filters: Filters
) -> list[SearchHit]:
    """Give each outlet's sentences nearest to the question, of likely stories and of the nearest anywhere."""
    found: dict[tuple[OutletId, StoryId], dict[SentenceId, SearchHit]] = defaultdict(dict)
    for story in stories:
        claims, vectors = reader.read_story(story)
        possible = could_be_claims(claims)
        rows = [row for row, claim in enumerate(claims) if possible[row] and filters.admit(claim.article)]
        for row, cosine in zip(rows, (vectors[rows] @ question.centred[0]).tolist(), strict=True):
            found[claims[row].outlet.id, story.id][claims[row].sentence.id] = SearchHit(
                claims[row], cosine, cosine
            )
    for hit in hits:
        if hit.claim.sentence.is_claim:
            story_id = reader.story_of_article[hit.claim.article.id].id
            found[hit.claim.outlet.id, story_id][hit.claim.sentence.id] = hit
    chosen = [
        hit for own in found.values() for hit in sorted(own.values(), key=_by_cosine)[:SENTENCES_AN_OUTLET]
    ]
    return sorted(chosen, key=_by_cosine)[:MOST_SENTENCES]


def _by_cosine(hit: SearchHit) -> tuple[float, str]:
    return -round(hit.cosine, 6), hit.claim.sentence.id


def _hear(judge: Judge, question: Question, hits: Sequence[SearchHit]) -> list[Heard]:
    """Read sentences beside the question; what states nothing is left out."""
    hits = [
        replace(hit, claim=claim)
        for hit, claim in zip(hits, statements_of(judge, [hit.claim for hit in hits]), strict=True)
    ]
    texts = [hit.claim.sentence.text for hit in hits]
    languages = [hit.claim.article.language for hit in hits]
    asked, sentences = judge.read([question.text]), judge.read(texts)
    numbers = {article: at for at, article in enumerate(sorted({hit.claim.article.id for hit in hits}))}
    articles = np.array([numbers[hit.claim.article.id] for hit in hits], np.int64)
    found = judge.ask(asked, sentences, question.text, question.language, articles, texts, languages)
    least = judge.number("claim.least")
    return [
        Heard(hit.claim, hit.cosine, hit.margin, same, differs, contrary)
        for hit, stating, same, differs, contrary in zip(
            hits,
            sentences.stating,
            found.same.tolist(),
            found.differs.tolist(),
            found.contrary.tolist(),
            strict=True,
        )
        if stating >= least
    ]
