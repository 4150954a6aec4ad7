"""What an outlet does with a claim, told alike everywhere, and never more than was asked."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from report.sample_comparison import blast

from xsource.compare.detectors import DETECTORS
from xsource.records import COVERAGES, DIVERGENCE_KINDS, KIND_MEANINGS, Provenance
from xsource.report.documents import comparison_document
from xsource.report.html import STATE_CLASSES, comparison_html
from xsource.report.notebook import divergences_html
from xsource.report.statuses import MARKS, MEANINGS, SHORT, STATE_ORDER, STYLES, legend
from xsource.report.tables import build_tables
from xsource.report.text import comparison_csv, comparison_markdown
from xsource.report.xlsx import write_workbook

NARROWED = ({"detectors": "date"}, {"detectors": "number,date"}, {"min_confidence": 0.8})
WHOLE = ({}, {"detectors": ""}, {"detectors": "", "min_confidence": 0.5}, {"min_confidence": 0.2})


def compared(settings, *, found=True):
    comparison = blast()
    divergences = comparison.divergences if found else ()
    return replace(comparison, divergences=divergences, provenance=Provenance("0", "e", 1, settings))


def states_of(comparison):
    (table,) = build_tables(comparison)
    return {cell.outlet.id: cell.coverage for cell in table.rows[0].cells}


@pytest.mark.parametrize("settings", NARROWED)
def test_an_outlet_is_not_said_to_agree_where_not_every_difference_was_looked_for(settings):
    assert states_of(compared(settings, found=False)) == {
        "ru-paper": "told", "ar-paper": "told", "he-paper": "told", "en-paper": "silent",
    }  # fmt: skip
    found = compared(settings)
    assert states_of(found)["he-paper"] == "differs"
    assert states_of(found)["ru-paper"] == "told"
    assert comparison_document(found)["groups"][0]["outlets"]["ru-paper"] == "told"
    rows = csv.DictReader(io.StringIO(comparison_csv(build_tables(found), "cells")))
    assert {row["coverage"] for row in rows} == {"told", "differs", "silent"}


@pytest.mark.parametrize("settings", WHOLE)
def test_an_outlet_reports_where_everything_was_looked_for(settings):
    assert states_of(compared(settings))["ru-paper"] == "reports"


def test_the_least_confidence_of_a_page_is_that_of_its_comparison():
    for least, shown in (({}, "0.00"), ({"min_confidence": 0.5}, "0.50"), ({"min_confidence": 0.83}, "0.83")):
        page = comparison_html(compared(least))
        assert f'<output id="least" for="confidence">{shown}</output>' in page
        assert f'min="{float(shown)}" max="1" step="0.01" value="{float(shown)}"' in page


def test_every_state_has_a_mark_of_its_own_and_words():
    assert set(COVERAGES) < set(MARKS) == set(STYLES) == set(MEANINGS) == set(SHORT) == set(STATE_CLASSES)
    assert len(set(MARKS.values())) == len(MARKS) == len(set(STATE_CLASSES.values()))
    assert [one for one in STATE_ORDER if one in COVERAGES] == list(COVERAGES)


def test_a_legend_has_what_the_table_has():
    assert legend(["reports", "silent"]) == "● reports   ≠ differs   ○ covers the story, not the claim"
    assert "⇄ says the contrary" in legend(["contrary"])
    assert "◐ unsure" in legend(["unsure"])
    assert "reports" not in legend(["told", "differs"])


def test_claims_without_a_difference_are_left_out_and_counted():
    (table,) = build_tables(compared({"detectors": "number"}))
    differing = table.only_differing()
    assert [row.number for row in differing.rows] == [1]
    assert (differing.left_out, differing.unmatched) == (1, ())


def test_a_row_of_csv_is_a_divergence_with_numbers_as_numbers():
    rows = list(csv.DictReader(io.StringIO(comparison_csv(build_tables(blast())))))
    assert [(row["kind"], row["claim"], row["confidence"]) for row in rows] == [
        ("number", "1", "0.900"), ("omission", "1", "0.600"),
    ]  # fmt: skip
    number, omission = rows
    assert (number["story"], number["story_title"]) == ("s1", "Взрыв в порту")
    assert number["apart"] == "he-paper"
    assert number["sides"] == "he-paper: 23 | ru-paper: 17 | ar-paper: 17"
    assert number["article_urls"].split(" | ")[0] == "https://he-paper.example/1"
    assert omission["absent_from"] == "en-paper"
    assert number["kind"] in DIVERGENCE_KINDS


def test_a_kind_that_no_list_knows_is_drawn_everywhere(tmp_path):
    comparison = blast()
    number, omission = comparison.divergences
    comparison = replace(comparison, divergences=(replace(number, kind="tone"), omission))
    tables = build_tables(comparison)
    write_workbook(comparison, tmp_path / "report.xlsx")
    drawn = (
        comparison_html(comparison),
        comparison_csv(tables),
        comparison_csv(tables, "cells"),
        comparison_markdown(tables, str),
        divergences_html(comparison.divergences),
        str(comparison_document(comparison)["divergences"]),
    )
    assert all("tone" in text for text in drawn)


def test_every_detector_has_a_kind_with_a_meaning():
    assert {kind for kind, _ in DETECTORS} == set(KIND_MEANINGS)
