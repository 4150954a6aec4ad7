"""What a language model's client may ask over MCP: the arguments of every tool, and how they are answered.

Each tool gives the data of a page of `xsource serve`: the same question, the same types, the same limits.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, structs

from xsource.errors import InputError
from xsource.records import DIVERGENCE_KINDS, Language
from xsource.report.schema import (
    ArticlePageDocument,
    OutletsDocument,
    SearchDocument,
    StoriesDocument,
    StoryPageDocument,
    WhoReportsDocument,
)
from xsource.serve.asking import (
    ID_PATTERN,
    LONGEST_QUESTION,
    MOST_PAGES_OF_HITS,
    MOST_TOP,
    STORIES_A_PAGE,
    Parameters,
    is_id,
    read_claim_filters,
    read_page,
    read_question,
    read_story_filters,
)
from xsource.serve.contents import choose_stories
from xsource.serve.data import (
    article_page_document,
    in_order,
    outlets_document,
    search_document,
    stories_document,
    story_document,
    who_reports_document,
)
from xsource.serve.editions import Edition

PATIENCE_SECONDS = 120.0
"""A client waits for a tool without asking again; a comparison of a large story takes half a minute."""

Question = Annotated[
    str,
    Meta(min_length=1, max_length=LONGEST_QUESTION, description="in Russian, Hebrew, Arabic or English"),
]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="a day in UTC: 2023-10-27")]
Id = Annotated[str, Meta(pattern=f"^{ID_PATTERN}$", description="an id, or its first letters (4 at least)")]
Page = Annotated[int, Meta(ge=1, le=1_000_000, description="which page, from 1")]
Outlets = Annotated[list[str], Meta(description="ids of outlets; all when empty")]
Languages = Annotated[list[Language], Meta(description="all when empty")]


class Search(Struct, forbid_unknown_fields=True):
    """Find the sentences nearest in meaning to a text, whatever language they are in."""

    text: Question
    language: Languages = []
    outlet: Annotated[str, Meta(max_length=200, description="one outlet's id; all when empty")] = ""
    since: Day | None = None
    until: Day | None = None
    top: Annotated[int, Meta(ge=1, le=MOST_TOP)] = 10
    page: Annotated[int, Meta(ge=1, le=MOST_PAGES_OF_HITS)] = 1


class WhoReports(Struct, forbid_unknown_fields=True):
    """Say of every outlet what it does with a claim, with the sentence that shows it.

    It reports it, differs, says the contrary, is unsure, silent (covers the story, not the claim), or has no
    coverage.
    """

    text: Annotated[Question, Meta(description="the claim, as one statement")]


class Stories(Struct, forbid_unknown_fields=True):
    """List the events that two outlets or more cover, those told differently in most claims first."""

    outlet: Outlets = []
    language: Languages = []
    ownership: Annotated[
        list[Literal["state", "public", "private"]], Meta(description="of one of the story's outlets")
    ] = []
    since: Day | None = None
    until: Day | None = None
    order: Literal["contested", "latest"] = "contested"
    page: Page = 1


class Compare(Struct, forbid_unknown_fields=True):
    """Compare what the outlets of one story say.

    Gives its claims with the outlets that make them, and every difference with the words on each side.
    """

    story: Id
    kind: Annotated[
        list[Annotated[str, Meta(extra_json_schema={"enum": list(DIVERGENCE_KINDS)})]],
        Meta(description="kinds of difference; all when empty"),
    ] = []
    outlet: Outlets = []
    language: Languages = []
    confidence: Annotated[float, Meta(ge=0, le=1, description="of the differences, at least")] = 0.0
    alone: Annotated[bool, Meta(description="also the claims that one outlet alone makes")] = False
    page: Page = 1


class ReadArticle(Struct, forbid_unknown_fields=True):
    """Read a whole article, sentence by sentence, with translations where there are any."""

    article: Id


class ListOutlets(Struct, forbid_unknown_fields=True):
    """List the outlets in the index with language, country and who owns them."""


@dataclass(frozen=True, slots=True)
class ToolKind:
    """One tool: what it takes, what it gives, and how."""

    name: str
    arguments: type[Struct]
    gives: Any
    answer: Callable[[Edition, Any], Awaitable[Any]]


def _parameters(arguments: Struct) -> Parameters:
    """Write arguments as a page's address has them, so that they are read and checked by the same code."""
    values: dict[str, list[str]] = {}
    for name, value in structs.asdict(arguments).items():
        if value is None or value == "":
            continue
        each = value if isinstance(value, list) else [value]
        # `str(1e-05)` is no number that an address has.
        texts = [f"{one:.4f}" if isinstance(one, float) else str(one) for one in each]
        values["q" if name == "text" else name] = texts
    return values


