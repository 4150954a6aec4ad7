"""Progress on stderr: a bar a stage on a terminal, with rate and time left; events where machines read."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from xsource.cli.logs import LogForm, log_event, log_form
from xsource.protocols import Progress as ProgressCallback


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "", style="dim")


EVENT_SECONDS = 5.0
"""Between two events about one stage; its last is told at once."""


@contextmanager
def show_progress() -> Iterator[ProgressCallback]:
    """Give a function `(stage, done, total)` that draws; `total` is `None` while nobody knows it."""
    if log_form() is not LogForm.text:
        yield _Told()
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    # Not redirected: an answer that goes into a file while a bar is shown must not go to the bar's terminal.
    with Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
        redirect_stdout=False,
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def report(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


class _Told:
    """Tells of stages as events; tells nobody where the log is off."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if done != total and now - self._told.get(stage, -EVENT_SECONDS) < EVENT_SECONDS:
            return
        self._told[stage] = now
        if log_form() is LogForm.json:
            log_event("progress", stage=stage, done=done, total=total)
