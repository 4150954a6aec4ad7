"""The addresses as an OpenAPI 3.1 document: what may be asked, and which answers there are."""

from __future__ import annotations

from typing import Any

from xsource import __version__
from xsource.records import LANGUAGES, VERDICTS
from xsource.serve.asking import DAY_PATTERN, DEFAULT_TOP, ID_PATTERN, LAST_PAGE, LONGEST_QUESTION, MOST_TOP
from xsource.serve.reviewing import WITHDRAW

Document = dict[str, Any]

_ANSWERS = {
    200: "the page",
    202: "still being worked out; ask again in a second",
    204: "still being worked out, for a page that waits already",
    303: "written; back to the story",
    400: "a value that the form could not have sent, or a text in another language",
    403: "a form that no page of this server sent",
    404: "not in the index",
    413: "too large",
    414: "the address is too long",
    429: "too many requests",
    503: "busy, or the index is being written",
}
_EMPTY = (204, 303)


def api_document(*, allow_review: bool) -> Document:
    """Describe the addresses of a server."""
    paths: Document = {
        "/": _get("Stories, latest first", [_number("page", 1, LAST_PAGE)], 404),
        "/search": _get("Sentences by meaning", [*_question(), _number("top", DEFAULT_TOP, MOST_TOP)]),
        "/who-reports": _get("What every outlet does with a claim", _question()),
        "/stories/{story_id}": _get("Claims of a story, outlet by outlet", [_id("story_id")], 404),
        "/articles/{article_id}": _get("An article, sentence by sentence", [_id("article_id")], 404),
        "/health": {
            "get": {
                "summary": "Whether the server is there",
                "responses": _responses("application/json", 200, 413, 414, 429),
            }
        },
    }
    if allow_review:
        paths["/stories/{story_id}/reviews"] = _review()
    return {
        "openapi": "3.1.0",
        "info": {"title": "xsource serve", "version": __version__},
        "paths": paths,
    }


def _get(summary: str, parameters: list[Document], *more: int) -> Document:
    statuses = (200, 202, 204, 400, 413, 414, 429, 503, *more)
    responses = _responses("text/html", *statuses)
    return {"get": {"summary": summary, "parameters": parameters, "responses": responses}}


def _responses(media_type: str, *statuses: int) -> Document:
    plain = (413, 414, 429)
    return {
        str(status): {
            "description": _ANSWERS[status],
            **({} if status in _EMPTY else {"content": {"text/plain" if status in plain else media_type: {}}}),
        }
        for status in sorted(statuses)
    }


def _question() -> list[Document]:
    day = {"type": "string", "pattern": f"^{DAY_PATTERN}$"}
    language = {"type": "array", "items": {"enum": list(LANGUAGES)}, "uniqueItems": True}
    return [
        _query("q", {"type": "string", "maxLength": LONGEST_QUESTION}),
        {**_query("language", language), "explode": True},
        _query("outlet", {"type": "string", "maxLength": 200}),
        _query("since", day),
        _query("until", day),
    ]


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
    return {
        "post": {
            "summary": "Write a verdict on a divergence",
            "parameters": [_id("story_id")],
            "requestBody": {
                "required": True,
                "content": {"application/x-www-form-urlencoded": {"schema": schema}},
            },
            "responses": _responses("text/html", 303, 400, 403, 404, 413, 414, 429, 503),
        }
    }
