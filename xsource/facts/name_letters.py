"""Whether a word of Arabic or Hebrew looks like a spelled foreign name: `ويتكومب`, `ויטפילד`.

Neither script has capitals, and a word list never has every word. Foreign names are spelled with more vowel
letters and in other orders than native words, which a small logistic regression over letter groups sees. The
weights are `name_letters.json`, written by `tools/train_name_letters.py` from FLORES, TICO-19, PUD, XQuAD and
Tatoeba pairs (CC BY-SA 4.0, CC0, CC BY-SA 3.0, CC BY-SA 4.0, CC BY 2.0 FR).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import resources
from math import exp

from xsource.facts.spelling import base_forms

_LONGEST_GROUP = 4


def letter_groups(word: str) -> Iterator[str]:
    """Give the groups of one to four letters of a word, its edges marked."""
    padded = f"^{word}$"
    for size in range(1, _LONGEST_GROUP + 1):
        for place in range(len(padded) - size + 1):
            yield padded[place : place + size]


@cache
def _weights(language: str) -> tuple[float, dict[str, float]]:
    model = json.loads(resources.files(__package__).joinpath("name_letters.json").read_text("utf-8"))[language]
    return model["bias"], model["weights"]


@lru_cache(maxsize=65536)
def name_probability(word: str, language: str) -> float:
    """Say how likely a word is a spelled name by its letters: 0..1, of its likeliest form without clitics.

    Args:
        word: as printed.
        language: `ar` or `he`.
    """
    bias, weights = _weights(language)
    return max(
        1 / (1 + exp(-bias - sum([weights.get(group, 0.0) for group in set(letter_groups(form))])))
        for form in base_forms(word[:40], language)
    )
