"""What analysts said of divergences: a log in the catalogue that no build and no removal of articles touches.

A divergence is worked out anew for every report, so a verdict cannot point to a row. It carries what was
judged: the kind, and each side's address, sentence and span, which are the same after a rebuild. Which of
today's divergences it belongs to is for `xsource.pipeline.reviewing.recognising` to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, cast

from xsource.errors import IndexStateError
from xsource.records import DivergenceId, DivergenceKind, Verdict
from xsource.store.catalog import Catalog
from xsource.store.tables import microseconds, moment


@dataclass(frozen=True, slots=True)
class JudgedSide:
    """One side as it was judged; fields as in `Evidence`."""

    outlet_id: str
    article_url: str
    language: str
    sentence: str
    start: int
    end: int
    words: str
    value: str


@dataclass(frozen=True, slots=True)
class JudgedAbsence:
    """An article that was silent when it was judged; `text_hash` names the text that the analyst could read."""

    outlet_id: str
    article_url: str
    text_hash: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A divergence as it was judged.

    Attributes:
        story_title, explanation: as they were shown; they identify nothing.
        apart: as in `Divergence`.
    """

    kind: DivergenceKind
    sides: tuple[JudgedSide, ...]
    absent_from: tuple[JudgedAbsence, ...]
    apart: int
    explanation: str
    story_title: str


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """One entry of the log.

    Attributes:
        divergence_id: that of `judged`.
        verdict: `None` takes back what was said before.
        at: when, UTC.
    """

    divergence_id: DivergenceId
    verdict: Verdict | None
    note: str
    by: str
    at: datetime
    judged: Judged


class VerdictTables(Catalog):
    """Reads and adds to the log."""

    def verdict_log(self) -> list[StoredVerdict]:
        """Give everything that was ever said, in the order in which it was said.

        Raises:
            IndexStateError: an entry is damaged.
        """
        rows = self._rows("SELECT divergence_id, verdict, note, by, at, judged FROM verdicts ORDER BY key")
        try:
            return [_verdict_of(row) for row in rows]
        except (ValueError, KeyError, TypeError) as exc:
            raise IndexStateError(
                f"{self._catalog_path}: a verdict is damaged: {exc!r}", "restore the catalogue from a backup"
            ) from exc

    def write_verdicts(self, entries: Iterable[StoredVerdict]) -> None:
        """Add entries to the log, in order, in one transaction."""
        rows = [
            (
                entry.divergence_id,
                entry.verdict,
                _storable(entry.note),
                _storable(entry.by),
                microseconds(entry.at),
                json.dumps(asdict(entry.judged)),
            )
            for entry in entries
        ]
        with self._writing() as connection:
            connection.executemany(
                "INSERT INTO verdicts (divergence_id, verdict, note, by, at, judged) VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )


def in_force(log: Iterable[StoredVerdict]) -> list[StoredVerdict]:
    """Give the last entry of every divergence, unless it takes something back; the order of the log."""
    last: dict[DivergenceId, StoredVerdict] = {}
    for entry in log:
        last.pop(entry.divergence_id, None)
        last[entry.divergence_id] = entry
    return [entry for entry in last.values() if entry.verdict is not None]


def _verdict_of(row: tuple[object, ...]) -> StoredVerdict:
    divergence_id, verdict, note, by, at, judged = row
    content: dict[str, Any] = json.loads(cast("str", judged))
    return StoredVerdict(
        divergence_id=DivergenceId(cast("str", divergence_id)),
        verdict=cast("Verdict | None", verdict),
        note=cast("str", note),
        by=cast("str", by),
        at=moment(cast("int", at)),
        judged=Judged(
            kind=content["kind"],
            sides=tuple(JudgedSide(**side) for side in content["sides"]),
            absent_from=tuple(JudgedAbsence(**absence) for absence in content["absent_from"]),
            apart=content["apart"],
            explanation=content["explanation"],
            story_title=content["story_title"],
        ),
    )


def _storable(text: str) -> str:
    """Show lone surrogates, from a terminal of another encoding, as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
