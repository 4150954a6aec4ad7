"""`xsource follow`, `follows`, `unfollow`: claims that are looked for after every build."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from xsource.cli.options import (
    DEFAULT_INDEX,
    Bidi,
    BidiOption,
    Form,
    FormatOption,
    IndexOption,
    LanguagesOption,
    SinceOption,
    UntilOption,
    output,
)
from xsource.cli.output import say
from xsource.report.listing import Column, Listing

if TYPE_CHECKING:
    from xsource.daily import Timeline

FollowArgument = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="A followed claim's id or its first letters, as `xsource follows` lists."
    ),
]

COLUMNS = (
    Column("id", "id"),
    Column("told_by", "told by", is_number=True),
    Column("denied_by", "denied", is_number=True),
    Column("figures", "figures"),
    Column("last", "last word"),
    Column("claim", "claim", is_text=True, ratio=1),
)
FILE_COLUMNS = tuple(
    Column(key, key, is_text=key in ("claim", "by"))
    for key in (
        "id", "claim", "language", "told_by", "denied_by", "figures", "first", "last", "outlets", "languages",
        "since", "until", "by", "at", "ended",
    )
)  # fmt: skip

SHOWN = 100
_FOLLOW, _SHOW = "claim", "show"


class _FollowUnlessTold(TyperGroup):
    """`xsource follow TEXT` follows a claim, `xsource follow show ID` shows one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "--help", "-h"):
            args = [_FOLLOW, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    follow = typer.Typer(
        name="follow",
        cls=_FollowUnlessTold,
        help="Follow a claim: after every build the outlets are asked about it, and what is new is noted.",
        epilog="Example: xsource follow 'At least 12 people died in the fire'; xsource follow show 3f2a",
        rich_markup_mode=None,
        no_args_is_help=True,
    )
    follow.command(_FOLLOW, epilog="Example: xsource follow 'The bridge was closed' --since 2026-03-01")(
        follow_claim
    )
    follow.command(_SHOW, epilog="Example: xsource follow show 3f2a --format csv")(show)
    app.add_typer(follow)
    app.command("follows", epilog="Example: xsource follows --format json")(follows)
    app.command("unfollow", epilog="Example: xsource unfollow 3f2a")(unfollow)


def follow_claim(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The claim, in any of the four languages.")],
    language: LanguagesOption = None,
    story: Annotated[
        list[str] | None,
        typer.Option("--story", metavar="ID", help="Only what is said in this story; may be repeated."),
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    by: Annotated[
        str, typer.Option("--by", envvar="XSOURCE_ANALYST", metavar="NAME", help="Who follows it.")
    ] = "",
    later: Annotated[
        bool, typer.Option("--later", help="Ask the outlets after the next build, and not now.")
    ] = False,
    index: IndexOption = DEFAULT_INDEX,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.logical,
) -> None:
    """Follow a claim from now on, and show what outlets say of it already.

    Each build asks the outlets again. Who tells it, who differs and who says the contrary is noted with the
    first time of each; `xsource news` tells what is new, and `xsource follow show` the whole course.
    """
    from xsource.pipeline import FollowWishes
    from xsource.pipeline import follow_claim as take_up
    from xsource.settings import load_settings

    wishes = FollowWishes(tuple(one.value for one in language or ()), tuple(story or ()), since, until, by)
    timeline = take_up(index, load_settings(index), text, wishes, asks=not later)
    if not later:
        _write(timeline, form, bidi)
    say(f"followed as {timeline.follow.id[:8]}; each build asks the outlets again")


def show(
    wanted: FollowArgument,
    html: Annotated[
        str | None, typer.Option("--html", metavar="FILE", help="Write one page for a browser there.")
    ] = None,
    index: IndexOption = DEFAULT_INDEX,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.logical,
) -> None:
    """Show a followed claim over time: first told by, told by how many when, its figures, who denies it."""
    from pathlib import Path

    from xsource.pipeline import read_timeline

    timeline = read_timeline(index, wanted)
    if html is None:
        _write(timeline, form, bidi)
        return
    from xsource.report.files import replacing
    from xsource.report.following.page import timeline_html

    page = timeline_html(timeline)
    with replacing(Path(html)) as partial:
        partial.write_text(page, encoding="utf-8", newline="\n")
    say(f"{html}: open it in a browser, it needs no network")


def follows(
    ended: Annotated[bool, typer.Option("--ended", help="Also those that are followed no longer.")] = False,
    everything: Annotated[bool, typer.Option("--all", help=f"Show more than {SHOWN} in a table.")] = False,
    index: IndexOption = DEFAULT_INDEX,
    form: FormatOption = Form.table,
    bidi: BidiOption = Bidi.logical,
) -> None:
    """List the claims that are followed, with who tells them and what their figures are now."""
    from xsource.pipeline import list_follows
    from xsource.report.following.documents import follow_row

    out = output(form, bidi)
    rows = [follow_row(timeline) for timeline in list_follows(index, ended=ended)]
    if out.form != "table":
        out.listing(Listing("follows", FILE_COLUMNS, tuple(rows)), "no claim is followed")
        return
    shown = rows if everything else rows[:SHOWN]
    short = tuple({**row, "id": row["id"][:8], "last": (row["last"] or "")[:10]} for row in shown)
    out.listing(Listing("follows", COLUMNS, short), "no claim is followed: xsource follow 'TEXT'")
    if len(rows) > len(shown):
        say(f"... and {len(rows) - len(shown):,} more: --all, or --format csv")


def unfollow(wanted: FollowArgument, index: IndexOption = DEFAULT_INDEX) -> None:
    """Follow a claim no longer. What was noted of it is kept, and `follow` takes it up again."""
    from xsource.pipeline import unfollow_claim

    follow = unfollow_claim(index, wanted)
    say(f"{follow.id[:8]} is followed no longer: {follow.text}")


def _write(timeline: Timeline, form: Form, bidi: Bidi) -> None:
    """Write a timeline in the chosen form."""
    from xsource.report.following.documents import timeline_document, timeline_listing

    out = output(form, bidi)
    if out.form == "json":
        out.document(timeline_document(timeline))
    elif out.form != "table":
        out.listing(timeline_listing(timeline), "nobody was seen to say anything of it")
    else:
        from xsource.report.following.terminal import lay_out_timeline

        out.lay_out(lay_out_timeline(timeline, out.embed))
