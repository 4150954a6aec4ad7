"""How a test reads what it put in a folder."""

from datetime import UTC, datetime

import pytest

from xsource.errors import Problem
from xsource.ingest import IngestTally, read_articles
from xsource.outlets import load_outlets

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def read():
    """Read a path with the bundled outlets: articles, problems and what was taken out."""

    def read_path(*paths, now=NOW, outlets=None):
        tally = IngestTally()
        found = list(read_articles(paths, outlets=outlets or load_outlets(), now=now, tally=tally))
        articles = [item for item in found if not isinstance(item, Problem)]
        problems = [item for item in found if isinstance(item, Problem)]
        return articles, problems, tally

    return read_path
