"""Finds the words that deny: negation with its scope, denial and refusal, and opposites that matter in news.

Everything is looked up in the table `[polarity]` of each language. What is found is evidence: words with their
place in the sentence. Whether two sentences say the contrary of each other is for the detector to decide; one
outlet's "did not say when" is another's silence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from xsource.facts.text.folding import fold_word
from xsource.facts.text.phrases import PhraseList, found_phrase
from xsource.facts.text.words import Piece, Word, pieces_of, word_forms, words_of
from xsource.languages import language_table
from xsource.records import Language

CueKind = Literal["negation", "cessation", "failure", "denial", "refusal"]
Side = Literal["one", "other"]

_CLAUSE_ENDS = frozenset(",;:.!?،؛؟—–()«»\n")
# A denied pole is close to what denies it: "did not fully agree", "не смогли полностью согласиться".
_REACH_WORDS = 4
# Two negators of one clause are one denial where the language doubles them: "никто не", "אף פעם לא".
_CONCORD_WORDS = 4
_SHORTEST_BENEATH_PREFIX = 4
# Between a negation and the denial that it takes back: "has not yet denied".
_UNDOING_WORDS = 1


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
    """What a sentence denies and on which side of opposites it stands, each in order of place.

    Attributes:
        cues: the denials that stand.
        poles: the opposites.
        undone: denials that take each other back: "did not deny", "не исключил", `לא הכחיש`.
    """

    cues: tuple[Cue, ...]
    poles: tuple[Pole, ...]
    undone: tuple[Cue, ...] = ()


@lru_cache(maxsize=8192)
def read_polarity(text: str, language: Language) -> Polarity:
    """Find the denying words and the opposites of a sentence; linear in its length.

    What was read last is kept: every two claims of a group ask for it.
    """
    sentence = _Sentence(text, words_of(text), pieces_of(text, language), _lexicon(language))
    cues = list(_find_cues(sentence))
    if sentence.lexicon.has_concord:
        cues = _join_doubled(cues)
    undone = _undone(cues)
    return Polarity(
        tuple(found.cue for at, found in enumerate(cues) if at not in undone),
        tuple(_find_poles(sentence, cues, undone)),
        tuple(cues[at].cue for at in sorted(undone)),
    )


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
class _FoundCue:
    """A cue, and the numbers of its first word and of the word after it."""

    cue: Cue
    first_word: int
    next_word: int


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The table `[polarity]` of one language, ready to be looked for."""

    language: Language
    has_concord: bool
    scope_ends: frozenset[str]
    cues: PhraseList
    poles: PhraseList


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with what every rule looks at."""

    text: str
    words: tuple[Word, ...]
    pieces: tuple[Piece, ...]
    lexicon: _Lexicon


# In this order when two entries of one length begin at one word.
_KINDS: tuple[tuple[str, CueKind | Literal["nothing"]], ...] = (
    ("not_negating", "nothing"),
    ("cessations", "cessation"),
    ("failures", "failure"),
    ("denials", "denial"),
    ("refusals", "refusal"),
    ("negators", "negation"),
)
_RANK: dict[str, int] = {kind: rank for rank, (_, kind) in enumerate(_KINDS)}
_CUE_KINDS: dict[str, CueKind] = {kind: kind for _, kind in _KINDS if kind != "nothing"}
_KEYS = {"conjunctions", "prefixes", "concord", "scope_ends", "opposites"} | {key for key, _ in _KINDS}


@cache
def _lexicon(language: Language) -> _Lexicon:
    table = language_table(language, "polarity")
    if wrong := sorted(set(table) ^ _KEYS):
        raise ValueError(f"languages/{language}.toml, table [polarity]: {wrong[0]} is missing or unknown")
    conjunctions, prefixes = (frozenset(map(fold_word, table[key])) for key in ("conjunctions", "prefixes"))

    @cache
    def forms(listed: tuple[str, ...]) -> tuple[str, ...]:
        """Keep the forms of a word that are no chance: מלא (full) is not "from not".

        "And" may precede any word, a preposition or an article only a longer one.
        """
        whole = listed[0]
        kept = [whole]
        for form in listed[1:]:
            clitic = whole.removesuffix(form)
            if clitic in conjunctions or (clitic in prefixes and len(form) >= _SHORTEST_BENEATH_PREFIX):
                kept.append(form)
        return tuple(kept)

    return _Lexicon(
        language=language,
        has_concord=table["concord"],
        scope_ends=frozenset(map(fold_word, table["scope_ends"])),
        cues=PhraseList({kind: table[key] for key, kind in _KINDS}, language, forms),
        poles=PhraseList(
            {
                f"{concept}:{side}": poles[side]
                for concept, poles in table["opposites"].items()
                for side in ("one", "other")
            },
            language,
            forms,
        ),
    )


def _find_cues(sentence: _Sentence) -> Iterator[_FoundCue]:
    text, pieces = sentence.text, sentence.pieces
    ends = _clause_ends(sentence)
    at = 0
    while at < len(pieces):
        matches = sentence.lexicon.cues.all_at(pieces, at)
        if not matches:
            at += 1
            continue
        label, after = min(
            (match for match in matches if match[1] == matches[0][1]), key=lambda match: _RANK[match[0]]
        )
        kind = _CUE_KINDS.get(label)
        if kind:
            found = found_phrase(text, sentence.words, pieces, label, at, after)
            next_word = found.last + 1
            scope_end = max(found.end, ends[next_word]) if next_word < len(sentence.words) else found.end
            yield _FoundCue(Cue(kind, found.start, found.end, found.words, scope_end), found.first, next_word)
        at = after


def _clause_ends(sentence: _Sentence) -> list[int]:
    """Give for each word where its clause ends; a word that begins a clause ends the one before it."""
    words, lexicon = sentence.words, sentence.lexicon
    ends = [0] * len(words)
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        before = words[at - 1].end if at else 0
        opens = lexicon.scope_ends.intersection(word_forms(word.text, lexicon.language))
        if opens or _CLAUSE_ENDS.intersection(sentence.text[before : word.start]):
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


def _undone(cues: Sequence[_FoundCue]) -> set[int]:
    """Give the indices of the negations that stand at another denial, and of that denial."""
    undone: set[int] = set()
    for at, (found, follow) in enumerate(pairwise(cues)):
        negates = found.cue.kind in ("negation", "cessation") and at not in undone
        denies = follow.cue.kind in ("denial", "refusal", "failure")
        near = follow.cue.start < found.cue.scope_end and follow.first_word - found.next_word <= _UNDOING_WORDS
        if negates and denies and near:
            undone |= {at, at + 1}
    return undone


def _find_poles(sentence: _Sentence, cues: Sequence[_FoundCue], undone: Collection[int]) -> Iterator[Pole]:
    words, pieces = sentence.words, sentence.pieces
    reach: list[Cue | None] = [None] * len(words)
    taken_back = [cues[at] for at in undone]
    for index, found in enumerate(cues):
        for at in range(found.first_word + 1, min(found.next_word + _REACH_WORDS, len(words))):
            # Denials that take each other back deny each other, and nothing behind them.
            if index in undone and not any(each.first_word <= at < each.next_word for each in taken_back):
                continue
            # A cue of several words may hold the pole: "не подтвердил".
            if words[at].start < max(found.cue.scope_end, found.cue.end):
                reach[at] = found.cue
    place = 0
    while place < len(pieces):
        matches = sentence.lexicon.poles.all_at(pieces, place)
        for tag in dict.fromkeys(label for label, after in matches if after == matches[0][1]):
            concept, _, side = tag.partition(":")
            found_here = found_phrase(sentence.text, words, pieces, tag, place, matches[0][1])
            yield Pole(
                concept, "one" if side == "one" else "other", reach[found_here.first],
                found_here.start, found_here.end, found_here.words,
            )  # fmt: skip
        place = matches[0][1] if matches else place + 1
