"""The seams, on one page. What crosses them is texts, arrays and cosine similarity: never a bare "score"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from xsource.records import (
    ClaimGroup,
    DetectedLanguage,
    Divergence,
    FloatMatrix,
    FloatVector,
    IntVector,
)


class LanguageDetector(Protocol):
    """Says what language a text is in, the same answer every time."""

    def detect(self, text: str) -> DetectedLanguage:
        """Judge a text of any length; `und` at probability 0 when it has no letters."""
        ...


class Embedder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def id(self) -> str:
        """Name with version and settings: vectors of two ids are never mixed in an index."""
        ...

    @property
    def dimension(self) -> int:
        """Columns of every matrix that `embed` gives."""
        ...

    def embed(self, texts: Sequence[str]) -> FloatMatrix:
        """Embed texts in the given order: (n, dimension) float32, rows of length 1; (0, dimension) for none."""
        ...


class Translator(Protocol):
    """Turns sentences of one language into another, one for one."""

    def route(self, source: str, target: str) -> tuple[str, ...] | None:
        """Give the language codes from source to target with the fewest hops, or `None` where none leads."""
        ...

    def engine(self, route: tuple[str, ...]) -> str:
        """Name what translates along a route, with versions and settings: part of the cache key."""
        ...

    def translate(self, texts: Sequence[str], route: tuple[str, ...]) -> Sequence[TranslatedText]:
        """Translate along a route: one result for each text, in order, an empty text for an empty one."""
        ...


class TranslatedText(Protocol):
    """What a translator gives for one text."""

    @property
    def text(self) -> str:
        """The translation."""
        ...

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the engine itself noticed, such as a text cut at a limit."""
        ...


class VectorStore(Protocol):
    """Keeps unit vectors under integer keys and finds the nearest by cosine."""

    def __len__(self) -> int: ...

    def add(self, keys: IntVector, vectors: FloatMatrix) -> None:
        """Add (n, d) unit vectors under n keys; a key that is there already is replaced."""
        ...

    def remove(self, keys: IntVector) -> None:
        """Forget keys; unknown ones are no error."""
        ...

    def search(
        self, queries: FloatMatrix, k: int, allowed: IntVector | None = None
    ) -> tuple[IntVector, FloatMatrix]:
        """Find the k nearest of (m, d) unit queries, among `allowed` keys when given.

        Returns:
            (m, k) keys, -1 where fewer than k were found, and (m, k) cosines, highest first, -inf there.
        """
        ...


class ContradictionScorer(Protocol):
    """Judges from meaning, across languages, whether one sentence denies what the other says."""

    @property
    def id(self) -> str:
        """Name with version: part of the cache key."""
        ...

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        """Give for each pair of sentences the probability 0..1 that they contradict; order does not matter."""
        ...

    def closeness(self, pairs: Sequence[tuple[str, str]]) -> FloatVector:
        """Give for each pair how much alike in meaning they are, a cosine -1..1; order does not matter."""
        ...


Detector = Callable[[ClaimGroup], Iterator[Divergence]]
"""Looks for one kind of difference in a group of claims."""

Progress = Callable[[str, int, int | None], None]
"""Told `(stage, done, total)` while work goes on; `total` is `None` while nobody knows it."""


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""
