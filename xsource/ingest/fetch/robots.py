"""Robots.txt, as RFC 9309 has it: read once a host, obeyed before every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit


class RobotsGate:
    """Says whether an address may be fetched, and how slowly.

    Args:
        read: gives the text of a robots.txt: empty when there is none, `None` when the server cannot say (it is
            down); then nothing may be fetched (RFC 9309, 2.3.1.4).
    """

    def __init__(self, read: Callable[[str], str | None]) -> None:
        self._read = read
        self._rules: dict[str, Any] = {}

    def allows(self, address: str, name: str) -> bool | None:
        """Whether the rules for a robot of this name allow an address; `None` when they cannot be known now."""
        rules = self._rules_for(address)
        return None if rules is None else bool(rules.can_fetch(address, name))

    def crawl_delay(self, address: str, name: str) -> float | None:
        """Give the seconds the site asks for between requests, when it does; never asks the site itself."""
        rules = self._rules.get(_origin(address))
        delay = rules.crawl_delay(name) if rules is not None else None
        return float(delay) if delay is not None else None

    def _rules_for(self, address: str) -> Any:
        from protego import Protego

        origin = _origin(address)
        if origin not in self._rules:
            text = self._read(f"{origin}/robots.txt")
            self._rules[origin] = None if text is None else Protego.parse(text)
        return self._rules[origin]


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{host_of(address)}"


def host_of(address: str) -> str:
    """Give host and port of an address: who a rule or a delay is for, whatever user name stands before them."""
    return urlsplit(address).netloc.rpartition("@")[2].lower()
