"""`xsource merge`: what several machines built, in one index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsource.cli.exit_codes import end_with
from xsource.cli.options import DEFAULT_INDEX, IndexOption
from xsource.cli.output import say, say_problems
from xsource.cli.progress import show_progress
from xsource.report.counting import counted

if TYPE_CHECKING:
    from xsource.pipeline import MergeSummary


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("merge", epilog="Example: xsource merge shards/1 shards/2 shards/3 --index index")(merge)


def merge(
    shards: Annotated[
        list[Path],
        typer.Argument(metavar="SHARD...", help="Index folders: shards of `build --shard`, or any others."),
    ],
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    """Put shards, or whole indexes of one sentence model, into one index.

    The order of the shards does not matter, and what the index already holds is not added again. A shard that
    is damaged or unfinished is named, and the others are merged; the exit code is then 3, or 1 where none could
    be merged.
    """
    from xsource.pipeline import merge_shards, note_follows
    from xsource.settings import load_settings

    with show_progress() as progress:
        summary = merge_shards(shards, index, progress=progress)
        notices = note_follows(index, load_settings(index), progress=progress)
    say_merge(summary)
    for notice in notices:
        say(notice)
    end_with(is_complete=not summary.broken, is_anything_done=bool(summary.merged))


def say_merge(summary: MergeSummary) -> None:
    """Tell what a merge did, and before that what it left out."""
    say_problems(summary.broken)
    say(
        f"{len(summary.merged)} merged, {len(summary.broken)} left out; {counted(summary.new, 'new article')}, "
        f"{summary.known} known; "
        f"{counted(summary.translations, 'translation')} and {counted(summary.verdicts, 'verdict')} added"
    )
