"""Comparing a story for the first and the second time, and putting a question to an index, by the judge."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT, Measured, run_case, stopwatch
from benchmarks.results import Row, Section
from xsource.evaluate.reports import write_articles
from xsource.pipeline import build, open_reader
from xsource.records import DIVERGENCE_KINDS
from xsource.settings import Settings

TITLE = "Judging a story and a question"
EVERY_KIND = Settings(translate=False, detectors=",".join(DIVERGENCE_KINDS))
ARTICLES_OF_A_STORY = 6


@dataclass(frozen=True, slots=True)
class Size:
    """Invented events: short ones, of which six reports each are compared; long ones, about which is asked."""

    stories: int
    events: int
    questions: int


SIZES = {"small": Size(stories=8, events=20, questions=20), "full": Size(stories=40, events=156, questions=100)}


def compare(size: Size, repeats: int) -> Section:
    """Give CPU-seconds a story and a question."""
    folder = Path(tempfile.mkdtemp(prefix="xsource-judging-"))
    try:
        short = _events("short", size.stories)
        for event in short:
            event["reports"] = event["reports"][:ARTICLES_OF_A_STORY]
        _index(short, folder / "short")
        sentences = _index(_events("rolling", size.events), folder / "rolling")
        first = run_case("judging:first", {"folder": str(folder / "short")}, threads=1, repeats=repeats)
        second = run_case("judging:second", {"folder": str(folder / "short")}, threads=1, repeats=repeats)
        options = {"folder": str(folder / "rolling"), "events": size.events, "questions": size.questions}
        asked = run_case("judging:asked", options, threads=1, repeats=1)
    finally:
        shutil.rmtree(folder)
    stories = first.figures["stories"]
    return Section(
        [
            Row(f"a story of {ARTICLES_OF_A_STORY} articles compared, all kinds, CPU-seconds",
                f"{first.cpu / stories:.2f}", wanted="at most 1.0"),
            Row("the same again, CPU-seconds", f"{second.cpu / stories:.2f}", wanted="at most 0.1"),
            Row(f"`who-reports` among {sentences:,} sentences, warm, CPU-seconds",
                f"{asked.cpu / asked.figures['questions']:.2f}", wanted="at most 1.0"),
            Row("peak memory of asking, MB", f"{asked.peak_bytes / 1e6:.0f}"),
        ],
        (f"{stories} stories; invented reports of corpora/reports.",),
    )  # fmt: skip


def _events(kind: str, count: int) -> list[dict[str, Any]]:
    lines = (ROOT / "corpora" / "reports" / f"{kind}.events.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[:count]]


def _index(events: list[dict[str, Any]], index: Path) -> int:
    index.parent.mkdir(parents=True, exist_ok=True)
    articles = index.with_suffix(".jsonl")
    write_articles(events, articles)
    return build([articles], index, EVERY_KIND).sentences


def first(folder: str) -> Measured:
    """Compare every story, nothing being kept."""
    shutil.rmtree(Path(folder) / "judged", ignore_errors=True)
    return _compared(folder)


def second(folder: str) -> Measured:
    """Compare every story again."""
    return _compared(folder)


def _compared(folder: str) -> Measured:
    with open_reader(Path(folder), EVERY_KIND) as reader:
        stories = [story for story in reader.stories() if len(story.article_ids) > 1]
        reader.load_models()
        with stopwatch() as watch:
            groups = sum(len(found.groups) for found in reader.compare_each(stories))
    return Measured(watch.wall, watch.cpu, figures={"stories": len(stories), "groups": groups})


def asked(folder: str, events: int, questions: int) -> Measured:
    """Put questions about the events to the index, the first one before the watch starts."""
    every = [question[0] for event in _events("rolling", events) for question in event["questions"]]
    chosen = every[:: max(1, len(every) // (questions + 1))][: questions + 1]
    with open_reader(Path(folder), EVERY_KIND) as reader:
        reader.who_reports(chosen[0])
        with stopwatch() as watch:
            for question in chosen[1:]:
                reader.who_reports(question)
    return Measured(watch.wall, watch.cpu, figures={"questions": len(chosen) - 1})
