"""What `doctor` looks for in a catalogue and in its vector file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from xsource.errors import IndexStateError
from xsource.store.article_tables import ArticleTables
from xsource.store.vector_stores import FlatVectorStore


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with an index.

    Attributes:
        where: the file.
        message: what was found and what was expected.
        is_repairable: `repair()` makes it right, because it is derived from the catalogue.
    """

    where: Path
    message: str
    is_repairable: bool


class CheckedTables(ArticleTables):
    """Compares the catalogue with itself, and a vector file with the catalogue."""

    def _catalog_findings(self) -> Iterator[Finding]:
        try:
            yield from self._catalog_faults()
        except IndexStateError as exc:
            yield Finding(self._catalog_path, exc.message, is_repairable=False)

    def _catalog_faults(self) -> Iterator[Finding]:
        path = self._catalog_path
        for (line,) in self._rows("PRAGMA integrity_check(20)"):
            if line != "ok":
                yield Finding(path, f"SQLite finds: {line}", is_repairable=False)
        broken = self._rows("PRAGMA foreign_key_check")
        if broken:
            tables = ", ".join(sorted({str(row[0]) for row in broken}))
            yield Finding(path, f"{len(broken)} rows of {tables} belong to nothing", is_repairable=False)
        (count,) = self._rows(
            "SELECT count(*) FROM sentences LEFT JOIN vectors ON sentence_key = key WHERE vector IS NULL"
        )[0]
        if count:
            yield Finding(path, f"{count} sentences have no vector", is_repairable=False)
        (count,) = self._rows(
            "SELECT count(*) FROM vectors WHERE length(vector) != ?", (4 * (self.dimension or 0),)
        )[0]
        if count:
            yield Finding(path, f"{count} vectors are not of {self.dimension} values", is_repairable=False)
        yield from self._span_faults()

    def _span_faults(self) -> Iterator[Finding]:
        """Compare spans with the lengths of texts in code points, which SQL counts only up to a NUL."""
        ends = self._rows(
            "SELECT articles.text, max(sentences.end), min(sentences.start) FROM articles"
            " JOIN sentences ON article_key = articles.key GROUP BY articles.key"
        )
        outside = sum(
            not 0 <= cast("int", start) <= cast("int", end) <= len(cast("str", text))
            for text, end, start in ends
        )
        if outside:
            yield Finding(
                self._catalog_path, f"{outside} articles have sentences outside their text", is_repairable=False
            )

    def _vector_file_findings(self, path: Path, *, thorough: bool) -> Iterator[Finding]:
        if not path.exists():
            yield Finding(path, "absent; the next search makes it", is_repairable=True)
            return
        if path.is_dir():
            yield Finding(path, "a folder, expected the vector file", is_repairable=False)
            return
        try:
            store = FlatVectorStore.open(path)
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

    def _agrees(self, store: FlatVectorStore) -> bool:
        found_keys, start = store.keys(), 0
        for keys, vectors in self._vector_chunks():
            end = start + len(keys)
            if not np.array_equal(keys, found_keys[start:end]):
                return False
            if not np.array_equal(vectors, store.stored_vectors(start, len(keys))):
                return False
            start = end
        return start == len(found_keys)
