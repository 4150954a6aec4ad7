"""Reading: the facts of a sentence, by each reader, on NTREX in all four languages or the shipped corpora."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from benchmarks.results import Row, Section
from benchmarks.texts import read_sentences
from xsource.facts.attribution import attributions
from xsource.facts.certainty import certainty
from xsource.facts.dates import dates
from xsource.facts.names import names
from xsource.facts.naming import loaded_terms
from xsource.facts.polarity import read_polarity
from xsource.facts.quantities import quantities
from xsource.records import Language

TITLE = "Reading"
# In the order in which detectors ask, so that each finds what the ones before it have kept.
READERS: dict[str, Callable[[str, Language], object]] = {
    "dates": lambda text, language: dates(text, language, None),
    "quantities": quantities,
    "polarity": read_polarity,
    "attributions": attributions,
    "certainty": certainty,
    "names": names,
    "loaded terms": loaded_terms,
}
WARMED_UP = 0.5
"""Share of the sentences that are read before the clock starts: tables are loaded, common words known."""


@dataclass(frozen=True, slots=True)
class Size:
    """Sentences read, of all languages together."""

    sentences: int


SIZES = {"small": Size(2_000), "full": Size(3_884)}


def compare(size: Size, repeats: int) -> Section:
    """Give sentences a CPU-second, by reader and for all of them."""
    sentences = read_sentences(size.sentences)
    cut = int(len(sentences) * WARMED_UP)
    for language, text in sentences[:cut]:
        for read in READERS.values():
            read(text, language)
    seconds: dict[str, float] = {}
    for name, read in READERS.items():
        runs = []
        for _ in range(repeats):
            _forget()
            started = time.thread_time()
            for language, text in sentences[cut:]:
                read(text, language)
            runs.append(time.thread_time() - started)
        seconds[name] = median(runs)
    read_count = len(sentences) - cut
    return Section(
        tuple(
            Row(f"{name}, sentences a CPU-second, alone", f"{read_count / max(taken, 1e-9):,.0f}")
            for name, taken in seconds.items()
        )
    )


def _forget() -> None:
    """Empty what the readers keep of sentences, so that each run reads anew; what they know of words stays."""
    from xsource.facts import dates_find, quantities_tokens
    from xsource.facts.text import folding, words

    for kept in (
        attributions, certainty, dates, names, read_polarity, quantities, dates_find.find_mentions,
        dates_find.is_timestamp, quantities_tokens.tokenise, folding.fold_text, words.words_of, words.pieces_of,
    ):  # fmt: skip
        kept.cache_clear()  # type: ignore[attr-defined]  # each is kept by functools.lru_cache
