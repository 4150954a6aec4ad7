"""What ordinary sentences of each language look like to one embedder.

Margins need a yardstick that is the same for two articles of eight sentences and for a million: a mean vector
and a few hundred sentences of every language that belong to no story of ours. For the bundled model it is
shipped (`shipped/*.npz`, made by `tools/sentence_reference.py` see its README); for every
other embedder it is taken from the index itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import cast

import numpy as np

from xsource.align.similarity import NEIGHBOURS, centre, highest_cosines, normalise
from xsource.records import LANGUAGES, FloatMatrix, FloatVector

SENTENCES_A_LANGUAGE = 1000
"""About as many as the shipped reference has."""

ENOUGH_FOR_A_MEAN = 20
"""Sentences from which a language's own mean is better than the mean of all (design, section 6: 20 to 50)."""

OWN_MATCHES = 2
"""Where the reference is the index itself, a sentence and its counterpart are in it and must not count as what
is usual. `planted/` by its own sentences: recall of pairs in groups .80 at 0, .97 at 2."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Means and reference sentences of one embedder.

    Attributes:
        embedder: id of the embedder whose vectors these are.
        means: (d,) for each language; subtracted from a sentence's vector.
        sentences: (n, d) centred unit rows for each language, the neighbourhood that is usual for it.
        map: (d, d) by which centred rows are multiplied, `None` where none was trained for the embedder.
        skipped: nearest reference sentences that do not count as neighbours.
    """

    embedder: str
    means: Mapping[str, FloatVector]
    sentences: Mapping[str, FloatMatrix]
    map: FloatMatrix | None = None
    skipped: int = 0

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages it covers, in the order of their codes."""
        return tuple(sorted(self.means))

    def centre(self, vectors: FloatMatrix, languages: Sequence[str]) -> FloatMatrix:
        """Centre an embedder's (n, d) unit rows (`similarity.centre`) and map them: (n, d) unit rows again."""
        centred = centre(vectors, languages, self.means)
        return centred if self.map is None else normalise(centred @ self.map)

    def hubness(
        self, centred: FloatMatrix, k: int = NEIGHBOURS, among: Collection[str] | None = None
    ) -> FloatMatrix:
        """Give each row's cosines with its k nearest reference sentences of every language.

        Their mean is what CSLS subtracts; they are kept apart so that the sentences of a compared article can
        join them. Depends on nothing but the sentence and this reference: computed once a sentence.

        Args:
            centred: (n, d) unit rows.
            k: neighbours.
            among: languages of the sentences that the rows will be compared with; all when left out.

        Returns:
            (n, languages, k) float32; the second axis in the order of `languages`, NaN where one is not in
            `among`, the third in none. Cost: n times the reference sentences of `among`.
        """
        columns = {
            code: _without_highest(
                highest_cosines(centred, self.sentences[code], k + self.skipped), self.skipped
            )
            for code in self.languages
            if among is None or code in among
        }
        width = max(column.shape[1] for column in columns.values())
        found = np.full((len(centred), len(self.languages), width), np.nan, np.float32)
        for code, column in columns.items():
            found[:, self.column(code)] = _widen(column, width)
        return found

    def column(self, language: str) -> int:
        """Say where a language stands on the second axis of `hubness`.

        Raises:
            ValueError: the reference does not cover it.
        """
        return self.languages.index(language)


def _without_highest(cosines: FloatMatrix, skipped: int) -> FloatMatrix:
    """Leave out each row's highest cosines, but never all."""
    dropped = min(skipped, cosines.shape[1] - 1)
    return cosines if dropped <= 0 else np.sort(cosines, axis=1)[:, :-dropped]


def _widen(cosines: FloatMatrix, width: int) -> FloatMatrix:
    """Fill up with the lowest of a row's cosines, where a language has fewer reference sentences than k."""
    missing = width - cosines.shape[1]
    if missing == 0:
        return cosines
    return cast(
        "FloatMatrix", np.hstack([cosines, np.repeat(cosines.min(axis=1, keepdims=True), missing, axis=1)])
    )


@cache
def shipped_reference(embedder: str) -> Reference | None:
    """Load the reference shipped for an embedder; `None` where there is none."""
    for entry in sorted(resources.files(__package__).joinpath("shipped").iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".npz"):
            continue
        with resources.as_file(entry) as path, np.load(path, allow_pickle=False) as stored:
            if str(stored["embedder"]) != embedder:
                continue
            codes = [str(code) for code in stored["languages"]]
            return Reference(
                embedder,
                {code: stored[f"mean_{code}"].astype(np.float32) for code in codes},
                {code: normalise(stored[f"sentences_{code}"].astype(np.float32)) for code in codes},
                stored["map"].astype(np.float32) if "map" in stored else None,
            )
    return None


def reference_from(embedder: str, vectors: FloatMatrix, languages: Sequence[str]) -> Reference:
    """Take a reference from sentences at hand, for an embedder that none is shipped for.

    A language with few sentences is centred by the mean of all sentences, and with very few measured against
    all of them: less exact, and the best there is until the index grows.

    Args:
        embedder: its id.
        vectors: (n, d) unit rows, all of the index or a sample.
        languages: n codes.

    Raises:
        ValueError: there is no sentence at all.
    """
    if len(vectors) == 0:
        raise ValueError("no sentences to take a reference from")
    codes = np.asarray(languages)
    overall = cast("FloatVector", vectors.mean(axis=0, dtype=np.float32))
    means: dict[str, FloatVector] = {}
    rows: dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
    for code in sorted({*LANGUAGES, *languages}):
        own = np.flatnonzero(codes == code)
        means[code] = vectors[own].mean(axis=0, dtype=np.float32) if len(own) >= ENOUGH_FOR_A_MEAN else overall
        rows[code] = own if len(own) >= NEIGHBOURS + OWN_MATCHES else np.arange(len(vectors))
    samples = {code: _spread(own, SENTENCES_A_LANGUAGE) for code, own in rows.items()}
    sentences = {
        code: centre(vectors[sample], [languages[i] for i in sample.tolist()], means)
        for code, sample in samples.items()
    }
    return Reference(embedder, means, sentences, skipped=OWN_MATCHES)


def _spread(
    rows: np.ndarray[tuple[int], np.dtype[np.int64]], wanted: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Choose evenly spaced rows, so that the same index gives the same sample."""
    if len(rows) <= wanted:
        return rows
    return rows[np.linspace(0, len(rows) - 1, wanted).round().astype(np.int64)]
