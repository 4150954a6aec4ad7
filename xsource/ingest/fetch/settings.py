"""How politely and how far `fetch` goes."""

from __future__ import annotations

from dataclasses import dataclass

from xsource import __version__

ROBOTS_NAME = "xsource"  # the name that rules in a robots.txt address us by


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """What a run of `fetch` allows itself.

    Attributes:
        contact: an address or web page where its operator can be reached; stands in every request.
        delay_seconds: between two requests to one host; a longer `Crawl-delay` in robots.txt wins, up to a
            minute.
        read_timeout_seconds: without a byte.
        total_timeout_seconds: for one request, however steadily it drips.
        max_page_bytes, max_feed_bytes: after unpacking.
        max_redirects: each is checked like a new address.
        attempts: on a broken connection, 429 or 5xx; pauses double from `retry_seconds`, `Retry-After` is
            heeded.
        max_pages_per_outlet: in one run; the next run goes on.
        max_failures_in_a_row: then the outlet is left for the next run.
        allow_private: whether addresses of the own machine and network may be asked, as tests do.
    """

    contact: str
    delay_seconds: float = 2.0
    read_timeout_seconds: float = 15.0
    total_timeout_seconds: float = 60.0
    max_page_bytes: int = 8 * 1024 * 1024
    max_feed_bytes: int = 32 * 1024 * 1024
    max_redirects: int = 5
    attempts: int = 3
    retry_seconds: float = 2.0
    max_pages_per_outlet: int = 200
    max_failures_in_a_row: int = 5
    allow_private: bool = False

    @property
    def user_agent(self) -> str:
        """Name program, version and contact."""
        return f"{ROBOTS_NAME}/{__version__} (+{self.contact})"
