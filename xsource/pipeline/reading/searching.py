"""One text against the index: the sentences nearest to it in meaning, whatever language they are in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, cast

from xsource.align import Reference, question_margins, rows_of_claims
from xsource.errors import InputError
from xsource.pipeline.reading.filters import Filters
from xsource.pipeline.reading.ranking import rank_hits
from xsource.protocols import Embedder, LanguageDetector
from xsource.records import LANGUAGES, FloatMatrix, Language, SearchHit
from xsource.registry import open_detector
from xsource.store import Index

if TYPE_CHECKING:
    from xsource.pipeline.reading.reader import Reader

CANDIDATES_A_HIT = 5
FEWEST_CANDIDATES = 100
"""Nearest sentences looked at in each language: so many for every hit that is wanted, and never fewer. The
nearest by cosine is not always the nearest by margin."""

MOST_WORDS_BY_SCRIPT = 3
"""So few words are taken for our language of their script: "explosion" is Spanish too."""

MOST_WORDS_OF_A_HEADLINE = 12

_LANGUAGE_OF_SCRIPT: dict[str, Language] = {"CYRILLIC": "ru", "HEBREW": "he", "ARABIC": "ar", "LATIN": "en"}


@dataclass(frozen=True, slots=True)
class Question:
    """An asked text: its language, its unit vector (1, d) as embedded, and the same centred."""

    text: str
    language: Language
    vector: FloatMatrix
    centred: FloatMatrix


def embed_question(
    text: str, embedder: Embedder, reference: Reference, language: Language | None = None
) -> Question:
    """Judge an asked text's language, where it is not given, and embed it.

    Raises:
        InputError: the text is empty, or in none of the four languages.
    """
    text = " ".join(text.split())
    if language is None and len(text.split()) <= MOST_WORDS_BY_SCRIPT:
        language = _language_of_script(text)
    if language is None:
        detected = _detector().detect(text)
        if not detected.is_supported and (own := _language_of_letters(text)):
            language = own
        elif not detected.is_supported:
            what = (
                "has no letters" if detected.code == "und" else f"is in {detected.code!r} ({detected.reason})"
            )
            raise InputError(
                f'the text "{text[:60]}" {what}, expected one of {", ".join(LANGUAGES)}',
                "say which it is: --language",
            )
        else:
            language = cast("Language", detected.code)
    vector = embedder.embed([text])
    return Question(text, language, vector, reference.centre(vector, [language]))


@cache
def _detector() -> LanguageDetector:
    """Make the detector once: what it loads for a script takes a tenth of a second."""
    return open_detector()


_LETTERS: dict[Language, frozenset[str]] = {
    "ru": frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя"),
    "ar": frozenset("ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"),
    "he": frozenset("אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
}
"""A short headline is easily taken for a neighbour's language; what has only our letters is read as ours."""


def _language_of_letters(text: str) -> Language | None:
    """Give our language all of whose letters a short text has, and no others; `None` where it has others."""
    letters = {letter for letter in text.casefold() if letter.isalpha()}
    if len(text.split()) > MOST_WORDS_OF_A_HEADLINE:
        return None
    return next((code for code, own in _LETTERS.items() if letters and letters <= own), None)


def _language_of_script(text: str) -> Language | None:
    """Give the one of our languages whose script all letters of a text are in; `None` where they are mixed."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha()}
    return _LANGUAGE_OF_SCRIPT.get(scripts.pop()) if len(scripts) == 1 else None


def search_index(
    reader: Reader, index: Index, question: Question, top: int, filters: Filters
) -> list[SearchHit]:
    """Find the sentences nearest to a question, whatever language they are in, in the order of `ranking.py`.

    Candidates are looked up language by language: a multilingual encoder puts all sentences of the question's
    own language nearer than those of another, so one search over all of them would hardly leave it.
    """
    hits = []
    candidates = max(FEWEST_CANDIDATES, CANDIDATES_A_HIT * top)
    for language in filters.languages or LANGUAGES:
        hits += find_nearest(reader, index, question, candidates, replace(filters, languages=(language,)))
    return rank_hits(reader, index, question, hits)[:top]


def find_nearest(
    reader: Reader, index: Index, question: Question, count: int, filters: Filters
) -> list[SearchHit]:
    """Give the sentences nearest to a question by plain cosine, measured again by centred cosine and margin."""
    (found,) = index.search(
        question.vector,
        count,
        outlets=filters.outlets,
        languages=filters.languages,
        since=filters.since,
        until=filters.until,
    )
    claims = reader.claims_of([sentence_id for sentence_id, _ in found])
    if not claims:
        return []
    languages = [claim.article.language for claim in claims]
    raw = index.vectors([claim.sentence.id for claim in claims])
    vectors = reader.reference.centre(raw, languages)
    cosines = vectors @ question.centred[0]
    rows = rows_of_claims(claims, vectors, reader.reference, among=(question.language,))
    near = question_margins(question.centred, question.language, rows, reader.reference)
    return [
        SearchHit(claim, float(cosine), float(margin))
        for claim, cosine, margin in zip(claims, cosines, near, strict=True)
    ]
