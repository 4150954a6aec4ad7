"""From the network into the index: pages are kept raw first, and then read; neither can cost the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from xsource.errors import InputError, Problem
from xsource.ingest.fetch import (
    FetchedPage,
    FetchSettings,
    RawStore,
    chosen_outlets,
    described_outlets,
    fetch_outlets,
    outlets_of_feeds,
)
from xsource.ingest.link_lists import MAX_LIST_BYTES, parse_opml
from xsource.ingest.outlet_files import OUTLETS_FILE
from xsource.outlets import OutletList, load_outlets
from xsource.pipeline.building.build import BuildSummary, build
from xsource.pipeline.reading.contents import has_index
from xsource.protocols import Progress, no_progress
from xsource.settings import Settings
from xsource.store import open_index

RAW_FOLDER = "raw"
"""Where an index keeps the pages that were fetched for it."""


@dataclass(frozen=True, slots=True)
class FetchSummary:
    """What a run of `fetch` did.

    Attributes:
        pages: kept by this run, new versions of known pages among them.
        new_versions: of known pages.
        feeds: that answered, if only that nothing is new.
        problems: feeds and pages that could not be had; what the build left out is in `built`.
        folder: where the pages are kept.
        built: `None` when nothing was to be read.
    """

    pages: int
    new_versions: int
    feeds: int
    problems: tuple[Problem, ...]
    folder: Path
    built: BuildSummary | None


def fetch(
    names: Sequence[str],
    index_path: Path,
    settings: Settings,
    politeness: FetchSettings,
    *,
    outlets: OutletList,
    into: Path | None = None,
    wants_build: bool = True,
    progress: Progress = no_progress,
    found: Callable[[FetchedPage | Problem], None] | None = None,
    now: Callable[[], datetime] | None = None,
) -> FetchSummary:
    """Fetch what the feeds of outlets list and read the new pages into the index.

    Pages of an earlier run that was stopped before it could read them are read too. An index that is not there
    yet gets every page that is kept.

    Args:
        names: outlets by id, name or domain; none means all of `outlets` that have feeds.
        outlets: what is known by name, see `known_outlets` and `listed_outlets`.
        into: where pages are kept; the index's own `raw` folder when left out.
        wants_build: whether the pages go into the index now.
        found: told of every page and problem as it comes.
        now: the time; asked whenever it is needed.

    Raises:
        InputError: nobody is named as contact, or a name is of no known outlet.
        StorageError: the folder cannot be written, or another run fetches into it.
        IndexStateError, ModelError: as for `build`; what was fetched is kept.
    """
    check_contact(politeness.contact)
    now = now or _utc_now
    folder = into or index_path / RAW_FOLDER
    pages: list[FetchedPage] = []
    problems: list[Problem] = []
    for item in fetch_outlets(names, outlets=outlets, folder=folder, settings=politeness, now=now):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            pages.append(item)
            progress("pages", len(pages), None)
        if found:
            found(item)
    built = _build_unread(index_path, folder, settings, outlets, progress, now) if wants_build else None
    asked = {feed for profile in chosen_outlets(names, outlets) for feed in profile.feeds}
    return FetchSummary(
        pages=len(pages),
        new_versions=sum(page.is_new_version for page in pages),
        feeds=len(asked - {problem.where for problem in problems}),
        problems=tuple(problems),
        folder=folder,
        built=built,
    )


def _build_unread(
    index_path: Path,
    folder: Path,
    settings: Settings,
    outlets: OutletList,
    progress: Progress,
    now: Callable[[], datetime],
) -> BuildSummary | None:
    with RawStore(folder) as store:
        unread = store.unread_pages()
        paths = unread
        if has_index(index_path):
            with open_index(index_path, mode="read") as index:
                settings = replace(settings, embedder=index.settings().get("embedder", settings.embedder))
        elif any(store.pages.iterdir()):
            paths = [store.pages]
        if not paths:
            return None
        # A stopped run may have left pages of outlets that this one does not fetch.
        every = OutletList([*outlets, *described_outlets(folder), *load_outlets()])
        summary = build(paths, index_path, settings, outlets=every, progress=progress, now=now())
        store.mark_read(unread)
    return summary


def known_outlets(index_path: Path) -> OutletList:
    """Load the bundled outlets and the user's, of `outlets.toml` in the index folder and the working folder.

    Raises:
        InputError: one of the files is wrong.
    """
    places = dict.fromkeys([Path(), index_path])
    return load_outlets([place / OUTLETS_FILE for place in places if (place / OUTLETS_FILE).is_file()])


def listed_outlets(subscriptions: Path, outlets: OutletList) -> OutletList:
    """Give the outlets whose feeds a subscription list (OPML) names.

    Raises:
        InputError: the file cannot be read, is no OPML, or names no feed.
    """
    try:
        with subscriptions.open("rb") as file:
            content = file.read(MAX_LIST_BYTES + 1)
    except OSError as exc:
        raise InputError(f"{subscriptions}: cannot be read: {exc.strerror}", "check the path") from exc
    try:
        links = parse_opml(content)
    except InputError as exc:
        raise InputError(f"{subscriptions}: {exc.message}", exc.hint) from exc
    if not links:
        raise InputError(
            f"{subscriptions}: names no feed", 'a feed is <outline type="rss" xmlUrl="https://..."/>'
        )
    return outlets_of_feeds(links, outlets)


def check_contact(contact: str) -> None:
    """Refuse to ask anybody's server without saying who asks.

    Raises:
        InputError: the contact is empty, or neither a mail address nor a web address.
    """
    how = 'say --contact you@example.org, set XSOURCE_CONTACT, or write contact = "..." in xsource.toml'
    if not contact.strip():
        raise InputError("no contact is given: every request says where its sender can be reached", how)
    is_plain = contact.isascii() and contact.isprintable() and not set(contact) & set(" ()<>")
    is_reachable = "@" in contact[1:-1] or contact.startswith(("https://", "http://"))
    if not (is_plain and is_reachable):
        raise InputError(f'contact is "{contact[:80]}", expected a mail address or a web address', how)


def _utc_now() -> datetime:
    return datetime.now(UTC)
