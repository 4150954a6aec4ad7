"""Stories are kept for one state of an index and one way of finding them, and never believed when damaged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xsource.records import ArticleId, Story, StoryId
from xsource.store import Index, open_index
from xsource.store.replacing import is_index_file
from xsource.store.story_file import _read, _write

WHOLE = st.characters(exclude_categories=["Cs"])
MOMENTS = st.none() | st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)).map(  # noqa: DTZ001 - bounds are naive
    lambda moment: moment.replace(tzinfo=UTC)
)
STORIES = st.lists(
    st.builds(
        Story,
        id=st.text(WHOLE).map(StoryId),
        title=st.text(WHOLE),
        article_ids=st.lists(st.text(WHOLE).map(ArticleId)).map(tuple),
        first_published=MOMENTS,
        last_published=MOMENTS,
    )
)
DAY = datetime(2024, 2, 1, 6, 30, 0, 5, UTC)
PORT = [
    Story(
        StoryId("3f2a"), "Делегация прибыла в порт", (ArticleId("a"), ArticleId("б")), DAY, DAY + timedelta(1)
    ),
    Story(StoryId("91cc"), "المنارة", (ArticleId("ג"),), None, None),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stories") / "stories-1-a-b.json"


@given(stories=STORIES)
@settings(deadline=None)
def test_what_is_written_is_read(place: Path, stories: list[Story]) -> None:
    _write(place, stories)
    assert _read(place) == stories
    assert list(place.parent.iterdir()) == [place]


def _fill(folder: Path, newsroom: ModuleType) -> None:
    with open_index(folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION) as index:
        index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
        index.vector_store()


def test_a_reader_keeps_stories_until_the_articles_change(folder: Path, newsroom: ModuleType) -> None:
    _fill(folder, newsroom)
    with open_index(folder, mode="read") as reader:
        assert reader.kept_stories("recipe 1") is None
        reader.keep_stories("recipe 1", PORT)
        reader.keep_stories("recipe 2", PORT[:1])
    with open_index(folder, mode="read") as reader:
        assert reader.kept_stories("recipe 1") == PORT
        assert reader.kept_stories("recipe 2") == PORT[:1]
        assert reader.kept_stories("recipe 3") is None
        generation = reader.generation
        assert reader.check() == []
    with open_index(folder, mode="write") as index:
        assert index.generation == generation
        index.write_translations(("ru", "en"), "m/1", {})
        assert index.kept_stories("recipe 1") == PORT
        index.write_articles(newsroom.make_batch(1), newsroom.OUTLETS)
        assert index.kept_stories("recipe 1") is None
        index.keep_stories("recipe 1", PORT[1:])
    (kept,) = folder.glob("*stories-*")
    assert is_index_file(kept.name)
    with open_index(folder, mode="read") as reader:
        assert reader.kept_stories("recipe 1") == PORT[1:]


def test_stories_that_are_not_what_was_written_are_not_believed(folder: Path, newsroom: ModuleType) -> None:
    _fill(folder, newsroom)
    with open_index(folder, mode="write") as index:
        index.keep_stories("recipe 1", PORT)
        (path,) = folder.glob("stories-*.json")
        content = path.read_bytes()
        for place in range(0, len(content), 7):
            damaged = bytearray(content)
            damaged[place] ^= 0x04
            path.write_bytes(damaged)
            assert index.kept_stories("recipe 1") is None
        (finding,) = index.check()
        assert (finding.where, finding.is_repairable) == (path, True)
        assert index.repair() == []
        assert not path.exists()


def test_a_folder_in_the_place_of_the_file_stops_nobody(folder: Path, newsroom: ModuleType) -> None:
    _fill(folder, newsroom)
    with open_index(folder, mode="write") as index:
        index.keep_stories("recipe 1", PORT)
        (path,) = folder.glob("stories-*.json")
        path.unlink()
        path.mkdir()
        (path / "kept").write_text("somebody's", "utf-8")
        index.keep_stories("recipe 1", PORT)
        assert index.kept_stories("recipe 1") is None
        assert list(folder.glob(".stories-*")) == []
        (finding,) = index.check()
        assert finding.where == path
        assert index.repair() == []
        index.keep_stories("recipe 1", PORT)
        assert index.kept_stories("recipe 1") == PORT
    assert [place.read_text("utf-8") for place in folder.rglob("kept")] == ["somebody's"]


def test_a_file_that_goes_while_they_are_listed_is_no_fault(
    index: Index, folder: Path, newsroom: ModuleType
) -> None:
    index.write_articles(newsroom.make_batch(0), newsroom.OUTLETS)
    index.keep_stories("recipe 1", PORT)
    (path,) = folder.glob("stories-*.json")
    path.unlink()
    path.symlink_to(folder / "gone")
    assert list(index._story_file_findings()) == []
