"""What every request passes before a page is made: its host name, its size, its rate, where it comes from.

A page on this machine can be reached by any web site that the same browser has open: by its address from a link
or a form, and by a name of the site's own that is made to mean 127.0.0.1 (DNS rebinding). So a request is
answered only under names that this server was given, a form needs a token that only our pages hold, and other
sites may link to a page but not load it as a part of theirs.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: with it a browser sends `Origin: null` with our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}

BODY_BYTES = 64 * 1024
"""A note has at most 4,000 letters; percent-encoded Arabic takes six bytes a letter."""
ADDRESS_BYTES = 16 * 1024
HEADER_BYTES = 32 * 1024
MOST_CLIENTS = 1024
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Rate:
    """A bucket of tokens: `burst` requests at once, `per_second` in the long run."""

    per_second: float = 30.0
    burst: float = 120.0


def guard(app: ASGIApp, hosts: Sequence[str], rate: Rate) -> ASGIApp:
    """Put the guards around an app, the outermost last."""
    app = SizeLimit(app)
    app = RateLimit(app, rate)
    # Before the limit: a page of another site must not use up what the analyst's own pages may ask.
    app = OwnPagesOnly(app)
    app = TrustedHostMiddleware(app, allowed_hosts=list(hosts), www_redirect=False)
    return SecurityHeaders(app)


def allowed_hosts(host: str, extra: Iterable[str] = ()) -> list[str]:
    """Name the hosts under which pages may be asked for.

    Args:
        host: the address that the server listens on.
        extra: further names that it is reached by.
    """
    named = f"[{host}]" if ":" in host else host
    try:
        is_every = ipaddress.ip_address(host).is_unspecified
    except ValueError:  # a name
        is_every = False
    return list(dict.fromkeys([*LOOPBACK_NAMES, *([] if is_every else [named]), *extra]))


class SecurityHeaders:
    """Puts the headers on every answer, also on a refusal; what an answer sets itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class RateLimit:
    """Refuses an address that asks more often than people do."""

    def __init__(self, app: ASGIApp, rate: Rate) -> None:
        self.app = app
        self._rate = rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and not self._admits(scope["client"][0] if scope.get("client") else ""):
            refusal: ASGIApp = PlainTextResponse(
                "Too many requests; try again in a second.", 429, {"retry-after": "1"}
            )
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _admits(self, client: str) -> bool:
        now = monotonic()
        tokens, then = self._buckets.pop(client, (self._rate.burst, now))
        tokens = min(self._rate.burst, tokens + (now - then) * self._rate.per_second)
        admitted = tokens >= 1
        self._buckets[client] = (tokens - 1 if admitted else tokens, now)
        while len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return admitted


class SizeLimit:
    """Refuses long addresses and bodies; a body that hides its length is cut off when it is too long."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > ADDRESS_BYTES:
            await PlainTextResponse("The address is too long.", 414)(scope, receive, send)
            return
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADER_BYTES:
            await PlainTextResponse("The header is too long.", 431)(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isascii() or not announced.isdigit() or int(announced) > BODY_BYTES:
            await _too_large(scope, receive, send)
            return
        read = 0

        async def receive_counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > BODY_BYTES:
                raise BodyTooLargeError
            return message

        await self.app(scope, receive_counted, send)


class BodyTooLargeError(Exception):
    """A body without an honest length went over the limit."""


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    response: Response = PlainTextResponse("The request is too large.", 413, {"connection": "close"})
    await response(scope, receive, send)


class OwnPagesOnly:
    """Refuses what another site loads as a part of its own page, and forms that another site sends.

    Browsers say where a request comes from in `Sec-Fetch-Site` (W3C Fetch Metadata); other programs do not.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            from_elsewhere = headers.get("sec-fetch-site", "none") in ("cross-site", "same-site")
            is_link = scope["method"] in ("GET", "HEAD") and headers.get("sec-fetch-mode") == "navigate"
            is_top = headers.get("sec-fetch-dest", "document") == "document"
            if from_elsewhere and not (is_link and is_top):
                await PlainTextResponse("This page is not for other sites.", 403)(scope, receive, send)
                return
        await self.app(scope, receive, send)
