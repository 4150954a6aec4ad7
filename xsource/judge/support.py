"""What the other judged pairs say of a pair: two sentences that a third stands beside are likelier to agree.

Where the encoder does not see that a Hebrew and a Russian sentence state one fact, an English one that both
resemble often shows it; and a sentence that states the same as many others of a report states no single fact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import numpy as np
import numpy.typing as npt

from xsource.records import FloatMatrix, FloatVector, IntVector

SUPPORT_COLUMNS = (
    "alone", "bridge 1", "bridge 2", "bridge 3", "both 1", "both 2", "both 3", "bridges", "good bridges",
    "neighbours left", "neighbours right", "common share", "rival left", "rival right",
    "best left", "best right", "agreement low", "agreement high",
)  # fmt: skip
"""`alone` is the pair's probability without the others. A third sentence is a bridge as far as its less likely
pair (`both`, the highest first) or the product of both (`bridge`); `bridges` are those above `_MAYBE`, good
ones those above `_LIKELY`. `neighbours` are a row's other likely pairs, `common share` the sum of the lower by
the sum of the higher of both rows' other probabilities. A `rival` is the row's best other sentence in the
other's article, `best` in any. `agreement` is the mean probability of one row with the other's surest
neighbours, -1 where there are none: the lower and the higher of both ways."""

ASKED_COLUMNS = (
    "asked alone", "asked bridge 1", "asked bridge 2", "asked both 1", "asked both 2", "asked best",
    "asked rank", "asked likely", "asked own best", "asked agreement",
)  # fmt: skip
"""Of a question and a sentence, as above; `asked best` is the question's likeliest sentence of all, `asked
rank` how many are likelier than this one, `asked likely` how many are likely, `asked own best` the likeliest
other sentence of the article; `asked agreement` is this sentence's mean probability with the question's surest.
"""

_MAYBE, _LIKELY, _SURE = 0.3, 0.5, 0.7
_BRIDGES = 3
_ASKED_BRIDGES = 2


def _near(count: int, left: IntVector, right: IntVector, same: FloatVector) -> list[dict[int, float]]:
    near: list[dict[int, float]] = [{} for _ in range(count)]
    for one, other, likely in zip(left.tolist(), right.tolist(), same.tolist(), strict=True):
        near[one][other] = near[other][one] = likely
    return near


def _mean_with(row: Mapping[int, float], others: Sequence[int]) -> float:
    return sum(row.get(other, 0.0) for other in others) / len(others) if others else -1.0


def _highest(values: list[float], count: int) -> list[float]:
    values.sort(reverse=True)
    return [*values[:count], *([0.0] * (count - len(values)))]


def pair_support(articles: IntVector, left: IntVector, right: IntVector, same: FloatVector) -> FloatMatrix:
    """Give (p, columns) for p judged pairs, see `SUPPORT_COLUMNS`.

    Args:
        articles: (n,) numbers of the sentences' articles.
        left, right: (p,) rows, each pair once; a pair that is not here has probability 0.
        same: (p,) probabilities by each pair's own evidence.
    """
    near = _near(len(articles), left, right, same)
    article = articles.tolist()
    sure = [[other for other, likely in own.items() if likely > _SURE] for own in near]
    likely_of = [sum(likely > _LIKELY for likely in own.values()) for own in near]
    total_of = [sum(own.values()) for own in near]
    best_in: list[dict[int, list[float]]] = []
    for own in near:
        found: dict[int, list[float]] = {}
        for other, likely in own.items():
            found.setdefault(article[other], []).append(likely)
        best_in.append({number: _highest(values, 2) for number, values in found.items()})
    best_of = [_highest(list(own.values()), 2) for own in near]
    rows = np.zeros((len(left), len(SUPPORT_COLUMNS)), np.float32)
    for at, (one, other, alone) in enumerate(zip(left.tolist(), right.tolist(), same.tolist(), strict=True)):
        mine, theirs = near[one], near[other]
        lower, product, shared = [], [], 0.0
        for third in mine.keys() & theirs.keys():
            a, b = mine[third], theirs[third]
            lower.append(min(a, b))
            product.append(a * b)
            shared += min(a, b)
        either = total_of[one] + total_of[other] - 2 * alone - shared
        agreements = sorted(
            (
                _mean_with(theirs, [row for row in sure[one] if row != other]),
                _mean_with(mine, [row for row in sure[other] if row != one]),
            )
        )
        rows[at] = (
            alone, *_highest(product, _BRIDGES), *_highest(lower, _BRIDGES),
            sum(value > _MAYBE for value in lower), sum(value > _LIKELY for value in lower),
            likely_of[one] - (alone > _LIKELY), likely_of[other] - (alone > _LIKELY),
            shared / max(1e-6, either),
            _without(best_in[one][article[other]], alone), _without(best_in[other][article[one]], alone),
            _without(best_of[one], alone), _without(best_of[other], alone),
            *agreements,
        )  # fmt: skip
    return rows


def has_support(support: FloatMatrix) -> npt.NDArray[np.bool_]:
    """Say of (p, columns) of `pair_support` where a row of the pair has any other judged pair."""
    best = [SUPPORT_COLUMNS.index(name) for name in ("best left", "best right")]
    return cast("npt.NDArray[np.bool_]", support[:, best].max(axis=1, initial=0.0) > 0)


def _without(best: Sequence[float], own: float) -> float:
    """Give the best of the two best that is not the pair's own."""
    return best[1] if own >= best[0] else best[0]


def asked_support(
    articles: IntVector, asked: FloatVector, left: IntVector, right: IntVector, same: FloatVector
) -> FloatMatrix:
    """Give (n, columns) for a question and n sentences, see `ASKED_COLUMNS`.

    Args:
        articles: (n,) numbers of the sentences' articles.
        asked: (n,) probabilities that a sentence states what is asked, by its own evidence.
        left, right, same: judged pairs of the sentences.
    """
    near = _near(len(articles), left, right, same)
    values, article = asked.tolist(), articles.tolist()
    order = sorted(values, reverse=True)
    sure = [row for row, likely in enumerate(values) if likely > _SURE]
    likely_rows = sum(likely > _LIKELY for likely in values)
    of_article: dict[int, list[float]] = {}
    for number, likely in zip(article, values, strict=True):
        of_article.setdefault(number, []).append(likely)
    best_of = {number: _highest(own, 2) for number, own in of_article.items()}
    best = _highest(list(values), 2)
    rows = np.zeros((len(values), len(ASKED_COLUMNS)), np.float32)
    for at, alone in enumerate(values):
        lower = [min(likely, values[other]) for other, likely in near[at].items()]
        product = [likely * values[other] for other, likely in near[at].items()]
        rows[at] = (
            alone, *_highest(product, _ASKED_BRIDGES), *_highest(lower, _ASKED_BRIDGES), _without(best, alone),
            sum(other > alone for other in order), likely_rows - (alone > _LIKELY),
            _without(best_of[article[at]], alone), _mean_with(near[at], [row for row in sure if row != at]),
        )  # fmt: skip
    return rows
