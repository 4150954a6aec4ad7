"""A comparison as Markdown and as CSV: what goes into a note or a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from xsource.records import Divergence
from xsource.report.bidi import plain
from xsource.report.documents import timestamp
from xsource.report.listing import as_csv, as_markdown, markdown_cell
from xsource.report.reviews import tell_review, tell_verdicts
from xsource.report.tables import StoryTable
from xsource.report.terminal import LEGEND, MARKS, reading

CSV_HEADER = (
    "story", "story_title", "claim", "group", "headline", "outlet", "coverage", "differing_words", "kinds",
    "sentence", "translation", "translation_engine", "translation_warnings", "language", "published_at",
    "article_url", "verdicts",
)  # fmt: skip


def comparison_csv(tables: Sequence[StoryTable], *, header: bool = True) -> str:
    """One row for each claim and outlet of its story; `header` off where rows before had it."""
    return as_csv(CSV_HEADER if header else (), comparison_rows(tables))


def comparison_rows(tables: Sequence[StoryTable]) -> list[list[str]]:
    """Give a row for each claim and outlet of its story, the values of `CSV_HEADER`, texts as printed."""
    rows = []
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
                        str(row.number),
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
        parts.append(as_markdown(header, rows) if rows else "No claim is made by two outlets of this story.\n")
        if rows:
            parts.append(f"{LEGEND}\n")
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
