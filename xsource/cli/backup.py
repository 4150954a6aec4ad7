"""`xsource backup`: a copy of an index that can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xsource.cli.options import DEFAULT_INDEX, IndexOption
from xsource.cli.output import say


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup", epilog="Example: xsource backup /media/disk/monday.zip")(backup)


def backup(
    target: Annotated[
        Path, typer.Argument(metavar="FILE.zip|DIR", help="A name that ends in .zip is one file.")
    ],
    index: IndexOption = DEFAULT_INDEX,
    replace: Annotated[
        bool, typer.Option("--replace", help="Let it take the place of an older backup of that name.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Make none: read an existing one and compare its hashes.")
    ] = False,
) -> None:
    """Copy the index as it is at this moment, also while a build is writing it, with a hash of every file.

    Articles, sentences, vectors, translations, verdicts, fetched pages and your own outlets.toml and
    xsource.toml are in it. What is derived from them is not.
    """
    from xsource.report.counting import counted
    from xsource.store.backup import check_backup, write_backup

    made = check_backup(target) if check else write_backup(index, target, replace=replace)
    say(
        f"{target}: {'whole' if check else 'written'}: {counted(made.articles, 'article')}, "
        f"{counted(made.sentences, 'sentence')}, "
        f"generation {made.generation}, {counted(len(made.files), 'file')}, {made.size:,} bytes, "
        f"made {made.made_at}"
    )
