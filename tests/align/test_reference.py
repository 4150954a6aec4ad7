"""The shipped reference belongs to the bundled model, and an index can give its own."""

from __future__ import annotations

import numpy as np
import pytest

from xsource.align import match_rows, reference_from, shipped_reference
from xsource.records import LANGUAGES


@pytest.mark.model
def test_the_bundled_model_has_a_shipped_reference():
    from xsource.embed.bundled import BundledEmbedder

    embedder = BundledEmbedder()
    reference = shipped_reference(embedder.id)
    assert reference is not None
    assert reference.languages == tuple(sorted(LANGUAGES))
    sentences = {
        "en": "The delegation arrived in Moscow on Friday.",
        "ru": "Делегация прибыла в Москву в пятницу.",
        "ar": "وصل الوفد إلى موسكو يوم الجمعة.",
        "he": "המשלחת הגיעה למוסקבה ביום שישי.",
    }
    centred = reference.centre(embedder.embed(list(sentences.values())), list(sentences))
    assert np.linalg.norm(centred, axis=1) == pytest.approx(1, abs=1e-5)
    cosine = centred @ centred.T
    usual = reference.hubness(centred)
    for i in range(4):
        for j in range(4):
            if i != j:
                code = list(sentences)[j]
                assert cosine[i, j] > usual[i, reference.column(code)].max() + 0.1


def test_no_reference_is_shipped_for_another_embedder():
    assert shipped_reference("ngrams/1") is None


def test_an_index_gives_means_to_languages_with_enough_sentences(world):
    said = [(f"claim {i}", "ru") for i in range(40)] + [("claim 1", "he"), ("claim 2", "he")]
    vectors, languages = world.vectors(said), [code for _, code in said]
    reference = reference_from("other/1", vectors, languages)
    assert reference.embedder == "other/1"
    assert reference.means["ru"] == pytest.approx(vectors[:40].mean(axis=0), abs=1e-6)
    assert reference.means["he"] == pytest.approx(vectors.mean(axis=0), abs=1e-6)
    assert reference.centre(vectors, languages).shape == vectors.shape
    assert reference.hubness(vectors).shape == (42, 4, 4)


def test_hubness_among_some_languages_is_theirs_and_nothing_else(world, reference):
    rows = reference.centre(world.vectors([("a", "he"), ("b", "he")]), ["he", "he"])
    whole, some = reference.hubness(rows), reference.hubness(rows, among=("ar", "en"))
    asked = [reference.column("ar"), reference.column("en")]
    assert np.sort(some[:, asked]) == pytest.approx(np.sort(whole[:, asked]))
    assert np.isnan(some[:, [reference.column("he"), reference.column("ru")]]).all()


def test_hubness_is_of_the_nearest_reference_sentences(world, reference):
    rows = reference.centre(world.vectors([("a", "ru"), ("b", "ar")]), ["ru", "ar"])
    found = reference.hubness(rows)
    for column, code in enumerate(reference.languages):
        # The two nearest may be the sentence itself and its counterpart, as the index is its own reference.
        expected = -np.sort(-(rows @ reference.sentences[code].T), axis=1)[:, 2:6]
        assert -np.sort(-found[:, column], axis=1) == pytest.approx(expected, abs=1e-6)


def test_a_handful_of_sentences_is_enough_to_go_on(world):
    said = [("a", "ru"), ("b", "en"), ("c", "he")]
    reference = reference_from("other/1", world.vectors(said), [code for _, code in said])
    assert reference.hubness(reference.centre(world.vectors(said), ["ru", "en", "he"])).shape == (3, 4, 1)


def test_an_index_that_is_its_own_reference_still_matches(world):
    articles = {code: (code, [f"claim {i}" for i in range(10)]) for code in LANGUAGES}
    said = [(claim, code) for code, claims in articles.values() for claim in claims]
    reference = reference_from("other/1", world.vectors(said), [code for _, code in said])
    claims = world.claims(reference, articles)
    rows = claims.rows_by_article()
    for other in LANGUAGES[1:]:
        matched = match_rows(claims, reference, rows[LANGUAGES[0]], rows[other])
        assert (matched.right % 10).tolist() == (matched.left % 10).tolist() == list(range(10))


def test_without_sentences_there_is_no_reference():
    with pytest.raises(ValueError, match="no sentences"):
        reference_from("other/1", np.empty((0, 8), dtype=np.float32), [])
