"""The addresses as an OpenAPI 3.1 document: what may be asked, and of which types the answers are.

The schemas are made from the types that the answers are made of, so the document cannot say something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from xsource import __version__
from xsource.outlets import OWNERSHIPS
from xsource.records import DIVERGENCE_KINDS, LANGUAGES, VERDICTS
from xsource.report.reviews import NOT_REVIEWED
from xsource.report.schema import (
    ArticlePageDocument,
    ErrorDocument,
    HealthDocument,
    OutletsDocument,
    SearchDocument,
    StoriesDocument,
    StoryPageDocument,
    WhoReportsDocument,
)
from xsource.serve.asking import (
    DAY_PATTERN,
    DEFAULT_TOP,
    ID_PATTERN,
    LAST_PAGE,
    LONGEST_QUESTION,
    MOST_PAGES_OF_HITS,
    MOST_TOP,
    ORDERS,
)
from xsource.serve.data import MEDIA_TYPE, SUFFIX
from xsource.serve.reviewing import WITHDRAW

Document = dict[str, Any]

_REFERENCE = "#/components/schemas/{name}"
_ANSWERS = {
    200: "the page, or its data",
    202: "still being worked out; ask again in a second",
    204: "still being worked out, for a page that waits already",
    303: "written; back to the story",
    400: "a value that the form could not have sent, a text in another language, or an id of several",
    403: "a form that no page of this server sent",
    404: "not in the index",
    413: "too large",
    414: "the address is too long",
    429: "too many requests",
    503: "busy, or the index is being written",
}
_EMPTY = (204, 303)
_PLAIN = (413, 414, 429)


def api_document(*, allow_review: bool) -> Document:
    """Describe the addresses of a server: every page, and under the same address with a suffix its data."""
    pages: list[tuple[str, str, list[Document], Any]] = [
        ("/", "Stories, the contested first", [*_story_filters(), _page()], StoriesDocument),
        (
            "/search",
            "Sentences by meaning",
            [*_question(), _number("top", DEFAULT_TOP, MOST_TOP), _page(MOST_PAGES_OF_HITS)],
            SearchDocument,
        ),
        ("/who-reports", "What every outlet does with a claim", _question(), WhoReportsDocument),
        ("/outlets", "Who publishes", [], OutletsDocument),
        (
            "/stories/{story_id}",
            "Claims of a story, outlet by outlet",
            [_id("story_id"), *_claim_filters(), _page()],
            StoryPageDocument,
        ),
        (
            "/articles/{article_id}",
            "An article, sentence by sentence",
            [_id("article_id")],
            ArticlePageDocument,
        ),
    ]
    types = [HealthDocument, ErrorDocument, *(type_ for *_, type_ in pages)]
    _, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    paths: Document = {}
    for path, summary, parameters, type_ in pages:
        statuses = (200, 202, 204, 400, 404, 413, 414, 429, 503)
        operation = {"summary": summary, "parameters": parameters}
        paths[path] = {
            "get": {**operation, "responses": _responses(("text/html", MEDIA_TYPE), type_, statuses)}
        }
        data = {**operation, "summary": f"{summary}: the data"}
        paths[f"/stories{SUFFIX}" if path == "/" else f"{path}{SUFFIX}"] = {
            "get": {**data, "responses": _responses((MEDIA_TYPE,), type_, statuses)}
        }
    paths["/health"] = {
        "get": {
            "summary": "Whether the server is there",
            "responses": _responses((MEDIA_TYPE,), HealthDocument, (200, 413, 414, 429)),
        }
    }
    if allow_review:
        paths["/stories/{story_id}/reviews"] = _review()
    return {
        "openapi": "3.1.0",
        "info": {"title": "xsource serve", "version": __version__},
        "paths": paths,
        "components": {"schemas": components},
    }


def _responses(media_types: Iterable[str], type_: Any, statuses: Iterable[int]) -> Document:
    responses: Document = {}
    for status in sorted(statuses):
        responses[str(status)] = {"description": _ANSWERS[status]}
        if status in _PLAIN:
            responses[str(status)]["content"] = {"text/plain": {}}
        elif status not in _EMPTY:
            shape = type_ if status == 200 else ErrorDocument
            responses[str(status)]["content"] = {
                media_type: {"schema": _reference(shape)} if media_type == MEDIA_TYPE else {}
                for media_type in media_types
            }
    return responses


def _reference(type_: Any) -> Document:
    (reference,), _ = msgspec.json.schema_components([type_], ref_template=_REFERENCE)
    return reference


def _question() -> list[Document]:
    return [
        _query("q", {"type": "string", "maxLength": LONGEST_QUESTION}),
        _choices("language", LANGUAGES),
        _query("outlet", {"type": "string", "maxLength": 200}),
        *_days(),
    ]


def _story_filters() -> list[Document]:
    return [
        _choices("outlet"),
        _choices("language", LANGUAGES),
        _choices("ownership", OWNERSHIPS),
        *_days(),
        _query("order", {"enum": list(ORDERS), "default": ORDERS[0]}),
    ]


def _claim_filters() -> list[Document]:
    return [
        _choices("kind", DIVERGENCE_KINDS),
        _choices("outlet"),
        _choices("language", LANGUAGES),
        _choices("verdict", (*VERDICTS, NOT_REVIEWED)),
        _query("confidence", {"type": "string", "pattern": r"^([01](\.[0-9]{1,4})?)?$"}),
    ]


def _days() -> list[Document]:
    day = {"type": "string", "pattern": f"^{DAY_PATTERN}$"}
    return [_query("since", day), _query("until", day)]


def _choices(name: str, known: Iterable[str] = ()) -> Document:
    """Describe a parameter that may be repeated."""
    item: Document = {"enum": list(known)} if known else {"type": "string", "maxLength": 200}
    schema = {"type": "array", "items": item, "uniqueItems": True}
    return {**_query(name, schema), "explode": True}


def _page(last: int = LAST_PAGE) -> Document:
    return _number("page", 1, last)


def _number(name: str, default: int, most: int) -> Document:
    return _query(name, {"type": "integer", "minimum": 1, "maximum": most, "default": default})


def _query(name: str, schema: Document) -> Document:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _id(name: str) -> Document:
    schema = {"type": "string", "pattern": f"^{ID_PATTERN}$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _review() -> Document:
    fields = {
        "token": {"type": "string"},
        "divergence": {"type": "string", "pattern": f"^{ID_PATTERN}$"},
        "verdict": {"enum": [*VERDICTS, WITHDRAW]},
        "note": {"type": "string", "maxLength": 4000},
        "by": {"type": "string", "maxLength": 200},
    }
    schema = {"type": "object", "required": ["token", "divergence", "verdict"], "properties": fields}
    statuses = (303, 400, 403, 404, 413, 414, 429, 503)
    return {
        "post": {
            "summary": "Write a verdict on a divergence",
            "parameters": [_id("story_id")],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": schema}},
            },
            "responses": _responses(("text/html", MEDIA_TYPE), ErrorDocument, statuses),
        }
    }
