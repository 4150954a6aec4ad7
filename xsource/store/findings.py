"""What `doctor` looks for in a vector file, beside what it looks for in the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from xsource.errors import IndexStateError
from xsource.store.catalog_checks import CatalogChecks, Finding
from xsource.store.vector_file import LocalStore, VectorFiles, open_vector_file
from xsource.store.vector_stores import FlatVectorStore


class CheckedTables(CatalogChecks, VectorFiles):
    """Compares the catalogue with itself, and a vector file with the catalogue."""

    def _stale_file_finding(self, path: Path) -> Finding:
        """Tell a file that was left behind from one that is ahead of the catalogue."""
        generation = self._state_number("vector_generation", "0")
        named = path.stem.removeprefix("vectors-").split("-")[-2:]
        made_for = next((int(part) for part in named if part.isdigit() and len(part) < 8), 0)
        if made_for > generation:
            return Finding(
                path,
                f"made for generation {made_for}, the catalogue's vectors are of generation {generation}: the"
                " catalogue was put back from an older copy, or has lost what was written since",
                is_repairable=True,
            )
        return Finding(path, "a vector file of another generation", is_repairable=True)

    def _vector_file_findings(self, path: Path, *, thorough: bool) -> Iterator[Finding]:
        if not path.exists():
            yield Finding(path, "absent; the next search makes it", is_repairable=True)
            return
        if path.is_dir():
            yield Finding(path, "a folder, expected the vector file", is_repairable=True)
            return
        try:
            store = open_vector_file(path, whole=thorough)
        except IndexStateError as exc:
            yield Finding(path, exc.message, is_repairable=True)
            return
        expected = self._vector_count()
        if len(store) != expected or store.dimension != self.dimension:
            yield Finding(
                path,
                f"{len(store)} vectors of {store.dimension} values, expected {expected} of {self.dimension}",
                is_repairable=True,
            )
        elif thorough and not self._agrees(store):
            yield Finding(path, "its vectors are not those of the catalogue", is_repairable=True)

    def _agrees(self, store: LocalStore) -> bool:
        """Compare keys, and vectors where they are kept as they are.

        Codes that are not exact have been compared with the file's own checksum, and every cosine found with
        them is measured again on the catalogue's vectors.
        """
        held, start = store.keys(), 0
        if not isinstance(store, FlatVectorStore) or store.storage != "float32":
            return np.array_equal(np.sort(held), self._vector_keys())
        for keys, vectors in self._vector_chunks():
            end = start + len(keys)
            if not np.array_equal(keys, held[start:end]):
                return False
            if not np.array_equal(vectors, store.stored_vectors(start, len(keys))):
                return False
            start = end
        return start == len(held)


__all__ = ["CheckedTables", "Finding"]
