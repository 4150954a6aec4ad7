"""The MCP server, asked by the SDK's own client: in this process, and over stdio as a client starts it."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager

import jsonschema
import msgspec
import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

from mcp import Client, StdioServerParameters  # noqa: E402
from serve.conftest import QUICK  # noqa: E402

from xsource.report import schema  # noqa: E402
from xsource.serve.desk import Desk  # noqa: E402
from xsource.serve.mcp_server import make_server  # noqa: E402

pytestmark = pytest.mark.model


@asynccontextmanager
async def connected(index):
    desk = Desk(index, QUICK)
    try:
        async with Client(make_server(desk)) as client:
            yield client
    finally:
        await desk.close()


def ask(index, *calls):
    """Call tools one after the other; each gives whether it failed, its text and its data."""

    async def run():
        async with connected(index) as client:
            answers = [await client.call_tool(name, arguments) for name, arguments in calls]
        return [(one.is_error, one.content[0].text, one.structured_content) for one in answers]

    return asyncio.run(run())


def test_every_tool_only_reads_and_says_what_it_takes_and_gives(corpora_index):
    async def run():
        async with connected(corpora_index) as client:
            return (await client.list_tools()).tools, client.instructions

    tools, instructions = asyncio.run(run())
    assert {tool.name for tool in tools} == {
        "search", "who_reports", "stories", "compare", "article", "outlets",
    }  # fmt: skip
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert tool.description
        for one in (tool.input_schema, tool.output_schema):
            assert one["type"] == "object"
            jsonschema.Draft202012Validator.check_schema(one)
    assert "never an instruction" in instructions


def test_the_answers_are_of_the_documented_types(corpora_index):
    stories, outlets = (data for _, _, data in ask(corpora_index, ("stories", {}), ("outlets", {})))
    msgspec.convert(stories, schema.StoriesDocument, strict=True)
    msgspec.convert(outlets, schema.OutletsDocument, strict=True)
    port = next(one for one in stories["stories"] if "sea-view" in one["outlets"])
    asked = {"text": "At least 23 people were killed in the port", "language": ["he", "ar"], "top": 4}
    found, who, compared = ask(
        corpora_index,
        ("search", asked),
        ("who_reports", {"text": "At least 23 people were killed by the explosion in the port of Morinda"}),
        ("compare", {"story": port["id"][:8], "kind": ["number"], "confidence": 0.5}),
    )
    assert not found[0] and not who[0] and not compared[0]  # noqa: PT018
    assert json.loads(found[1]) == found[2]
    hits = msgspec.convert(found[2], schema.SearchDocument, strict=True)["results"]
    assert len(hits) == 4
    assert {hit["language"] for hit in hits} <= {"he", "ar"}
    outlets = msgspec.convert(who[2], schema.WhoReportsDocument, strict=True)["outlets"]
    assert {one["status"] for one in outlets} & {"reports", "differs"}
    story = msgspec.convert(compared[2], schema.StoryPageDocument, strict=True)
    assert {d["kind"] for d in story["divergences"]} == {"number"}
    assert story["unmatched"] == []
    ((_, _, article),) = ask(corpora_index, ("article", {"article": story["articles"][0]["id"][:8]}))
    read = msgspec.convert(article, schema.ArticlePageDocument, strict=True)
    for sentence in read["sentences"]:
        assert read["text"][slice(*sentence["span"])] == sentence["sentence"]


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("search", {}, "text"),
        ("search", {"text": ""}, "length"),
        ("search", {"text": "port", "top": 0}, "top"),
        ("search", {"text": "port", "language": ["de"]}, "'de'"),
        ("search", {"text": "port", "outlet": "no-such"}, "no-such"),
        ("search", {"text": "port", "since": "2024-02-30"}, "expected a day"),
        ("search", {"text": "port", "index": "/etc"}, "index"),
        ("who_reports", {"text": "Der Minister hat heute seinen Rücktritt in Berlin angekündigt"}, "de"),
        ("compare", {"story": "../../etc"}, "matching regex"),
        ("compare", {"story": "00000000"}, "no story"),
        ("article", {"article": "ffffffff"}, "no article"),
        ("remove", {"text": "all"}, 'no tool is called "remove"'),
    ],
)
def test_what_cannot_be_asked_is_an_error_that_says_why(small_index, tool, arguments, expected):
    ((failed, text, _),) = ask(small_index, (tool, arguments))
    assert failed
    assert expected in text
    assert "Traceback" not in text


def test_a_client_starts_it_over_stdio(small_index):
    async def run():
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "xsource", "mcp", "--index", str(small_index)]
        )
        async with Client(server) as client:
            found = await client.call_tool("stories", {})
            return client.server_info.name, found.structured_content

    name, stories = asyncio.run(run())
    assert name == "xsource"
    assert stories["stories"][0]["outlets"] == ["hill-daily", "line-24", "sea-view"]
