"""Which pairs of a story's sentences state the same fact, as the judge says, or as it said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from xsource.align import GroupBars, Likeness, group_sentences
from xsource.judge.judging import Judge, JudgedPairs
from xsource.judge.reading import Readings
from xsource.records import Claim, FloatMatrix, IntVector

BARS = ("seed", "least", "mean", "overlap", "join")
"""Names of the numbers that hold a group together: `GroupBars`."""

SAME_LINE_IN_ARTICLES = 3
"""A sentence that one outlet prints word for word in so many articles of a story is its furniture."""


@dataclass(frozen=True, slots=True)
class StoryPairs:
    """Judged pairs of a story's sentences, as columns.

    Attributes:
        claims: rows of the sentences that state something.
        left, right: rows of each pair, both of them claims, of two articles.
        same: probability that they state the same fact.
        differs: probability that they state it differently, if they do.
        cosines: centred, of the index's embedder.
        groups: rows of sentences that all state one fact, ascending; a row may be in several.
    """

    claims: tuple[int, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    same: tuple[float, ...]
    differs: tuple[float, ...]
    cosines: tuple[float, ...]
    groups: tuple[tuple[int, ...], ...]


class StoryJudge(Protocol):
    """Judges the pairs of one story."""

    def judge(self, sentences: Sequence[Claim], vectors: FloatMatrix, possible: Sequence[bool]) -> StoryPairs:
        """Judge the likeliest pairs; see `ReadingJudge.judge`."""
        ...

    def statements(self, sentences: Sequence[Claim]) -> list[Claim]:
        """Give the sentences without what states nothing at their ends; see `statements_of`."""
        ...

    def number(self, name: str) -> float:
        """Give a number that decides what is made of the pairs."""
        ...


class ReadingJudge:
    """Judges by reading both sentences.

    Args:
        judge: the learned judge.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def statements(self, sentences: Sequence[Claim]) -> list[Claim]:
        """See `statements_of`."""
        return statements_of(self._judge, sentences)

    def number(self, name: str) -> float:
        """Give one of the judge's numbers."""
        return self._judge.number(name)

    def judge(self, sentences: Sequence[Claim], vectors: FloatMatrix, possible: Sequence[bool]) -> StoryPairs:
        """Judge the likeliest pairs of a story.

        Args:
            sentences: of all its articles.
            vectors: (n, d) centred unit rows of the index's embedder.
            possible: of each sentence, whether it may state something at all.
        """
        texts = [claim.sentence.text for claim in sentences]
        languages = [claim.article.language for claim in sentences]
        readings = self._judge.read(texts)
        numbers = {article: number for number, article in enumerate(sorted({c.article.id for c in sentences}))}
        articles = np.array([numbers[claim.article.id] for claim in sentences], np.int64)
        is_claim = np.array(possible, np.bool_) & (readings.stating >= self._judge.number("claim.least"))
        rows = np.flatnonzero(is_claim)
        left, right = self._judge.candidates(readings, articles, rows)
        judged = self._judge.judge(readings, left, right, articles, texts, languages)
        return StoryPairs(
            tuple(rows.tolist()),
            tuple(judged.left.tolist()),
            tuple(judged.right.tolist()),
            tuple(judged.same.tolist()),
            tuple(judged.differs.tolist()),
            cosines_of(vectors, judged.left, judged.right),
            self._groups(readings, judged),
        )

    def _groups(self, readings: Readings, judged: JudgedPairs) -> tuple[tuple[int, ...], ...]:
        bars = GroupBars(**{name: self._judge.number(f"group.{name}") for name in BARS})
        likely = [
            Likeness(*row)
            for row in zip(judged.left.tolist(), judged.right.tolist(), judged.same.tolist(), strict=True)
        ]
        return tuple(group_sentences(likely, bars, self._judge.joins(readings, judged)))


def cosines_of(vectors: FloatMatrix, left: IntVector, right: IntVector) -> tuple[float, ...]:
    """Give the cosine of each pair of rows."""
    return tuple(np.einsum("ij,ij->i", vectors[left], vectors[right]).tolist())


def statements_of(judge: Judge, sentences: Sequence[Claim]) -> list[Claim]:
    """Cut captions, rubrics and time stamps off the ends of sentences; spans follow, ids stay."""
    return cut_to(sentences, judge.statement_spans([claim.sentence.text for claim in sentences]))


def cut_to(sentences: Sequence[Claim], spans: Sequence[tuple[int, int]]) -> list[Claim]:
    """Cut each sentence to a half-open range of its code points; its place in the article follows."""
    found = []
    for claim, (start, end) in zip(sentences, spans, strict=True):
        own = claim.sentence
        if (start, end) == (0, len(own.text)):
            found.append(claim)
            continue
        cut = replace(own, start=own.start + start, end=own.start + end, text=own.text[start:end])
        found.append(replace(claim, sentence=cut))
    return found


def could_be_claims(sentences: Sequence[Claim]) -> list[bool]:
    """Say which sentences may state something: no fragments, and no line that an outlet has on every page."""
    articles_with: dict[tuple[str, str], set[str]] = defaultdict(set)
    for claim in sentences:
        articles_with[claim.outlet.id, claim.sentence.text].add(claim.article.id)
    return [
        claim.sentence.is_claim
        and len(articles_with[claim.outlet.id, claim.sentence.text]) < SAME_LINE_IN_ARTICLES
        for claim in sentences
    ]
