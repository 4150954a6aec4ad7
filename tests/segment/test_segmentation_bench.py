"""Splitter, claim filter and detector on documents whose sentences and languages are known, pinned."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xsource.evaluate.segmentation import measure_ntrex, measure_planted
from xsource.records import LANGUAGES
from xsource.segment.detect import ScriptFirstDetector

BENCH = Path(os.environ.get("XSOURCE_BENCH", Path(__file__).resolve().parents[2].parent / "shared" / "bench"))

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not (BENCH / "ntrex").is_dir(), reason=f"no benchmark data in {BENCH}"),
]


@pytest.mark.parametrize("measure", [measure_ntrex, measure_planted])
def test_boundaries_and_claims_stay_level_in_four_languages(measure):
    for figures in measure(BENCH):
        assert figures.f1 >= 0.945, figures
        assert figures.claim_share >= 0.97, figures
        assert figures.megabytes_per_second >= 2, figures


@pytest.mark.parametrize("language", LANGUAGES)
def test_single_sentences_are_in_their_language(language):
    detector = ScriptFirstDetector()
    lines = (BENCH / "ntrex" / f"{language}.txt").read_text("utf-8").splitlines()[::4]
    right = sum(detector.detect(line).code == language for line in lines)
    assert right / len(lines) >= 0.99
