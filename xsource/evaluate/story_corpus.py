"""How well stories and groups are found where they are known, and how near kinship is to people's ratings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from xsource.align import (
    ClaimRows,
    Reference,
    claim_rows,
    digest_articles,
    find_stories,
    kinship,
)
from xsource.evaluate.bench import RatedPair, StoryCorpus
from xsource.records import ArticleId, FloatMatrix, Language


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


def correlate_kinship(
    pairs: Sequence[RatedPair],
    sentences: Sequence[Sequence[str]],
    vectors: FloatMatrix,
    reference: Reference,
) -> dict[tuple[Language, Language], float]:
    """Give Pearson's r between kinship and how alike people found two independent reports.

    Args:
        pairs: n pairs.
        sentences: 2n lists, the sentences of each pair's first and second article.
        vectors: unit rows of all those sentences, in their order.
        reference: of the embedder that made the vectors.

    Returns:
        r for each pair of languages that occurs.
    """
    ids = [ArticleId(f"{at}/{side}") for at in range(len(pairs)) for side in "ab"]
    codes = [code for pair in pairs for code in pair.languages]
    owners = [owner for owner, own in zip(ids, sentences, strict=True) for _ in own]
    languages = [code for code, own in zip(codes, sentences, strict=True) for _ in own]
    digests = digest_articles(ids, owners, languages, reference.centre(vectors, languages), reference)
    by_languages: dict[tuple[Language, Language], list[tuple[float, float]]] = {}
    for at, pair in enumerate(pairs):
        found = kinship(digests, reference, ids[2 * at], ids[2 * at + 1])
        by_languages.setdefault(pair.languages, []).append((found, pair.difference))
    return {code: -float(np.corrcoef(np.array(rows).T)[0, 1]) for code, rows in by_languages.items()}
