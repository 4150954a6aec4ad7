"""What an analyst said of a divergence, in words: the same in every output."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from xsource.records import Divergence, OutletId, Review, Verdict
from xsource.report.bidi import plain

VERDICT_MARKS: dict[Verdict, str] = {"confirmed": "✓", "wrong": "✗", "unsure": "?"}
"""They differ in shape, not in colour alone, as the marks of the matrix do."""

NOT_REVIEWED = "not reviewed"


def tell_review(
    review: Review, embed: Callable[[str], str] = plain, names: Mapping[OutletId, str] | None = None
) -> str:
    """Say on one line who said what and when.

    Args:
        review: name and note are somebody's words, and may be in another direction than ours.
        embed: prepares them for the output, see `bidi.embedder_for`.
        names: what outlets are called; their ids when left out.
    """
    by = f" by {embed(_on_a_line(review.by))}" if review.by else ""
    note = f": {embed(_on_a_line(review.note))}" if review.note else ""
    since = f" ({tell_added(review, names)})" if review.added else ""
    return f"{VERDICT_MARKS[review.verdict]} {review.verdict}{by}, {review.at:%Y-%m-%d}{since}{note}"


def tell_added(review: Review, names: Mapping[OutletId, str] | None = None) -> str:
    """Say which outlets came in after it was judged; empty where none did."""
    if not review.added:
        return ""
    return f"before {', '.join((names or {}).get(outlet, outlet) for outlet in review.added)} came in"


def tell_verdicts(divergences: Iterable[Divergence]) -> str:
    """List what was said of several divergences, each with its kind."""
    return "; ".join(f"{d.kind} {tell_review(d.review)}" for d in divergences if d.review)


def _on_a_line(text: str) -> str:
    return " ".join(text.split())
