"""Do two readings tell of the same thing? Asked of the words around them, in any two of the four languages.

"Three guards" and "four Russians" stand in sentences on one attack and count others; the day of a landing is
no answer to the day of a launch. Where the clauses of two readings mean the same but for the readings, they
tell of the same; lists of nouns know this for some nouns of news, and the encoder for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import log
from typing import Protocol, TypeVar

from xsource.compare.shared_facts import Conflict, weigh
from xsource.protocols import ContradictionScorer
from xsource.records import Claim, ClaimGroup

# Words on either side: the clause, as far as a reader looks for what is counted, and the counted noun itself.
_CLAUSE_WORDS = 7, 7
_NEAREST_WORDS = 1, 2
_CLAUSE_END = re.compile(r"[;:!?؛؟()«»—–\n]|[.,،](?=\s|$)")
# Of a group that was not put together by the judge, such as an asked question's.
_UNJUDGED = 0.85

FEATURES = (
    "clauses alike",
    "nearest words alike",
    "one fact, as the judge says",
    "in two languages",
    "claims of the group, logarithm",
    "others apart",
    "likeness of the readings",
)


class Reading(Protocol):
    """What a claim states somewhere in its sentence: a figure, a day."""

    @property
    def claim(self) -> Claim:
        """Whose it is."""
        ...

    @property
    def start(self) -> int:
        """Half-open with `end`, code points of the sentence."""
        ...

    @property
    def end(self) -> int:
        """See `start`."""
        ...


R = TypeVar("R", bound=Reading)


def describe_slots(
    conflicts: Sequence[Conflict[R]], group: ClaimGroup, scorer: ContradictionScorer
) -> list[tuple[float, ...]]:
    """Give `FEATURES` of conflicts of one group: of the two readings that fit each other best."""
    across = [readings_across(conflict) for conflict in conflicts]
    windows = (pair for pairs in across for one, other in pairs for pair in _windows(one, other))
    asked = list(dict.fromkeys(windows))
    alike = dict(zip(asked, scorer.closeness(asked).tolist(), strict=True)) if asked else {}
    judged = {frozenset((match.left, match.right)): match.probability for match in group.matches}
    unjudged = 0.0 if judged else _UNJUDGED

    def describe(conflict: Conflict[R], pairs: Sequence[tuple[R, R]]) -> tuple[float, ...]:
        if not pairs:  # an outlet against itself
            return (-1.0, -1.0, 0.0, 0.0, log(len(group.claims)), 0.0, conflict.likeness)
        windows = [_windows(one, other) for one, other in pairs]
        ids = [frozenset((one.claim.sentence.id, other.claim.sentence.id)) for one, other in pairs]
        return (
            max(alike[clauses] for clauses, _ in windows),
            max(alike[nearest] for _, nearest in windows),
            max(judged.get(pair, unjudged) for pair in ids),
            float(all(one.claim.article.language != other.claim.article.language for one, other in pairs)),
            log(len(group.claims)),
            float(len(conflict.apart.readings) - 1),
            conflict.likeness,
        )

    return [describe(conflict, pairs) for conflict, pairs in zip(conflicts, across, strict=True)]


def confirm_slots(
    conflicts: Sequence[Conflict[R]],
    group: ClaimGroup,
    scorer: ContradictionScorer,
    more: Callable[[Conflict[R]], tuple[float, ...]],
    weights: Sequence[float],
) -> list[Conflict[R]]:
    """Weigh conflicts anew by what surrounds their readings, the likeliest first.

    Args:
        conflicts: of the group.
        group: whose claims these are.
        scorer: knows how alike words around the readings are.
        more: features of a conflict to add behind its own and `FEATURES`.
        weights: of a logistic regression on all of them, the intercept first.
    """
    found = []
    for conflict, own in zip(conflicts, describe_slots(conflicts, group, scorer), strict=True):
        features = (*conflict.features, *own, *more(conflict))
        probability = weigh(features, weights)
        found.append(Conflict(conflict.apart, conflict.camp, probability, probability, features))
    return sorted(found, key=lambda conflict: -conflict.likeness)


def readings_across(conflict: Conflict[R]) -> list[tuple[R, R]]:
    """Give every reading that stands apart with every one of the camp that another outlet has."""
    return [
        (one, other)
        for one in conflict.apart.in_order
        for other in conflict.camp.in_order
        if one.claim.outlet.id != other.claim.outlet.id
    ]


def _windows(one: Reading, other: Reading) -> tuple[tuple[str, str], tuple[str, str]]:
    """Give the clauses of two readings, and the words nearest to them."""
    clauses = _around(one, *_CLAUSE_WORDS, in_clause=True), _around(other, *_CLAUSE_WORDS, in_clause=True)
    nearest = _around(one, *_NEAREST_WORDS, in_clause=False), _around(other, *_NEAREST_WORDS, in_clause=False)
    return clauses, nearest


def _around(reading: Reading, before: int, behind: int, *, in_clause: bool) -> str:
    """Give words around a reading, which is written `#` whatever it is."""
    text = reading.claim.sentence.text
    left, right = text[: reading.start], text[reading.end :]
    if in_clause:
        left = left[max((mark.end() for mark in _CLAUSE_END.finditer(left)), default=0) :]
        mark = _CLAUSE_END.search(right)
        right = right if mark is None else right[: mark.start()]
    return " ".join((*left.split()[-before:], "#", *right.split()[:behind]))
