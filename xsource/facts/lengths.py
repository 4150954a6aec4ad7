"""How long a sentence is, comparable across languages: what it would take in English letters.

Arabic and Hebrew write fewer letters for the same words, Russian more. Used to see that a translation is too
short, and that one outlet's sentence holds two of another's. The ratio stands in the language's `[words]`.
"""

from __future__ import annotations

import math

from xsource.languages import language_table


def count_letters(text: str) -> int:
    """Count letters; digits, marks and spaces are no measure of how much is said."""
    return sum(character.isalpha() for character in text)


def english_letters(text: str, language: str) -> float:
    """Estimate the letters that a text's English translation has; `ValueError` for other languages."""
    return count_letters(text) * math.exp(language_table(language, "words")["english_ratio"])
