"""The catalogue's tables, as numbered steps that are only ever appended.

`PRAGMA user_version` holds the number of the last step taken, so an index of any older version is brought up to
date by the steps after it, each in its own transaction.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from xsource.errors import IndexStateError, StorageError
from xsource.store.catalog import SEALED_TABLES, table_digest
from xsource.store.connection import BUSY_SECONDS, LOCK_FILE, WriterLock, connect, sqlite_errors, transaction
from xsource.store.follows import CREATE_FOLLOWS
from xsource.store.looks import CREATE_LOOKS
from xsource.store.reading_notes import CREATE_NOTES
from xsource.store.version_tables import CREATE_VERSIONS, FILL_VERSIONS

# "XSRC": says that an SQLite file is ours (https://sqlite.org/pragma.html#pragma_application_id).
APPLICATION_ID = 0x58535243

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # One row a name: embedder_id, dimension, generation, vector_generation.
        """CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID""",
        """CREATE TABLE outlets (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, language TEXT, country TEXT, name_en TEXT NOT NULL
        ) WITHOUT ROWID""",
        # Versions of one URL share outlet_id and source; the later has the higher key. published_at is in
        # microseconds since 1970 UTC.
        """CREATE TABLE articles (
            key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            outlet_id TEXT NOT NULL REFERENCES outlets(id), source TEXT NOT NULL, title TEXT NOT NULL,
            text TEXT NOT NULL, language TEXT NOT NULL, language_probability REAL NOT NULL,
            published_at INTEGER, agency TEXT, synthetic INTEGER NOT NULL
        )""",
        "CREATE INDEX articles_by_source ON articles(source)",
        "CREATE INDEX articles_by_outlet ON articles(outlet_id)",
        # A sentence's text is the slice of its article's: kept once. AUTOINCREMENT, because a key that was ever
        # in a vector file must not come to mean another sentence.
        """CREATE TABLE sentences (
            key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
            article_key INTEGER NOT NULL REFERENCES articles(key) ON DELETE CASCADE,
            position INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
            is_claim INTEGER NOT NULL, claim_reason TEXT NOT NULL
        )""",
        "CREATE UNIQUE INDEX sentences_by_article ON sentences(article_key, position)",
        # Apart from the sentences, so that reading those does not page through 1.5 KB of vector each.
        """CREATE TABLE vectors (
            sentence_key INTEGER PRIMARY KEY REFERENCES sentences(key) ON DELETE CASCADE, vector BLOB NOT NULL
        )""",
        """CREATE TABLE translations (
            text_hash TEXT NOT NULL, route TEXT NOT NULL, engine TEXT NOT NULL, target TEXT NOT NULL,
            text TEXT NOT NULL, warnings TEXT NOT NULL, written INTEGER NOT NULL,
            PRIMARY KEY (text_hash, route, engine)
        ) WITHOUT ROWID""",
        """CREATE TABLE pair_probabilities (
            scorer_id TEXT NOT NULL, pair_hash TEXT NOT NULL, probability REAL NOT NULL,
            PRIMARY KEY (scorer_id, pair_hash)
        ) WITHOUT ROWID""",
        # Written and read by nothing any more; a catalogue is migrated, never remade, so the table stays.
        "CREATE TABLE language_means (language TEXT PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID",
        """CREATE TABLE problems (
            position INTEGER PRIMARY KEY, place TEXT NOT NULL, message TEXT NOT NULL, hint TEXT NOT NULL
        )""",
    ),
    (
        # A log: the last entry of a divergence counts, `verdict` NULL takes it back. It refers to no articles:
        # they may go while what was said of them stays. `judged` is JSON, `at` microseconds since 1970 UTC.
        """CREATE TABLE verdicts (
            key INTEGER PRIMARY KEY AUTOINCREMENT, divergence_id TEXT NOT NULL, verdict TEXT,
            note TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, judged TEXT NOT NULL
        )""",
    ),
    (
        # SQLite checks the shape of its pages and not what is in them: a bit that flips on the disk would
        # change a text or a vector unseen. `digest` of an article covers its row, its sentences and their
        # vectors (NULL in what an older program wrote); caches have one a row, small tables one a table.
        "ALTER TABLE articles ADD COLUMN digest TEXT",
        "CREATE TABLE digests (name TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID",
        """CREATE TABLE sealed_translations (
            text_hash TEXT NOT NULL, route TEXT NOT NULL, engine TEXT NOT NULL, target TEXT NOT NULL,
            text TEXT NOT NULL, warnings TEXT NOT NULL, written INTEGER NOT NULL,
            digest TEXT GENERATED ALWAYS AS (
                row_digest(text_hash, route, engine, target, text, warnings, written)
            ) STORED,
            PRIMARY KEY (text_hash, route, engine)
        ) WITHOUT ROWID""",
        """INSERT INTO sealed_translations (text_hash, route, engine, target, text, warnings, written)
            SELECT text_hash, route, engine, target, text, warnings, written FROM translations""",
        "DROP TABLE translations",
        "ALTER TABLE sealed_translations RENAME TO translations",
        """CREATE TABLE sealed_probabilities (
            scorer_id TEXT NOT NULL, pair_hash TEXT NOT NULL, probability REAL NOT NULL,
            digest TEXT GENERATED ALWAYS AS (row_digest(scorer_id, pair_hash, probability)) STORED,
            PRIMARY KEY (scorer_id, pair_hash)
        ) WITHOUT ROWID""",
        """INSERT INTO sealed_probabilities (scorer_id, pair_hash, probability)
            SELECT scorer_id, pair_hash, probability FROM pair_probabilities""",
        "DROP TABLE pair_probabilities",
        "ALTER TABLE sealed_probabilities RENAME TO pair_probabilities",
    ),
    (*CREATE_VERSIONS, *FILL_VERSIONS),
    # Nobody ever asked for what was kept there: a comparison judges its pairs anew.
    ("DROP TABLE IF EXISTS pair_probabilities",),
    CREATE_NOTES,
    (*CREATE_LOOKS, *CREATE_FOLLOWS),
)
SCHEMA_VERSION = len(MIGRATIONS)

_LOOK_AGAIN_SECONDS = 0.05


def catalog_version(connection: sqlite3.Connection, where: str) -> int:
    """Give the version of an open catalogue, 0 for an empty file. No transaction may be open.

    Raises:
        IndexStateError: it is newer than this program, or an SQLite file of another program.
    """
    # One transaction: the catalogue may be made between two of these questions.
    with transaction(connection, "BEGIN"):
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        application = int(connection.execute("PRAGMA application_id").fetchone()[0])
        foreign = connection.execute(
            "SELECT type, name FROM sqlite_schema WHERE type NOT IN ('table', 'index')"
            " OR sql LIKE 'CREATE VIRTUAL%' LIMIT 1"
        ).fetchone()
        is_empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if application != APPLICATION_ID and not is_empty:
        raise IndexStateError(
            f"{where}: an SQLite file of another program, expected an xsource catalogue",
            "give another folder with --index",
        )
    if foreign is not None:  # one in place of a table would run its author's SQL, and may never end
        raise IndexStateError(
            f"{where}: the catalogue holds the {foreign[0]} {str(foreign[1])[:40]!r}, which no xsource makes",
            "it is damaged or was tampered with: restore a backup, or build the index again",
        )
    if version > SCHEMA_VERSION:
        raise IndexStateError(
            f"{where}: catalogue version {version}, this program knows versions up to {SCHEMA_VERSION}",
            "update xsource, or give another folder with --index",
        )
    return version


def migrate(connection: sqlite3.Connection, where: str) -> None:
    """Take the steps that a catalogue has not taken yet; each is whole or not taken."""
    for number in range(catalog_version(connection, where), SCHEMA_VERSION):
        with transaction(connection):
            is_sealed = _has_sealed_schema(connection)
            for statement in MIGRATIONS[number]:
                connection.execute(statement)
            if is_sealed:
                _seal_schema(connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def is_emptied(catalog: Path) -> bool:
    """Whether a catalogue is there and holds nothing, neither itself nor in a log that SQLite would read."""
    logs = (catalog.with_name(f"{catalog.name}{suffix}") for suffix in ("-wal", "-journal"))
    return catalog.is_file() and not catalog.stat().st_size and not any(map(_has_bytes, logs))


def refuse_emptied(catalog: Path, lock: WriterLock | None = None) -> None:
    """Refuse a catalogue of 0 bytes, which SQLite takes for a new one: what was in it is lost.

    One that a program is making at this moment, or whose pages still lie in its log, is no such file. For a
    writer, one that a program was stopped in before its first transaction is none either.

    Args:
        catalog: may be absent.
        lock: of the writer that opens it; `None` for a reader.

    Raises:
        IndexStateError: it was emptied.
    """
    if not is_emptied(catalog) or (lock is None and _is_being_written(catalog.parent)):
        return
    if lock is None or lock.generation:
        raise IndexStateError(
            f"{catalog}: 0 bytes, expected a catalogue: it was emptied, or a build was stopped as it began",
            "restore a backup, or build again with --rebuild",
        )


def _has_bytes(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def _is_being_written(folder: Path) -> bool:
    if not (folder / LOCK_FILE).is_file():
        return False
    try:
        WriterLock(folder).release()
    except StorageError:
        return True
    return False


def bring_up_to_date(catalog: Path) -> None:
    """Let a reader open an index that an older version of this program made, or began to make.

    A program that is making the catalogue at this moment is waited for, as long as for any other lock.

    Raises:
        StorageError: it takes longer.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while _version_for_readers(catalog) < SCHEMA_VERSION:
        try:
            lock = WriterLock(catalog.parent)
        except StorageError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_LOOK_AGAIN_SECONDS)
            continue
        try:
            writing = connect(catalog, writable=True)
            try:
                with sqlite_errors(catalog):
                    migrate(writing, str(catalog))
            finally:
                writing.close()
        finally:
            lock.release()


def _version_for_readers(catalog: Path) -> int:
    """Give the version of a catalogue's tables, 0 where a reader cannot know.

    A journal is only there where a program is making the catalogue, or was stopped: a reader may not roll back.
    """
    if not catalog.with_name(f"{catalog.name}-journal").exists():
        connection = connect(catalog, writable=False)
        try:
            with sqlite_errors(catalog):
                return catalog_version(connection, str(catalog))
        finally:
            connection.close()
    return 0


def _has_sealed_schema(connection: sqlite3.Connection) -> bool:
    """Whether the hash of the schema is kept, and is right: one that was damaged must not be sealed anew."""
    if not connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'digests'").fetchone()[0]:
        return False
    kept = connection.execute("SELECT digest FROM digests WHERE name = 'sqlite_schema'").fetchone()
    return kept is not None and kept[0] == table_digest(connection, SEALED_TABLES["sqlite_schema"])


def _seal_schema(connection: sqlite3.Connection) -> None:
    digest = table_digest(connection, SEALED_TABLES["sqlite_schema"])
    connection.execute("UPDATE digests SET digest = ? WHERE name = 'sqlite_schema'", (digest,))
