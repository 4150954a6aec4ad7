"""Vectors with the structure that an encoder's have: a meaning, a direction common to a language, and noise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from xsource.align import ClaimRows, Reference, claim_rows, reference_from
from xsource.records import LANGUAGES, Article, ArticleId, FloatMatrix, OutletId, Sentence, SentenceId

DIMENSION = 256
START = datetime(2023, 10, 27, 9, tzinfo=UTC)


class World:
    """Says what vector a sentence has: one meaning in two languages gives near but different vectors."""

    def __init__(self, noise: float = 0.4) -> None:
        self._random = np.random.default_rng(7)
        self._noise = noise
        self._language = {code: 1.5 * self._unit() for code in LANGUAGES}
        self._meanings: dict[str, np.ndarray] = {}

    def _unit(self) -> np.ndarray:
        vector = self._random.normal(size=DIMENSION)
        return vector / np.linalg.norm(vector)

    def _meaning(self, claim: str) -> np.ndarray:
        if claim not in self._meanings:
            self._meanings[claim] = self._unit()
        return self._meanings[claim]

    def vectors(self, said: Sequence[tuple[str, str]]) -> FloatMatrix:
        """Embed (claim, language) pairs."""
        rows = []
        for claim, language in said:
            rows.append(self._meaning(claim) + self._language[language] + self._noise * self._unit())
        matrix = np.array(rows, dtype=np.float32).reshape(len(rows), DIMENSION)
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)

    def reference(self) -> Reference:
        said = [(f"ordinary {i}", code) for code in LANGUAGES for i in range(120)]
        return reference_from("synthetic", self.vectors(said), [code for _, code in said])

    def claims(self, reference: Reference, articles: Mapping[str, tuple[str, Sequence[str]]]) -> ClaimRows:
        """Make the claims of articles: name to (language, claims). A sentence's id is `name:claim`."""
        said = [(name, code, claim) for name, (code, claims) in articles.items() for claim in claims]
        return claim_rows(
            [SentenceId(f"{name}:{claim}") for name, _, claim in said],
            [ArticleId(name) for name, _, _ in said],
            [code for _, code, _ in said],
            self.vectors([(claim, code) for _, code, claim in said]),
            reference,
        )

    @staticmethod
    def article(name: str, outlet: str, language: str, text: str = "x", days: float | None = 0) -> Article:
        """Make an article published some days after the start, or at no known time."""
        return Article(
            id=ArticleId(name),
            outlet_id=OutletId(outlet),
            source=f"https://{outlet}.example/{name}",
            title=f"Title of {name}",
            text=text,
            language=language,
            language_probability=1.0,
            published_at=None if days is None else START + timedelta(days=days),
        )

    @staticmethod
    def sentences(article: Article, parts: Sequence[str]) -> list[Sentence]:
        """Make the sentences of an article whose text is the parts joined by a space."""
        found, start = [], 0
        for position, part in enumerate(parts):
            end = start + len(part)
            name = Sentence.identify(article.id, position)
            found.append(Sentence(name, article.id, position, start, end, part, True, "stated"))
            start = end + 1
        return found


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def reference(world: World) -> Reference:
    return world.reference()
