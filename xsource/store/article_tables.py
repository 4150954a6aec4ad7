"""Outlets, articles, sentences and their vectors in the catalogue."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from types import MappingProxyType
from typing import cast

import numpy as np

from xsource.errors import IndexStateError
from xsource.records import (
    Article,
    ArticleId,
    FloatMatrix,
    IntVector,
    Outlet,
    ReadingNote,
    Sentence,
    SentenceId,
)
from xsource.store.catalog import json_list
from xsource.store.reading_notes import insert_notes
from xsource.store.tables import (
    ARTICLE_COLUMNS,
    OUTLET_COLUMNS,
    SENTENCE_COLUMNS,
    article_digest,
    article_of,
    article_row,
    microseconds,
    outlet_of,
    sentence_of,
    sentence_row,
    vector_blob,
    vectors_of,
)
from xsource.store.version_tables import VersionTables, insert_version, mark_latest, pages_of

_CHUNK_VECTORS = 8192
_PUBLISHED = ARTICLE_COLUMNS.split(", ").index("published_at")
_OF_LATEST = (
    " AND (SELECT article_key FROM sentences WHERE key = sentence_key)"
    " NOT IN (SELECT article_key FROM versions WHERE NOT is_latest)"
)
_DAMAGED = "restore the catalogue from a backup, or build the index again"

ArticleBatch = Sequence[tuple[Article, Sequence[Sentence], FloatMatrix]]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an index holds."""

    outlets: int
    articles: int
    sentences: int
    claims: int


