"""Captions, rubrics and time stamps that stand in one line with a statement are cut off; nothing else is."""

from __future__ import annotations

import pytest

from xsource.judge.judging import Judge
from xsource.judge.seams import SHAPE_COLUMNS, word_shapes, word_spans

STATEMENTS = [
    "The regional parliament in Vardova rejected the budget on Tuesday by thirty-one votes to eighteen.",
    "Областной парламент Вардовы во вторник отклонил бюджет тридцатью одним голосом против восемнадцати.",
    "הפרלמנט האזורי של ורדובה דחה ביום שלישי את התקציב ברוב של שלושים ואחד מול שמונה עשר.",
    "رفض البرلمان الإقليمي في فاردوفا يوم الثلاثاء الميزانية بواحد وثلاثين صوتا مقابل ثمانية عشر.",
]
CAPTIONS = [
    ["Photo: press service of the parliament", "Share on Facebook", "Updated 14:35"],
    ["Фото: пресс-служба парламента", "Читайте также", "Обновлено в 14:35"],
    ["צילום: דוברות הפרלמנט", "שתפו בפייסבוק", "עודכן 14:35"],
    ["الصورة: المكتب الصحفي للبرلمان", "شارك على فيسبوك", "آخر تحديث 14:35"],
]


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(threads=1)


def kept(judge: Judge, *texts: str) -> list[str]:
    return [text[a:b] for text, (a, b) in zip(texts, judge.statement_spans(texts), strict=True)]


def test_what_stands_before_a_statement_is_cut_off(judge):
    joined = [f"{caption} {text}" for text, own in zip(STATEMENTS, CAPTIONS, strict=True) for caption in own]
    found = kept(judge, *joined)
    whole = [text for text in STATEMENTS for _ in range(3)]
    right = sum(one == other for one, other in zip(found, whole, strict=True))
    assert right >= 10, [one for one, other in zip(found, whole, strict=True) if one != other]
    assert all(one.endswith(other[-40:]) for one, other in zip(found, whole, strict=True))


def test_a_statement_alone_stays_whole(judge):
    assert kept(judge, *STATEMENTS) == STATEMENTS


def test_a_time_at_the_end_of_a_sentence_is_no_time_stamp(judge):
    told = [
        "Взрыв прогремел около семи вечера по местному времени.",
        "The shooting began at 18:30 Sydney time on Sunday.",
        "הירי החל בשעה 18:30 לפי שעון סידני.",
        "وقع الانفجار نحو السابعة مساء بالتوقيت المحلي.",
        "מספר הפצועים מגיע לעשרות, אך נתון מדויק עוד לא נמסר.",
    ]
    found = kept(judge, *told)
    assert sum(one == other for one, other in zip(found, told, strict=True)) >= 4, found


@pytest.mark.parametrize(
    "text", ["", " ", "one", "Share", "۱۲:۳۰", "one two", "\u200f \u200f", "слово " * 3000]
)
def test_odd_texts_are_kept(judge, text):
    ((start, end),) = judge.statement_spans([text])
    assert 0 <= start <= end <= len(text)
    assert len(text.split()) > 3 or (start, end) == (0, len(text))


def test_words_and_their_shapes():
    text = 'Kyiv,  "BBC" said: 5.'
    assert [text[a:b] for a, b in word_spans(text)] == ["Kyiv,", '"BBC"', "said:", "5."]
    rows = word_shapes(["Kyiv,", '"BBC"', "said:", "5."])
    assert rows.shape == (4, SHAPE_COLUMNS)
    assert rows[:, 1].tolist() == [1, 0, 0, 0]
    assert rows[:, 2].tolist() == [0, 0, 1, 0]
    assert rows[:, 4].tolist() == [1, 1, 0, 0]
    assert rows[:, 6].tolist() == [0, 1, 0, 0]
    assert rows[:, 0].tolist() == [0, 0, 0, 1]
