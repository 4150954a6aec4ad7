"""Connections to Milvus: whose address it is, what the server raises, Milvus Lite in one file."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from xsource.errors import InputError, MissingExtraError, StorageError
from xsource.settings import load_settings

if TYPE_CHECKING:
    from pymilvus import MilvusClient

TOKEN_VARIABLE = "XSOURCE_MILVUS_TOKEN"  # noqa: S105 - the name of a variable
SECONDS = 60.0
"""An answer takes no longer."""

_lite_users: Counter[str] = Counter()


@contextmanager
def server_errors(uri: str) -> Iterator[None]:
    """Turn what pymilvus raises inside the block into our error, keeping the cause.

    Raises:
        StorageError: the server is gone, does not answer in time, or refuses.
    """
    import grpc
    from pymilvus.exceptions import MilvusException

    try:
        yield
    # A connection that was closed, or whose process was killed, is a ValueError in grpc.
    except (MilvusException, grpc.RpcError, ConnectionError, ValueError, OSError) as exc:
        what = " ".join(str(exc).split())[:200]
        raise StorageError(
            f"{uri}: Milvus does not answer or refuses: {what}",
            "start it and run the command again: nothing is lost, the catalogue holds every vector"
            " (or build with --vector-store auto)",
        ) from exc


def is_own_address(uri: str) -> bool:
    """Whether the user's own settings name a server: the working folder's `xsource.toml`, or the environment.

    What an index says, or a file in its folder, came with the index, and that may be from anywhere.
    """
    try:
        return bool(uri) and load_settings().milvus_uri == uri
    except InputError:
        return False


def own_settings(of_index: Mapping[str, str]) -> dict[str, str]:
    """Give an index's settings without a server that only that index names."""
    settings = dict(of_index)
    if settings.get("vector_store") == "milvus" and not is_own_address(settings.get("milvus_uri", "")):
        settings |= {"vector_store": "auto", "milvus_uri": ""}
    return settings


def connect_milvus(uri: str) -> MilvusClient:
    """Connect to a server, or open the file of Milvus Lite; `release_lite` takes it back.

    Raises:
        MissingExtraError: pymilvus is not installed.
        InputError: the address is none, holds a password, or is one that only the index names.
        StorageError: no server answers there.
    """
    if not uri:
        raise InputError(
            "vector_store is milvus, but milvus_uri is empty",
            'give milvus_uri = "http://host:19530" in xsource.toml, or XSOURCE_MILVUS_URI',
        )
    if "://" in uri and "@" in uri:
        raise InputError("milvus_uri holds a password", f"put `user:password` into {TOKEN_VARIABLE} instead")
    try:
        import pymilvus
    except ImportError as exc:
        raise MissingExtraError(
            "vector_store is milvus, but pymilvus is not installed", 'pip install "xsource[milvus]"'
        ) from exc
    if "://" not in uri:
        if not uri.endswith(".db"):
            raise InputError(f'milvus_uri is "{uri}", expected http://host:19530 or a path that ends in .db')
        try:
            Path(uri).parent.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise StorageError(f"{uri}: cannot be made: {exc.strerror}", "give another path") from exc
    token = os.environ.get(TOKEN_VARIABLE, "")
    if token and "://" in uri and not is_own_address(uri):
        raise InputError(
            f"the index asks for {uri}, which your settings do not name; {TOKEN_VARIABLE} stays here",
            f'if it is yours, write milvus_uri = "{uri}" in xsource.toml in the working folder; or build the'
            " index again with --vector-store auto",
        )
    # It logs with a traceback what it raises too, and that is said in one sentence above.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    with server_errors(uri):
        # Dedicated: a shared connection to a server that was killed is not made anew when it is back.
        client = pymilvus.MilvusClient(uri, token=token, timeout=SECONDS, dedicated=True)
    _lite_users[uri] += 1
    return client


def release_lite(uri: str) -> None:
    """Stop the server that Milvus Lite runs in this process over a file, when nobody here uses it any more."""
    _lite_users[uri] -= 1
    if "://" not in uri and not _lite_users[uri]:
        from milvus_lite.server_manager import server_manager_instance

        server_manager_instance.release_server(uri)
