"""A client that asks before it takes, waits its turn, and never takes more than it can hold."""

from __future__ import annotations

import codecs
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import urljoin

import httpcore
import httpx

from xsource.addresses import is_web_address
from xsource.ingest.fetch.network import FetchError, GuardedTransport
from xsource.ingest.fetch.robots import RobotsGate, host_of
from xsource.ingest.fetch.settings import ROBOTS_NAME, FetchSettings

MAX_CRAWL_DELAY = 60.0
MAX_RETRY_AFTER = 120.0
ROBOTS_BYTES = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB are read
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_CONNECTION_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpx.HTTPError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Marks:
    """What a server gave to recognise a state of a resource by."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Give the headers of a conditional request."""
        pairs = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        # A server may have given what no header can hold; without it the page is only fetched again.
        return {name: value for name, value in pairs if value and value.isascii() and value.isprintable()}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the content unpacked, or nothing when it has not changed.

    Attributes:
        address: the last one, after redirects.
        content: `None` when the resource is as it was (304).
    """

    address: str
    content_type: str
    content: bytes | None
    marks: Marks


class PoliteClient:
    """Fetches one address at a time, with what `FetchSettings` allows.

    Args:
        sleep: how it waits; tests pass one that only counts.
    """

    def __init__(self, settings: FetchSettings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._sleep = sleep
        self._next_turn: dict[str, float] = {}
        self._robots = RobotsGate(self._read_robots)
        self._why_no_robots: dict[str, str] = {}
        self._client = httpx.Client(
            transport=GuardedTransport(
                allow_private=settings.allow_private, total_seconds=settings.total_timeout_seconds
            ),
            timeout=settings.read_timeout_seconds,
            follow_redirects=False,
            headers={"User-Agent": settings.user_agent, "Accept-Encoding": "gzip, deflate"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, address: str, max_bytes: int, marks: Marks = Marks()) -> Answer:
        """Fetch an address, after its redirects and with retries.

        Args:
            max_bytes: of unpacked content; more is refused, not cut.
            marks: of the last time; an unchanged resource is answered without content.

        Raises:
            FetchError: robots.txt forbids it, it is private, too large, too slow, gone, or redirects for ever.
        """
        for _ in range(self._settings.max_redirects + 1):
            self._ask_robots(address)
            found = self._get_with_retries(address, max_bytes, marks)
            if isinstance(found, Answer):
                return found
            address, marks = found, Marks()
        raise FetchError(f"more than {self._settings.max_redirects} redirects, the last to {address[:200]}")

    def _ask_robots(self, address: str) -> None:
        _check_scheme(address)
        allowed = self._robots.allows(address, ROBOTS_NAME)
        if allowed is None:
            host = _host(address)
            raise FetchError(
                f"robots.txt of {host} cannot be read: {self._why_no_robots[host]}",
                "try again later; until then nothing is asked there",
                is_passing=True,
            )
        if not allowed:
            raise FetchError(f"robots.txt of {_host(address)} forbids {address}", "leave it, or ask the outlet")

    def _get_with_retries(
        self, address: str, max_bytes: int, marks: Marks, *, is_cut: bool = False
    ) -> Answer | str:
        """Give the answer, or the address of a redirect; `is_cut`: what is too long is cut and not refused."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._get_once(address, max_bytes, marks, is_cut=is_cut)
            except TemporaryError as exc:
                if attempt >= self._settings.attempts:
                    raise FetchError(f"{exc.message} ({attempt} attempts)", exc.hint, is_passing=True) from exc
                pause = self._settings.retry_seconds * 2 ** (attempt - 1)
                self._sleep(min(max(pause, exc.retry_after), MAX_RETRY_AFTER))

    def _get_once(self, address: str, max_bytes: int, marks: Marks, *, is_cut: bool) -> Answer | str:
        _check_scheme(address)
        self._wait_turn(address)
        try:
            with self._client.stream("GET", address, headers=marks.headers()) as response:
                return self._read(response, address, max_bytes, is_cut=is_cut)
        except httpx.InvalidURL as exc:
            raise FetchError(f"{address[:200]} is no address: {exc}") from exc
        except UnicodeError as exc:  # a host that idna cannot write: http://xn--0/
            raise FetchError(f"{address[:200]!a} has a host that cannot be asked: {exc}") from exc
        except _CONNECTION_ERRORS as exc:
            raise TemporaryError(f"no whole answer: {type(exc).__name__}: {exc}") from exc

    def _read(self, response: httpx.Response, address: str, max_bytes: int, *, is_cut: bool) -> Answer | str:
        status = response.status_code
        marks = Marks(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        content_type = response.headers.get("Content-Type", "")
        if status == 304:
            return Answer(address, content_type, None, marks)
        if status in _REDIRECTS and (target := response.headers.get("Location")):
            try:
                return urljoin(address, str(target))
            except ValueError as exc:
                raise FetchError(f"redirects to {str(target)[:200]!r}, which is no address") from exc
        if status in _PASSING:
            raise TemporaryError(
                f"answer {status}", retry_after=_read_retry_after(response.headers.get("Retry-After"))
            )
        if 400 <= status < 500:
            raise AbsentError(f"answer {status}, expected 200", "the page is gone or closed; leave it out")
        if status != 200 and not (is_cut and status == 203):  # 203: a proxy has changed it
            raise FetchError(f"answer {status}, expected 200", "the page is gone or closed; leave it out")
        stated = response.headers.get("Content-Length", "")
        if not is_cut and stated.isascii() and stated.isdigit() and int(stated[:20]) > max_bytes:
            raise FetchError(f"content of {stated} bytes, expected at most {max_bytes}")
        coding = response.headers.get("Content-Encoding", "")
        chunks = _unpack(response.iter_raw(), coding, max_bytes, is_cut=is_cut)
        return Answer(address, content_type, b"".join(chunks), marks)

    def _wait_turn(self, address: str) -> None:
        host, now = _host(address), time.monotonic()
        asked = self._robots.crawl_delay(address, ROBOTS_NAME) or 0.0
        delay = max(self._settings.delay_seconds, min(asked, MAX_CRAWL_DELAY))
        turn = max(self._next_turn.get(host, now), now)
        if turn > now:
            self._sleep(turn - now)
        self._next_turn[host] = turn + delay

    def _read_robots(self, address: str) -> str | None:
        """Read a robots.txt for the gate: its text, empty when there is none, `None` when nobody can say."""
        try:
            found: Answer | str = address
            for _ in range(self._settings.max_redirects + 1):
                if isinstance(found, Answer):
                    break
                found = self._get_with_retries(found, ROBOTS_BYTES, Marks(), is_cut=True)
        except AbsentError:
            return ""
        except FetchError as exc:
            self._why_no_robots[_host(address)] = exc.message
            return None
        if not isinstance(found, Answer):
            self._why_no_robots[_host(address)] = "it redirects without end"
            return None
        return _decode_robots(found.content or b"")


class AbsentError(FetchError):
    """The server says that there is nothing at an address, or nothing for us: an answer of the 400s."""


class TemporaryError(FetchError):
    """A failure that may pass; the client tries again before anybody hears of it."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message, "try again later", is_passing=True)
        self.retry_after = retry_after


def _unpack(chunks: Iterator[bytes], encoding: str, max_bytes: int, *, is_cut: bool) -> Iterator[bytes]:
    """Unpack a body piece by piece; what would unpack to more than allowed is never held."""
    coding = encoding.strip().lower()
    if coding in {"", "identity"}:
        inflate = None
    elif coding in {"gzip", "x-gzip", "deflate"}:
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 32 if coding != "deflate" else zlib.MAX_WBITS)
    else:
        raise FetchError(f"content is packed as {encoding[:40]!r}, expected gzip or deflate")
    total = 0
    for chunk in chunks:
        try:
            piece = inflate.decompress(chunk, max_bytes - total + 1) if inflate else chunk
        except zlib.error as exc:
            raise FetchError(f"content is damaged {coding}: {exc}") from exc
        total += len(piece)
        if total > max_bytes and is_cut:
            yield piece[: max_bytes - (total - len(piece))]
            return
        if total > max_bytes:
            raise FetchError(f"content of more than {max_bytes} bytes, expected at most that")
        yield piece
    if inflate and not inflate.eof:
        raise TemporaryError(f"no whole answer: the {coding} content is cut off")


def _decode_robots(content: bytes) -> str:
    """Read a robots.txt; it is UTF-8, but some editors write a mark before it, or UTF-16."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    if content[:200].count(b"\x00") * 3 > len(content[:200]):
        return content.decode("utf-16-le" if content[1:2] == b"\x00" else "utf-16-be", "replace")
    return content.decode("utf-8-sig", "replace")


def _check_scheme(address: str) -> None:
    if not is_web_address(address):
        raise FetchError(f"{address[:200]} is no http(s) address")


def _host(address: str) -> str:
    return host_of(address)


def _read_retry_after(stated: str | None) -> float:
    """Read a Retry-After header, in seconds or as a date; 0 when it is neither."""
    if not stated:
        return 0.0
    seconds = stated.strip()
    if seconds.isascii() and seconds.isdigit():  # "²" is a digit too
        return float(seconds[:6])
    try:
        return max(0.0, (parsedate_to_datetime(stated) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0
