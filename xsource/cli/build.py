"""`xsource build`: articles in."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsource.cli.columns import read_mapping
from xsource.cli.exit_codes import end_with
from xsource.cli.options import DEFAULT_INDEX, IndexOption, TranslateOption
from xsource.cli.output import say, say_problems, tell
from xsource.cli.progress import show_progress
from xsource.errors import InputError
from xsource.report.counting import counted

if TYPE_CHECKING:
    from xsource.pipeline import BuildSummary, ColumnMapping
    from xsource.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "build",
        epilog="Example: xsource build corpora/moscow-talks articles.jsonl --index index",
    )(build)


def build(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...", help="Folders, .jsonl, .html, .txt, .csv, .warc or .mbox files, in any mix."
        ),
    ],
    index: IndexOption = DEFAULT_INDEX,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=NAME,...",
            help="What the fields of .csv, .tsv and .jsonl files are called there: url=link,text=body.",
        ),
    ] = None,
    constants: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="FIELD=VALUE", help="A field of every record: outlet=tass; may be repeated."
        ),
    ] = None,
    embedder: Annotated[
        str | None,
        typer.Option(help="'bundled', or a sentence-transformers folder or hub name. An index keeps to one."),
    ] = None,
    translate: TranslateOption = None,
    threads: Annotated[int | None, typer.Option(help="Threads a model takes; 0 is every core.")] = None,
    device: Annotated[str | None, typer.Option(help="'cpu' or 'cuda'.")] = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Start the index again from nothing but these paths.")
    ] = False,
    vector_store: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="How sentences are searched: 'auto' (by size), 'flat' (exact), 'ivf' (lists) or 'milvus'.",
        ),
    ] = None,
    vector_storage: Annotated[
        str | None,
        typer.Option(metavar="TYPE", help="What the search keeps of a value: float32, float16, int8."),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="I/N", help="Build the I-th of N parts of the articles; `xsource merge` joins parts."
        ),
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Build on a Ray cluster ('local': on this machine's cores); needs the extra 'ray'.",
        ),
    ] = None,
    shards: Annotated[
        int | None, typer.Option(min=1, help="With --ray: parts to build, 4 for each worker or so.")
    ] = None,
) -> None:
    """Read articles, find their sentences, embed and translate them, and keep all in the index.

    What is known already is skipped, so a build can be stopped at any moment and repeated. An article that
    cannot be used is named, with the reason, and the rest goes on; the exit code is then 3, or 1 where nothing
    could be used.
    """
    from xsource.pipeline import build as build_index
    from xsource.pipeline.sharding.shard import Shard
    from xsource.settings import load_settings

    mapping = read_mapping(columns or (), constants or (), paths)
    settings = load_settings(
        index,
        embedder=embedder,
        translate=translate,
        threads=threads,
        device=device,
        vector_store=vector_store,
        vector_storage=vector_storage,
    )
    if ray is not None or shards is not None:
        build_parts(paths, index, settings, mapping, ray, shards, can_combine=not (rebuild or shard))
        return
    part = Shard.parse(shard) if shard else None
    with show_progress() as progress:
        summary = build_index(
            paths, index, settings, columns=mapping, progress=progress, rebuild=rebuild, shard=part
        )
    say_summary(summary)
    end_with(is_complete=not summary.problems, is_anything_done=summary.new + summary.known > 0)


def build_parts(
    paths: list[Path],
    index: Path,
    settings: Settings,
    columns: ColumnMapping | None,
    ray: str | None,
    shards: int | None,
    *,
    can_combine: bool,
) -> None:
    """Build shards on a Ray cluster and merge them."""
    from xsource.cli.merge import say_merge
    from xsource.pipeline.sharding.on_ray import build_on_ray

    if ray is None or shards is None or not can_combine:
        raise InputError(
            "--ray and --shards go together, and not with --shard or --rebuild",
            "xsource build PATH --ray local --shards 8",
        )
    with show_progress() as progress:
        summary = build_on_ray(
            paths, index, settings, address=ray, shards=shards, columns=columns, progress=progress
        )
    problems = tuple(problem for built in summary.built for problem in built.problems)
    say_problems(problems)
    for notice in sorted({notice for built in summary.built for notice in built.notices}):
        say(notice)
    say_merge(summary.merged)
    end_with(
        is_complete=not (problems or summary.broken),
        is_anything_done=summary.merged.new + summary.merged.known > 0,
    )


def say_summary(summary: BuildSummary) -> None:
    """Tell what a build did, and before that what it left out."""
    say_problems(summary.problems)
    for notice in summary.notices:
        tell("notice", notice, message=notice)
    removed = ""
    if summary.furniture_lines or summary.datelines:
        removed = (
            f"{counted(summary.furniture_lines, 'line')} of page furniture and "
            f"{counted(summary.datelines, 'dateline')} removed; "
        )
    stages = ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in summary.seconds.items())
    tell(
        "summary",
        f"{summary.read} read: {summary.new} new, {summary.known} known, {summary.failed} left out; {removed}"
        f"{counted(summary.sentences, 'sentence')} added, {summary.claims} of them claims; "
        f"{summary.translated} translated ({summary.elapsed:.1f} s; {stages})",
        **{name: value for name, value in asdict(summary).items() if name not in ("problems", "notices")},
    )
