"""A comparison in a terminal: a matrix where it fits, one block a claim where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from xsource.records import Claim, Coverage, Divergence, Review, Verdict
from xsource.report.bidi import plain
from xsource.report.folding import Folding
from xsource.report.reviews import tell_review
from xsource.report.tables import Cell, StoryTable, standing_apart

Embed = Callable[[str], str]

# Marks differ in shape, not in colour alone: they are read without colour and by colour-blind readers.
MARKS: dict[Coverage, str] = {"reports": "●", "differs": "≠", "silent": "○", "no coverage": "·"}
STYLES: dict[Coverage, str] = {
    "reports": "green",
    "differs": "bold yellow",
    "silent": "dim",
    "no coverage": "dim",
}
VERDICT_STYLES: dict[Verdict, str] = {"confirmed": "bold green", "wrong": "bold red", "unsure": "bold"}
LEGEND = "● reports   ≠ differs   ○ covers the story, not the claim"

_CELL_WIDTH = 11
_CLAIM_WIDTH = 26
_WORDS_IN_CELL = 14
"""Longer words stand with the divergence below the matrix only."""


def lay_out_story(table: StoryTable, width: int, embed: Embed) -> RenderableType:
    """Lay one story out: heading, matrix or blocks, then every divergence with the words on each side.

    Args:
        width: columns of the terminal; below what the outlets need, claims become blocks.
        embed: prepares outlets' words, see `bidi.embedder_for`.
    """
    fits = width >= _CLAIM_WIDTH + _CELL_WIDTH * len(table.outlets)
    parts: list[RenderableType] = [_heading(table, embed)]
    if table.rows:
        parts.append(_matrix(table, embed) if fits else Group(*_blocks(table, embed)))
        parts.append(Text(LEGEND, style="dim"))
    else:
        parts.append(Text("No claim is made by two outlets of this story.", style="dim"))
    for row in table.rows:
        parts.extend(
            Padding(lay_out_divergence(row.number, divergence, embed), (1, 0, 0, 0))
            for divergence in row.divergences
            if divergence.kind != "omission"
        )
    parts.extend(_omissions(table, embed))
    if table.unmatched:
        parts.append(
            Padding(
                Text(f"{len(table.unmatched)} more claims are made by one outlet alone.", style="dim"), (1, 0)
            )
        )
    return Group(*parts)


def _heading(table: StoryTable, embed: Embed) -> RenderableType:
    story = table.story
    days = sorted({f"{moment:%Y-%m-%d}" for moment in (story.first_published, story.last_published) if moment})
    title = Text(embed(story.title or story.id), style="bold")
    articles = f"{len(story.article_ids)} article{'s' if len(story.article_ids) != 1 else ''}"
    line = "  ".join([f"story {story.id[:8]}", " to ".join(days) or "no date", articles])
    return Group(title, Text(line, style="dim"))


def _matrix(table: StoryTable, embed: Embed) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    grid.add_column("", justify="right", no_wrap=True)
    grid.add_column("claim", ratio=3, overflow="fold")
    for outlet in table.outlets:
        heading = outlet.id.replace("-", "-\n")
        widest = max(map(len, heading.split("\n")))
        grid.add_column(heading, ratio=1, overflow="fold", min_width=min(widest, 10))
    for row in table.rows:
        cells = (Folding(_cell(cell, embed)) for cell in row.cells)
        grid.add_row(str(row.number), Folding(Text(embed(reading(row.headline)))), *cells)
    return grid


def _cell(cell: Cell, embed: Embed) -> Text:
    text = Text(MARKS[cell.coverage], style=STYLES[cell.coverage])
    short = [word for word in cell.words if len(word) <= _WORDS_IN_CELL]
    if short:
        text.append(" " + ", ".join(embed(word) for word in short))
    return text


def _blocks(table: StoryTable, embed: Embed) -> Iterator[RenderableType]:
    for row in table.rows:
        block = Text(f"{row.number}. ", style="bold")
        block.append(embed(reading(row.headline)), style="not bold")
        lines: list[RenderableType] = [block]
        for coverage, mark in MARKS.items():
            cells = [cell for cell in row.cells if cell.coverage == coverage]
            if cells:
                line = Text(f"   {mark} ", style=STYLES[coverage])
                line.append(", ".join(cell.outlet.id for cell in cells))
                lines.append(line)
        yield Padding(Group(*lines), (1, 0, 0, 0))


def _omissions(table: StoryTable, embed: Embed) -> Iterator[RenderableType]:
    """List who leaves out what, a line a claim: the sentences stand in the matrix."""
    lines = [
        (row.number, divergence)
        for row in table.rows
        for divergence in row.divergences
        if divergence.kind == "omission"
    ]
    if lines:
        yield Padding(Text("Left out by outlets that cover the story", style="bold yellow"), (1, 0, 0, 0))
    for number, divergence in lines:
        line = Text(f"{number:>3}  ", style="dim")
        line.append(", ".join(absence.outlet_id for absence in divergence.absent_from), style="not dim")
        line.append(f"  confidence {divergence.confidence:.2f}")
        yield line
        if divergence.review:
            yield _said(divergence.review, embed)


def lay_out_divergence(number: int, divergence: Divergence, embed: Embed) -> RenderableType:
    """Lay one divergence out: kind and explanation, then each side with the words that differ marked."""
    head = Text(f"{number}  ", style="dim")
    head.append(divergence.kind, style="bold yellow")
    head.append(f"  {plain(divergence.explanation)}  ")
    head.append(f"confidence {divergence.confidence:.2f}", style="dim")
    lines: list[RenderableType] = [head]
    if divergence.review:
        lines.append(_said(divergence.review, embed))
    apart = {id(side) for side in standing_apart(divergence)}
    if divergence.kind != "omission":
        for side in divergence.sides:
            sentence = Text("   ≠ " if id(side) in apart else "   = ", style="bold")
            sentence.append(f"{side.outlet_id}: ", style="dim not bold")
            before, words, after = (
                side.sentence[: side.start],
                side.sentence[side.start : side.end],
                side.sentence[side.end :],
            )
            sentence.append_text(_marked(before, words, after, embed))
            lines.append(sentence)
    return Group(*lines)


def _said(review: Review, embed: Embed) -> RenderableType:
    return Padding(Text(tell_review(review, embed), style=VERDICT_STYLES[review.verdict]), (0, 0, 0, 3))


def _marked(before: str, words: str, after: str, embed: Embed) -> Text:
    # One isolate around the whole sentence: isolates around its parts would put an Arabic sentence's parts
    # in the order of the surrounding line.
    whole = embed(before + words + after)
    text = Text(whole, style="not bold")
    if words and (place := whole.find(words, max(0, len(before) - 1))) >= 0:
        text.stylize("bold yellow underline", place, place + len(words))
    return text


def reading(claim: Claim) -> str:
    """Give the words by which a reader of the target language knows a claim: its translation, else itself."""
    return claim.translation.text if claim.translation else claim.sentence.text


def lay_out_claim(claim: Claim, embed: Embed) -> RenderableType:
    """Lay one claim out: where it stands, the sentence in its own script, and its translation with warnings."""
    published = claim.article.published_at
    head = Text(f"{claim.outlet.id}", style="bold")
    head.append(
        f"  {claim.article.language}  {published:%Y-%m-%d %H:%M} UTC"
        if published
        else f"  {claim.article.language}",
        style="dim",
    )
    lines: list[RenderableType] = [head, Padding(Text(embed(claim.sentence.text)), (0, 0, 0, 2))]
    if claim.translation:
        translation = claim.translation
        line = Text(embed(translation.text))
        line.append(f"  [{plain(translation.engine)}]", style="dim")
        for warning in translation.warnings:
            line.append(f"  ⚠ {plain(warning)}", style="yellow")
        lines.append(Padding(line, (0, 0, 0, 2)))
    lines.append(Padding(Text(plain(claim.article.source), style="dim"), (0, 0, 0, 2)))
    return Group(*lines)
