"""Of several texts of one page the latest is known to the catalogue, and it alone is searched."""

from __future__ import annotations

import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.addresses import address_key
from xsource.records import Article, Sentence
from xsource.store import Index, open_index
from xsource.store.catalog import SEALED_TABLES, table_digest
from xsource.store.connection import connect

WAYS = (
    "https://{outlet}.example/{page}",
    "http://www.{outlet}.example/{page}/",
    "https://m.{outlet}.example/{page}?utm_source=mail",
    "https://www-{outlet}-example.cdn.ampproject.org/c/s/www.{outlet}.example/{page}",
    "файл {page}.txt",
)
"""The last one is of the same page in every outlet, and still a page of each."""


def latest_versions(articles: list[Article]) -> list[Article]:
    """Keep, of several texts of one page, the one published last; among equals the one added last."""
    latest: dict[tuple[str, str], Article] = {}
    for article in articles:
        page = (article.outlet_id, address_key(article.source))
        if page not in latest or _published(article) >= _published(latest[page]):
            latest[page] = article
    return [article for article in articles if article in latest.values()]


def _published(article: Article) -> float:
    return article.published_at.timestamp() if article.published_at else 0.0


def make_version(
    newsroom: ModuleType, page: int, *, outlet: int = 0, way: int = 0, hour: int | None = 0, text: str = "…"
) -> tuple[Article, list[Sentence], np.ndarray]:
    """An article of one or more sentences, one a line, with a vector that follows from its text."""
    own = newsroom.OUTLETS[outlet]
    source = WAYS[way].format(outlet=own.id, page=page)
    published = None if hour is None else datetime(2024, 2, 1, tzinfo=UTC) + timedelta(hours=hour)
    article = Article(
        Article.identify(own.id, source, text), own.id, source, text, text, own.language, 1.0, published
    )
    sentences, start = [], 0
    for position, line in enumerate(text.split("\n")):
        id_ = Sentence.identify(article.id, position)
        sentences.append(Sentence(id_, article.id, position, start, start + len(line), line, True, ""))  # noqa: FBT003
        start += len(line) + 1
    seed = int.from_bytes(article.id.encode()[:8], "little")
    return article, sentences, newsroom.unit_vectors(len(sentences), seed)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "add", "remove"]), st.integers(0, 2), st.integers(0, 1),
        st.integers(0, len(WAYS) - 1), st.sampled_from([None, -500_000, 0, 5]), st.integers(0, 3),
    ),
    max_size=25,
)  # fmt: skip
"""What is done, page, outlet, way to write the address, hour of publication, which text."""


@given(steps=STEPS)
@settings(max_examples=40, deadline=None)
def test_the_catalogue_tells_the_latest_texts_as_the_articles_do(
    newsroom: ModuleType, steps: list[tuple[str, int, int, int, int | None, int]]
) -> None:
    with (
        TemporaryDirectory() as folder,
        open_index(
            Path(folder), mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION
        ) as index,
    ):
        for what, page, outlet, way, hour, text in steps:
            item = make_version(newsroom, page, outlet=outlet, way=way, hour=hour, text=f"Вариант {text}.")
            if what == "add":
                index.write_articles([item], newsroom.OUTLETS)
            else:
                index.remove_articles([item[0].id])

        articles = index.articles()
        latest = latest_versions(articles)
        assert index.latest_articles() == latest
        assert index.latest_articles([article.id for article in articles[::2]]) == [
            article for article in articles[::2] if article in latest
        ]
        assert index.latest_outlets() == {article.id: article.outlet_id for article in latest}
        assert index.count_latest() == Counter((article.outlet_id, article.language) for article in latest)
        for key in {address_key(article.source) for article in articles}:
            own = [article for article in articles if address_key(article.source) == key]
            assert index.articles_of_page(key) == own
            for article in own:
                assert index.articles_named(article.source) == own
                assert index.articles_named(article.id) == [article]
        for outlet in newsroom.OUTLETS:
            assert index.articles_named(outlet.id) == [a for a in articles if a.outlet_id == outlet.id]
        assert index.check_catalog() == []


