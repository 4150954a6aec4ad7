"""Where a sentence is cut, and how outlets are paired."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from report.sample_comparison import blast, make_claim, side_of

from xsource.records import Divergence, GroupId
from xsource.report.agreement import Agreement, measure_agreement
from xsource.report.bidi import plain
from xsource.report.marking import mark_sentence
from xsource.report.tables import build_tables

places = st.integers(0, 40)


@given(st.text(max_size=40), st.lists(st.tuples(places, places), max_size=4))
def test_no_letter_is_lost_or_doubled_however_spans_lie(text, spans):
    claim = make_claim("en", text=text)
    whole = side_of(claim, "", "a")
    divergences = []
    for start, end in spans:
        low, high = sorted((min(start, len(text)), min(end, len(text))))
        side = replace(whole, start=low, end=high, words=text[low:high])
        divergences.append(Divergence("number", GroupId("g"), (side, replace(side, value="b")), 0.9, ""))
    segments = mark_sentence(claim, divergences)
    assert "".join(segment.text for segment in segments) == plain(text)
    assert all((segment.stress is None) == (segment.divergences == ()) for segment in segments)


def test_overlapping_words_carry_both_kinds():
    claim = make_claim("en", text="The mayor of Haifa said 17 people died.")
    other = make_claim("ru")
    source = Divergence(
        "attribution",
        GroupId("g"),
        (side_of(claim, "mayor of Haifa", "mayor"), side_of(other, "мэр", "x")),
        0.9,
        "",
    )
    place = Divergence(
        "place", GroupId("g"), (side_of(claim, "Haifa", "Haifa"), side_of(other, "", "y")), 0.9, ""
    )
    marked = [(part.text, part.kinds) for part in mark_sentence(claim, (source, place)) if part.stress]
    assert marked == [("mayor of ", ("attribution",)), ("Haifa", ("attribution", "place"))]


def test_leaving_out_and_later_figures_are_no_disagreement():
    comparison = blast()
    (table,) = build_tables(comparison)
    assert measure_agreement(table)["ar-paper", "he-paper"] == Agreement(2, 1)
    assert measure_agreement(table)["en-paper", "ru-paper"] == Agreement(1, 1)
    updated = replace(comparison, divergences=(replace(comparison.divergences[0], kind="update"),))
    (table,) = build_tables(updated)
    assert measure_agreement(table)["ar-paper", "he-paper"] == Agreement(2, 2)
    assert Agreement(0, 0).share is None
