"""What every detector promises: who stands apart, in one way, whatever the order of the outlets."""

from __future__ import annotations

import pytest

from xsource.compare.detectors import DETECTORS
from xsource.evaluate.polarity import group_of_sentences
from xsource.protocols import Detector
from xsource.records import DIVERGENCE_KINDS, Language

Told = list[tuple[str, Language, str]]

# Three outlets, one of which stands apart in the kind.
TOLD: dict[str, Told] = {
    "number": [
        ("fjord", "en", "The landslide at Tarnby killed 14 people."),
        ("sever", "ru", "Оползень в Тарнбю унёс жизни 14 человек."),
        ("kochav", "he", "מפולת בטרנבי הרגה 19 בני אדם."),
    ],
    "date": [
        ("fjord", "en", "The ferry sank on Friday."),
        ("sever", "ru", "Паром затонул в пятницу."),
        ("najm", "ar", "غرقت العبارة يوم السبت."),
    ],
    "actor": [
        ("fjord", "en", "Denis Galuzov killed the guard at the gate."),
        ("delta", "en", "Denis Galuzov killed the guard at the gate on Monday."),
        ("sever", "ru", "Виктор Борданов убил охранника у ворот."),
    ],
    "place": [
        ("fjord", "en", "The delegations met in Cairo on Thursday."),
        ("sever", "ru", "Делегации встретились в четверг в Каире."),
        ("delta", "en", "The delegations met in Doha on Thursday."),
    ],
    "polarity": [
        ("fjord", "en", "The minister agreed to resume the talks."),
        ("sever", "ru", "Министр согласился возобновить переговоры."),
        ("delta", "en", "The minister refused to resume the talks."),
    ],
    "attribution": [
        ("fjord", "en", "The police said that the bridge was closed."),
        ("sever", "ru", "Полиция сообщила, что мост закрыт."),
        ("delta", "en", "The health ministry said that the bridge was closed."),
    ],
    "certainty": [
        ("fjord", "en", "The bridge was closed on Monday."),
        ("sever", "ru", "Мост закрыли в понедельник."),
        ("delta", "en", "The bridge was allegedly closed on Monday."),
    ],
    "wording": [
        ("fjord", "en", "The militants attacked the post."),
        ("delta", "en", "The militants attacked the post at night."),
        ("sever", "ru", "Террористы напали на пост."),
    ],
}


def detector(kind: str) -> Detector:
    return dict(DETECTORS)[kind](None)


@pytest.mark.parametrize("kind", TOLD)
def test_who_stands_apart_comes_first_and_is_counted(kind: str) -> None:
    found = list(detector(kind)(group_of_sentences(TOLD[kind])))
    assert [divergence.kind for divergence in found] == [kind]
    for divergence in found:
        assert 0 < divergence.apart < len(divergence.sides)
        apart = {side.outlet_id for side in divergence.sides[: divergence.apart]}
        camp = {side.outlet_id for side in divergence.sides[divergence.apart :]}
        assert apart == {TOLD[kind][2][0]}
        assert camp == {outlet for outlet, _, _ in TOLD[kind][:2]}


@pytest.mark.parametrize("kind", TOLD)
def test_the_order_of_the_outlets_changes_nothing(kind: str) -> None:
    told = TOLD[kind]
    both = [
        [(d.sides, d.apart, d.confidence) for d in detector(kind)(group_of_sentences(order))]
        for order in (told, told[::-1])
    ]
    assert both[0] == both[1] != []


@pytest.mark.parametrize("kind", TOLD)
def test_one_who_agrees_with_the_majority_takes_no_difference_away(kind: str) -> None:
    (outlet, language, text), *_ = told = TOLD[kind]
    more = [*told, (f"{outlet}-wire", language, text)]
    (divergence,) = detector(kind)(group_of_sentences(more))
    assert {side.outlet_id for side in divergence.sides[: divergence.apart]} == {told[2][0]}


def test_every_kind_but_updates_and_omissions_is_tried() -> None:
    assert TOLD.keys() | {"update", "omission"} == set(DIVERGENCE_KINDS) == {kind for kind, _ in DETECTORS}
