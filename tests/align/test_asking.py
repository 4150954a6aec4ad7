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


def test_a_question_that_two_groups_resemble_alike_is_reported_by_neither(world, reference):
    """What resembles one of two events only a little is still that event, if it does not resemble the other."""
    claims = world.claims(reference, ARTICLES)
    groups = find_groups(claims, reference)
    visit, aid, else_ = (
        world.vectors([(claim, "en")])[0] for claim in ("visit", "aid", "something else entirely")
    )

    def named(vector) -> set[str]:
        question = reference.centre((vector / np.linalg.norm(vector))[None].astype(np.float32), ["en"])
        judged = judge_claims(question, "en", claims, groups, reference)
        return {str(claims.ids[row]).split(":")[1] for row in np.flatnonzero(judged.are_reports)}

    mixtures = [named(0.5 * part * visit + 0.5 * (1 - part) * aid + else_) for part in np.linspace(0, 1, 41)]
    assert mixtures[0] == {"aid"}
    assert mixtures[-1] == {"visit"}
    assert set() in mixtures
    assert {"aid", "visit"} not in mixtures


def test_evidence_is_asked_about_near_groups_and_counts(world, reference):
    claims = world.claims(reference, ARTICLES)
    groups = find_groups(claims, reference)
    question = reference.centre(world.vectors([("visit", "en")]), ["en"])
    asked: list[int] = []

    def against(rows):
        asked.extend(rows.tolist())
        return np.full(len(rows), -9.0, dtype=np.float32)

    judged = judge_claims(question, "en", claims, groups, reference, evidence=against)
    assert not judged.are_reports.any()
    assert {str(claims.ids[row]) for row in asked} >= {"tass:visit", "haaretz:visit", "bbc:visit"}
    assert len(asked) < len(claims.ids)
