"""The table model and what is drawn from it, on a story told in four languages."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from report.sample_comparison import blast
from rich.console import Console

from xsource.records import (
    Absence,
    Article,
    ArticleId,
    Claim,
    ClaimGroup,
    Comparison,
    Divergence,
    Evidence,
    GroupId,
    Outlet,
    OutletId,
    Provenance,
    Sentence,
    Silence,
    Story,
    StoryId,
    Translation,
)
from xsource.report.bidi import isolate
from xsource.report.documents import comparison_document
from xsource.report.tables import build_tables, pick_headline, standing_apart
from xsource.report.terminal import lay_out_story
from xsource.report.text import comparison_csv, comparison_markdown

TEXTS = {
    "ru": "Погибли 17 человек, сообщила мэр.",
    "ar": "وقتل 17 شخصا وفق رئيسة البلدية.",
    "he": "23 בני אדם נהרגו, לפי ראש העיר.",
    "en": "The <b>mayor</b> said \u202e17 people\u202c had died.",
}


def claim_of(language: str) -> Claim:
    outlet = Outlet(OutletId(f"{language}-paper"), f"{language} paper", language)
    text = TEXTS[language]
    article_id = ArticleId(f"article-{language}")
    article = Article(
        article_id, outlet.id, f"https://{language}.example/1", "Blast", text, language, 1.0,
        datetime(2024, 5, 14, 18, tzinfo=UTC),
    )  # fmt: skip
    sentence = Sentence(
        Sentence.identify(article_id, 0), article_id, 0, 0, len(text), text, True, "has a number"
    )
    translation = None
    if language == "he":
        translation = Translation(
            sentence.id,
            "en",
            "23 people died, by the mayor",
            ("he", "en"),
            "Argos he-en 1.5",
            ("number lost: 23",),
        )
    return Claim(sentence, article, outlet, translation)


def evidence(claim: Claim, words: str, value: str) -> Evidence:
    start = claim.sentence.text.index(words)
    return Evidence(
        claim.outlet.id, claim.article.id, claim.article.source, claim.sentence.id, claim.article.language,
        claim.sentence.text, start, start + len(words), words, value,
    )  # fmt: skip


@pytest.fixture
def comparison() -> Comparison:
    ru, ar, he, en = (claim_of(language) for language in TEXTS)
    group = ClaimGroup(
        GroupId("g1"),
        StoryId("s1"),
        (ru, ar, he),
        (),
        (Silence(en.article, en.sentence.id, 0.1),),
    )
    number = Divergence(
        "number", group.id, (evidence(he, "23", "23"), evidence(ru, "17", "17"), evidence(ar, "17", "17")), 0.9,
        "he-paper has 23; ru-paper, ar-paper have 17",
    )  # fmt: skip
    omission = Divergence(
        "omission", group.id, (evidence(ru, ru.sentence.text, "reported"),), 0.8, "left out",
        (Absence(en.outlet.id, en.article.id, en.article.source),),
    )  # fmt: skip
    story = Story(StoryId("s1"), "Взрыв", tuple(c.article.id for c in (ru, ar, he, en)), None, None)
    return Comparison(
        tuple(c.outlet for c in (ru, ar, he, en)), tuple(c.article for c in (ru, ar, he, en)), (story,),
        (group,), (number, omission), (en,), (), Provenance("0", "e", 1),
    )  # fmt: skip


def test_only_who_stands_apart_from_the_majority_differs(comparison):
    (table,) = build_tables(comparison)
    (row,) = table.rows
    cells = {cell.outlet.id: (cell.coverage, cell.words) for cell in row.cells}
    assert cells == {
        "ru-paper": ("reports", ()),
        "ar-paper": ("reports", ()),
        "he-paper": ("differs", ("23",)),
        "en-paper": ("silent", ()),
    }
    assert [claim.outlet.id for claim in table.unmatched] == ["en-paper"]


def test_without_a_majority_all_sides_differ(comparison):
    number = comparison.divergences[0]
    two = Divergence("number", number.group_id, number.sides[:2], 0.9, "")
    assert standing_apart(two) == two.sides
    assert standing_apart(number) == number.sides[:1]
    assert standing_apart(comparison.divergences[1]) == ()


def test_the_fewer_stand_apart_where_a_figure_was_updated(comparison):
    """Two outlets with the old toll and one with the new: the new one is what a reader looks for."""
    he, ru, ar = comparison.divergences[0].sides
    update = Divergence("update", GroupId("g1"), (ru, ar, he), 0.9, "17 in two; later 23 in one", apart=2)
    assert standing_apart(update) == (he,)
    assert standing_apart(replace(update, sides=(he, ru, ar), apart=1)) == (he,)
    assert standing_apart(replace(update, sides=(he, ru), apart=1)) == (he, ru)
    assert standing_apart(replace(update, kind="number")) == update.sides
    # 17 by one outlet, then 23 by another; a third one stands against it.
    assert standing_apart(replace(update, sides=(ru, he, ar), apart=2, against=1)) == (ru, he, ar)


def test_who_printed_both_figures_has_moved_on_and_stands_apart_from_nobody(comparison):
    he, ru, ar = comparison.divergences[0].sides
    update = Divergence("update", GroupId("g1"), (ru, ar, ru, ar), 0.9, "17 in two; then 23 in two", apart=2)
    assert standing_apart(update) == ()
    assert standing_apart(replace(update, sides=(ru, ar, ar), apart=2)) == (ru, ar)
    assert standing_apart(replace(update, sides=(ru, ar, he, ru, ar), apart=3, against=1)) == (he,)


def test_a_row_is_named_by_a_translation_rather_than_by_words_the_reader_cannot_read(comparison):
    (table,) = build_tables(comparison)
    assert table.rows[0].headline.outlet.id == "he-paper"
    (russian,) = build_tables(comparison, target="ru")
    assert russian.rows[0].headline.outlet.id == "ru-paper"


def test_a_row_is_named_by_the_sentence_that_states_its_fact_and_little_else(comparison):
    """Not by the first that the reader can read: that one may tell the fact in passing."""
    ru, ar, he = comparison.groups[0].claims
    en = claim_of("en")
    supplied = {
        claim: replace(
            claim, translation=Translation(claim.sentence.id, "en", text, (), "supplied by desk.tmx")
        )
        for claim, text in ((ru, "17 people died, the mayor said."), (ar, "17 people were killed."))
    }
    group = replace(comparison.groups[0], claims=(supplied[ru], supplied[ar], he, en))

    def named(headline: Claim | None, target: str = "en") -> str:
        return pick_headline(
            replace(group, headline=headline.sentence.id if headline else None), target
        ).outlet.id

    assert named(ar) == "ar-paper"
    assert named(ar, "ru") == "ru-paper"
    assert named(en) == named(None) == "en-paper"
    assert named(he) == "en-paper", "a machine's words name a row only where nobody's do"


@pytest.mark.parametrize("width", [40, 60, 200])
def test_the_terminal_folds_and_loses_nothing(comparison, width):
    console = Console(width=width, record=True, file=io.StringIO(), color_system=None)
    (table,) = build_tables(comparison)
    console.print(lay_out_story(table, width, isolate))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= width + 8  # isolates have no width
    text = " ".join(" ".join(lines).split())
    for outlet in ("ru", "ar", "he", "en"):
        assert f"{outlet}-" in text
    for words in ("23", "number", "Left out by outlets", "confidence 0.90"):
        assert words in text


def test_csv_has_a_row_for_each_outlet_and_names_the_kinds(comparison):
    rows = list(csv.DictReader(io.StringIO(comparison_csv(build_tables(comparison), "cells"))))
    assert {row["outlet"]: (row["coverage"], row["differing_words"], row["kinds"]) for row in rows} == {
        "ru-paper": ("reports", "", "number"),
        "ar-paper": ("reports", "", "number"),
        "he-paper": ("differs", "23", "number"),
        "en-paper": ("silent", "", "omission"),
    }
    assert {row["translation_warnings"] for row in rows} == {"", "number lost: 23"}


def test_markdown_escapes_what_outlets_write(comparison):
    text = comparison_markdown(build_tables(comparison), isolate)
    assert "≠" in text
    assert "\u202e" not in text
    assert "<b>" not in text


def test_the_document_keeps_sentences_as_printed(comparison):
    document = comparison_document(comparison)
    assert document["schema"] == 2
    assert document["unmatched"][0]["sentence"] == TEXTS["en"]
    assert document["groups"][0]["outlets"]["he-paper"] == "differs"
    assert document["groups"][0]["independent_outlets"] == ["ar-paper", "he-paper", "ru-paper"]
    assert document["divergences"][1]["absent_from"] == [
        {"outlet": "en-paper", "article_url": "https://en.example/1"}
    ]
    for divergence in document["divergences"]:
        for side in divergence["sides"]:
            assert side["sentence"][slice(*side["span"])] == side["words"]


def test_readings_with_two_values_are_one_side_where_the_detector_says_so(comparison):
    he, ru, ar = comparison.divergences[0].sides
    days = replace(ar, value="408")  # "17 days" in hours
    number = replace(comparison.divergences[0], sides=(he, ru, days), apart=1)
    assert standing_apart(number) == (he,)
    assert standing_apart(replace(number, sides=(he, ru))) == (he, ru)


def test_an_outlet_that_likely_states_the_fact_is_unsure_and_not_silent():
    found = blast()
    group = next(group for group in found.groups if group.silent)
    near = replace(group.silent[0], likelihood=0.7)
    changed = replace(group, silent=(near, *group.silent[1:]))
    groups = tuple(changed if own.id == group.id else own for own in found.groups)
    (table, *_) = build_tables(replace(found, groups=groups))
    row = next(row for row in table.rows if row.group.id == group.id)
    states = {cell.outlet.id: cell.coverage for cell in row.cells}
    assert states[near.article.outlet_id] == "unsure"
    assert all(states[own.article.outlet_id] == "silent" for own in group.silent[1:])
