"""`xsource restore`: a backup put back as an index."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xsource.cli.options import DEFAULT_INDEX, IndexOption
from xsource.cli.output import say
from xsource.report.counting import counted


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("restore", epilog="Example: xsource restore monday.zip --index index")(restore)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FILE.zip|DIR", help="What `xsource backup` made.")],
    index: IndexOption = DEFAULT_INDEX,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it where an index is; that one is kept under another name.")
    ] = False,
) -> None:
    """Put a backup back, after every file of it was compared with its hash.

    A damaged backup is refused and nothing is changed. An index that is there is only replaced with --replace,
    and then kept beside it.
    """
    from xsource.store.backup import restore_backup

    found, kept = restore_backup(source, index, replace=replace)
    say(
        f"{index}: {counted(found.articles, 'article')}, "
        f"{counted(found.sentences, 'sentence')}, generation {found.generation}, "
        f"as they were {found.made_at}"
    )
    if kept is not None:
        say(f"the index that was there is now {kept}; delete it when you no longer need it")
