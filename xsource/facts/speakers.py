"""Who says a sentence that does not tell so itself: the next one may name the source, or its quotation.

"Four people died. This was reported by the minister." names the source of the first sentence in the second; a
quotation of several sentences has one speaker, named where it begins or where it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from xsource.facts.attribution import Attribution, attributions, back_reference

_OPENING, _CLOSING = "«“„", "»”"
# A quotation mark between letters is that of an acronym.
_QUOTE = re.compile(r"(?<!\w)[\"«»“”„]|[\"«»“”„](?!\w)")
# Where a sentence may end, for want of the article's own; one too many harms no reading of the others.
_END = re.compile(r"[.!?؟…][\"»”“'’)\]]{0,4}(?=\s)|\n")
# A speaker is named within so many sentences of one quotation.
_LONGEST_QUOTATION = 12


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says a sentence.

    Attributes:
        sentence: index of the sentence that names the speaker; the same or a neighbouring one.
        attribution: where and how that sentence names them.
    """

    sentence: int
    attribution: Attribution


def speakers(sentences: Sequence[str], language: str) -> tuple[Speaker | None, ...]:
    """Say who speaks in each of the sentences of an article, in order; `None` where nobody is named.

    Args:
        sentences: neighbours in their text.
        language: one of ours; `ValueError` for another.
    """
    own: list[Speaker | None] = []
    for place, text in enumerate(sentences):
        named = [each for each in attributions(text, language) if not each.is_unnamed]
        framed = next((each for each in named if each.is_framed), named[0] if named else None)
        own.append(None if framed is None else Speaker(place, framed))
    found = list(own)
    for first, last in _quotations(sentences):
        speaker = next(
            (own[place] for place in (first, last, *range(first + 1, last), last + 1) if _at(own, place)), None
        )
        for place in range(first, last + 1):
            found[place] = found[place] or speaker
    for place in range(len(sentences) - 1):
        if found[place] is None:
            reference = back_reference(sentences[place + 1], language)
            if reference is not None:
                found[place] = Speaker(place + 1, reference)
    return tuple(found)


def speaker_around(text: str, start: int, end: int, language: str) -> Attribution | None:
    """Say who speaks in `text[start:end]` by what stands around it; `None` where nothing around tells.

    Args:
        text: an article's.
        start: half-open with `end`, code points: one of its sentences.
        end: see `start`.
        language: one of ours; `ValueError` for another.
    """
    spans, found = _speakers_of(text, language)
    for (begin, stop), speaker in zip(spans, found, strict=True):
        if speaker is not None and begin < end and start < stop:
            there = spans[speaker.sentence]
            if there[1] <= start or end <= there[0]:
                return speaker.attribution
    return None


@lru_cache(maxsize=256)
def _speakers_of(text: str, language: str) -> tuple[tuple[tuple[int, int], ...], tuple[Speaker | None, ...]]:
    spans = sentence_spans(text)
    return spans, speakers([text[start:end] for start, end in spans], language)


@lru_cache(maxsize=256)
def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Give half-open ranges of code points that are about a text's sentences, for want of better ones."""
    return tuple(_sentences_of(text))


def _sentences_of(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _END.finditer(text):
        if text[start : mark.end()].strip():
            yield start, mark.end()
            start = mark.end()
    if text[start:].strip():
        yield start, len(text)


def _at(own: Sequence[Speaker | None], place: int) -> Speaker | None:
    return own[place] if place < len(own) else None


def _quotations(sentences: Sequence[str]) -> list[tuple[int, int]]:
    """Give the first and last sentence of each quotation that more than one sentence belongs to."""
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    for place, text in enumerate(sentences):
        for match in _QUOTE.finditer(text):
            mark = match.group()
            opens = mark in _OPENING or (mark == '"' and opened is None)
            if mark == "“" and opened is not None:
                opens = False  # the closing mark of „…“
            if opens and opened is None:
                opened = place
            elif not opens and opened is not None:
                if place > opened and place - opened <= _LONGEST_QUOTATION:
                    spans.append((opened, place))
                opened = None
    return spans
