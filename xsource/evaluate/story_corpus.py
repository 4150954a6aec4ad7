"""How well stories and groups are found where they are known, and how near kinship is to people's ratings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from xsource.align import (
    ClaimRows,
    Reference,
    claim_rows,
    digest_articles,
    find_stories,
)
from xsource.evaluate.bench import StoryCorpus
from xsource.records import FloatMatrix


@dataclass(frozen=True, slots=True)
class PairFigures:
    """Precision, recall and F1 over pairs that were put together."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def count_pairs(found: Sequence[object], gold: Sequence[object]) -> PairFigures:
    """Compare two partitions of the same items by the pairs that each puts together.

    Args:
        found: for each item, the part that it was put into.
        gold: for each item, the part that it belongs to.
    """
    together = sum(comb(n, 2) for n in Counter(zip(found, gold, strict=True)).values())
    proposed = sum(comb(n, 2) for n in Counter(found).values())
    existing = sum(comb(n, 2) for n in Counter(gold).values())
    return PairFigures(together / proposed if proposed else 1.0, together / existing if existing else 1.0)


def measure_stories(corpus: StoryCorpus, vectors: FloatMatrix, reference: Reference) -> PairFigures:
    """Find stories among all articles: pairs of articles in one story.

    Args:
        corpus: every sentence stands for a claim.
        vectors: (n, d) unit rows of its sentences, in their order.
        reference: of the embedder that made the vectors.
    """
    claims = _corpus_claims(corpus, vectors, reference)
    ids = [article.id for article in corpus.articles]
    digests = digest_articles(ids, claims.articles, claims.languages, claims.vectors, reference)
    story_of = {
        article: story.id
        for story in find_stories(corpus.articles, digests, reference)
        for article in story.article_ids
    }
    return count_pairs([story_of[article] for article in ids], corpus.stories)


def _corpus_claims(corpus: StoryCorpus, vectors: FloatMatrix, reference: Reference) -> ClaimRows:
    language_of = {article.id: article.language for article in corpus.articles}
    owners = [sentence.article_id for sentence in corpus.sentences]
    return claim_rows(
        [sentence.id for sentence in corpus.sentences],
        owners,
        [language_of[owner] for owner in owners],
        vectors,
        reference,
    )
