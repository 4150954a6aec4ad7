"""A search is waited for from the start of the process: what it does not need is not loaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from xsource.pipeline import build
from xsource.settings import Settings

SEARCH = """
import sys
from pathlib import Path
from xsource.pipeline import Filters, open_reader
from xsource.settings import Settings

with open_reader(Path(sys.argv[1]), Settings(embedder="ngrams")) as reader:
    (hit,) = reader.search("the explosion in the port", top=1, filters=Filters())
print(hit.claim.article.outlet_id)
print(*sorted(name for name in sys.modules if name.startswith("xsource.")))
"""
UNNEEDED = (
    "xsource.compare", "xsource.ingest", "xsource.translate", "xsource.pipeline.building",
    "xsource.pipeline.sharding", "xsource.pipeline.reading.comparing", "xsource.store.backup",
)  # fmt: skip


def test_a_search_loads_neither_detectors_nor_what_reads_files(corpora: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    build([corpora / "port-explosion"], index, Settings(embedder="ngrams", translate=False))

    answer = subprocess.run(
        [sys.executable, "-c", SEARCH, str(index)], capture_output=True, text=True, check=True
    )
    outlet, loaded = answer.stdout.splitlines()
    assert outlet
    assert "xsource.pipeline.reading.reader" in loaded.split()
    assert [name for name in loaded.split() if name.startswith(UNNEEDED)] == []