@pytest.mark.parametrize("engine", ["flat", "ivf"])
def test_a_superseded_text_takes_no_hit_s_place(index: Index, newsroom: ModuleType, engine: str) -> None:
    index.write_settings({"vector_store": engine})
    others = [newsroom.make_article(number) for number in range(6)]
    old = [make_version(newsroom, 1, way=way, text=f"Порт закрыт.\nВерсия {way}.") for way in range(4)]
    late = make_version(newsroom, 1, way=3, hour=9, text="Порт открыт.\nИтог.")
    index.write_articles([*others, *old, late], newsroom.OUTLETS)
    superseded = {sentence.id for item in old for sentence in item[1]}
    query = old[0][2][:1]

    found = [id_ for hits in index.search(query, 20) for id_, _ in hits]
    assert set(found) == {sentence.id for item in (*others, late) for sentence in item[1]}
    of_outlet = [id_ for hits in index.search(query, 20, outlets=[old[0][0].outlet_id]) for id_, _ in hits]
    assert of_outlet
    assert not superseded & set(of_outlet)
    assert index.check() == []

    index.remove_articles([late[0].id])
    # Of those that are left, published at one hour, the one added last is the latest again.
    again = {id_ for hits in index.search(query, 20) for id_, _ in hits}
    assert again & superseded == {sentence.id for sentence in old[3][1]}
    assert index.check() == []


def _make_older(folder: Path) -> None:
    """Take the table away, as in a catalogue of the program before."""
    connection = connect(folder / "catalog.sqlite3", writable=True)
    connection.execute("DROP TABLE versions")
    connection.execute("DROP TABLE reading_notes")
    connection.execute("PRAGMA user_version = 3")
    connection.execute(
        "UPDATE digests SET digest = ? WHERE name = 'sqlite_schema'",
        (table_digest(connection, SEALED_TABLES["sqlite_schema"]),),
    )
    connection.close()


def test_a_catalogue_of_the_program_before_learns_which_texts_are_the_latest(
    index: Index, folder: Path, newsroom: ModuleType
) -> None:
    items = [make_version(newsroom, 1, way=way, hour=-way, text=f"Версия {way}.") for way in range(3)]
    index.write_articles([*items, newsroom.make_article(1)], newsroom.OUTLETS)
    index.close()
    _make_older(folder)

    with open_index(folder, mode="read") as reader:
        assert reader.latest_articles() == [items[0][0], newsroom.make_article(1)[0]]
        assert [id_ for hits in reader.search(items[2][2], 9) for id_, _ in hits if id_ in items[2][1]] == []
        assert reader.check() == []


def test_a_schema_that_was_damaged_before_is_still_found_after_it_is_brought_up_to_date(
    index: Index, folder: Path, newsroom: ModuleType
) -> None:
    index.write_articles([make_version(newsroom, 1)], newsroom.OUTLETS)
    index.close()
    _make_older(folder)
    connection = sqlite3.connect(folder / "catalog.sqlite3")
    connection.execute("UPDATE digests SET digest = 'of another schema' WHERE name = 'sqlite_schema'")
    connection.commit()
    connection.close()

    with open_index(folder, mode="read") as reader:
        (finding,) = reader.check_catalog()
    assert finding.message == "sqlite_schema are not what was written"


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE versions SET is_latest = NOT is_latest WHERE article_key = 1",
        "UPDATE versions SET page = 'vesti-nord.example/2' WHERE article_key = 1",
        "UPDATE versions SET language = 'he' WHERE article_key = 2",
        "UPDATE versions SET published_at = NULL WHERE article_key = 2",
        "DELETE FROM versions WHERE article_key = 3",
        "INSERT INTO versions VALUES (99, 'hayarkon', 'p', 'he', NULL, 1)",
    ],
)
def test_what_the_catalogue_says_of_versions_is_checked_and_made_again(
    index: Index, folder: Path, newsroom: ModuleType, damage: str
) -> None:
    items = [make_version(newsroom, 1, way=way, hour=way, text=f"Версия {way}.") for way in range(3)]
    index.write_articles(items, newsroom.OUTLETS)
    index.vector_store()
    index.close()
    connection = sqlite3.connect(folder / "catalog.sqlite3")
    connection.execute(damage)
    connection.commit()
    connection.close()

    with open_index(folder, mode="write") as damaged:
        messages = [finding.message for finding in damaged.check() if finding.is_repairable]
        assert any("wrongly told from other texts of their page" in message for message in messages)
        assert damaged.repair() == []
        assert damaged.latest_articles() == [items[2][0]]
