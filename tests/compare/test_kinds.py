"""Which kinds are looked for: those that were right often enough, and any that is named."""

from __future__ import annotations

import pytest

from xsource.errors import InputError
from xsource.evaluate.polarity import group_of_sentences
from xsource.records import DEFAULT_KINDS, DIVERGENCE_KINDS, OPTIONAL_KINDS
from xsource.registry import open_detectors
from xsource.settings import Settings

DENIED_AND_COUNTED = group_of_sentences(
    [
        ("fjord", "en", "The minister agreed to free 12 prisoners."),
        ("sever", "ru", "Министр согласился освободить 12 заключённых."),
        ("delta", "en", "The minister refused to free 15 prisoners."),
    ]
)


def kinds_found(named: str) -> set[str]:
    detectors = open_detectors(Settings(detectors=named))(None)
    return {divergence.kind for detect in detectors for divergence in detect(DENIED_AND_COUNTED)}


def test_a_kind_that_is_often_wrong_is_found_only_where_it_is_named() -> None:
    assert kinds_found("") == {"number"}
    assert kinds_found("polarity") == {"polarity"}
    assert kinds_found("all") >= {"number", "polarity"}


def test_every_kind_is_either_looked_for_or_named() -> None:
    assert set(DEFAULT_KINDS) | OPTIONAL_KINDS == set(DIVERGENCE_KINDS)
    assert not set(DEFAULT_KINDS) & OPTIONAL_KINDS


def test_a_kind_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(InputError, match='names "rumour", expected some of number, .*, all'):
        open_detectors(Settings(detectors="number,rumour"))(None)
