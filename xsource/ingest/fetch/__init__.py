"""Pages and feeds from the network, politely: `fetch_outlets` keeps them raw, `read_articles` reads them."""

from xsource.ingest.fetch.outlets import FetchedPage, chosen_outlets, fetch_outlets, outlets_of_feeds
from xsource.ingest.fetch.raw_checks import check_raw
from xsource.ingest.fetch.raw_store import RawStore, described_outlets
from xsource.ingest.fetch.settings import FetchSettings

__all__ = [
    "FetchSettings",
    "FetchedPage",
    "RawStore",
    "check_raw",
    "chosen_outlets",
    "described_outlets",
    "fetch_outlets",
    "outlets_of_feeds",
]
