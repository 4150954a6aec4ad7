"""Whether the right outlets are named for an asked claim, where a third of the versions are missing.

Each language of NTREX is an outlet that prints the same documents. A third of all sentences is taken out at
random; then every sentence is asked in every language, whether it is still printed or not. An outlet is named
rightly when the sentence that it is named for is the asked one's version. The path is the product's: the
nearest sentences of each outlet, read beside the question by the judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xsource.align import Reference
from xsource.evaluate.bench import ParallelNews
from xsource.judge.judging import Judge
from xsource.records import FloatMatrix, IntVector, Language

HITS_AN_OUTLET = 3
ASKED_OF = 8
"""Every eighth sentence is asked, which takes a minute or two."""
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


def measure_who_reports(
    news: ParallelNews,
    vectors: Mapping[Language, FloatMatrix],
    judge: Judge,
    reference: Reference,
    seed: int = 0,
) -> WhoReports:
    """Ask every eighth sentence in every language.

    Args:
        news: the text.
        vectors: (n, d) unit rows of each language, in the order of its lines.
        judge: reads the nearest sentences beside the question.
        reference: of the embedder that made the vectors.
        seed: of what is missing.
    """
    codes = list(vectors)
    printed = np.random.default_rng(seed).random((len(news.documents), len(codes))) >= MISSING_SHARE
    centred = {code: reference.centre(raw, [code] * len(raw)) for code, raw in vectors.items()}
    others = {code: _Tally() for code in codes}
    own = _Tally()
    lines = np.arange(0, len(news.documents), ASKED_OF)
    for asked in codes:
        nearest = {}
        for column, outlet in enumerate(codes):
            rows = np.flatnonzero(printed[:, column])
            cosines = centred[asked][lines] @ centred[outlet][rows].T
            nearest[outlet] = rows[np.argsort(-cosines, axis=1, kind="stable")[:, :HITS_AN_OUTLET]]
        for at, line in enumerate(lines.tolist()):
            named = _ask(judge, news, (asked, line), {outlet: near[at] for outlet, near in nearest.items()})
            for column, outlet in enumerate(codes):
                tally = own if outlet == asked else others[asked]
                tally.reporting += int(printed[line, column])
                tally.named += outlet in named
                tally.right += named.get(outlet) == line
    other = _sum(list(others.values()))
    return WhoReports(other.f1, _sum([other, own]).f1, {code: tally.f1 for code, tally in others.items()})


def _sum(tallies: list[_Tally]) -> _Tally:
    return _Tally(
        sum(tally.named for tally in tallies),
        sum(tally.right for tally in tallies),
        sum(tally.reporting for tally in tallies),
    )


def _ask(
    judge: Judge, news: ParallelNews, question: tuple[Language, int], near: Mapping[Language, IntVector]
) -> dict[Language, int]:
    """Give the line for which each outlet is named, all of them asked together as the product does."""
    asked, line = question
    text = news.lines[asked][line]
    spots = [(outlet, row) for outlet, rows in near.items() for row in rows.tolist()]
    texts = [news.lines[outlet][row] for outlet, row in spots]
    languages = [outlet for outlet, _ in spots]
    codes = list(near)
    articles = np.array([codes.index(outlet) for outlet in languages], np.int64)
    found = judge.ask(judge.read([text]), judge.read(texts), text, asked, articles, texts, languages)
    best: dict[Language, tuple[float, int]] = {}
    for (outlet, row), same in zip(spots, found.same.tolist(), strict=True):
        if same >= judge.number("ask.reports") and (outlet not in best or same > best[outlet][0]):
            best[outlet] = same, row
    return {outlet: row for outlet, (_, row) in best.items()}
