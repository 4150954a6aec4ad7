"""Every embedder keeps these promises. An embedder is added here by one line in `EMBEDDERS`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from xsource.protocols import Embedder


@cache
def _bundled() -> Embedder:
    from xsource.embed.bundled import BundledEmbedder

    return BundledEmbedder()


@cache
def _sentence_transformers() -> Embedder:
    from xsource.embed.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(Path(__file__).parents[1] / "data" / "tiny-sentence-model")


@cache
def _ngrams() -> Embedder:
    from xsource.embed.ngrams import NgramEmbedder

    return NgramEmbedder()


EMBEDDERS: dict[str, tuple[Callable[[], Embedder], float]] = {
    # How far a vector may move with the texts beside it: not at all, or by the rounding of padded batches.
    "bundled": (_bundled, 0.0),
    "sentence-transformers": (_sentence_transformers, 1e-5),
    "ngrams": (_ngrams, 0.0),
}
NEEDS_MODEL = {"bundled"}


@pytest.fixture(
    params=[pytest.param(name, marks=[pytest.mark.model] * (name in NEEDS_MODEL)) for name in EMBEDDERS]
)
def named(request: pytest.FixtureRequest) -> tuple[Embedder, float]:
    make, tolerance = EMBEDDERS[request.param]
    return make(), tolerance


@pytest.fixture
def embedder(named: tuple[Embedder, float]) -> Embedder:
    return named[0]


TEXTS = [
    "Делегация прибыла в Москву в четверг.",
    "המשלחת הגיעה למוסקבה ביום חמישי.",
    "وصل الوفد إلى موسكو يوم الخميس.",
    "The delegation arrived in Moscow on Thursday.",
    "Prices of wheat rose by 7 percent after the harvest failed in three provinces of the south.",
]


def test_vectors_are_float32_rows_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)

    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_an_empty_matrix(embedder: Embedder) -> None:
    vectors = embedder.embed([])

    assert vectors.shape == (0, embedder.dimension)
    assert vectors.dtype == np.float32


def test_rows_follow_the_texts(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)

    np.testing.assert_allclose(embedder.embed(TEXTS[::-1]), vectors[::-1], atol=1e-5)
    # Different texts have different rows, or any order would do.
    cosines = vectors @ vectors.T
    assert (cosines[~np.eye(len(TEXTS), dtype=bool)] < 0.999).all()


def test_a_text_has_the_same_vector_whatever_stands_beside_it(named: tuple[Embedder, float]) -> None:
    embedder, tolerance = named
    together = embedder.embed(TEXTS * 3)
    alone = np.vstack([embedder.embed([text]) for text in TEXTS])

    np.testing.assert_allclose(together, np.tile(alone, (3, 1)), rtol=0, atol=tolerance)


def test_a_second_run_gives_the_same_bits(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.embed(TEXTS), embedder.embed(TEXTS))


HOSTILE = {
    "empty": "",
    "blank": " \n\t ",
    "one word of ten thousand letters": "я" * 10_000,
    "lone surrogate": "half of \ud83d an emoji",
    "reversed surrogates": "\udc00\ud800",
    "emoji": "🙂🇮🇱👩‍👩‍👧‍👦" * 20,
    "NUL": "a\x00b",
    "direction marks": "\u202e\u200fשלום\u202c \u2067x\u2069",
    "points and accents only": "\u0301\u05b4\u064b" * 50,
    "unassigned": "\U000e0fff\uffff",
}


def test_any_text_has_a_direction_and_leaves_its_neighbours_alone(named: tuple[Embedder, float]) -> None:
    embedder, tolerance = named
    vectors = embedder.embed([*HOSTILE.values(), *TEXTS])

    assert np.isfinite(vectors).all()
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(vectors[len(HOSTILE) :], embedder.embed(TEXTS), rtol=0, atol=tolerance)


@pytest.mark.parametrize("text", ["Он пошёл в музей, ёлки!", "é à ü", "أُمّ إلى آخره"])
def test_a_decomposed_text_is_the_same_text(embedder: Embedder, text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert composed != decomposed

    vectors = embedder.embed([composed, decomposed])

    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_rewording_is_nearer_than_another_subject(embedder: Embedder) -> None:
    vectors = embedder.embed(
        [
            "Правительство объявило о повышении пенсий с января.",
            "О повышении пенсий с января объявило правительство.",
            "Сборная проиграла матч в дополнительное время.",
        ]
    )

    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.02


def test_the_id_says_who_and_stays(embedder: Embedder) -> None:
    before = embedder.id
    embedder.embed(TEXTS[:1])

    assert embedder.id == before
    assert embedder.id.strip() == embedder.id != ""


@pytest.mark.model
def test_ids_differ_between_embedders() -> None:
    assert len({make().id for make, _ in EMBEDDERS.values()}) == len(EMBEDDERS)
