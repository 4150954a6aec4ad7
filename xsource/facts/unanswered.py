"""Denials that another sentence does not answer: it says the denied word, and does not deny it.

"Residents are not being told" against "жителям сообщают": "told" has its counterpart there, and nothing near
the counterpart denies. Where something does, the denial is answered. A denied word without counterpart tells
nothing: translators deny by other words.

Of the 119 reversals planted in NTREX, three quarters leave a denial that some other outlet does not answer, and
one in twenty-five of the untouched groups of sentences does (November 2026).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from xsource.facts.polarity import Cue, read_polarity
from xsource.facts.shared_words import Word, may_be_one_word, word_table, words_of
from xsource.records import Language

# What is denied stands right after the denying words, in all four languages, a few small words aside.
WORDS_AHEAD = 4
# A denial of the counterpart stands about as near it, on either side: word order differs.
WORDS_AROUND = 4
# A word in more than one of twelve sentences has a counterpart anywhere.
LEAST_RARITY = 2.5


@dataclass(frozen=True, slots=True)
class Denials:
    """The denying words of one sentence, by what another sentence says of the words that they deny.

    Attributes:
        answered: it denies them too.
        unanswered: it says them and does not deny them.
        unknown: it does not say them.
    """

    answered: tuple[Cue, ...]
    unanswered: tuple[Cue, ...]
    unknown: tuple[Cue, ...]


@lru_cache(maxsize=65536)
def match_denials(text: str, language: Language, other: str, other_language: Language) -> Denials:
    """Look for what a sentence denies in another one, in the same or another language."""
    cues = read_polarity(text, language).cues
    if not cues:
        return Denials((), (), ())
    words, others = words_of(text, language), words_of(other, other_language)
    other_cues = read_polarity(other, other_language).cues
    denying = [at for at, word in enumerate(others) if any(_overlap(word, cue) for cue in other_cues)]
    found: dict[bool | None, list[Cue]] = {True: [], False: [], None: []}
    for cue in cues:
        found[_is_answered(cue, words, language, others, other_language, denying)].append(cue)
    return Denials(tuple(found[True]), tuple(found[False]), tuple(found[None]))


def _is_answered(
    cue: Cue,
    words: Sequence[Word],
    language: Language,
    others: Sequence[Word],
    other_language: Language,
    denying: Sequence[int],
) -> bool | None:
    """Say whether the first denied word that has a counterpart is denied there; `None` when none has one."""
    after = [word for word in words if word.start >= cue.end][:WORDS_AHEAD]
    for word in after:
        if word_table(language).rarity(word.stem) < LEAST_RARITY:
            continue
        places = [
            at
            for at, theirs in enumerate(others)
            if may_be_one_word(word.stem, language, theirs.stem, other_language)
        ]
        if places:
            return any(abs(place - at) <= WORDS_AROUND for place in places for at in denying)
    return None


def _overlap(word: Word, cue: Cue) -> bool:
    return word.start < cue.end and cue.start < word.end
