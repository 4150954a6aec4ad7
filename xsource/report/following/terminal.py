"""A followed claim in a terminal: how it stands, day by day, then every telling."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from xsource.daily import OutletStanding, Timeline, TimelineEntry
from xsource.report.bidi import plain
from xsource.report.news.words import moment


def lay_out_timeline(timeline: Timeline, embed: Callable[[str], str]) -> RenderableType:
    """Lay a timeline out; `embed` prepares outlets' words, see `bidi.embedder_for`."""
    follow = timeline.follow
    head = Text(embed(follow.text), style="bold")
    line = Text(f"{follow.id[:8]}  followed since {moment(follow.at)}", style="dim")
    if follow.by:
        line.append(f" by {embed(follow.by)}")
    if follow.ended:
        line.append(f", until {moment(follow.ended)}")
    parts: list[RenderableType] = [head, line]
    if not timeline.entries:
        parts.append(Text("No outlet was seen to say anything of it."))
        return Group(*parts)
    parts += [Padding(Text(tell, style="bold"), (0, 0)) for tell in tell_standing(timeline)]
    parts.append(_heading("Day by day"))
    for day in timeline.days:
        row = Text(f"{day.day}  told by {day.outlets}")
        if day.figures:
            row.append(f"   {tell_figures(day.figures)}")
        if day.denials:
            row.append(f"   the contrary: {day.denials}", style="bold red")
        parts.append(row)
    parts.append(_heading("Outlets"))
    parts.extend(_outlet(standing) for standing in timeline.outlets)
    parts.append(_heading("Every telling"))
    for entry in timeline.entries:
        parts.extend(_entry(entry, embed))
    return Group(*parts)


def tell_standing(timeline: Timeline) -> Iterator[str]:
    """Say in a sentence or two how a claim stands."""
    first = next((entry for entry in timeline.entries if entry.is_first), None)
    telling = [standing for standing in timeline.outlets if standing.first_told]
    denying = [standing.outlet for standing in timeline.outlets if standing.denies]
    if first is not None:
        yield f"First told by {first.sighting.quote.outlet}, {moment(first.when)}; told by {len(telling)} now."
    figures = list(dict.fromkeys(tell_figures(day.figures) for day in timeline.days if day.figures))
    if len(figures) > 1:
        yield f"Figures: {' → '.join(figures)}."
    elif figures:
        yield f"Figure: {figures[0]}."
    if denying:
        yield f"The contrary is said by {', '.join(denying)}."


def tell_figures(figures: tuple[tuple[str, int], ...]) -> str:
    """Say which figures outlets have, each with how many: `12 (3 outlets), 14 (1 outlet)`."""
    return ", ".join(f"{value} ({outlets} outlet{'' if outlets == 1 else 's'})" for value, outlets in figures)


def _heading(words: str) -> RenderableType:
    return Padding(Text(words, style="bold"), (1, 0, 0, 0))


def _outlet(standing: OutletStanding) -> Text:
    line = Text(standing.outlet, style="bold")
    line.append(f"  {standing.status}", style="not bold red" if standing.denies else "not bold")
    if standing.figures:
        line.append(f"  {', '.join(standing.figures)}", style="bold yellow")
    if standing.first_told:
        line.append(f"  first {moment(standing.first_told)}", style="not bold dim")
    if standing.last_told != standing.first_told:
        line.append(f", last {moment(standing.last_told)}", style="not bold dim")
    return line


def _entry(entry: TimelineEntry, embed: Callable[[str], str]) -> Iterator[RenderableType]:
    sighting = entry.sighting
    head = Text(f"{moment(entry.when)}  ", style="dim")
    head.append(sighting.quote.outlet, style="bold not dim")
    head.append(f"  {sighting.status}", style="not dim")
    if sighting.figures:
        head.append(f"  {', '.join(value for _, value in sighting.figures)}", style="bold yellow")
    if entry.is_first:
        head.append("  first time", style="green")
    yield head
    yield Padding(Text(embed(sighting.quote.sentence)), (0, 0, 0, 2))
    if sighting.quote.translation:
        yield Padding(Text(embed(sighting.quote.translation), style="italic"), (0, 0, 0, 2))
    for words in sighting.differs:
        yield Padding(Text(plain(words), style="yellow"), (0, 0, 0, 2))
    yield Padding(Text(plain(sighting.quote.article_url), style="dim"), (0, 0, 0, 2))
