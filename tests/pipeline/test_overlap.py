"""Stages that overlap keep order, errors and memory as they were; a sentence is embedded once a build."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.embed.ngrams import NgramEmbedder
from xsource.pipeline.building.ahead import read_ahead
from xsource.pipeline.building.expecting import estimate_records
from xsource.pipeline.building.sentence_vectors import SentenceVectors
from xsource.records import Article, FloatMatrix, Outlet, OutletId, Sentence
from xsource.store import open_index

TEXTS = [
    "Паром снова вышел в море.",
    "המעבורת חזרה לפעול.",
    "عادت العبارة إلى الإبحار.",
    "The ferry sailed again.",
]


@given(st.lists(st.integers()), st.integers(1, 4))
def test_what_is_read_ahead_comes_whole_and_in_order(items: list[int], depth: int):
    assert list(read_ahead(iter(items), depth)) == items


def test_an_error_comes_where_it_happened():
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise OSError("disk gone")

    found: list[int] = []
    with pytest.raises(OSError, match="disk gone"):
        found.extend(read_ahead(items(), 1))
    assert found == [1, 2]


def test_reading_rests_when_enough_waits_and_ends_when_nobody_wants_more():
    made = []

    def items() -> Iterator[int]:
        for number in range(1000):
            made.append(number)
            yield number

    ahead = read_ahead(items(), 3)
    assert next(ahead) == 0
    time.sleep(0.3)
    assert len(made) <= 1 + 3 + 1
    ahead.close()
    deadline = time.monotonic() + 20
    while any(thread.name == "xsource-reader" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert len(made) <= 1 + 3 + 2


class Counting:
    """The n-gram embedder, and what it was asked."""

    def __init__(self) -> None:
        self._inner = NgramEmbedder()
        self.asked: list[str] = []
        self.id, self.dimension = self._inner.id, self._inner.dimension

    def embed(self, texts: Sequence[str]) -> FloatMatrix:
        self.asked += texts
        return self._inner.embed(texts)


def article_of(number: int, texts: Sequence[str]) -> tuple[Article, list[Sentence]]:
    text = " ".join(texts)
    source = f"https://o.example/{number}"
    article = Article(Article.identify("o", source, text), OutletId("o"), source, "", text, "en", 1.0, None)
    sentences, start = [], 0
    for position, own in enumerate(texts):
        id_, end = Sentence.identify(article.id, position), start + len(own)
        sentences.append(Sentence(id_, article.id, position, start, end, own, is_claim=True, claim_reason=""))
        start += len(own) + 1
    return article, sentences


def test_a_sentence_is_embedded_once_however_far_apart_it_comes(tmp_path: Path):
    embedder = Counting()
    with open_index(tmp_path, mode="write", embedder_id=embedder.id, dimension=embedder.dimension) as index:
        vectors = SentenceVectors(embedder, index)
        for number in range(30):  # further apart than the batches that are kept in memory
            own = [TEXTS[number % len(TEXTS)], f"Report {number // 2} of the day.", TEXTS[0]]
            article, sentences = article_of(number, own)
            found = vectors.embed(sentences, vectors.find_written(sentences))
            np.testing.assert_array_equal(found, NgramEmbedder().embed(own))
            index.write_articles([(article, sentences, found)], [Outlet(OutletId("o"), "o")])
            vectors.remember(sentences)
        vectors.close()
    assert sorted(embedder.asked) == sorted({*TEXTS, *(f"Report {number} of the day." for number in range(15))})


def test_records_are_guessed_from_lines_and_files(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text("{}\n" * 7 + "{}")
    (tmp_path / "b.html").write_text("<p>x</p>")
    assert estimate_records([tmp_path, tmp_path / "nowhere"]) == 9
    (tmp_path / "long.jsonl").write_text('{"text": "' + "x" * 88 + '"}\n' * 30_000)
    assert abs((estimate_records([tmp_path / "long.jsonl"]) or 0) - 30_000) < 300
    (tmp_path / "c.csv").write_text("outlet,url\n")
    assert estimate_records([tmp_path]) is None
