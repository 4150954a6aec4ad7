"""What several suites of detectors share."""

from __future__ import annotations

import pytest

from xsource.compare.contradiction import PolarityHead
from xsource.embed.bundled import BundledEmbedder


@pytest.fixture(scope="session")
def head() -> PolarityHead:
    """The shipped scorer over the bundled encoder."""
    return PolarityHead(BundledEmbedder(threads=1).token_states)
