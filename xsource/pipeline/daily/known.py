"""What every story of an index came to, in brief: compared once for a state of the story, and kept.

A story is compared anew only when its articles change, or what compares them does. So the news of a day cost
what the day's stories cost, and a divergence is found by its id without comparing anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from xsource import __version__
from xsource.addresses import address_key
from xsource.daily import NotedArticle, NotedClaim, NotedDivergence, NotedStory, Quote
from xsource.pipeline.reading.reader import Reader
from xsource.protocols import Progress, no_progress
from xsource.records import (
    Article,
    ArticleId,
    Claim,
    Comparison,
    Divergence,
    Evidence,
    SentenceId,
    Story,
    stable_id,
)
from xsource.report.tables import Row, build_tables, standing_apart
from xsource.settings import Settings
from xsource.store import open_index

RECIPE = 3
"""Raised when what is noted of a comparison changes."""

_NOT_OF_AN_ANSWER = frozenset({"embedder", "device", "translate", "allow_hub"})
"""Settings of a build: the model itself is named, and what was built is what is compared."""

SECONDS_BETWEEN_WRITES = 5.0
"""What a kill can cost of comparing."""


@dataclass(frozen=True, slots=True)
class KnownStories:
    """The stories of an index and the names under which their comparisons are kept, in the order of stories.

    Attributes:
        recipe: of what compared them: program, models, settings.
    """

    recipe: str
    names: tuple[str, ...]


def whole(settings: Settings) -> Settings:
    """Give settings by which everything is found, however unsure: what is shown of it is chosen later."""
    return replace(settings, min_confidence=0.0, detectors="")


def name_recipe(embedder_id: str, settings: Settings) -> str:
    """Name everything beside the articles that an answer follows from: program, models, settings."""
    provenance = sorted(
        (name, value) for name, value in settings.as_provenance().items() if name not in _NOT_OF_AN_ANSWER
    )
    return stable_id("recipe", str(RECIPE), __version__, embedder_id, repr(provenance))


def name_stories(reader: Reader, settings: Settings) -> tuple[str, dict[str, Story]]:
    """Give the recipe, and the stories of two outlets or more by the name of their comparison.

    Args:
        reader: of the index.
        settings: as in `whole`.
    """
    recipe = name_recipe(reader.models.made_by or "", settings)
    stories = reader.stories() if reader.models.made_by else []
    return recipe, {stable_id(recipe, *sorted(story.article_ids)): story for story in stories}


def bring_known(index_path: Path, settings: Settings, *, progress: Progress = no_progress) -> KnownStories:
    """Compare the stories that no comparison is kept of, and keep what is found.

    It can be stopped at any moment, and goes on from there.

    Args:
        index_path: an index.
        settings: the thresholds of what is shown change nothing here.
        progress: told about every story that has to be compared.

    Raises:
        IndexStateError: there is no index, or it is damaged.
        StorageError: another process is writing the index, or the disk is full.
    """
    settings = whole(settings)
    with open_index(index_path, mode="read") as index:
        reader = Reader(index, settings)
        recipe, stories = name_stories(reader, settings)
        known = index.noted_names(stories)
        missing = {name: story for name, story in stories.items() if name not in known}
        if missing:
            # Asked for first: hours of comparing that nobody may keep would be lost.
            with open_index(index_path, mode="write"):
                pass
            compared = reader.compare_each(list(missing.values()), progress=progress)
            noted = (
                (name, note_comparison(comparison, settings.target))
                for name, comparison in zip(missing, compared, strict=True)
            )
            _keep(index_path, noted)
    return KnownStories(recipe, tuple(stories))


def _keep(
    index_path: Path, noted: Iterator[tuple[str, NotedStory]], clock: Callable[[], float] = time.monotonic
) -> None:
    pending: dict[str, NotedStory] = {}
    written = clock()

    def write() -> None:
        with open_index(index_path, mode="write") as index:
            index.keep_noted(pending)
        pending.clear()

    try:
        for name, story in noted:
            pending[name] = story
            if clock() - written > SECONDS_BETWEEN_WRITES:
                write()
                written = clock()
    finally:
        if pending:
            write()


def note_comparison(comparison: Comparison, target: str) -> NotedStory:
    """Put the comparison of one story in brief.

    Args:
        comparison: of one story, with the ids of its divergences.
        target: language in which claims are named where there are translations.
    """
    (story,) = comparison.stories
    articles = {article.id: article for article in comparison.articles}
    sentences = {claim.sentence.id: claim for group in comparison.groups for claim in group.claims}
    return NotedStory(
        id=story.id,
        title=story.title,
        first_published=story.first_published,
        last_published=story.last_published,
        articles=tuple(
            NotedArticle(a.id, a.outlet_id, address_key(a.source), a.title)
            for a in (articles[article_id] for article_id in story.article_ids)
        ),
        claims=tuple(_note_claim(row) for table in build_tables(comparison, target) for row in table.rows),
        divergences=tuple(
            _note_divergence(divergence, articles, sentences) for divergence in comparison.divergences
        ),
    )


def _note_claim(row: Row) -> NotedClaim:
    translation = row.headline.translation
    return NotedClaim(
        id=row.group.id,
        number=row.number,
        headline=translation.text if translation else row.headline.sentence.text,
        language=translation.target if translation else row.headline.article.language,
        places=tuple(
            sorted(
                (claim.outlet.id, address_key(claim.article.source), claim.sentence.text)
                for claim in row.group.claims
            )
        ),
    )


def _note_divergence(
    divergence: Divergence, articles: dict[ArticleId, Article], sentences: dict[SentenceId, Claim]
) -> NotedDivergence:
    apart = {id(side) for side in standing_apart(divergence)}
    return NotedDivergence(
        id=divergence.id,
        claim=divergence.group_id,
        kind=divergence.kind,
        confidence=round(divergence.confidence, 4),
        explanation=divergence.explanation,
        sides=tuple(
            quote_side(side, articles, sentences, apart=id(side) in apart) for side in divergence.sides
        ),
        absent_from=tuple((absence.outlet_id, absence.article_url) for absence in divergence.absent_from),
        camp=divergence.apart,
    )


def quote_side(
    side: Evidence, articles: dict[ArticleId, Article], sentences: dict[SentenceId, Claim], *, apart: bool
) -> Quote:
    """Put one side of a divergence in brief."""
    article, claim = articles.get(side.article_id), sentences.get(side.sentence_id)
    return Quote(
        outlet=side.outlet_id,
        article_url=side.article_url,
        language=side.language,
        sentence=side.sentence,
        published_at=article.published_at if article else None,
        span=(side.start, side.end),
        words=side.words,
        value=side.value,
        apart=apart,
        translation=claim.translation.text if claim and claim.translation else "",
    )


def read_noted(
    index_path: Path, settings: Settings, divergence: str
) -> tuple[NotedStory, NotedDivergence] | None:
    """Give the one divergence whose id begins so, and its story, from what is kept.

    Returns:
        `None` where no kept comparison has such a divergence, or more than one does.
    """
    beginning = divergence.strip().lower()
    if not beginning:
        return None
    settings = whole(settings)
    with open_index(index_path, mode="read") as index:
        _, stories = name_stories(Reader(index, settings), settings)
        names = index.names_with_divergence(beginning, stories)
        if len(names) != 1:
            return None
        (story,) = index.noted_stories(names).values()
    return story, next(one for one in story.divergences if one.id.startswith(beginning))


def find_story(index_path: Path, settings: Settings, divergence: str) -> str | None:
    """Give the story of the one divergence whose id begins so, from what is kept.

    Returns:
        The story's id; `None` as in `read_noted`.
    """
    found = read_noted(index_path, settings, divergence)
    return found[0].id if found else None
