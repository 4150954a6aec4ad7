"""`xsource evaluate`: the figures that the project promises, measured here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xsource.cli.options import Form, FormatOption, output
from xsource.cli.output import say
from xsource.report.listing import Column, Listing

COLUMNS = (
    Column("figure", "figure"),
    Column("value", "value", is_number=True),
    Column("floor", "floor", is_number=True),
    Column("wanted", "wanted", is_number=True),
    Column("verdict", "verdict"),
    Column("detail", "detail", ratio=1),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate", epilog="Example: xsource evaluate stories planted --floors")(evaluate)


def evaluate(
    measures: Annotated[
        list[str] | None, typer.Argument(metavar="[MEASURE...]", help="Which measures; all when left out.")
    ] = None,
    floors: Annotated[
        bool, typer.Option("--floors", help="Exit with 1 when a figure is below its pinned floor.")
    ] = False,
    bench: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The benchmark data; ../shared/bench when left out.")
    ] = None,
    corpora: Annotated[Path, typer.Option(metavar="DIR", help="The shipped corpora.")] = Path("corpora"),
    form: FormatOption = Form.table,
) -> None:
    """Measure quality on benchmark data and on the shipped corpora, and hold it against pinned floors.

    A measure whose data is not here is skipped, and says so.
    """
    from xsource.evaluate.bench import bench_folder
    from xsource.evaluate.suite import Material, run_measures

    material = Material(bench or bench_folder(), corpora if corpora.is_dir() else None)
    rows = []
    missed = 0
    for row in run_measures(measures or [], material):
        if row.figure is None:
            say(f"{row.measure}: skipped: {row.why}")
            continue
        missed += row.verdict == "missed"
        say(f"{row.figure.name}: {row.figure.value:.3f} ({row.verdict})")
        rows.append(
            {
                "figure": row.figure.name,
                "value": round(row.figure.value, 4),
                "floor": row.floor.value if row.floor else None,
                "wanted": row.floor.wanted if row.floor else None,
                "verdict": row.verdict,
                "detail": row.figure.detail,
            }
        )
    output(form).listing(Listing("figures", COLUMNS, tuple(rows)), "nothing could be measured here")
    say(f"{len(rows)} figures, {missed} below their floor")
    if floors and missed:
        raise typer.Exit(1)
