"""Every distinct sentence of a build embedded once, in memory that does not grow with the build."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from xsource.protocols import Embedder
from xsource.records import FloatMatrix, FloatVector, Sentence, SentenceId
from xsource.store import Index
from xsource.store.connection import sqlite_errors
from xsource.store.tables import text_hash

_TEMPORARY = Path("temporary file")
_RECENT_BATCHES = 6
"""Batches whose vectors are at hand: more than there ever are between embedding and the catalogue."""


class SentenceVectors:
    """Vectors of sentences, taken from the index or from the last batches where their text was embedded before.

    `find_written` and `remember` belong to the thread that writes the index, `embed` to the one that embeds.
    An embedder gives a text the same vector whatever stands beside it, so which way it comes does not matter.
    """

    def __init__(self, embedder: Embedder, index: Index) -> None:
        self._embedder = embedder
        self._index = index
        self._recent: deque[dict[str, FloatVector]] = deque(maxlen=_RECENT_BATCHES)
        with sqlite_errors(_TEMPORARY):
            # Without a name: a temporary file that SQLite makes when its cache is full, and deletes.
            self._written = sqlite3.connect("", isolation_level=None)
            self._written.execute("PRAGMA journal_mode = OFF")
            self._written.execute("CREATE TABLE written (text TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID")

    def close(self) -> None:
        """Delete the temporary file."""
        self._written.close()

    def find_written(self, sentences: Sequence[Sentence]) -> dict[str, FloatVector]:
        """Give the vectors of those texts that this build has written before."""
        found: dict[str, SentenceId] = {}
        with sqlite_errors(_TEMPORARY):
            for text in {sentence.text for sentence in sentences}:
                row = self._written.execute(
                    "SELECT id FROM written WHERE text = ?", (text_hash(text),)
                ).fetchone()
                if row:
                    found[text] = SentenceId(row[0])
        if not found:
            return {}
        return dict(zip(found, self._index.vectors(list(found.values())), strict=True))

    def remember(self, sentences: Sequence[Sentence]) -> None:
        """Note that sentences are in the index."""
        with sqlite_errors(_TEMPORARY):
            self._written.execute("BEGIN")
            self._written.executemany(
                "INSERT OR IGNORE INTO written VALUES (?, ?)",
                [(text_hash(sentence.text), sentence.id) for sentence in sentences],
            )
            self._written.execute("COMMIT")

    def embed(self, sentences: Sequence[Sentence], written: Mapping[str, FloatVector]) -> FloatMatrix:
        """Give the vectors of sentences, (n, d) float32; `written` as `find_written` gave it."""
        texts = [sentence.text for sentence in sentences]
        at_hand = dict(written)
        for text in texts:
            if text not in at_hand:
                vector = next((batch[text] for batch in self._recent if text in batch), None)
                if vector is not None:
                    at_hand[text] = vector
        new = list(dict.fromkeys(text for text in texts if text not in at_hand))
        fresh = dict(zip(new, self._embedder.embed(new), strict=True)) if new else {}
        self._recent.append(fresh)
        vectors = np.empty((len(texts), self._embedder.dimension), np.float32)
        for row, text in enumerate(texts):
            vectors[row] = fresh[text] if text in fresh else at_hand[text]
        return vectors
