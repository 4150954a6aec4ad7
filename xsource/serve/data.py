"""The data of every page as JSON, of the types in `report/schema.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from xsource.records import Claim, Comparison, OutletAnswer, SearchHit, StoryId
from xsource.report.documents import (
    answer_document,
    article_document,
    comparison_document,
    hit_document,
    timestamp,
    translation_document,
)
from xsource.report.listing import as_json
from xsource.report.reviews import NOT_REVIEWED
from xsource.report.schema import (
    SCHEMA,
    ArticlePageDocument,
    OutletsDocument,
    SearchDocument,
    StoriesDocument,
    StoryLineDocument,
    StoryPageDocument,
    WhoReportsDocument,
)
from xsource.serve.asking import CLAIMS_A_PAGE, ClaimFilters, Order
from xsource.serve.contents import Contents, StoryLine

SUFFIX = ".json"
MEDIA_TYPE = "application/json"
Counts = Mapping[StoryId, tuple[int, int]]
"""Of stories that were compared: their shared claims, and how many of these are told differently."""


def wants_data(request: Request) -> bool:
    """Whether a program asks: by the suffix of the address, or by an `Accept` that has JSON and no page."""
    accepted = request.headers.get("accept", "")
    return request.url.path.endswith(SUFFIX) or (MEDIA_TYPE in accepted and "text/html" not in accepted)


def data_response(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Write a document; half letters of badly cut files are escaped."""
    return Response(as_json(document), status, {"vary": "accept", **(headers or {})}, MEDIA_TYPE)


def stories_document(
    contents: Contents,
    shown: Sequence[StoryLine],
    counts: Counts,
    order: Order,
    place: tuple[int, int, int],
) -> StoriesDocument:
    """List stories; `place` is the page, how many pages there are, and how many stories."""
    page, pages, total = place
    return {
        "schema": SCHEMA,
        "generation": contents.generation,
        "order": order,
        "page": page,
        "pages": pages,
        "total": total,
        "stories": [_story_line(story, counts) for story in shown],
    }


def _story_line(story: StoryLine, counts: Counts) -> StoryLineDocument:
    claims, differing = counts.get(story.id, (None, None))
    return {
        "id": story.id,
        "title": story.title,
        "title_en": story.gloss,
        "first_published": timestamp(story.first),
        "last_published": timestamp(story.last),
        "articles": story.articles,
        "outlets": [outlet.id for outlet in story.outlets],
        "languages": list(story.languages),
        "claims": claims,
        "differing": differing,
    }


def in_order(stories: Sequence[StoryLine], counts: Counts, order: Order) -> list[StoryLine]:
    """Order stories that come latest first; if wanted, those told differently in most claims before others."""
    if order == "latest":
        return list(stories)
    return sorted(stories, key=lambda story: -counts.get(story.id, (0, 0))[1])


def search_document(contents: Contents, question: str, page: int, hits: Sequence[SearchHit]) -> SearchDocument:
    """Give a page of what a search found."""
    return {
        "schema": SCHEMA,
        "generation": contents.generation,
        "question": question,
        "page": page,
        "results": [hit_document(hit) for hit in hits],
    }


def who_reports_document(
    contents: Contents, question: str, answers: Sequence[OutletAnswer]
) -> WhoReportsDocument:
    """Give what outlets do with a claim."""
    return {
        "schema": SCHEMA,
        "generation": contents.generation,
        "question": question,
        "outlets": [answer_document(answer) for answer in answers],
    }


def story_document(comparison: Comparison, filters: ClaimFilters, page: int) -> StoryPageDocument | None:
    """Give a page of a story's claims that pass some filters, with their divergences; `None` where it has none.

    Claims that one outlet alone makes stand on the first page.
    """
    kept = filtered(comparison, filters)
    total = len(kept.groups)
    pages = max(1, -(-total // CLAIMS_A_PAGE))
    if page > pages:
        return None
    groups = kept.groups[(page - 1) * CLAIMS_A_PAGE : page * CLAIMS_A_PAGE]
    shown = {group.id for group in groups}
    part = replace(
        kept,
        groups=groups,
        divergences=tuple(d for d in kept.divergences if d.group_id in shown),
        unmatched=kept.unmatched if page == 1 else (),
    )
    return {**comparison_document(part, comparison), "page": page, "pages": pages, "total": total}


def filtered(comparison: Comparison, filters: ClaimFilters) -> Comparison:
    """Leave out the divergences that filters do not pass, and the claims that nothing asked for is left of."""
    divergences = tuple(
        d
        for d in comparison.divergences
        if d.confidence >= filters.confidence
        and (not filters.kinds or d.kind in filters.kinds)
        and (not filters.verdicts or (d.review.verdict if d.review else NOT_REVIEWED) in filters.verdicts)
    )
    differing = {d.group_id for d in divergences}
    needs_difference = bool(filters.kinds or filters.verdicts or filters.confidence)

    def is_wanted(claim: Claim) -> bool:
        return (not filters.outlets or claim.outlet.id in filters.outlets) and (
            not filters.languages or claim.article.language in filters.languages
        )

    groups = tuple(
        group
        for group in comparison.groups
        if any(map(is_wanted, group.claims)) and (group.id in differing or not needs_difference)
    )
    kept = {group.id for group in groups}
    return replace(
        comparison,
        groups=groups,
        divergences=tuple(d for d in divergences if d.group_id in kept),
        unmatched=() if needs_difference else tuple(filter(is_wanted, comparison.unmatched)),
    )


def article_page_document(contents: Contents, claims: Sequence[Claim]) -> ArticlePageDocument:
    """Give a whole article."""
    article = claims[0].article
    story = contents.story_of.get(article.id)
    return {
        "schema": SCHEMA,
        "generation": contents.generation,
        "article": article_document(article),
        "story": story.id if story else None,
        "text": article.text,
        "sentences": [
            {
                "position": claim.sentence.position,
                "span": [claim.sentence.start, claim.sentence.end],
                "sentence": claim.sentence.text,
                "is_claim": claim.sentence.is_claim,
                "translation": translation_document(claim.translation),
            }
            for claim in claims
        ],
    }


def outlets_document(contents: Contents) -> OutletsDocument:
    """List the outlets."""
    return {
        "schema": SCHEMA,
        "generation": contents.generation,
        "outlets": [
            {
                "id": line.outlet.id,
                "name": line.outlet.name,
                "name_en": line.outlet.name_en,
                "language": line.outlet.language,
                "country": line.outlet.country,
                "ownership": line.ownership,
                "ownership_source": line.ownership_source,
                "articles": line.articles,
            }
            for line in contents.lines.values()
        ],
    }
