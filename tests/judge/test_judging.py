"""What the shipped judge says of plain cases in four scripts, and laws that hold of any pair."""

from __future__ import annotations

import numpy as np
import pytest

from xsource.judge.judging import Judge

TALKS = [
    ("The talks in Lorvan lasted nearly three hours, the ministry said.", "en"),
    ("Переговоры в Лорване длились почти три часа, сообщили в министерстве.", "ru"),
    ("השיחות בלורוואן נמשכו כמעט שלוש שעות, נמסר מהמשרד.", "he"),
    ("استمرت المحادثات في لورفان قرابة ثلاث ساعات، بحسب الوزارة.", "ar"),
]
OTHERS = [
    ("The price of bread in the capital rose by a tenth over the summer.", "en"),
    ("Футболисты сборной сыграли вничью в товарищеском матче.", "ru"),
    ("שריפה פרצה במפעל לייצור צבע בצפון הארץ.", "he"),
    ("افتتح الوزير مستشفى جديدا في مدينة الشاطئ.", "ar"),
]
FURNITURE = [
    "Read also: storm closes port",
    "Фото: пресс-служба",
    "הירשמו לניוזלטר היומי",
    "اقرأ أيضا: أسعار الذهب",
]


@pytest.fixture(scope="module")
def judge():
    return Judge(threads=1)


def judged(judge, said):
    texts, languages = [text for text, _ in said], [code for _, code in said]
    readings = judge.read(texts)
    rows = [(a, b) for a in range(len(said)) for b in range(a + 1, len(said))]
    left, right = (np.array([row[end] for row in rows], np.int64) for end in (0, 1))
    articles = np.arange(len(said), dtype=np.int64)
    found = judge.judge(readings, left, right, articles, texts, languages)
    near = dict(
        zip(zip(found.left.tolist(), found.right.tolist(), strict=True), found.same.tolist(), strict=True)
    )
    return {row: near.get(row, 0.0) for row in rows}  # a pair that is not there is another fact


def test_one_fact_in_four_languages_is_one_and_others_are_not(judge):
    same = judged(judge, TALKS + OTHERS)
    inside = [same[a, b] for a in range(4) for b in range(a + 1, 4)]
    across = [same[a, b] for a in range(4) for b in range(4, 8)]
    assert min(inside) > max(across)
    assert np.median(inside) > 0.5 > max(across)


def test_who_states_the_same_joins_a_group_and_who_shares_a_part_does_not(judge):
    half = ("The talks in Lorvan were opened by a prayer, and the delegations then had lunch.", "en")
    said = [*TALKS, half, *OTHERS]
    texts, languages = [text for text, _ in said], [code for _, code in said]
    readings = judge.read(texts)
    rows = [(a, b) for a in range(len(said)) for b in range(a + 1, len(said))]
    left, right = (np.array([row[end] for row in rows], np.int64) for end in (0, 1))
    pairs = judge.judge(readings, left, right, np.arange(len(said)), texts, languages)
    joins = judge.joins(readings, pairs)
    same, part, other = joins([(0, 1)] * 3, [3, 4, 7])
    assert same >= judge.number("group.join") > other
    assert same >= part >= other
    assert joins([(1, 0)], [3]) == [same]
    assert joins([], []) == []


def test_furniture_states_nothing(judge):
    stating = judge.read([text for text, _ in TALKS + OTHERS] + FURNITURE).stating
    assert stating[:8].min() > 0.5 > stating[8:].max()


def test_a_reading_does_not_depend_on_what_is_read_with_it(judge):
    texts = [text for text, _ in TALKS + OTHERS]
    together, alone = judge.read(texts), judge.read(texts[3:4])
    assert together.vectors[3] == pytest.approx(alone.vectors[0], abs=0.02)


def test_a_question_is_answered_by_who_tells_it(judge):
    text = "The Lorvan talks went on for about three hours"
    said = TALKS + OTHERS
    texts, languages = [t for t, _ in said], [c for _, c in said]
    articles = np.arange(len(texts))
    found = judge.ask(judge.read([text]), judge.read(texts), text, "en", articles, texts, languages)
    assert found.same[:4].min() > found.same[4:].max()


def test_nothing_to_judge_gives_nothing(judge):
    nothing = judge.read([])
    assert len(nothing) == 0
    none = np.empty(0, np.int64)
    assert len(judge.judge(nothing, none, none, none, [], [])) == 0
    assert len(judge.ask(judge.read(["The port is closed."]), nothing, "x", "en", none, [], []).same) == 0


@pytest.mark.parametrize("text", ["x", "?", "\u200f", "слово " * 4000, "👍", "12:30"])
def test_odd_sentences_raise_nothing(judge, text):
    readings = judge.read([text, TALKS[0][0]])
    one = np.array([0]), np.array([1])
    found = judge.judge(readings, *one, np.arange(2), [text, TALKS[0][0]], ["ru", "en"])
    assert len(found) < 2
    assert all(0 <= likely <= 1 for likely in found.same.tolist())
