"""Finds who says it: the source, the words that attribute, and whom the source cites in turn.

Sources are found by their place beside a saying verb (`Peskov said`, `заявил Песков`, `وقال بيسكوف إن`) or
after "according to"; the lists are each language's `[attribution]`. A source is the words as printed. What
kind of source it is (police, ministry, hospital) is told by the same lists, so that sources compare across
languages.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from xsource.facts.attribution_words import SourceWords, source_words
from xsource.facts.polarity import Cue, read_polarity
from xsource.facts.text.folding import Folded, fold_text
from xsource.facts.text.phrases import FoundPhrase
from xsource.facts.text.words import Word, word_forms, words_of

Manner = Literal["says", "claims", "denies", "according", "cites"]

_LONGEST_SOURCE: Final = 10
_LONGEST_CLAUSE: Final = 20
# "Did not publicly say": between a negation and the verb that it denies.
_WORDS_TO_DENIED_VERB: Final = 1
# A sentence that says who said the one before is short and begins with what points back.
_WORDS_BEFORE_REFERENCE: Final = 2
_WORDS_TO_VERB: Final = 2
_LONGEST_REFERENCE: Final = 20
_BREAK: Final = re.compile(r"[,.;:!?؟،؛…—–«»“”„\"()\[\]\n]|\s-\s")
# Quotation marks inside a Hebrew acronym break nothing.
_INSIDE_WORD: Final = re.compile(r"(?<=\w)[\"“”״](?=\w)")
_ASIDE: Final = re.compile(r"\s*[«“„\"]\w{1,15}[»”“\"]\s")
_TRIMMED: Final = " \t\u00a0\u200e\u200f-–—"


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says what a sentence says.

    Attributes:
        manner: `says`, `claims` (does not vouch), `denies`, `according` (to), or `cites` for a cited source.
        start: of the source: half-open range of code points, with `end`; equal where no source is named.
        end: see `start`.
        source: as printed; the sentence's `start:end`.
        kinds: what kinds of source the lists make it (`police`, `ministry`); none for a name alone.
        is_unnamed: the source is a pronoun or left out.
        is_framed: the cue surely attributes the statement ("said that", ", he said."), and does not only
            speak of an act
            ("declared a truce").
        cue_start: of the words that attribute: half-open, with `cue_end`.
        cue_end: see `cue_start`.
        cue: the sentence's `cue_start:cue_end`.
        cited: whom the source cites in turn: TASS said, citing Iranian embassy sources.
    """

    manner: Manner
    start: int
    end: int
    source: str
    kinds: frozenset[str]
    is_unnamed: bool
    is_framed: bool
    cue_start: int
    cue_end: int
    cue: str
    cited: Attribution | None = None

    @property
    def chain(self) -> tuple[Attribution, ...]:
        """This attribution and whom it cites, outermost first."""
        return (self, *(self.cited.chain if self.cited else ()))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with what every rule looks at."""

    text: str
    language: str
    words: tuple[Word, ...]
    lists: SourceWords
    breaks: tuple[tuple[int, int], ...]
    cues: tuple[FoundPhrase, ...]
    that: frozenset[int]
    ends: frozenset[int]
    denials: tuple[Cue, ...]

    def segment_before(self, place: int) -> int:
        """Give where the stretch begins that ends at `place` and that no mark divides."""
        before = bisect_left(self.breaks, (place, place))
        return self.breaks[before - 1][1] if before else 0

    def segment_after(self, place: int) -> int:
        """Give where the stretch ends that begins at `place`."""
        after = bisect_left(self.breaks, (place, place))
        return self.breaks[after][0] if after < len(self.breaks) else len(self.text)

    def words_from(self, place: int) -> Iterator[Word]:
        """Give the words from a place on."""
        for index in range(bisect_left(self.words, place, key=lambda word: word.start), len(self.words)):
            yield self.words[index]

    def words_between(self, begin: int, end: int, at_most: int = 1000) -> tuple[Word, ...]:
        """Give the words that lie wholly between two places, the last ones where there are more."""
        first = bisect_left(self.words, begin, key=lambda word: word.start)
        last = bisect_right(self.words, end, key=lambda word: word.end)
        return self.words[max(first, last - at_most) : last]


@lru_cache(maxsize=8192)
def attributions(text: str, language: str) -> tuple[Attribution, ...]:
    """Find who says what a sentence says, in its order; a cited source stands in the `cited` of who cites it.

    Args:
        text: one sentence, any length.
        language: one of ours; `ValueError` for another.
    """
    folded = fold_text(text)
    if folded.starts is None:
        return _find(text, language)
    # Marks of direction and vowel signs stand between words: they are left out, and the places led back.
    return tuple(_led_back(each, text, folded) for each in _find(folded.text, language))


def _led_back(found: Attribution, text: str, folded: Folded) -> Attribution:
    start, end = folded.span(found.start, found.end)
    cue_start, cue_end = folded.span(found.cue_start, found.cue_end)
    return replace(
        found,
        start=start,
        end=end,
        source=text[start:end],
        cue_start=cue_start,
        cue_end=cue_end,
        cue=text[cue_start:cue_end],
        cited=None if found.cited is None else _led_back(found.cited, text, folded),
    )


def _find(text: str, language: str) -> tuple[Attribution, ...]:
    sentence = _read(text, language)
    found: list[Attribution] = []
    used_until = -1
    for cue in sentence.cues:
        if _is_negated(sentence, cue):
            continue
        if cue.label == "not_cues" or cue.start < used_until or _resumes(text, cue, found):
            continue  # inside the source that an earlier cue took: "according to a report"
        for attribution in _attribution_of(sentence, cue, found):
            used_until = max(used_until, attribution.chain[-1].end, attribution.chain[-1].cue_end)
            if found and found[-1].cue_start == attribution.cue_start:
                found[-1] = attribution
            else:
                found.append(attribution)
    return tuple(found)


def back_reference(text: str, language: str) -> Attribution | None:
    """Find who said the sentence before: "This was reported by the minister", `Об этом сообщил министр`."""
    lists = source_words(language)
    words = words_of(text)
    reference = next(iter(lists.back_references.find(text)), None)
    if reference is None or reference.first > _WORDS_BEFORE_REFERENCE or len(words) > _LONGEST_REFERENCE:
        return None
    # Its verb stands in the reference or right behind it: "об этом сообщил", and not "об этом мосте".
    near = words[min(reference.last + _WORDS_TO_VERB, len(words) - 1)].end
    said = next((each for each in attributions(text, language) if reference.start < each.cue_end <= near), None)
    if said is not None and said.source and not (said.start < reference.end and reference.start < said.end):
        return said
    sentence = _read(text, language)
    cues = [cue for cue in sentence.cues if reference.start <= cue.start and cue.label != "not_cues"]
    cue = cues[0] if cues and cues[0].end <= near else None
    if cue is None and reference.label == "saying":
        cue = reference
    if cue is None:
        return None
    begin, end = _source_after(sentence, max(cue.end, reference.end))
    return None if begin == end else _make(sentence, cue, "says", begin, end)


def _is_negated(sentence: _Sentence, cue: FoundPhrase) -> bool:
    """Whether a verb of saying is denied, so that nobody says it: "did not say", `не заявлял`."""
    if cue.label not in {"says", "claims", "denies"}:
        return False
    # Of the denials that begin before the verb only the last two can reach it.
    last = bisect_left(sentence.denials, cue.start, key=lambda denial: denial.start)
    return any(_denies(sentence, denial, cue) for denial in sentence.denials[max(0, last - 2) : last])


def _denies(sentence: _Sentence, denial: Cue, cue: FoundPhrase) -> bool:
    if denial.kind not in {"negation", "cessation", "denial"}:
        return False
    if cue.start < denial.end:  # не подтвердил
        return True
    words = len(sentence.words_between(denial.end, cue.start))
    return denial.kind != "denial" and cue.start < denial.scope_end and words <= _WORDS_TO_DENIED_VERB


def _resumes(text: str, cue: FoundPhrase, found: Sequence[Attribution]) -> bool:
    """Tell the verb of a subject that has been found: "The agency, citing sources, said"."""
    if not found or found[-1].cited is None or cue.label not in {"says", "claims"}:
        return False
    return not text[found[-1].chain[-1].end : cue.start].strip(" ,،")


def source_kinds(text: str, language: str) -> frozenset[str]:
    """Give every kind of source that a sentence mentions, whether or not it says anything.

    A word of a cue is no mention: `по данным` ("according to the data of") is not a survey.
    """
    lists = source_words(language)
    of_cues = {
        place
        for cue in lists.cues.find(text)
        if cue.label in {"according", "cites"}
        for place in range(cue.first, cue.last + 1)
    }
    return frozenset(
        kind
        for found in lists.sources.find(text)
        if of_cues.isdisjoint(range(found.first, found.last + 1))
        for kind in lists.kinds[found.label]
    )


def _read(text: str, language: str) -> _Sentence:
    lists = source_words(language)
    words = words_of(text)
    cues = lists.cues.find(text)
    polarity = read_polarity(text, language)
    inside = {match.start() for match in _INSIDE_WORD.finditer(text)}
    return _Sentence(
        text=text,
        language=language,
        words=words,
        lists=lists,
        breaks=tuple(match.span() for match in _BREAK.finditer(text) if match.start() not in inside),
        cues=cues,
        that=frozenset(found.start for found in lists.that.find(text)),
        denials=tuple(sorted(polarity.cues + polarity.undone, key=lambda denial: denial.start)),
        ends=frozenset(
            [found.start for found in lists.ends.find(text)]
            + [cue.start for cue in cues if cue.label in {"cites", "according"}]
        ),
    )


def _attribution_of(
    sentence: _Sentence, cue: FoundPhrase, before: Sequence[Attribution]
) -> Iterator[Attribution]:
    if cue.label == "according":
        start, end = _source_after(sentence, cue.end)
        yield _make(sentence, cue, "according", start, end)
    elif cue.label == "cites":
        start, end = _source_after(sentence, cue.end)
        passing = _passing_on(sentence, start, end)
        if passing:  # "passed on TASS from sources": both follow the verb
            outer = _make(sentence, cue, "says", *_stripped(sentence.text, start, passing.start))
            cited = _make(sentence, passing, "cites", *_stripped(sentence.text, passing.end, end))
            yield replace(outer, cited=cited, is_framed=True)
        else:
            yield from _citing(sentence, cue, _make(sentence, cue, "cites", start, end), before)
    else:
        start, end = _subject(sentence, cue)
        manner: Manner = "claims" if cue.label == "claims" else "denies" if cue.label == "denies" else "says"
        yield _make(sentence, cue, manner, start, end)


def _citing(
    sentence: _Sentence, cue: FoundPhrase, cited: Attribution, before: Sequence[Attribution]
) -> Iterator[Attribution]:
    """Join a cited source to who cites it: the attribution before, or the words before the cue."""
    begin = sentence.segment_before(cue.start)
    start, end = _trim(sentence, begin, cue.start)
    last = before[-1] if before else None
    is_same_clause = last is not None and (last.cue_start >= begin or start == end)
    if last and is_same_clause and last.cited is None and not last.is_unnamed:
        yield replace(last, cited=cited, is_framed=True)
        return
    if start == end and begin:  # "The agency, citing sources": its words end where this stretch begins
        gap = sentence.breaks[bisect_left(sentence.breaks, (begin, begin)) - 1][0]
        start, end = _trim(sentence, sentence.segment_before(gap), gap)
    if start == end:
        yield cited
        return
    yield replace(_make(sentence, cue, "says", start, end), cited=cited, is_framed=True)


def _passing_on(sentence: _Sentence, start: int, end: int) -> FoundPhrase | None:
    found_here = sentence.lists.passing_on.find_between(sentence.text, start, end)
    return next((found for found in found_here if found.start > start), None)


def _subject(sentence: _Sentence, cue: FoundPhrase) -> tuple[int, int]:
    """Find the subject of a saying verb: on the side where the language puts it, otherwise on the other."""
    before = _trim(sentence, sentence.segment_before(cue.start), cue.start)
    after = _source_after(sentence, cue.end)
    first, second = (after, before) if sentence.lists.verb_first else (before, after)
    return first if first[0] < first[1] else second


def _source_after(sentence: _Sentence, place: int) -> tuple[int, int]:
    """Give the words after a cue: to the next mark, to what begins the statement, or to what ends a source."""
    aside = _ASIDE.match(sentence.text, place)  # заявил “Ъ” член делегации
    place = aside.end() if aside else place
    limit = sentence.segment_after(place)
    end = place
    for count, word in enumerate(sentence.words_from(place)):
        if word.start >= limit or count == _LONGEST_SOURCE or word.start in sentence.that:
            break
        if word.start in sentence.ends and count:
            break
        end = min(word.end, limit)
    return _stripped(sentence.text, place, end)


def _trim(sentence: _Sentence, begin: int, end: int) -> tuple[int, int]:
    """Give the last words of a stretch, without what leads in to a verb."""
    words = list(sentence.words_between(begin, end, at_most=_LONGEST_CLAUSE))
    if not words:
        return end, end
    leads = {
        sentence.words[index].start
        for found in sentence.lists.lead_ins.find_between(sentence.text, words[0].start, words[-1].end)
        for index in range(found.first, found.last + 1)
    }
    while words and words[-1].start in leads:
        words.pop()
    while words and words[0].start in leads:
        words.pop(0)
    kept = words[-_LONGEST_SOURCE:]
    if not kept:
        return end, end
    return kept[0].start, kept[-1].end


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _TRIMMED:
        start += 1
    while end > start and text[end - 1] in _TRIMMED:
        end -= 1
    return start, end


def _make(sentence: _Sentence, cue: FoundPhrase, manner: Manner, start: int, end: int) -> Attribution:
    words = sentence.words_between(start, end)
    unnamed = sentence.lists.unnamed.find_between(sentence.text, start, end)
    kinds = frozenset(
        kind
        for found in sentence.lists.sources.find_between(sentence.text, start, end)
        for kind in sentence.lists.kinds[found.label]
    )
    return Attribution(
        manner=manner,
        start=start,
        end=end,
        source=sentence.text[start:end],
        kinds=kinds,
        is_unnamed=not kinds and (not words or len(unnamed) == len(words)),
        is_framed=_is_framed(sentence, cue, manner, start, end),
        cue_start=cue.start,
        cue_end=cue.end,
        cue=cue.words,
    )


def _is_framed(sentence: _Sentence, cue: FoundPhrase, manner: Manner, start: int, end: int) -> bool:
    """Tell a cue that attributes a statement from one that only speaks of an act of speech."""
    if manner in {"according", "cites"}:
        return True
    if cue.first and not sentence.lists.passive.isdisjoint(
        word_forms(sentence.words[cue.first - 1].text, sentence.language)
    ):
        return False
    place = max(cue.end, end)
    following = next(iter(sentence.words_from(place)), None)
    rest = sentence.text[place:].lstrip(_TRIMMED)
    if (
        following
        and following.start in sentence.that
        and not sentence.text[place : following.start].strip(" ,،")
    ):
        return True
    if rest[:1] in {":", "“", "«", "„", '"'} and start < end:
        return True
    is_open = cue.words.lower() in sentence.lists.open_saying and start < cue.start
    if following and is_open and sentence.text[place : following.start].isspace():
        return True
    if not sentence.lists.verb_first and start >= cue.end and rest[:1] in {",", "—", "–"}:
        return True  # «Как сообщил Песков,»
    return start < end and _stands_after_statement(sentence, cue, rest)


def _stands_after_statement(sentence: _Sentence, cue: FoundPhrase, rest: str) -> bool:
    """Tell ", he said." and "… said Peskov." at the end of a clause that follows the statement."""
    begin = sentence.segment_before(cue.start)
    if not begin or (rest and rest[0] not in ".,،;؛!?؟”»…"):
        return False
    if sentence.lists.verb_first:  # any verb may follow a comma; one after a quotation attributes it
        return sentence.text[:begin].rstrip(" ,،")[-1:] in {"»", "”", '"', "“"}
    return True
