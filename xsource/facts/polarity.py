"""Finds the words that deny: negation with its scope, denial and refusal, and opposites that matter in news.

Everything is looked up in the table `[polarity]` of each language. What is found is evidence: words with their
place in the sentence. Whether two sentences say the contrary of each other is for the detector to decide; one
outlet's "did not say when" is another's silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from xsource.facts.beginnings import Beginnings
from xsource.languages import language_table
from xsource.records import Language

CueKind = Literal["negation", "cessation", "failure", "denial", "refusal"]
Side = Literal["one", "other"]

# A word keeps its vowel signs (Hebrew points, Arabic marks), an inner apostrophe and Hebrew quotation marks.
_WORD = re.compile(r"[\w\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]+(?:['’׳״\"][\w\u0591-\u05c7]+)*")
_MARKS = re.compile(r"[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]")
_FOLDED = str.maketrans("ё’׳״أإآٱىة", "е''\"ااااיه".replace("י", "ي"))
_CLAUSE_ENDS = frozenset(",;:.!?،؛؟—–()«»\n")
# A denied pole is close to what denies it: "did not fully agree", "не смогли полностью согласиться".
_REACH_WORDS = 4
# Two negators of one clause are one denial where the language doubles them: "никто не", "אף פעם לא".
_CONCORD_WORDS = 4


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that deny.

    Attributes:
        start, end: half-open, code points of the sentence.
        words: `sentence[start:end]`.
        scope_end: what the words deny lies in `sentence[end:scope_end]`: the rest of their clause.
    """

    kind: CueKind
    start: int
    end: int
    words: str
    scope_end: int


@dataclass(frozen=True, slots=True)
class Pole:
    """A word that names one of two opposites: `rise`, side `one` for "rose", `other` for "fell".

    Attributes:
        concept: the opposites' name in the language tables, the same in every language.
        side: of the word itself.
        denied_by: the cue before it that turns it round.
        start, end: half-open, code points of the sentence.
        words: `sentence[start:end]`.
    """

    concept: str
    side: Side
    denied_by: Cue | None
    start: int
    end: int
    words: str

    @property
    def says(self) -> Side:
        """The side that the sentence takes: "did not agree" says `other`."""
        if self.denied_by is None:
            return self.side
        return "other" if self.side == "one" else "one"


@dataclass(frozen=True, slots=True)
class Polarity:
    """What a sentence denies and on which side of opposites it stands, each in order of place."""

    cues: tuple[Cue, ...]
    poles: tuple[Pole, ...]


@lru_cache(maxsize=8192)
def read_polarity(text: str, language: Language) -> Polarity:
    """Find the denying words and the opposites of a sentence; linear in its length.

    What was read last is kept: every two claims of a group ask for it.
    """
    lexicon = _lexicon(language)
    words = [_Word(m.start(), m.end(), lexicon.forms(m[0])) for m in _WORD.finditer(text)]
    cues = list(_find_cues(text, words, lexicon))
    if lexicon.has_concord:
        cues = _join_doubled(cues)
    return Polarity(tuple(found.cue for found in cues), tuple(_find_poles(text, words, cues, lexicon)))


def contrary_poles(left: Polarity, right: Polarity) -> tuple[Pole, Pole] | None:
    """Find opposites on which each sentence takes one side, and not the same: "agreed" and "отказался".

    A sentence that names both sides ("fell after it rose") takes none. `None` when nothing is contrary.
    """
    ours, theirs = _sides(left), _sides(right)
    for concept, pole in ours.items():
        other = theirs.get(concept)
        if pole and other and pole.says != other.says:
            return pole, other
    return None


def _sides(polarity: Polarity) -> dict[str, Pole | None]:
    sides: dict[str, Pole | None] = {}
    for pole in polarity.poles:
        known = sides.setdefault(pole.concept, pole)
        if known and known.says != pole.says:
            sides[pole.concept] = None
    return sides


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _FoundCue:
    """A cue, and the numbers of its first word and of the word after it."""

    cue: Cue
    first_word: int
    next_word: int


@dataclass(frozen=True, slots=True)
class _Entry:
    """Words of the table, each whole (`agreed`), a beginning (`опроверг*`) or an ending (`*n't`)."""

    pattern: tuple[str, ...]
    tag: str


