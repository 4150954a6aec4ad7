"""Which articles repeat another's text, so that a table counts them as one source.

Two kinds. In one language: near-identical text, such as one wire story in two papers. Across languages:
translated copies, where almost every sentence has its counterpart and in the same order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import combinations

from xsource.records import Article, ArticleId, Copy, Match, Sentence, SentenceId

COPIED_SHARE = 0.8
"""Part of the shorter article that the other must repeat: an editor cuts a paragraph or adds a line."""

COPIED_SHARE_OF_A_WIRE = 0.5
"""The same where both credit one wire agency, or one is that agency: they rewrite more, and say whose it is."""

FEWEST_SENTENCES = 3
"""Shorter articles are never called copies: two agencies word a one-line bulletin alike."""

FEWEST_TRANSLATED = 5
"""The same across languages, where what is compared is meaning: more is needed to exclude chance."""

_SHINGLE_WORDS = 5
_PERMUTATIONS = 128
_CANDIDATE_JACCARD = 0.4
"""For finding candidates only; the decision is made on sentences. Below `COPIED_SHARE`, as the longer article
may have text of its own."""

_COMMON_SENTENCE = 50
"""A sentence in more articles than this is furniture ("Read more on our site") and makes no candidates."""

_ALIKE = 90.0
"""rapidfuzz ratio 0..100 of two sentences that are the same but for an edit."""

_WORD = re.compile(r"\w+")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def find_copies(
    articles: Sequence[Article], sentences: Sequence[Sentence], matches: Iterable[Match]
) -> list[Copy]:
    """Find the articles of different outlets that repeat one another's text.

    The original is the one published earlier; where a date is missing or equal, the one whose text is longer,
    then the one with the lower id. Each repeat is named once, with the original that it shares most with.

    Args:
        articles: any number, any languages.
        sentences: of these articles, in any order.
        matches: claims across languages that say the same thing (`match_claims`).

    Returns:
        Ordered by the repeat's id. Cost: linear in the text, plus the candidate pairs.
    """
    by_id = {article.id: article for article in articles}
    texts: dict[ArticleId, list[Sentence]] = defaultdict(list)
    for sentence in sorted(sentences, key=lambda s: s.position):
        if sentence.article_id in by_id:
            texts[sentence.article_id].append(sentence)
    copies: dict[ArticleId, Copy] = {}

    def preference(copy: Copy) -> tuple[bool, float, tuple[bool, float, int, str]]:
        # The same language says more than a translation, then the larger share, then the earlier text.
        return copy.is_translated, -copy.share, _precedence(by_id[copy.original])

    for left, right, share in [*_repeats_in_a_language(by_id, texts), *_translated(by_id, texts, matches)]:
        original, repeat = sorted((by_id[left], by_id[right]), key=_precedence)
        found = Copy(original.id, repeat.id, share, original.language != repeat.language)
        kept = copies.get(repeat.id)
        if kept is None or preference(found) < preference(kept):
            copies[repeat.id] = found
    return [copies[repeat] for repeat in sorted(copies)]


def _precedence(article: Article) -> tuple[bool, float, int, str]:
    published = article.published_at
    return published is None, published.timestamp() if published else 0.0, -len(article.text), article.id


def _may_be_compared(left: Article, right: Article) -> bool:
    return left.outlet_id != right.outlet_id


def _needed_share(left: Article, right: Article) -> float:
    sources = [{article.agency, article.outlet_id} - {None} for article in (left, right)]
    credited = {left.agency, right.agency} - {None}
    return COPIED_SHARE_OF_A_WIRE if sources[0] & sources[1] & credited else COPIED_SHARE


def _repeats_in_a_language(
    articles: Mapping[ArticleId, Article], texts: Mapping[ArticleId, list[Sentence]]
) -> Iterable[tuple[ArticleId, ArticleId, float]]:
    by_language: dict[str, list[ArticleId]] = defaultdict(list)
    for article_id in sorted(texts):
        if len(texts[article_id]) >= FEWEST_SENTENCES:
            by_language[articles[article_id].language].append(article_id)
    for _, ids in sorted(by_language.items()):
        printed = {i: [" ".join(_words(s.text)) for s in texts[i]] for i in ids}
        # A text that many print unchanged is compared once, or it would cost the square of its printers.
        same: dict[tuple[str, ...], list[ArticleId]] = defaultdict(list)
        for article_id in sorted(ids, key=lambda i: _precedence(articles[i])):
            same[tuple(printed[article_id])].append(article_id)
        for first, *others in same.values():
            for other in others:
                if _may_be_compared(articles[first], articles[other]):
                    yield first, other, 1.0
        firsts = sorted(own[0] for own in same.values())
        words = {article_id: _words(articles[article_id].text) for article_id in firsts}
        pairs = _candidates_by_minhash(words) | _candidates_by_sentence({i: printed[i] for i in firsts})
        for left, right in sorted(pairs):
            if not _may_be_compared(articles[left], articles[right]):
                continue
            share = _share_repeated(printed[left], printed[right])
            if share >= _needed_share(articles[left], articles[right]):
                yield left, right, share


def _candidates_by_minhash(words: Mapping[ArticleId, list[str]]) -> set[tuple[ArticleId, ArticleId]]:
    """Find pairs that share many word 5-grams: Broder 1997, through datasketch's locality-sensitive hashing."""
    from datasketch import MinHash, MinHashLSH

    lookup = MinHashLSH(num_perm=_PERMUTATIONS, params=_bands())
    pairs: set[tuple[ArticleId, ArticleId]] = set()
    for article_id in sorted(words):
        own = words[article_id]
        shingles = {
            " ".join(own[i : i + _SHINGLE_WORDS]).encode() for i in range(max(1, len(own) - _SHINGLE_WORDS + 1))
        }
        signature = MinHash(num_perm=_PERMUTATIONS)
        signature.update_batch(sorted(shingles))
        pairs.update((min(article_id, other), max(article_id, other)) for other in lookup.query(signature))
        lookup.insert(article_id, signature)
    return pairs


