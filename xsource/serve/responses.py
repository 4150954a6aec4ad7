"""Pages and data as responses, and failures as both: what happened, with no file of this machine named."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from xsource.errors import InputError, StorageError, XSourceError
from xsource.report.schema import ErrorDocument
from xsource.serve.asking import Asked, Parameters, read_question
from xsource.serve.data import data_response, wants_data
from xsource.serve.pages import render

LOG = logging.getLogger("xsource.serve")
VARY = {"vary": "accept"}
"""The same address gives a page and its data."""


def parameters_of(request: Request) -> Parameters:
    """Give the values of every name in an address."""
    values: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        values.setdefault(name, []).append(value)
    return values


def page_response(
    template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any
) -> Response:
    """Draw a page."""
    return HTMLResponse(render(template, **values), status, {**VARY, **(headers or {})})


def working(request: Request, **values: Any) -> Response:
    """Say that the answer is on its way. The page looks again by itself, with and without JavaScript."""
    if wants_data(request):
        document = _error_document("this is still being worked out", "ask again in a second")
        return data_response(document, HTTPStatus.ACCEPTED, {"retry-after": "1"})
    if is_waiting_page(request):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    again = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asked = asked_of(request)
    return page_response(
        "working.html.jinja", HTTPStatus.ACCEPTED, {"retry-after": "1"}, again=again, asked=asked, **values
    )


def asked_of(request: Request) -> Asked | None:
    """Give what was asked, so that the box keeps it; `None` where it cannot be read."""
    try:
        return read_question(parameters_of(request))
    except InputError:
        return None


def is_waiting_page(request: Request) -> bool:
    """Whether a page asks that waits for an answer."""
    return request.headers.get("hx-trigger") == "waiting"


def _error_document(message: str, hint: str = "") -> ErrorDocument:
    return {"error": message, "hint": hint}


def _error(request: Request, status: int, title: str, message: str, hint: str = "", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if wants_data(request):
        return data_response(_error_document(message, hint), status, named)
    return page_response("error.html.jinja", status, named, title=title, message=message, hint=hint)


async def tell_http(request: Request, error: Exception) -> Response:
    """Tell that an address or a method is none of ours."""
    error = cast("HTTPException", error)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _error(request, 404, "Not here", "Nothing is at this address, or it is no longer in the index.")
    phrase = HTTPStatus(error.status_code).phrase
    return _error(
        request,
        error.status_code,
        phrase,
        f"The request was not understood ({phrase}).",
        **(error.headers or {}),
    )


async def tell_input(request: Request, error: Exception) -> Response:
    """Tell that a question cannot be asked."""
    error = cast("InputError", error)
    if wants_data(request):
        return data_response(_error_document(error.message, error.hint), HTTPStatus.BAD_REQUEST)
    title = "That cannot be asked"
    return page_response(
        "error.html.jinja", 400, title=title, message=error.message, hint=error.hint, asked=asked_of(request)
    )


async def tell_working(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    """Tell that an answer is on its way."""
    if request.method != "GET":
        return _error(
            request, 503, "Not yet", "The comparison is not ready; send the form again.", retry_after="5"
        )
    return working(request, line=None)


async def tell_busy(request: Request, error: Exception) -> Response:
    """Tell that too many questions are waiting."""
    error = cast("XSourceError", error)
    return _error(request, 503, "Busy", f"{error.message.capitalize()}.", error.hint, retry_after="3")


async def tell_not_ours(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    """Tell that no page of ours has sent a form."""
    return _error(
        request,
        403,
        "This form is not known",
        "The form was not sent by a page of this server, or the server was started again since.",
        "Load the story again and send it from there.",
    )


async def tell_too_large(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    """Tell that a body is too large."""
    return PlainTextResponse("The request is too large.", 413)


async def tell_failure(request: Request, error: Exception) -> Response:
    """Tell that the index cannot be read or is in use."""
    # Messages about files name them: they are for whoever started the server, not for a visitor.
    error = cast("XSourceError", error)
    LOG.error("%s (%s)", error.message, error.hint or "no hint")
    if isinstance(error, StorageError):
        return _error(
            request, 503, "The index is in use", "Another process is writing the index.",
            "Try again in a moment.", retry_after="3",
        )  # fmt: skip
    return _error(request, 503, "The index cannot be read", "The log of the server says why.")


async def tell_nobody(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    """Answer somebody who has gone in the middle of it: nobody's fault, and nothing to log."""
    return Response(status_code=400)


async def tell_bug(request: Request, error: Exception) -> Response:
    """Tell that something failed, and log what."""
    LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _error(request, 500, "This failed", "Something went wrong here; the log of the server says what.")
