"""Articles in: ingest, segment, embed, store, then translate. A batch is in the index whole or not at all."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import cast

from xsource.errors import IndexStateError, Problem
from xsource.ingest import IngestTally, load_outlets_around, read_articles, read_columns
from xsource.outlets import OutletList
from xsource.pipeline.reviewing import carry_verdicts
from xsource.pipeline.translating import translate_new
from xsource.protocols import Embedder, LanguageDetector, Progress, no_progress
from xsource.records import LANGUAGES, Article, ArticleId, Language, Outlet, RawArticle, Sentence
from xsource.registry import open_detector, open_embedder
from xsource.segment.sentences import segment
from xsource.settings import Settings
from xsource.store import Index, open_index
from xsource.store.connection import CATALOG_FILE

BATCH_ARTICLES = 64
"""Articles a transaction: what a kill can cost. Enough to fill the embedder's length-sorted batches."""

UNREADABLE_CATALOG = "catalog.unreadable.sqlite3"
"""Where a rebuild leaves a catalogue that verdicts may be in and cannot be read from."""

KEPT_IN_REBUILD = ("raw", "outlets.toml", "xsource.toml", UNREADABLE_CATALOG)
"""What lies in an index folder and is no part of the index: fetched pages, the user's outlets and settings."""


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
        seconds: wall time a stage.
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


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How the files of another tool call things.

    Attributes:
        names: our field (`outlet`, `url`, `title`, `text`, `published_at`, `language`) to theirs; fields that
            are called as ours need not be there.
        constants: fields that are the same in every record: `{"outlet": "tass"}`.
    """

    names: Mapping[str, str]
    constants: Mapping[str, str]


@dataclass(slots=True)
class _Tally:
    """Counts that grow while a build runs."""

    read: int = 0
    new: int = 0
    known: int = 0
    sentences: int = 0
    claims: int = 0
    ingest: IngestTally = field(default_factory=IngestTally)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

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

    Raises:
        IndexStateError: the index belongs to another embedder or a newer program.
        StorageError: the disk is full, or another process is writing.
        ModelError: the embedder cannot be loaded.
    """
    now = now or datetime.now(UTC)
    tally = _Tally()
    embedder = open_embedder(settings)
    detector = open_detector()
    outlets = load_outlets_around(paths) if outlets is None else outlets
    with (
        _emptied(index_path, tally.notices, wanted=rebuild) as place,
        open_index(place, mode="write", embedder_id=embedder.id, dimension=embedder.dimension) as index,
    ):
        raw = _read(_found(paths, outlets, columns, now, tally), tally)
        while batch := list(islice(raw, BATCH_ARTICLES)):
            with tally.timed("segment"):
                articles = [a for item in batch if (a := _with_language(item, detector, tally))]
                known = index.known_articles([article.id for article in articles])
                tally.known += sum(article.id in known for article in articles)
                new = [(article, segment(article)) for article in articles if article.id not in known]
            _keep(index, new, embedder, outlets, tally)
            progress("articles", tally.read, None)
        index.write_problems(tally.problems)
        index.write_settings({"embedder": settings.embedder})
        with tally.timed("translate"):
            translated = translate_new(index, paths, settings, tally.notices, progress)
        with tally.timed("store"):
            if tally.new:
                index.vector_store()  # made now, so that the first search need not wait for it
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
        problems=tuple(tally.problems),
        notices=tuple(tally.notices),
        seconds=tally.seconds,
    )


@contextmanager
def _emptied(path: Path, notices: list[str], *, wanted: bool) -> Iterator[Path]:
    """Give the folder to build in: the index itself, or an empty one that replaces it at the end."""
    if not wanted or not path.exists():
        yield path
        return
    fresh = path.with_name(f"{path.name}.rebuilding")
    old = path.with_name(f"{path.name}.replaced")
    _carry_over(old, path)  # a rebuild that was killed at its very end
    shutil.rmtree(fresh, ignore_errors=True)
    yield fresh
    _keep_verdicts(path, fresh, notices)
    shutil.rmtree(old, ignore_errors=True)
    path.rename(old)
    fresh.rename(path)
    _carry_over(old, path)
    shutil.rmtree(old)


def _keep_verdicts(old: Path, fresh: Path, notices: list[str]) -> None:
    """Take what analysts said over into a new index: it is work that no build can do again."""
    catalog = old / CATALOG_FILE
    if not catalog.is_file():
        return
    try:
        carry_verdicts(old, fresh)
    except IndexStateError as error:
        shutil.copyfile(catalog, fresh / UNREADABLE_CATALOG)
        notices.append(
            f"the verdicts of the index before could not be read ({error.message}); "
            f"its catalogue is kept as {old / UNREADABLE_CATALOG}"
        )


