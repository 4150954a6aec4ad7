"""Equal numbers that are no one figure: imports of 12 and exports of 7 here, 7 and 12 there.

Equal numbers agree where nothing says what they count, and what befell the counted is sometimes misread. Where
two outlets have the same two numbers, the words around tell whether each stands in its own place or in the
other's; a single number counts others only in sentences that are otherwise alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from xsource.compare.figures import Figure, are_equal, count_others
from xsource.compare.same_statement import least_alike
from xsource.protocols import ContradictionScorer

# Words on either side of a figure, as far as the next figure or the next mark.
_WORDS_BEFORE, _WORDS_BEHIND = 5, 2
_MARK = re.compile(r"[;:!?؛؟()«»—–\n]|[.,،](?=\s|$)")
# Of two numbers in each other's place the words are this much nearer crosswise, both together. Of 1,731 such
# twos in training reports, where nothing is exchanged, two are (December 2026).
_NEARER = 0.32
# Who repeats a number may mean either.
_MOST_SHARED = 6

Place = tuple[str, int]
"""A sentence's id, and where in it a figure starts."""


def place_of(figure: Figure) -> Place:
    """Give what tells a figure from every other of a group."""
    return figure.claim.sentence.id, figure.start


def find_exchanged(
    by_claim: Sequence[Sequence[Figure]], scorer: ContradictionScorer | None
) -> frozenset[frozenset[Place]]:
    """Find equal figures of two outlets that are not one figure, because each stands in another's place.

    Args:
        by_claim: the figures of every claim of a group.
        scorer: knows how alike the words around the figures are; without one what befell the counted tells.
    """
    exchanged: set[frozenset[Place]] = set()
    for one, other in combinations(by_claim, 2):
        if one and other and one[0].claim.outlet.id != other[0].claim.outlet.id:
            for (a, a_there), (b, b_there) in _shared_twos(one, other):
                if _befell_crosswise(a, a_there, b, b_there) or (
                    scorer is not None and _is_nearer_crosswise(a, a_there, b, b_there, one, other, scorer)
                ):
                    exchanged |= {
                        frozenset({place_of(a), place_of(a_there)}),
                        frozenset({place_of(b), place_of(b_there)}),
                    }
            if scorer is not None and (lone := _lone_of_others(one, other, scorer)):
                exchanged.add(lone)
    return frozenset(exchanged)


def _befell_crosswise(a: Figure, a_there: Figure, b: Figure, b_there: Figure) -> bool:
    """Whether what one outlet counts killed the other counts wounded, and the other way round."""
    crosswise = bool(a.state & b_there.state or b.state & a_there.state)
    return (
        crosswise
        and count_others(a, a_there) | count_others(b, b_there)
        and not (a.state & a_there.state or b.state & b_there.state)
    )


def _lone_of_others(
    one: Sequence[Figure], other: Sequence[Figure], scorer: ContradictionScorer
) -> frozenset[Place] | None:
    """Give the only counts of people of two sentences that say of one number that other things befell it."""
    counts = [[figure for figure in figures if figure.state] for figures in (one, other)]
    if [len(found) for found in counts] != [1, 1]:
        return None
    (a,), (b,) = counts
    if not (are_equal(a, b) and count_others(a, b)):
        return None
    rest = [
        figure.claim.sentence.text[: figure.start] + "#" + figure.claim.sentence.text[figure.end :]
        for figure in (a, b)
    ]
    (alike,) = scorer.closeness([(rest[0], rest[1])])
    if alike < least_alike(a.claim.article.language, b.claim.article.language):
        return None
    return frozenset({place_of(a), place_of(b)})


def _shared_twos(
    one: Sequence[Figure], other: Sequence[Figure]
) -> Iterator[tuple[tuple[Figure, Figure], tuple[Figure, Figure]]]:
    """Give every two numbers that both claims have, in one unit and of nothing else than the other."""
    shared = [
        (a, b)
        for a in one
        for b in other
        if are_equal(a, b) and a.family == b.family and a.unit == b.unit and not a.is_name and not a.in_pair
    ]
    if len(shared) > _MOST_SHARED:
        return
    for (a, a_there), (b, b_there) in combinations(shared, 2):
        are_two = a is not b and a_there is not b_there and not are_equal(a, b)
        if are_two and a.family == b.family and a.unit == b.unit:
            yield (a, a_there), (b, b_there)


def _is_nearer_crosswise(
    a: Figure,
    a_there: Figure,
    b: Figure,
    b_there: Figure,
    one: Sequence[Figure],
    other: Sequence[Figure],
    scorer: ContradictionScorer,
) -> bool:
    words = [_around(a, one), _around(b, one), _around(a_there, other), _around(b_there, other)]
    pairs = [(0, 2), (1, 3), (0, 3), (1, 2)]
    alike = scorer.closeness([(words[left], words[right]) for left, right in pairs]).tolist()
    return bool(alike[2] + alike[3] - alike[0] - alike[1] > _NEARER)


def _around(figure: Figure, figures: Sequence[Figure]) -> str:
    """Give the words around a figure, which is written `#`, as far as the figures beside it."""
    text = figure.claim.sentence.text
    begin = max((each.end for each in figures if each.end <= figure.start), default=0)
    end = min((each.start for each in figures if each.start >= figure.end), default=len(text))
    left, right = text[begin : figure.start], text[figure.end : end]
    left = left[max((mark.end() for mark in _MARK.finditer(left)), default=0) :]
    mark = _MARK.search(right)
    right = right if mark is None else right[: mark.start()]
    return " ".join((*left.split()[-_WORDS_BEFORE:], "#", *right.split()[:_WORDS_BEHIND]))
