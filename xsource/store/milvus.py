"""Search on a Milvus server, for more sentences than one machine holds; Milvus Lite is the same in one file.

The catalogue stays the truth. A collection is derived from it as the vector file is: it carries the stamp of
the set of vectors that it was filled with, and is brought up to the present set, or filled again, when the
stamps differ (`milvus_index.py`). A server that is gone costs a message; nothing is lost with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from xsource.errors import IndexStateError
from xsource.records import FloatMatrix, IntVector
from xsource.store.faiss_files import checked, no_hits
from xsource.store.milvus_connection import SECONDS, connect_milvus, release_lite, server_errors

# One message to a server holds 64 MB by default: 4,096 vectors of 384 values are 6 MB of it.
_ROWS_A_WRITE = 4096
# Keys in one filter expression. A longer list is asked for in parts, whose answers are merged.
_KEYS_A_FILTER = 8192
_QUERIES_A_SEARCH = 64
_KEYS_A_READ = 8192
_LONGEST_NAME = 1024
_STAMP = "xsource.stamp"


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a sentence can be chosen by, on the server: its article's outlet, language and time."""

    outlet: str
    language: str
    published_at: int | None
    is_claim: bool


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a search is restricted to; times in microseconds since 1970 UTC, `None` restricts nothing."""

    outlets: Sequence[str] | None = None
    languages: Sequence[str] | None = None
    since: int | None = None
    until: int | None = None
    only_claims: bool = False

    def expression(self) -> str:
        """Write them as Milvus reads them; strings as in JSON, so that a quote in a name is only a quote."""
        parts = [
            f"{name} in {json.dumps(sorted(values), ensure_ascii=False)}"
            for name, values in (("outlet", self.outlets), ("language", self.languages))
            if values is not None
        ]
        if self.since is not None:
            parts.append(f"published_at >= {self.since}")
        if self.until is not None:
            parts.append(f"published_at < {self.until}")
        if self.only_claims:
            parts.append("is_claim == true")
        return " and ".join(parts)

    @property
    def passes_nothing(self) -> bool:
        """Whether a list of names is given and empty, which Milvus would not parse."""
        return self.outlets == () or self.languages == ()


AttributesOf = Callable[[IntVector], Sequence[Attributes]]

_NOTHING_KNOWN = Attributes("", "", None, is_claim=False)


class MilvusVectorStore:
    """Keeps vectors in a Milvus collection under their keys, and beside them what a search is restricted by.

    Exact where the server's index is (Milvus Lite, `FLAT`); near it where that is approximate.

    Args:
        uri: `http://host:19530`, or a path that ends in `.db` for Milvus Lite.
        collection: letters, digits and underscores.
        dimension: columns of every vector.
        attributes_of: gives the attributes of keys, in their order; without, nothing is restricted by them.

    Raises:
        MissingExtraError: pymilvus is not installed.
        InputError: the address is none.
        StorageError: no server answers there.
    """

    def __init__(
        self, uri: str, collection: str, dimension: int, attributes_of: AttributesOf | None = None
    ) -> None:
        self._uri = uri
        self._collection = collection
        self._dimension = dimension
        self._attributes_of = attributes_of
        self._client = connect_milvus(uri)
        self._is_open = True
        with self._answers():
            if not self._client.has_collection(collection):
                self._create()
            self._check_dimension()
            self._client.load_collection(collection, timeout=SECONDS)

    def __len__(self) -> int:
        with self._answers():
            (row,) = self._client.query(
                self._collection,
                filter="",
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=SECONDS,
            )
        return int(row["count(*)"])

    @property
    def stamp(self) -> str:
        """The set of vectors that the collection was filled with; empty while it is being filled."""
        with self._answers():
            described = self._client.describe_collection(self._collection, timeout=SECONDS)
        return str(described.get("properties", {}).get(_STAMP, ""))

    @stamp.setter
    def stamp(self, stamp: str) -> None:
        with self._answers():
            self._client.alter_collection_properties(
                self._collection, properties={_STAMP: stamp}, timeout=SECONDS
            )

    def add(self, keys: IntVector, vectors: FloatMatrix) -> None:
        """Add (n, d) unit vectors under n keys; a key that is there already is replaced."""
        keys, vectors = checked(keys, vectors, self._dimension)
        with self._answers():
            for start in range(0, len(keys), _ROWS_A_WRITE):
                part = keys[start : start + _ROWS_A_WRITE]
                attributes = self._attributes_of(part) if self._attributes_of else [_NOTHING_KNOWN] * len(part)
                rows = [
                    {"key": int(key), "vector": vector, **asdict(known)}
                    for key, vector, known in zip(
                        part, vectors[start : start + _ROWS_A_WRITE], attributes, strict=True
                    )
                ]
                self._client.upsert(self._collection, rows, timeout=SECONDS)

    def remove(self, keys: IntVector) -> None:
        """Forget keys; unknown ones are no error."""
        with self._answers():
            for start in range(0, len(keys), _KEYS_A_FILTER):
                part = [int(key) for key in keys[start : start + _KEYS_A_FILTER]]
                self._client.delete(self._collection, ids=part, timeout=SECONDS)

    def clear(self) -> None:
        """Forget everything, the collection too, and begin again."""
        with self._answers():
            self._client.drop_collection(self._collection, timeout=SECONDS)
            self._create()
            self._client.load_collection(self._collection, timeout=SECONDS)

    def keys(self) -> IntVector:
        """Give all keys, rising, a page at a time."""
        found: list[int] = []
        after = -1
        with self._answers():
            while True:
                # Not `query_iterator`: its pages follow the order of keys too, but it wants a server's clock.
                page = self._client.query(
                    self._collection,
                    filter=f"key > {after}",
                    output_fields=["key"],
                    limit=_KEYS_A_READ,
                    consistency_level="Strong",
                    timeout=SECONDS,
                )
                found += [int(row["key"]) for row in page]
                if len(page) < _KEYS_A_READ:
                    return np.array(sorted(found), np.int64)
                after = found[-1]

    def search(
        self, queries: FloatMatrix, k: int, allowed: IntVector | None = None
    ) -> tuple[IntVector, FloatMatrix]:
        """Find the k nearest of (m, d) unit queries, among `allowed` keys when given."""
        keys, cosines = no_hits(len(queries), k)
        filters = [""]
        if allowed is not None:
            allowed = np.unique(allowed[allowed >= 0])
            filters = [
                f"key in {json.dumps(allowed[start : start + _KEYS_A_FILTER].tolist())}"
                for start in range(0, len(allowed), _KEYS_A_FILTER)
            ]
        for start in range(0, len(queries), _QUERIES_A_SEARCH):
            block = np.ascontiguousarray(queries[start : start + _QUERIES_A_SEARCH], np.float32)
            answers = [self._search(block, k, only) for only in filters]
            if not answers:
                continue
            found_keys = np.concatenate([found for found, _ in answers], axis=1)
            found_cosines = np.concatenate([found for _, found in answers], axis=1)
            order = np.argsort(-found_cosines, axis=1, kind="stable")[:, :k]
            keys[start : start + len(block)] = np.take_along_axis(found_keys, order, 1)
            cosines[start : start + len(block)] = np.take_along_axis(found_cosines, order, 1)
        return keys, cosines

    def search_where(
        self, queries: FloatMatrix, k: int, conditions: Conditions
    ) -> tuple[IntVector, FloatMatrix]:
        """Find the k nearest of (m, d) unit queries among what fulfils conditions, all on the server."""
        if conditions.passes_nothing:
            return no_hits(len(queries), k)
        only, queries = conditions.expression(), np.ascontiguousarray(queries, np.float32)
        blocks = [
            self._search(queries[start : start + _QUERIES_A_SEARCH], k, only)
            for start in range(0, len(queries), _QUERIES_A_SEARCH)
        ] or [no_hits(0, k)]
        return np.concatenate([keys for keys, _ in blocks]), np.concatenate([cosines for _, cosines in blocks])

    def close(self) -> None:
        """End the connection. Closing twice is no error."""
        if self._is_open:
            self._is_open = False
            self._client.close()
            release_lite(self._uri)

    def _search(self, queries: FloatMatrix, k: int, only: str) -> tuple[IntVector, FloatMatrix]:
        keys, cosines = no_hits(len(queries), k)
        with self._answers():
            answers = self._client.search(
                self._collection,
                data=list(queries),
                limit=k,
                filter=only,
                output_fields=["key"],
                search_params={"metric_type": "IP"},
                consistency_level="Strong",
                timeout=SECONDS,
            )
        for row, hits in enumerate(answers):
            keys[row, : len(hits)] = [hit["key"] for hit in hits]
            cosines[row, : len(hits)] = [hit["distance"] for hit in hits]
        return keys, cosines

    def _create(self) -> None:
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("key", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=self._dimension)
        schema.add_field("outlet", DataType.VARCHAR, max_length=_LONGEST_NAME)
        schema.add_field("language", DataType.VARCHAR, max_length=_LONGEST_NAME)
        schema.add_field("published_at", DataType.INT64, nullable=True)
        schema.add_field("is_claim", DataType.BOOL)
        indexes = self._client.prepare_index_params()
        # Milvus Lite has few vectors and looks at each; a server knows best what suits its number.
        kind = "AUTOINDEX" if "://" in self._uri else "FLAT"
        indexes.add_index("vector", index_type=kind, metric_type="IP")
        self._client.create_collection(
            self._collection,
            schema=schema,
            index_params=indexes,
            consistency_level="Strong",
            timeout=SECONDS,
        )

    def _check_dimension(self) -> None:
        described = self._client.describe_collection(self._collection, timeout=SECONDS)
        fields: Sequence[Mapping[str, Any]] = described["fields"]
        held = {field["name"]: field.get("params", {}).get("dim") for field in fields}
        if int(held.get("vector") or 0) != self._dimension or "key" not in held:
            raise IndexStateError(
                f"{self._uri}: collection {self._collection} holds vectors of {held.get('vector')} values,"
                f" expected {self._dimension}",
                "drop that collection, or use another server",
            )

    @contextmanager
    def _answers(self) -> Iterator[None]:
        """Say in our terms that the server does not answer or refuses.

        Raises:
            StorageError: that.
        """
        with server_errors(self._uri):
            yield
