"""Text of two directions on one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.report.bidi import direction, embedder_for, isolate, plain


def test_a_value_is_isolated_and_an_empty_one_is_nothing():
    assert isolate("שלום") == "\u2068שלום\u2069"
    assert isolate("") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u202eevil\u202c", "evil"),
        ("\u2067רמז\u2069", "רמז"),
        ("red \x1b[31mtext\x07", "red [31mtext"),
        ("one\u2028two", "one two"),
        ("tab\tand\nline stay", "tab\tand\nline stay"),
        ("حماس \u200fو\u200f", "حماس و"),
    ],
    ids=["override", "isolate", "escape", "line separator", "white space", "mark"],
)
def test_what_could_act_on_a_terminal_is_taken_out(text, expected):
    assert plain(text) == expected


@given(st.text())
def test_isolates_are_balanced_whatever_an_outlet_writes(text):
    inside = isolate(text)[1:-1]
    assert not set(inside) & set("\u2066\u2067\u2068\u2069\u202a\u202b\u202c\u202d\u202e\x1b")


def test_visual_order_is_for_terminals_that_print_left_to_right():
    visual = embedder_for("visual")
    assert visual("abc שלום") == "abc םולש"
    assert visual("first שלום\nsecond") == "first םולש\nsecond"


def test_direction_is_known_for_our_languages():
    assert [direction(code) for code in ("ru", "he", "ar", "en", "fa")] == ["ltr", "rtl", "rtl", "ltr", "ltr"]
