"""Labelled pairs are read as their sets have them, and counted as the definitions say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xsource.errors import InputError
from xsource.evaluate.polarity import (
    PairFigures,
    pair_figures,
    polarity_confidences,
    read_labelled_pairs,
    reliability_table,
)

XNLI = {
    "en": [
        ("Oil prices rose.", "Oil prices fell.", "contradiction"),
        ("He came.", "He slept well.", "neutral"),
    ],
    "ru": [
        ("Цены на нефть выросли.", "Цены на нефть упали.", "contradiction"),
        ("Он пришёл.", "Он спал.", "neutral"),
    ],
}


def write_sets(folder: Path) -> None:
    (folder / "xnli").mkdir()
    for language, rows in XNLI.items():
        text = "".join("\t".join(row) + "\n" for row in rows)
        (folder / "xnli" / f"dev-{language}.tsv").write_text(text, "utf-8")
    (folder / "hebnli").mkdir()
    record = {"translation1": "המעבר פתוח.", "translation2": "המעבר סגור.", "original_label": "contradiction"}
    (folder / "hebnli" / "val.jsonl").write_text(json.dumps(record, ensure_ascii=False) + "\n", "utf-8")
    (folder / "ans").mkdir()
    (folder / "ans" / "dev.csv").write_text(
        "s1,s2,stance\nارتفاع النفط,انخفاض النفط,disagree\nأ,ب,agree\n", "utf-8"
    )


def test_sets_are_read_with_premise_and_hypothesis_across_languages(tmp_path: Path) -> None:
    write_sets(tmp_path)
    sets = read_labelled_pairs(tmp_path)
    assert sorted(sets) == ["ans ar-ar", "hebnli he-he", "xnli en-en", "xnli ru-en", "xnli ru-ru"]
    crossed = sets["xnli ru-en"][0]
    assert (crossed.left, crossed.left_language) == ("Цены на нефть выросли.", "ru")
    assert (crossed.right, crossed.right_language) == ("Oil prices fell.", "en")
    assert [pair.contradicts for pair in sets["ans ar-ar"]] == [True, False]


def test_an_empty_folder_has_no_sets(tmp_path: Path) -> None:
    assert read_labelled_pairs(tmp_path) == {}


def test_a_line_with_another_number_of_fields_is_named(tmp_path: Path) -> None:
    (tmp_path / "xnli").mkdir()
    (tmp_path / "xnli" / "dev-en.tsv").write_text("a\tb\tneutral\na\tb\n", "utf-8")
    with pytest.raises(InputError, match=r"dev-en.tsv:2: 2 fields, expected three"):
        read_labelled_pairs(tmp_path)


def test_the_rules_alone_find_opposites_in_every_set(tmp_path: Path) -> None:
    write_sets(tmp_path)
    figures = {
        name: pair_figures(polarity_confidences(pairs, None), min_confidence=0.2)
        for name, pairs in read_labelled_pairs(tmp_path).items()
    }
    assert figures["xnli ru-en"] == PairFigures(pairs=2, contradictions=1, flagged=1, right=1)
    assert figures["hebnli he-he"] == PairFigures(pairs=1, contradictions=1, flagged=1, right=1)
    assert figures["ans ar-ar"] == PairFigures(pairs=2, contradictions=1, flagged=1, right=1)


def test_precision_and_recall() -> None:
    confidences = [(0.9, True), (0.8, False), (0.6, True), (0.2, True), (0.0, False)]
    figures = pair_figures(confidences, 0.5)
    assert figures == PairFigures(pairs=5, contradictions=3, flagged=3, right=2)
    assert figures.precision == pytest.approx(2 / 3)
    assert figures.recall == pytest.approx(2 / 3)
    assert pair_figures(confidences, 0.95).precision == 1.0
    assert pair_figures([], 0.5).recall == 1.0


def test_the_reliability_table_sets_confidence_against_what_came_true() -> None:
    rows = reliability_table([(0.1, False), (0.9, True), (1.0, True), (0.85, False)])
    assert [(row.count, row.share_right) for row in rows] == [(1, 0.0), (3, pytest.approx(2 / 3))]
    assert rows[1].confidence == pytest.approx((0.9 + 1.0 + 0.85) / 3)
