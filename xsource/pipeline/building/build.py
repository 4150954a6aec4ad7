"""Articles in: ingest, segment, embed, store, then translate. A batch is in the index whole or not at all.

Stages overlap: one thread reads, one finds languages and sentences, one embeds (on as many cores as the
embedder takes), and the calling thread writes. At most a handful of batches is on the way, so memory does not
grow with the corpus.
"""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path

from xsource.errors import IndexStateError, Problem
from xsource.ingest import IngestTally, load_outlets_around
from xsource.outlets import OutletList
from xsource.pipeline.building.ahead import read_ahead
from xsource.pipeline.building.expecting import estimate_records
from xsource.pipeline.building.first_build import leaving_no_empty_index
from xsource.pipeline.building.preparing import (
    ColumnMapping,
    Numbered,
    PreparedBatch,
    RawBatch,
    prepare_batch,
    read_batches,
)
from xsource.pipeline.building.sentence_vectors import SentenceVectors
from xsource.pipeline.building.translating import translate_new
from xsource.pipeline.daily.carrying import carry_daily
from xsource.pipeline.following.noting import note_follows
from xsource.pipeline.reviewing.verdicts import carry_verdicts
from xsource.pipeline.sharding.manifest import MANIFEST_FILE, remove_manifest, write_manifest
from xsource.pipeline.sharding.shard import Shard
from xsource.protocols import Embedder, Progress, no_progress
from xsource.records import Article, ArticleId, FloatMatrix, FloatVector, Outlet, RawArticle, Sentence
from xsource.registry import open_detector, open_embedder
from xsource.settings import Settings
from xsource.store import Index, open_index
from xsource.store.connection import CATALOG_FILE
from xsource.store.replacing import replacing
from xsource.store.schema import is_emptied

BATCH_ARTICLES = 64
"""Articles a transaction: what a kill can cost. Enough to fill the embedder's length-sorted batches."""

BATCHES_AHEAD = 2
"""Batches that wait between two stages. One covers a slow page or a slow disk; more only take memory."""

UNREADABLE_CATALOG = "catalog.unreadable.sqlite3"
"""Where a rebuild leaves a catalogue that verdicts may be in and cannot be read from."""


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """What a build did.

    Attributes:
        read: articles found, `new + known + failed`.
        known: articles that the index had already, unchanged.
        failed: articles and files left out; each is one of `problems`.
        sentences, claims: added by this build.
        translated: sentences that got a translation, by a person or a machine.
        furniture_lines, datelines: taken out of the articles on the way in.
        notices: what a user should know and need not act on.
        seconds: time a stage was busy; stages overlap, so their sum is more than `elapsed`.
        elapsed: seconds from begin to end.
    """

    read: int
    new: int
    known: int
    failed: int
    sentences: int
    claims: int
    translated: int
    furniture_lines: int
    datelines: int
    problems: tuple[Problem, ...]
    notices: tuple[str, ...]
    seconds: dict[str, float]
    elapsed: float = 0.0


@dataclass(slots=True)
class _Tally:
    """Counts that grow while a build runs."""

    read: int = 0
    new: int = 0
    known: int = 0
    sentences: int = 0
    claims: int = 0
    ingest: IngestTally = field(default_factory=IngestTally)
    problems: list[Numbered] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    order: dict[ArticleId, int] | None = None

    def number(self, articles: Sequence[tuple[int, ArticleId, RawArticle]]) -> None:
        """Note in which order articles were read, where somebody will ask."""
        if self.order is not None:
            self.order.update({article_id: number for number, article_id, _ in articles})

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


