"""How a language writes sounds: each letter as the set of sounds that it can stand for.

A word becomes a **skeleton**: a tuple of sounds. Hebrew and Arabic leave most vowels out and have one letter
for several sounds (ב is b or v, ب is b or p), so vowels are cheap to leave out and a place of a skeleton is a
set. The letters of each language stand in `[spelling]` of its TOML; `skeletons.py` compares.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

from xsource.facts.text.folding import fold_name
from xsource.languages import language_profile, language_table
from xsource.records import LANGUAGES

_SOUNDS: Final = "pbfvwmnlrkghtdszšžčjcyaiu"
_BIT: Final = {sound: 1 << place for place, sound in enumerate(_SOUNDS)}
VOWELS: Final = sum(_BIT[sound] for sound in "aiu")

# Consonants that transliteration confuses: a substitution inside a family is a third of a mistake.
_FAMILIES: Final = ("pbfvw", "td", "kgh", "szšžčjc", "l", "r", "m", "n", "y")
_FAMILY_OF: Final = {
    sound: name for name, family in zip("PTKSLRMNY", _FAMILIES, strict=True) for sound in family
}
FAMILY_MASKS: Final = tuple(sum(_BIT[sound] for sound in family) for family in _FAMILIES)

# What it costs to leave a sound out, in consonants. Chosen on names of the FLORES and TICO-19 pairs.
_SKIP_VOWEL: Final = 0.08
SKIP_SILENT: Final = 0.2
SKIP_CONSONANT: Final = 1.0

# A key of fewer consonants than this is shared by too many words (the design's measurement).
MINIMUM_KEY_LENGTH: Final = 3

# Longer "words" are no names; they would only cost time.
_MAXIMUM_LETTERS: Final = 40


_SCRIPTS: Final = {
    "Latn": (("A", "z"), ("À", "ɏ")),
    "Cyrl": (("\u0400", "\u052f"),),
    "Hebr": (("\u0590", "\u05ff"), ("\ufb1d", "\ufb4f")),
    "Arab": (("\u0600", "\u06ff"), ("\ufb50", "\ufdff"), ("\ufe70", "\ufefc")),
}


class Sound(NamedTuple):
    """One place of a skeleton.

    Attributes:
        mask: the sounds that its letters can stand for, a bit each.
        skip: what leaving it out costs.
        family: `P`, `T`, `K`, `S`, `L`, `R`, `M` or `N` of an obligatory consonant, otherwise empty.
    """

    mask: int
    skip: float
    family: str


Skeleton = tuple[Sound, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a language writes sounds: its `[spelling]` table.

    Attributes:
        letters: what a letter or a group of letters stands for.
        longest: letters of the longest group.
        doubles: whether a doubled consonant is one sound.
        endings: case endings with a consonant, longest first.
        clitics: what is written together with the next word, longest first.
    """

    letters: dict[str, Skeleton]
    longest: int
    doubles: bool
    endings: tuple[str, ...]
    clitics: tuple[str, ...]


def _read_sounds(language: str, entry: str) -> tuple[str, Skeleton]:
    letters, equals, notation = entry.partition("=")
    if not letters or not equals or not notation:
        raise ValueError(f"languages/{language}.toml [spelling]: {entry!r} is not letters=sounds")
    if notation == "-":
        return letters, ()
    sounds = []
    for part in notation.split("+"):
        alternatives = part.removesuffix("?")
        unknown = set(alternatives) - set(_SOUNDS)
        if unknown or not alternatives:
            raise ValueError(
                f"languages/{language}.toml [spelling]: {entry!r} has unknown sounds {sorted(unknown)}"
            )
        mask = sum(_BIT[sound] for sound in set(alternatives))
        first = alternatives[0]
        if first in "aiu":
            sounds.append(Sound(mask, _SKIP_VOWEL, ""))
        elif part.endswith("?"):
            sounds.append(Sound(mask, SKIP_SILENT, ""))
        else:
            # h, w and y are written in one script and lost in another (Хьюстон): no key rests on them.
            family = "" if first in "hwy" else _FAMILY_OF[first]
            skip = SKIP_SILENT if first in "wy" else SKIP_CONSONANT
            sounds.append(Sound(mask, skip, family))
    return letters, tuple(sounds)


