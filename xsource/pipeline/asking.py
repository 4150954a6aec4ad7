"""One asked text against the index: search, and what every outlet says about an asked claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from xsource.align import ACCEPT_MARGIN, ClaimRows, Reference, margins
from xsource.errors import InputError
from xsource.pipeline.filters import Filters
from xsource.protocols import Detector, Embedder
from xsource.records import (
    LANGUAGES,
    Article,
    ArticleId,
    Claim,
    ClaimGroup,
    Coverage,
    Divergence,
    FloatMatrix,
    FloatVector,
    GroupId,
    Language,
    Outlet,
    OutletAnswer,
    OutletId,
    SearchHit,
    Sentence,
    SentenceId,
    StoryId,
)
from xsource.registry import open_detector
from xsource.store import Index

if TYPE_CHECKING:
    from xsource.pipeline.reading import Reader

ASKED = OutletId("asked")
"""The outlet id under which the asked claim itself appears in a divergence."""

HITS_AN_OUTLET = 10
"""Nearest sentences looked at in each outlet: the nearest by cosine is not always the nearest by margin."""

CANDIDATES_A_HIT = 3
"""The same for a search, for every hit that is wanted."""

SAME_STORY_MARGIN = -0.15
"""An outlet none of whose sentences comes so near has no article of the story that the claim belongs to."""


@dataclass(frozen=True, slots=True)
class Question:
    """An asked text: its language, its unit vector (1, d) as embedded, and the same centred."""

    text: str
    language: Language
    vector: FloatMatrix
    centred: FloatMatrix


def embed_question(text: str, embedder: Embedder, reference: Reference) -> Question:
    """Judge an asked text's language and embed it.

    Raises:
        InputError: the text is empty, or in none of the four languages.
    """
    text = " ".join(text.split())
    detected = open_detector().detect(text)
    if not detected.is_supported:
        what = "has no letters" if detected.code == "und" else f"is in {detected.code!r} ({detected.reason})"
        raise InputError(f'the text "{text[:60]}" {what}, expected one of {", ".join(LANGUAGES)}')
    vector = embedder.embed([text])
    return Question(text, cast("Language", detected.code), vector, reference.centre(vector, [detected.code]))


def question_margins(
    question: Question, languages: Sequence[str], vectors: FloatMatrix, reference: Reference
) -> FloatVector:
    """Give the margin of a question with each of n sentences.

    Args:
        question: what was asked.
        languages: n codes.
        vectors: (n, d) centred unit rows.
        reference: of the embedder that made them.
    """
    count = len(languages)
    together = np.vstack([question.centred, vectors])
    rows = ClaimRows(
        ids=[SentenceId(str(i)) for i in range(count + 1)],
        articles=[ArticleId(str(i)) for i in range(count + 1)],
        languages=[question.language, *languages],
        vectors=together,
        hubness=reference.hubness(together),
    )
    return cast(
        "FloatVector", margins(rows, reference, np.array([0]), np.arange(1, count + 1, dtype=np.int64))[0]
    )


def search_index(
    reader: Reader, index: Index, question: Question, top: int, filters: Filters
) -> list[SearchHit]:
    """Find the sentences nearest to a question, whatever language they are in, nearest by margin first.

    Candidates are looked up language by language: a multilingual encoder puts all sentences of the question's
    own language nearer than those of another, so one search over all of them would hardly leave it.
    """
    hits = []
    for language in filters.languages or LANGUAGES:
        hits += _nearest(
            reader, index, question, CANDIDATES_A_HIT * top, replace(filters, languages=(language,))
        )
    return sorted(hits, key=_by_margin)[:top]


def _by_margin(hit: SearchHit) -> tuple[float, float, str]:
    return -hit.margin, -hit.cosine, hit.claim.sentence.id


def _nearest(reader: Reader, index: Index, question: Question, count: int, filters: Filters) -> list[SearchHit]:
    """Give the sentences nearest to a question by plain cosine, measured again by centred cosine and margin."""
    (found,) = index.search(
        question.vector,
        count,
        outlets=filters.outlets,
        languages=filters.languages,
        since=filters.since,
        until=filters.until,
    )
    claims = reader.claims_of([sentence_id for sentence_id, _ in found])
    if not claims:
        return []
    languages = [claim.article.language for claim in claims]
    raw = index.vectors([claim.sentence.id for claim in claims])
    vectors = reader.reference.centre(raw, languages)
    cosines = vectors @ question.centred[0]
    near = question_margins(question, languages, vectors, reader.reference)
    return [
        SearchHit(claim, float(cosine), float(margin))
        for claim, cosine, margin in zip(claims, cosines, near, strict=True)
    ]


def ask_outlets(
    reader: Reader, index: Index, question: Question, detectors: Sequence[Detector], min_confidence: float
) -> list[OutletAnswer]:
    """Say of every outlet what it does with an asked claim: those that report it first, then by id."""
    best: dict[OutletId, SearchHit] = {}
    for outlet in reader.outlets():
        hits = _nearest(reader, index, question, HITS_AN_OUTLET, Filters(outlets=(outlet.id,)))
        if hits:
            best[outlet.id] = min(hits, key=_by_margin)
    reporting = {hit.claim.article.id for hit in best.values() if hit.margin >= ACCEPT_MARGIN}
    covering = _covering(reader, reporting, best)
    answers = []
    for outlet in reader.outlets():
        hit = best.get(outlet.id)
        differs: tuple[Divergence, ...] = ()
        status: Coverage
        if hit is not None and hit.margin >= ACCEPT_MARGIN:
            differs = _differences(question, hit.claim, detectors, min_confidence)
            status = "differs" if differs else "reports"
        else:
            status = "silent" if outlet.id in covering else "no coverage"
        answers.append(OutletAnswer(outlet, status, hit if status != "no coverage" else None, differs))
    order = {"reports": 0, "differs": 1, "silent": 2, "no coverage": 3}
    return sorted(answers, key=lambda answer: (order[answer.status], answer.outlet.id))


def _covering(reader: Reader, reporting: set[ArticleId], best: dict[OutletId, SearchHit]) -> set[OutletId]:
    """Name the outlets with an article in the story that the claim belongs to."""
    outlet_of = {article.id: article.outlet_id for article in reader.articles()}
    if not reporting:
        # Nobody reports it: the story is then the one whose sentences come nearest, if they come near at all.
        reporting = {hit.claim.article.id for hit in best.values() if hit.margin >= SAME_STORY_MARGIN}
    return {
        outlet_of[article_id]
        for story in reader.all_stories()
        if reporting & set(story.article_ids)
        for article_id in story.article_ids
    }


def _differences(
    question: Question, claim: Claim, detectors: Sequence[Detector], min_confidence: float
) -> tuple[Divergence, ...]:
    """Compare the asked claim with an outlet's sentence, as two outlets' sentences are compared."""
    group = ClaimGroup(GroupId("asked"), StoryId("asked"), (asked_claim(question), claim))
    found = [divergence for detect in detectors for divergence in detect(group)]
    return tuple(divergence for divergence in found if divergence.confidence >= min_confidence)


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
