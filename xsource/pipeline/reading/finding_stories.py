"""The stories of a whole index: found once for a state of it, and kept beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from xsource import __version__
from xsource.align import (
    STORY_RECIPE,
    ArticleDigests,
    Reference,
    StoryBars,
    digest_articles,
    find_stories,
    join_digests,
)
from xsource.judge.judging import Judge
from xsource.records import Article, FloatMatrix, FloatVector, Sentence, Story
from xsource.store import Index

ARTICLES_A_READ = 512
"""Articles whose sentence vectors are in memory at once: about 12 MB at 15 sentences an article."""


def stories_of(
    index: Index,
    max_gap_days: float,
    articles: Callable[[], Sequence[Article]],
    reference: Callable[[], Reference],
    judge: Callable[[], Judge],
) -> list[Story]:
    """Give every story of an index, as kept, or found now and kept.

    Args:
        index: open for reading.
        max_gap_days: see `find_stories`.
        articles: gives the latest version of every article; asked when the stories have to be found.
        reference: of the index's embedder; asked like `articles`.
        judge: knows from where articles tell one event, for the embedder that it was made for.
    """
    ruler = StoryRuler.of(judge(), index.embedder_id)
    found_by = f"{__version__} {STORY_RECIPE} {index.embedder_id} {max_gap_days} {ruler.id}"
    stories = index.kept_stories(found_by)
    if stories is None:
        latest = articles()
        if not latest:
            return []
        usual = reference()
        digests = join_digests(_digests(index, latest, usual, ruler), len(latest))
        stories = find_stories(latest, digests, usual, max_gap_days=max_gap_days, bars=ruler.bars)
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


@dataclass(frozen=True, slots=True)
class StoryRuler:
    """What stories of one embedder's vectors are measured by.

    Attributes:
        id: of the judge that says so, or `plain`.
        bars: from where articles tell one event.
        furniture: (d + 1,) weights of a sentence's centred vector, the offset last: below 0 it states nothing
            and says nothing of an article's event; `None` where none was learned for the embedder.
    """

    id: str
    bars: StoryBars
    furniture: FloatVector | None

    @classmethod
    def of(cls, judge: Judge, embedder: str | None) -> StoryRuler:
        """Give what the judge learned for an embedder, or the plain bars where it was another one."""
        origin = judge.artefact.origin
        if origin.get("embedder") != embedder:
            return cls("plain", StoryBars(), None)
        bars = StoryBars(
            judge.number("story.least_kinship"),
            judge.number("story.least_share"),
            judge.number("story.own_language"),
            judge.number("story.a_day"),
        )
        return cls(judge.id, bars, judge.artefact.arrays["story.furniture"].astype(np.float32))

    def states(self, sentences: Sequence[Sentence], centred: FloatMatrix) -> list[bool]:
        """Say of each sentence whether it may tell what an article is about."""
        if self.furniture is None:
            return [sentence.is_claim for sentence in sentences]
        logits = centred @ self.furniture[:-1] + self.furniture[-1]
        return [
            sentence.is_claim and logit >= 0 for sentence, logit in zip(sentences, logits.tolist(), strict=True)
        ]


def _digests(
    index: Index, articles: Sequence[Article], reference: Reference, ruler: StoryRuler
) -> Iterator[ArticleDigests]:
    """Sum up the articles some hundreds at a time."""
    for start in range(0, len(articles), ARTICLES_A_READ):
        block = articles[start : start + ARTICLES_A_READ]
        sentences, vectors = read_centred(index, block, reference)
        language_of = {article.id: article.language for article in block}
        telling = np.flatnonzero(ruler.states(sentences, vectors))
        chosen = [sentences[row] for row in telling.tolist()]
        yield digest_articles(
            [article.id for article in block],
            [sentence.article_id for sentence in chosen],
            [language_of[sentence.article_id] for sentence in chosen],
            vectors[telling],
            reference,
        )
