"""A followed claim as one self-contained page."""

from __future__ import annotations

from xsource.daily import Timeline
from xsource.report.following.terminal import tell_standing
from xsource.report.leaf import leaf_html


def timeline_html(timeline: Timeline) -> str:
    """Draw a timeline as one HTML file."""
    return leaf_html(
        "timeline.html.jinja",
        timeline.follow.text[:80],
        timeline=timeline,
        standing=list(tell_standing(timeline)),
    )
