"""The stem of a word, by the stemmer that its language names in its table `[words]`."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from xsource.facts.spelling import base_forms
from xsource.facts.text.folding import fold_name
from xsource.languages import language_table


@lru_cache(maxsize=65536)
def stem_of(word: str, language: str) -> str:
    """Give the stem of a word: Snowball's, or where it has none, the word without what may be clitics."""
    folded = fold_name(word)
    algorithm = language_table(language, "words")["stemmer"]
    if algorithm:
        return str(_stemmer(algorithm).stemWord(folded))
    return min(base_forms(folded, language), key=lambda form: (len(form), form), default=folded)


@cache
def _stemmer(name: str) -> Any:  # the library has no types
    import snowballstemmer

    return snowballstemmer.stemmer(name)
