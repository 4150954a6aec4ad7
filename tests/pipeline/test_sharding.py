"""Shards merged are the index that one build makes, whatever the order, the overlap and the damage."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.errors import IndexStateError, InputError
from xsource.pipeline import Filters, build, merge_shards, open_reader
from xsource.pipeline.sharding.manifest import MANIFEST_FILE
from xsource.pipeline.sharding.shard import Shard
from xsource.records import ArticleId
from xsource.settings import Settings
from xsource.store import open_index

SETTINGS = Settings(embedder="ngrams", translate=False)
NOW = datetime(2026, 6, 1, tzinfo=UTC)
LINE = {
    "outlet": "harbour-news", "url": "https://harbour-news.example/1", "title": "Ferry",
    "text": "The ferry sailed again on Monday. It had been suspended for nine days after a storm.",
    "published_at": "2026-03-02T08:00:00Z", "language": "en",
}  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, corpora: Path) -> Path:
    """The shipped corpora, and what makes a build report problems in every way."""
    folder = tmp_path_factory.mktemp("corpus")
    for name in sorted(path.name for path in corpora.iterdir() if path.is_dir()):
        shutil.copytree(corpora / name, folder / name)
    later = {**LINE, "text": LINE["text"] + " It will sail daily."}
    other = {
        **LINE,
        "url": "https://x.example/de",
        "text": "Der Hafen bleibt am Montag für Schiffe geschlossen.",
    }
    lines = [json.dumps(line) for line in (LINE, LINE, later, other)]
    (folder / "more.jsonl").write_text("\n".join([*lines[:2], "{", *lines[2:], "[1]"]) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def whole(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    index = tmp_path_factory.mktemp("whole") / "index"
    build([corpus], index, SETTINGS, now=NOW)
    return index


@pytest.fixture(scope="module")
def shards(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("shards")
    places = [folder / f"{number}" for number in (1, 2, 3)]
    for number, place in enumerate(places, 1):
        build([corpus], place, SETTINGS, now=NOW, shard=Shard(number, 3))
    return places


def contents(folder: Path) -> dict[str, Any]:
    """Everything that an index holds, in its order."""
    with open_index(folder, mode="read") as index:
        articles = index.articles()
        sentences = index.sentences()
        vectors = index.vectors([sentence.id for sentence in sentences])
        return {
            "articles": articles,
            "sentences": sentences,
            "vectors": vectors.tobytes(),
            "outlets": index.outlets(),
            "translations": sorted(
                (
                    (key, value.text, value.engine)
                    for key, value in index.translations_of(sentences, "en").items()
                )
            ),
            "problems": index.problems(),
            "settings": index.settings(),
            "findings": index.check(),
        }


def unordered(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "articles": sorted(found["articles"], key=lambda article: article.id),
        "sentences": sorted(found["sentences"], key=lambda sentence: sentence.id),
        "translations": found["translations"],
        "outlets": found["outlets"],
        "problems": sorted(found["problems"], key=repr),
    }


def test_every_article_is_in_one_shard(shards, whole):
    parts = [{article.id for article in contents(place)["articles"]} for place in shards]
    assert set.union(*parts) == {article.id for article in contents(whole)["articles"]}
    assert sum(map(len, parts)) == len(set.union(*parts))
    assert all(parts)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=lambda order: "".join(map(str, order)))
def test_merged_shards_are_the_whole_build_in_any_order(shards, whole, tmp_path, order):
    summary = merge_shards([shards[at] for at in order], tmp_path / "index")
    expected = contents(whole)
    assert contents(tmp_path / "index") == expected
    assert (summary.new, summary.known, summary.broken) == (len(expected["articles"]), 0, ())


def test_comparing_and_searching_a_merged_index_gives_what_the_whole_build_gives(shards, whole, tmp_path):
    merge_shards(shards, tmp_path / "index")
    with open_reader(whole, SETTINGS) as one, open_reader(tmp_path / "index", SETTINGS) as other:
        left, right = one.compare(), other.compare()
        assert left.groups
        assert left.divergences
        for field in ("outlets", "articles", "stories", "groups", "divergences", "unmatched", "copies"):
            assert getattr(left, field) == getattr(right, field), field
        questions = ["hostages and a ceasefire", "ХАМАС не может освободить заложников", "פיצוץ בנמל"]
        for question in questions:
            hits = one.search(question, top=10, filters=Filters())
            assert hits
            assert hits == other.search(question, top=10, filters=Filters())


def test_merging_again_or_one_after_the_other_changes_nothing(shards, whole, tmp_path):
    index = tmp_path / "index"
    for place in reversed(shards):
        merge_shards([place], index)
    assert unordered(contents(index)) == unordered(contents(whole))
    with open_index(index, mode="read") as opened:
        generation = opened.generation
    before = contents(index)
    summary = merge_shards([shards[1], shards[0], shards[1]], index)
    assert (summary.new, summary.translations) == (0, 0)
    assert contents(index) == before
    with open_index(index, mode="read") as opened:
        assert opened.generation == generation


def test_overlapping_shards_and_plain_indexes_merge(corpus, shards, whole, tmp_path):
    half = tmp_path / "half"
    build([corpus], half, SETTINGS, now=NOW, shard=Shard(1, 2))
    folders = sorted(path for path in corpus.iterdir() if path.is_dir())
    build(folders[:1], tmp_path / "plain", SETTINGS, now=NOW)
    summary = merge_shards([tmp_path / "plain", half, *shards], tmp_path / "index")
    assert unordered(contents(tmp_path / "index")) == unordered(contents(whole))
    assert summary.known > 0


def damage_catalogue(folder: Path) -> None:
    path = folder / "catalog.sqlite3"
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 12] = bytes(range(256)) * (4096 * 9 // 256)
    path.write_bytes(content)


def change_vector(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.sqlite3") as connection:
        ((key, blob),) = connection.execute("SELECT sentence_key, vector FROM vectors LIMIT 1")
        connection.execute(
            "UPDATE vectors SET vector = ? WHERE sentence_key = ?", (bytes([blob[0] ^ 1]) + blob[1:], key)
        )
    connection.close()


def lose_article(folder: Path) -> None:
    with open_index(folder, mode="write") as index:
        index.remove_articles([index.articles()[0].id])


def cut_manifest(folder: Path) -> None:
    path = folder / MANIFEST_FILE
    path.write_text(path.read_text()[:50])


def leave_unfinished(folder: Path) -> None:
    (folder / MANIFEST_FILE).write_text('{"shard": "2/3", "content": null}')


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (damage_catalogue, "damaged"),
        (change_vector, "other content"),
        (lose_article, "other content"),
        (cut_manifest, "damaged"),
        (leave_unfinished, "not built to its end"),
        (lambda folder: (folder / "catalog.sqlite3").unlink(), "no index here"),
    ],
    ids=["catalogue", "vector", "article gone", "manifest cut", "unfinished", "catalogue gone"],
)  # fmt: skip
def test_a_broken_shard_is_named_and_the_others_merge(shards, tmp_path, spoil, message):
    broken = tmp_path / "broken"
    shutil.copytree(shards[1], broken)
    spoil(broken)
    summary = merge_shards([shards[0], broken, shards[2]], tmp_path / "index")
    assert [problem.where for problem in summary.broken] == [str(broken)]
    assert message in summary.broken[0].message
    assert summary.broken[0].hint
    expected = {article.id for place in (shards[0], shards[2]) for article in contents(place)["articles"]}
    assert {article.id for article in contents(tmp_path / "index")["articles"]} == expected
    # The shard built again, everything is there.
    merge_shards([shards[1]], tmp_path / "index")
    assert len(contents(tmp_path / "index")["articles"]) == len(expected) + len(contents(shards[1])["articles"])


def test_a_shard_of_another_embedder_is_named(shards, corpus, tmp_path):
    settings = Settings(embedder=str(Path(__file__).parents[1] / "data/tiny-sentence-model"), translate=False)
    build([corpus / "more.jsonl"], tmp_path / "other", settings, now=NOW, shard=Shard(1, 1))
    summary = merge_shards([*shards, tmp_path / "other"], tmp_path / "index")
    assert len(summary.broken) == 1
    assert "made by" in summary.broken[0].message


def test_nothing_to_merge_is_an_error(shards, tmp_path):
    with pytest.raises(IndexStateError, match="no index here"):
        merge_shards([tmp_path / "a", tmp_path / "b"], tmp_path / "index")
    with pytest.raises(InputError, match="both a shard and the index"):
        merge_shards([shards[0]], shards[0])


def test_a_shard_that_is_built_again_has_the_same_content(corpus, shards, tmp_path):
    build([corpus], tmp_path / "again", SETTINGS, now=NOW, shard=Shard(2, 3))
    first, second = (
        json.loads((place / MANIFEST_FILE).read_text()) for place in (shards[1], tmp_path / "again")
    )
    assert first == second


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "1", "1/0", "-1/2", "a/b", "1/2/3", "1/1000000"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(InputError, match="expected a part"):
        Shard.parse(text)


@given(st.integers(1, 50), st.binary(min_size=10, max_size=10))
def test_an_id_falls_to_exactly_one_shard(of: int, content: bytes):
    owners = [
        number for number in range(1, of + 1) if Shard.parse(f"{number}/{of}").owns(ArticleId(content.hex()))
    ]
    assert len(owners) == 1
