"""A real index of many articles whose sentence vectors are made from real ones, so that nothing is embedded.

Stories have the sizes of news: more than half of all events are told by one article, few by thirty. An
event's articles come within days of each other, 400 a day all together, from outlets of two languages. Each
tells most of the event's sentences and some of its own (`corpus.py`: real sentences joined to new ones).

A sentence's vector is that of a line of NTREX in its language, moved. What one line's four languages have in
common and what tells them apart is therefore real; the move makes the line another sentence for each event. It
is the same for all languages of the event and 1.5 times as long as lines are apart from their mean, so that two
events' sentences of one line have a cosine of about .3. Each telling is then moved on its own, so that
tellings of a sentence come to cosines of about .75, as translations have by themselves.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.corpus import (
    ARTICLES_A_DAY,
    SENTENCES_AN_ARTICLE,
    START,
    Pair,
    Parts,
    sentence_parts,
    tell,
)
from benchmarks.texts import by_language, parallel_lines, sentence_vectors, training_pairs
from xsource.embed.bundled import DIMENSION, BundledEmbedder
from xsource.records import Article, FloatMatrix, Language, Outlet, OutletId, Sentence
from xsource.store import open_index

MOST_ARTICLES_AN_EVENT = 30
STEEPNESS = 1.8
"""An event has k articles with a probability in proportion to k ** -1.8: one in more than half of all
events, three on average."""

EVENT_SENTENCES = 14
SHARED_SENTENCES = 11
MEAN_DELAY_DAYS = 0.5
EVENT_MOVE = 1.5
TELLING_MOVE = 0.87
BATCH = 256

Row = tuple[Article, list[Sentence], FloatMatrix]


class MovedLines:
    """Vectors of sentences that no line has, near those of lines.

    Args:
        lines: (n, d) vectors of the same n lines in each language.
        noise: what the moves are drawn from.
    """

    def __init__(self, lines: Mapping[Language, FloatMatrix], noise: np.random.Generator) -> None:
        self._of = lines
        self._noise = noise
        self.count, self._dimension = next(iter(lines.values())).shape
        spreads = [np.linalg.norm(own - own.mean(axis=0), axis=1).mean() for own in lines.values()]
        self._spread = float(np.mean(spreads)) / self._dimension**0.5

    def moves(self, count: int, length: float) -> FloatMatrix:
        """Give random moves, so many times as long as lines are apart from their mean."""
        return self._noise.standard_normal((count, self._dimension), np.float32) * np.float32(
            length * self._spread
        )

    def vectors(self, code: Language, lines: list[int], moves: FloatMatrix) -> FloatMatrix:
        """Give unit vectors of tellings."""
        made: FloatMatrix = self._of[code][lines] + moves + self.moves(len(lines), TELLING_MOVE)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        return made


def news_lines() -> dict[Language, FloatMatrix]:
    """Give the bundled model's vectors of NTREX by language.

    Raises:
        RuntimeError: the benchmark data is not here.
    """
    lines = parallel_lines(10_000)
    if lines is None:
        raise RuntimeError("the benchmark data (NTREX) is not here")
    return by_language(lines, sentence_vectors()[: sum(map(len, lines.values()))])


def make_rows(
    pairs: dict[str, list[Pair]], lines: Mapping[Language, FloatMatrix], count: int, seed: int = 0
) -> Iterator[Row]:
    """Give articles with sentences and vectors, event after event.

    Args:
        pairs: sentences and their English, by language.
        lines: see `MovedLines`.
        count: of articles.
        seed: the same gives the same.
    """
    chance = random.Random(seed)
    moved_lines = MovedLines(lines, np.random.default_rng(seed))
    streams = {language: sentence_parts(own, chance) for language, own in sorted(pairs.items())}
    languages = sorted(streams)
    sizes = range(1, MOST_ARTICLES_AN_EVENT + 1)
    weights = [size**-STEEPNESS for size in sizes]
    number = 0
    while number < count:
        language = chance.choice(languages)
        start = START + timedelta(days=number / ARTICLES_A_DAY)
        told: list[Parts] = list(islice(streams[language], EVENT_SENTENCES))
        places = [chance.randrange(moved_lines.count) for _ in told]
        moves = moved_lines.moves(len(told), EVENT_MOVE)
        (size,) = chance.choices(sizes, weights)
        for version in range(min(size, count - number)):
            side = (version + chance.randrange(2)) % 2 if version > 1 else version
            code: Language = (language, "en")[side]  # type: ignore[assignment]
            # The lead first, then in the article's own order.
            order = sorted(
                chance.sample(range(len(told)), SHARED_SENTENCES), key=lambda at: (at > 1, chance.random())
            )
            own = list(islice(streams[language], SENTENCES_AN_ARTICLE - len(order)))
            parts = [*(told[at] for at in order), *own]
            texts = [tell(part, side, backwards=chance.random() < 0.5) for part in parts]
            rows = [*(places[at] for at in order), *(chance.randrange(moved_lines.count) for _ in own)]
            moved = np.concatenate([moves[order], moved_lines.moves(len(own), EVENT_MOVE)])
            published = start + timedelta(days=chance.expovariate(1 / MEAN_DELAY_DAYS))
            outlet = OutletId(f"{code}-outlet-{version}")
            yield _row(number, code, outlet, published, texts, moved_lines.vectors(code, rows, moved))
            number += 1


def _row(
    number: int, code: Language, outlet: OutletId, published: object, texts: list[str], vectors: FloatMatrix
) -> Row:
    source, text = f"https://{outlet}.example/{number}", " ".join(texts)
    article = Article(
        Article.identify(outlet, source, text), outlet, source, texts[0][:80], text, code, 1.0,
        published, synthetic=True,  # type: ignore[arg-type]
    )  # fmt: skip
    sentences, start = [], 0
    for position, own in enumerate(texts):
        id_ = Sentence.identify(article.id, position)
        sentences.append(
            Sentence(id_, article.id, position, start, start + len(own), own, is_claim=True, claim_reason="")
        )
        start += len(own) + 1
    return article, sentences, vectors


def fill(folder: Path, count: int) -> None:
    """Write an index of so many articles, as the bundled model would have been asked for."""
    rows = make_rows(training_pairs(), news_lines(), count)
    with open_index(folder, mode="write", embedder_id=BundledEmbedder().id, dimension=DIMENSION) as index:
        while batch := list(islice(rows, BATCH)):
            outlets = {row[0].outlet_id: row[0].language for row in batch}
            index.write_articles(batch, [Outlet(id_, id_, code) for id_, code in outlets.items()])
