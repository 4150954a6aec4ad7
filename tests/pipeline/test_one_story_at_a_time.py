"""Comparing story by story gives what comparing all gives, and one story is read without the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from xsource.pipeline import build, open_reader
from xsource.pipeline.reading.reader import Reader, spread
from xsource.settings import Settings
from xsource.store import Index

SETTINGS = Settings(embedder="ngrams", translate=False, detectors="number,date,place,omission")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, corpora: Path) -> Path:
    folder = tmp_path_factory.mktemp("stories") / "index"
    build([corpora], folder, SETTINGS)
    return folder


def test_stories_one_by_one_are_all_stories_together(index):
    with open_reader(index, SETTINGS) as reader:
        whole = reader.compare()
        parts = list(reader.compare_each())
    assert len(parts) == len(whole.stories) > 1
    for field in ("stories", "groups", "divergences", "unmatched", "copies"):
        assert sum((getattr(part, field) for part in parts), ()) == getattr(whole, field), field
    assert {article for part in parts for article in part.articles} == set(whole.articles)
    assert [part.provenance for part in parts] == [whole.provenance] * len(parts)


def test_comparing_one_story_reads_its_articles_only(index):
    with open_reader(index, SETTINGS) as reader:
        story = reader.stories()[-1]
        _ = reader.reference  # taken from articles, because none is shipped for this embedder
        read = _read_articles(reader)
        comparison = reader.compare(story.id)
    assert read == [set(story.article_ids)]
    assert {article.id for article in comparison.articles} == set(story.article_ids)


def _read_articles(reader: Reader) -> list[set[str]]:
    """Note the articles whose sentences are read from now on."""
    read: list[set[str]] = []

    def noted(self: Index, article_ids=None):
        read.append(set(article_ids))
        return plain(self, article_ids)

    index = reader._index
    plain = type(index).sentences
    index.sentences = noted.__get__(index)  # watched, not replaced: it still answers
    return read


def test_a_sample_is_spread_evenly(index):
    with open_reader(index, SETTINGS) as reader:
        articles = reader.articles()
    assert spread(articles, len(articles)) == articles
    assert spread(articles, 5) == [articles[at * len(articles) // 5] for at in range(5)]