async def _search(edition: Edition, arguments: Search) -> SearchDocument:
    asked = read_question(_parameters(arguments))
    contents = await edition.contents(PATIENCE_SECONDS)
    wanted = asked.top * arguments.page
    hits = await edition.search(asked.text, asked.filters(), wanted, PATIENCE_SECONDS)
    return search_document(contents, asked.text, arguments.page, hits[wanted - asked.top :])


async def _who_reports(edition: Edition, arguments: WhoReports) -> WhoReportsDocument:
    asked = read_question(_parameters(arguments))
    contents = await edition.contents(PATIENCE_SECONDS)
    answers = await edition.who_reports(asked.text, PATIENCE_SECONDS)
    return who_reports_document(contents, asked.text, answers)


async def _stories(edition: Edition, arguments: Stories) -> StoriesDocument:
    parameters = _parameters(arguments)
    filters, page = read_story_filters(parameters), read_page(parameters)
    contents = await edition.contents(PATIENCE_SECONDS)
    counts = edition.counts()
    stories = in_order(choose_stories(contents, filters), counts, filters.order)
    pages = max(1, -(-len(stories) // STORIES_A_PAGE))
    shown = stories[(page - 1) * STORIES_A_PAGE : page * STORIES_A_PAGE]
    return stories_document(contents, shown, counts, filters.order, (page, pages, len(stories)))


async def _compare(edition: Edition, arguments: Compare) -> StoryPageDocument:
    parameters = _parameters(arguments)
    filters, page = read_claim_filters(parameters), read_page(parameters)
    contents = await edition.contents(PATIENCE_SECONDS)
    line = contents.story(arguments.story) if is_id(arguments.story) else None
    if line is None:
        raise InputError(
            f"no story has an id that begins with {arguments.story}", "the tool `stories` lists them"
        )
    document = story_document(await edition.compare(line.id, PATIENCE_SECONDS), filters, page)
    if document is None:
        raise InputError(f"page {page} is beyond the last", "begin with page 1")
    if not arguments.alone:
        document["unmatched"] = []
    return document


async def _article(edition: Edition, arguments: ReadArticle) -> ArticlePageDocument:
    contents = await edition.contents(PATIENCE_SECONDS)
    article_id = contents.article_id(arguments.article) if is_id(arguments.article) else None
    if article_id is None:
        raise InputError(
            f"no article has an id that begins with {arguments.article}", "the tool `compare` gives their ids"
        )
    return article_page_document(contents, await edition.article(article_id, PATIENCE_SECONDS))


async def _outlets(edition: Edition, arguments: ListOutlets) -> OutletsDocument:  # noqa: ARG001 - it takes none
    return outlets_document(await edition.contents(PATIENCE_SECONDS))


TOOLS: tuple[ToolKind, ...] = (
    ToolKind("search", Search, SearchDocument, _search),
    ToolKind("who_reports", WhoReports, WhoReportsDocument, _who_reports),
    ToolKind("stories", Stories, StoriesDocument, _stories),
    ToolKind("compare", Compare, StoryPageDocument, _compare),
    ToolKind("article", ReadArticle, ArticlePageDocument, _article),
    ToolKind("outlets", ListOutlets, OutletsDocument, _outlets),
)
