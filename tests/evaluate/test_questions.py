"""Counting who was named for questions: right, too many, too few, nobody."""

from pathlib import Path

from xsource.evaluate.questions import AskedClaim, measure_questions, read_questions
from xsource.records import Outlet, OutletAnswer, OutletId

CORPORA = Path(__file__).resolve().parents[2] / "corpora"
OUTLET_OF = {f"https://{name}.example/1": OutletId(name) for name in ("tass", "haaretz", "alquds")}


def answers(**status: str) -> list[OutletAnswer]:
    return [OutletAnswer(Outlet(OutletId(name), name, "ru"), what, None, ()) for name, what in status.items()]


def test_outlets_are_counted_over_all_questions():
    questions = [
        AskedClaim(
            "Погибли 7 тысяч", "ru", {"https://tass.example/1": False, "https://haaretz.example/1": True}
        ),
        AskedClaim("ההפוגה הופרה", "he", {"https://alquds.example/1": False}),
        AskedClaim("لم يحدث شيء", "ar", {}),
        AskedClaim("Nothing of the kind", "en", {}),
    ]
    said = {
        "Погибли 7 тысяч": answers(tass="differs", haaretz="differs", alquds="silent"),
        "ההפוגה הופרה": answers(tass="reports", haaretz="no coverage", alquds="silent"),
        "لم يحدث شيء": answers(tass="silent", haaretz="silent", alquds="no coverage"),
        "Nothing of the kind": answers(tass="silent", haaretz="silent", alquds="reports"),
    }
    named = measure_questions(questions, said.__getitem__, OUTLET_OF)
    assert (named.named, named.right, named.reporting) == (4, 2, 3)
    assert (named.precision, named.recall) == (0.5, 2 / 3)
    assert (named.nobody, named.nobody_right) == (2, 1)
    assert (named.differing, named.differing_found, named.agreeing, named.agreeing_flagged) == (1, 1, 1, 1)
    assert named.wrong == (
        ("ההפוגה הופרה", ("tass",), ("alquds",)),
        ("Nothing of the kind", ("alquds",), ()),
    )


def test_an_outlet_that_says_both_does_not_contradict():
    both = {"https://tass.example/1": True, "https://tass.example/2": False}
    outlet_of = dict.fromkeys(both, OutletId("tass"))
    for reporting in (both, dict(reversed(both.items()))):
        named = measure_questions(
            [AskedClaim("x", "en", reporting)], lambda _: answers(tass="reports"), outlet_of
        )
        assert (named.differing, named.agreeing) == (0, 1)


def test_the_questions_of_the_shipped_corpora_are_read():
    for folder in ("moscow-talks", "port-explosion", "valley-truce"):
        questions = read_questions(CORPORA / folder / "gold.jsonl")
        assert len(questions) == 24
        assert sum(not question.reporting for question in questions) == 8
        assert {question.language for question in questions} == {"en", "ru", "he", "ar"}
