"""Looks and followed claims taken from one index into another: no build can make them again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xsource.daily import Follow
from xsource.store import Index, open_index


def carry_daily(old: Path, new: Path) -> None:
    """Copy looks and followed claims of one index into another that has none of them.

    Raises:
        IndexStateError: the old one is damaged or newer than this program.
    """
    with open_index(old, mode="read") as source:
        follows, looks = source.follows(ended=True), source.look_rows()
        if not follows and not looks["looks"]:
            return
        with open_index(new, mode="write") as index:
            if follows:
                index.write_follows(follows)
                index.add_sighting_rows(source.sighting_rows())
            for rows in source.noted_rows():
                index.add_noted_rows(rows)
            index.add_look_rows(looks)


def merge_daily(sources: Iterable[Index], index: Index) -> None:
    """Add looks and followed claims of other indexes to one; what is there stays as it is.

    A claim that is followed anywhere is followed. Of several looks of one name the first counts.

    Args:
        sources: open for reading, in an order that does not change.
        index: open for writing.
    """
    for source in sources:
        known = {follow.id: follow for follow in index.follows(ended=True)}
        fresh = [follow for follow in source.follows(ended=True) if _counts(follow, known.get(follow.id))]
        if fresh:
            index.write_follows(fresh)
        for follow in source.follows(ended=True):
            told = {(one.told, one.at) for _, one in index.sightings(follow.id)}
            added = [one for _, one in source.sightings(follow.id) if (one.told, one.at) not in told]
            if added:
                index.note_sightings("", {follow.id: added})
        looks = source.look_rows()
        if not looks["looks"]:
            continue
        for rows in source.noted_rows():
            index.add_noted_rows(rows)
        # The log was put together anew: of the claims, what is in it now is taken as shown.
        looks["looks"] = [(*row[:-1], index.last_sighting()) for row in looks["looks"]]
        index.add_look_rows(looks)


def _counts(follow: Follow, known: Follow | None) -> bool:
    return known is None or (known.ended is not None and follow.ended is None)
