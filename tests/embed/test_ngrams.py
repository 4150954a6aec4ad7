"""What the n-gram embedder knows: spelling, words, numbers."""

from __future__ import annotations

import subprocess
import sys
import zlib

import numpy as np
import pytest

from xsource.embed.ngrams import NgramEmbedder


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("Делегация прибыла в Москву", "Делегацию приняли в Москве", "Цены на пшеницу выросли"),
        ("המשלחת הגיעה למוסקבה", "המשלחת יצאה ממוסקבה", "מחיר החיטה עלה"),
        ("وصل الوفد إلى موسكو", "غادر الوفد موسكو", "ارتفع سعر القمح"),
        ("Погибли 1234 человека", "1234 הרוגים", "56 הרוגים"),
        ("STRASSE", "straße", "Straftat"),
    ],
)
def test_shared_spelling_is_near(text: str, near: str, far: str) -> None:
    vectors = NgramEmbedder().embed([text, near, far])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_another_process_gives_the_same_bits() -> None:
    program = (
        "import zlib; from xsource.embed.ngrams import NgramEmbedder;"
        "print(zlib.crc32(NgramEmbedder().embed(['Вода 7 מים ماء']).tobytes()))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(result.stdout) == zlib.crc32(NgramEmbedder().embed(["Вода 7 מים ماء"]).tobytes())


def test_dimensions_are_those_asked_for_and_part_of_the_id() -> None:
    small = NgramEmbedder(64)
    assert small.embed(["один"]).shape == (1, 64)
    assert small.id != NgramEmbedder().id
    assert np.count_nonzero(NgramEmbedder().embed(["один"])) > 3


@pytest.mark.parametrize("dimension", [0, 4, 100])
def test_odd_dimensions_are_refused(dimension: int) -> None:
    with pytest.raises(ValueError, match=f"dimension is {dimension}"):
        NgramEmbedder(dimension)