class ArticleTables(VersionTables):
    """Reads and writes what was ingested, and its vectors."""

    def counts(self) -> Counts:
        """Count what is there."""
        (row,) = self._rows(
            "SELECT (SELECT count(*) FROM outlets), (SELECT count(*) FROM articles),"
            " (SELECT count(*) FROM sentences), (SELECT count(*) FROM sentences WHERE is_claim)"
        )
        return Counts(*cast("tuple[int, int, int, int]", row))

    def outlets(self) -> list[Outlet]:
        """Give the outlets that have articles here, by id."""
        rows = self._rows(f"SELECT {OUTLET_COLUMNS} FROM outlets ORDER BY id")  # noqa: S608 - our own columns
        return [outlet_of(cast("tuple[str, str, str | None, str | None, str]", row)) for row in rows]

    def known_articles(self, ids: Iterable[ArticleId]) -> set[ArticleId]:
        """Give those of the ids that are stored: a build skips them."""
        rows = self._rows(
            "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))", (json_list(ids),)
        )
        return {ArticleId(str(id_)) for (id_,) in rows}

    def articles(self, ids: Iterable[ArticleId] | None = None) -> list[Article]:
        """Give stored articles in the order in which they were added; all of them when no ids are given.

        All versions of a URL are here: they share `outlet_id` and `source`, the latest comes last. Unknown ids
        are left out.
        """
        chosen = "" if ids is None else " WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._rows(
            f"SELECT {ARTICLE_COLUMNS} FROM articles{chosen} ORDER BY key",  # noqa: S608 - our own columns
            () if ids is None else (json_list(ids),),
        )
        return [article_of(row) for row in rows]

    def article_ids(self, *, language: str | None = None) -> list[ArticleId]:
        """Give the ids of all articles, or of those in one language, in the order in which they were added."""
        rows = self._rows("SELECT id FROM articles WHERE ?1 IS NULL OR language = ?1 ORDER BY key", (language,))
        return [ArticleId(str(id_)) for (id_,) in rows]

    def languages(self) -> list[str]:
        """Give the languages that articles are in, by code."""
        return [str(code) for (code,) in self._rows("SELECT DISTINCT language FROM articles ORDER BY 1")]

    def find_articles(self, *, outlet: str | None = None, source: str | None = None) -> list[ArticleId]:
        """Find articles of an outlet, of a URL or path, or of both, in the order in which they were added."""
        rows = self._rows(
            "SELECT id FROM articles WHERE (?1 IS NULL OR outlet_id = ?1) AND (?2 IS NULL OR source = ?2)"
            " ORDER BY key",
            (outlet, source),
        )
        return [ArticleId(str(id_)) for (id_,) in rows]

    def sentences(self, article_ids: Iterable[ArticleId] | None = None) -> list[Sentence]:
        """Give the sentences of articles, all when none are named, by article as added and by position."""
        chosen = "" if article_ids is None else " WHERE id IN (SELECT value FROM json_each(?))"
        return self._sentences(chosen, () if article_ids is None else (json_list(article_ids),))

    def sentences_by_id(self, ids: Iterable[SentenceId]) -> dict[SentenceId, Sentence]:
        """Give sentences under their ids; unknown ids are left out."""
        # A sentence and its article's text; not all sentences of each article, of which most are not wanted.
        rows = self._rows(
            f"SELECT article_key, {SENTENCE_COLUMNS} FROM sentences"  # noqa: S608 - our own columns
            " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY key",
            (json_list(set(ids)),),
        )
        texts = self._rows(
            "SELECT key, id, text FROM articles WHERE key IN (SELECT value FROM json_each(?))",
            (json_list({row[0] for row in rows}),),
        )
        of_article = {key: (ArticleId(str(id_)), str(text)) for key, id_, text in texts}
        found = [sentence_of(row[1:], *of_article[row[0]]) for row in rows]
        return {sentence.id: sentence for sentence in found}

    def _sentences(self, chosen: str, parameters: Sequence[object]) -> list[Sentence]:
        texts = self._rows(f"SELECT key, id, text FROM articles{chosen}", parameters)  # noqa: S608
        of_article = {key: (ArticleId(str(id_)), str(text)) for key, id_, text in texts}
        rows = self._rows(
            f"SELECT article_key, {SENTENCE_COLUMNS} FROM sentences"  # noqa: S608
            " WHERE article_key IN (SELECT value FROM json_each(?)) ORDER BY article_key, position",
            (json_list(of_article),),
        )
        return [sentence_of(row[1:], *of_article[row[0]]) for row in rows]

    def vectors(self, sentence_ids: Sequence[SentenceId]) -> FloatMatrix:
        """Give the vectors of sentences in the given order: (n, d) float32.

        Raises:
            ValueError: an id is not stored.
            IndexStateError: a sentence is stored and its vector is not.
        """
        rows = self._rows(
            "SELECT wanted.value, vectors.vector FROM json_each(?) AS wanted"
            " JOIN sentences ON sentences.id = wanted.value JOIN vectors ON sentence_key = sentences.key"
            " ORDER BY wanted.key",
            (json_list(sentence_ids),),
        )
        if len(rows) != len(sentence_ids):
            missing = set(sentence_ids) - {SentenceId(str(id_)) for id_, _ in rows}
            named = f"{len(missing)} of {len(sentence_ids)}: {', '.join(sorted(missing)[:3])}"
            if len(self.sentences_by_id(missing)) == len(missing):
                raise IndexStateError(f"{self._catalog_path}: sentences without a vector, {named}", _DAMAGED)
            raise ValueError(f"sentence ids that are not in the index, {named}")
        return self._matrix([cast("bytes", blob) for _, blob in rows])

    def _vector_chunks(self) -> Iterator[tuple[IntVector, FloatMatrix]]:
        """Give the keys that are searched, rising, and their vectors, some thousands at a time."""
        after = -1
        while rows := self._rows(
            f"SELECT sentence_key, vector FROM vectors WHERE sentence_key > ?{_OF_LATEST}"  # noqa: S608
            " ORDER BY sentence_key LIMIT ?",
            (after, _CHUNK_VECTORS),
        ):
            keys = np.fromiter((cast("int", key) for key, _ in rows), np.int64, len(rows))
            yield keys, self._matrix([cast("bytes", blob) for _, blob in rows])
            after = int(keys[-1])

    def _matrix(self, blobs: Sequence[bytes]) -> FloatMatrix:
        try:
            return vectors_of(blobs, self.dimension or 0)
        except (ValueError, TypeError) as exc:  # a damaged row may hold text where bytes were written
            raise IndexStateError(f"{self._catalog_path}: {exc}", _DAMAGED) from exc

    def write_articles(
        self,
        batch: ArticleBatch,
        outlets: Sequence[Outlet] = (),
        notes: Mapping[ArticleId, Sequence[ReadingNote]] = MappingProxyType({}),
    ) -> int:
        """Add articles with all their sentences and vectors, in one transaction.

        Articles that are stored already are left as they are, so a batch may be written again.

        Args:
            batch: article, its sentences, and their (n, d) float32 vectors, row i for sentence i.
            outlets: the articles' outlets; stored ones are brought up to date. May leave out stored ones.
            notes: what was noted while they were read.

        Returns:
            How many articles were new.

        Raises:
            InputError: a text cannot be stored.
            StorageError: the disk is full; nothing of the batch is stored.
            ValueError: sentences, vectors or outlets do not fit the articles.
        """
        dimension = self.dimension
        if dimension is None:
            raise ValueError("the index names no embedder: open it with embedder_id and dimension")
        for article, sentences, vectors in batch:
            _check(article, sentences, vectors, dimension)
        rows = [article_row(article) for article, _, _ in batch]
        new: list[str] = []
        pages: list[str] = []
        with self._writing() as connection:
            _write_outlets(connection, outlets)
            stored = {id_ for (id_,) in connection.execute("SELECT id FROM outlets")}
            for row, (article, sentences, vectors) in zip(rows, batch, strict=True):
                if article.outlet_id not in stored:
                    raise ValueError(
                        f"article {article.source!r} is of outlet {article.outlet_id!r}, not given"
                    )
                inserted = _insert_article(connection, row, sentences, vectors)
                if inserted is not None:
                    key, digest = inserted
                    pages.append(insert_version(connection, key, article, row[_PUBLISHED]))
                    insert_notes(connection, key, notes.get(article.id, ()))
                    new.append(digest)
            if new:
                mark_latest(connection, pages)
                self._vectors_changed("add", new)
        return len(new)

    def remove_articles(self, ids: Iterable[ArticleId]) -> int:
        """Forget articles with their sentences and vectors, and outlets that have none left.

        Returns:
            How many were there.
        """
        chosen = json_list(ids)
        with self._writing() as connection:
            pages = pages_of(connection, chosen)
            rows = connection.execute(
                "DELETE FROM articles WHERE id IN (SELECT value FROM json_each(?)) RETURNING id", (chosen,)
            ).fetchall()
            connection.execute("DELETE FROM outlets WHERE id NOT IN (SELECT outlet_id FROM articles)")
            if rows:
                mark_latest(connection, pages)
                self._vectors_changed("remove", sorted(id_ for (id_,) in rows))
        return len(rows)

    def _vector_count(self) -> int:
        """Count the sentences that are searched: those of the latest versions."""
        # Every sentence has its vector, and counting sentences does not page through all vectors.
        (row,) = self._rows(
            "SELECT (SELECT count(*) FROM sentences), (SELECT count(*) FROM sentences"
            " WHERE article_key IN (SELECT article_key FROM versions WHERE NOT is_latest))"
        )
        everything, superseded = cast("tuple[int, int]", row)
        return everything - superseded

    def _ids_of_keys(self, keys: Iterable[int]) -> dict[int, SentenceId]:
        rows = self._rows(
            "SELECT key, id FROM sentences WHERE key IN (SELECT value FROM json_each(?))", (json_list(keys),)
        )
        return {cast("int", key): SentenceId(str(id_)) for key, id_ in rows}

    def _keys_where(
        self,
        outlets: Iterable[str] | None,
        languages: Iterable[str] | None,
        since: datetime | None,
        until: datetime | None,
        *,
        only_claims: bool,
    ) -> IntVector:
        """Give the keys of searched sentences that pass all filters; an article without a date passes none."""
        conditions = ["is_latest"]
        parameters: list[object] = []
        for column, values in (("outlet_id", outlets), ("language", languages)):
            if values is not None:
                conditions.append(f"{column} IN (SELECT value FROM json_each(?))")  # noqa: S608
                parameters.append(json_list(values))
        for comparison, moment in ((">=", since), ("<", until)):
            if moment is not None:
                conditions.append(f"published_at {comparison} ?")
                parameters.append(microseconds(moment))
        if only_claims:
            conditions.append("sentences.is_claim")
        # Articles first, which are few, and all keys as one text: 30 ms for 250,000 instead of 120.
        ((joined,),) = self._rows(
            "SELECT group_concat(sentences.key) FROM versions"  # noqa: S608 - our own columns
            " CROSS JOIN sentences ON sentences.article_key = versions.article_key"
            f" WHERE {' AND '.join(conditions)}",
            parameters,
        )
        return np.fromstring(str(joined), np.int64, sep=",") if joined else np.empty(0, np.int64)


