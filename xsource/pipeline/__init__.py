"""The map: where the stages meet, and the only place where they do.

        per article, incremental, kept in the index               across articles, recomputed, only reads
    files -> ingest -> segment -> embed -> store -> translate  |  stories -> align -> compare -> report

- `building.py`: `build()`, the left half. Slow, touches models, skips what it knows.
  Parts of it: `preparing.py` (files to sentences), `sentence_vectors.py`, `translating.py`; stages overlap
  (`ahead.py`).
- `sharding.py`, `manifest.py`, `merging.py`: `merge_shards()`, what several machines built in one index.
- `reading.py`: `open_reader()` gives a `Reader`: articles, stories, `search()`.
- `comparing.py`: the right half, a story at a time.
- `asking.py`: `who_reports()`: one asked claim against every outlet.
- `fetching.py`: `fetch()`: pages from the network, kept raw, then built.
- `reviewing.py`: `mark_divergence()`: what analysts say of divergences; `recognising.py`: which one is which.
- `versions.py`: `list_versions()`: the texts of one page, and what changed between them.
- `upkeep.py`: `remove`, `doctor`; `backup` and `restore` are the store's own.
"""

from xsource.pipeline.building import BuildSummary, build
from xsource.pipeline.fetching import FetchSummary, fetch, known_outlets, listed_outlets
from xsource.pipeline.filters import Filters
from xsource.pipeline.merging import MergeSummary, merge_shards
from xsource.pipeline.preparing import ColumnMapping
from xsource.pipeline.reading import Reader, has_index, open_reader, restrict
from xsource.pipeline.reviewing import (
    find_divergence,
    list_verdicts,
    mark_divergence,
    read_verdicts,
    with_reviews,
    withdraw_verdict,
    without_wrong,
)
from xsource.pipeline.upkeep import check_index, find_articles, last_problems, remove_articles
from xsource.pipeline.versions import Version, list_versions
from xsource.store.backup import check_backup, restore_backup, write_backup

__all__ = [
    "BuildSummary",
    "ColumnMapping",
    "FetchSummary",
    "Filters",
    "MergeSummary",
    "Reader",
    "Version",
    "build",
    "check_backup",
    "check_index",
    "fetch",
    "find_articles",
    "find_divergence",
    "has_index",
    "known_outlets",
    "last_problems",
    "list_verdicts",
    "list_versions",
    "listed_outlets",
    "mark_divergence",
    "merge_shards",
    "open_reader",
    "read_verdicts",
    "remove_articles",
    "restore_backup",
    "restrict",
    "with_reviews",
    "withdraw_verdict",
    "without_wrong",
    "write_backup",
]
