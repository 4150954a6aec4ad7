"""How alike two words sound across the four scripts: `Песков`, `Peskov`, `بيسكوف` and `פסקוב` are one.

Two skeletons (`spelling.py`) are compared by a weighted edit distance over consonants: letters agree when their
sets share a sound, and vowels cost little.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final, NamedTuple

from xsource.facts.names_alike import are_others
from xsource.facts.spelling import (
    FAMILY_MASKS,
    SKIP_CONSONANT,
    VOWELS,
    Skeleton,
    base_forms,
    count_consonants,
    skeleton,
)

# Costs of the edit distance, in consonants. Chosen on names of the FLORES and TICO-19 pairs.
_OTHER_VOWEL: Final = 0.1
_SAME_FAMILY: Final = 0.35
_SUPPOSED: Final = 0.05


class _Prepared(NamedTuple):
    """A skeleton with what every comparison asks of it.

    Attributes:
        sounds: the skeleton.
        reaches: for each sound, all that it could be taken for at less than a whole mistake.
        consonants: masks of the sounds that must not be left out.
        reach: all of `reaches` together.
        supposed: what it costs to suppose the ending or the clitic that was taken off.
    """

    sounds: Skeleton
    reaches: tuple[int, ...]
    consonants: tuple[int, ...]
    reach: int
    supposed: float


def _prepare(sounds: Skeleton, supposed: float = 0.0) -> _Prepared:
    reaches = tuple(_widen(sound.mask) for sound in sounds)
    together = 0
    for reach in reaches:
        together |= reach
    consonants = tuple(sound.mask for sound in sounds if sound.skip >= SKIP_CONSONANT)
    return _Prepared(sounds, reaches, consonants, together, supposed)


@cache
def _widen(mask: int) -> int:
    """Add to some sounds all of their families; vowels are near every vowel."""
    widened = mask
    for family in (*FAMILY_MASKS, VOWELS):
        if mask & family:
            widened |= family
    return widened


def _is_hopeless(left: _Prepared, right: _Prepared, allowed: float) -> bool:
    """Say whether consonants without any counterpart alone cost more than allowed: a bound, cheap to find."""
    theirs, ours = right.reach, left.reach
    return (
        len([mask for mask in left.consonants if not mask & theirs]) > allowed
        or len([mask for mask in right.consonants if not mask & ours]) > allowed
    )


def sound_similarity(left: Skeleton, right: Skeleton, cutoff: float = 0.0) -> float:
    """Compare two skeletons: 1 for the same sounds, 0 for nothing in common or less than `cutoff`.

    One minus the weighted edit distance over the larger number of consonants. With a single consonant on both
    sides vowels weigh as much as they can, and callers should ask for more than similarity.
    """
    return _similarity(_prepare(left), _prepare(right), cutoff)


def _similarity(left: _Prepared, right: _Prepared, cutoff: float) -> float:
    if left.sounds == right.sounds:
        return 1.0 if left.sounds else 0.0
    size = max(len(left.consonants), len(right.consonants))
    # A little more than allowed: sums of floats are not exact.
    allowed = (1.0 - cutoff) * size + 1e-9
    if not size or _is_hopeless(left, right, allowed):
        return 0.0
    row = [0.0]
    for _, skip, _ in right.sounds:
        row.append(row[-1] + skip)
    columns = [(mask, skip, column) for column, (mask, skip, _) in enumerate(right.sounds, 1)]
    for (mask, skip, _), reach in zip(left.sounds, left.reaches, strict=True):
        diagonal = row[0]
        row[0] = before = diagonal + skip
        least = before
        for other, other_skip, column in columns:
            above = row[column]
            if mask & other:
                best = diagonal
            elif reach & other:
                near_vowels = mask & VOWELS and other & VOWELS
                best = diagonal + (_OTHER_VOWEL if near_vowels else _SAME_FAMILY)
            else:
                best = diagonal + skip + other_skip
            if above + skip < best:
                best = above + skip
            if before + other_skip < best:
                best = before + other_skip
            diagonal = above
            row[column] = before = best
            if best < least:
                least = best
        if least > allowed:
            return 0.0
    similarity = 1.0 - row[-1] / size
    return similarity if similarity >= cutoff else 0.0


@lru_cache(maxsize=65536)
def _forms(word: str, language: str) -> tuple[_Prepared, ...]:
    """Give the skeletons of a word's forms."""
    forms = base_forms(word, language)
    found = {skeleton(forms[0], language): 0.0}
    for form in forms[1:]:
        sounds = skeleton(form, language)
        consonants = count_consonants(sounds)
        # What is left must say something: two letters of سيارة are in every other name.
        if consonants > 1:
            found.setdefault(sounds, _SUPPOSED if consonants == 2 else 0.0)
    return tuple(_prepare(sounds, supposed) for sounds, supposed in found.items())


@lru_cache(maxsize=262144)
def word_similarity(
    left: str, left_language: str, right: str, right_language: str, cutoff: float = 0.0
) -> float:
    """Compare two words across scripts, each with and without its endings and clitics: 0..1.

    Args:
        left: a word as printed.
        left_language: of the text that has it.
        right: a word as printed.
        right_language: of the text that has it.
        cutoff: less than this is given as 0, and found much faster.
    """
    others = are_others(left, left_language, right, right_language)
    if others is not None:
        return 0.0 if others else 1.0
    if left_language == right_language and not set(base_forms(left, left_language)).isdisjoint(
        base_forms(right, right_language)
    ):
        return 1.0
    best = 0.0
    for ours in _forms(left, left_language):
        for theirs in _forms(right, right_language):
            similarity = _similarity(ours, theirs, max(best, cutoff)) - ours.supposed - theirs.supposed
            best = max(best, similarity)
    return best if best >= cutoff else 0.0
