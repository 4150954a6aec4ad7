"""What analysts say of divergences: marked, taken back, shown with every comparison, and never lost.

`recognising.py` says to which of today's divergences a verdict belongs.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Literal

from xsource.addresses import address_key
from xsource.errors import InputError
from xsource.pipeline.reviewing.recognising import (
    assign_verdicts,
    belongs,
    content_of_judged,
    divergence_ids,
    judge,
    still_stands,
    text_hashes,
)
from xsource.records import (
    VERDICTS,
    Article,
    Comparison,
    Divergence,
    DivergenceId,
    OutletId,
    Review,
    Verdict,
)
from xsource.store import open_index
from xsource.store.verdicts import Judged, StoredVerdict, in_force

MOST_NOTE_LETTERS = 4000
MOST_NAME_LETTERS = 200

VerdictState = Literal["shown", "not flagged", "orphaned"]


@dataclass(frozen=True, slots=True)
class ListedVerdict:
    """A verdict in force and where it stands today.

    Attributes:
        state: `shown` beside a divergence of the comparison; `not flagged` where the words are still printed
            and the comparison has no such divergence; `orphaned` where they are no longer printed.
    """

    stored: StoredVerdict
    state: VerdictState


def read_verdicts(index_path: Path) -> tuple[StoredVerdict, ...]:
    """Give the verdicts in force, in the order in which they were given.

    Raises:
        IndexStateError: there is no index, or it is damaged.
    """
    with open_index(index_path, mode="read") as index:
        return tuple(in_force(index.verdict_log()))


def with_reviews(comparison: Comparison, verdicts: Sequence[StoredVerdict]) -> Comparison:
    """Give the comparison with the id of each divergence and what was said of it.

    Where several verdicts belong to one divergence, the one given on exactly this divergence counts, else the
    last one.

    Args:
        comparison: with or without ids and reviews; those that it has are made anew.
        verdicts: in force, in the order in which they were given.
    """
    named = [
        replace(d, id=id_) for d, id_ in zip(comparison.divergences, divergence_ids(comparison), strict=True)
    ]
    found = assign_verdicts(named, verdicts, text_hashes(comparison))
    return replace(comparison, divergences=tuple(replace(d, review=_review(d, found.get(d.id))) for d in named))


class VerdictsByPage:
    """Finds the verdicts that can belong to a story without looking at all of them for every story."""

    def __init__(self, verdicts: Sequence[StoredVerdict]) -> None:
        self._verdicts = verdicts
        self._numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, verdict in enumerate(verdicts):
            for side in verdict.judged.sides:
                self._numbers[side.outlet_id, address_key(side.article_url)].append(number)

    def on(self, articles: Iterable[Article]) -> list[StoredVerdict]:
        """Give those with a side on one of the articles' pages, in the order in which they were given."""
        if not self._verdicts:
            return []
        pages = {(article.outlet_id, address_key(article.source)) for article in articles}
        found = {number for page in pages for number in self._numbers.get(page, ())}
        return [self._verdicts[number] for number in sorted(found)]


def without_wrong(comparison: Comparison) -> Comparison:
    """Leave out the divergences that an analyst marked wrong."""
    kept = (d for d in comparison.divergences if d.review is None or d.review.verdict != "wrong")
    return replace(comparison, divergences=tuple(kept))


def find_divergence(comparison: Comparison, wanted: str) -> Divergence:
    """Give the divergence whose id begins with the given letters.

    Raises:
        InputError: none or several do.
    """
    found = [d for d in comparison.divergences if wanted and d.id.startswith(wanted.strip().lower())]
    if len(found) == 1:
        return found[0]
    what = "no divergence" if not found else f"{len(found)} divergences"
    raise InputError(
        f'{what} with an id that begins with "{wanted}"',
        "`xsource review` lists them; one below the confidence that is shown needs --min-confidence",
    )


def mark_divergence(
    index_path: Path,
    comparison: Comparison,
    wanted: str,
    verdict: Verdict,
    *,
    note: str = "",
    by: str = "",
    now: datetime | None = None,
) -> Divergence:
    """Keep what an analyst says of a divergence; what was said of it before is replaced, and stays in the log.

    The index is open for writing for some milliseconds; who reads it meanwhile sees it as it was.

    Args:
        index_path: the index that was compared.
        comparison: made of it, with ids, see `with_reviews`.
        wanted: the divergence's id or its first letters.
        verdict: one of `VERDICTS`.
        note: why, in a sentence or a few.
        by: who says so.
        now: UTC; the current time when left out.

    Returns:
        The divergence with its new review.

    Raises:
        InputError: there is no such divergence or verdict, or a text is too long.
        StorageError: another process is writing the index.
    """
    divergence = find_divergence(comparison, wanted)
    judged = judge(divergence, comparison, text_hashes(comparison))
    present = {d.id for d in comparison.divergences}
    entry = keep_mark(index_path, divergence.id, judged, present, verdict, note=note, by=by, now=now)
    return replace(divergence, review=_review(divergence, entry))


