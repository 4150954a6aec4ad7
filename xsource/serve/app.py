"""Addresses to pages, and failures to pages that say what happened and name no file of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from xsource.errors import InputError, XSourceError
from xsource.report.page import view_page
from xsource.report.schema import HealthDocument
from xsource.serve.api import api_document
from xsource.serve.asking import (
    MOST_PAGES_OF_HITS,
    STORIES_A_PAGE,
    Asked,
    is_id,
    read_claim_filters,
    read_page,
    read_question,
    read_story_filters,
)
from xsource.serve.contents import (
    TARGET,
    Contents,
    choose_stories,
    view_answers,
    view_article,
    view_hits,
)
from xsource.serve.data import (
    SUFFIX,
    article_page_document,
    data_response,
    in_order,
    outlets_document,
    search_document,
    stories_document,
    story_document,
    wants_data,
    who_reports_document,
)
from xsource.serve.desk import Desk
from xsource.serve.editions import Edition, StillWorkingError, TooBusyError
from xsource.serve.guarding import LOOPBACK_NAMES, BodyTooLargeError, Rate, guard
from xsource.serve.pages import assets_by_name, render
from xsource.serve.responses import (
    VARY,
    is_waiting_page,
    page_response,
    parameters_of,
    tell_bug,
    tell_busy,
    tell_failure,
    tell_http,
    tell_input,
    tell_nobody,
    tell_not_ours,
    tell_too_large,
    tell_working,
    working,
)
from xsource.serve.reviewing import COOKIE, FormGuard, NotOursError, add_reviews, write_verdict

Answer = Callable[[Request], Awaitable[Response]]

PATIENCE_SECONDS = 2.5
"""How long a page is waited for; after it a page says that the answer is on its way, and looks again."""
COUNTED_AHEAD = 100
"""Two minutes of one core where a story takes a second; what is read first is among the latest."""
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
        data_patience: the same for a program, which has no page to look at meanwhile.
        count_ahead: how many of the latest stories are compared before somebody asks for them.
    """

    hosts: Sequence[str] = LOOPBACK_NAMES
    allow_review: bool = False
    rate: Rate = field(default_factory=Rate)
    patience: float = PATIENCE_SECONDS
    data_patience: float = FORM_PATIENCE_SECONDS
    count_ahead: int = COUNTED_AHEAD


