"""Stage 1: files become cleaned articles. `read_articles` is the door; what is wrong is a `Problem`."""

from xsource.ingest.draft import IngestTally
from xsource.ingest.outlet_files import find_outlet_files, load_outlets_around
from xsource.ingest.read import read_articles, read_columns

__all__ = ["IngestTally", "find_outlet_files", "load_outlets_around", "read_articles", "read_columns"]
