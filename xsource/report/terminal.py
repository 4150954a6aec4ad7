"""A comparison in a terminal: a matrix where it fits, one block a claim where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from xsource.records import Claim, Divergence, Review, Verdict
from xsource.report.bidi import plain
from xsource.report.counting import counted
from xsource.report.cutting import cut, cut_words
from xsource.report.folding import Folding
from xsource.report.reviews import tell_review
from xsource.report.statuses import MARKS, STATES, STYLES, legend
from xsource.report.tables import Cell, StoryTable, standing_apart

Embed = Callable[[str], str]

VERDICT_STYLES: dict[Verdict, str] = {"confirmed": "bold green", "wrong": "bold red", "unsure": "bold"}

_CLAIM_WIDTH = 28
_CELL_WIDTH = 9
_WIDEST_CELL = 14
_GAP = 3
"""Columns between two of `box.SIMPLE_HEAD`."""
_WORDS_IN_CELL = 28
"""Letters of differing words beside a mark; the whole of them stands with the divergence below."""


def lay_out_story(table: StoryTable, width: int, embed: Embed) -> RenderableType:
    """Lay one story out: heading, matrix or blocks, then every divergence with the words on each side.

    Args:
        width: columns of the terminal; where it has no room for all outlets, claims become blocks.
        embed: prepares outlets' words, see `bidi.embedder_for`.
    """
    column = _column_width(table, width)
    parts: list[RenderableType] = [_heading(table, embed)]
    if table.rows:
        parts.append(_matrix(table, column, embed) if column else Group(*_blocks(table, embed)))
        present = [cell.coverage for row in table.rows for cell in row.cells]
        parts.append(Text(legend(present), style="dim"))
    elif table.left_out:
        parts.append(Text("No claim of this story has such a difference.", style="dim"))
    else:
        parts.append(Text("No claim is made by two outlets of this story.", style="dim"))
    for row in table.rows:
        parts.extend(
            Padding(lay_out_divergence(row.number, divergence, embed), (1, 0, 0, 0))
            for divergence in row.divergences
            if divergence.kind != "omission"
        )
    parts.extend(_omissions(table, embed))
    for count, what in ((len(table.unmatched), "made by one outlet alone"), (table.left_out, "without one")):
        if count:
            claims = "1 more claim is" if count == 1 else f"{count} more claims are"
            parts.append(Padding(Text(f"{claims} {what}.", style="dim"), (1, 0)))
    return Group(*parts)


def _column_width(table: StoryTable, width: int) -> int:
    """Give the columns that every outlet of a matrix gets, 0 where a matrix does not fit.

    Neither a part of an outlet's name between hyphens nor a word beside a mark is broken.
    """
    if not table.outlets:
        return 0
    number = len(str(table.rows[-1].number)) if table.rows else 1
    left = width - number - _GAP - _CLAIM_WIDTH
    each = left // len(table.outlets) - _GAP
    parts = (part for outlet in table.outlets for part in outlet.id.replace("-", "-\n").split("\n"))
    needed = max(_CELL_WIDTH, *map(len, parts))
    return min(each, max(needed, _WIDEST_CELL)) if each >= needed else 0


def _heading(table: StoryTable, embed: Embed) -> RenderableType:
    story = table.story
    days = sorted({f"{moment:%Y-%m-%d}" for moment in (story.first_published, story.last_published) if moment})
    title = Text(embed(story.title or story.id), style="bold")
    articles = counted(len(story.article_ids), "article")
    line = "  ".join([f"story {story.id[:8]}", " to ".join(days) or "no date", articles])
    return Group(title, Text(line, style="dim"))


def _matrix(table: StoryTable, width: int, embed: Embed) -> Table:
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    grid.add_column("", justify="right", no_wrap=True)
    grid.add_column("claim", ratio=1, overflow="fold")
    for outlet in table.outlets:
        grid.add_column(outlet.id.replace("-", "-\n"), width=width, overflow="fold")
    for row in table.rows:
        cells = (Folding(_cell(cell, width, embed)) for cell in row.cells)
        grid.add_row(str(row.number), Folding(Text(embed(reading(row.headline)))), *cells)
    return grid


def _cell(cell: Cell, width: int, embed: Embed) -> Text:
    text = Text(MARKS[cell.coverage], style=STYLES[cell.coverage])
    if cell.words:
        text.append(f" {embed(cut_words(_told_words(cell), width))}")
    return text


def _told_words(cell: Cell) -> str:
    return cut(", ".join(" ".join(word.split()) for word in cell.words), _WORDS_IN_CELL)


def _blocks(table: StoryTable, embed: Embed) -> Iterator[RenderableType]:
    """Give each claim, and under it the outlets by what they do with it."""
    for row in table.rows:
        block = _hanging()
        block.add_row(Text(f"{row.number}.", style="bold"), Text(embed(reading(row.headline))))
        for state in STATES:
            cells = [cell for cell in row.cells if cell.coverage == state]
            if cells:
                block.add_row(Text(f" {MARKS[state]}", style=STYLES[state]), _outlets_of(cells, embed))
        yield Padding(block, (1, 0, 0, 0))


def _outlets_of(cells: Sequence[Cell], embed: Embed) -> Text:
    line = Text(style=STYLES[cells[0].coverage])
    for number, cell in enumerate(cells):
        line.append(", " if number else "")
        line.append(cell.outlet.id)
        if cell.words:
            line.append(f" ({embed(_told_words(cell))})", "not bold")
    return line


def _hanging() -> Table:
    """Give a grid of a mark and a text that folds beside it, not under it."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(min_width=2, no_wrap=True)
    grid.add_column(overflow="fold")
    return grid


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
        if divergence.id:
            line.append(f"  {divergence.id[:8]}")
        yield line
        if divergence.review:
            yield _said(divergence.review, embed)


def lay_out_divergence(number: int, divergence: Divergence, embed: Embed) -> RenderableType:
    """Lay one divergence out: kind and explanation, then each side with the words that differ marked."""
    head = Text(f"{number}  ", style="dim")
    head.append(divergence.kind, style="bold yellow")
    head.append(f"  {plain(divergence.explanation)}  ")
    head.append(f"confidence {divergence.confidence:.2f}", style="dim")
    if divergence.id:
        head.append(f"  {divergence.id[:8]}", style="dim")
    lines: list[RenderableType] = [head]
    if divergence.review:
        lines.append(_said(divergence.review, embed))
    apart = {id(side) for side in standing_apart(divergence)}
    if divergence.kind != "omission":
        sides = _hanging()
        for side in divergence.sides:
            sentence = Text(f"{side.outlet_id}: ", style="dim not bold")
            before, words, after = (
                side.sentence[: side.start],
                side.sentence[side.start : side.end],
                side.sentence[side.end :],
            )
            sentence.append_text(_marked(before, words, after, embed))
            sides.add_row(Text(" ≠" if id(side) in apart else " =", style="bold"), sentence)
        lines.append(sides)
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
