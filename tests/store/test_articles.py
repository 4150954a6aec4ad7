"""What is written is what is read."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xsource.errors import InputError, StorageError
from xsource.records import Article, Outlet, OutletId, Sentence, SentenceId
from xsource.store import Counts, Index, open_index

storable = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)


@pytest.fixture
def filled(index: Index, newsroom: ModuleType) -> Index:
    index.write_articles([newsroom.make_article(n) for n in range(12)], newsroom.OUTLETS)
    return index


def test_everything_comes_back_in_order(filled: Index, newsroom: ModuleType) -> None:
    items = [newsroom.make_article(n) for n in range(12)]

    assert filled.articles() == [article for article, _, _ in items]
    assert filled.sentences() == [sentence for _, sentences, _ in items for sentence in sentences]
    assert filled.outlets() == sorted(newsroom.OUTLETS, key=lambda outlet: outlet.id)
    vectors = filled.vectors([sentence.id for sentence in filled.sentences()])
    np.testing.assert_array_equal(vectors, np.vstack([found for _, _, found in items]))
    assert filled.counts() == Counts(outlets=4, articles=12, sentences=36, claims=24)


def test_it_comes_back_after_closing(filled: Index, folder: Path) -> None:
    before = (filled.articles(), filled.sentences(), filled.generation, filled.embedder_id, filled.dimension)
    filled.close()

    with open_index(folder, mode="read") as reader:
        after = (reader.articles(), reader.sentences(), reader.generation, reader.embedder_id, reader.dimension)
    assert after == before


def test_parts_are_found_by_id(filled: Index, newsroom: ModuleType) -> None:
    (a, a_sentences, a_vectors), (b, b_sentences, b_vectors) = (
        newsroom.make_article(3),
        newsroom.make_article(8),
    )

    assert filled.articles([b.id, a.id, "unknown"]) == [a, b]
    assert filled.sentences([b.id]) == b_sentences
    wanted = [b_sentences[2].id, a_sentences[0].id]
    assert filled.sentences_by_id([*wanted, "unknown"]) == {
        wanted[0]: b_sentences[2],
        wanted[1]: a_sentences[0],
    }
    np.testing.assert_array_equal(
        filled.vectors([*wanted, wanted[0]]), np.vstack([b_vectors[2], a_vectors[0], b_vectors[2]])
    )
    assert filled.vectors([]).shape == (0, newsroom.DIMENSION)
    with pytest.raises(ValueError, match="not in the index, 1 of 2: nowhere"):
        filled.vectors([wanted[0], SentenceId("nowhere")])


def test_articles_are_found_by_outlet_and_source(filled: Index, newsroom: ModuleType) -> None:
    articles = [newsroom.make_article(n)[0] for n in range(12)]

    assert filled.find_articles(outlet="hayarkon") == [articles[n].id for n in (1, 5, 9)]
    assert filled.find_articles(source=articles[6].source) == [articles[6].id]
    assert filled.find_articles(outlet="hayarkon", source=articles[6].source) == []


def test_only_stored_articles_are_known(filled: Index, newsroom: ModuleType) -> None:
    stored, absent = newsroom.make_article(2)[0].id, newsroom.make_article(99)[0].id
    assert filled.known_articles([absent, stored]) == {stored}


def test_adding_twice_is_adding_once(filled: Index, newsroom: ModuleType) -> None:
    before = (filled.articles(), filled.sentences(), filled.generation)
    added = filled.write_articles([newsroom.make_article(n) for n in range(12)], newsroom.OUTLETS)

    assert added == 0
    assert (filled.articles(), filled.sentences(), filled.generation) == before
    assert filled.check_catalog() == []


def test_two_versions_of_one_url_are_both_kept_and_visible(filled: Index, newsroom: ModuleType) -> None:
    first = newsroom.make_article(0)[0]
    text = first.text + " Дополнено."
    later = dataclasses.replace(first, text=text, id=Article.identify(first.outlet_id, first.source, text))
    filled.write_articles([(later, [], np.empty((0, newsroom.DIMENSION), np.float32))])

    assert filled.find_articles(source=first.source) == [first.id, later.id]
    assert filled.articles([later.id, first.id]) == [first, later]


def test_adding_and_removing_leaves_what_was_there(filled: Index, newsroom: ModuleType) -> None:
    before = (filled.articles(), filled.sentences(), filled.outlets())
    outlet = Outlet(OutletId("new"), "Новая", "ru")
    article, sentences, vectors = newsroom.make_article(50)
    moved = dataclasses.replace(article, outlet_id=outlet.id)
    filled.write_articles([(moved, sentences, vectors)], [outlet])
    assert filled.outlets() != before[2]

    assert filled.remove_articles([moved.id, moved.id]) == 1
    assert (filled.articles(), filled.sentences(), filled.outlets()) == before


def test_removed_articles_take_sentences_and_vectors_along(filled: Index, newsroom: ModuleType) -> None:
    gone, kept = newsroom.make_article(1), newsroom.make_article(2)
    filled.search(gone[2], 1)
    filled.remove_articles([gone[0].id, "unknown"])

    assert gone[0].id not in filled.known_articles([gone[0].id])
    assert filled.sentences([gone[0].id]) == []
    found = {id_ for row in filled.search(np.vstack([gone[2], kept[2]]), 36) for id_, _ in row}
    assert found.isdisjoint(sentence.id for sentence in gone[1])
    assert found >= {sentence.id for sentence in kept[1]}
    assert filled.check() == []


def test_an_outlet_is_brought_up_to_date(filled: Index) -> None:
    renamed = Outlet(OutletId("hayarkon"), "הירקון החדש", "he", "IL", "New HaYarkon")
    generation = filled.generation
    filled.write_articles([], [renamed])

    assert renamed in filled.outlets()
    assert len(filled.outlets()) == 4
    assert filled.generation == generation + 1


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(storable.filter(bool), min_size=1, max_size=4),
    title=storable,
    source=storable.filter(bool),
    agency=st.none() | storable,
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
    probability=st.floats(0, 1),
    values=st.floats(width=32, allow_nan=False, allow_infinity=False),
)
def test_any_text_survives(
    index: Index,
    newsroom: ModuleType,
    texts: list[str],
    title: str,
    source: str,
    agency: str | None,
    published: datetime | None,
    probability: float,
    values: float,
) -> None:
    text = "".join(texts)
    id_ = Article.identify("vesti-nord", source, text)
    article = Article(
        id_, OutletId("vesti-nord"), source, title, text, "ru", probability, published, agency, synthetic=True
    )
    sentences, start = [], 0
    for position, part in enumerate(texts):
        end = start + len(part)
        sentences.append(
            Sentence(Sentence.identify(id_, position), id_, position, start, end, part, position == 1, title)
        )
        start = end
    vectors = np.full((len(texts), newsroom.DIMENSION), values, np.float32)
    index.remove_articles([id_])

    assert index.write_articles([(article, sentences, vectors)], newsroom.OUTLETS) == 1

    assert index.articles([id_]) == [article]
    assert index.sentences([id_]) == sentences
    np.testing.assert_array_equal(index.vectors([sentence.id for sentence in sentences]), vectors)


def test_a_moment_in_another_zone_is_the_same_moment(index: Index, newsroom: ModuleType) -> None:
    article, sentences, vectors = newsroom.make_article(0)
    there = datetime(2024, 5, 1, 2, 0, tzinfo=timezone(timedelta(hours=3)))
    index.write_articles(
        [(dataclasses.replace(article, published_at=there), sentences, vectors)], newsroom.OUTLETS
    )

    (stored,) = index.articles()
    assert stored.published_at == there
    assert stored.published_at is not None
    assert stored.published_at.tzinfo is UTC


@pytest.mark.parametrize("field", ["text", "title", "source"])
def test_a_lone_surrogate_is_reported_with_its_place(index: Index, newsroom: ModuleType, field: str) -> None:
    article, _, _ = newsroom.make_article(0)
    bad = dataclasses.replace(article, **{field: "ab\ud83dc"})

    with pytest.raises(InputError, match=rf"{field} has the lone surrogate U\+D83D at 2"):
        index.write_articles([(bad, [], np.empty((0, newsroom.DIMENSION), np.float32))], newsroom.OUTLETS)
    assert index.articles() == []


def _wrong(newsroom: ModuleType, what: str) -> tuple[Article, list[Sentence], np.ndarray]:
    article, sentences, vectors = newsroom.make_article(0)
    if what == "rows":
        vectors = vectors[:-1]
    elif what == "columns":
        vectors = vectors[:, :-1]
    elif what == "not finite":
        vectors = vectors.copy()
        vectors[1, 1] = np.nan
    elif what == "span":
        sentences = [dataclasses.replace(sentences[0], end=sentences[0].end - 1), *sentences[1:]]
    elif what == "of article":
        sentences = [dataclasses.replace(sentences[0], article_id="another"), *sentences[1:]]
    elif what == "positions":
        sentences = sentences[::-1]
    elif what == "outlet":
        article = dataclasses.replace(article, outlet_id="nobody")
    return article, sentences, vectors


@pytest.mark.parametrize("what", ["rows", "columns", "not finite", "span", "of article", "positions", "outlet"])
def test_a_batch_that_does_not_fit_together_leaves_no_trace(
    filled: Index, newsroom: ModuleType, what: str
) -> None:
    before = (filled.articles(), filled.generation)
    message = {"rows": "shape", "columns": "shape"}.get(what, what)

    with pytest.raises(ValueError, match=message):
        filled.write_articles([newsroom.make_article(60), _wrong(newsroom, what)], newsroom.OUTLETS)

    assert (filled.articles(), filled.generation) == before


def test_a_reader_cannot_write(filled: Index, folder: Path, newsroom: ModuleType) -> None:
    with open_index(folder, mode="read") as reader:
        with pytest.raises(StorageError, match="opened for reading"):
            reader.write_articles([newsroom.make_article(70)], newsroom.OUTLETS)
        with pytest.raises(StorageError, match="opened for reading"):
            reader.repair()


def test_a_moment_without_a_zone_is_refused_and_leaves_no_trace(index: Index, newsroom: ModuleType) -> None:
    article, sentences, vectors = newsroom.make_article(0)
    local = dataclasses.replace(article, published_at=datetime(2024, 5, 1, 2, 0))
    with pytest.raises(ValueError, match=r"datetime\(2024, 5, 1, 2, 0\) has no time zone"):
        index.write_articles([(local, sentences, vectors)], newsroom.OUTLETS)
    assert index.counts() == Counts(outlets=0, articles=0, sentences=0, claims=0)


def test_an_index_that_names_no_embedder_takes_no_articles(folder: Path, newsroom: ModuleType) -> None:
    with open_index(folder, mode="write") as index:
        with pytest.raises(ValueError, match="names no embedder"):
            index.write_articles([newsroom.make_article(0)], newsroom.OUTLETS)
        assert index.articles() == []
        assert (index.embedder_id, index.dimension) == (None, None)
        assert index.repair() == []


def test_an_embedder_is_named_with_its_dimension(folder: Path, newsroom: ModuleType) -> None:
    with pytest.raises(ValueError, match="without its dimension"):
        open_index(folder, mode="write", embedder_id=newsroom.EMBEDDER)
    # Nothing is held by the writer that was refused.
    with open_index(folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=16) as index:
        assert index.dimension == 16


def test_a_writer_sees_what_it_wrote_without_refreshing(filled: Index, newsroom: ModuleType) -> None:
    filled.refresh()
    article = newsroom.make_article(60)
    filled.write_articles([article], newsroom.OUTLETS)
    filled.refresh()
    assert filled.articles([article[0].id]) == [article[0]]


def test_a_reader_repairs_nothing(filled: Index, folder: Path) -> None:
    with open_index(folder, mode="read") as reader:
        with pytest.raises(StorageError, match="opened for reading, not for writing"):
            reader.repair()
        assert reader.counts() == filled.counts()
