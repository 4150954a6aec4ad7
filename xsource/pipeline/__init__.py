"""The map: where the stages meet, and the only place where they do.

        per article, incremental, kept in the index               across articles, recomputed, only reads
    files -> ingest -> segment -> embed -> store -> translate  |  stories -> align -> compare -> report

- `building.py`: `build()`, the left half. Slow, touches models, skips what it knows.
- `reading.py`: `open_reader()` gives a `Reader`: articles, stories, `search()`.
- `comparing.py`: the right half, a story at a time.
- `asking.py`: `who_reports()`: one asked claim against every outlet.
- `upkeep.py`: `remove`, `doctor`.
"""

from xsource.pipeline.building import BuildSummary, build
from xsource.pipeline.filters import Filters
from xsource.pipeline.reading import Reader, has_index, open_reader, restrict
from xsource.pipeline.upkeep import check_index, find_articles, last_problems, remove_articles

__all__ = [
    "BuildSummary",
    "Filters",
    "Reader",
    "build",
    "check_index",
    "find_articles",
    "has_index",
    "last_problems",
    "open_reader",
    "remove_articles",
    "restrict",
]
