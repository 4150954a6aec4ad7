"""News as one self-contained page."""

from __future__ import annotations

from collections.abc import Sequence

from xsource.daily import Edition
from xsource.report.leaf import leaf_html
from xsource.report.news.words import HEADINGS, OTHER_PROGRAM


def digest_html(look: str, editions: Sequence[Edition]) -> str:
    """Draw editions as one HTML file, the newest first.

    Args:
        look: whose they are.
        editions: the oldest first.
    """
    title = f"News of {editions[-1].at:%Y-%m-%d}" if editions else "News"
    return leaf_html(
        "digest.html.jinja",
        title,
        look=look,
        editions=list(reversed(editions)),
        headings=HEADINGS,
        other_program=OTHER_PROGRAM,
    )