@dataclass(frozen=True, slots=True)
class _Index:
    """Entries by their first word, so that a sentence costs a few look-ups a word."""

    whole: Mapping[str, Sequence[_Entry]]
    beginnings: Beginnings[Sequence[_Entry]]
    endings: Sequence[_Entry]

    def entries(self, word: _Word) -> Iterator[_Entry]:
        for form in word.forms:
            yield from self.whole.get(form, ())
            for found in self.beginnings.of(form):
                yield from found
        for entry in self.endings:
            if _matches(word, entry.pattern[0]):
                yield entry

    def longest(self, text: str, words: Sequence[_Word], at: int) -> Iterator[tuple[_Entry, int]]:
        """Give the entries that begin at a word, with their number of words, longest first."""
        found = []
        for entry in self.entries(words[at]):
            own = words[at : at + len(entry.pattern)]
            fits = len(own) == len(entry.pattern) and all(map(_matches, own, entry.pattern))
            if fits and all(text[a.end : b.start].isspace() for a, b in pairwise(own)):
                found.append((entry, len(own)))
        yield from sorted(found, key=lambda match: -match[1])


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The table `[polarity]` of one language, folded and indexed."""

    conjunctions: tuple[str, ...]
    prefixes: tuple[str, ...]
    has_concord: bool
    scope_ends: frozenset[str]
    cues: _Index
    poles: _Index

    def forms(self, word: str) -> tuple[str, ...]:
        """Give a word as it may stand in the table: folded, and without what is written together with it.

        "And" may precede any word, a preposition or article only a longer one: "מלא" (full) is not "from not".
        """
        folded = _fold(word)
        bare = [
            folded.removeprefix(joined)
            for least, written_together in ((2, self.conjunctions), (4, self.prefixes))
            for joined in written_together
            if folded.startswith(joined) and len(folded) >= len(joined) + least
        ]
        return (folded, *bare)


def _fold(text: str) -> str:
    return _MARKS.sub("", text).casefold().translate(_FOLDED)


def _matches(word: _Word, part: str) -> bool:
    if part.endswith("*"):
        return any(form.startswith(part[:-1]) for form in word.forms)
    if part.startswith("*"):
        return any(form.endswith(part[1:]) for form in word.forms)
    return part in word.forms


# In this order when two entries of one length begin at one word.
_KINDS: tuple[tuple[str, CueKind | Literal["nothing"]], ...] = (
    ("not_negating", "nothing"),
    ("cessations", "cessation"),
    ("failures", "failure"),
    ("denials", "denial"),
    ("refusals", "refusal"),
    ("negators", "negation"),
)
_CUE_KINDS: dict[str, CueKind] = {kind: kind for _, kind in _KINDS if kind != "nothing"}
_KEYS = {"conjunctions", "prefixes", "concord", "scope_ends", "opposites"} | {key for key, _ in _KINDS}


@cache
def _lexicon(language: Language) -> _Lexicon:
    table = language_table(language, "polarity")
    if wrong := sorted(set(table) ^ _KEYS):
        raise ValueError(f"languages/{language}.toml, table [polarity]: {wrong[0]} is missing or unknown")
    return _Lexicon(
        conjunctions=tuple(_fold(word) for word in table["conjunctions"]),
        prefixes=tuple(_fold(prefix) for prefix in table["prefixes"]),
        has_concord=table["concord"],
        scope_ends=frozenset(_fold(word) for word in table["scope_ends"]),
        cues=_index((entry, kind) for key, kind in _KINDS for entry in table[key]),
        poles=_index(
            (entry, f"{concept}:{side}")
            for concept, poles in table["opposites"].items()
            for side in ("one", "other")
            for entry in poles[side]
        ),
    )


def _index(entries: Iterable[tuple[str, str]]) -> _Index:
    whole: dict[str, list[_Entry]] = {}
    beginnings: dict[str, list[_Entry]] = {}
    endings: list[_Entry] = []
    for text, tag in entries:
        entry = _Entry(tuple(_fold(text).split()), tag)
        first = entry.pattern[0]
        if first.startswith("*"):
            endings.append(entry)
        elif first.endswith("*"):
            beginnings.setdefault(first[:-1], []).append(entry)
        else:
            whole.setdefault(first, []).append(entry)
    return _Index(whole, Beginnings(beginnings), endings)


def _find_cues(text: str, words: Sequence[_Word], lexicon: _Lexicon) -> Iterator[_FoundCue]:
    ends = _clause_ends(text, words, lexicon)
    at = 0
    while at < len(words):
        entry, count = next(lexicon.cues.longest(text, words, at), (None, 1))
        kind = _CUE_KINDS.get(entry.tag) if entry else None
        if kind:
            start, end = words[at].start, words[at + count - 1].end
            scope_end = max(end, ends[at + count]) if at + count < len(words) else end
            yield _FoundCue(Cue(kind, start, end, text[start:end], scope_end), at, at + count)
        at += count


def _clause_ends(text: str, words: Sequence[_Word], lexicon: _Lexicon) -> list[int]:
    """Give for each word where its clause ends; a word that begins a clause ends the one before it."""
    ends = [0] * len(words)
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        before = words[at - 1].end if at else 0
        if _CLAUSE_ENDS.intersection(text[before : word.start]) or lexicon.scope_ends.intersection(word.forms):
            ends[at] = before
        else:
            ends[at] = word.end
            if at + 1 < len(words) and ends[at + 1] > word.end:
                ends[at] = ends[at + 1]
    return ends


def _join_doubled(cues: Sequence[_FoundCue]) -> list[_FoundCue]:
    """Count a doubled negation once, by its last word, which stands at what is denied."""
    joined: list[_FoundCue] = []
    for found in cues:
        if joined and found.cue.kind not in ("refusal", "denial"):
            last = joined[-1]
            near = found.cue.start < last.cue.scope_end and found.first_word - last.next_word < _CONCORD_WORDS
            if last.cue.kind in ("negation", "cessation") and near:
                joined[-1] = found
                continue
        joined.append(found)
    return joined


def _find_poles(
    text: str, words: Sequence[_Word], cues: Sequence[_FoundCue], lexicon: _Lexicon
) -> Iterator[Pole]:
    reach: list[Cue | None] = [None] * len(words)
    for found in cues:
        for at in range(found.first_word + 1, min(found.next_word + _REACH_WORDS, len(words))):
            # A cue of several words may hold the pole: "не подтвердил".
            if words[at].start < max(found.cue.scope_end, found.cue.end):
                reach[at] = found.cue
    taken = 0
    for at, word in enumerate(words):
        matches = list(lexicon.poles.longest(text, words, at)) if word.start >= taken else []
        longest = matches[0][1] if matches else 0
        for tag in dict.fromkeys(entry.tag for entry, count in matches if count == longest):
            concept, _, side = tag.partition(":")
            taken = words[at + longest - 1].end
            span = (word.start, taken, text[word.start : taken])
            yield Pole(concept, "one" if side == "one" else "other", reach[at], *span)
