"""Extraction: the article's own words, its headline and its day, from pages in the shape of real sites.

Ours is what a build reads: extraction, furniture, dateline. The others are asked as their documentation shows
it; readability gives no date. The pages are our own (`tools/make_pages.py`), written by those who wrote our
extractor, which favours it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.measuring import ROOT
from benchmarks.results import Row, Section
from xsource.evaluate.pages import ExpectedPage, Extracted, PageFigures, extract_ours, measure_pages

TITLE = "Pages"
FOLDER = ROOT / "tests" / "data" / "pages"


@dataclass(frozen=True, slots=True)
class Size:
    """There is one size: all pages."""


SIZES = {"small": Size(), "full": Size()}


def compare(size: Size, repeats: int) -> Section:  # noqa: ARG001 - one size
    """Extract every page with each of the extractors that are installed."""
    rows: list[Row] = []
    notes = ["A date is right where its day is; furniture is the share of the lines of text that are."]
    ours = measure_pages(FOLDER, extract_ours)
    for name, extract in EXTRACTORS.items():
        try:
            theirs = measure_pages(FOLDER, extract)  # also warms up
        except ImportError as error:
            notes.append(f"{name} was not measured: {error}")
            continue
        seconds = []
        for _ in range(repeats):
            before = time.process_time()
            measure_pages(FOLDER, extract)
            seconds.append(time.process_time() - before)
        notes.append(f"{name}: {describe(theirs, statistics.median(seconds))}")
        if extract is extract_ours:
            continue
        for what, our, their, wanted in (
            ("token F1 of the text", ours.f1, theirs.f1, ".97, and no peer better"),
            ("dates right", ours.dates, theirs.dates, ".95"),
            ("furniture left", ours.furniture, theirs.furniture, "at most .01"),
        ):
            rows.append(Row(f"Pages: {what}", f"{our:.3f}", name, f"{their:.3f}", None, wanted))
    return Section(rows, notes)


def describe(figures: PageFigures, seconds: float) -> str:
    """Write what was measured on one line."""
    return (
        f"F1 {figures.f1:.3f} (worst {figures.worst[1]:.3f}, {figures.worst[0]}), titles {figures.titles:.3f},"
        f" dates {figures.dates:.3f}, {figures.wrong_in_silence} dates wrong by more than a day without a word,"
        f" furniture {figures.furniture:.3f} of lines; {figures.pages / seconds:.0f} pages a CPU-second"
    )


def _markup(page: ExpectedPage) -> str:
    from xsource.ingest.encodings import decode_bytes

    return decode_bytes(page.path.read_bytes())


def extract_trafilatura(page: ExpectedPage) -> Extracted:
    """Ask trafilatura for text, title and date."""
    from datetime import datetime

    import trafilatura

    found = trafilatura.bare_extraction(_markup(page), url=page.url, with_metadata=True, include_comments=False)
    if found is None:
        return Extracted("")
    day = datetime.fromisoformat(found.date) if found.date else None
    return Extracted(found.text or "", found.title or "", day)


def extract_newspaper(page: ExpectedPage) -> Extracted:
    """Ask newspaper4k for text, title and date."""
    from newspaper import Article

    article = Article(page.url)
    article.download(input_html=_markup(page))
    article.parse()
    return Extracted(article.text, article.title, article.publish_date)


def extract_readability(page: ExpectedPage) -> Extracted:
    """Ask readability for the article's HTML and its title."""
    from lxml import html
    from readability import Document

    from xsource.ingest.page_blocks import read_blocks

    document = Document(_markup(page))
    tree = html.fromstring(document.summary())
    return Extracted("\n".join(block.text for block in read_blocks(tree)), document.short_title())


EXTRACTORS: dict[str, Callable[[ExpectedPage], Extracted]] = {
    "xsource": extract_ours,
    "trafilatura": extract_trafilatura,
    "newspaper4k": extract_newspaper,
    "readability": extract_readability,
}
