"""The stories of a whole index: found once for a state of it, and kept beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xsource import __version__
from xsource.align import (
    STORY_RECIPE,
    ArticleDigests,
    Reference,
    digest_articles,
    find_stories,
    join_digests,
)
from xsource.records import Article, FloatMatrix, Sentence, Story
from xsource.store import Index

ARTICLES_A_READ = 512
"""Articles whose sentence vectors are in memory at once: about 12 MB at 15 sentences an article."""


def stories_of(
    index: Index,
    max_gap_days: float,
    articles: Callable[[], Sequence[Article]],
    reference: Callable[[], Reference],
) -> list[Story]:
    """Give every story of an index, as kept, or found now and kept.

    Args:
        index: open for reading.
        max_gap_days: see `find_stories`.
        articles: gives the latest version of every article; asked when the stories have to be found.
        reference: of the index's embedder; asked like `articles`.
    """
    found_by = f"{__version__} {STORY_RECIPE} {index.embedder_id} {max_gap_days}"
    stories = index.kept_stories(found_by)
    if stories is None:
        latest = articles()
        if not latest:
            return []
        usual = reference()
        digests = join_digests(_digests(index, latest, usual), len(latest))
        stories = find_stories(latest, digests, usual, max_gap_days=max_gap_days)
        index.keep_stories(found_by, stories)
    return stories


def read_centred(
    index: Index, articles: Sequence[Article], reference: Reference
) -> tuple[list[Sentence], FloatMatrix]:
    """Give the sentences of some articles and their centred vectors, row for row."""
    language_of = {article.id: article.language for article in articles}
    sentences = list(index.sentences([article.id for article in articles]))
    vectors = index.vectors([sentence.id for sentence in sentences])
    return sentences, reference.centre(vectors, [language_of[s.article_id] for s in sentences])


def _digests(index: Index, articles: Sequence[Article], reference: Reference) -> Iterator[ArticleDigests]:
    """Sum up the articles some hundreds at a time."""
    for start in range(0, len(articles), ARTICLES_A_READ):
        block = articles[start : start + ARTICLES_A_READ]
        sentences, vectors = read_centred(index, block, reference)
        language_of = {article.id: article.language for article in block}
        yield digest_articles(
            [article.id for article in block],
            [sentence.article_id for sentence in sentences],
            [language_of[sentence.article_id] for sentence in sentences],
            vectors,
            reference,
        )
