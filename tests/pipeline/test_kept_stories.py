"""Stories are found once for a state of the index; who shows one story reads no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from xsource.pipeline import build, open_reader
from xsource.settings import Settings
from xsource.store import Index

SETTINGS = Settings(embedder="ngrams", translate=False, detectors="number,date,place,omission")


@pytest.fixture
def index(tmp_path: Path, corpora: Path) -> Path:
    build([corpora / "port-explosion"], tmp_path / "index", SETTINGS)
    return tmp_path / "index"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int | None]]:
    """How many articles' texts and sentences' vectors are read: watched, and still answered."""
    found: list[tuple[str, int | None]] = []
    for name in ("articles", "latest_articles", "vectors"):
        plain = getattr(Index, name)

        def noted(self: Index, ids: object = None, *, name: str = name, plain: object = plain) -> object:
            ids = None if ids is None else list(ids)  # type: ignore[call-overload]
            found.append((name, None if ids is None else len(ids)))
            return plain(self) if ids is None else plain(self, ids)  # type: ignore[operator]

        monkeypatch.setattr(Index, name, noted)
    return found


def test_stories_of_one_state_are_found_once(index: Path, corpora: Path, asked: list[object]) -> None:
    with open_reader(index, SETTINGS) as reader:
        first = reader.all_stories()
    assert ("latest_articles", None) in asked
    asked.clear()
    with open_reader(index, SETTINGS) as reader:
        assert reader.all_stories() == first
        assert [story for story in first if len(reader.outlets_of(story)) > 1] == reader.stories()
    assert asked == []
    with open_reader(index, Settings(embedder="ngrams", translate=False, max_gap_days=1)) as reader:
        reader.all_stories()
    assert asked
    asked.clear()

    build([corpora], index, SETTINGS)
    with open_reader(index, SETTINGS) as reader:
        more = reader.all_stories()
    assert asked
    assert {id_ for story in more for id_ in story.article_ids} > {
        id_ for story in first for id_ in story.article_ids
    }


def test_a_story_and_an_article_are_read_without_the_others(index: Path, asked: list[object]) -> None:
    with open_reader(index, SETTINGS) as reader:
        story = reader.stories()[0]
        whole = reader.compare(story.id)
        _ = reader.reference
        outlets, articles = reader.outlets(), reader.count_articles()
    with open_reader(index, SETTINGS) as reader:
        reader.__dict__["reference"] = whole_reference(index)
        asked.clear()
        assert reader.compare(story.id) == whole
        assert (reader.outlets(), reader.count_articles()) == (outlets, articles)
        (claim, *_) = reader.read_article(story.article_ids[0])
        assert claim.article.id == story.article_ids[0]
        assert reader.read_article("nowhere") == []
    texts = [number for name, number in asked if name == "latest_articles"]
    assert None not in texts
    assert max(texts) == len(story.article_ids)
    assert "articles" not in {name for name, _ in asked}


def whole_reference(index: Path) -> object:
    """What the n-gram embedder's reference is: taken from articles, because none is shipped for it."""
    with open_reader(index, SETTINGS) as reader:
        return reader.reference
