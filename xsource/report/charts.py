"""Drawings of a story: when its articles appeared, and which outlets agree. Inline SVG for a page.

Colours are classes that the page's style sheet sets, so that one drawing serves light, dark and print. The
library escapes text and titles **but not attributes**: outlets' words go into the former only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import drawsvg
from markupsafe import Markup

from xsource.records import Article, Copy, Outlet, OutletId
from xsource.report.agreement import Agreement, Pair
from xsource.report.bidi import plain
from xsource.report.naming import outlet_name

_LABEL_WIDTH = 172
_LABEL_LETTERS = 18
_LANE = 26
_LOW_LANE = 18
_TICK_STEPS = tuple(
    timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720, 1440, 2880, 8760)
)
_MAX_TICKS = 7
_TIMELINE_WIDTH = 660
_CELL = 30
_MIRRORED = 12
"""Outlets up to which lanes are high and both halves of the heat map are drawn."""
AGREEMENT_STEPS = 6
"""Shades of the heat map: under 1/6 of the shared claims agreeing, under 2/6, and so on."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One outlet of a timeline with its dated articles."""

    outlet: Outlet
    articles: tuple[Article, ...]


def draw_timeline(
    outlets: Sequence[Outlet], articles: Sequence[Article], copies: Sequence[Copy], label: str
) -> Markup | None:
    """Draw a lane for each outlet with a dot for each dated article; a line joins a text and its repeat.

    Args:
        label: id of the element that names the drawing.

    Returns:
        `None` when fewer than two articles have a date: there is nothing to compare.
    """
    lanes = _lanes(outlets, articles)
    moments = [article.published_at for lane in lanes for article in lane.articles if article.published_at]
    if len(moments) < 2:
        return None
    start, end = min(moments), max(moments)
    # An hour of air on both sides: dots on the very edge would be cut in half.
    margin = max((end - start) / 30, timedelta(minutes=20))
    start, end = start - margin, end + margin
    lane_height = _LANE if len(lanes) <= _MIRRORED else _LOW_LANE
    top, bottom = 34, 34 + lane_height * len(lanes)
    drawing = _drawing(_TIMELINE_WIDTH, bottom + 8, "timeline", label)

    def x_of(moment: datetime) -> float:
        return round(
            _LABEL_WIDTH + (_TIMELINE_WIDTH - _LABEL_WIDTH - 10) * ((moment - start) / (end - start)), 1
        )

    previous_day = None
    for tick in _ticks(start, end):
        x = x_of(tick)
        drawing.append(drawsvg.Line(x, top - 6, x, bottom, class_="grid"))
        if tick.date() != previous_day:
            drawing.append(drawsvg.Text(f"{tick.day} {tick:%b}", None, x=x, y=12, class_="day"))
            previous_day = tick.date()
        drawing.append(drawsvg.Text(f"{tick:%H:%M}", None, x=x, y=25, class_="hour"))
    places: dict[str, tuple[float, float]] = {}
    for number, lane in enumerate(lanes):
        y = top + lane_height * (number + 0.5)
        drawing.append(drawsvg.Line(_LABEL_WIDTH, y, _TIMELINE_WIDTH - 10, y, class_="lane"))
        drawing.append(_label(lane.outlet, _LABEL_WIDTH - 12, y + 4, "name end"))
        for article in lane.articles:
            assert article.published_at is not None
            places[article.id] = (x_of(article.published_at), y)
    for copy in copies:
        if copy.original in places and copy.repeat in places:
            drawing.append(drawsvg.Line(*places[copy.original], *places[copy.repeat], class_="copy"))
    repeats = {copy.repeat for copy in copies}
    for lane in lanes:
        for article in lane.articles:
            is_repeat = article.id in repeats
            dot = drawsvg.Circle(*places[article.id], 5, class_="dot repeat" if is_repeat else "dot")
            told = ", repeats an earlier text" if is_repeat else ""
            when = f"{article.published_at:%Y-%m-%d %H:%M} UTC"
            dot.append_title(f"{outlet_name(lane.outlet)}, {when}{told}: {plain(article.title)}")
            drawing.append(dot)
    return Markup(drawing.as_svg(header=""))  # noqa: S704 - the library escapes text; attributes are ours