def make_app(desk: Desk, options: ServeOptions | None = None) -> ASGIApp:
    """Make the app over an open index; it closes the desk when it ends."""
    options = options or ServeOptions()
    site = Site(desk, options)
    pages: dict[str, Answer] = {
        "/": site.home,
        "/search": site.search,
        "/who-reports": site.who_reports,
        "/outlets": site.outlets,
        "/stories/{story_id}": site.story,
        "/articles/{article_id}": site.article,
    }
    routes = [
        # The data first: `{story_id}` would take the suffix in.
        *(Route(data_path(path), answer, methods=["GET"]) for path, answer in pages.items()),
        *(Route(path, _when_ready(answer), methods=["GET"]) for path, answer in pages.items()),
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
            HTTPException: tell_http,
            InputError: tell_input,
            StillWorkingError: tell_working,
            TooBusyError: tell_busy,
            NotOursError: tell_not_ours,
            BodyTooLargeError: tell_too_large,
            ClientDisconnect: tell_nobody,
            XSourceError: tell_failure,
            Exception: tell_bug,
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
        tasks = [asyncio.create_task(self._desk.watch())]
        if self._options.count_ahead:
            tasks.append(asyncio.create_task(self._desk.count_ahead(self._options.count_ahead)))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError, XSourceError):
                    await task
            await self._desk.close()

    def _patience(self, request: Request) -> float:
        return self._options.data_patience if wants_data(request) else self._options.patience

    async def home(self, request: Request) -> Response:
        """List the stories that pass the filters, the contested first or the latest."""
        parameters = parameters_of(request)
        page, filters = read_page(parameters), read_story_filters(parameters)
        with self._desk.reading() as edition:
            contents = await edition.contents(self._patience(request))
            counts = edition.counts()
        stories = in_order(choose_stories(contents, filters), counts, filters.order)
        pages = max(1, -(-len(stories) // STORIES_A_PAGE))
        if page > pages:
            raise HTTPException(404)
        shown = stories[(page - 1) * STORIES_A_PAGE : page * STORIES_A_PAGE]
        if wants_data(request):
            place = (page, pages, len(stories))
            return data_response(stories_document(contents, shown, counts, filters.order, place))
        return page_response(
            "home.html.jinja",
            contents=contents,
            shown=shown,
            page=page,
            pages=pages,
            total=len(stories),
            filters=filters,
            counts=counts,
        )

    async def search(self, request: Request) -> Response:
        """Find sentences by meaning."""
        parameters = parameters_of(request)
        asked = read_question(parameters)
        page = read_page(parameters, MOST_PAGES_OF_HITS)
        with self._desk.reading() as edition:
            contents = await self._contents(edition, request, asked)
            hits = []
            if asked.text:
                wanted = asked.top * page
                found = await edition.search(asked.text, asked.filters(), wanted, self._patience(request))
                hits = found[wanted - asked.top :]
        if wants_data(request):
            return data_response(search_document(contents, asked.text, page, hits))
        return page_response(
            "search.html.jinja",
            asked=asked,
            contents=contents,
            hits=view_hits(hits, contents),
            page=page,
            is_last=len(hits) < asked.top or page == MOST_PAGES_OF_HITS,
        )

    async def who_reports(self, request: Request) -> Response:
        """Say of every outlet what it does with a claim."""
        asked = read_question(parameters_of(request))
        with self._desk.reading() as edition:
            contents = await self._contents(edition, request, asked)
            answers = []
            if asked.text:
                answers = await edition.who_reports(asked.text, self._patience(request))
        if wants_data(request):
            return data_response(who_reports_document(contents, asked.text, answers))
        standings = view_answers(answers, contents)
        return page_response("who_reports.html.jinja", asked=asked, contents=contents, standings=standings)

    async def outlets(self, request: Request) -> Response:
        """List the outlets, with who owns them."""
        with self._desk.reading() as edition:
            contents = await edition.contents(self._patience(request))
        if wants_data(request):
            return data_response(outlets_document(contents))
        return page_response("outlets.html.jinja", contents=contents)

    async def _contents(self, edition: Edition, request: Request, asked: Asked) -> Contents:
        asked.filters()
        contents = await edition.contents(self._patience(request))
        if asked.outlet and asked.outlet not in {outlet.id for outlet in contents.outlets}:
            raise InputError("the outlet is not in the index", "the form lists those that are")
        return contents

    async def story(self, request: Request) -> Response:
        """Show a story: claims down, outlets across, quotes side by side."""
        story_id = request.path_params["story_id"]
        parameters = parameters_of(request)
        filters, page = read_claim_filters(parameters), read_page(parameters)
        with self._desk.reading() as edition:
            contents = await edition.contents(self._patience(request))
            line = contents.story(story_id) if is_id(story_id) else None
            if line is None:
                raise HTTPException(404)
            try:
                comparison = await edition.compare(line.id, self._patience(request))
            except StillWorkingError:
                return working(request, line=line)
        comparison = await add_reviews(self._desk, comparison)
        if wants_data(request):
            document = story_document(comparison, filters, page)
            if document is None:
                raise HTTPException(404)
            return await asyncio.to_thread(data_response, document)
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
        response = HTMLResponse(text, headers=VARY)
        if cookie:
            response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/stories")
        return response

    async def article(self, request: Request) -> Response:
        """Show an article whole; its sentences have an address each."""
        wanted = request.path_params["article_id"]
        with self._desk.reading() as edition:
            contents = await edition.contents(self._patience(request))
            article_id = contents.article_id(wanted) if is_id(wanted) else None
            claims = await edition.article(article_id, self._patience(request)) if article_id else []
        if not claims:
            raise HTTPException(404)
        if wants_data(request):
            return data_response(article_page_document(contents, claims))
        return page_response("article.html.jinja", view=view_article(claims, contents), contents=contents)

    async def asset(self, request: Request) -> Response:
        """Give a file of ours by its whole name: there is no folder behind it."""
        asset = assets_by_name().get(request.path_params["name"])
        if asset is None:
            raise HTTPException(404)
        headers = {"cache-control": "public, max-age=31536000, immutable"}
        return Response(asset.content, headers=headers, media_type=asset.media_type)

    async def health(self, request: Request) -> Response:  # noqa: ARG002 - the router passes it
        """Say that the server is there, and which generation of the index it shows."""
        document: HealthDocument = {"status": "ok", "generation": self._desk.generation}
        return JSONResponse(document)

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
            found = [d.id for d in comparison.divergences if d.id.startswith(form.divergence)]
            if len(found) != 1:
                raise HTTPException(404)
            await write_verdict(self._desk, comparison, form)
        return RedirectResponse(f"/stories/{line.id}#d{found[0]}", HTTPStatus.SEE_OTHER)


def data_path(path: str) -> str:
    """Give the address of a page's data."""
    return f"/stories{SUFFIX}" if path == "/" else f"{path}{SUFFIX}"


def _when_ready(answer: Answer) -> Answer:
    """Let a page that waits load its address anew when the answer is there: scripts run only on a load."""

    async def answer_or_refresh(request: Request) -> Response:
        response = await answer(request)
        if response.status_code == HTTPStatus.OK and is_waiting_page(request):
            return Response(headers={"hx-refresh": "true"})
        return response

    return answer_or_refresh
