"""Verdicts from a browser: a form of ours, sent by a page of ours, written through the pipeline."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from xsource.errors import InputError
from xsource.pipeline.reviewing.verdicts import mark_divergence, with_reviews, withdraw_verdict
from xsource.pipeline.reviewing.verdicts import read_verdicts as read_stored
from xsource.records import VERDICTS, Comparison, Verdict
from xsource.serve.desk import Desk, read_snapshot
from xsource.store import Snapshot

COOKIE = "xsource_form"
WITHDRAW = "withdraw"
BODY_SECONDS = 10.0
_FIELDS = 8
_COOKIE_LETTERS = 64


class NotOursError(Exception):
    """A form that no page of ours has sent."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in. `verdict` is `None` to take back what was said."""

    divergence: str
    verdict: Verdict | None
    note: str
    by: str


class FormGuard:
    """Gives each browser a cookie, and its forms a token that only a page of ours can hold.

    The token is the cookie's HMAC under a key that lives as long as the server: another site can make the
    browser send the cookie at most, and `SameSite=Strict` keeps it from that too.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def cookie_of(self, request: Request) -> str:
        """Give the browser's cookie, or a new one."""
        held = request.cookies.get(COOKIE, "")
        return held if held.isascii() and 16 <= len(held) <= _COOKIE_LETTERS else secrets.token_urlsafe(24)

    def token_for(self, cookie: str) -> str:
        """Give the token of a cookie."""
        return hmac.new(self._key, cookie.encode(), hashlib.sha256).hexdigest()

    async def read(self, request: Request) -> Form:
        """Read and check a form.

        Raises:
            NotOursError: the token, the cookie or the origin is not ours.
            InputError: a field is missing or is none that our form has.
        """
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
            raise NotOursError
        if request.headers.get("content-type", "").split(";")[0].strip() != "application/x-www-form-urlencoded":
            raise InputError("the form is not application/x-www-form-urlencoded")
        async with asyncio.timeout(BODY_SECONDS):
            form = await request.form(max_fields=_FIELDS, max_files=0)
        fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        cookie = request.cookies.get(COOKIE, "")
        token = fields.get("token", "").encode("utf-8", "replace")
        if not cookie or not hmac.compare_digest(token, self.token_for(cookie).encode()):
            raise NotOursError
        verdict = fields.get("verdict", "")
        if verdict not in (*VERDICTS, WITHDRAW):
            raise InputError(f"the verdict is none of {', '.join(VERDICTS)}")
        chosen: Verdict | None = next((one for one in VERDICTS if one == verdict), None)
        return Form(
            fields.get("divergence", ""), chosen, fields.get("note", "").strip(), fields.get("by", "").strip()
        )


async def write_verdict(desk: Desk, comparison: Comparison, form: Form) -> None:
    """Write a verdict, or take it back, and go on with the present edition: nothing else has changed.

    Raises:
        InputError: the divergence is not in the comparison, or a text is too long.
        StorageError: a build is writing.
    """

    def write() -> tuple[Snapshot, Snapshot]:
        before = read_snapshot(desk.path)
        if form.verdict is None:
            withdraw_verdict(desk.path, comparison, form.divergence)
        else:
            mark_divergence(desk.path, comparison, form.divergence, form.verdict, note=form.note, by=form.by)
        return before, read_snapshot(desk.path)

    before, after = await asyncio.to_thread(write)
    if before == desk.seen and after in (before, before._replace(generation=before.generation + 1)):
        desk.keep_for(after)


async def add_reviews(desk: Desk, comparison: Comparison) -> Comparison:
    """Give a comparison with the verdicts that stand now; it has those that stood when it was made."""
    if desk.seen.generation == comparison.provenance.index_generation:
        return comparison
    verdicts = await asyncio.to_thread(read_stored, desk.path)
    return with_reviews(comparison, verdicts)