def _lanes(outlets: Sequence[Outlet], articles: Sequence[Article]) -> list[Lane]:
    dated: dict[OutletId, list[Article]] = {}
    for article in articles:
        if article.published_at:
            dated.setdefault(article.outlet_id, []).append(article)
    lanes = [Lane(outlet, tuple(dated[outlet.id])) for outlet in outlets if outlet.id in dated]
    # First to publish on top: the order in which the news travelled.
    return sorted(lanes, key=lambda lane: min(str(article.published_at) for article in lane.articles))


def _ticks(start: datetime, end: datetime) -> list[datetime]:
    span = end - start
    step = next((step for step in _TICK_STEPS if span / step <= _MAX_TICKS), span / _MAX_TICKS)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + step * -(-(start - midnight) // step)
    return [first + step * number for number in range(_MAX_TICKS + 1) if first + step * number <= end]


def draw_agreement(outlets: Sequence[Outlet], agreement: Mapping[Pair, Agreement], label: str) -> Markup | None:
    """Draw a square for each pair of outlets: the percentage of shared claims on which they do not differ.

    Args:
        label: id of the element that names the drawing.

    Returns:
        `None` when no two outlets share a claim.
    """
    if not any(pair.shared for pair in agreement.values()):
        return None
    top = 34
    width = _LABEL_WIDTH + _CELL * len(outlets) + 6
    drawing = _drawing(width, top + _CELL * len(outlets) + 6, "agreement", label)
    for row, outlet in enumerate(outlets):
        y = top + _CELL * row
        drawing.append(_label(outlet, _LABEL_WIDTH - 34, y + _CELL / 2 + 4, "name end"))
        drawing.append(
            drawsvg.Text(str(row + 1), None, x=_LABEL_WIDTH - 8, y=y + _CELL / 2 + 4, class_="number end")
        )
        drawing.append(
            drawsvg.Text(str(row + 1), None, x=_LABEL_WIDTH + _CELL * (row + 0.5), y=top - 8, class_="number")
        )
        # Mirrored halves say the same twice: fine where it helps to read along a row, too much for a crowd.
        for column, other in enumerate(outlets if len(outlets) <= _MIRRORED else outlets[: row + 1]):
            x = _LABEL_WIDTH + _CELL * column
            if row == column:
                drawing.append(drawsvg.Rectangle(x + 1, y + 1, _CELL - 2, _CELL - 2, class_="self"))
                continue
            pair = agreement[min(outlet.id, other.id), max(outlet.id, other.id)]
            drawing.extend(_square(outlet, other, pair, x, y))
    return Markup(drawing.as_svg(header=""))  # noqa: S704 - the library escapes text; attributes are ours


def _square(outlet: Outlet, other: Outlet, pair: Agreement, x: float, y: float) -> list[drawsvg.DrawingElement]:
    names = f"{outlet_name(outlet)} and {outlet_name(other)}"
    share = pair.share
    if share is None:
        square = drawsvg.Rectangle(x + 1, y + 1, _CELL - 2, _CELL - 2, class_="none")
        square.append_title(f"{names}: no claim in common")
        return [square]
    shade = min(int(share * AGREEMENT_STEPS), AGREEMENT_STEPS - 1)
    square = drawsvg.Rectangle(x + 1, y + 1, _CELL - 2, _CELL - 2, class_=f"a{shade}")
    square.append_title(f"{names}: {pair.agreeing} of {pair.shared} shared claims agree")
    figure = drawsvg.Text(
        f"{share * 100:.0f}", None, x=x + _CELL / 2, y=y + _CELL / 2 + 4, class_=f"figure t{shade}"
    )
    return [square, figure]


def _label(outlet: Outlet, x: float, y: float, classes: str) -> drawsvg.Text:
    name = outlet_name(outlet)
    short = name if len(name) <= _LABEL_LETTERS else f"{name[: _LABEL_LETTERS - 1]}…"
    return drawsvg.Text(short, None, x=x, y=y, class_=classes)


def _drawing(width: float, height: float, kind: str, label: str) -> drawsvg.Drawing:
    return drawsvg.Drawing(width, height, role="img", class_=f"chart {kind}", **{"aria-labelledby": label})
