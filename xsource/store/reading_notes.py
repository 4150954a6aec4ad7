"""What was noted while articles were read: what their dates rest on, what was struck out or left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import cast

from xsource.records import ArticleId, ReadingNote, ReadingNoteKind
from xsource.store.catalog import Catalog, json_list

CREATE_NOTES = (
    """CREATE TABLE reading_notes (
        article_key INTEGER NOT NULL REFERENCES articles(key) ON DELETE CASCADE, position INTEGER NOT NULL,
        kind TEXT NOT NULL, text TEXT NOT NULL,
        digest TEXT GENERATED ALWAYS AS (row_digest(article_key, position, kind, text)) STORED,
        PRIMARY KEY (article_key, position)
    ) WITHOUT ROWID""",
)
NOTE_DIGEST = "row_digest(article_key, position, kind, text)"


class NoteTables(Catalog):
    """Reads the notes of articles."""

    def reading_notes(
        self, ids: Iterable[ArticleId] | None = None, *, kind: ReadingNoteKind | None = None
    ) -> dict[ArticleId, tuple[ReadingNote, ...]]:
        """Give the notes of articles, of all when none are named, in the order of reading."""
        chosen = "" if ids is None else " AND id IN (SELECT value FROM json_each(?2))"
        rows = self._rows(
            "SELECT id, kind, reading_notes.text FROM reading_notes"  # noqa: S608 - our own words
            " JOIN articles ON articles.key = article_key"
            f" WHERE (?1 IS NULL OR kind = ?1){chosen} ORDER BY article_key, position",
            (kind,) if ids is None else (kind, json_list(ids)),
        )
        found: dict[ArticleId, tuple[ReadingNote, ...]] = {}
        for id_, noted, text in rows:
            note = ReadingNote(cast("ReadingNoteKind", noted), str(text))
            found[ArticleId(str(id_))] = (*found.get(ArticleId(str(id_)), ()), note)
        return found


def insert_notes(connection: sqlite3.Connection, article_key: int, notes: Sequence[ReadingNote]) -> None:
    """Keep the notes of an article, in the transaction that writes it."""
    connection.executemany(
        "INSERT INTO reading_notes (article_key, position, kind, text) VALUES (?, ?, ?, ?)",
        [(article_key, position, note.kind, note.text) for position, note in enumerate(notes)],
    )
