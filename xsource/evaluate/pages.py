"""How much of an article comes out of a page, and how much that is not the article's, on pages of our own.

`tests/data/pages` holds pages in the shape of real sites around invented news (tools/make_pages.py). Token F1
is that of bags of words, as in the evaluations of CleanEval and trafilatura, averaged over pages.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xsource.errors import Problem
from xsource.ingest import read_articles
from xsource.outlets import load_outlets

EXPECTED = "expected.jsonl"
NOW = datetime(2026, 12, 1, tzinfo=UTC)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ExpectedPage:
    """What must come out of a page."""

    path: Path
    url: str
    title: str
    published_at: datetime
    text: str
    furniture: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extracted:
    """What came out of it; `has_doubt` when a word says that the date may be wrong."""

    text: str
    title: str = ""
    published_at: datetime | None = None
    has_doubt: bool = False


@dataclass(frozen=True, slots=True)
class PageFigures:
    """Over all pages.

    Attributes:
        f1: mean token F1 of the text.
        worst: the page with the least, and its F1.
        titles, dates: shares that are right; a date is, where its day in UTC is.
        wrong_in_silence: dates wrong by more than a day that nothing warns of.
        furniture: share of the text's lines that are furniture.
    """

    pages: int
    f1: float
    worst: tuple[str, float]
    titles: float
    dates: float
    wrong_in_silence: int
    furniture: float


def load_pages(folder: Path) -> list[ExpectedPage]:
    """Read what is expected of the pages in a folder."""
    rows = map(json.loads, (folder / EXPECTED).read_text("utf-8").splitlines())
    return [
        ExpectedPage(
            folder / row["file"],
            row["url"],
            row["title"],
            datetime.fromisoformat(row["published_at"]),
            row["text"],
            tuple(row["furniture"]),
        )
        for row in rows
    ]


def extract_ours(page: ExpectedPage) -> Extracted:
    """Read a page as a build does."""
    for found in read_articles([page.path], outlets=load_outlets(), now=NOW):
        if isinstance(found, Problem):
            return Extracted("")
        has_doubt = any(note.kind == "doubt" for note in found.notes)
        return Extracted(found.text, found.title, found.published_at, has_doubt)
    return Extracted("")


def measure_pages(folder: Path, extract: Callable[[ExpectedPage], Extracted] = extract_ours) -> PageFigures:
    """Extract every page of a folder and compare."""
    pages = load_pages(folder)
    scores: list[tuple[float, str]] = []
    titles = dates = silent = furniture = lines = 0
    for page in pages:
        found = extract(page)
        scores.append((token_f1(found.text, page.text), page.path.name))
        titles += _fold(found.title) == _fold(page.title)
        stated = found.published_at
        if stated is not None and stated.tzinfo is None:
            stated = stated.replace(tzinfo=UTC)
        dates += stated is not None and stated.astimezone(UTC).date() == page.published_at.date()
        if stated is not None and abs((stated - page.published_at).total_seconds()) > 86_400:
            silent += not found.has_doubt
        own = [line for line in found.text.splitlines() if line.strip()]
        lines += len(own)
        furniture += sum(_is_furniture(line, page.furniture) for line in own)
    return PageFigures(
        pages=len(pages),
        f1=sum(score for score, _ in scores) / len(scores),
        worst=(min(scores)[1], min(scores)[0]),
        titles=titles / len(pages),
        dates=dates / len(pages),
        wrong_in_silence=silent,
        furniture=furniture / max(lines, 1),
    )


def token_f1(found: str, expected: str) -> float:
    """Give the harmonic mean of precision and recall of bags of words; 1 for two empty texts."""
    one, other = (Counter(_WORD.findall(text.casefold())) for text in (found, expected))
    if not one and not other:
        return 1.0
    common = sum((one & other).values())
    return 2 * common / (sum(one.values()) + sum(other.values()))


def _is_furniture(line: str, furniture: tuple[str, ...]) -> bool:
    """Whether a line is furniture, or has a phrase of it in it; one word of a menu may be any word."""
    folded = f" {_fold(line)} "
    wanted = [f" {_fold(each)} " for each in furniture]
    return any(each == folded or (each.count(" ") > 3 and each in folded) for each in wanted)


def _fold(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
