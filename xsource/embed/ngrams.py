"""Character n-grams, hashed: an embedder without a model, instant and the same on every machine.

It knows spelling, not meaning: good within one language, and across languages only where numbers or Latin
names are shared. For tests, and for machines that hold no model.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from xsource.embed.batches import encodable, unique_texts, unit_rows
from xsource.records import FloatMatrix

_WORD = re.compile(r"\w+")
_SIZES = (3, 4)
# A text of any length is read up to here: the cost of a build stays known.
MAX_CHARACTERS = 40_000


class NgramEmbedder:
    """Embeds by which words and pieces of words a text has, each by the root of its count.

    Args:
        dimension: columns; a multiple of 8. More columns, fewer collisions.
    """

    def __init__(self, dimension: int = 512) -> None:
        if dimension < 8 or dimension % 8:
            raise ValueError(f"dimension is {dimension}, expected a multiple of 8")
        self._dimension = dimension

    @property
    def id(self) -> str:
        """Name, settings and recipe."""
        return f"ngrams/{'-'.join(map(str, _SIZES))}/{self._dimension}/r1"

    @property
    def dimension(self) -> int:
        """Columns of every matrix."""
        return self._dimension

    def embed(self, texts: Sequence[str]) -> FloatMatrix:
        """Embed texts in the given order: (n, dimension) float32 unit rows; no words give the first axis."""
        unique, places = unique_texts(texts)
        vectors = np.zeros((len(unique), self._dimension), np.float32)
        for row, text in zip(vectors, unique, strict=True):
            for piece, count in Counter(_pieces(text[:MAX_CHARACTERS])).items():
                hashed = zlib.crc32(piece.encode("utf-8"))
                # Half of the pieces count negatively, so that collisions cancel instead of adding up
                # (Weinberger et al. 2009, arXiv:0902.2206).
                row[(hashed >> 1) % self._dimension] += np.sqrt(count) * (1 if hashed & 1 else -1)
        return unit_rows(vectors)[places]


def _pieces(text: str) -> Iterator[str]:
    """Give words, marked at both ends, and the n-grams of the marked words."""
    for word in _WORD.findall(unicodedata.normalize("NFKC", encodable(text)).casefold()):
        marked = f"<{word}>"
        yield marked
        for size in _SIZES:
            yield from (marked[i : i + size] for i in range(len(marked) - size + 1) if size < len(marked))
