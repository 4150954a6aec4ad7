"""Do two figures count the same thing? Asked of the words around them, in any two of the four languages.

"Three guards" and "four Russians" stand in sentences on one attack and count others. Where the clauses of two
figures mean the same but for the figures, they do count the same; lists of nouns know this for some nouns of
news, and the encoder for all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import log10

from xsource.compare.figures import Figure
from xsource.compare.shared_facts import Conflict, weigh
from xsource.protocols import ContradictionScorer
from xsource.records import ClaimGroup

# Words on either side: the clause, as far as a reader looks for what is counted, and the counted noun itself.
_CLAUSE_WORDS = 7, 7
_NEAREST_WORDS = 1, 2
_CLAUSE_END = re.compile(r"[;:!?؛؟()«»—–\n]|[.,،](?=\s|$)")
# Of a group that was not put together by the judge, such as an asked question's.
_UNJUDGED = 0.75
_MOST_ORDERS = 3.0

FEATURES = (
    "clauses alike",
    "nearest words alike",
    "one fact, as the judge says",
    "in two languages",
    "claims of the group",
    "others apart",
    "likeness of the figures",
    "orders of magnitude apart",
)
# Of a logistic regression on what speaks for a conflict of figures at all (`figure_conflicts.FEATURES`) and on
# these, the intercept first: fitted by tools/calibrate_divergences.py on invented independent reports.
WEIGHTS = (
    *(-2.5, 0.05, -0.19, -1.11, 0.2, -0.37, -0.02, -0.6, -0.52, -0.55, 0.57, -0.52),
    *(2.65, 2.02, 1.78, 0.74, -0.38, 1.01, 0.5, -2.27),
)


def describe_slots(
    conflicts: Sequence[Conflict[Figure]], group: ClaimGroup, scorer: ContradictionScorer
) -> list[tuple[float, ...]]:
    """Give `FEATURES` of conflicts of one group: of the two figures that fit each other best."""
    across = [
        [
            (one, other)
            for one in conflict.apart.in_order
            for other in conflict.camp.in_order
            if one.claim.outlet.id != other.claim.outlet.id
        ]
        for conflict in conflicts
    ]
    windows = (pair for pairs in across for one, other in pairs for pair in _windows(one, other))
    asked = list(dict.fromkeys(windows))
    alike = dict(zip(asked, scorer.closeness(asked).tolist(), strict=True)) if asked else {}
    judged = {frozenset((match.left, match.right)): match.probability for match in group.matches}
    unjudged = 0.0 if judged else _UNJUDGED

    def describe(conflict: Conflict[Figure], pairs: Sequence[tuple[Figure, Figure]]) -> tuple[float, ...]:
        if not pairs:  # an outlet against itself
            return (-1.0, -1.0, 0.0, 0.0, float(len(group.claims)), 0.0, conflict.likeness, 0.0)
        windows = [_windows(one, other) for one, other in pairs]
        ids = [frozenset((one.claim.sentence.id, other.claim.sentence.id)) for one, other in pairs]
        return (
            max(alike[clauses] for clauses, _ in windows),
            max(alike[nearest] for _, nearest in windows),
            max(judged.get(pair, unjudged) for pair in ids),
            float(all(one.claim.article.language != other.claim.article.language for one, other in pairs)),
            float(len(group.claims)),
            float(len(conflict.apart.readings) - 1),
            conflict.likeness,
            min(_orders_apart(one, other) for one, other in pairs),
        )

    return [describe(conflict, pairs) for conflict, pairs in zip(conflicts, across, strict=True)]


def confirm_slots(
    conflicts: Sequence[Conflict[Figure]], group: ClaimGroup, scorer: ContradictionScorer
) -> list[Conflict[Figure]]:
    """Weigh conflicts anew by what surrounds their figures, the likeliest first."""
    found = []
    for conflict, own in zip(conflicts, describe_slots(conflicts, group, scorer), strict=True):
        features = (*conflict.features, *own)
        probability = weigh(features, WEIGHTS)
        found.append(Conflict(conflict.apart, conflict.camp, probability, probability, features))
    return sorted(found, key=lambda conflict: -conflict.likeness)


def _orders_apart(one: Figure, other: Figure) -> float:
    """Give how many times ten one figure is the other: reports that dispute a figure seldom differ by more."""
    values = sorted(abs(float(figure.value)) for figure in (one, other))
    return min(_MOST_ORDERS, log10(values[1] / values[0])) if values[0] else _MOST_ORDERS * (values[1] > 0)


def _windows(one: Figure, other: Figure) -> tuple[tuple[str, str], tuple[str, str]]:
    """Give the clauses of two figures, and the words nearest to them."""
    clauses = _around(one, *_CLAUSE_WORDS, in_clause=True), _around(other, *_CLAUSE_WORDS, in_clause=True)
    nearest = _around(one, *_NEAREST_WORDS, in_clause=False), _around(other, *_NEAREST_WORDS, in_clause=False)
    return clauses, nearest


def _around(figure: Figure, before: int, behind: int, *, in_clause: bool) -> str:
    """Give words around a figure, which is written `#` for every figure."""
    text = figure.claim.sentence.text
    left, right = text[: figure.start], text[figure.end :]
    if in_clause:
        left = left[max((mark.end() for mark in _CLAUSE_END.finditer(left)), default=0) :]
        mark = _CLAUSE_END.search(right)
        right = right if mark is None else right[: mark.start()]
    return " ".join((*left.split()[-before:], "#", *right.split()[:behind]))
