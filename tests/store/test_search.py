"""Search answers as numpy does over what is stored, with filters inside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from xsource.errors import IndexStateError
from xsource.store import Index, open_index

DAY = datetime(2024, 2, 10, 6, 30, 0, 9, UTC)


@pytest.fixture
def filled(index: Index, newsroom: ModuleType) -> Index:
    index.write_articles([newsroom.make_article(n) for n in range(30)], newsroom.OUTLETS)
    return index


def expected(index: Index, query: np.ndarray, k: int, **filters: Any) -> list[tuple[str, float]]:
    """What search must find, worked out from the records."""
    articles = {article.id: article for article in index.articles()}
    found = []
    ids = [sentence.id for sentence in index.sentences()]
    vectors = index.vectors(ids)
    for sentence, id_, vector in zip(index.sentences(), ids, vectors, strict=True):
        article = articles[sentence.article_id]
        published = article.published_at
        if (
            (filters.get("outlets") is not None and article.outlet_id not in filters["outlets"])
            or (filters.get("languages") is not None and article.language not in filters["languages"])
            or (filters.get("since") is not None and (published is None or published < filters["since"]))
            or (filters.get("until") is not None and (published is None or published >= filters["until"]))
            or (filters.get("only_claims") and not sentence.is_claim)
        ):
            continue
        found.append((id_, float(query @ vector)))
    return sorted(found, key=lambda pair: -pair[1])[:k]


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"outlets": ["hayarkon"]},
        {"languages": ["ru", "ar"]},
        {"since": DAY},
        {"until": DAY},
        {"only_claims": True},
        {"outlets": ["hayarkon", "al-manara"], "languages": ["he"], "since": DAY, "only_claims": True},
        {"outlets": []},
        {"languages": ["fr"]},
    ],
    ids=str,
)
def test_search_finds_what_the_records_say(
    filled: Index, newsroom: ModuleType, filters: dict[str, Any]
) -> None:
    queries = newsroom.unit_vectors(4, 1_000)

    for query, row in zip(queries, filled.search(queries, 7, **filters), strict=True):
        wanted = expected(filled, query, 7, **filters)
        assert [id_ for id_, _ in row] == [id_ for id_, _ in wanted]
        np.testing.assert_allclose([cosine for _, cosine in row], [cosine for _, cosine in wanted], atol=1e-6)


def test_since_counts_its_moment_and_until_does_not(filled: Index, newsroom: ModuleType) -> None:
    article, sentences, vectors = newsroom.make_article(9)
    assert article.published_at == DAY

    (since,) = filled.search(vectors[:1], 1, since=DAY)
    (until,) = filled.search(vectors[:1], 1, until=DAY)
    assert since[0][0] == sentences[0].id
    assert until[0][0] != sentences[0].id


def test_what_is_added_or_removed_is_found_or_not_at_once(filled: Index, newsroom: ModuleType) -> None:
    new, sentences, vectors = newsroom.make_article(40)
    filled.search(vectors, 1)
    filled.write_articles([(new, sentences, vectors)])
    assert [row[0][0] for row in filled.search(vectors, 1)] == [sentence.id for sentence in sentences]

    filled.remove_articles([new.id])
    assert not {row[0][0] for row in filled.search(vectors, 1)} & {sentence.id for sentence in sentences}


def test_what_changes_no_vector_keeps_the_vector_file(filled: Index, folder: Path) -> None:
    filled.vector_store()
    (before,) = folder.glob("*.faiss")
    written = before.stat().st_mtime_ns
    filled.write_settings({"target": "en"})
    filled.vector_store()

    (after,) = folder.glob("*.faiss")
    assert (after, after.stat().st_mtime_ns) == (before, written)


def test_vector_files_of_other_generations_are_deleted(
    filled: Index, folder: Path, newsroom: ModuleType
) -> None:
    filled.vector_store()
    (before,) = folder.glob("*.faiss")
    filled.write_articles([newsroom.make_article(41)])
    filled.vector_store()

    (after,) = folder.glob("*.faiss")
    assert after != before


def test_the_file_is_named_after_embedder_and_generation(filled: Index, folder: Path) -> None:
    filled.vector_store()
    (path,) = folder.glob("*.faiss")
    assert path.name.startswith(f"vectors-test-embedder-1-{filled.generation}-")


def test_an_index_without_an_embedder_has_nothing_to_search(folder: Path, newsroom: ModuleType) -> None:
    with open_index(folder, mode="write") as empty, pytest.raises(IndexStateError, match="empty"):
        empty.search(newsroom.unit_vectors(1, 0), 3)


def test_an_index_without_articles_finds_nothing(index: Index, newsroom: ModuleType) -> None:
    assert index.search(newsroom.unit_vectors(2, 0), 3) == [[], []]


def test_more_filters_than_are_remembered_answer_as_the_records_do(filled: Index, newsroom: ModuleType) -> None:
    query = newsroom.unit_vectors(1, 321)
    for _ in range(2):
        for hour in range(20):
            since = DAY + timedelta(hours=12 * hour)
            found = filled.search(query, 4, since=since)[0]
            wanted = expected(filled, query[0], 4, since=since)
            assert [id_ for id_, _ in found] == [id_ for id_, _ in wanted]
