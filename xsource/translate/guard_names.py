"""Does a translation name whom its source names?

Names are compared by how they sound in both scripts. Of names that no list has, only those of two or more
words that are spelled and not translated are looked for: one word alone is too often a word of the language, or
sounds like one. A name of the gazetteer is a fault when another of its kind stands in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from xsource.facts.names import NameMention, NamePart, names
from xsource.facts.names_matching import find_concept, is_spelled_in, spelled_words
from xsource.facts.skeletons import word_similarity

ABSENT_BELOW = 0.58
"""Likeness below which a pair of words is not in a text.

Of 4,900 pairs of FLORES, TICO-19 and PUD, .5 % have a pair of name words less like than this on the other side;
of pairs with the name of a stranger put in, 94 % (November 2026).
"""

ONE_WORD_COUNTS = 0.8
"""What a single found word of a pair counts: translators leave given names out."""

MINIMUM_LETTERS = 5
"""Of both words; shorter ones sound like too much else."""

REACH = 30
MOST_WORDS_BETWEEN = 8
"""How far apart, in code points and words, the two may stand: a title or a patronymic between them."""


def check_names(source: str, source_language: str, text: str, target_language: str) -> list[str]:
    """Give warnings for names that only one side has, and for a well-known name in the place of another."""
    there = names(source, source_language)
    here = names(text, target_language)
    warnings = []
    if lost := _absent_names(there, text, target_language):
        warnings.append(f"name lost: {', '.join(lost)}")
    if added := _absent_names(here, source, source_language):
        warnings.append(f"name not in the source: {', '.join(added)}")
    lost_known = _absent_concepts(there, text, target_language)
    added_known = _absent_concepts(here, source, source_language)
    changed = sorted(lost_known.keys() & added_known.keys())
    return warnings + [f"name changed: {lost_known[kind]} to {added_known[kind]}" for kind in changed]


def _absent_names(mentions: Iterable[NameMention], text: str, language: str) -> list[str]:
    """Give the names of which two neighbouring words are in a text in no spelling."""
    absent: dict[str, None] = {}
    for mention in mentions:
        if mention.concept or mention.words in absent:
            continue
        spelled = [part for part in mention.parts if len(part.word) >= MINIMUM_LETTERS and not part.is_ordinary]
        for left, right in pairwise(spelled):
            if mention.words in absent:
                break
            if (left.key or right.key) and _pair_likeness(left, right, mention, text, language) < ABSENT_BELOW:
                absent[mention.words] = None
    return list(absent)


def _absent_concepts(mentions: Iterable[NameMention], text: str, language: str) -> dict[str, str]:
    """Give by kind a name of the gazetteer that a text has neither as such nor by its sound."""
    return {
        mention.kind: mention.words
        for mention in mentions
        if mention.concept
        and not find_concept(mention.concept, text, language)
        and not any(is_spelled_in(part, mention.language, text, language) for part in mention.parts)
    }


def _pair_likeness(left: NamePart, right: NamePart, mention: NameMention, text: str, language: str) -> float:
    """Say how well two words of a name are found close together in a text: 0..1. Linear in the text."""
    words = sorted(spelled_words(text, language), key=lambda word: word.start)
    lefts, rights = (
        [word_similarity(part.word, mention.language, word.word, language) for word in words]
        for part in (left, right)
    )
    best = ONE_WORD_COUNTS * max(*lefts, *rights, 0.0)
    for i, word in enumerate(words):
        for j in range(i + 1, min(i + 1 + MOST_WORDS_BETWEEN, len(words))):
            if words[j].start - word.end > REACH:
                break
            if words[j].start >= word.end:
                best = max(best, (lefts[i] + rights[j]) / 2, (rights[i] + lefts[j]) / 2)
    return best