@cache
def spelling(language: str) -> Spelling:
    """Read a language's `[spelling]`; `ValueError` for an entry that cannot be read."""
    table = language_table(language, "spelling")
    unknown = set(table) - {"letters", "doubles", "endings", "clitics"}
    missing = {"letters", "doubles", "endings", "clitics"} - set(table)
    if unknown or missing:
        raise ValueError(
            f"languages/{language}.toml [spelling]: unknown {sorted(unknown)}, missing {sorted(missing)}"
        )
    letters = dict(_read_sounds(language, entry) for entry in table["letters"].split())
    return Spelling(
        letters=letters,
        longest=max(map(len, letters)),
        doubles=table["doubles"],
        endings=tuple(sorted(table["endings"], key=len, reverse=True)),
        clitics=tuple(sorted(table["clitics"], key=len, reverse=True)),
    )


def _without_accents(letters: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", letters) if not unicodedata.combining(sign))


@lru_cache(maxsize=65536)
def skeleton(word: str, language: str) -> Skeleton:
    """Say how a word sounds, letter by letter.

    Args:
        word: one word in the language's script, or in another of the four (a Latin name in an Arabic text).
        language: of the text that has the word.

    Returns:
        Its sounds; empty when no letter of it is known.
    """
    rules = spelling(language_of_word(word, language))
    text = fold_name(word)[:_MAXIMUM_LETTERS]
    sounds: list[Sound] = []
    place = 0
    while place < len(text):
        for size in range(min(rules.longest, len(text) - place), 0, -1):
            found = rules.letters.get(text[place : place + size])
            if found is None and size == 1:
                found = rules.letters.get(_without_accents(text[place]))
            if found is not None:
                for sound in found:
                    if not (sounds and sounds[-1] == sound and sound.family):
                        sounds.append(sound)
                    elif not rules.doubles:
                        sounds.append(Sound(sound.mask, SKIP_SILENT, ""))
                place += size
                break
        else:
            place += 1
    return tuple(sounds)


@lru_cache(maxsize=65536)
def language_of_word(word: str, language: str) -> str:
    """Give the language whose letters a word of a text has: its own where it may be, otherwise one of ours."""
    letter = next((sign for sign in word if sign.isalpha()), None)
    script = None if letter is None else _script_of(letter)
    if script is None or language_profile(language).script == script:
        return language
    return next((code for code in LANGUAGES if language_profile(code).script == script), language)


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str | None:
    for script, ranges in _SCRIPTS.items():
        if any(first <= letter <= last for first, last in ranges):
            return script
    return None


def count_consonants(sounds: Skeleton) -> int:
    """Count the sounds that must not be left out."""
    return sum(sound.skip >= SKIP_CONSONANT for sound in sounds)


def key(sounds: Skeleton) -> str:
    """Give the families of the obligatory consonants, `PSKP` for Peskov; empty below three of them.

    Equal keys are a cheap hint that two words sound alike, not a proof.
    """
    families = [sound.family for sound in sounds if sound.family]
    distinct = [name for place, name in enumerate(families) if place == 0 or families[place - 1] != name]
    return "".join(distinct) if len(distinct) >= MINIMUM_KEY_LENGTH else ""


@lru_cache(maxsize=65536)
def base_forms(word: str, language: str) -> tuple[str, ...]:
    """Give a word and what is left of it without a case ending or without the clitics before it.

    `Песковым` gives itself and `песков`; `ולבנון` itself, `לבנון` and `בנון`: which is right, a match decides.
    At least three letters stay.
    """
    rules = spelling(language_of_word(word, language))
    text = fold_name(word)
    forms = [text]
    forms += [
        text[: -len(ending)]
        for ending in rules.endings
        if text.endswith(ending) and len(text) - len(ending) >= 3
    ][:1]
    forms += [
        text[len(clitic) :]
        for clitic in rules.clitics
        if text.startswith(clitic) and len(text) - len(clitic) >= 3
    ]
    # A hyphen or an apostrophe may follow a clitic before a foreign name: ב-CNN.
    return tuple(dict.fromkeys(form.lstrip("-־'\"") for form in forms))