def _carry_over(old: Path, path: Path) -> None:
    """Move what a user or `fetch` keeps in an index folder, and no build can make again."""
    for name in KEPT_IN_REBUILD:
        if (old / name).exists() and not (path / name).exists():
            (old / name).rename(path / name)


def _found(
    paths: Sequence[Path],
    outlets: OutletList,
    columns: ColumnMapping | None,
    now: datetime,
    tally: _Tally,
) -> Iterator[RawArticle | Problem]:
    """Give what the files hold, read under our names for things or under those of another tool."""
    if columns is None:
        yield from read_articles(paths, outlets=outlets, now=now, tally=tally.ingest)
        return
    for path in paths:
        yield from read_columns(
            path, columns.names, outlets=outlets, now=now, constants=columns.constants, tally=tally.ingest
        )


def _read(found: Iterator[RawArticle | Problem], tally: _Tally) -> Iterator[RawArticle]:
    """Give the articles of a build once each; what cannot be used, or comes twice, becomes a problem."""
    first_seen: dict[ArticleId, str] = {}
    text_of: dict[tuple[str, str], str] = {}
    for item in found:
        tally.read += 1
        if isinstance(item, Problem):
            tally.problems.append(item)
            continue
        article_id = Article.identify(item.outlet_id, item.source, item.text)
        if article_id in first_seen:
            tally.problems.append(
                Problem(
                    item.where, f"the same article as {first_seen[article_id]}; kept once", "remove one of them"
                )
            )
            continue
        first_seen[article_id] = item.where
        url = (item.outlet_id, item.source)
        if url in text_of and not _is_capture(item):
            # Both are kept: dates say which is the newer, not the order of files.
            tally.problems.append(
                Problem(
                    item.where,
                    f"another text than {text_of[url]} under the same URL, {item.source}; kept as a version",
                    "give the two different URLs if they are different articles",
                )
            )
        text_of[url] = item.where
        yield item


def _is_capture(item: RawArticle) -> bool:
    """Whether an article was read from a web archive, where several texts of one page are what one expects."""
    return ".warc" in item.where


def _with_language(item: RawArticle, detector: LanguageDetector, tally: _Tally) -> Article | None:
    """Judge an article's language by its text; what is not ours becomes a problem."""
    detected = detector.detect(item.text)
    if not detected.is_supported:
        tally.problems.append(
            Problem(
                item.where,
                f"the text is in {detected.code!r} ({detected.reason}), expected {', '.join(LANGUAGES)}",
                "xsource compares these languages only",
            )
        )
        return None
    if item.declared_language and item.declared_language.split("-")[0] != detected.code:
        tally.notices.append(
            f"{item.where}: language is given as {item.declared_language!r} and the text is in "
            f"{detected.code!r}; the text decides"
        )
    return Article(
        id=Article.identify(item.outlet_id, item.source, item.text),
        outlet_id=item.outlet_id,
        source=item.source,
        title=item.title,
        text=item.text,
        language=cast("Language", detected.code),
        language_probability=detected.probability,
        published_at=item.published_at,
        agency=item.agency,
        synthetic=item.synthetic,
    )


def _keep(
    index: Index,
    articles: Sequence[tuple[Article, tuple[Sentence, ...]]],
    embedder: Embedder,
    outlets: OutletList,
    tally: _Tally,
) -> None:
    """Embed a batch's sentences in one call and write the batch in one transaction."""
    if not articles:
        return
    with tally.timed("embed"):
        vectors = embedder.embed([sentence.text for _, sentences in articles for sentence in sentences])
    with tally.timed("store"):
        batch = []
        start = 0
        for article, sentences in articles:
            batch.append((article, sentences, vectors[start : start + len(sentences)]))
            start += len(sentences)
            tally.claims += sum(sentence.is_claim for sentence in sentences)
        index.write_articles(batch, [_outlet_of(article, outlets) for article, _ in articles])
    tally.new += len(articles)
    tally.sentences += start


def _outlet_of(article: Article, outlets: OutletList) -> Outlet:
    """Describe an article's outlet; one that nobody described has the language of its first article."""
    outlet = outlets.record(article.outlet_id)
    return outlet if outlet.language else replace(outlet, language=article.language)
