"""From files to articles with sentences: what a build does before any model is asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import cast

from xsource.errors import Problem
from xsource.ingest import IngestTally, read_articles, read_columns
from xsource.outlets import OutletList
from xsource.pipeline.sharding.shard import Shard
from xsource.protocols import LanguageDetector
from xsource.records import (
    LANGUAGES,
    Article,
    ArticleId,
    Language,
    RawArticle,
    ReadingNote,
    Sentence,
    stable_id,
)
from xsource.segment.sentences import segment
from xsource.store.connection import sqlite_errors

TEMPORARY = Path("temporary file")
"""How SQLite's own temporary files are called in messages."""


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


@dataclass(frozen=True, slots=True)
class Numbered:
    """A problem and the number, in reading order, of the record that it is about."""

    number: int
    problem: Problem


@dataclass(slots=True)
class RawBatch:
    """Articles as they were read, and what was wrong between them.

    Attributes:
        read: records behind it, those that became problems too.
        articles: each with its number in reading order.
    """

    read: int = 0
    articles: list[tuple[int, ArticleId, RawArticle]] = field(default_factory=list)
    problems: list[Numbered] = field(default_factory=list)


@dataclass(slots=True)
class PreparedBatch:
    """Articles of known language with their sentences, and what was noted while they were read."""

    articles: list[tuple[Article, tuple[Sentence, ...]]] = field(default_factory=list)
    notes: dict[ArticleId, tuple[ReadingNote, ...]] = field(default_factory=dict)
    problems: list[Numbered] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_batches(
    paths: Sequence[Path],
    outlets: OutletList,
    columns: ColumnMapping | None,
    now: datetime,
    tally: IngestTally,
    shard: Shard | None,
    size: int,
) -> Iterator[RawBatch]:
    """Read the articles of a build once each, `size` at a time; what cannot be used becomes a problem."""
    batch = RawBatch()
    with closing(_SeenArticles()) as seen:
        for number, item in enumerate(_found(paths, outlets, columns, now, tally)):
            if isinstance(item, Problem):
                if shard is None or shard.owns_problem(item):
                    batch.read += 1
                    batch.problems.append(Numbered(number, item))
                continue
            article_id = Article.identify(item.outlet_id, item.source, item.text)
            is_new, problem = seen.look(article_id, item)
            if shard is not None and not shard.owns(article_id):
                continue
            batch.read += 1
            if problem is not None:
                batch.problems.append(Numbered(number, problem))
            if is_new:
                batch.articles.append((number, article_id, item))
            if len(batch.articles) == size:
                yield batch
                batch = RawBatch()
    yield batch


def prepare_batch(
    articles: Sequence[tuple[int, ArticleId, RawArticle]], detector: LanguageDetector
) -> PreparedBatch:
    """Judge languages and find sentences; an article of another language than ours becomes a problem."""
    prepared = PreparedBatch()
    for number, article_id, raw in articles:
        found = _with_language(article_id, raw, detector, prepared.notices)
        if isinstance(found, Problem):
            prepared.problems.append(Numbered(number, found))
        else:
            prepared.articles.append((found, segment(found)))
            prepared.notes[article_id] = raw.notes
    return prepared


def _found(
    paths: Sequence[Path],
    outlets: OutletList,
    columns: ColumnMapping | None,
    now: datetime,
    tally: IngestTally,
) -> Iterator[RawArticle | Problem]:
    """Give what the files hold, read under our names for things or under those of another tool."""
    if columns is None:
        yield from read_articles(paths, outlets=outlets, now=now, tally=tally)
        return
    for path in paths:
        yield from read_columns(
            path, columns.names, outlets=outlets, now=now, constants=columns.constants, tally=tally
        )


class _SeenArticles:
    """Where each article and each address was read first: in a temporary file, so memory stays flat."""

    def __init__(self) -> None:
        with sqlite_errors(TEMPORARY):
            self._connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = OFF")
            self._connection.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, place TEXT) WITHOUT ROWID")

    def close(self) -> None:
        self._connection.close()

    def look(self, article_id: ArticleId, item: RawArticle) -> tuple[bool, Problem | None]:
        """Say whether an article is read for the first time, and what is wrong with it."""
        with sqlite_errors(TEMPORARY):
            first = self._place(article_id)
            if first is not None:
                return False, Problem(
                    item.where, f"the same article as {first}; kept once", "remove one of them"
                )
            self._put(article_id, item.where)
            page = stable_id("page", item.outlet_id, item.source)
            other = self._place(page)
            self._put(page, item.where)
        if other is None or _is_capture(item):
            return True, None
        # Both are kept: dates say which is the newer, not the order of files.
        return True, Problem(
            item.where,
            f"another text than {other} under the same URL, {item.source}; kept as a version",
            "give the two different URLs if they are different articles",
        )

    def _place(self, key: str) -> str | None:
        found = self._connection.execute("SELECT place FROM seen WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else None

    def _put(self, key: str, place: str) -> None:
        storable = place.encode("utf-8", "backslashreplace").decode("utf-8")
        self._connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (key, storable))


def _is_capture(item: RawArticle) -> bool:
    """Whether an article was read from a web archive, where several texts of one page are what one expects."""
    return ".warc" in item.where


def _with_language(
    article_id: ArticleId, item: RawArticle, detector: LanguageDetector, notices: list[str]
) -> Article | Problem:
    """Judge an article's language by its text."""
    detected = detector.detect(item.text)
    if not detected.is_supported:
        return Problem(
            item.where,
            f"the text is in {detected.code!r} ({detected.reason}), expected {', '.join(LANGUAGES)}",
            "xsource compares these languages only",
        )
    if item.declared_language and item.declared_language.split("-")[0] != detected.code:
        notices.append(
            f"{item.where}: language is given as {item.declared_language!r} and the text is in "
            f"{detected.code!r}; the text decides"
        )
    return Article(
        id=article_id,
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
