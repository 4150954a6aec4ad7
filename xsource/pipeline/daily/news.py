"""The news of a look: what came, changed or went since somebody last looked, made once and told once.

Three steps, so that a program that is killed between any two loses nothing: what is new is found and kept as an
**edition**, together with what the look has now been shown; the edition is told; that it was told is noted. An
edition that was not told to the end is told by the next run, before anything newer.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xsource import __version__
from xsource.daily import CHANGES, SUBJECTS, Count, Edition, NewsItem
from xsource.errors import InputError
from xsource.pipeline.daily.changes import Difference, find_changes
from xsource.pipeline.daily.known import KnownStories, bring_known
from xsource.pipeline.following.timeline import make_timeline, tell_changes
from xsource.protocols import Progress, no_progress
from xsource.records import stable_id
from xsource.settings import Settings
from xsource.store import Index, open_index
from xsource.store.looks import Look

DEFAULT_LOOK = "default"
WATCHERS_LOOK = "watch"
STANDING_LOOKS = (DEFAULT_LOOK, WATCHERS_LOOK)
"""They begin by themselves; any other has to be begun by name, so that a slip of the pen begins none."""

MOST_ITEMS = 2000
"""Told in one edition: the foremost. A first look at 10,000 articles has some 50,000, which nobody reads."""

_NAME = re.compile(r"[\w.-]{1,64}")


@dataclass(frozen=True, slots=True)
class News:
    """What there is to tell.

    Attributes:
        editions: not told yet, the oldest first: those that an earlier run was stopped before telling, and the
            new one; none where nothing is new.
        since: when the look was taken before; `None` for the first time.
        at: when it was taken now.
    """

    look: str
    editions: tuple[Edition, ...]
    since: datetime | None
    at: datetime


def take_news(
    index_path: Path,
    settings: Settings,
    *,
    look: str = DEFAULT_LOOK,
    begin: bool = False,
    keep: bool = True,
    progress: Progress = no_progress,
    now: datetime | None = None,
) -> News:
    """Find what is new since a look was last taken, and take it.

    Stories that nobody compared yet are compared first.

    Args:
        index_path: an index.
        settings: say from which confidence on divergences are shown.
        look: its name.
        begin: begin the look where there is none of that name.
        keep: off, the look stays as it is and nothing is kept to be told.
        progress: told about every story that has to be compared.
        now: UTC; the current time when left out.

    Raises:
        InputError: there is no such look, or the name is none.
        StorageError: another process is writing the index, or the disk is full.
        IndexStateError: there is no index, or it is damaged.
    """
    check_look(index_path, look, begin=begin)
    known = bring_known(index_path, settings, progress=progress)
    # From here on nobody else writes: two programs that take one look do not tell the same.
    with open_index(index_path, mode="write" if keep else "read") as index:
        before = {one.name: one for one in index.looks()}.get(look)
        untold = index.untold_editions(look)
        now = (now or datetime.now(UTC)).replace(microsecond=0)
        if before is not None:
            now = max(now, before.at)  # the clock was set back
        after, edition = _next_look(index, settings, known, before, look, now)
        if keep:
            index.take_look(after, edition, present=known.names)
    editions = (*untold, edition) if edition is not None else tuple(untold)
    return News(look, editions, before.at if before else None, now)


def check_look(index_path: Path, look: str, *, begin: bool = False) -> None:
    """See whether there is a look before anything is compared for it.

    Raises:
        InputError: there is none and none is to be begun, or the name is none.
        IndexStateError: there is no index, or it is damaged.
    """
    if not _NAME.fullmatch(look):
        raise InputError(
            f'"{look[:80]}" is no name of a look, expected up to 64 letters, digits, ".", "_" and "-"',
            "for instance --look morning",
        )
    with open_index(index_path, mode="read") as index:
        names = [one.name for one in index.looks()]
    if look in (*names, *STANDING_LOOKS) or begin:
        return
    near = difflib.get_close_matches(look, [*names, *STANDING_LOOKS], 1)
    did_you_mean = f'did you mean "{near[0]}"? ' if near else ""
    raise InputError(f'there is no look "{look}"', f"{did_you_mean}--begin begins a look of this name")


def note_told(index_path: Path, edition: Edition) -> None:
    """Note that an edition was told, so that it is not told again.

    Raises:
        StorageError: another process is writing the index, or the disk is full.
    """
    with open_index(index_path, mode="write") as index:
        index.note_told(edition.look, edition.number)


def read_editions(index_path: Path, look: str, *, last: int | None = None) -> list[Edition]:
    """Give the editions of a look, the oldest first, the last so many of them when that is said.

    Raises:
        InputError: there is no such look.
        IndexStateError: there is no index, or it is damaged.
    """
    check_look(index_path, look)
    with open_index(index_path, mode="read") as index:
        return index.editions(look, last=last)


def list_looks(index_path: Path) -> list[Look]:
    """Give all looks, by name."""
    with open_index(index_path, mode="read") as index:
        return index.looks()


def forget_look(index_path: Path, look: str) -> None:
    """Forget a look and its editions: the next of its name is a first one.

    Raises:
        InputError: there is no such look.
        StorageError: another process is writing the index.
    """
    check_look(index_path, look)
    with open_index(index_path, mode="write") as index:
        index.forget_look(look)


def _next_look(
    index: Index, settings: Settings, known: KnownStories, before: Look | None, name: str, now: datetime
) -> tuple[Look, Edition | None]:
    """Give the look as it is when what is there now was shown, and the edition with what is new in it."""
    confidence = settings.min_confidence
    shown = set(before.shown) if before else set()
    came, went = [n for n in known.names if n not in shown], sorted(shown.difference(known.names))
    if before and before.min_confidence != confidence:
        # What is shown of a story changes though the story does not.
        came, went = list(known.names), sorted(shown)
    stories = index.noted_stories([*came, *went])
    found = [
        *_follow_changes(index, before.sighting if before else 0),
        *find_changes(
            [stories[one] for one in went if one in stories],
            [stories[one] for one in came if one in stories],
            before.min_confidence if before else confidence,
            confidence,
        ),
    ]
    number = (before.edition if before else 0) + bool(found)
    after = Look(name, number, now, confidence, known.recipe, known.names, index.last_sighting())
    if not found:
        return after, None
    found.sort(key=_foremost)
    edition = Edition(
        look=name,
        number=number,
        at=now,
        since=before.at if before else None,
        counts=_count(found),
        items=tuple(_item(one, name, number, now) for one in found[:MOST_ITEMS]),
        min_confidence=confidence,
        xsource=__version__,
        other_program=before is not None and before.recipe != known.recipe,
    )
    return after, edition


def _follow_changes(index: Index, sighting: int) -> Iterable[Difference]:
    """Give a difference for every followed claim of which something was seen after an entry of the log."""
    touched = index.sighted_after(sighting)
    if not touched:
        return
    for follow in index.follows():
        if follow.id not in touched:
            continue
        log = index.sightings(follow.id)
        before = make_timeline(follow, (one for key, one in log if key <= sighting))
        after = make_timeline(follow, (one for _, one in log))
        details = tell_changes(before, after)
        if details:
            yield Difference(
                "changed" if before.entries else "came", "followed claim", follow.id, "", "", "", "", None,
                follow.text, follow.language, "", details,
                tuple(one.quote for key, one in log if key > sighting),
            )  # fmt: skip


def _foremost(one: Difference) -> tuple[object, ...]:
    """Order what is told: by subject, what came before what changed and went, the surest divergences first.

    What outlets say comes before what they leave out, as in the reports.
    """
    return (
        SUBJECTS.index(one.subject),
        one.kind == "omission",
        CHANGES.index(one.change),
        -(one.confidence or 0.0),
        one.story_title,
        one.claim,
        one.ref,
    )


def _count(found: Sequence[Difference]) -> tuple[Count, ...]:
    counts = Counter((one.subject, one.change) for one in found)
    return tuple(
        Count(subject, *(counts[subject, change] for change in CHANGES))
        for subject in SUBJECTS
        if any(counts[subject, change] for change in CHANGES)
    )


def _item(one: Difference, look: str, number: int, at: datetime) -> NewsItem:
    name = stable_id("news", look, str(number), at.isoformat(), one.change, one.subject, one.ref)
    return NewsItem(
        name, one.change, one.subject, one.ref, one.story, one.story_title, one.claim, one.kind,
        one.confidence, one.title, one.language, one.before, one.details, one.quotes,
    )  # fmt: skip
