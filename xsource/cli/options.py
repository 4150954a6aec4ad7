"""Options that several commands share, each declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from xsource.cli.output import Output
from xsource.records import ALL_KINDS, DIVERGENCE_KINDS, LANGUAGES


class Form(StrEnum):
    """How an answer is written."""

    table = "table"
    json = "json"
    csv = "csv"
    md = "md"


class Bidi(StrEnum):
    """Who orders right-to-left text."""

    auto = "auto"
    logical = "logical"
    visual = "visual"


LanguageCode = StrEnum("LanguageCode", {code: code for code in LANGUAGES})  # type: ignore[misc]
Kind = StrEnum("Kind", {kind: kind for kind in DIVERGENCE_KINDS})  # type: ignore[misc]
SoughtKind = StrEnum("SoughtKind", {kind: kind for kind in (*DIVERGENCE_KINDS, ALL_KINDS)})  # type: ignore[misc]

IndexOption = Annotated[
    Path,
    typer.Option("--index", envvar="XSOURCE_INDEX", metavar="DIR", help="The index folder."),
]
FormatOption = Annotated[Form, typer.Option("--format", "-f", help="How the answer is written.")]
BidiOption = Annotated[
    Bidi,
    typer.Option(
        "--bidi",
        help="'logical' leaves right-to-left order to the terminal, 'visual' orders words here; 'auto' is "
        "'logical' on a terminal, and plain text in a file or a pipe.",
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="Published on or after this day (2023-10-27), UTC."),
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Published on or before this day, UTC.")
]
OutletsOption = Annotated[
    list[str] | None, typer.Option("--outlet", "-o", metavar="ID", help="Only this outlet; may be repeated.")
]
LanguagesOption = Annotated[
    list[LanguageCode] | None, typer.Option("--language", "-l", help="Only this language; may be repeated.")
]

TranslateOption = Annotated[
    bool | None, typer.Option("--translate/--no-translate", help="Translate where a route is installed.")
]
MinConfidenceOption = Annotated[
    float | None, typer.Option(min=0, max=1, help="Leave out divergences that are less sure.")
]

DEFAULT_INDEX = Path("index")


def output(form: Form, bidi: Bidi = Bidi.auto) -> Output:
    """Make the output that a command writes to."""
    return Output(form.value, bidi.value)
