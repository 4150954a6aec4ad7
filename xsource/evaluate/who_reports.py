"""Whether the right outlets are named for an asked claim, where a third of the versions are missing.

Each language of NTREX is an outlet that prints the same documents. A third of all sentences is taken out at
random; then every sentence is asked in every language, whether it is still printed or not. An outlet is named
rightly when the sentence that it is named for is the asked one's version. The path is the product's: a search
in each outlet, the stories that the hits belong to, the groups of these stories, `align.judge_claims`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from xsource.align import (
    ClaimRows,
    QuestionEvidence,
    Reference,
    claim_rows,
    digest_articles,
    find_groups,
    find_stories,
    judge_claims,
)
from xsource.evaluate.bench import ParallelNews
from xsource.protocols import VectorStore
from xsource.records import Article, ArticleId, FloatMatrix, IntVector, Language, OutletId, SentenceId

HITS_AN_OUTLET = 10
MISSING_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class WhoReports:
    """F1 of the outlets named as reporting.

    Attributes:
        f1: over all questions, of the outlets in other languages than the question's.
        f1_all_outlets: with the outlet that may print the asked words themselves.
        languages: `f1` by the language asked in.
    """

    f1: float
    f1_all_outlets: float
    languages: dict[Language, float]


@dataclass(slots=True)
class _Tally:
    named: int = 0
    right: int = 0
    reporting: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.named + self.reporting)


@dataclass(frozen=True, slots=True)
class _Index:
    """What a reader of an index has: claims, a store of their vectors by row, stories and groups."""

    claims: ClaimRows
    texts: list[str]
    article_texts: dict[ArticleId, str]
    lines: IntVector
    store: VectorStore
    story_of_row: IntVector
    groups_of_story: list[list[tuple[SentenceId, ...]]]


def measure_who_reports(
    news: ParallelNews,
    vectors: Mapping[Language, FloatMatrix],
    new_store: Callable[[int], VectorStore],
    reference: Reference,
    seed: int = 0,
) -> WhoReports:
    """Ask every sentence in every language.

    Args:
        news: the text.
        vectors: (n, d) unit rows of each language, in the order of its lines.
        new_store: makes an empty store for a dimension.
        reference: of the embedder that made the vectors.
        seed: of what is missing.
    """
    codes = list(vectors)
    printed = np.random.default_rng(seed).random((len(news.documents), len(codes))) >= MISSING_SHARE
    index = _build(news, vectors, printed, new_store, reference)
    others = {code: _Tally() for code in codes}
    own = _Tally()
    for asked, raw in vectors.items():
        centred = reference.centre(raw, [asked] * len(raw))
        hits = _search_outlets(index, raw, codes)
        for line in range(len(raw)):
            named = _ask(index, news.lines[asked][line], centred[line : line + 1], asked, hits[line], reference)
            for column, outlet in enumerate(codes):
                tally = own if outlet == asked else others[asked]
                tally.reporting += int(printed[line, column])
                if outlet in named:
                    tally.named += 1
                    tally.right += int(index.lines[named[outlet]]) == line
    other = _sum(list(others.values()))
    return WhoReports(other.f1, _sum([other, own]).f1, {code: tally.f1 for code, tally in others.items()})


def _sum(tallies: list[_Tally]) -> _Tally:
    return _Tally(
        sum(tally.named for tally in tallies),
        sum(tally.right for tally in tallies),
        sum(tally.reporting for tally in tallies),
    )


def _build(
    news: ParallelNews,
    vectors: Mapping[Language, FloatMatrix],
    printed: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
    new_store: Callable[[int], VectorStore],
    reference: Reference,
) -> _Index:
    kept = [
        (code, line)
        for column, code in enumerate(vectors)
        for line in np.flatnonzero(printed[:, column]).tolist()
    ]
    raw = np.stack([vectors[code][line] for code, line in kept])
    owners = [ArticleId(f"{code}/{news.documents[line]}") for code, line in kept]
    ids = [SentenceId(f"{code}/{line}") for code, line in kept]
    claims = claim_rows(ids, owners, [code for code, _ in kept], raw, reference)
    store = new_store(raw.shape[1])
    store.add(np.arange(len(kept), dtype=np.int64), raw)
    articles = [_as_article(owner) for owner in dict.fromkeys(owners)]
    digests = digest_articles(
        [article.id for article in articles], owners, claims.languages, claims.vectors, reference
    )
    stories = find_stories(articles, digests, reference)
    story_of = {article: at for at, story in enumerate(stories) for article in story.article_ids}
    story_of_row = np.array([story_of[owner] for owner in owners], dtype=np.int64)
    groups = [
        find_groups(claims.take(np.flatnonzero(story_of_row == at)), reference) for at in range(len(stories))
    ]
    texts = [news.lines[code][line] for code, line in kept]
    printed_text: dict[ArticleId, str] = {}
    for owner, text in zip(owners, texts, strict=True):
        printed_text[owner] = f"{printed_text.get(owner, '')} {text}"
    lines = np.array([line for _, line in kept])
    return _Index(claims, texts, printed_text, lines, store, story_of_row, groups)


def _as_article(owner: ArticleId) -> Article:
    code, document = owner.split("/", 1)
    return Article(owner, OutletId(code), document, "", owner, cast("Language", code), 1.0, None)


def _search_outlets(index: _Index, raw: FloatMatrix, outlets: list[Language]) -> IntVector:
    """Give each question's nearest rows in every outlet: (questions, outlets * hits)."""
    languages = np.array(index.claims.languages)
    found = [
        index.store.search(raw, HITS_AN_OUTLET, np.flatnonzero(languages == outlet).astype(np.int64))[0]
        for outlet in outlets
    ]
    return np.hstack(found)


def _ask(
    index: _Index, text: str, question: FloatMatrix, language: Language, hits: IntVector, reference: Reference
) -> dict[str, int]:
    """Name the outlets that report a question, each with the row that it is named for."""
    stories = np.unique(index.story_of_row[hits[hits >= 0]])
    rows = np.flatnonzero(np.isin(index.story_of_row, stories))
    claims = index.claims.take(rows)
    groups = [group for story in stories.tolist() for group in index.groups_of_story[story]]
    evidence = QuestionEvidence(
        text, language, [index.texts[row] for row in rows.tolist()], claims.languages, claims.articles,
        index.article_texts.__getitem__,
    )  # fmt: skip
    judged = judge_claims(question, language, claims, groups, reference, evidence=evidence)
    named: dict[str, int] = {}
    for at in np.flatnonzero(judged.are_reports)[np.argsort(judged.margins[judged.are_reports])].tolist():
        named[claims.languages[at]] = int(rows[at])
    return named
