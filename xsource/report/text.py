"""A comparison as Markdown and as CSV: what goes into a note or a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from xsource.records import Divergence
from xsource.report.bidi import plain
from xsource.report.documents import timestamp
from xsource.report.listing import CsvValue, as_csv, as_markdown, markdown_cell
from xsource.report.reviews import tell_review, tell_verdicts
from xsource.report.statuses import MARKS, legend
from xsource.report.tables import StoryTable, standing_apart
from xsource.report.terminal import reading

CsvTable = Literal["divergences", "cells"]
"""What a row is: a divergence, or what one outlet does with one claim."""

DIVERGENCES_HEADER = (
    "id", "kind", "confidence", "story", "story_title", "claim", "group", "headline", "explanation", "apart",
    "sides", "sentences", "article_urls", "absent_from", "via_translation", "verdict", "note", "by", "at",
)  # fmt: skip
CELLS_HEADER = (
    "story", "story_title", "claim", "group", "headline", "outlet", "coverage", "differing_words", "kinds",
    "sentence", "translation", "translation_engine", "translation_warnings", "language", "published_at",
    "article_url", "verdicts", "article", "divergences",
)  # fmt: skip
CSV_HEADERS: dict[CsvTable, tuple[str, ...]] = {"divergences": DIVERGENCES_HEADER, "cells": CELLS_HEADER}

_BETWEEN = " | "
"""Between what the sides of a divergence have in one cell; `sides`, `sentences` and `article_urls` follow the
same order."""


def comparison_csv(
    tables: Sequence[StoryTable], table: CsvTable = "divergences", *, header: bool = True
) -> str:
    """Write a row for each divergence or cell; `header` off where rows before had it."""
    rows = divergence_rows(tables) if table == "divergences" else cell_rows(tables)
    return as_csv(CSV_HEADERS[table] if header else (), rows)


def divergence_rows(tables: Sequence[StoryTable]) -> list[list[CsvValue]]:
    """Give a row for each divergence, the values of `DIVERGENCES_HEADER`; numbers are numbers."""
    rows: list[list[CsvValue]] = []
    for table in tables:
        for row in table.rows:
            for divergence in row.divergences:
                review = divergence.review
                apart = dict.fromkeys(side.outlet_id for side in standing_apart(divergence))
                sides = divergence.sides
                rows.append(
                    [
                        divergence.id,
                        divergence.kind,
                        round(divergence.confidence, 3),
                        table.story.id,
                        table.story.title,
                        row.number,
                        row.group.id,
                        reading(row.headline),
                        divergence.explanation,
                        "; ".join(apart),
                        _BETWEEN.join(f"{side.outlet_id}: {side.words or side.value}" for side in sides),
                        _BETWEEN.join(f"{side.outlet_id}: {side.sentence}" for side in sides),
                        _BETWEEN.join(side.article_url for side in sides),
                        "; ".join(absence.outlet_id for absence in divergence.absent_from),
                        divergence.via_translation,
                        review.verdict if review else None,
                        review.note if review else None,
                        review.by if review else None,
                        timestamp(review.at) if review else None,
                    ]
                )
    return rows


def cell_rows(tables: Sequence[StoryTable]) -> list[list[CsvValue]]:
    """Give a row for each claim and outlet of its story, the values of `CELLS_HEADER`, texts as printed."""
    rows: list[list[CsvValue]] = []
    for table in tables:
        for row in table.rows:
            kinds: dict[str, list[str]] = {}
            judged: dict[str, list[Divergence]] = {}
            for divergence in row.divergences:
                sides = [side.outlet_id for side in divergence.sides if divergence.kind != "omission"]
                for outlet_id in (*sides, *(absence.outlet_id for absence in divergence.absent_from)):
                    kinds.setdefault(outlet_id, []).append(divergence.kind)
                    own = judged.setdefault(outlet_id, [])
                    if divergence not in own:
                        own.append(divergence)
            for cell in row.cells:
                claim = cell.claim
                translation = claim.translation if claim else None
                rows.append(
                    [
                        table.story.id,
                        table.story.title,
                        row.number,
                        row.group.id,
                        reading(row.headline),
                        cell.outlet.id,
                        cell.coverage,
                        "; ".join(cell.words),
                        "; ".join(dict.fromkeys(kinds.get(cell.outlet.id, []))),
                        claim.sentence.text if claim else "",
                        translation.text if translation else "",
                        translation.engine if translation else "",
                        "; ".join(translation.warnings) if translation else "",
                        claim.article.language if claim else "",
                        (timestamp(claim.article.published_at) or "") if claim else "",
                        claim.article.source if claim else "",
                        tell_verdicts(judged.get(cell.outlet.id, [])),
                        claim.article.id if claim else "",
                        "; ".join(one.id for one in judged.get(cell.outlet.id, [])),
                    ]
                )
    return rows


def comparison_markdown(tables: Sequence[StoryTable], embed: Callable[[str], str]) -> str:
    """One section a story: the matrix, then each divergence with its quotes."""
    parts = []
    for table in tables:
        parts.append(f"## {markdown_cell(embed(table.story.title or table.story.id))}\n")
        header = ["", "claim", *(outlet.id for outlet in table.outlets)]
        rows = []
        for row in table.rows:
            cells = [
                " ".join([MARKS[cell.coverage], ", ".join(embed(word) for word in cell.words)]).strip()
                for cell in row.cells
            ]
            rows.append([str(row.number), embed(reading(row.headline)), *cells])
        none = "has such a difference" if table.left_out else "is made by two outlets"
        parts.append(as_markdown(header, rows) if rows else f"No claim of this story {none}.\n")
        if rows:
            parts.append(f"{legend(cell.coverage for row in table.rows for cell in row.cells)}\n")
        if table.left_out:
            parts.append(f"{table.left_out} more without one.\n")
        for row in table.rows:
            for divergence in row.divergences:
                parts.append(
                    f"- **{row.number} {divergence.kind}** {markdown_cell(plain(divergence.explanation))} "
                    f"(confidence {divergence.confidence:.2f})"
                )
                if divergence.review:
                    parts.append(f"  - {markdown_cell(tell_review(divergence.review, embed))}")
                if divergence.kind != "omission":
                    parts.extend(
                        f"  - {side.outlet_id}: {markdown_cell(embed(side.sentence))}"
                        + (f" → **{markdown_cell(embed(side.words))}**" if side.words else "")
                        for side in divergence.sides
                    )
        parts.append("")
    return "\n".join(parts)
