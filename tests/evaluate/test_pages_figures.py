"""The figures on our own pages reach their floors, and the measure can tell good from bad."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from xsource.evaluate.pages import Extracted, load_pages, measure_pages, token_f1
from xsource.evaluate.suite import Material, run_measures

PAGES = Path(__file__).parents[1] / "data" / "pages"


def test_our_own_pages_reach_their_floors():
    rows = list(run_measures(["pages"], Material(None, PAGES.parents[2] / "corpora")))
    assert [row.figure.name for row in rows if row.verdict != "held"] == []
    assert len(rows) == 5


def test_there_are_sixty_pages_of_all_outlets_and_each_says_that_it_was_made_up():
    from xsource.outlets import load_outlets

    pages = load_pages(PAGES)
    assert len(pages) >= 60
    files = [page.path.name for page in pages]
    missing = [
        outlet.id for outlet in load_outlets() if not any(name.startswith(f"{outlet.id}-") for name in files)
    ]
    assert missing == []
    assert all(b'name="synthetic" content="true"' in page.path.read_bytes() for page in pages)


def test_an_extractor_that_takes_the_whole_page_or_another_day_is_seen():
    def extract(page):
        return Extracted(
            page.text + "\n\n" + "\n".join(page.furniture), page.title, datetime(2011, 1, 1, tzinfo=UTC)
        )

    figures = measure_pages(PAGES, extract)
    assert figures.f1 < 0.97
    assert figures.furniture > 0.3
    assert (figures.titles, figures.dates, figures.wrong_in_silence) == (1.0, 0.0, figures.pages)


@pytest.mark.parametrize(
    ("found", "expected", "f1"),
    [("", "", 1.0), ("a b", "a b", 1.0), ("a a", "a b", 0.5), ("", "a", 0.0), ("да нет", "нет да", 1.0)],
)
def test_token_f1_is_that_of_bags_of_words(found, expected, f1):
    assert token_f1(found, expected) == f1
