"""How much of what one sentence speaks of does another speak of, in the same language or another?

Two sentences can contradict each other only about the same things. The share of rare words that they have in
common tells so without a model. Across languages a word is found by its English stems (tables that
`tools/build_word_tables.py` learned from parallel text) or, a name, by its sound.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from xsource.facts.skeletons import word_similarity
from xsource.facts.text.folding import fold_text
from xsource.facts.text.stems import stem_of
from xsource.languages import language_file
from xsource.records import Language

# Letters and digits; the quotation marks of a Hebrew acronym and an apostrophe may stand inside.
_WORD: Final = re.compile(r"\w+(?:[\"']\w+)*")
# A text is judged by its first words: sound is compared for every pair of unknown words.
MOST_WORDS: Final = 120
# The language by whose stems words of two others are compared.
PIVOT: Final = "en"
SAME_SOUND: Final = 0.8
SHORTEST_NAME: Final = 4


@dataclass(frozen=True, slots=True)
class WordTable:
    """What is known of the stems of one language.

    Attributes:
        sentences: that were counted.
        counts: sentences that have a stem; a stem that is not there counts as seen once.
        english: the English stems that a stem may stand for.
    """

    sentences: int
    counts: Mapping[str, int]
    english: Mapping[str, frozenset[str]]

    def rarity(self, stem: str) -> float:
        """Give the inverse document frequency of a stem, in nats (Spärck Jones 1972)."""
        return math.log((1 + self.sentences) / (1 + self.counts.get(stem, 1)))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence: `sentence[start:end]`, half-open code points, and its stem."""

    start: int
    end: int
    stem: str


@lru_cache(maxsize=4096)
def words_of(text: str, language: Language) -> tuple[Word, ...]:
    """Give the first words of a text, in order, `MOST_WORDS` at most.

    `text/stems.py` says what a stem is.
    """
    folded = fold_text(text)
    found = zip(range(MOST_WORDS), _WORD.finditer(folded.text), strict=False)
    return tuple(Word(*folded.span(*match.span()), stem_of(match[0], language)) for _, match in found)


def stems(text: str, language: Language) -> tuple[str, ...]:
    """Give the stems of the first words of a text, in order; see `words_of`."""
    return tuple(word.stem for word in words_of(text, language))


def may_be_one_word(left: str, left_language: Language, right: str, right_language: Language) -> bool:
    """Whether two stems may stand for the same: equal, with an English word in common, or alike in sound."""
    if left == right:
        return True
    if left_language == right_language:
        return False
    return not _english(left, left_language).isdisjoint(_english(right, right_language)) or _sounds_like_one(
        left, left_language, (right,), right_language
    )


def share_of_words(left: str, left_language: Language, right: str, right_language: Language) -> float:
    """Give the share, 0..1, of the words of the sentence that says less which the other one has too.

    Words weigh as much as they are rare. Across languages a word that is neither in the tables nor sounds like
    one of the other sentence says nothing; when more than half of the weight is of such words, the share is 0.
    Swapping the sentences changes nothing; a sentence has all of its own words.
    """
    one, other = ((stems(left, left_language), left_language), (stems(right, right_language), right_language))
    if (_weight(*one), one) > (_weight(*other), other):
        one, other = other, one
    (less, language), (more, more_language) = one, other
    table, in_more = word_table(language), set(more)
    meant = {meaning for stem in in_more for meaning in _english(stem, more_language)}
    shared = known = unknown = 0.0
    for stem in dict.fromkeys(less):
        weight = table.rarity(stem)
        if stem in in_more or (
            language != more_language
            and (
                not meant.isdisjoint(_english(stem, language))
                or _sounds_like_one(stem, language, tuple(in_more), more_language)
            )
        ):
            shared += weight
        elif language != more_language and language != PIVOT and stem not in table.english:
            unknown += weight
            continue
        known += weight
    return shared / known if known and unknown <= known else 0.0


@cache
def word_table(language: Language) -> WordTable:
    """Read the table of a language that comes with the package."""
    rows = [line.split("\t") for line in language_file(language, "facts/word_tables", ".tsv").splitlines()]
    if not rows:
        return WordTable(sentences=0, counts={}, english={})  # of an added language without one
    return WordTable(
        sentences=int(rows[0][1]),
        counts={stem: int(count) for stem, count, _ in rows[1:]},
        english={stem: frozenset(english.split()) for stem, _, english in rows[1:] if english},
    )


def _weight(found: Sequence[str], language: Language) -> float:
    table = word_table(language)
    return math.fsum(table.rarity(stem) for stem in set(found))


def _english(stem: str, language: Language) -> frozenset[str]:
    if language == PIVOT:
        return frozenset((stem,))
    return word_table(language).english.get(stem, frozenset())


@lru_cache(maxsize=65536)
def _sounds_like_one(stem: str, language: Language, others: tuple[str, ...], other_language: Language) -> bool:
    return len(stem) >= SHORTEST_NAME and any(
        word_similarity(stem, language, other, other_language, SAME_SOUND) > 0
        for other in others
        if len(other) >= SHORTEST_NAME
    )