def keep_mark(
    index_path: Path,
    divergence_id: DivergenceId,
    judged: Judged,
    present: Collection[str],
    verdict: Verdict,
    *,
    note: str = "",
    by: str = "",
    now: datetime | None = None,
) -> StoredVerdict:
    """Keep what an analyst says of a divergence that is known in brief; see `mark_divergence`.

    Args:
        index_path: where it is kept.
        divergence_id: of the divergence.
        judged: what it compares.
        present: ids of the divergences that its story has today.
        verdict, note, by, now: as for `mark_divergence`.

    Raises:
        InputError: there is no such verdict, or a text is too long.
        StorageError: another process is writing the index.
    """
    if verdict not in VERDICTS:
        raise InputError(f'"{verdict}" is no verdict, expected one of {", ".join(VERDICTS)}')
    note, by = _checked(note, "note", MOST_NOTE_LETTERS), _checked(by, "name", MOST_NAME_LETTERS)
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    entry = StoredVerdict(divergence_id, verdict, note, by, now, judged)
    content = content_of_judged(judged)
    with open_index(index_path, mode="write") as index:
        # Said of it when it had fewer sides, or others: no longer what counts.
        replaced = [
            replace(earlier, verdict=None, note=note, by=by, at=now)
            for earlier in in_force(index.verdict_log())
            if earlier.divergence_id not in present and belongs(content_of_judged(earlier.judged), content)
        ]
        index.write_verdicts([*replaced, entry])
    return entry


def withdraw_verdict(
    index_path: Path, comparison: Comparison | None, wanted: str, *, by: str = "", now: datetime | None = None
) -> StoredVerdict:
    """Take back what was said of a divergence; the log keeps that it was said.

    Args:
        index_path: the index that was compared.
        comparison: made of it, with ids. Without one, only the id under which a verdict was given is known, and
            not that of a divergence that has grown since.
        wanted: id or first letters of a divergence, or of one that was judged and is no longer found.
        by: who takes it back.
        now: UTC; the current time when left out.

    Returns:
        What is in force no longer.

    Raises:
        InputError: nothing was said of such a divergence, or it is not clear which is meant.
        StorageError: another process is writing the index.
    """
    by = _checked(by, "name", MOST_NAME_LETTERS)
    with open_index(index_path, mode="write") as index:
        verdicts = in_force(index.verdict_log())
        assigned = {}
        if comparison is not None:
            assigned = assign_verdicts(comparison.divergences, verdicts, text_hashes(comparison))
        names = {verdict.divergence_id: verdict for verdict in verdicts} | assigned
        start = wanted.strip().lower()
        found = {v.divergence_id: v for id_, v in names.items() if start and id_.startswith(start)}
        if len(found) != 1:
            what = "no verdict" if not found else f"{len(found)} verdicts"
            raise InputError(
                f'{what} on a divergence with an id that begins with "{wanted}"',
                "`xsource review list --judged` lists them",
            )
        (taken_back,) = found.values()
        now = (now or datetime.now(UTC)).replace(microsecond=0)
        index.write_verdicts([replace(taken_back, verdict=None, note="", by=by, at=now)])
    return taken_back


def list_verdicts(
    comparison: Comparison, verdicts: Sequence[StoredVerdict], articles: Iterable[Article]
) -> tuple[ListedVerdict, ...]:
    """Say of each verdict where it stands today.

    Args:
        comparison: of all stories, with ids.
        verdicts: in force.
        articles: the latest version of every article of the index.
    """
    assigned = assign_verdicts(comparison.divergences, verdicts, text_hashes(comparison))
    shown = {verdict.divergence_id for verdict in assigned.values()}
    pages: dict[tuple[str, str], list[Article]] = defaultdict(list)
    for article in articles:
        pages[article.outlet_id, address_key(article.source)].append(article)

    def state(verdict: StoredVerdict) -> VerdictState:
        if verdict.divergence_id in shown:
            return "shown"
        return "not flagged" if still_stands(verdict.judged, pages) else "orphaned"

    return tuple(ListedVerdict(verdict, state(verdict)) for verdict in verdicts)


def carry_verdicts(old: Path, new: Path) -> int:
    """Copy the log of one index into another that has none of it, and say how many entries that were.

    Raises:
        IndexStateError: the old one is damaged or newer than this program.
    """
    with open_index(old, mode="read") as index:
        log = index.verdict_log()
    if log:
        with open_index(new, mode="write") as index:
            index.write_verdicts(log)
    return len(log)


def missing_entries(
    log: Sequence[StoredVerdict], others: Iterable[Sequence[StoredVerdict]]
) -> list[StoredVerdict]:
    """Give what must be added to a log so that it holds what was said in others too, each entry once.

    What was said last of a divergence stays in force, wherever it was said: where a log can only be added to
    and something earlier comes in, the later is said again after it. Among equals in time this log's counts.

    Args:
        log: what is added to.
        others: in an order that does not change: among equals in time the last one counts.

    Returns:
        In the order in which it was said; nothing when it has been added before.
    """
    held = Counter(log)
    pending: list[list[StoredVerdict]] = []
    for other in others:
        seen: Counter[StoredVerdict] = Counter()
        pending.append([])
        for entry in other:
            seen[entry] += 1  # the same may be said twice in a second, with its withdrawal between
            if seen[entry] > held[entry]:
                held[entry] += 1
                pending[-1].append(entry)
    added = list(heapq.merge(*pending, key=attrgetter("at")))
    last = {entry.divergence_id: entry for entry in added}
    own = {entry.divergence_id: entry for entry in log if entry.divergence_id in last}
    return added + [entry for id_, entry in own.items() if entry.at >= last[id_].at]


def _checked(text: str, what: str, most: int) -> str:
    text = text.strip()
    if len(text) > most:
        raise InputError(f"the {what} has {len(text):,} letters, expected {most:,} at most", "shorten it")
    return text


def _review(divergence: Divergence, stored: StoredVerdict | None) -> Review | None:
    if stored is None or stored.verdict is None:
        return None
    judged = {*(s.outlet_id for s in stored.judged.sides), *(a.outlet_id for a in stored.judged.absent_from)}
    named: set[OutletId] = {side.outlet_id for side in divergence.sides}
    named |= {absence.outlet_id for absence in divergence.absent_from}
    return Review(stored.verdict, stored.note, stored.by, stored.at, tuple(sorted(named - judged)))
