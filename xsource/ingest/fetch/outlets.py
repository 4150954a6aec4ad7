"""From the feeds of outlets to kept pages: what is new is fetched, the rest is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from xsource.addresses import to_ascii_host
from xsource.errors import InputError, Problem
from xsource.ingest.dates import FORMS
from xsource.ingest.feeds import FeedEntry, parse_feed
from xsource.ingest.fetch.client import Marks, PoliteClient
from xsource.ingest.fetch.network import FetchError
from xsource.ingest.fetch.raw_store import RawStore, describe_outlets, only_run
from xsource.ingest.fetch.settings import FetchSettings
from xsource.ingest.link_lists import FeedLink, is_sitemap, parse_sitemap
from xsource.outlets import OutletList, OutletProfile
from xsource.records import OutletId

MAX_NESTED_SITEMAPS = 20
MAX_SITEMAP_DEPTH = 1  # an index of sitemaps holds no indexes (sitemaps.org)
_HTML_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page that was kept.

    Attributes:
        path: its WARC file, to be read with `read_articles`.
        is_new_version: the page was known and has changed.
    """

    outlet_id: str
    address: str
    path: Path
    is_new_version: bool


def fetch_outlets(
    names: Sequence[str],
    *,
    outlets: OutletList,
    folder: Path,
    settings: FetchSettings,
    now: Callable[[], datetime],
    sleep: Callable[[float], None] | None = None,
) -> Iterator[FetchedPage | Problem]:
    """Fetch what the feeds of outlets list and is not kept yet.

    Args:
        names: outlets by id, name in any script, or domain; none means all that have feeds.
        folder: where the pages are kept; `read_articles([folder / "pages"], ...)` reads them.
        now: the time, asked when it is needed.
        sleep: how to wait between requests; `time.sleep` by default.

    Yields:
        A page for each that was kept, a problem for each that was not. The run can be killed at any moment.

    Raises:
        InputError: a name is of no known outlet (before anything is fetched).
        StorageError: the folder cannot be written.
    """
    chosen = chosen_outlets(names, outlets)
    with (
        only_run(folder),
        RawStore(folder) as store,
        PoliteClient(settings, *([sleep] if sleep else [])) as client,
    ):
        describe_outlets(folder, chosen)
        for profile in chosen:
            if not profile.feeds:
                yield Problem(
                    profile.id, "no feed is known of this outlet", "add feeds = [...] to its [[outlet]] block"
                )
                continue
            yield from _OutletRun(profile, outlets, store, client, settings, now).fetch()


def chosen_outlets(names: Sequence[str], outlets: OutletList) -> list[OutletProfile]:
    """Give the outlets that are named, by id, name in any script, or domain; all that have feeds where none is.

    Raises:
        InputError: a name is of no known outlet.
    """
    return [outlets.find(name) for name in names] or [profile for profile in outlets if profile.feeds]


def outlets_of_feeds(links: Sequence[FeedLink], outlets: OutletList) -> OutletList:
    """Give the outlets of a subscription list (`parse_opml`), each with the feeds that the list names.

    A feed on the domain of a known outlet is that outlet's; any other makes an outlet of its own, named as
    the list names it, with the host as id and domain.
    """
    found: dict[str, OutletProfile] = {}
    for link in links:
        host = to_ascii_host(urlsplit(link.address).hostname or "").removeprefix("www.")
        known = outlets.by_address(link.address)
        name = link.title or host
        profile = known or OutletProfile(OutletId(host), name, name, domains=(host,))
        seen = found.get(profile.id)
        found[profile.id] = replace(profile, feeds=(*(seen.feeds if seen else ()), link.address))
    return OutletList(found.values())


_UNFORESEEN = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError)