def _check(article: Article, sentences: Sequence[Sentence], vectors: FloatMatrix, dimension: int) -> None:
    if vectors.shape != (len(sentences), dimension):
        raise ValueError(
            f"article {article.source!r}: vectors have shape {vectors.shape},"
            f" expected {(len(sentences), dimension)}"
        )
    if not np.isfinite(vectors).all():
        raise ValueError(f"article {article.source!r}: a vector has a value that is not finite")
    positions = [sentence.position for sentence in sentences]
    if any(a >= b for a, b in pairwise(positions)):
        raise ValueError(f"article {article.source!r}: positions {positions[:9]} do not rise")
    for sentence in sentences:
        if sentence.article_id != article.id:
            raise ValueError(f"sentence {sentence.id} is of article {sentence.article_id}, not {article.id}")
        if article.text[sentence.start : sentence.end] != sentence.text:
            raise ValueError(
                f"article {article.source!r}: span {sentence.start}..{sentence.end} does not slice to"
                f" {sentence.text[:60]!r}"
            )


def _write_outlets(connection: sqlite3.Connection, outlets: Sequence[Outlet]) -> None:
    connection.executemany(
        f"INSERT INTO outlets ({OUTLET_COLUMNS}) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"  # noqa: S608
        " name = excluded.name, language = excluded.language, country = excluded.country,"
        " name_en = excluded.name_en"
        # What stays the same is no change, or building the same files again would raise the generation.
        " WHERE (name, language, country, name_en)"
        " IS NOT (excluded.name, excluded.language, excluded.country, excluded.name_en)",
        [(outlet.id, outlet.name, outlet.language, outlet.country, outlet.name_en) for outlet in outlets],
    )


def _insert_article(
    connection: sqlite3.Connection, row: Sequence[object], sentences: Sequence[Sentence], vectors: FloatMatrix
) -> tuple[int, str] | None:
    """Insert one article with its sentences.

    Returns:
        Its key and the hash of all of it; `None` where it is there already.
    """
    # Asked first: `ON CONFLICT DO NOTHING` moves the table's sequence where it does nothing, behind its hash.
    if connection.execute("SELECT 1 FROM articles WHERE id = ?", (row[0],)).fetchone():
        return None
    blobs = [vector_blob(vector) for vector in vectors]
    sentence_rows = [sentence_row(sentence) for sentence in sentences]
    digest = article_digest(row, sentence_rows, blobs)
    article_key = connection.execute(
        f"INSERT INTO articles ({ARTICLE_COLUMNS}, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (*row, digest),
    ).lastrowid
    assert article_key is not None
    for values, blob in zip(sentence_rows, blobs, strict=True):
        cursor = connection.execute(
            f"INSERT INTO sentences (article_key, {SENTENCE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (article_key, *values),
        )
        connection.execute("INSERT INTO vectors VALUES (?, ?)", (cursor.lastrowid, blob))
    return article_key, digest
