"""An index whose vectors are searched on Milvus: the collection brought to the catalogue's set of vectors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import cast
from uuid import uuid4

import numpy as np

from xsource.errors import IndexStateError, XSourceError
from xsource.records import IntVector
from xsource.store.catalog import json_list
from xsource.store.catalog_checks import Finding
from xsource.store.milvus import Attributes, MilvusVectorStore
from xsource.store.vector_file import VectorFiles

_MOVING = ">"


class MilvusTables(VectorFiles):
    """Fills a Milvus collection from the catalogue."""

    def _open_milvus(self, uri: str) -> MilvusVectorStore:
        """Open the collection of this index; a writer brings it to the present set of vectors first.

        Its stamp names the set that it holds, or the two sets that it is between: what was interrupted goes on.

        Raises:
            StorageError: no server answers.
            IndexStateError: a reader finds a collection of another set.
        """
        collection, present = self._state("milvus_collection", ""), self._vector_file_name()
        if not collection:
            if not self._writable:
                raise self._stale(uri, "has not been filled from")
            collection = f"xsource_{uuid4().hex[:16]}"
            self._note_state("milvus_collection", collection)
        store = MilvusVectorStore(uri, collection, self.dimension or 0, self._attributes_of_keys)
        if store.stamp != present:
            if not self._writable:
                raise self._stale(uri, "holds another set of vectors than")
            self._bring_up(store, present)
        return store

    def _bring_up(self, store: MilvusVectorStore, present: str) -> None:
        base = self._state("milvus_base", "")
        if store.stamp not in (base, f"{base}{_MOVING}{present}") or (not store.stamp and len(store)):
            # Of a catalogue put back from a backup, of a server that lost its data, or of another fill.
            store.clear()
            base = ""
        self._note_state("milvus_base", base)
        store.stamp = f"{base}{_MOVING}{present}"
        wanted, held = self._vector_keys(), store.keys()
        store.remove(np.setdiff1d(held, wanted, assume_unique=True))
        for keys, vectors in self._vectors_in_blocks(np.setdiff1d(wanted, held, assume_unique=True)):
            store.add(keys, vectors)
        store.stamp = present
        self._note_state("milvus_base", present)

    def _refill_milvus(self, uri: str) -> None:
        """Fill the collection from nothing: what `repair` does, whatever its stamp says."""
        collection = self._state("milvus_collection", "")
        if collection:
            with closing(MilvusVectorStore(uri, collection, self.dimension or 0)) as store:
                store.clear()
        self._note_state("milvus_base", "")
        self._open_milvus(uri).close()

    def _milvus_findings(self, uri: str) -> Iterator[Finding]:
        """Compare the collection's stamp and keys with the catalogue."""
        where, collection = Path(uri), self._state("milvus_collection", "")
        if not collection:
            yield Finding(where, "the Milvus collection has not been filled", is_repairable=True)
            return
        try:
            with closing(MilvusVectorStore(uri, collection, self.dimension or 0)) as store:
                stamp, keys = store.stamp, store.keys()
        except XSourceError as exc:
            yield Finding(where, exc.message, is_repairable=False, hint=exc.hint)
            return
        if stamp != self._vector_file_name():
            yield Finding(where, "the Milvus collection holds another set of vectors", is_repairable=True)
        elif not np.array_equal(keys, self._vector_keys()):
            yield Finding(where, "the Milvus collection's keys are not the catalogue's", is_repairable=True)

    def _attributes_of_keys(self, keys: IntVector) -> list[Attributes]:
        rows = self._rows(
            "SELECT sentences.key, outlet_id, language, published_at, is_claim"
            " FROM sentences JOIN versions USING (article_key)"
            " WHERE sentences.key IN (SELECT value FROM json_each(?))",
            (json_list(keys.tolist()),),
        )
        found = {
            cast("int", key): Attributes(
                str(outlet), str(language), cast("int | None", published_at), is_claim=bool(is_claim)
            )
            for key, outlet, language, published_at, is_claim in rows
        }
        return [found[int(key)] for key in keys]

    def _stale(self, uri: str, what: str) -> IndexStateError:
        return IndexStateError(
            f"{uri}: the Milvus collection {what} this index",
            "fill it: xsource doctor --repair, or the next xsource build",
        )
