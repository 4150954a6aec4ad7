"""A divergence marked from what is kept of its story, without comparing anything."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xsource.addresses import address_key
from xsource.daily import NotedDivergence, NotedStory
from xsource.pipeline.daily.known import read_noted
from xsource.pipeline.reviewing.verdicts import keep_mark
from xsource.records import DivergenceId, DivergenceKind, Review, Verdict, stable_id
from xsource.settings import Settings
from xsource.store import Index, open_index
from xsource.store.verdicts import Judged, JudgedAbsence, JudgedSide


def mark_noted(
    index_path: Path,
    settings: Settings,
    wanted: str,
    verdict: Verdict,
    *,
    note: str = "",
    by: str = "",
    now: datetime | None = None,
) -> tuple[NotedDivergence, Review] | None:
    """Mark the one divergence whose id begins so, where a comparison in brief has it; see `mark_divergence`.

    Returns:
        The divergence and what is said of it; `None` where nothing kept has it, or more than one does.

    Raises:
        InputError: there is no such verdict, or a text is too long.
        StorageError: another process is writing the index.
    """
    found = read_noted(index_path, settings, wanted)
    if found is None:
        return None
    story, divergence = found
    with open_index(index_path, mode="read") as index:
        judged = _judged(index, story, divergence)
    present = {one.id for one in story.divergences}
    id_ = DivergenceId(divergence.id)
    entry = keep_mark(index_path, id_, judged, present, verdict, note=note, by=by, now=now)
    return divergence, Review(verdict, entry.note, entry.by, entry.at)


def _judged(index: Index, story: NotedStory, divergence: NotedDivergence) -> Judged:
    """Write down what a verdict is about, as `recognising.judge` does of a comparison."""
    texts = {
        (str(article.outlet_id), address_key(article.source)): article.text
        for article in index.articles([one.id for one in story.articles])  # type: ignore[misc]
    }
    kind: DivergenceKind = divergence.kind  # as it was found
    return Judged(
        kind=kind,
        sides=tuple(
            JudgedSide(
                side.outlet, side.article_url, side.language, side.sentence, *side.span, side.words, side.value
            )
            for side in divergence.sides
        ),
        absent_from=tuple(
            JudgedAbsence(outlet, url, stable_id(texts[outlet, address_key(url)]))
            for outlet, url in divergence.absent_from
        ),
        apart=divergence.camp,
        explanation=divergence.explanation,
        story_title=story.title,
    )
