"""Which articles tell one event: a story.

Two articles are akin by what they are about (the cosine of their mean sentence vectors) and by what they state
(the share of their first sentences that match). The first alone cannot tell two matches of one football club
from two reports of one match; the second alone misses reports that share an event and hardly a sentence.

Articles join by average linkage, so a chain of articles, each like the next, is not a story. Articles further
apart than a time window never are one; an article without a date may join any. Nothing compares all pairs: each
article proposes its nearest inside the window, and only proposed sets are joined. The order of the articles
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

import numpy as np

from xsource.align.candidates import ACCEPT_MARGIN, ClaimRows, match_rows
from xsource.align.linkage import AverageLinkage, Moments
from xsource.align.reference import Reference
from xsource.align.similarity import normalise
from xsource.records import Article, ArticleId, FloatMatrix, IntVector, SentenceId, Story, StoryId, stable_id

STORY_RECIPE = 2
"""To be raised when the same articles come out as other stories: what an index kept is then found anew."""


@dataclass(frozen=True, slots=True)
class StoryBars:
    """From where two sets of articles tell one event.

    The values here are for an embedder that nothing was measured with; those of the bundled one are the
    judge's.

    Attributes:
        least_kinship: mean cosine plus mean share, less the two below.
        least_share: part of their own tightness at which two sets still join (`AverageLinkage`). `planted/`:
            F1 .884
            without, .979 from .6 to .65; lower is kinder to an event that two agencies report in two wordings.
        own_language: what two articles of one language are nearer for the language's sake.
        a_day: what a day between them costs.
    """

    least_kinship: float = 0.7
    least_share: float = 0.65
    own_language: float = 0.0
    a_day: float = 0.0


LEAST_COSINE = 0.35
"""Below it two articles are not proposed: the lowest true pair of `planted/` has .49, of `corpora/` .45."""

MAX_GAP_DAYS = 4
"""As `Settings.max_gap_days`: a story's first and last article are no further apart."""

LEAD_SENTENCES = 8
"""What an event is stands at the top of a news text; with 8, 12 and all sentences stories come out alike."""

_FEWEST_SENTENCES = 3
"""A share is taken of at least so many, so that one chance match of a one-line bulletin is not everything."""

_NEIGHBOURS = 20
"""Neighbours that an article proposes. A story of more articles still holds together through the joined
sets."""

_EXACT_WINDOW = 4096
"""Up to so many articles in a window all are compared; beyond, only those of the same cells (`_cells`)."""

_NO_ROWS: IntVector = np.empty(0, dtype=np.int64)
_CELLS_AN_ARTICLE = 4
_ROWS_A_BLOCK = 256
_SECONDS_A_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class ArticleDigests:
    """What stories are found by: small enough to hold for every article of an index.

    Attributes:
        ids: n article ids.
        vectors: (n, d) unit rows, the mean of each article's centred sentences; zeros where it has none.
        leads: the first sentences of each article.
    """

    ids: tuple[ArticleId, ...]
    vectors: FloatMatrix
    leads: ClaimRows


def digest_articles(
    articles: Sequence[ArticleId],
    sentence_articles: Sequence[ArticleId],
    languages: Sequence[str],
    vectors: FloatMatrix,
    reference: Reference,
) -> ArticleDigests:
    """Sum up each article: its mean vector and its first sentences.

    Args:
        articles: n ids.
        sentence_articles: the article of each of m sentences, an article's in the order of its text;
            sentences of other articles are left out.
        languages: of each sentence.
        vectors: (m, d) centred unit rows.
        reference: of the embedder that made them.
    """
    row_of = {article: row for row, article in enumerate(articles)}
    totals = np.zeros((len(articles), vectors.shape[1]), dtype=np.float32)
    counts = [0] * len(articles)
    lead: list[int] = []
    for at, article in enumerate(sentence_articles):
        row = row_of.get(article)
        if row is None:
            continue
        totals[row] += vectors[at]
        counts[row] += 1
        if counts[row] <= LEAD_SENTENCES:
            lead.append(at)
    leads = ClaimRows(
        ids=[SentenceId(f"{sentence_articles[at]}/{at}") for at in lead],
        articles=[sentence_articles[at] for at in lead],
        languages=[languages[at] for at in lead],
        vectors=vectors[lead],
        hubness=reference.hubness(vectors[lead]),
    )
    return ArticleDigests(tuple(articles), normalise(totals), leads)


