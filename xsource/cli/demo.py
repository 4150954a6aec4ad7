"""`xsource demo`: the shipped corpora, from articles to table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import xsource
from xsource.cli.options import Bidi, BidiOption, Form, FormatOption, output
from xsource.cli.output import say, say_problems
from xsource.errors import InputError
from xsource.report.counting import counted

CORPORA = Path("corpora")
SHOWN = "moscow-talks"
SHOWN_OUTLET = "tass"
"""An outlet of the corpus whose story is printed, and of no other corpus."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", epilog="Example: xsource demo --corpora corpora")(demo)


def find_corpora() -> Path:
    """Give the folder of shipped corpora: here, in the installed package, or in the checkout beside it."""
    package = Path(xsource.__file__).parent
    places = (CORPORA, package / CORPORA, package.parent / CORPORA)
    return next((place for place in places if (place / SHOWN).is_dir()), CORPORA)


def demo(
    corpora: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder of corpora; the shipped ones when left out."),
    ] = None,
    index: Annotated[Path, typer.Option("--index", metavar="DIR", help="Where the demo's index goes.")] = Path(
        "index/demo"
    ),
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.auto,
) -> None:
    """Build the shipped corpora (articles written as examples) and compare the outlets of one of them."""
    from xsource.cli.compare import write_comparison
    from xsource.cli.progress import show_progress
    from xsource.pipeline import build, open_reader
    from xsource.settings import load_settings

    corpora = find_corpora() if corpora is None else corpora
    if not (corpora / SHOWN).is_dir():
        raise InputError(
            f"{corpora}: the shipped corpora are not here",
            "say where they are: xsource demo --corpora DIR",
        )
    settings = load_settings(index)
    folders = sorted(path for path in corpora.iterdir() if (path / "articles").is_dir())
    with show_progress() as progress:
        summary = build(folders, index, settings, progress=progress)
        say_problems(summary.problems)
        with open_reader(index, settings) as reader:
            story = reader.story_of(SHOWN_OUTLET)
            comparison = reader.compare(story.id, progress=progress)
            events = len(reader.stories())
    write_comparison(output(form, bidi), comparison, settings.target)
    say(
        f"The index of the {len(folders)} corpora in {corpora} is {index}: {counted(events, 'event')}. "
        "Try next:"
    )
    for line in (
        f"xsource compare --index {index}",
        f"xsource who-reports 'More than 7,000 Palestinians have been killed' --index {index}",
        f"xsource search 'ХАМАС не может освободить заложников до прекращения огня' --index {index}",
    ):
        say(f"  {line}")
