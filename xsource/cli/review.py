"""`xsource review`: what analysts say of divergences."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.core import TyperGroup

from xsource.cli.options import (
    DEFAULT_INDEX,
    Bidi,
    BidiOption,
    Form,
    FormatOption,
    IndexOption,
    Kind,
    MinConfidenceOption,
    output,
)
from xsource.cli.output import say
from xsource.records import ALL_KINDS, VERDICTS
from xsource.report.listing import Column, Listing

if TYPE_CHECKING:
    from xsource.pipeline.reviewing.verdicts import ListedVerdict
    from xsource.records import Comparison, Divergence, Verdict

VerdictName = StrEnum("VerdictName", {verdict: verdict for verdict in VERDICTS})  # type: ignore[misc]

StoryOption = Annotated[
    str | None,
    typer.Option("--story", metavar="ID", help="Look in this story only: faster where the index has many."),
]
ByOption = Annotated[str, typer.Option("--by", envvar="XSOURCE_ANALYST", metavar="NAME", help="Who says so.")]
DivergenceArgument = Annotated[
    str, typer.Argument(metavar="ID", help="A divergence's id or its first letters, as `xsource review` lists.")
]

COLUMNS = (
    Column("id", "id"),
    Column("claim", "claim"),
    Column("kind", "kind"),
    Column("confidence", "conf.", is_number=True),
    Column("verdict", "verdict"),
    Column("explanation", "what differs", is_text=True, ratio=1),
    Column("said", "said", is_text=True),
)
FILE_COLUMNS = tuple(
    Column(key, key, is_text=key in ("explanation", "by", "note", "story_title"))
    for key in (
        "id", "kind", "confidence", "explanation", "state", "verdict", "by", "note", "at", "came_in_since",
        "claim", "story", "story_title",
    )
)  # fmt: skip

_LIST = "list"


class _ListUnlessTold(TyperGroup):
    """`xsource review` lists, and so does `xsource review STORY`: what is no command is for `list`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "-h")):
            args = [_LIST, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    review = typer.Typer(
        name="review",
        cls=_ListUnlessTold,
        help="What analysts say of divergences: list, mark, undo, export as gold, measure against it.",
        epilog="Example: xsource review mark 3f2a9c1b wrong --note 'Same toll, other time.' --by Ada",
        rich_markup_mode=None,
    )
    review.command(_LIST, epilog="Example: xsource review list --open --min-confidence 0.8")(list_divergences)
    review.command("mark", epilog="Example: xsource review mark 3f2a9c1b confirmed --by Ada")(mark)
    review.command("undo", epilog="Example: xsource review undo 3f2a9c1b")(undo)
    review.command("export", epilog="Example: xsource review export ours/gold.jsonl")(export)
    review.command("measure", epilog="Example: xsource review measure ours/gold.jsonl")(measure)
    app.add_typer(review)


def list_divergences(
    story: Annotated[
        str | None,
        typer.Argument(metavar="[STORY]", help="A story's id or its first letters; all when left out."),
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    judged: Annotated[bool, typer.Option("--judged", help="Only what was judged.")] = False,
    unjudged: Annotated[bool, typer.Option("--open", help="Only what nobody has judged yet.")] = False,
    verdict: Annotated[
        list[VerdictName] | None, typer.Option(help="Only what was judged so; may be repeated.")
    ] = None,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only this kind; may be repeated.")] = None,
    min_confidence: MinConfidenceOption = None,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.auto,
) -> None:
    """List divergences with their ids and verdicts; without STORY also verdicts that belong to none today.

    Such a verdict is `not flagged` where its words are still printed, and `orphaned` where they are not: an
    article was edited or removed.
    """
    from xsource.cli.progress import show_progress
    from xsource.pipeline import list_verdicts, open_reader
    from xsource.settings import load_settings

    out = output(form, bidi)
    with (
        open_reader(index, load_settings(index, min_confidence=min_confidence)) as reader,
        show_progress() as progress,
    ):
        comparison = reader.compare(story, progress=progress)
        listed = () if story else list_verdicts(comparison, reader.verdicts(), reader.articles())
    rows = [*_divergence_rows(comparison), *(_verdict_row(one) for one in listed if one.state != "shown")]
    wanted = {one.value for one in verdict or ()}
    chosen = {one.value for one in kind or ()}
    rows = [
        row
        for row in rows
        if (not chosen or row["kind"] in chosen)
        and (not wanted or row["verdict"] in wanted)
        and not (judged and row["verdict"] is None)
        and not (unjudged and row["verdict"] is not None)
    ]
    empty = "no divergence is to be listed"
    if out.form != "table":
        out.listing(Listing("divergences", FILE_COLUMNS, tuple(rows)), empty)
        return
    out.listing(Listing("divergences", COLUMNS, tuple(_shorten(row) for row in rows)), empty)
    open_ones = sum(row["verdict"] is None for row in rows)
    if rows:
        say(f"{len(rows)} listed, {open_ones} not judged; `xsource review mark ID VERDICT` judges one")


def mark(
    wanted: DivergenceArgument,
    verdict: Annotated[VerdictName, typer.Argument(help="What you say of it.")],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Why.")] = "",
    by: ByOption = "",
    story: StoryOption = None,
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    """Say of a divergence that it is confirmed or wrong, or that you are unsure; what was said is replaced.

    The verdict is kept in the index through rebuilds, and shown in every report.
    """
    from xsource.pipeline import mark_divergence, mark_noted
    from xsource.report.reviews import tell_review
    from xsource.settings import load_settings

    said = cast("Verdict", verdict.value)
    if story is None:
        noted = mark_noted(index, load_settings(index), wanted, said, note=note, by=by)
        if noted is not None:
            divergence, review = noted
            say(f"{divergence.id[:8]} {divergence.kind}: {divergence.explanation}")
            say(tell_review(review))
            return
    comparison = _compare_whole(index, story, wanted)
    marked = mark_divergence(index, comparison, wanted, said, note=note, by=by)
    assert marked.review is not None
    say(f"{marked.id[:8]} {marked.kind}: {marked.explanation}")
    say(tell_review(marked.review))


def undo(
    wanted: DivergenceArgument, by: ByOption = "", story: StoryOption = None, index: IndexOption = DEFAULT_INDEX
) -> None:
    """Take back what was said of a divergence."""
    from xsource.pipeline import read_verdicts, withdraw_verdict

    known = any(stored.divergence_id.startswith(wanted.strip().lower()) for stored in read_verdicts(index))
    taken_back = withdraw_verdict(index, None if known else _compare_whole(index, story, wanted), wanted, by=by)
    by_whom = f" by {taken_back.by}" if taken_back.by else ""
    say(f"taken back: {taken_back.verdict}{by_whom}: {taken_back.judged.kind}: {taken_back.judged.explanation}")


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write; `-` for here.")],
    index: IndexOption = DEFAULT_INDEX,
) -> None:
    """Write verdicts as gold, which `xsource review measure` and `xsource evaluate corpora` read.

    Confirmed ones are differences that have to be found, wrong ones are false alarms; what is unsure, and what
    nobody judged, counts for nothing.
    """
    from xsource.evaluate.reviewed import gold_of
    from xsource.pipeline import read_verdicts
    from xsource.report.files import replacing

    verdicts = read_verdicts(index)
    gold = gold_of(verdicts)
    if str(file) == "-":
        output(Form.table).write(gold)
    else:
        with replacing(file) as partial:
            partial.write_text(gold, encoding="utf-8", newline="\n")
    counts = {name: sum(stored.verdict == name for stored in verdicts) for name in VERDICTS}
    say(f"{file}: {counts['confirmed']} confirmed, {counts['wrong']} wrong; {counts['unsure']} unsure left out")


def measure(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Gold, as `export` writes it.")],
    index: IndexOption = DEFAULT_INDEX,
    min_confidence: MinConfidenceOption = None,
    form: FormatOption = Form.table,
) -> None:
    """Hold what the tool flags in this index today against gold: after an update, or at another confidence."""
    from xsource.cli.progress import show_progress
    from xsource.evaluate.gold import measure_lines, read_gold
    from xsource.pipeline import open_reader
    from xsource.settings import load_settings

    gold = read_gold(file)
    settings = load_settings(index, min_confidence=min_confidence)
    with open_reader(index, settings) as reader, show_progress() as progress:
        comparison = reader.compare(progress=progress)
    figures = measure_lines(gold, file.name, comparison)
    found = figures.found + figures.found_as_neighbour
    alarms = len(figures.false_alarms)
    rows: list[dict[str, Any]] = [
        {"figure": "confirmed", "value": figures.divergences},
        {"figure": "confirmed and flagged", "value": figures.found},
        {"figure": "confirmed and flagged as a neighbouring kind", "value": figures.found_as_neighbour},
        {"figure": "marked wrong", "value": len(gold.of_type("agreement"))},
        {"figure": "false alarms", "value": alarms},
        {"figure": "precision", "value": round(found / (found + alarms), 3) if found + alarms else None},
        {"figure": "recall", "value": round(found / figures.divergences, 3) if figures.divergences else None},
    ]
    columns = (Column("figure", "figure"), Column("value", "value", is_number=True))
    output(form).listing(Listing("figures", columns, tuple(rows)), "")
    if not gold.is_complete:
        say("both are of what was once flagged and judged: what was never flagged is not in the file")


def _compare_whole(index: Path, story: str | None, wanted: str) -> Comparison:
    """Compare with every divergence there is: one that is not sure enough to be shown can be judged too.

    Where what the stories came to is kept (`xsource news` keeps it), the divergence's own story is enough.
    """
    from xsource.cli.progress import show_progress
    from xsource.pipeline import find_story, open_reader
    from xsource.settings import load_settings

    settings = load_settings(index, min_confidence=0.0, detectors=ALL_KINDS)
    story = story or find_story(index, settings, wanted)
    with open_reader(index, settings) as reader, show_progress() as progress:
        return reader.compare(story, progress=progress)


def _divergence_rows(comparison: Comparison) -> list[dict[str, Any]]:
    """Give divergences as they are documented, each with its claim as `xsource show` takes it.

    What outlets say comes before what they leave out, as in the reports.
    """
    from xsource.report.documents import divergence_document
    from xsource.report.tables import build_tables

    claim_of = {row.group.id: (table, row) for table in build_tables(comparison) for row in table.rows}

    def row(divergence: Divergence) -> dict[str, Any]:
        table, claim = claim_of[divergence.group_id]
        document: dict[str, Any] = {**divergence_document(divergence)}
        review = document.pop("review") or dict.fromkeys(("verdict", "note", "by", "at", "came_in_since"))
        return {
            **document,
            **review,
            "state": "shown",
            "claim": f"{table.story.id[:8]}:{claim.number}",
            "story": table.story.id,
            "story_title": table.story.title,
        }

    return [row(d) for d in sorted(comparison.divergences, key=lambda d: d.kind == "omission")]


def _verdict_row(listed: ListedVerdict) -> dict[str, Any]:
    """Give a verdict that belongs to no divergence in the form of one."""
    from xsource.report.documents import timestamp

    stored, judged = listed.stored, listed.stored.judged
    return {
        "id": stored.divergence_id,
        "kind": judged.kind,
        "group": None,
        "confidence": None,
        "sides": [
            {
                "outlet": side.outlet_id,
                "article_url": side.article_url,
                "language": side.language,
                "sentence": side.sentence,
                "span": [side.start, side.end],
                "words": side.words,
                "value": side.value,
            }
            for side in judged.sides
        ],
        "absent_from": [
            {"outlet": absence.outlet_id, "article_url": absence.article_url} for absence in judged.absent_from
        ],
        "via_translation": None,
        "explanation": judged.explanation,
        "verdict": stored.verdict,
        "note": stored.note,
        "by": stored.by,
        "at": timestamp(stored.at),
        "came_in_since": [],
        "state": listed.state,
        "claim": None,
        "story": None,
        "story_title": judged.story_title,
    }


def _shorten(row: dict[str, Any]) -> dict[str, Any]:
    """Give what a line of a terminal has room for."""
    from xsource.report.reviews import VERDICT_MARKS

    said = ": ".join(part for part in (row["by"], " ".join((row["note"] or "").split())) if part)
    mark = f"{VERDICT_MARKS[row['verdict']]} {row['verdict']}" if row["verdict"] else ""
    if row["state"] != "shown":
        mark = f"{mark}, {row['state']}"
    confidence = None if row["confidence"] is None else f"{row['confidence']:.2f}"
    return {**row, "id": row["id"][:8], "confidence": confidence, "verdict": mark, "said": said}
