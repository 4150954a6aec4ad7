"""The judge: the probability that two sentences, or a question and a sentence, state the same fact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xsource.judge.alignment import align_pairs
from xsource.judge.artefact import Artefact, shipped_artefact
from xsource.judge.evidence import pair_evidence
from xsource.judge.figures import NumberEvidence
from xsource.judge.interaction import INTERACTION_COLUMNS, Interaction
from xsource.judge.joining import GroupJoins
from xsource.judge.naming import NameEvidence
from xsource.judge.reading import Readings, SentenceReader
from xsource.judge.support import asked_support, has_support, pair_support
from xsource.judge.trees import Trees
from xsource.judge.trimming import statement_spans
from xsource.records import FloatMatrix, FloatVector, IntVector


@dataclass(frozen=True, slots=True)
class JudgedPairs:
    """What was judged of p pairs of sentences; a pair that is not here is another fact.

    Attributes:
        left, right: (p,) rows, `left` below `right`, each pair once.
        same: (p,) probability that both state one fact, differently or not.
        differs: (p,) probability that they state it differently, if they do.
    """

    left: IntVector
    right: IntVector
    same: FloatVector
    differs: FloatVector

    def __len__(self) -> int:
        return len(self.left)


@dataclass(frozen=True, slots=True)
class AskedSentences:
    """What was judged of a question and n sentences, in their order.

    Attributes:
        same: (n,) probability that the sentence states the asked fact, differently or not.
        differs: (n,) probability that it states it differently, if it does.
        contrary: (n,) probability that it says the contrary, if it does.
    """

    same: FloatVector
    differs: FloatVector
    contrary: FloatVector


UNREAD = -8.0
"""Log odds of what was not read beside the question."""


class Judge:
    """Judges pairs of sentences by the artefact.

    Args:
        artefact: the shipped one when not given.
        threads: processor cores used; 0 for all.

    Raises:
        ModelError: the artefact is damaged, of another version, or for another encoder.
    """

    def __init__(self, artefact: Artefact | None = None, *, threads: int = 0) -> None:
        self.artefact = artefact or shipped_artefact()
        self._reader = SentenceReader(self.artefact, threads=threads)
        self._interaction = Interaction(self.artefact.arrays)
        self._trees: dict[str, Trees] = {}

    @property
    def id(self) -> str:
        """Name and content hash of what it learned."""
        return self.artefact.id

    def number(self, name: str) -> float:
        """Give one of the numbers that decide an answer; see `Artefact.number`."""
        return self.artefact.number(name)

    def read(self, texts: Sequence[str]) -> Readings:
        """Read sentences once, whatever they are then set beside."""
        return self._reader.read(texts)

    def statement_spans(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        """Give the range of code points of each sentence that states something, without caption or rubric."""
        return statement_spans(self._reader, texts, self.number("word.surely"), self.number("word.seam"))

    def candidates(
        self, readings: Readings, articles: IntVector, rows: IntVector
    ) -> tuple[IntVector, IntVector]:
        """Choose the pairs worth judging: of each sentence the likest in other articles.

        First many by their vectors, then of these the few whose tokens answer each other best.

        Args:
            readings: of n sentences.
            articles: (n,) numbers of their articles; two sentences of one article are no pair.
            rows: those that may be paired, ascending.

        Returns:
            Two arrays of rows, the lower first, each pair once, ordered.
        """
        near = self._near(readings, articles, rows)
        left = np.array([a for a, _ in near], np.int64)
        right = np.array([b for _, b in near], np.int64)
        if not near:
            return left, right
        answered = align_pairs(readings, readings, left, right)[:, :2].sum(axis=1)
        most = int(self.number("candidate.judged"))
        taken: dict[int, int] = {}
        kept = np.zeros(len(near), np.bool_)
        for at in np.argsort(-answered, kind="stable").tolist():
            one, other = near[at]
            if taken.get(one, 0) < most or taken.get(other, 0) < most:
                kept[at] = True
                taken[one] = taken.get(one, 0) + 1
                taken[other] = taken.get(other, 0) + 1
        return left[kept], right[kept]

    def _near(self, readings: Readings, articles: IntVector, rows: IntVector) -> list[tuple[int, int]]:
        """Give the pairs of rows whose vectors are near, a few for each sentence, the lower row first."""
        least, most = self.number("candidate.cosine"), int(self.number("candidate.near"))
        chosen: set[tuple[int, int]] = set()
        own = articles[rows]
        for start in range(0, len(rows), 512):
            block = rows[start : start + 512]
            cosines = readings.vectors[block] @ readings.vectors[rows].T
            cosines[own[start : start + 512][:, None] == own[None, :]] = -np.inf
            width = min(most, cosines.shape[1])
            best = np.argpartition(-cosines, width - 1, axis=1)[:, :width]
            for at, row in enumerate(block.tolist()):
                for column in best[at].tolist():
                    if cosines[at, column] >= least:
                        other = int(rows[column])
                        chosen.add((min(row, other), max(row, other)))
        return sorted(chosen)

    def judge(
        self,
        readings: Readings,
        left: IntVector,
        right: IntVector,
        articles: IntVector,
        texts: Sequence[str],
        languages: Sequence[str],
    ) -> JudgedPairs:
        """Judge pairs of rows; each once, all of a story together.

        Pairs that hardly state one fact by what is known of each sentence alone are not read beside each
        other, and are not among those given.
        """
        nothing = np.empty(0, np.float32)
        if not len(left):
            return JudgedPairs(left, right, nothing, nothing)
        figures = NumberEvidence(texts, languages)
        evidence = pair_evidence(readings, left, right, articles, languages, figures)
        worth = self._weigh("pair.first", evidence) >= self.number("candidate.least")
        left, right, evidence = left[worth], right[worth], evidence[worth]
        if not len(left):
            return JudgedPairs(left, right, nothing, nothing)
        evidence = np.hstack([evidence, self.read_beside(readings, readings, left, right)])
        alone = self._weigh("pair", evidence)
        support = pair_support(articles, left, right, alone)
        evidence = np.hstack([evidence, support])
        # Where no other pair has a say, none is heard: the trees learned from stories, not from two sentences.
        same = np.where(has_support(support), self._weigh("pair.supported", evidence), alone)
        return JudgedPairs(left, right, same, self._weigh("differs", evidence))

    def read_beside(self, left: Readings, right: Readings, rows: IntVector, others: IntVector) -> FloatMatrix:
        """Read p pairs of sentences beside each other: (p, 3), see `INTERACTION_COLUMNS`."""
        own = [self._reader.content(states) for states in left.states]
        their = own if right is left else [self._reader.content(states) for states in right.states]
        return self._interaction.read_pairs(own, their, rows, others)

    def joins(self, readings: Readings, pairs: JudgedPairs) -> GroupJoins:
        """Give who says whether a sentence shares the fact of a whole group of these."""
        return GroupJoins(self._trees_of("group"), readings, pairs.left, pairs.right, pairs.same)

    def ask(
        self,
        question: Readings,
        sentences: Readings,
        text: str,
        language: str,
        articles: IntVector,
        texts: Sequence[str],
        languages: Sequence[str],
    ) -> AskedSentences:
        """Judge what n sentences say to a question, which was read alone.

        Args:
            question, text, language: what is asked.
            sentences, articles, texts, languages: n rows that may answer; `articles` numbers theirs.
        """
        if not len(sentences):
            nothing = np.empty(0, np.float32)
            return AskedSentences(nothing, nothing, nothing)
        evidence = self.ask_evidence(question, sentences, text, language, texts, languages)
        first = self._weigh("ask.first", evidence)
        evidence = self.with_beside(question, sentences, evidence, first)
        alone = self._weigh("ask", evidence)
        # What hardly comes near supports nothing: to judge its pairs would cost most of an answer's time.
        near = np.sort(np.argsort(-alone, kind="stable")[: int(self.number("ask.near"))]).astype(np.int64)
        left, right = self.candidates(sentences, articles, near)
        pairs = self.judge(sentences, left, right, articles, texts, languages)
        evidence = np.hstack([evidence, asked_support(articles, alone, pairs.left, pairs.right, pairs.same)])
        return AskedSentences(
            self._weigh("ask.supported", evidence),
            self._weigh("ask.differs", evidence),
            self._weigh("ask.contrary", evidence),
        )

    def ask_evidence(
        self,
        question: Readings,
        sentences: Readings,
        text: str,
        language: str,
        texts: Sequence[str],
        languages: Sequence[str],
    ) -> FloatMatrix:
        """Give the (n, columns) evidence that `ask` weighs, see `ASK_COLUMNS`."""
        count = len(sentences)
        both, spoken = [text, *texts], [language, *languages]
        figures, names = NumberEvidence(both, spoken), NameEvidence(both, spoken)
        rows = np.arange(count, dtype=np.int64)
        found = np.array([names.found(0, row + 1) for row in range(count)], np.float32).reshape(-1, 2)
        return np.stack(
            [
                sentences.vectors @ question.vectors[0],
                *align_pairs(question, sentences, np.zeros(count, np.int64), rows).T,
                np.array([figures.of_pair(0, row + 1) for row in range(count)]),
                *found.T,
                np.array([own == language for own in languages]),
                np.log([max(1, len(own)) for own in sentences.states]),
            ],
            axis=1,
        ).astype(np.float32)

    def with_beside(
        self, question: Readings, sentences: Readings, evidence: FloatMatrix, first: FloatVector
    ) -> FloatMatrix:
        """Add to (n, columns) evidence what reading the question beside n sentences says.

        Args:
            first: (n,) probabilities by the evidence so far: of a sentence that hardly comes near, nothing more
                is read.
        """
        beside = np.full((len(sentences), len(INTERACTION_COLUMNS)), UNREAD, np.float32)
        near = np.flatnonzero(first >= self.number("ask.least"))
        beside[near] = self.read_beside(question, sentences, np.zeros(len(near), np.int64), near)
        return np.hstack([evidence, beside])

    def _weigh(self, what: str, evidence: FloatMatrix) -> FloatVector:
        return self._trees_of(what).probabilities(evidence)

    def _trees_of(self, what: str) -> Trees:
        if what not in self._trees:
            self._trees[what] = Trees.of(self.artefact.arrays, what)
        return self._trees[what]