def build(
    paths: Sequence[Path],
    index_path: Path,
    settings: Settings,
    *,
    outlets: OutletList | None = None,
    columns: ColumnMapping | None = None,
    progress: Progress = no_progress,
    rebuild: bool = False,
    now: datetime | None = None,
    shard: Shard | None = None,
) -> BuildSummary:
    """Read articles from files and folders and keep what is new in the index.

    Args:
        paths: files and folders, in any mix.
        index_path: made when absent.
        settings: `embedder` must be the one that the index was made with.
        outlets: what is known by name; the bundled ones and those declared around the paths when left out.
        columns: how the fields of CSV, TSV and JSON lines are called, when not as ours; then `paths` are such
            files.
        progress: told about every batch.
        rebuild: empty the index first.
        now: bounds publication dates; the current time when left out.
        shard: build this part of the articles only, and write a manifest for `merge_shards` at the end.

    Claims that are followed are asked about at the end, see `xsource.pipeline.following`.

    Raises:
        IndexStateError: the index belongs to another embedder or a newer program.
        StorageError: the disk is full, or another process is writing.
        ModelError: the embedder cannot be loaded.
    """
    begin = time.perf_counter()
    now = now or datetime.now(UTC)
    tally = _Tally(order={} if shard else None)
    embedder = open_embedder(settings)
    outlets = load_outlets_around(paths) if outlets is None else outlets
    with (
        leaving_no_empty_index(index_path, wanted=shard is None),
        _emptied(index_path, tally, wanted=rebuild) as place,
        open_index(place, mode="write", embedder_id=embedder.id, dimension=embedder.dimension) as index,
    ):
        remove_manifest(place, shard)
        batches = read_batches(paths, outlets, columns, now, tally.ingest, shard, BATCH_ARTICLES)
        expected = estimate_records(paths) if progress is not no_progress and shard is None else None
        # Closed here and not when it is collected: an error must not leave threads that go on embedding.
        with closing(_embedded(_timed(batches, tally), index, embedder, tally)) as embedded:
            for batch in embedded:
                _keep(index, batch, outlets, tally)
                progress("articles", tally.read, max(expected, tally.read) if expected else None)
        problems = [one.problem for one in tally.problems]
        index.write_problems(problems)
        index.write_settings(settings.of_index())
        with tally.timed("translate"):
            translated = translate_new(index, paths, settings, tally.notices, progress)
        with tally.timed("store"):
            if (tally.new or tally.known) and shard is None:
                # Made now, so that the first search need not wait for it. Also after a build that found nothing
                # new: the one before may have been stopped just here.
                index.vector_store()
        if shard is not None:
            write_manifest(index, shard, tally.order or {}, tally.problems)
    if shard is None and (tally.new or tally.known):
        with tally.timed("follow"):
            tally.notices += note_follows(index_path, settings, progress=progress, now=now)
    return BuildSummary(
        read=tally.read,
        new=tally.new,
        known=tally.known,
        failed=len(tally.problems),
        sentences=tally.sentences,
        claims=tally.claims,
        translated=translated,
        furniture_lines=tally.ingest.furniture_lines,
        datelines=tally.ingest.datelines,
        problems=tuple(problems),
        notices=(*tally.ingest.notices, *tally.notices),
        seconds=tally.seconds,
        elapsed=time.perf_counter() - begin,
    )


@contextmanager
def _emptied(path: Path, tally: _Tally, *, wanted: bool) -> Iterator[Path]:
    """Give the folder to build in: the index itself, or an empty one that replaces it at the end.

    An index with articles is not replaced by one without: a path that was mistyped would cost all of it.
    """
    if not wanted or not path.exists():
        yield path
        return
    with suppress(_NothingUsedError), replacing(path, dropped=[MANIFEST_FILE]) as fresh:
        yield fresh
        _check_that_something_is_used(path, tally)
        _keep_verdicts(path, fresh, tally.notices)


def _check_that_something_is_used(path: Path, tally: _Tally) -> None:
    if not tally.new and tally.problems:
        tally.notices.append(f"nothing could be used, and {path} is as it was")
        raise _NothingUsedError


class _NothingUsedError(Exception):
    """Ends a rebuild that would leave an empty index."""


def _keep_verdicts(old: Path, fresh: Path, notices: list[str]) -> None:
    """Take what analysts said and follow over into a new index: it is work that no build can do again."""
    catalog = old / CATALOG_FILE
    if not catalog.is_file() or is_emptied(catalog):
        return
    try:
        carry_verdicts(old, fresh)
        carry_daily(old, fresh)
    except IndexStateError as error:
        shutil.copyfile(catalog, fresh / UNREADABLE_CATALOG)
        notices.append(
            f"verdicts, looks and followed claims of the index before could not be read ({error.message}); "
            f"its catalogue is kept as {old / UNREADABLE_CATALOG}"
        )


