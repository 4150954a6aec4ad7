"""Connections that only go where they may, and end when they must.

The check sits where the connection is made, on the resolved address that is then used: a name that resolves to
a public address when asked and to a private one when connected to gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from xsource.errors import XSourceError

# Site-local (RFC 3879) and local NAT64 (RFC 8215): no part of the internet, though Python calls them global.
_LOCAL = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("64:ff9b:1::/48"))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class FetchError(XSourceError):
    """A page or feed could not be had. `is_passing` says whether trying again later may help."""

    def __init__(self, message: str, hint: str = "", *, is_passing: bool = False) -> None:
        super().__init__(message, hint)
        self.is_passing = is_passing


class GuardedTransport(httpx.BaseTransport):
    """One connection a request, to public addresses only, within a total time.

    Args:
        allow_private: also to the own machine and network.
        total_seconds: from connecting to the last byte.
    """

    def __init__(self, *, allow_private: bool, total_seconds: float) -> None:
        self._allow_private = allow_private
        self._total_seconds = total_seconds
        self._tls = ssl.create_default_context()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the body is streamed, and the connection closed with the response."""
        backend = _GuardedBackend(self._allow_private, time.monotonic() + self._total_seconds)
        pool = httpcore.ConnectionPool(
            ssl_context=self._tls, max_keepalive_connections=0, network_backend=backend
        )
        try:
            response = pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        except BaseException:
            pool.close()
            raise
        assert isinstance(response.stream, Iterable)
        body = _Body(response.stream, pool)
        return httpx.Response(
            response.status, headers=response.headers, stream=body, extensions=response.extensions
        )


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Iterable[bytes], pool: httpcore.ConnectionPool) -> None:
        self._stream = stream
        self._pool = pool

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()
        self._pool.close()


class _GuardedBackend(httpcore.NetworkBackend):
    def __init__(self, allow_private: bool, deadline: float) -> None:  # noqa: FBT001 - a private class
        self._allow_private = allow_private
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = resolve(host, port)
        for address in addresses:
            if not (self._allow_private or is_public(address)):
                raise FetchError(
                    f"{host} is {address}, an address of a private network",
                    "if it is meant, --allow-private lets it be asked",
                )
        for number, address in enumerate(addresses, 1):
            try:
                stream = self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses) or time.monotonic() > self._deadline:
                    raise
                continue
            return _BoundedStream(stream, self._deadline)
        raise FetchError(f"{host} has no address", "check the address", is_passing=True)


class _BoundedStream(httpcore.NetworkStream):
    """A stream whose reads and writes together end at a deadline, however slowly the other side goes."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._remaining(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._remaining(timeout))
        return _BoundedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _remaining(self, timeout: float | None) -> float:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise httpcore.ReadTimeout("the whole time for one request is used up")
        return remaining if timeout is None else min(timeout, remaining)


def resolve(host: str, port: int) -> list[str]:
    """Resolve a name to addresses, in the order in which they should be tried."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise FetchError(f"{host} cannot be resolved: {exc}", "check the address", is_passing=True) from exc
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet: not loopback, private, link-local or special."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if any(found in network for network in _LOCAL):
            return False
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast
