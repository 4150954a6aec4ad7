"""How the time of comparing grows with the corpus: stories, matches and groups, on synthetic vectors.

    python benchmarks/compare_scale.py [--articles 1000 10000] [--one-day]

Four outlets, one a language, tell each event in 12 sentences, 8 of them shared. Articles come 400 a day, or
all on one day, where every article may be of every event. Ten times the articles should take about ten times
as long.
"""

import argparse
import time
from datetime import UTC, datetime, timedelta

import numpy as np

from xsource.align import (
    Reference,
    claim_rows,
    digest_articles,
    find_groups,
    find_stories,
    reference_from,
)
from xsource.align.similarity import normalise
from xsource.records import LANGUAGES, Article, ArticleId, FloatMatrix, OutletId, SentenceId

DIMENSION = 384
SENTENCES = 12
SHARED = 8
ARTICLES_A_DAY = 400
REFERENCE_SENTENCES = 996  # of each language, as shipped for the bundled model
START = datetime(2024, 1, 1, tzinfo=UTC)


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


def measure(count: int, *, one_day: bool) -> tuple[float, float, int, int]:
    """Give the seconds for stories and for matches with groups, and how many of each came out."""
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

    start = time.perf_counter()
    claims = claim_rows(ids, owners, codes, vectors, reference)
    digests = digest_articles([article.id for article in articles], owners, codes, claims.vectors, reference)
    stories = find_stories(articles, digests, reference)
    middle = time.perf_counter()
    rows_of = claims.rows_by_article()
    groups = 0
    for story in stories:
        rows = np.concatenate([rows_of[article] for article in story.article_ids])
        groups += len(find_groups(claims.take(rows), reference))
    return middle - start, time.perf_counter() - middle, len(stories), groups


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--one-day", action="store_true", help="all articles in one time window")
    arguments = parser.parse_args()
    first = 0.0
    print(f"{'articles':>8} {'stories s':>10} {'matches s':>10} {'total':>8} {'ratio':>6}   found")
    for wanted in arguments.articles:
        found = measure(wanted, one_day=arguments.one_day)
        total = found[0] + found[1]
        first = first or total
        print(
            f"{wanted:>8} {found[0]:>10.2f} {found[1]:>10.2f} {total:>8.2f} {total / first:>6.1f}   "
            f"{found[2]} stories, {found[3]} groups",
            flush=True,
        )
