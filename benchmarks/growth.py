"""Growth: how the time of comparing grows with the corpus, stories, matches and groups, on synthetic vectors.

Four outlets, one a language, tell each event in 12 sentences, 8 of them shared. Articles come 400 a day, or
all on one day, where every article may be of every event. So many times the articles should take about so
many times as long.
"""

import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.measuring import Measured, run_case
from benchmarks.results import Row, Section
from xsource.align import (
    Reference,
    claim_rows,
    digest_articles,
    find_stories,
    reference_from,
)
from xsource.align.similarity import normalise
from xsource.records import LANGUAGES, Article, ArticleId, FloatMatrix, OutletId, SentenceId

TITLE = "Growth of comparing"
DIMENSION = 384
SENTENCES = 12
SHARED = 8
ARTICLES_A_DAY = 400
REFERENCE_SENTENCES = 996  # of each language, as shipped for the bundled model
START = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """Articles of each run, few to many; and how many come on one day."""

    articles: tuple[int, ...]
    one_day: int


SIZES = {"small": Size((1000, 4000), 1000), "full": Size((1000, 10_000, 100_000), 4000)}


def compare(size: Size, repeats: int) -> Section:
    """Give seconds for each number of articles, and how they grow beside n log n."""
    rows: list[Row] = []
    least = size.articles[0], 0.0
    for count in size.articles:
        run = run_case("growth:measure", {"count": count}, threads=0, repeats=repeats)
        if count == least[0]:
            least = count, run.cpu
        expected = least[1] * count * math.log(count) / (least[0] * math.log(least[0]))
        rows.append(
            Row(f"{count:,} articles, 400 a day, CPU-seconds", f"{run.cpu:.1f}", f"n log n from {least[0]:,}",
                f"{expected:.1f}", expected / run.cpu, "at least 1")
        )  # fmt: skip
        rows.append(Row("peak memory, MB", f"{run.peak_bytes / 1e6:.0f}", wanted="at most 4,000 at 100,000"))
    run = run_case("growth:measure", {"count": size.one_day, "one_day": True}, threads=0, repeats=repeats)
    rows.append(Row(f"{size.one_day:,} articles of one day, CPU-seconds", f"{run.cpu:.1f}"))
    return Section(
        rows, (f"{SENTENCES} sentences an article; vectors made for this, so that copies are known.",)
    )


def make_vectors(random: np.random.Generator, events: int, languages: FloatMatrix) -> FloatMatrix:
    """Make unit vectors, event by event and language by language: meaning, language, topic, and noise."""
    shape = (events, len(LANGUAGES), SENTENCES, DIMENSION)
    vectors = random.normal(scale=0.6, size=shape).astype(np.float32)
    vectors[:, :, :SHARED] += random.normal(size=(events, 1, SHARED, DIMENSION))
    vectors[:, :, SHARED:] += random.normal(size=(events, len(LANGUAGES), SENTENCES - SHARED, DIMENSION))
    vectors += 0.7 * random.normal(size=(events, 1, 1, DIMENSION)).astype(np.float32)
    vectors += languages[:, None, :]
    return normalise(vectors.reshape(-1, DIMENSION))


def make_reference(random: np.random.Generator, languages: FloatMatrix) -> Reference:
    """Take a reference from sentences that belong to no event."""
    vectors = 1.4 * random.normal(size=(len(LANGUAGES), REFERENCE_SENTENCES, DIMENSION)) + languages[:, None, :]
    codes = [code for code in LANGUAGES for _ in range(REFERENCE_SENTENCES)]
    return reference_from("synthetic", normalise(vectors.reshape(-1, DIMENSION).astype(np.float32)), codes)


def measure(count: int, *, one_day: bool = False) -> Measured:
    """Find stories among so many articles."""
    random = np.random.default_rng(0)
    languages = 2 * random.normal(size=(len(LANGUAGES), DIMENSION)).astype(np.float32)
    reference = make_reference(random, languages)
    events = count // len(LANGUAGES)
    vectors = make_vectors(random, events, languages)
    articles = []
    for event in range(events):
        day = 0.0 if one_day else event * len(LANGUAGES) / ARTICLES_A_DAY
        for code in LANGUAGES:
            name = f"{event}/{code}"
            published = START + timedelta(days=day)
            articles.append(Article(ArticleId(name), OutletId(code), name, name, name, code, 1.0, published))
    owners = [article.id for article in articles for _ in range(SENTENCES)]
    codes = [article.language for article in articles for _ in range(SENTENCES)]
    ids = [SentenceId(f"{row}") for row in range(len(owners))]

    start, cpu = time.perf_counter(), time.process_time()
    claims = claim_rows(ids, owners, codes, vectors, reference)
    digests = digest_articles([article.id for article in articles], owners, codes, claims.vectors, reference)
    stories = find_stories(articles, digests, reference)
    figures = {"stories": len(stories)}
    return Measured(time.perf_counter() - start, time.process_time() - cpu, figures=figures)
