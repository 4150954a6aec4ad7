"""Whether two names are one, and where a sentence of another language has a name.

This is how names are found in Arabic and Hebrew without capitals: the Russian or English sentence of the group
says which names to expect, and the words of the other sentence are compared with how they sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from xsource.facts.gazetteer import are_compatible
from xsource.facts.name_letters import name_probability
from xsource.facts.names import NameMention, NamePart, names
from xsource.facts.names_alike import is_listed
from xsource.facts.skeletons import word_similarity
from xsource.facts.spelling import count_consonants, skeleton
from xsource.facts.words import is_ordinary, name_forms, name_spans

# Similarity from which two words are one name, by the consonants of the given one: few consonants are shared by
# many words. Measured on 5,500 FLORES, TICO-19 and PUD pairs: a word of the English names is in 65-80 % of
# the translations (the rest is translated or left out), and in 1-3 % of unrelated sentences.
_SAME_FROM: Final = {0: 1.01, 1: 0.95, 2: 0.88, 3: 0.78}
_SAME_LONG_FROM: Final = 0.72

# Similarity below which no word of a sentence may be a spelling of the name. Between the two nothing is known.
_ABSENT_BELOW: Final = {0: 0.3, 1: 0.6, 2: 0.62, 3: 0.6, 4: 0.6}
_ABSENT_LONG_BELOW: Final = 0.56


# Given names less alike than this are two people's; between it and sameness a short form may stand.
_OTHER_GIVEN_NAME: Final = 0.4
# Probability from which an unknown word before a surname is a given name.
_SURELY: Final = 0.8


class Spelled(NamedTuple):
    """A word of a text, or two that are joined, with their place.

    Attributes:
        word: as printed, `ماك دونالد` joined.
        start: half-open range of code points in the text, with `end`.
        end: see `start`.
        is_ordinary: whether it is a known word of the language.
    """

    word: str
    start: int
    end: int
    is_ordinary: bool


@lru_cache(maxsize=65536)
def consonants_of(word: str, language: str) -> int:
    """Count the consonants of a word that must not be left out."""
    return count_consonants(skeleton(word, language))


def same_from(word: str, language: str) -> float:
    """Give the similarity from which another word is the same name as this one."""
    return _SAME_FROM.get(consonants_of(word, language), _SAME_LONG_FROM)


def absent_below(word: str, language: str) -> float:
    """Give the similarity below which another word is certainly not a spelling of this one."""
    return _ABSENT_BELOW.get(consonants_of(word, language), _ABSENT_LONG_BELOW)


@lru_cache(maxsize=4096)
def spelled_words(text: str, language: str) -> tuple[Spelled, ...]:
    """Give what may spell a name in a text: each word, the pieces between hyphens, and neighbours joined."""
    found: list[Spelled] = []
    before: Spelled | None = None
    for start, end in name_spans(text):
        word = text[start:end]
        whole = Spelled(word, start, end, is_ordinary(word, language))
        found.append(whole)
        if before and whole.start - before.end == 1 and not (before.is_ordinary and whole.is_ordinary):
            found.append(Spelled(before.word + word, before.start, whole.end, is_ordinary=False))
        if "-" in word or "־" in word:
            place = start
            for piece in word.replace("־", "-").split("-"):
                if len(piece) > 1:
                    found.append(Spelled(piece, place, place + len(piece), is_ordinary(piece, language)))
                place += len(piece) + 1
        before = whole
    return tuple(found)


class Hit(NamedTuple):
    """The word of a text that sounds most like a given one.

    Attributes:
        similarity: 0..1; 0 when no word sounds like it at all.
        start: half-open range of code points in the text, with `end`.
        end: see `start`.
    """

    similarity: float
    start: int
    end: int


@lru_cache(maxsize=65536)
def closest_word(word: str, language: str, text: str, text_language: str) -> Hit:
    """Find the word of a text that sounds most like a word of another text. Linear in the text."""
    best = Hit(0.0, 0, 0)
    cutoff = absent_below(word, language)
    joins = consonants_of(word, language) >= 4
    for other in spelled_words(text, text_language):
        if " " in text[other.start : other.end] and not joins:
            continue
        similarity = word_similarity(word, language, other.word, text_language, max(cutoff, best.similarity))
        if similarity > best.similarity:
            best = Hit(similarity, other.start, other.end)
    return best


def is_spelled_in(part: NamePart, language: str, text: str, text_language: str) -> Hit | None:
    """Give where a text spells a word of a name, or `None` when it is not sure to do so."""
    hit = closest_word(part.word, language, text, text_language)
    return hit if hit.similarity >= same_from(part.word, language) else None


def is_surely_absent(part: NamePart, language: str, text: str, text_language: str) -> bool:
    """Say whether no word of a text could be a spelling of a word of a name."""
    return closest_word(part.word, language, text, text_language).similarity < absent_below(part.word, language)


def find_concept(concept: str, text: str, language: str) -> NameMention | None:
    """Find a mention of a gazetteer concept, or of a part or whole that may stand for it."""
    compatible = None
    for mention in names(text, language):
        if mention.concept == concept:
            return mention
        if mention.concept and compatible is None and are_compatible(mention.concept, concept):
            compatible = mention
    return compatible


def find_name(name: NameMention, text: str, language: str) -> tuple[int, int] | None:
    """Find a name of one sentence in another, in whatever language.

    A gazetteer name is found by its concept, in whatever words; any name by how its words sound, clitics and
    case endings aside. The surname alone is enough, as translators drop given names; a given name alone is not,
    unless it is all there is.

    Args:
        name: a mention that `names` gave.
        text: a sentence.
        language: of `text`.

    Returns:
        The half-open range of code points of the words in `text`; `None` when they are not surely there.
    """
    if name.concept and (mention := find_concept(name.concept, text, language)):
        return mention.start, mention.end
    spelled = [part for part in name.parts if not part.is_ordinary]
    hits = [(part, hit) for part in spelled if (hit := is_spelled_in(part, name.language, text, language))]
    if not hits:
        return None
    only_given_name = name.kind == "person" and len(spelled) > 1 and hits[-1][0] is not spelled[-1]
    if only_given_name and len(hits) < 2:
        return None
    if len(hits) < len(spelled) and len(spelled) > 1 and _is_of_another(name, spelled, hits, text, language):
        return None
    # Words of one name stand together; a namesake further away is not part of it.
    start, end = hits[-1][1].start, hits[-1][1].end
    reach = len(name.words)
    for _, hit in reversed(hits[:-1]):
        if hit.end >= start - reach and hit.start <= end + reach:
            start, end = min(start, hit.start), max(end, hit.end)
    return start, end


def _is_of_another(
    name: NameMention,
    spelled: Sequence[NamePart],
    hits: Sequence[tuple[NamePart, Hit]],
    text: str,
    language: str,
) -> bool:
    """Whether the surname that a text has is another person's: its given name is spelled there, and another."""
    surname = hits[-1][1]
    if hits[-1][0] is not spelled[-1]:
        return False
    given = [part.word for part in spelled[:-1]]
    theirs = _given_names_before(surname, text, language)
    return bool(theirs) and all(
        word_similarity(word, language, own, name.language) < _OTHER_GIVEN_NAME
        for word in theirs
        for own in given
    )