def _timed(batches: Iterator[RawBatch], tally: _Tally) -> Iterator[RawBatch]:
    """Give batches and keep the time that reading them takes."""
    while True:
        with tally.timed("read"):
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


@dataclass(frozen=True, slots=True)
class _Batch:
    """A batch on its way: what was read, how many of it are known, and what comes of the rest."""

    raw: RawBatch
    known: int
    prepared: PreparedBatch
    sentences: list[Sentence]
    vectors: Future[FloatMatrix]


def _embedded(raw: Iterator[RawBatch], index: Index, embedder: Embedder, tally: _Tally) -> Generator[_Batch]:
    """Give batches in the order of reading, each with its vectors on the way or there.

    The index is asked and written by the calling thread alone: SQLite keeps a connection to one thread.
    """
    detector = open_detector()
    preparing: deque[tuple[RawBatch, int, Future[PreparedBatch]]] = deque()
    embedding: deque[_Batch] = deque()
    preparer = ThreadPoolExecutor(1, thread_name_prefix="xsource-segment")
    worker = ThreadPoolExecutor(1, thread_name_prefix="xsource-embed")
    with closing(SentenceVectors(embedder, index)) as vectors:

        def prepare(new: list[tuple[int, ArticleId, RawArticle]]) -> PreparedBatch:
            with tally.timed("segment"):
                return prepare_batch(new, detector)

        def embed(batch: list[Sentence], written: dict[str, FloatVector]) -> FloatMatrix:
            with tally.timed("embed"):
                return vectors.embed(batch, written)

        def begin_embedding() -> None:
            batch, known, future = preparing.popleft()
            prepared = future.result()
            sentences = [sentence for _, own in prepared.articles for sentence in own]
            written = vectors.find_written(sentences)
            embedding.append(
                _Batch(batch, known, prepared, sentences, worker.submit(embed, sentences, written))
            )

        def finish(batch: _Batch) -> _Batch:
            batch.vectors.result()
            return batch

        try:
            for batch in read_ahead(raw, BATCHES_AHEAD):
                tally.number(batch.articles)
                stored = index.known_articles([article_id for _, article_id, _ in batch.articles])
                new = [article for article in batch.articles if article[1] not in stored]
                preparing.append((batch, len(stored), preparer.submit(prepare, new)))
                if len(preparing) > 1:
                    begin_embedding()
                while len(embedding) > BATCHES_AHEAD:
                    done = embedding.popleft()
                    yield finish(done)
                    vectors.remember(done.sentences)
            while preparing:
                begin_embedding()
            while embedding:
                yield finish(embedding.popleft())
        finally:
            for executor in (preparer, worker):
                executor.shutdown(wait=True, cancel_futures=True)


def _keep(index: Index, batch: _Batch, outlets: OutletList, tally: _Tally) -> None:
    """Write a batch in one transaction."""
    tally.read += batch.raw.read
    tally.known += batch.known
    # In the order of reading, and not in that of stages: so that shards put together list them alike.
    tally.problems += sorted([*batch.raw.problems, *batch.prepared.problems], key=attrgetter("number"))
    tally.notices += batch.prepared.notices
    articles = batch.prepared.articles
    if not articles:
        return
    vectors = batch.vectors.result()
    with tally.timed("store"):
        rows = []
        start = 0
        for article, sentences in articles:
            rows.append((article, sentences, vectors[start : start + len(sentences)]))
            start += len(sentences)
            tally.claims += sum(sentence.is_claim for sentence in sentences)
        index.write_articles(
            rows, [_outlet_of(article, outlets) for article, _ in articles], batch.prepared.notes
        )
    tally.new += len(articles)
    tally.sentences += start


def _outlet_of(article: Article, outlets: OutletList) -> Outlet:
    """Describe an article's outlet; one that nobody described has the language of its first article."""
    outlet = outlets.record(article.outlet_id)
    return outlet if outlet.language else replace(outlet, language=article.language)
