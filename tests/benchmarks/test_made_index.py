"""Made articles are like news where comparing cares: sizes of stories, days, languages, who is near to whom."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest

from benchmarks.made_index import MovedLines, make_rows

TEXT = "the ferry sailed again on Monday after a storm had closed the old harbour for nine days"
PAIRS = {
    code: [
        (f"{code} {a} {b} строка", f"{a} {b} line number {number} of the {code} pairs")
        for number, (a, b) in enumerate(combinations(TEXT.split(), 2))
    ]
    for code in ("ru", "he")
}


@pytest.fixture(scope="module")
def lines():
    """Vectors as a model gives them: languages apart from each other, a line's languages near to each other."""
    noise = np.random.default_rng(7)
    meanings = noise.normal(size=(40, 64))
    made = {}
    for code in ("en", "ru", "he"):
        own = meanings + 0.5 * noise.normal(size=(40, 64)) + 3 * noise.normal(size=64)
        made[code] = (own / np.linalg.norm(own, axis=1, keepdims=True)).astype(np.float32)
    return made


def test_the_same_seed_makes_the_same_articles(lines):
    first, again, other = (list(make_rows(PAIRS, lines, 50, seed)) for seed in (1, 1, 2))
    for (article, sentences, vectors), (article2, sentences2, vectors2) in zip(first, again, strict=True):
        assert (article, sentences) == (article2, sentences2)
        assert np.array_equal(vectors, vectors2)
    assert [row[0].id for row in first] != [row[0].id for row in other]


def test_articles_are_whole_and_sentences_slice_to_their_words(lines):
    rows = list(make_rows(PAIRS, lines, 200))
    assert len({row[0].id for row in rows}) == 200
    for article, sentences, vectors in rows:
        assert len(sentences) == len(vectors) == 15
        assert [article.text[s.start : s.end] for s in sentences] == [s.text for s in sentences]
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
        assert article.outlet_id.startswith(article.language)


def test_most_events_are_told_once_and_none_by_more_than_thirty(lines):
    rows = list(make_rows(PAIRS, lines, 2000))
    sizes = []
    for article, _, _ in rows:
        version = int(article.outlet_id.rsplit("-", 1)[1])
        sizes = [*sizes[:-1], version + 1] if version else [*sizes, 1]
    assert sum(sizes) == 2000
    assert 0.5 < sizes.count(1) / len(sizes) < 0.65
    assert 10 < max(sizes) <= 30
    days = [row[0].published_at for row in rows]
    assert timedelta(days=5) < max(days) - min(days) < timedelta(days=12)


def test_tellings_of_a_sentence_are_near_and_other_sentences_are_not(lines):
    moved = MovedLines(lines, np.random.default_rng(0))
    places = [3] * 200
    moves = moved.moves(200, 1.5)
    tellings = {code: moved.vectors(code, places, moves) for code in ("en", "ru")}
    centred = {code: own - lines[code].mean(axis=0) for code, own in tellings.items()}
    centred = {code: own / np.linalg.norm(own, axis=1, keepdims=True) for code, own in centred.items()}
    cosine = centred["en"] @ centred["ru"].T
    same, other = np.diag(cosine), cosine[~np.eye(200, dtype=bool)]
    assert 0.6 < same.mean() < 0.85
    assert 0.1 < other.mean() < 0.45
    assert np.quantile(same, 0.01) > np.quantile(other, 0.99)
