"""The JSON that other tools read, of the types in `schema.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from xsource.records import (
    Article,
    Claim,
    ClaimGroup,
    Comparison,
    Divergence,
    Evidence,
    OutletAnswer,
    OutletId,
    Provenance,
    Review,
    SearchHit,
    Story,
    Translation,
)
from xsource.report.schema import (
    SCHEMA,
    AnswerDocument,
    AnswersDocument,
    ArticleDocument,
    ClaimDocument,
    ComparisonDocument,
    DivergenceDocument,
    GroupDocument,
    HitDocument,
    ProvenanceDocument,
    ReviewDocument,
    SideDocument,
    StoryDocument,
    TranslationDocument,
)
from xsource.report.statuses import State
from xsource.report.tables import build_tables


def timestamp(moment: datetime | None) -> str | None:
    """Write a moment as ISO 8601 in UTC with a `Z`; `None` stays `None`."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def comparison_document(comparison: Comparison, whole: Comparison | None = None) -> ComparisonDocument:
    """Give a comparison as `compare --format json` prints it.

    Args:
        comparison: what is told.
        whole: what it is a part of: what outlets do with a claim is told by all that was found.
    """
    url_by_article = {article.id: article.source for article in comparison.articles}
    coverage = {
        row.group.id: {cell.outlet.id: cell.coverage for cell in row.cells}
        for table in build_tables(whole or comparison)
        for row in table.rows
    }
    return {
        "schema": SCHEMA,
        "articles": [article_document(article) for article in comparison.articles],
        "stories": [story_document(story, url_by_article) for story in comparison.stories],
        "groups": [_group(group, coverage.get(group.id, {})) for group in comparison.groups],
        "divergences": [divergence_document(divergence) for divergence in comparison.divergences],
        "unmatched": [claim_document(claim) for claim in comparison.unmatched],
        "copies": [
            {
                "original": url_by_article[copy.original],
                "repeat": url_by_article[copy.repeat],
                "share": round(copy.share, 4),
                "translated": copy.is_translated,
            }
            for copy in comparison.copies
        ],
        "provenance": provenance_document(comparison.provenance),
    }


def provenance_document(provenance: Provenance) -> ProvenanceDocument:
    """Give what a comparison was made of and by."""
    return {
        "xsource": provenance.xsource_version,
        "embedder": provenance.embedder,
        "index_generation": provenance.index_generation,
        "settings": provenance.settings,
    }


def article_document(article: Article) -> ArticleDocument:
    """Give an article without its text."""
    return {
        "id": article.id,
        "outlet": article.outlet_id,
        "url": article.source,
        "title": article.title,
        "language": article.language,
        "published_at": timestamp(article.published_at),
        "agency": article.agency,
        "synthetic": article.synthetic,
    }


def story_document(story: Story, url_by_article: dict[Any, str]) -> StoryDocument:
    """Give a story with the URLs of its articles."""
    return {
        "id": story.id,
        "title": story.title,
        "first_published": timestamp(story.first_published),
        "last_published": timestamp(story.last_published),
        "articles": [url_by_article[article_id] for article_id in story.article_ids],
    }


def translation_document(translation: Translation | None) -> TranslationDocument | None:
    """Give a translation with where it comes from and what is wrong with it."""
    if translation is None:
        return None
    return {
        "text": translation.text,
        "language": translation.target,
        "engine": translation.engine,
        "supplied": translation.is_supplied,
        "warnings": list(translation.warnings),
    }


def claim_document(claim: Claim) -> ClaimDocument:
    """Give a claim: the whole sentence as printed, and where it stands."""
    return {
        "outlet": claim.outlet.id,
        "article_url": claim.article.source,
        "language": claim.article.language,
        "sentence": claim.sentence.text,
        "span": [claim.sentence.start, claim.sentence.end],
        "published_at": timestamp(claim.article.published_at),
        "translation": translation_document(claim.translation),
    }


def _group(group: ClaimGroup, coverage: Mapping[OutletId, State]) -> GroupDocument:
    return {
        "id": group.id,
        "story": group.story_id,
        "claims": [claim_document(claim) for claim in group.claims],
        "outlets": {str(outlet_id): state for outlet_id, state in coverage.items()},
        "independent_outlets": list(group.independent_outlet_ids),
        "headline": _headline(group),
        "silent": [
            {
                "outlet": silence.article.outlet_id,
                "article_url": silence.article.source,
                "likelihood": round(silence.likelihood, 3),
            }
            for silence in group.silent
        ],
    }


def _headline(group: ClaimGroup) -> str | None:
    """Give the sentence that states a group's fact and little else."""
    return next((c.sentence.text for c in group.claims if c.sentence.id == group.headline), None)


def _side(side: Evidence) -> SideDocument:
    return {
        "outlet": side.outlet_id,
        "article_url": side.article_url,
        "language": side.language,
        "sentence": side.sentence,
        "span": [side.start, side.end],
        "words": side.words,
        "value": side.value,
    }


def divergence_document(divergence: Divergence) -> DivergenceDocument:
    """Give a divergence with the words of every side; spans are code points of `sentence`, half-open."""
    return {
        "id": divergence.id or None,
        "kind": divergence.kind,
        "group": divergence.group_id,
        "confidence": round(divergence.confidence, 3),
        "sides": [_side(side) for side in divergence.sides],
        "apart": divergence.apart,
        "against": divergence.against,
        "absent_from": [
            {"outlet": absence.outlet_id, "article_url": absence.article_url}
            for absence in divergence.absent_from
        ],
        "via_translation": divergence.via_translation,
        "explanation": divergence.explanation,
        "review": review_document(divergence.review),
    }


def review_document(review: Review | None) -> ReviewDocument | None:
    """Give what an analyst said of a divergence."""
    if review is None:
        return None
    return {
        "verdict": review.verdict,
        "note": review.note,
        "by": review.by,
        "at": timestamp(review.at),
        "came_in_since": list(review.added),
    }


def hit_document(hit: SearchHit) -> HitDocument:
    """Give a search result."""
    claim = hit.claim
    return {
        "outlet": claim.outlet.id,
        "article_url": claim.article.source,
        "language": claim.article.language,
        "sentence": claim.sentence.text,
        "cosine": round(hit.cosine, 4),
        "margin": round(hit.margin, 4),
        "nearness": round(hit.nearness, 4),
        "translation": translation_document(claim.translation),
        "published_at": timestamp(claim.article.published_at),
    }


def answers_document(answers: Iterable[OutletAnswer]) -> AnswersDocument:
    """Give what every outlet says about an asked claim, as `who-reports --format json` prints it."""
    return {"outlets": [answer_document(answer) for answer in answers]}


def answer_document(answer: OutletAnswer) -> AnswerDocument:
    """Give what one outlet says about an asked claim."""
    best = hit_document(answer.best) if answer.best else None
    return {
        "outlet": answer.outlet.id,
        "status": answer.status,
        "probability": round(answer.probability, 3),
        "article_url": best["article_url"] if best else None,
        "language": best["language"] if best else None,
        "sentence": best["sentence"] if best else None,
        "cosine": best["cosine"] if best else None,
        "margin": best["margin"] if best else None,
        "nearness": best["nearness"] if best else None,
        "translation": best["translation"] if best else None,
        "published_at": best["published_at"] if best else None,
        "differs": [divergence_document(divergence) for divergence in answer.differs],
    }
