"""Where an article is, as something that a reader may follow."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(source: str) -> str | None:
    """Give an article's address where a click may follow it: http and https only, `None` for anything else."""
    try:
        parts = urlsplit(source)
    except ValueError:  # a bracket that is no IPv6 address
        return None
    return source if parts.scheme in ("http", "https") and parts.netloc else None


def host_of(address: str) -> str:
    """Give the host of a web address, as a reader knows it."""
    return urlsplit(address).netloc.removeprefix("www.")
