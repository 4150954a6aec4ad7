"""A followed claim over time: first told by, told by how many when, its figures, who denies it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from xsource.addresses import address_key
from xsource.daily import DayOfClaim, Follow, OutletStanding, Sighting, Timeline, TimelineEntry


def make_timeline(follow: Follow, sightings: Iterable[Sighting]) -> Timeline:
    """Put what was seen of a claim in the order in which it was told.

    Args:
        follow: the claim.
        sightings: in the order in which they were seen.
    """
    entries = tuple(_in_order(sightings))
    days = sorted({f"{entry.when:%Y-%m-%d}" for entry in entries})
    return Timeline(
        follow,
        entries,
        tuple(_standings(entries)),
        tuple(_day(day, [e for e in entries if f"{e.when:%Y-%m-%d}" <= day]) for day in days),
    )


def _in_order(sightings: Iterable[Sighting]) -> Iterator[TimelineEntry]:
    seen: dict[tuple[str, str], datetime] = {}
    dated: list[tuple[datetime, Sighting]] = []
    for sighting in sightings:
        page = sighting.quote.outlet, address_key(sighting.quote.article_url)
        # A page that was seen before and says something else now was rewritten: its date is no longer when.
        is_rewritten = seen.setdefault(page, sighting.at) < sighting.at
        published = sighting.quote.published_at
        dated.append((sighting.at if is_rewritten or published is None else published, sighting))
    told: set[str] = set()
    for when, sighting in sorted(dated, key=lambda one: one[0]):
        is_first = not sighting.denies and sighting.quote.outlet not in told
        if is_first:
            told.add(sighting.quote.outlet)
        yield TimelineEntry(when, is_first, sighting)


def _standings(entries: Sequence[TimelineEntry]) -> list[OutletStanding]:
    last: dict[str, TimelineEntry] = {}
    first: dict[str, datetime] = {}
    figures: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        outlet = entry.sighting.quote.outlet
        last[outlet] = entry
        if entry.is_first:
            first[outlet] = entry.when
        if entry.sighting.figures:
            figures[outlet] = tuple(dict.fromkeys(value for _, value in entry.sighting.figures))
    standings = [
        OutletStanding(
            outlet,
            entry.sighting.status,
            first.get(outlet),
            entry.when,
            figures.get(outlet, ()),
            entry.sighting.denies,
        )
        for outlet, entry in last.items()
    ]
    return sorted(
        standings, key=lambda one: (one.first_told is None, one.first_told or one.last_told, one.outlet)
    )


def _day(day: str, entries: Sequence[TimelineEntry]) -> DayOfClaim:
    standings = _standings(entries)
    figures = Counter(figure for standing in standings for figure in standing.figures)
    return DayOfClaim(
        day,
        sum(standing.first_told is not None for standing in standings),
        tuple(sorted(figures.items(), key=lambda item: (-item[1], item[0]))),
        sum(standing.denies for standing in standings),
    )


def tell_changes(before: Timeline, after: Timeline) -> tuple[str, ...]:
    """Say what became of a claim between two states of its log, a sentence each; nothing where nothing did."""
    told, tell = _telling(before), _telling(after)
    details = []
    if not before.entries and tell:
        first = next(entry for entry in after.entries if entry.is_first)
        details.append(f"first told by {first.sighting.quote.outlet}, {first.when:%Y-%m-%d %H:%M} UTC")
        details.append(f"told by {len(tell)}: {', '.join(tell)}")
    elif fresh := [outlet for outlet in tell if outlet not in told]:
        details.append(f"now also told by {', '.join(fresh)}; {len(tell)} in all")
    then = {standing.outlet: standing for standing in before.outlets}
    figures: dict[tuple[str, str], list[str]] = {}
    for standing in after.outlets:
        earlier = then.get(standing.outlet)
        old = ", ".join(earlier.figures) if earlier else ""
        new = ", ".join(standing.figures)
        if new and new != old:
            figures.setdefault((old, new), []).append(standing.outlet)
        elif earlier and standing.status != earlier.status:
            details.append(f"{standing.outlet}: {standing.status}, before: {earlier.status}")
    for (old, new), outlets in figures.items():
        was = f", before {old}" if old else ""
        details.append(f"{new}{was}: {', '.join(outlets)}")
    for standing in after.outlets:
        earlier = then.get(standing.outlet)
        if standing.denies and not (earlier and earlier.denies):
            details.append(f"the contrary is said by {standing.outlet}")
    return tuple(details)


def _telling(timeline: Timeline) -> list[str]:
    return [standing.outlet for standing in timeline.outlets if standing.first_told]
