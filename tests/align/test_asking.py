"""An asked claim is answered by the nearest group."""

from __future__ import annotations

import numpy as np

from xsource.align import find_groups, judge_claims, question_margins

ARTICLES = {
    "tass": ("ru", ["visit", "hostages", "ceasefire"]),
    "haaretz": ("he", ["visit", "protest"]),
    "alquds": ("ar", ["ceasefire", "aid"]),
    "bbc": ("en", ["visit", "ceasefire", "aid"]),
}


def reporting(world, reference, claim: str, language: str) -> set[str]:
    claims = world.claims(reference, ARTICLES)
    groups = find_groups(claims, reference)
    question = reference.centre(world.vectors([(claim, language)]), [language])
    judged = judge_claims(question, language, claims, groups, reference)
    return {str(claims.ids[row]) for row in np.flatnonzero(judged.are_reports)}


def test_every_outlet_that_makes_the_claim_is_named_in_every_language_asked(world, reference):
    for language in ("ru", "he", "ar", "en"):
        assert reporting(world, reference, "visit", language) == {"tass:visit", "haaretz:visit", "bbc:visit"}
        assert reporting(world, reference, "aid", language) == {"alquds:aid", "bbc:aid"}
        assert reporting(world, reference, "protest", language) == {"haaretz:protest"}


def test_a_claim_that_nobody_makes_names_nobody(world, reference):
    assert reporting(world, reference, "something else entirely", "en") == set()


def test_without_claims_nothing_reports(world, reference):
    claims = world.claims(reference, {})
    question = reference.centre(world.vectors([("visit", "en")]), ["en"])
    judged = judge_claims(question, "en", claims, [], reference)
    assert (len(judged.cosines), len(judged.margins), len(judged.are_reports)) == (0, 0, 0)


def test_margins_and_cosines_are_in_the_order_of_the_claims(world, reference):
    claims = world.claims(reference, ARTICLES)
    question = reference.centre(world.vectors([("hostages", "en")]), ["en"])
    judged = judge_claims(question, "en", claims, [], reference)
    assert claims.ids[int(judged.margins.argmax())] == "tass:hostages"
    assert claims.ids[int(judged.cosines.argmax())] == "tass:hostages"
    assert np.array_equal(judged.margins, question_margins(question, "en", claims, reference))
