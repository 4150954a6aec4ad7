"""The data of every page: of the documented types and no others, filtered, paged, under short ids."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest

from xsource.errors import InputError
from xsource.records import ArticleId, StoryId
from xsource.report import schema
from xsource.serve.api import api_document
from xsource.serve.contents import Contents, StoryLine

JSON = {"accept": "application/json"}


def held_to(document: Any, type_: type) -> Any:
    """Check that a document is of a type and has no field beside it."""
    assert msgspec.convert(document, type_, strict=True) == document
    return document


@pytest.fixture(scope="module")
def stories(site):
    return held_to(site.get("/stories.json").json(), schema.StoriesDocument)


PAGES = [
    ("/", "/stories.json", schema.StoriesDocument),
    ("/outlets", "/outlets.json", schema.OutletsDocument),
    (
        "/search?q=explosion+in+the+port&top=5",
        "/search.json?q=explosion+in+the+port&top=5",
        schema.SearchDocument,
    ),
    (
        "/who-reports?q=23+people+died+in+the+port",
        "/who-reports.json?q=23+people+died+in+the+port",
        schema.WhoReportsDocument,
    ),
    ("/stories/STORY", "/stories/STORY.json", schema.StoryPageDocument),
    ("/articles/ARTICLE", "/articles/ARTICLE.json", schema.ArticlePageDocument),
]


@pytest.fixture(scope="module")
def real(site, stories):
    story = stories["stories"][0]["id"]
    article = site.get(f"/stories/{story}.json").json()["articles"][0]["id"]
    return lambda address: address.replace("STORY", story).replace("ARTICLE", article)


@pytest.mark.model
@pytest.mark.parametrize(("page", "data", "type_"), PAGES, ids=[page for page, *_ in PAGES])
def test_every_page_has_its_data_by_suffix_and_by_accept(site, real, page, data, type_):
    by_suffix, by_accept = site.get(real(data)), site.get(real(page), headers=JSON)
    assert by_suffix.headers["content-type"] == by_accept.headers["content-type"] == "application/json"
    assert by_suffix.json() == by_accept.json()
    held_to(by_suffix.json(), type_)
    shown = site.get(real(page), headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert shown.headers["content-type"].startswith("text/html")
    assert "accept" in shown.headers["vary"]


@pytest.mark.model
def test_the_eight_letters_that_commands_print_open_a_story_and_an_article(site, stories, real):
    story = stories["stories"][0]["id"]
    for address in (f"/stories/{story[:8]}", f"/stories/{story[:5]}", real("/articles/ARTICLE")[:18]):
        assert site.get(address).status_code == 200
        assert site.get(f"{address}.json").status_code == 200
    whole = site.get(f"/stories/{story}.json").json()
    assert site.get(f"/stories/{story[:8]}.json").json() == whole


def test_letters_that_are_several_ids_say_so():
    ids = ("abcd1111aaaaaaaaaaaa", "abcd2222aaaaaaaaaaaa", "ef001111aaaaaaaaaaaa")
    lines = tuple(StoryLine(StoryId(one), "Blast", "", None, None, 2, (), ()) for one in ids)
    contents = Contents(1, lines, {}, (), {}, tuple(map(ArticleId, ids)), 3, 0)
    assert contents.article_id("abcd1") == ids[0]
    assert contents.story("ef00") == lines[2]
    assert contents.article_id("abce") is None
    assert contents.story("0000") is None
    for find in (contents.article_id, contents.story):
        with pytest.raises(InputError, match="an id that begins with abcd") as raised:
            find("abcd")
        assert raised.value.hint == "give more of it"


@pytest.mark.model
def test_stories_are_filtered_and_paged(site, stories):
    assert (stories["page"], stories["pages"], stories["total"]) == (1, 1, 3)

    def titles(**asked):
        return {one["id"] for one in site.get("/stories.json", params=asked).json()["stories"]}

    every = titles()
    port = next(one for one in stories["stories"] if "sea-view" in one["outlets"])
    assert titles(outlet="sea-view") == {port["id"]}
    assert titles(outlet=["sea-view", "tass"]) > {port["id"]}
    assert titles(since="2024-05-14", until="2024-05-14") == {port["id"]}
    assert titles(until="2024-05-13") | titles(since="2024-05-17") == every - {port["id"]}
    assert titles(language=["he"]) == every
    assert titles(ownership="state") == {one["id"] for one in stories["stories"] if "tass" in one["outlets"]}
    assert site.get("/stories.json", params={"page": 2}).status_code == 404
    for wrong in ({"ownership": "nobody"}, {"order": "random"}, {"since": "2024-06-01", "until": "2024-05-01"}):
        refused = site.get("/stories.json", params=wrong)
        assert refused.status_code == 400
        held_to(refused.json(), schema.ErrorDocument)


@pytest.mark.model
def test_a_storys_claims_are_filtered(site, stories):
    port = next(one for one in stories["stories"] if "sea-view" in one["outlets"])["id"]
    whole = site.get(f"/stories/{port}.json").json()

    def asked(**parameters):
        return held_to(site.get(f"/stories/{port}.json", params=parameters).json(), schema.StoryPageDocument)

    numbers = asked(kind="number")
    assert {d["kind"] for d in numbers["divergences"]} == {"number"}
    assert {group["id"] for group in numbers["groups"]} == {d["group"] for d in numbers["divergences"]}
    assert numbers["total"] == len(numbers["groups"])
    # What an outlet does with a claim is told by all that was found, not by what is left of it.
    states = {group["id"]: group["outlets"] for group in whole["groups"]}
    assert all(group["outlets"] == states[group["id"]] for group in numbers["groups"])
    sure = asked(confidence="0.9")
    assert sure["divergences"]
    assert all(d["confidence"] >= 0.9 for d in sure["divergences"])
    hebrew = asked(language="he")
    assert all(any(c["language"] == "he" for c in group["claims"]) for group in hebrew["groups"])
    assert 0 < hebrew["total"] < whole["total"]
    assert asked(verdict="wrong")["groups"] == []
    assert site.get(f"/stories/{port}.json", params={"page": 99}).status_code == 404


@pytest.mark.model
def test_a_search_has_pages_that_go_on(site):
    def page(number, top=4):
        asked = {"q": "An explosion hit the port of Morinda", "top": top, "page": number}
        return [one["sentence"] for one in site.get("/search.json", params=asked).json()["results"]]

    assert page(1) + page(2) == page(1, top=8)
    assert site.get("/search.json", params={"q": "port", "page": 11}).status_code == 400


@pytest.mark.model
def test_failures_are_data_too(site):
    for address, status in (
        ("/stories/0000000000.json", 404),
        ("/search.json?q=%00", 400),
        ("/nowhere.json", 404),
    ):
        answer = site.get(address)
        assert answer.status_code == status
        held_to(answer.json(), schema.ErrorDocument)


def test_the_openapi_document_has_every_field_of_the_types():
    components = api_document(allow_review=False)["components"]["schemas"]
    for name, component in components.items():
        assert set(component["properties"]) == set(get_type_hints(getattr(schema, name)))
        assert set(component["required"]) == set(component["properties"])


def test_the_reference_of_the_json_is_that_of_the_types():
    tool = Path(__file__).parents[2] / "tools" / "json_reference.py"
    checked = subprocess.run([sys.executable, str(tool), "--check"])
    assert checked.returncode == 0, "run: python tools/json_reference.py"