def join_digests(parts: Iterable[ArticleDigests], articles: int) -> ArticleDigests:
    """Put digests made block by block into one; at least one block.

    Args:
        parts: let go one by one: there are never two copies of what they hold (1.3 GB for 100,000 articles).
        articles: of all parts together, or more.
    """
    ids: list[ArticleId] = []
    sentences: list[SentenceId] = []
    owners: list[ArticleId] = []
    languages: list[str] = []
    vectors = leads = hubness = np.empty(0, np.float32)
    for part in parts:
        lead = part.leads
        if not ids:
            # Memory that is never written is never taken: room for the most leads that there can be is free.
            rows = articles * LEAD_SENTENCES
            vectors = np.empty((articles, part.vectors.shape[1]), np.float32)
            leads = np.empty((rows, lead.vectors.shape[1]), np.float32)
            hubness = np.empty((rows, *lead.hubness.shape[1:]), np.float32)
        vectors[len(ids) : len(ids) + len(part.ids)] = part.vectors
        leads[len(sentences) : len(sentences) + len(lead)] = lead.vectors
        hubness[len(sentences) : len(sentences) + len(lead)] = lead.hubness
        ids += part.ids
        sentences += lead.ids
        owners += lead.articles
        languages += lead.languages
    count = len(sentences)
    rows_of_leads = ClaimRows(sentences, owners, languages, leads[:count], hubness[:count])
    return ArticleDigests(tuple(ids), vectors[: len(ids)], rows_of_leads)


def kinship(digests: ArticleDigests, reference: Reference, left: ArticleId, right: ArticleId) -> float:
    """Give the cosine of two articles plus the share of their first sentences that match."""
    row_of = {article: row for row, article in enumerate(digests.ids)}
    rows_of = digests.leads.rows_by_article()
    cosine = float(digests.vectors[row_of[left]] @ digests.vectors[row_of[right]])
    return cosine + _share_stated(digests.leads, reference, rows_of[left], rows_of[right])


def find_stories(
    articles: Sequence[Article],
    digests: ArticleDigests,
    reference: Reference,
    *,
    max_gap_days: float = MAX_GAP_DAYS,
    bars: StoryBars | None = None,
) -> list[Story]:
    """Sort articles into stories; every article is in exactly one, alone where nothing is akin to it.

    Args:
        articles: any number of any outlets and languages, in any order, ids unique.
        digests: of these articles, in the same order.
        reference: of the embedder that made the vectors.
        max_gap_days: between the first and the last article of a story.
        bars: see `StoryBars`; its own values when left out.

    Returns:
        Ordered by first publication, undated last. A story's id is that of its first article, so it stays when
        later articles join; its title is that of the article nearest to the middle of it.

    Raises:
        ValueError: `digests` are not of `articles`.
    """
    if tuple(article.id for article in articles) != digests.ids:
        raise ValueError(f"{len(digests.ids)} digests are not of the {len(articles)} articles, in their order")
    order = np.array(sorted(range(len(articles)), key=lambda i: articles[i].id), dtype=np.int64)
    ordered = digests.vectors[order]
    published = np.array([_seconds(articles[i].published_at) for i in order], dtype=np.float64)
    window = max_gap_days * _SECONDS_A_DAY
    rows_of = digests.leads.rows_by_article()
    bars = bars or StoryBars()
    codes = sorted({article.language for article in articles})
    linkage = AverageLinkage(
        ordered,
        published,
        window,
        bars.least_kinship,
        bars.least_share,
        np.array([codes.index(articles[i].language) for i in order], dtype=np.int64),
        bars.own_language,
        bars.a_day,
    )
    for left, right in sorted(set(_proposals(ordered, published, window))):
        first, second = (rows_of.get(digests.ids[order[row]], _NO_ROWS) for row in (left, right))
        linkage.propose(left, right, _share_stated(digests.leads, reference, first, second))
    stories = [_as_story([articles[order[i]] for i in rows], ordered[rows]) for rows in linkage.join()]
    return sorted(stories, key=lambda story: (_seconds_or_last(story.first_published), story.id))


def _share_stated(leads: ClaimRows, reference: Reference, left: IntVector, right: IntVector) -> float:
    """Give the share of the shorter lead's sentences that the other matches, 0..1."""
    if not len(left) or not len(right):
        return 0.0  # an article of furniture alone
    matched = len(match_rows(leads, reference, left, right, ACCEPT_MARGIN).left)
    return matched / max(_FEWEST_SENTENCES, min(len(left), len(right)))


def _seconds(moment: datetime | None) -> float:
    return moment.timestamp() if moment else np.nan


