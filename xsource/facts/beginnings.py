"""Listed beginnings of words (`полиц*`), found in a word without trying each of its lengths."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

Listed = TypeVar("Listed")

SHORTEST = 2
"""Letters of a beginning; a single one would stand for too many words."""


class Beginnings(Generic[Listed]):
    """What is listed under beginnings of words. Most words begin like none, which one look-up tells.

    Args:
        listed: by beginning, of `SHORTEST` letters or more.

    Raises:
        ValueError: a beginning is shorter.
    """

    def __init__(self, listed: Mapping[str, Listed]) -> None:
        self._listed = dict(listed)
        lengths: dict[str, set[int]] = {}
        for beginning in self._listed:
            if len(beginning) < SHORTEST:
                raise ValueError(f"beginning {beginning!r} has less than {SHORTEST} letters")
            lengths.setdefault(beginning[:SHORTEST], set()).add(len(beginning))
        self._lengths = {start: tuple(sorted(found)) for start, found in lengths.items()}

    def may_begin(self, word: str) -> bool:
        """Whether a word begins as one of the beginnings does."""
        return word[:SHORTEST] in self._lengths

    def of(self, word: str) -> Iterator[Listed]:
        """Give what is listed under the beginnings of a word, the shortest beginning first."""
        for length in self._lengths.get(word[:SHORTEST], ()):
            found = self._listed.get(word[:length]) if length <= len(word) else None
            if found is not None:
                yield found
