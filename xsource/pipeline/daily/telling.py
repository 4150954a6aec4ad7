"""News told: into files, to a command of the user's, to whoever looks on; each once.

A file can be made whole again, so it is written before it is noted. A command cannot be taken back: it is noted
as begun, run, and noted as done. Killed in the middle of it, it is run again, and told so (`XSOURCE_ATTEMPT`).
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xsource.daily import Edition, NewsItem, to_document
from xsource.errors import Problem, StorageError
from xsource.pipeline.daily.news import read_editions
from xsource.store import Index, open_index

MOST_ATTEMPTS = 3
COMMAND_SECONDS = 60.0
EDITIONS_IN_FILES = 30
SHOWN = "shown"
"""The item of `runs` that stands for the terminal."""

_PATIENCE_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Channels:
    """Where news go beside the terminal; `None` and empty are nowhere.

    Attributes:
        html: a page of the last editions.
        feed: an Atom feed of the same.
        lines: JSON lines are added there.
        command: run on each divergence that came, the item as JSON on its input.
    """

    html: Path | None = None
    feed: Path | None = None
    lines: Path | None = None
    command: tuple[str, ...] = ()


def tell_editions(
    index_path: Path,
    look: str,
    editions: Sequence[Edition],
    channels: Channels,
    show: Callable[[Edition], None],
) -> list[Problem]:
    """Tell editions through all channels, and note what was told.

    Args:
        index_path: an index that nobody is writing for long.
        look: whose editions they are.
        editions: not told yet, the oldest first.
        channels: where they go.
        show: shows one to whoever looks on; called once for each.

    Returns:
        What a command could not be told. It is tried again in the next round, `MOST_ATTEMPTS` times in all.

    Raises:
        StorageError: a file cannot be written, the disk is full, or another process is writing the index.
    """
    write_pages(index_path, look, channels)
    problems: list[Problem] = []
    for edition in editions:
        if channels.lines:
            from xsource.report.news.lines import append_edition

            append_edition(channels.lines, edition)
        with open_index(index_path, mode="read") as index:
            runs = index.runs(look, edition.number)
        if SHOWN not in runs:
            show(edition)
            _note_run(index_path, edition, SHOWN, 1, is_done=True)
        failed = _run_commands(index_path, edition, channels.command, runs)
        problems += failed
        if not any(problem.hint for problem in failed):
            _note_told(index_path, edition)
    return problems


def write_pages(index_path: Path, look: str, channels: Channels) -> None:
    """Write the page and the feed of the last editions, each whole or not at all.

    Raises:
        StorageError: one cannot be written.
    """
    if not (channels.html or channels.feed):
        return
    from xsource.report.files import replacing
    from xsource.report.news.digest import digest_html
    from xsource.report.news.feed import feed_xml

    editions = read_editions(index_path, look, last=EDITIONS_IN_FILES)
    if channels.html:
        page = digest_html(look, editions).encode("utf-8", "backslashreplace")
        with replacing(channels.html) as partial:
            partial.write_bytes(page)
    if channels.feed:
        feed = feed_xml(look, editions)
        with replacing(channels.feed) as partial:
            partial.write_bytes(feed)


def _run_commands(
    index_path: Path, edition: Edition, command: Sequence[str], runs: dict[str, tuple[int, bool]]
) -> list[Problem]:
    """Run the command on each divergence that came; a problem with a hint is one that is tried again."""
    problems: list[Problem] = []
    if not command:
        return problems
    for item in edition.items:
        attempts, is_done = runs.get(item.id, (0, False))
        if is_done or (item.subject, item.change) != ("divergence", "came"):
            continue
        attempts += 1
        _note_run(index_path, edition, item.id, attempts, is_done=False)
        fault = _run(command, edition, item, attempts)
        is_last = attempts >= MOST_ATTEMPTS
        _note_run(index_path, edition, item.id, attempts, is_done=fault is None or is_last)
        if fault is not None:
            hint = "" if is_last else f"it is tried again, {MOST_ATTEMPTS} times in all"
            problems.append(Problem(command[0], f"{fault}; of divergence {item.ref[:8]}", hint))
    return problems


def _note_run(index_path: Path, edition: Edition, item: str, attempts: int, *, is_done: bool) -> None:
    _patiently(
        index_path, lambda index: index.note_run(edition.look, edition.number, item, attempts, is_done=is_done)
    )


def _note_told(index_path: Path, edition: Edition) -> None:
    _patiently(index_path, lambda index: index.note_told(edition.look, edition.number))


def _run(command: Sequence[str], edition: Edition, item: NewsItem, attempt: int) -> str | None:
    """Run a command on an item; say what went wrong.

    No word of an outlet stands in its arguments or variables: they come on its input, as JSON.
    """
    variables = {
        "XSOURCE_NEWS_ID": item.id,
        "XSOURCE_LOOK": edition.look,
        "XSOURCE_EDITION": str(edition.number),
        "XSOURCE_DIVERGENCE": item.ref,
        "XSOURCE_KIND": item.kind,
        "XSOURCE_ATTEMPT": str(attempt),
    }
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command
            command,
            input=json.dumps(to_document(item)).encode(),
            env={**os.environ, **variables},
            timeout=COMMAND_SECONDS,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"did not end within {COMMAND_SECONDS:.0f} seconds"
    except OSError as error:
        return f"cannot be run: {error.strerror or error}"
    return f"ended with {done.returncode}, expected 0" if done.returncode else None


def _patiently(index_path: Path, action: Callable[[Index], None]) -> None:
    """Do something in the index that takes milliseconds; a build that is writing is waited for.

    Raises:
        StorageError: it takes longer than half a minute, or the disk is full.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            with open_index(index_path, mode="write") as index:
                action(index)
        except StorageError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_LOOK_AGAIN_SECONDS)
        else:
            return
