"""Which of a sentence's names another one has, across scripts."""

from __future__ import annotations

from collections.abc import Sequence

from xsource.facts.names import names
from xsource.facts.names_matching import find_name
from xsource.facts.names_records import NameMention

_MOST_NAMES = 8
"""Names of one sentence that are looked for in another: a list of the dead has hundreds."""


class NameEvidence:
    """Says of pairs of sentences which names of the one the other has.

    Args:
        texts: one for each row.
        languages: of the texts.
    """

    def __init__(self, texts: Sequence[str], languages: Sequence[str]) -> None:
        self._texts, self._languages = texts, languages
        self._names: dict[int, tuple[NameMention, ...]] = {}
        self._has: dict[tuple[str, int], bool] = {}

    def found(self, of: int, there: int) -> tuple[int, int]:
        """Count the names of one sentence that another has, and those that it lacks."""
        own = self._names_of(of)
        has = sum(self._is_there(name, there) for name in own)
        return has, len(own) - has

    def _names_of(self, row: int) -> tuple[NameMention, ...]:
        if row not in self._names:
            self._names[row] = tuple(names(self._texts[row], self._languages[row]))[:_MOST_NAMES]
        return self._names[row]

    def _is_there(self, name: NameMention, row: int) -> bool:
        key = name.words, row
        if key not in self._has:
            self._has[key] = bool(find_name(name, self._texts[row], self._languages[row]))
        return self._has[key]
