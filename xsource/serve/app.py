"""Addresses to pages, and failures to pages that say what happened and name no file of this machine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from xsource.errors import InputError, StorageError, XSourceError
from xsource.report.page import view_page
from xsource.serve.api import api_document
from xsource.serve.asking import STORIES_A_PAGE, Asked, Parameters, is_id, read_page, read_question
from xsource.serve.contents import TARGET, Contents, view_answers, view_article, view_hits
from xsource.serve.desk import Desk
from xsource.serve.editions import Edition, StillWorkingError, TooBusyError
from xsource.serve.guarding import LOOPBACK_NAMES, BodyTooLargeError, Rate, guard
from xsource.serve.pages import assets_by_name, render
from xsource.serve.reviewing import COOKIE, FormGuard, NotOursError, add_reviews, write_verdict

Answer = Callable[[Request], Awaitable[Response]]

LOG = logging.getLogger("xsource.serve")
PATIENCE_SECONDS = 2.5
"""How long a page is waited for; after it a page says that the answer is on its way, and looks again."""
FORM_PATIENCE_SECONDS = 30.0
"""A verdict is not sent twice by itself, so it waits longer."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How pages are served.

    Attributes:
        hosts: names under which they may be asked for.
        allow_review: take verdicts; otherwise nothing can be changed.
        rate: how often one address may ask.
        patience: seconds, see `PATIENCE_SECONDS`.
    """

    hosts: Sequence[str] = LOOPBACK_NAMES
    allow_review: bool = False
    rate: Rate = field(default_factory=Rate)
    patience: float = PATIENCE_SECONDS


def make_app(desk: Desk, options: ServeOptions | None = None) -> ASGIApp:
    """Make the app over an open index; it closes the desk when it ends."""
    options = options or ServeOptions()
    site = Site(desk, options)
    routes = [
        Route("/", _when_ready(site.home), methods=["GET"]),
        Route("/search", _when_ready(site.search), methods=["GET"]),
        Route("/who-reports", _when_ready(site.who_reports), methods=["GET"]),
        Route("/stories/{story_id}", _when_ready(site.story), methods=["GET"]),
        Route("/articles/{article_id}", _when_ready(site.article), methods=["GET"]),
        Route("/assets/{name}", site.asset, methods=["GET"]),
        Route("/health", site.health, methods=["GET"]),
        Route("/openapi.json", site.api, methods=["GET"]),
    ]
    if options.allow_review:
        routes.append(Route("/stories/{story_id}/reviews", site.review, methods=["POST"]))
    inner = Starlette(
        routes=routes,
        lifespan=site.lifespan,
        exception_handlers={
            HTTPException: _tell_http,
            InputError: _tell_input,
            StillWorkingError: _tell_working,
            TooBusyError: _tell_busy,
            NotOursError: _tell_not_ours,
            BodyTooLargeError: _tell_too_large,
            ClientDisconnect: _tell_nobody,
            XSourceError: _tell_failure,
            Exception: _tell_bug,
        },
    )
    # `/stories/` is not `/stories`: a redirect would only repeat what was asked in its `Location`.
    inner.router.redirect_slashes = False
    return guard(inner, options.hosts, options.rate)


class Site:
    """The pages over one desk."""

    def __init__(self, desk: Desk, options: ServeOptions) -> None:
        self._desk, self._options = desk, options
        self._forms = FormGuard() if options.allow_review else None

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:  # noqa: ARG002 - Starlette passes itself
        """Watch for newer generations while the server runs."""
        watching = asyncio.create_task(self._desk.watch())
        try:
            yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            await self._desk.close()

    async def home(self, request: Request) -> Response:
        """List the stories, latest first."""
        page = read_page(_parameters(request))
        with self._desk.reading() as edition:
            contents = await edition.contents(self._options.patience)
        pages = max(1, -(-len(contents.stories) // STORIES_A_PAGE))
        if page > pages:
            raise HTTPException(404)
        start = (page - 1) * STORIES_A_PAGE
        shown = contents.stories[start : start + STORIES_A_PAGE]
        return _page("home.html.jinja", contents=contents, shown=shown, page=page, pages=pages)

    async def search(self, request: Request) -> Response:
        """Find sentences by meaning."""
        asked = read_question(_parameters(request))
        with self._desk.reading() as edition:
            contents = await self._contents(edition, asked)
            hits = []
            if asked.text:
                hits = await edition.search(asked.text, asked.filters(), asked.top, self._options.patience)
        return _page("search.html.jinja", asked=asked, contents=contents, hits=view_hits(hits, contents))

    async def who_reports(self, request: Request) -> Response:
        """Say of every outlet what it does with a claim."""
        asked = read_question(_parameters(request))
        with self._desk.reading() as edition:
            contents = await self._contents(edition, asked)
            answers = []
            if asked.text:
                answers = await edition.who_reports(asked.text, self._options.patience)
        standings = view_answers(answers, contents)
        return _page("who_reports.html.jinja", asked=asked, contents=contents, standings=standings)

    async def _contents(self, edition: Edition, asked: Asked) -> Contents:
        asked.filters()
        contents = await edition.contents(self._options.patience)
        if asked.outlet and asked.outlet not in {outlet.id for outlet in contents.outlets}:
            raise InputError("the outlet is not in the index", "the form lists those that are")
        return contents

    async def story(self, request: Request) -> Response:
        """Show a story: claims down, outlets across, quotes side by side."""
        story_id = request.path_params["story_id"]
        with self._desk.reading() as edition:
            contents = await edition.contents(self._options.patience)
            line = contents.story(story_id) if is_id(story_id) else None
            if line is None:
                raise HTTPException(404)
            try:
                comparison = await edition.compare(line.id, self._options.patience)
            except StillWorkingError:
                return _working(request, line=line)
        comparison = await add_reviews(self._desk, comparison)
        token, cookie = "", ""
        if self._forms:
            cookie = self._forms.cookie_of(request)
            token = self._forms.token_for(cookie)
        # A story of 40 outlets and 300 claims takes a second to draw: other pages go on meanwhile.
        text = await asyncio.to_thread(
            lambda: render(
                "served_story.html.jinja",
                line=line,
                page=view_page(comparison, TARGET),
                contents=contents,
                form_token=token,
            )
        )
        response = HTMLResponse(text)
        if cookie:
            response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/stories")
        return response

    async def article(self, request: Request) -> Response:
        """Show an article whole; its sentences have an address each."""
        article_id = request.path_params["article_id"]
        with self._desk.reading() as edition:
            contents = await edition.contents(self._options.patience)
            claims = await edition.article(article_id, self._options.patience) if is_id(article_id) else []
        if not claims:
            raise HTTPException(404)
        return _page("article.html.jinja", view=view_article(claims, contents), contents=contents)

    async def asset(self, request: Request) -> Response:
        """Give a file of ours by its whole name: there is no folder behind it."""
        asset = assets_by_name().get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(asset.content, headers=headers, media_type=asset.media_type)

    async def health(self, request: Request) -> Response:  # noqa: ARG002 - the router passes it
        """Say that the server is there, and which generation of the index it shows."""
        return JSONResponse({"status": "ok", "generation": self._desk.generation})

    async def api(self, request: Request) -> Response:  # noqa: ARG002 - the router passes it
        """Describe the addresses."""
        return JSONResponse(api_document(allow_review=self._options.allow_review))

    async def review(self, request: Request) -> Response:
        """Write an analyst's verdict, and lead back to what it is about."""
        assert self._forms is not None
        form = await self._forms.read(request)
        story_id = request.path_params["story_id"]
        with self._desk.reading() as edition:
            contents = await edition.contents(FORM_PATIENCE_SECONDS)
            line = contents.story(story_id) if is_id(story_id) else None
            if line is None or not is_id(form.divergence):
                raise HTTPException(404)
            comparison = await edition.compare(line.id, FORM_PATIENCE_SECONDS)
            if form.divergence not in {divergence.id for divergence in comparison.divergences}:
                raise HTTPException(404)
            await write_verdict(self._desk, comparison, form)
        return RedirectResponse(f"/stories/{line.id}#d{form.divergence}", HTTPStatus.SEE_OTHER)


