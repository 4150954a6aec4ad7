"""Articles that are named to be removed."""

from __future__ import annotations

import json

import pytest

from xsource.errors import InputError
from xsource.pipeline import build, find_articles
from xsource.settings import Settings

PAGE = "https://www.sea-view.example/world/morinda"


@pytest.fixture
def index(tmp_path):
    texts = ("The port of Morinda was closed on Friday.", "The port of Morinda was opened again on Sunday.")
    records = [
        {"outlet": "sea-view", "url": url, "title": "Port", "text": text}
        for url, text in zip((PAGE, f"{PAGE}?utm_source=x"), texts, strict=True)
    ]
    records.append({"outlet": "tidewater", "url": "https://tidewater.example/1", "title": "", "text": texts[0]})
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    build([tmp_path / "news.jsonl"], tmp_path / "index", Settings(embedder="ngrams", translate=False))
    return tmp_path / "index"


@pytest.mark.parametrize(
    "wanted",
    [
        PAGE,
        f"{PAGE}/",
        "http://m.sea-view.example/world/morinda?fbclid=1",
        "https://sea-view.example/amp/world/morinda",
        "sea-view",
    ],
)
def test_a_page_is_found_however_its_address_is_written_and_in_every_version(index, wanted):
    found = find_articles(index, [wanted])
    assert [article.outlet_id for article in found] == ["sea-view", "sea-view"]
    assert find_articles(index, [found[1].id]) == [found[1]]


def test_another_page_is_not_found(index):
    with pytest.raises(InputError, match="is no article id, URL or outlet"):
        find_articles(index, ["https://sea-view.example/world/morinda-2"])
