"""How each kind of record becomes flat rows, with ids and addresses, and an HTML table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from xsource.library.records import Drawing, Row
from xsource.outlets import OutletProfile
from xsource.pipeline import Version
from xsource.records import (
    Article,
    Claim,
    Comparison,
    Divergence,
    Outlet,
    OutletAnswer,
    OutletId,
    SearchHit,
    Story,
    StoryId,
)
from xsource.report.counting import counted
from xsource.report.documents import answer_document, divergence_document, hit_document, timestamp
from xsource.report.notebook import answers_html, divergences_html, hits_html, sentences_html, table_html
from xsource.report.schema import AnswerDocument, HitDocument
from xsource.report.tables import standing_apart


def _hit_rows(hits: Sequence[SearchHit]) -> list[Row]:
    return [{**_with_translation(hit_document(hit)), **_places(hit.claim)} for hit in hits]


def _places(claim: Claim) -> Row:
    return {"article": claim.article.id, "sentence_id": claim.sentence.id, "title": claim.article.title}


def _with_translation(document: HitDocument | AnswerDocument) -> Row:
    translation = document["translation"]
    return {**document, "translation": translation["text"] if translation else None}


def _answer_rows(answers: Sequence[OutletAnswer]) -> list[Row]:
    nowhere = dict.fromkeys(("title", "article", "sentence_id"))
    return [
        {
            **_with_translation(answer_document(answer)),
            "differs": [difference.kind for difference in answer.differs],
            **(_places(answer.best.claim) if answer.best else nowhere),
        }
        for answer in answers
    ]


def draw_divergences(comparison: Comparison) -> Drawing[Divergence]:
    """Give how the divergences of a comparison are drawn: a group says of which story it is."""
    story_of = {group.id: group.story_id for group in comparison.groups}
    title_of = {story.id: story.title for story in comparison.stories}

    def rows(divergences: Sequence[Divergence]) -> list[Row]:
        return [
            {**_divergence_row(one), **_story_of(story_of.get(one.group_id), title_of)} for one in divergences
        ]

    return Drawing(_DIVERGENCE_COLUMNS, rows, divergences_html)


def _story_of(story_id: StoryId | None, title_of: Mapping[StoryId, str]) -> Row:
    return {"story": story_id, "story_title": title_of.get(story_id) if story_id else None}


def _divergence_row(divergence: Divergence) -> Row:
    document = divergence_document(divergence)
    review: Row = {**document["review"]} if document["review"] else {}
    sides = document["sides"]
    return {
        "id": document["id"],
        "kind": document["kind"],
        "group": document["group"],
        "confidence": document["confidence"],
        "explanation": document["explanation"],
        "via_translation": document["via_translation"],
        "outlets": list(dict.fromkeys(side["outlet"] for side in sides)),
        "apart": list(dict.fromkeys(side.outlet_id for side in standing_apart(divergence))),
        "absent_from": [absence["outlet"] for absence in document["absent_from"]],
        "words": [side["words"] for side in sides],
        "sentences": [side["sentence"] for side in sides],
        "article_urls": [side["article_url"] for side in sides],
        **{name: review.get(name) for name in ("verdict", "note", "by", "at")},
    }


def draw_outlets(
    counts: Mapping[OutletId, int], profile_of: Callable[[str], OutletProfile | None]
) -> Drawing[Outlet]:
    """Give how outlets are drawn: with how many articles, and what the lists know of them."""

    def rows(outlets: Sequence[Outlet]) -> list[Row]:
        return [
            {
                "id": outlet.id,
                "name": outlet.name,
                "name_en": outlet.name_en,
                "language": outlet.language,
                "country": outlet.country,
                "ownership": profile.ownership if profile else None,
                "ownership_source": profile.ownership_source if profile else "",
                "articles": counts.get(outlet.id, 0),
            }
            for outlet, profile in ((outlet, profile_of(outlet.id)) for outlet in outlets)
        ]

    def html(outlets: Sequence[Outlet]) -> str:
        lines = [
            tuple(str(row[name] or "") for name in ("id", "name_en", "country", "ownership", "articles"))
            for row in rows(outlets)
        ]
        head = ("id", "name", "country", "owner", "articles")
        return table_html(counted(len(outlets), "outlet"), head, lines)

    columns = (
        "id", "name", "name_en", "language", "country", "ownership", "ownership_source", "articles",
    )  # fmt: skip
    return Drawing(columns, rows, html)


def _sentence_rows(claims: Sequence[Claim]) -> list[Row]:
    return [
        {
            "position": claim.sentence.position,
            "sentence": claim.sentence.text,
            "translation": claim.translation.text if claim.translation else None,
            "is_claim": claim.sentence.is_claim,
            "start": claim.sentence.start,
            "end": claim.sentence.end,
            "outlet": claim.outlet.id,
            "language": claim.article.language,
            "published_at": timestamp(claim.article.published_at),
            "article_url": claim.article.source,
            **_places(claim),
        }
        for claim in claims
    ]


def _version_rows(versions: Sequence[Version]) -> list[Row]:
    return [
        {
            "version": version.number,
            "outlet": version.article.outlet_id,
            "title": version.article.title,
            "published_at": timestamp(version.article.published_at),
            "sentences": version.sentences,
            "removed": [change.text for change in version.changes if change.kind == "removed"],
            "added": [change.text for change in version.changes if change.kind == "added"],
            "article": version.article.id,
            "article_url": version.article.source,
        }
        for version in versions
    ]


def _versions_html(versions: Sequence[Version]) -> str:
    lines = [
        (
            str(row["version"]),
            (row["published_at"] or "")[:16],
            row["title"],
            " ".join(f"- {text}" for text in row["removed"]),
            " ".join(f"+ {text}" for text in row["added"]),
        )
        for row in _version_rows(versions)
    ]
    head = ("version", "published", "title", "taken out", "brought in")
    return table_html(counted(len(versions), "version"), head, lines)


def draw_stories(articles: Iterable[Article]) -> Drawing[Story]:
    """Give how stories of these articles are drawn: a story itself knows no outlets."""
    known = list(articles)
    outlet_of = {article.id: article.outlet_id for article in known}
    url_of = {article.id: article.source for article in known}

    def rows(stories: Sequence[Story]) -> list[Row]:
        return [
            {
                "id": story.id,
                "title": story.title,
                "first_published": timestamp(story.first_published),
                "last_published": timestamp(story.last_published),
                "articles": len(story.article_ids),
                "outlets": sorted({outlet_of[article_id] for article_id in story.article_ids}),
                "article_ids": list(story.article_ids),
                "article_urls": [url_of[article_id] for article_id in story.article_ids],
            }
            for story in stories
        ]

    def html(stories: Sequence[Story]) -> str:
        lines = [
            (row["id"][:8], (row["first_published"] or "")[:10], ", ".join(row["outlets"]), row["title"])
            for row in rows(stories)
        ]
        return table_html(counted(len(stories), "story", "stories"), ("id", "first", "outlets", "title"), lines)

    columns = (
        "id", "title", "first_published", "last_published", "articles", "outlets", "article_ids",
        "article_urls",
    )  # fmt: skip
    return Drawing(columns, rows, html)


HITS = Drawing(
    (
        "outlet", "language", "published_at", "sentence", "translation", "nearness", "cosine", "margin",
        "title", "article", "sentence_id", "article_url",
    ),
    _hit_rows,
    hits_html,
)  # fmt: skip
ANSWERS = Drawing(
    (
        "outlet", "status", "language", "published_at", "sentence", "translation", "differs", "cosine",
        "margin", "title", "article", "sentence_id", "article_url",
    ),
    _answer_rows,
    answers_html,
)  # fmt: skip
_DIVERGENCE_COLUMNS = (
    "id", "kind", "confidence", "story", "story_title", "group", "explanation", "outlets", "apart",
    "absent_from", "words", "sentences", "article_urls", "via_translation", "verdict", "note", "by", "at",
)  # fmt: skip
SENTENCES = Drawing(
    (
        "position", "sentence", "translation", "is_claim", "start", "end", "outlet", "language", "title",
        "published_at", "article", "sentence_id", "article_url",
    ),
    _sentence_rows,
    sentences_html,
)  # fmt: skip
VERSIONS = Drawing(
    (
        "version", "outlet", "title", "published_at", "sentences", "removed", "added", "article", "article_url",
    ),
    _version_rows,
    _versions_html,
)  # fmt: skip
