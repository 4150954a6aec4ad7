"""Is a translation to be trusted? Each is checked against its source and marked, never hidden or mended.

The checks look for what machines do and people do not: say nothing, say the source again, say a phrase over and
over, stop in the middle, change or drop a number or a name. Each warning names what it saw.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Final

from xsource.languages import language_profile, language_table
from xsource.records import LANGUAGES
from xsource.translate.guard_meaning import check_meaning
from xsource.translate.guard_names import check_names
from xsource.translate.guard_numbers import check_numbers

# Its spread in long sentences; it is wider in short ones, where a word more is a larger part.
_RATIO_SPREAD: Final = 0.14
_RATIO_SPREAD_SHORT: Final = 40
# One in 450 human translations (FLORES, TICO-19, PUD) is further off than this many spreads.
_TOO_FAR: Final = 4.0
# Below this many letters one word more or less moves the ratio further than any fault does.
_RATIO_NEEDS_LETTERS: Final = 25

# A longer "sentence" is none, and comparing its numbers and names with each other takes time in squares.
_LONGEST_CHECKED: Final = 3000

_FINAL_MARKS: Final = ".!?…:;。؟؛׃"
_CLOSING: Final = "\"'»”’)]}„“‟*׳״ \u200e\u200f"
_WORD: Final = re.compile(r"\w+")
_LETTER_RUN: Final = re.compile(r"[^\W\d_]+")
_STUTTER: Final = re.compile(r"(\w{1,4}?)\1{7}")
_LONGEST_PHRASE: Final = 8
_SAID_OVER_AND_OVER: Final = 4
_UNKNOWN_MARKS: Final = ("⁇", "<unk>")
_SCRIPTS: Final = {
    "Latn": re.compile(r"[A-Za-z\u00c0-\u024f]"),
    "Cyrl": re.compile(r"[\u0400-\u052f]"),
    "Hebr": re.compile(r"[\u0590-\u05ff]"),
    "Arab": re.compile(r"[\u0600-\u06ff]"),
}


def check_translation(source: str, source_language: str, text: str, target_language: str) -> tuple[str, ...]:
    """Give what is suspicious about a translation, in plain words; empty when nothing is.

    Args:
        source: a sentence.
        source_language: one of the four; for others only the checks without grammar are made.
        text: its translation.
        target_language: as `source_language`.

    Returns:
        Warnings such as `number lost: 7,000`, in a fixed order; none for an empty source.
    """
    if not source.strip():
        return ()
    if not text.strip():
        return ("empty",)
    if not any(character.isalnum() for character in text):
        return ("symbols only",) if any(character.isalnum() for character in source) else ()
    if source_language != target_language and _is_copy(source, text):
        return ("not translated",)
    if max(len(source), len(text)) > _LONGEST_CHECKED:
        return ("too long to be checked",)
    warnings = [*_check_words(source, text), *_check_extent(source, source_language, text, target_language)]
    if source_language in LANGUAGES and target_language in LANGUAGES and source_language != target_language:
        warnings += _check_script(text, source_language, target_language)
        warnings += check_numbers(source, source_language, text, target_language)
        warnings += check_meaning(source, source_language, text, target_language)
        warnings += check_names(source, source_language, text, target_language)
    return tuple(warnings)


def _is_copy(source: str, text: str) -> bool:
    """Say whether a translation is its source again, a few words aside. Names and numbers alone may be."""
    before, after = _words(source), _words(text)
    shared = set(before) & set(after)
    if len(shared) < 3:
        return False
    return all(sum(word in shared for word in words) > 0.7 * len(words) for words in (before, after))


def _words(text: str) -> list[str]:
    return _LETTER_RUN.findall(text.casefold())


def _check_words(source: str, text: str) -> Iterator[str]:
    """Look for what a model says when it is stuck."""
    repeated = _repeated_phrase(text)
    if repeated and not _repeated_phrase(source):
        yield f'repeats "{repeated}"'
    if any(mark in text and mark not in source for mark in _UNKNOWN_MARKS):
        yield "has characters that the model does not know"


def _repeated_phrase(text: str) -> str:
    """Give a phrase that a text says again at once, a word four times in a row, or a stutter; else nothing.

    People do repeat a phrase, after a comma or in the next sentence; behind a mark it counts at the third time.
    """
    found = list(_WORD.finditer(text.casefold()))
    words = [match.group() for match in found]
    for size in range(_LONGEST_PHRASE, 1, -1):
        same = 0
        for i in range(len(words) - size):
            same = same + 1 if words[i] == words[i + size] else 0
            is_joined = text[found[i].end() : found[i + 1].start()].isspace()
            if same >= 2 * size or (same >= size and is_joined):
                return " ".join(words[i - same + 1 : i - same + 1 + size])
    for i in range(len(words) - _SAID_OVER_AND_OVER + 1):
        if len(set(words[i : i + _SAID_OVER_AND_OVER])) == 1:
            return words[i]
    for word in words:
        stutter = None if word.isdigit() else _STUTTER.search(word)
        if stutter:
            return word[stutter.start() : stutter.end(1)]
    return ""


def _check_extent(source: str, source_language: str, text: str, target_language: str) -> Iterator[str]:
    """Look for a translation that stops in the middle or goes on for too long."""
    if _has_end(source) and not _has_end(text):
        yield "stops without an end mark"
    deviation = _length_deviation(source, source_language, text, target_language)
    if deviation < -_TOO_FAR:
        yield "much shorter than the source"
    elif deviation > _TOO_FAR:
        yield "much longer than the source"


def _has_end(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in set(_FINAL_MARKS)


def _length_deviation(source: str, source_language: str, text: str, target_language: str) -> float:
    """Say by how many spreads a translation is longer (above 0) or shorter than is usual."""
    before, after = _count_letters(source), _count_letters(text)
    if before < _RATIO_NEEDS_LETTERS:
        return 0.0
    usual = _english_ratio(source_language) - _english_ratio(target_language)
    spread = _RATIO_SPREAD * math.sqrt(1 + _RATIO_SPREAD_SHORT / before)
    return (math.log(max(after, 1) / before) - usual) / spread


def _english_ratio(language: str) -> float:
    """Give the mean of ln(letters of the English / of the original); 0 for a language that we do not know."""
    return float(language_table(language, "words")["english_ratio"]) if language in LANGUAGES else 0.0


def _count_letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _check_script(text: str, source_language: str, target_language: str) -> Iterator[str]:
    """Look for words left in the letters of the source. Latin ones may stand in any text: names, brands."""
    script = language_profile(source_language).script
    letters = _SCRIPTS[script]
    left = [word for word in _LETTER_RUN.findall(text) if letters.match(word)]
    if script != "Latn":
        if left:
            yield f"left untranslated: {' '.join(left)}"
    elif len(left) >= 3 and sum(map(len, left)) > _count_letters(text) / 2:
        yield f"mostly not in {language_profile(target_language).name_en}"