def _seconds_or_last(moment: datetime | None) -> float:
    return moment.timestamp() if moment else np.inf


def _as_story(articles: Sequence[Article], vectors: FloatMatrix) -> Story:
    ordered = sorted(articles, key=lambda article: (_seconds_or_last(article.published_at), article.id))
    dates = [article.published_at for article in ordered if article.published_at is not None]
    to_middle = vectors @ vectors.sum(axis=0)
    # Rounded, so that the order of a sum's terms does not decide between equals.
    central = min(range(len(articles)), key=lambda i: (-round(float(to_middle[i]), 4), articles[i].id))
    titles = filter(None, map(attrgetter("title"), [articles[central], *ordered]))
    return Story(
        id=StoryId(stable_id("story", ordered[0].id)),
        title=next(titles, ""),
        article_ids=tuple(article.id for article in ordered),
        first_published=dates[0] if dates else None,
        last_published=dates[-1] if dates else None,
    )


def _proposals(vectors: FloatMatrix, moments: Moments, window: float) -> Iterator[tuple[int, int]]:
    """Give pairs of rows that may be one story, the lower first: each row's nearest inside the window."""
    by_time = np.argsort(moments, kind="stable")  # NaN, the undated, sort last
    if _widest_window(moments[by_time], window) <= _EXACT_WINDOW:
        groups = [by_time]
    else:
        groups = _cells(vectors, by_time)
    for rows in groups:
        for left, right in _nearest_in_window(vectors, moments, rows, window):
            yield (left, right) if left < right else (right, left)


def _widest_window(ascending: Moments, window: float) -> int:
    """Count the most rows that one row is compared with; undated rows are compared with all."""
    dated = ascending[~np.isnan(ascending)]
    if len(dated) < len(ascending):
        return len(ascending)
    last = np.searchsorted(dated, dated + window, side="right")
    first = np.searchsorted(dated, dated - window, side="left")
    return int((last - first).max(initial=0))


def _cells(vectors: FloatMatrix, by_time: IntVector) -> list[IntVector]:
    """Put each row into the few cells whose centres are nearest; rows are then compared inside cells only.

    The centres are 4 * sqrt(n) of the rows themselves, evenly spaced, which makes the cost n ** 1.5: the coarse
    step of an inverted file (Jegou, Douze & Schmid 2011, section IV), without training.
    """
    count = len(vectors)
    centres = np.unique(np.linspace(0, count - 1, int(4 * np.sqrt(count))).round().astype(np.int64))
    members: list[list[int]] = [[] for _ in centres]
    for start in range(0, count, _ROWS_A_BLOCK):
        rows = by_time[start : start + _ROWS_A_BLOCK]
        cosine = vectors[rows] @ vectors[centres].T
        nearest = np.argpartition(cosine, -_CELLS_AN_ARTICLE, axis=1)[:, -_CELLS_AN_ARTICLE:]
        for row, cells in zip(rows.tolist(), nearest.tolist(), strict=True):
            for cell in cells:
                members[cell].append(row)
    return [np.array(rows, dtype=np.int64) for rows in members if len(rows) > 1]


def _nearest_in_window(
    vectors: FloatMatrix, moments: Moments, rows: IntVector, window: float
) -> Iterator[tuple[int, int]]:
    """Compare rows, given by time and undated last, in blocks; each proposes its nearest."""
    times = moments[rows]
    dated = int(np.count_nonzero(~np.isnan(times)))
    for start in range(0, len(rows), _ROWS_A_BLOCK):
        stop = min(start + _ROWS_A_BLOCK, len(rows))
        if stop <= dated:
            low = int(np.searchsorted(times[:dated], times[start] - window, side="left"))
            high = int(np.searchsorted(times[:dated], times[stop - 1] + window, side="right"))
            columns = np.r_[low:high, dated : len(rows)]
        else:
            columns = np.arange(len(rows))
        cosine = vectors[rows[start:stop]] @ vectors[rows[columns]].T
        # A comparison with NaN is false: an undated row is inside every window.
        cosine[np.abs(times[start:stop, None] - times[columns][None, :]) > window] = -1
        cosine[np.arange(start, stop)[:, None] == columns[None, :]] = -1
        width = min(_NEIGHBOURS, len(columns))
        nearest = np.argpartition(cosine, len(columns) - width, axis=1)[:, -width:]
        near_enough = np.take_along_axis(cosine, nearest, axis=1) >= LEAST_COSINE
        for i, j in zip(*np.nonzero(near_enough), strict=True):
            yield int(rows[start + i]), int(rows[columns[nearest[i, j]]])