def _given_names_before(surname: Hit, text: str, language: str) -> list[str]:
    """Give the words before a surname that are surely of its name. An initial may be anybody's."""
    mention = next((each for each in names(text, language) if each.start <= surname.start < each.end), None)
    if mention is not None and not mention.concept and mention.start < surname.start:
        parts = [
            part
            for part in mention.parts
            if part.end <= surname.start and (not part.is_ordinary or is_listed(part.word, language))
        ]
        return [part.word for part in parts if len(part.word.rstrip(".")) > 1]
    if name_forms(language).has_capitals:
        return []
    before = [
        word for word in spelled_words(text, language) if word.end + 1 == surname.start and " " not in word.word
    ]
    return [
        word.word
        for word in before[-1:]
        if is_listed(word.word, language)
        or (not word.is_ordinary and name_probability(word.word, language) > _SURELY)
    ]


def is_same_name(left: NameMention, right: NameMention) -> bool:
    """Say whether two mentions name the same: one concept, or every word of the shorter is in the longer."""
    if left.concept and right.concept:
        return left.concept == right.concept
    fewer, more = sorted((left, right), key=lambda name: (len(name.parts), name.language, name.words))
    return bool(fewer.parts) and all(
        any(
            word_similarity(part.word, fewer.language, other.word, more.language)
            >= max(same_from(part.word, fewer.language), same_from(other.word, more.language))
            for other in more.parts
        )
        for part in fewer.parts
    )
