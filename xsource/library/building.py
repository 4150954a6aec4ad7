"""Articles in, from Python."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from xsource.errors import InputError
from xsource.pipeline import BuildSummary, ColumnMapping
from xsource.pipeline import build as build_index
from xsource.protocols import Progress, no_progress
from xsource.settings import load_settings


def build(
    paths: str | Path | Iterable[str | Path],
    index: str | Path | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    embedder: str | None = None,
    translate: bool | None = None,
    rebuild: bool = False,
    progress: Progress = no_progress,
) -> BuildSummary:
    """Read articles and keep what is new in the index, as `xsource build` does.

    Args:
        paths: a file or a folder, or several.
        index: its folder, made when absent; `XSOURCE_INDEX`, or `index`, when left out.
        columns: how the fields of .csv, .tsv and .jsonl files are called there: `{"url": "link"}`.
        constants: fields that are the same in every record: `{"outlet": "tass"}`.
        embedder: `bundled`, or a sentence-transformers folder or hub name; an index keeps to one.
        translate: off, only translation memories beside the articles answer.
        rebuild: start the index again from nothing but these paths.
        progress: told `(stage, done, total)` about every batch.

    Returns:
        What was read and kept; `problems` names every article that was left out, and why.

    Raises:
        InputError: no path is given, or a settings file is wrong.
        IndexStateError: the index belongs to another embedder or a newer program.
        StorageError: the disk is full, or another process is writing.
    """
    folder = Path(index if index is not None else os.environ.get("XSOURCE_INDEX", "index"))
    every = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    if not every:
        raise InputError("no path is given", "name files or folders of articles")
    mapping = ColumnMapping(columns or {}, constants or {}) if columns or constants else None
    settings = load_settings(folder, embedder=embedder, translate=translate)
    return build_index(every, folder, settings, columns=mapping, rebuild=rebuild, progress=progress)
