"""News in a terminal: counts first, then what is told, the foremost first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from xsource.daily import Change, Edition, NewsItem
from xsource.report.bidi import plain
from xsource.report.news.words import (
    HEADINGS,
    MARKS,
    OTHER_PROGRAM,
    PLURALS,
    by_subject,
    how_many,
    tell_counts,
    tell_since,
)

_STYLES: dict[Change, str] = {"came": "bold green", "changed": "bold yellow", "went": "bold red"}
_INDENT = 2
_MOST_QUOTES = 4


def lay_out_edition(edition: Edition, embed: Callable[[str], str], limit: int | None) -> RenderableType:
    """Lay an edition out.

    Args:
        edition: what is new.
        embed: prepares outlets' words, see `bidi.embedder_for`.
        limit: most items under a heading; `None` for all that the edition has.
    """
    head = Text(tell_since(edition), style="bold")
    head.append(f"  look {edition.look}, edition {edition.number}", style="not bold dim")
    parts: list[RenderableType] = [head, Text(tell_counts(edition.counts))]
    if edition.other_program:
        parts.append(Text(OTHER_PROGRAM, style="yellow"))
    for subject, items in by_subject(edition.items):
        parts.append(Padding(Text(HEADINGS[subject], style="bold"), (1, 0, 0, 0)))
        shown = items if limit is None else items[:limit]
        for item in shown:
            parts.extend(_lay_out_item(item, embed))
        left = how_many(edition.counts, subject) - len(shown)
        if left > 0:
            more = len(items) - len(shown)
            how = "; `xsource news --again --all` shows them" if more else ""
            parts.append(Text(f"... and {left:,} more {PLURALS[subject]}{how}", style="dim"))
    return Group(*parts)


def _lay_out_item(item: NewsItem, embed: Callable[[str], str]) -> Iterator[RenderableType]:
    line = Text(f"{MARKS[item.change]} ", style=_STYLES[item.change])
    line.append(item.ref[:8], style="not bold dim")
    if item.kind:
        line.append(f"  {item.kind}", style="bold yellow")
    line.append("  ")
    # Of a divergence the title is ours; of anything else an outlet's or the analyst's.
    line.append(
        plain(item.title) if item.subject == "divergence" else embed(item.title), style="default not bold"
    )
    if item.confidence is not None:
        line.append(f"  confidence {item.confidence:.2f}", style="not bold dim")
    yield line
    if item.before:
        was = plain(item.before) if item.subject == "divergence" else embed(item.before)
        yield _below(Text(f"before: {was}", style="dim"))
    for detail in item.details:
        yield _below(Text(plain(detail)))
    if item.claim and item.subject != "story":
        place = Text(f"{item.claim}  ", style="dim")
        place.append(embed(item.story_title), style="dim")
        yield _below(place)
    if item.kind != "omission":
        yield from (_below(quote) for quote in _quotes(item, embed))


def _quotes(item: NewsItem, embed: Callable[[str], str]) -> Iterator[Text]:
    # Who stands apart comes first, as everywhere.
    for quote in sorted(item.quotes, key=lambda quote: not quote.apart)[:_MOST_QUOTES]:
        mark = "= " if item.subject == "divergence" and not quote.apart else "≠ "
        line = Text(mark if item.subject == "divergence" else "” ", style="bold")
        line.append(f"{quote.outlet}: ", style="not bold dim")
        line.append(embed(quote.sentence), style="not bold")
        yield line
    if len(item.quotes) > _MOST_QUOTES:
        yield Text(f"... and {len(item.quotes) - _MOST_QUOTES} more sentences", style="dim")


def _below(line: Text) -> RenderableType:
    return Padding(line, (0, 0, 0, _INDENT))
