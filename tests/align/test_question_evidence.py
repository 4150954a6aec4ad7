"""What figures and names of a question add to the margins of claims, in four scripts."""

import numpy as np
import pytest

from xsource.align import QuestionEvidence
from xsource.align.evidence import NOTHING_COMMON, SAME_NUMBER
from xsource.align.question_evidence import NOBODY_KNOWN
from xsource.records import ArticleId

MOSCOW = ArticleId("moscow")
VALLEY = ArticleId("valley")

CLAIMS = [
    ("en", MOSCOW, "More than 7,000 Palestinians have been killed, according to officials in Gaza."),
    ("ru", MOSCOW, "По данным властей, погибли более 7 тысяч палестинцев."),
    ("he", MOSCOW, "גורמים רשמיים בעזה טוענים כי יותר מ-7,000 פלסטינים נהרגו."),
    ("ar", MOSCOW, "وتجاوز عدد القتلى الفلسطينيين 7 آلاف."),
    ("en", VALLEY, "The crater is nine metres deep."),
    ("ru", VALLEY, "Встреча прошла в пятницу."),
]


def evidence_on(question: str, language: str, texts: dict[ArticleId, str] | None = None) -> list[float]:
    read = {MOSCOW: "", VALLEY: ""} | (texts or {})
    evidence = QuestionEvidence(
        question,
        language,
        [text for _, _, text in CLAIMS],
        [code for code, _, _ in CLAIMS],
        [article for _, article, _ in CLAIMS],
        read.__getitem__,
    )
    return [round(float(value), 3) for value in evidence(np.arange(len(CLAIMS)))]


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "more than seven thousand people were killed"),
        ("ru", "погибло более 7 тыс. человек"),
        ("he", "יותר מ-7,000 בני אדם נהרגו"),
        ("ar", "قتل أكثر من 7000 شخص"),
    ],
)
def test_the_same_number_of_the_same_thing_speaks_for_a_claim(language, question):
    assert evidence_on(question, language) == [SAME_NUMBER] * 4 + [pytest.approx(NOTHING_COMMON), 0.0]


def test_another_number_of_the_same_thing_speaks_neither_way():
    assert evidence_on("9,000 people were killed", "en")[:4] == [0.0] * 4


@pytest.mark.parametrize(
    ("language", "spelled"),
    [
        ("ru", "Песков говорил с журналистами."),
        ("he", "פסקוב דיבר עם כתבים."),
        ("ar", "وتحدث بيسكوف إلى الصحفيين."),
        ("en", "Kremlin spokesman Dmitry Peskov spoke to reporters."),
    ],
)
def test_an_article_that_never_names_who_was_asked_about_speaks_against_its_claims(language, spelled):
    def evidence(article: str) -> float:
        found = QuestionEvidence(
            "Peskov denied that the meeting took place",
            "en",
            [spelled],
            [language],
            [MOSCOW],
            {MOSCOW: article}.get,
        )  # fmt: skip
        return float(found(np.zeros(1, dtype=np.int64))[0])

    others = [text for code, _, text in CLAIMS if code == language]
    assert evidence("\n".join([*others, spelled])) == 0.0
    assert evidence("\n".join(others)) == pytest.approx(NOBODY_KNOWN)


def test_a_question_without_names_and_figures_adds_nothing():
    assert evidence_on("the meeting took place", "en") == [0.0] * len(CLAIMS)