@cache
def _bands() -> tuple[int, int]:
    """Give bands and rows for `_CANDIDATE_JACCARD`: datasketch integrates for them, 25 ms for each lookup."""
    from datasketch import MinHashLSH

    lookup = MinHashLSH(threshold=_CANDIDATE_JACCARD, num_perm=_PERMUTATIONS)
    return lookup.b, lookup.r


def _candidates_by_sentence(printed: Mapping[ArticleId, list[str]]) -> set[tuple[ArticleId, ArticleId]]:
    """Find pairs that share a whole sentence: a wire story inside a long article, which MinHash misses."""
    places: dict[str, list[ArticleId]] = defaultdict(list)
    for article_id in sorted(printed):
        for sentence in dict.fromkeys(printed[article_id]):
            if sentence.count(" ") >= _SHINGLE_WORDS:
                places[sentence].append(article_id)
    return {pair for ids in places.values() if len(ids) <= _COMMON_SENTENCE for pair in combinations(ids, 2)}


def _share_repeated(left: Sequence[str], right: Sequence[str]) -> float:
    """Give the part of the shorter article's sentences that the other repeats, counted by their letters."""
    from rapidfuzz import fuzz, process

    shorter, longer = sorted((left, right), key=lambda sentences: sum(map(len, sentences)))
    known = set(longer)
    total = sum(map(len, shorter))
    repeated = sum(
        len(sentence)
        for sentence in shorter
        if sentence in known
        or process.extractOne(sentence, longer, scorer=fuzz.ratio, score_cutoff=_ALIKE) is not None
    )
    return repeated / total if total else 0.0


def _translated(
    articles: Mapping[ArticleId, Article],
    texts: Mapping[ArticleId, list[Sentence]],
    matches: Iterable[Match],
) -> Iterable[tuple[ArticleId, ArticleId, float]]:
    """Find pairs across languages where almost every sentence has its counterpart, in order."""
    place: dict[SentenceId, tuple[ArticleId, int]] = {
        sentence.id: (article_id, i)
        for article_id, sentences in texts.items()
        for i, sentence in enumerate(sentences)
    }
    aligned: dict[tuple[ArticleId, ArticleId], list[tuple[int, int]]] = defaultdict(list)
    for match in matches:
        (left, i), (right, j) = sorted((place[match.left], place[match.right]))
        if articles[left].language != articles[right].language:
            aligned[left, right].append((i, j))
    for (left, right), steps in sorted(aligned.items()):
        shorter = min(len(texts[left]), len(texts[right]))
        if shorter < FEWEST_TRANSLATED or not _may_be_compared(articles[left], articles[right]):
            continue
        share = min(1.0, _longest_rise([j for _, j in sorted(steps)]) / shorter)
        if share >= _needed_share(articles[left], articles[right]):
            yield left, right, share


def _longest_rise(values: Sequence[int]) -> int:
    """Give the length of the longest strictly rising subsequence (Fredman 1975): n log n."""
    tails: list[int] = []
    for value in values:
        at = bisect_left(tails, value)
        tails[at : at + 1] = [value]
    return len(tails)
