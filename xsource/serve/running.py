"""Sockets, patience with slow visitors, and an end by Ctrl-C that leaves nothing behind."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import sys
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from xsource.errors import InputError, StorageError
from xsource.serve.guarding import HEADER_BYTES

REQUEST_SECONDS = 10.0
"""A visitor who has not said what he wants by then is disconnected."""
KEEP_ALIVE_SECONDS = 5
MOST_CONNECTIONS = 128
SHUTDOWN_SECONDS = 3


class ImpatientProtocol(H11Protocol):
    """HTTP/1.1 that waits for a request only so long: uvicorn itself waits for ever for the end of a header."""

    request_seconds = REQUEST_SECONDS
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait on for the rest where a request is not whole yet."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body:
            self._stop_waiting()
        elif self._deadline is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(self.request_seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.abort()


def bind(host: str, port: int) -> socket.socket:
    """Listen on an address of this machine.

    Args:
        host: an address or a name of this machine.
        port: 0 for any that is free.

    Raises:
        InputError: the host is no address of this machine, or the port is not allowed.
        StorageError: another process has the port.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise InputError(f'"{host}" is no address of this machine', "use 127.0.0.1") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":
            # A port whose last connections are still fading is free all the same.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(MOST_CONNECTIONS)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise StorageError(
                f"port {port} of {host} is taken by another process",
                "give another with --port, or --port 0 for any that is free",
            ) from error
        if error.errno == errno.EACCES:
            raise InputError(f"port {port} needs more rights than you have", "use one above 1023") from error
        raise InputError(f'"{host}" is no address of this machine', "use 127.0.0.1") from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Give the address to open in a browser."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}/"


def make_server(app: ASGIApp, request_seconds: float = REQUEST_SECONDS) -> uvicorn.Server:
    """Make the server, with limits on what visitors may hold open."""
    options: dict[str, Any] = {
        "http": type("Protocol", (ImpatientProtocol,), {"request_seconds": request_seconds}),
        "ws": "none",
        "lifespan": "on",
        "loop": "asyncio",
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "limit_concurrency": MOST_CONNECTIONS,
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": SHUTDOWN_SECONDS,
        "h11_max_incomplete_event_size": HEADER_BYTES,
    }
    # What a visitor sends wrongly is his matter; what fails here is logged by the app.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    return uvicorn.Server(uvicorn.Config(app, **options))
