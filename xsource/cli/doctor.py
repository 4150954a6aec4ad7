"""`xsource doctor`: is the index whole?"""

from __future__ import annotations

from typing import Annotated

import typer

from xsource.cli.options import DEFAULT_INDEX, Form, FormatOption, IndexOption, output
from xsource.report.listing import Column, Listing

FINDINGS = (
    Column("where", "file", is_text=True, ratio=1),
    Column("message", "found", is_text=True, ratio=2),
    Column("repair", "repair"),
)
RESTORE = "restore a backup, or build again"
PROBLEMS = (
    Column("where", "where", is_text=True, ratio=1),
    Column("message", "left out because", is_text=True, ratio=1),
    Column("hint", "what to do", is_text=True, ratio=1),
)


DATES = (
    Column("article", "article", is_text=True, ratio=2),
    Column("published_at", "published"),
    Column("rests_on", "rests on", is_text=True, ratio=1),
    Column("doubt", "doubt", is_text=True, ratio=1),
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", epilog="Example: xsource doctor --repair")(doctor)


def doctor(
    index: IndexOption = DEFAULT_INDEX,
    repair: Annotated[bool, typer.Option("--repair", help="Make again what can be derived.")] = False,
    problems: Annotated[
        bool, typer.Option("--problems", help="List instead what the last build left out, and why.")
    ] = False,
    dates: Annotated[
        bool, typer.Option("--dates", help="List instead what each article's date rests on, doubts first.")
    ] = False,
    form: FormatOption = Form.table,
) -> None:
    """Check the index: files, counts, whether vectors and catalogue agree.

    Exit code 1 where something is wrong that cannot be derived again.
    """
    from xsource.pipeline import check_index, date_sources, last_problems

    out = output(form)
    if dates:
        rows = tuple(
            {
                "article": article.source,
                "published_at": article.published_at.isoformat() if article.published_at else None,
                "rests_on": source,
                "doubt": doubt,
            }
            for article, source, doubt in date_sources(index)
        )
        out.listing(Listing("dates", DATES, rows), "the index holds no articles")
        return
    if problems:
        rows = tuple(
            {"where": problem.where, "message": problem.message, "hint": problem.hint}
            for problem in last_problems(index)
        )
        out.listing(Listing("problems", PROBLEMS, rows), "the last build left nothing out")
        return
    findings = check_index(index, repair=repair)
    rows = tuple(
        {
            "where": str(finding.where),
            "message": finding.message,
            "repair": "--repair" if finding.is_repairable else finding.hint or RESTORE,
        }
        for finding in findings
    )
    out.listing(Listing("findings", FINDINGS, rows), "the index is whole")
    if not all(finding.is_repairable for finding in findings):
        raise typer.Exit(1)
