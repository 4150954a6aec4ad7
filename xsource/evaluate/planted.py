"""Planted divergences: a whole comparison, from articles to JSON, read by the benchmark's own scorer."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from xsource.errors import InputError
from xsource.pipeline import build, open_reader
from xsource.records import ALL_KINDS
from xsource.report.documents import comparison_document
from xsource.settings import Settings

KINDS = ("number", "date", "actor", "polarity", "omission")


@dataclass(frozen=True, slots=True)
class PlantedFigures:
    """What the scorer says.

    Attributes:
        f1, precision, recall: by planted kind.
        macro_f1: mean over the kinds.
        false_alarms_per_100_sentences: all kinds together, those that were not planted too.
        by_language: what was found of each kind and edited language: `25/27`.
    """

    f1: Mapping[str, float]
    precision: Mapping[str, float]
    recall: Mapping[str, float]
    macro_f1: float
    false_alarms_per_100_sentences: float
    by_language: Mapping[str, Mapping[str, str]]


def measure_planted(bench: Path, settings: Settings | None = None) -> PlantedFigures:
    """Build an index of `planted/`, compare everything, and have the result scored.

    Raises:
        InputError: the benchmark's scorer fails.
    """
    settings = settings or Settings(translate=False, detectors=ALL_KINDS)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        build([bench / "planted" / "articles.jsonl"], work / "index", settings)
        with open_reader(work / "index", settings) as reader:
            document = comparison_document(reader.compare())
        result = work / "comparison.json"
        result.write_text(json.dumps(document), "utf-8")
        scorer = bench / "score_divergences.py"
        command = [sys.executable, str(scorer), str(bench / "planted"), str(result), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the benchmark's own
    if done.returncode:
        raise InputError(f"{scorer} failed: {done.stderr.strip()[-300:]}")
    scored = json.loads(done.stdout)
    return PlantedFigures(
        f1={kind: scored[kind]["f1"] for kind in KINDS},
        precision={kind: scored[kind]["precision"] for kind in KINDS},
        recall={kind: scored[kind]["recall"] for kind in KINDS},
        macro_f1=scored["_all"]["macro_f1"],
        false_alarms_per_100_sentences=scored["_all"]["false_alarms_per_100_sentences"],
        by_language={kind: scored[kind]["by_language"] for kind in KINDS},
    )
