"""The vector file of an index: which kind it is, opened when it fits the catalogue, carried on or made again.

It is derived from the catalogue and named after the set of vectors that it is made of: those of the latest
version of every page, so that a superseded text takes no hit's place. When that set changes, the file of the
last set is carried on (new vectors added, removed ones dropped) and written under the new name. It is made from
nothing when there is no sound one, when another kind is wanted, or when its lists are too long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple, cast

import numpy as np

from xsource.errors import IndexStateError, StorageError
from xsource.records import FloatMatrix, IntVector
from xsource.settings import Settings, VectorStorage
from xsource.store.article_tables import ArticleTables
from xsource.store.catalog import json_list
from xsource.store.connection import sqlite_errors, transaction
from xsource.store.faiss_files import read_index
from xsource.store.inverted_lists import GROWTH, SAMPLE_A_LIST, IvfVectorStore, lists_for
from xsource.store.seal import check_seal
from xsource.store.vector_stores import FlatVectorStore

LocalStore = FlatVectorStore | IvfVectorStore

VECTOR_FILES = "vectors-*.faiss"
PARTIAL_FILES = ".vectors-*.partial"

# Codes of lists are compared with their checksum at each open up to this many bytes: 0.1 s.
WHOLE_LISTS = 512 << 20
_EVERYTHING = 1 << 62
_KEYS_A_READ = 8192
# Lists are kept until there are so many fewer vectors than would be needed to make them: no going to and fro.
_FEWER = 0.5


class Kind(NamedTuple):
    """What kind of vector file is wanted."""

    engine: Literal["flat", "ivf"]
    storage: VectorStorage


def open_vector_file(path: Path, *, mapped: bool = True, whole: bool = False) -> LocalStore:
    """Open a vector file of either kind.

    Args:
        path: the file.
        mapped: leave vectors on disk until a search needs them; such a store copies itself before a change.
        whole: compare all of it with its seal, whatever it costs.

    Raises:
        IndexStateError: the file is absent, damaged, or no vector file.
    """
    import faiss

    index = read_index(path, mapped=mapped, whole_up_to=_EVERYTHING if whole else 0)
    if isinstance(index, faiss.IndexIVF):
        if not whole:
            check_seal(path, whole_up_to=WHOLE_LISTS)
        return IvfVectorStore.around(index, path, mapped=mapped)
    return FlatVectorStore.around(index, path, mapped=mapped)


class VectorFiles(ArticleTables):
    """Opens, carries on and makes the vector file of a catalogue."""

    def _vector_file_name(self) -> str:
        if self.embedder_id is None:
            raise IndexStateError(
                f"{self._catalog_path.parent}: the index is empty", "add articles: xsource build PATH"
            )
        embedder = re.sub(r"[^A-Za-z0-9]+", "-", self.embedder_id).strip("-")[:80]
        generation, stamp = self._state("vector_generation", "0"), self._state("vector_stamp", "")[:8]
        return f"vectors-{embedder}-{generation}{'-' if stamp else ''}{stamp}.faiss"

    def _built_with(self) -> dict[str, str]:
        return dict(cast("list[tuple[str, str]]", self._rows("SELECT name, value FROM settings")))

    def _wanted_kind(self, count: int, held: Kind | None = None) -> Kind:
        """Choose by size, or as the settings that the index was built with say."""
        chosen = self._built_with()
        engine = chosen.get("vector_store", "auto")
        if engine not in ("flat", "ivf"):
            limit = int(chosen.get("exact_up_to", Settings().exact_up_to))
            was_lists = held is not None and held.engine == "ivf"
            engine = "ivf" if count > (limit * _FEWER if was_lists else limit) else "flat"
        storage = chosen.get("vector_storage", "auto")
        if storage == "auto":
            storage = "int8" if engine == "ivf" else "float32"
        return Kind(cast("Literal['flat', 'ivf']", engine), cast("VectorStorage", storage))

    def _open_local_store(self) -> LocalStore:
        """Open the vector file of the present set of vectors; made when it is absent or damaged."""
        path = self._catalog_path.parent / self._vector_file_name()
        store = self._current_file(path)
        if store is None:
            store = self._carried_on(path.name) or self._made_from_nothing()
            try:
                if path.is_dir():
                    raise IsADirectoryError(path)
                store.write(path)
            except OSError:
                # Not worth failing for: it is derived, and the vectors are in memory. The next open retries.
                return store
        if self._writable:
            self._remember(path)
        return store

    def _current_file(self, path: Path) -> LocalStore | None:
        """Open the file if it is there, agrees with the catalogue, and is of the kind that a writer wants."""
        try:
            store = open_vector_file(path)
        except IndexStateError:
            return None
        if len(store) != self._vector_count() or store.dimension != self.dimension:
            return None
        # A reader takes what there is.
        return store if not self._writable or self._is_wanted(store) else None

    def _is_wanted(self, store: LocalStore) -> bool:
        kind, count = kind_of(store), self._vector_count()
        if kind != self._wanted_kind(count, kind):
            return False
        return not isinstance(store, IvfVectorStore) or lists_for(count) <= GROWTH**0.5 * store.lists

    def _carried_on(self, name: str) -> LocalStore | None:
        """Bring the file of an earlier set up to the present one; `None` where there is none to build on."""
        base = self._state("vector_file", "")
        if base in ("", name):
            return None
        try:
            # Whole, or damage would be handed on; not mapped, because it is changed.
            store = open_vector_file(self._catalog_path.parent / base, mapped=False, whole=True)
        except IndexStateError:
            return None
        if store.dimension != self.dimension or not self._is_wanted(store):
            return None
        wanted, held = self._vector_keys(), store.keys()
        new = np.setdiff1d(wanted, held, assume_unique=True)
        if isinstance(store, FlatVectorStore) and len(new) and len(held) and new[0] < held.max():
            # A text is the latest of its page again, because a later one was removed: flat files keep keys
            # rising, and `doctor` compares them so.
            return None
        store.remove(np.setdiff1d(held, wanted, assume_unique=True))
        for keys, vectors in self._vectors_in_blocks(new):
            store.add(keys, vectors)
        return store

    def _made_from_nothing(self) -> LocalStore:
        count, dimension = self._vector_count(), self.dimension or 0
        engine, storage = self._wanted_kind(count)
        store: LocalStore
        if engine == "ivf" and count:
            store = IvfVectorStore.trained(self._sample(count), lists_for(count), storage)
        else:
            store = FlatVectorStore(dimension, "float32" if engine == "ivf" else storage)
        for keys, vectors in self._vector_chunks():
            store.add(keys, vectors)
        return store

    def _sample(self, count: int) -> FloatMatrix:
        """Give vectors spread over the whole index, as many as the lists are learned from."""
        keys = self._vector_keys()
        wanted = min(count, lists_for(count) * SAMPLE_A_LIST)
        chosen = np.sort(np.random.default_rng(0).choice(keys, wanted, replace=False))
        sample = np.empty((wanted, self.dimension or 0), np.float32)
        start = 0
        for block, vectors in self._vectors_in_blocks(chosen):
            sample[start : start + len(block)] = vectors
            start += len(block)
        return sample

    def _vector_keys(self) -> IntVector:
        """Give the keys of the sentences that are searched, rising."""
        with sqlite_errors(self._catalog_path):
            # One text for all: half a microsecond a row less than rows.
            (joined,) = self._connection.execute(
                "SELECT group_concat(key) FROM (SELECT key FROM sentences WHERE article_key NOT IN"
                " (SELECT article_key FROM versions WHERE NOT is_latest) ORDER BY key)"
            ).fetchone()
        return np.fromstring(joined, np.int64, sep=",") if joined else np.empty(0, np.int64)

    def _vectors_in_blocks(self, keys: IntVector) -> Iterator[tuple[IntVector, FloatMatrix]]:
        for start in range(0, len(keys), _KEYS_A_READ):
            block = keys[start : start + _KEYS_A_READ]
            yield block, self._vectors_of_keys(block)

    def _vectors_of_keys(self, keys: IntVector) -> FloatMatrix:
        """Give the vectors of different keys, in their order: (n, d) float32.

        Raises:
            IndexStateError: a key is in no catalogue: the vector file is of another one.
        """
        rows = self._rows(
            "SELECT sentence_key, vector FROM vectors WHERE sentence_key IN (SELECT value FROM json_each(?))",
            (json_list(keys.tolist()),),
        )
        if len(rows) != len(keys):
            raise IndexStateError(
                f"{self._catalog_path.parent / self._vector_file_name()}: {len(keys) - len(rows)} of"
                f" {len(keys)} keys are in no catalogue",
                "make the vector file again: xsource doctor --repair",
            )
        places = np.argsort(np.fromiter((cast("int", key) for key, _ in rows), np.int64, len(rows)))
        order = np.empty(len(keys), np.int64)
        order[np.argsort(keys)] = places
        return self._matrix([cast("bytes", blob) for _, blob in rows])[order]

    def _remember(self, path: Path) -> None:
        """Note which file is sound, for the next set of vectors to be built on, and delete all others.

        A reader that has one open keeps it until it closes.
        """
        if self._state("vector_file", "") != path.name:
            try:
                self._note_state("vector_file", path.name)
            except StorageError:
                # As with the file itself: on a full disk the next build makes it from nothing.
                return
        folder = self._catalog_path.parent
        for stale in (*folder.glob(VECTOR_FILES), *folder.glob(PARTIAL_FILES)):
            if stale != path and stale.is_file():
                stale.unlink(missing_ok=True)

    def _note_state(self, name: str, value: str) -> None:
        """Remember something of what is derived, in a transaction that is no change of what the index holds."""
        with sqlite_errors(self._catalog_path), transaction(self._connection):
            self._set_state(name, value)


def kind_of(store: LocalStore) -> Kind:
    """Say what kind of file a store is kept in."""
    return Kind("ivf" if isinstance(store, IvfVectorStore) else "flat", store.storage)
