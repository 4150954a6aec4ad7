"""Claims that somebody follows, and a log of what each outlet was seen to say of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from xsource.daily import Follow, Sighting, of_document, to_document
from xsource.errors import IndexStateError
from xsource.store.catalog import Catalog, json_list
from xsource.store.tables import microseconds

CREATE_FOLLOWS = (
    # `content` is JSON; `noted` names what an index held when the outlets were last asked, and `turn` counts up
    # from asking to asking. `at` and `ended` are in microseconds since 1970 UTC; a claim that is followed no
    # longer keeps its log.
    """CREATE TABLE IF NOT EXISTS follows (
        id TEXT PRIMARY KEY, content TEXT NOT NULL, at INTEGER NOT NULL, ended INTEGER, noted TEXT NOT NULL,
        turn INTEGER NOT NULL DEFAULT 0,
        digest TEXT GENERATED ALWAYS AS (row_digest(id, content, at, ended, noted)) STORED
    ) WITHOUT ROWID""",
    # A log: what an outlet said last counts. `told` hashes what was seen.
    """CREATE TABLE IF NOT EXISTS sightings (
        key INTEGER PRIMARY KEY AUTOINCREMENT, follow_id TEXT NOT NULL, told TEXT NOT NULL,
        at INTEGER NOT NULL, content TEXT NOT NULL,
        digest TEXT GENERATED ALWAYS AS (row_digest(follow_id, told, at, content)) STORED
    )""",
    "CREATE INDEX IF NOT EXISTS sightings_by_follow ON sightings(follow_id)",
)


class FollowTables(Catalog):
    """Reads and writes followed claims and what was seen of them."""

    @property
    def held_state(self) -> str:
        """Name the set of articles that the index holds; another set has another name."""
        return f"{self._state('vector_generation', '0')} {self._state('vector_stamp', '')}"

    def follows(self, *, ended: bool = False) -> list[Follow]:
        """Give the followed claims in the order in which they were taken up; on demand those that ended too.

        Raises:
            IndexStateError: one is damaged.
        """
        rows = self._rows("SELECT content FROM follows WHERE ended IS NULL OR ? ORDER BY at, id", (ended,))
        try:
            return [of_document(Follow, json.loads(cast("str", content))) for (content,) in rows]
        except (ValueError, KeyError, TypeError) as exc:
            raise self._damaged("a followed claim", exc) from exc

    def count_follows(self) -> int:
        """Count the claims that are followed."""
        return cast("int", self._rows("SELECT count(*) FROM follows WHERE ended IS NULL")[0][0])

    def follows_to_note(self, state: str) -> list[Follow]:
        """Give the followed claims that the outlets were not asked about in this state of the index.

        Those that were not asked about for longest come first.
        """
        rows = self._rows("SELECT id, turn FROM follows WHERE noted != ?", (state,))
        turns = {str(id_): cast("int", turn) for id_, turn in rows}
        waiting = [follow for follow in self.follows() if follow.id in turns] if turns else []
        return sorted(waiting, key=lambda follow: turns[follow.id])

    def write_follows(self, follows: Iterable[Follow]) -> None:
        """Keep followed claims; one of the same id is replaced, and asked about anew."""
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO follows (id, content, at, ended, noted) VALUES (?, ?, ?, ?, '')",
                [
                    (
                        follow.id,
                        json.dumps(to_document(follow)),
                        microseconds(follow.at),
                        None if follow.ended is None else microseconds(follow.ended),
                    )
                    for follow in follows
                ],
            )

    def sightings(self, follow_id: str) -> list[tuple[int, Sighting]]:
        """Give what was seen of a followed claim with its key, in the order in which it was seen.

        Raises:
            IndexStateError: an entry is damaged.
        """
        rows = self._rows("SELECT key, content FROM sightings WHERE follow_id = ? ORDER BY key", (follow_id,))
        try:
            return [
                (cast("int", key), of_document(Sighting, json.loads(cast("str", content))))
                for key, content in rows
            ]
        except (ValueError, KeyError, TypeError) as exc:
            raise self._damaged("what was seen of a followed claim", exc) from exc

    def sighted_after(self, key: int) -> dict[str, int]:
        """Give for every followed claim of which something was seen after an entry the number of entries."""
        rows = self._rows("SELECT follow_id, count(*) FROM sightings WHERE key > ? GROUP BY 1", (key,))
        return {str(id_): cast("int", count) for id_, count in rows}

    def last_sighting(self) -> int:
        """Give the key of the last entry; 0 where there is none."""
        return cast("int", self._rows("SELECT coalesce(max(key), 0) FROM sightings")[0][0])

    def note_sightings(self, state: str, seen: Mapping[str, Sequence[Sighting]]) -> None:
        """Add what was seen of followed claims, and that they were asked about in this state of the index."""
        rows = [
            (id_, sighting.told, microseconds(sighting.at), json.dumps(to_document(sighting)))
            for id_, sightings in seen.items()
            for sighting in sightings
        ]
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO sightings (follow_id, told, at, content) VALUES (?, ?, ?, ?)", rows
            )
            connection.execute(
                "UPDATE follows SET noted = ?, turn = (SELECT max(turn) + 1 FROM follows)"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (state, json_list(seen)),
            )

    def sighting_rows(self) -> list[tuple[object, ...]]:
        """Give the whole log as it is stored, for `add_sighting_rows`."""
        return self._rows("SELECT key, follow_id, told, at, content FROM sightings ORDER BY key")

    def add_sighting_rows(self, rows: Sequence[tuple[object, ...]]) -> None:
        """Take over the log of another index with its keys, which looks refer to; this one's must be empty."""
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO sightings (key, follow_id, told, at, content) VALUES (?, ?, ?, ?, ?)", rows
            )

    def _damaged(self, what: str, exc: Exception) -> IndexStateError:
        return IndexStateError(
            f"{self._catalog_path}: {what} is damaged: {exc!r}", "restore the catalogue from a backup"
        )