def _parameters(request: Request) -> Parameters:
    values: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        values.setdefault(name, []).append(value)
    return values


def _page(template: str, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> Response:
    return HTMLResponse(render(template, **values), status, headers)


def _working(request: Request, **values: Any) -> Response:
    """Say that the answer is on its way. The page looks again by itself, with and without JavaScript."""
    if _is_waiting_page(request):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    again = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asked = _asked(request)
    return _page(
        "working.html.jinja", HTTPStatus.ACCEPTED, {"retry-after": "1"}, again=again, asked=asked, **values
    )


def _asked(request: Request) -> Asked | None:
    """Give what was asked, so that the box keeps it; `None` where it cannot be read."""
    try:
        return read_question(_parameters(request))
    except InputError:
        return None


def _is_waiting_page(request: Request) -> bool:
    return request.headers.get("hx-trigger") == "waiting"


def _when_ready(answer: Answer) -> Answer:
    """Let a page that waits load its address anew when the answer is there: scripts run only on a load."""

    async def answer_or_refresh(request: Request) -> Response:
        response = await answer(request)
        if response.status_code == HTTPStatus.OK and _is_waiting_page(request):
            return Response(headers={"hx-refresh": "true"})
        return response

    return answer_or_refresh


def _error(status: int, title: str, message: str, hint: str = "", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _page("error.html.jinja", status, named, title=title, message=message, hint=hint)


async def _tell_http(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    error = cast("HTTPException", error)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _error(404, "Not here", "Nothing is at this address, or it is no longer in the index.")
    phrase = HTTPStatus(error.status_code).phrase
    return _error(
        error.status_code, phrase, f"The request was not understood ({phrase}).", **(error.headers or {})
    )


async def _tell_input(request: Request, error: Exception) -> Response:
    error = cast("InputError", error)
    title = "That cannot be asked"
    return _page(
        "error.html.jinja", 400, title=title, message=error.message, hint=error.hint, asked=_asked(request)
    )


async def _tell_working(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    if request.method != "GET":
        return _error(503, "Not yet", "The comparison is not ready; send the form again.", retry_after="5")
    return _working(request, line=None)


async def _tell_busy(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    error = cast("XSourceError", error)
    return _error(503, "Busy", f"{error.message.capitalize()}.", error.hint, retry_after="3")


async def _tell_not_ours(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    return _error(
        403,
        "This form is not known",
        "The form was not sent by a page of this server, or the server was started again since.",
        "Load the story again and send it from there.",
    )


async def _tell_too_large(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    return PlainTextResponse("The request is too large.", 413)


async def _tell_failure(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    # Messages about files name them: they are for whoever started the server, not for a visitor.
    error = cast("XSourceError", error)
    LOG.error("%s (%s)", error.message, error.hint or "no hint")
    if isinstance(error, StorageError):
        return _error(
            503, "The index is in use", "Another process is writing the index.", "Try again in a moment.",
            retry_after="3",
        )  # fmt: skip
    return _error(503, "The index cannot be read", "The log of the server says why.")


async def _tell_nobody(request: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    return Response(status_code=400)  # whoever asked has gone in the middle of it: nobody's fault


async def _tell_bug(request: Request, error: Exception) -> Response:
    LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _error(500, "This failed", "Something went wrong here; the log of the server says what.")