@dataclass(slots=True)
class _OutletRun:
    """One outlet's turn: counts what it has had and what failed."""

    profile: OutletProfile
    outlets: OutletList
    store: RawStore
    client: PoliteClient
    settings: FetchSettings
    now: Callable[[], datetime]
    fetched: int = 0
    failed_in_a_row: int = 0

    def fetch(self) -> Iterator[FetchedPage | Problem]:
        for feed in self.profile.feeds:
            try:
                yield from self._fetch_feed(feed)
            except _UNFORESEEN as exc:  # one server costs itself only, whatever it found to answer
                yield Problem(
                    feed, f"fetching it ended: {type(exc).__name__}: {exc!s:.200}", "report this address"
                )
            if self._is_spent():
                yield Problem(
                    self.profile.id, self._why_spent(), "run it again later; it goes on where it stopped"
                )
                return

    def _fetch_feed(self, feed: str, depth: int = 0) -> Iterator[FetchedPage | Problem]:
        try:
            answer = self.client.get(feed, self.settings.max_feed_bytes, self.store.feed_marks(feed))
            if answer.content is None:
                return
            entries, nested = self._read_listing(answer.content, answer.address)
        except InputError as exc:
            yield Problem(feed, exc.message, exc.hint)
            return
        except FetchError as exc:
            yield Problem(feed, exc.message, exc.hint)
            return
        for sitemap in nested if depth < MAX_SITEMAP_DEPTH else ():
            yield from self._fetch_feed(sitemap, depth + 1)
        if undated := [entry for entry in entries if entry.published is None and entry.date_doubt]:
            yield Problem(
                feed,
                f"{len(undated)} entries have no date: the first {undated[0].date_doubt}",
                f"read are {FORMS}",
            )
        is_complete = True
        for entry in entries:
            if self._is_spent():
                return
            try:
                page = self._fetch_page(entry, feed)
                self.failed_in_a_row = 0
            except FetchError as exc:
                is_complete = is_complete and not exc.is_passing
                self.failed_in_a_row += exc.is_passing
                yield Problem(entry.address, exc.message, exc.hint)
                continue
            if page is not None:
                yield page
        if is_complete:  # otherwise the feed is asked again in full, for the entries that failed
            self.store.remember_feed(feed, answer.marks, self.now())

    def _read_listing(self, content: bytes, address: str) -> tuple[Sequence[FeedEntry], Sequence[str]]:
        """Read what a feed or a sitemap lists: pages, the latest first, and further sitemaps."""
        if not is_sitemap(content):
            return parse_feed(content, address, self.now()), ()
        sitemap = parse_sitemap(content, self.now())
        oldest = datetime.min.replace(tzinfo=UTC)
        pages = sorted(sitemap.pages, key=lambda page: page.published or oldest, reverse=True)
        entries = [FeedEntry(page.address, page.title, page.published, html="") for page in pages]
        return entries, sitemap.sitemaps[:MAX_NESTED_SITEMAPS]

    def _fetch_page(self, entry: FeedEntry, feed: str) -> FetchedPage | None:
        known = self.store.known_page(entry.address)
        changed = entry.updated or entry.published
        if known is not None and (changed is None or changed <= known.fetched_at):
            return None
        self.fetched += 1
        answer = self.client.get(entry.address, self.settings.max_page_bytes, known.marks if known else Marks())
        if answer.content is not None:
            self._check(answer.address, answer.content_type, feed)
        path = self.store.save_page(self.profile.id, entry.address, answer, entry.published, self.now())
        return FetchedPage(self.profile.id, entry.address, path, known is not None) if path else None

    def _check(self, address: str, content_type: str, feed: str) -> None:
        """Refuse what is no page of this outlet: a consent wall elsewhere, another site, a film."""
        host = urlsplit(address).hostname
        if self.outlets.by_address(address) != self.profile and host != urlsplit(feed).hostname:
            raise FetchError(
                f"leads to {host}, which is not {self.profile.name}'s", "add the domain to its block"
            )
        if content_type and not content_type.lower().startswith(_HTML_TYPES):
            raise FetchError(f"is {content_type[:60]!r}, expected a web page")

    def _is_spent(self) -> bool:
        return (
            self.fetched >= self.settings.max_pages_per_outlet
            or self.failed_in_a_row >= self.settings.max_failures_in_a_row
        )

    def _why_spent(self) -> str:
        if self.failed_in_a_row >= self.settings.max_failures_in_a_row:
            return f"{self.failed_in_a_row} pages in a row could not be had"
        return f"{self.fetched} pages are enough for one run"
