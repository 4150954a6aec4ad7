"""What numbers count: the nouns behind them, and the verb or noun that says what befell those people.

"Killed 12 people and wounded 7", `נהרגו 7 ונפצעו 12` and "12 soldiers and 7 civilians were killed" have two
numbers and one or two such words in other orders. A sentence falls into conjuncts, at commas and at words that
join; a number belongs to the word of its own conjunct, and to a neighbour's only where its own has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xsource.facts.quantities_lexicon import MAX_PHRASE_WORDS, NumberLexicon
from xsource.facts.quantities_tokens import Token, touches

# Concepts that say what befell people; a number has at most one of them.
STATES = frozenset(
    {
        "killed",
        "wounded",
        "hospitalised",
        "missing",
        "captive",
        "arrested",
        "released",
        "displaced",
        "rescued",
        "infected",
    }
)
PEOPLE = frozenset({"people", "soldiers", "children"})
# Those who are taken to hospital are called so: "to hospital" says nothing of the dead, nor of 200 beds.
_PATIENTS = frozenset({"wounded", "displaced"})
# How far what is counted may stand from its number, in words. Farther words belong to others more often.
_WORDS_AHEAD, _WORDS_BEHIND, _WORDS_OF_NOUN = 6, 5, 3
# Conjuncts between a number and the word that it shares with its neighbours.
_CONJUNCTS_AWAY = 3
# "The death toll from the explosion at the port of Morinda has risen to": how far back the toll may stand.
_WORDS_OF_CHANGE = 30
# Between a number of people and the hospital that they are in.
_WORDS_TO_HOSPITAL = 7
_WORDS_KEPT = 50_000
_CLAUSE_MARKS = frozenset(",;:.!?()—–")
_SENTENCE_MARKS = frozenset(";:.!?")
_PASSED_OVER = frozenset("-\"'«»$“”")


class Counted(NamedTuple):
    """What one number counts: concepts of `[counted]`, and the range of the tokens that name it."""

    concepts: frozenset[str]
    noun_first: int
    noun_last: int


class _State(NamedTuple):
    at: int
    concept: str


class _Conjunct(NamedTuple):
    """A stretch of tokens between two joints; `opens_sentence` where a full stop or colon stands before it."""

    first: int
    last: int
    opens_sentence: bool
    after_comma: bool
    states: tuple[_State, ...]


def find_counted(
    tokens: Sequence[Token], spans: Sequence[tuple[int, int]], lexicon: NumberLexicon
) -> list[Counted]:
    """Say for each number of a sentence what it counts.

    Args:
        tokens: the sentence's.
        spans: half-open ranges of the numbers' tokens, their units included, from left to right.
        lexicon: the language's.
    """
    if not spans:
        return []
    taken = {at for first, last in spans for at in range(first, last)}
    conjuncts = list(_conjuncts(tokens, spans, taken, lexicon))
    found = []
    for place, (first, last) in enumerate(spans):
        next_first = spans[place + 1][0] if place + 1 < len(spans) else len(tokens)
        things, noun_last = _things(tokens, last, next_first, lexicon)
        at = next(number for number, part in enumerate(conjuncts) if part.first <= first < part.last)
        state = _own_state(tokens, conjuncts[at], first, last)
        if state is None and (not things or things & PEOPLE):
            state = _shared_state(conjuncts, at, spans, things)
        if state is None and first and _follows_change(tokens, first, lexicon):
            state = _state_before(tokens, first, lexicon)
        if (state in _PATIENTS or (state is None and things & PEOPLE)) and _is_in_hospital(
            tokens, first, last, lexicon
        ):
            state = "hospitalised"
        found.append(Counted(things | ({state} if state else set()), last, noun_last))
    return found


def _conjuncts(
    tokens: Sequence[Token], spans: Sequence[tuple[int, int]], taken: set[int], lexicon: NumberLexicon
) -> Iterator[_Conjunct]:
    starts = {first for first, _ in spans}
    first, opens, comma = 0, True, False
    states: list[_State] = []
    for at, token in enumerate(tokens):
        concept = None if at in taken else _state_of(token, lexicon)
        is_mark = token.text in _CLAUSE_MARKS and at not in taken and not _is_abbreviated(tokens, at, lexicon)
        joins = (token.text in lexicon.conjunctions and at not in taken) or (
            (at in starts or concept is not None) and _is_joined(token, lexicon)
        )
        if at > first and (is_mark or joins):
            yield _Conjunct(first, at, opens, comma, tuple(states))
            first, opens, comma, states = at, token.text in _SENTENCE_MARKS, is_mark, []
        if concept is not None:
            states.append(_State(at, concept))
    yield _Conjunct(first, len(tokens), opens, comma, tuple(states))


def _is_abbreviated(tokens: Sequence[Token], at: int, lexicon: NumberLexicon) -> bool:
    """Whether a full stop is that of an abbreviation: 40 тыс. человек, 12 млн. руб."""
    before = tokens[at - 1] if at else None
    return (
        tokens[at].text == "."
        and before is not None
        and touches(before, tokens[at])
        and (before.text in lexicon.abbreviations or (len(before.text) <= 4 and before.text in lexicon.units))
    )


def _state_of(token: Token, lexicon: NumberLexicon) -> str | None:
    if token.kind != "word":
        return None
    try:
        return lexicon.states[token.text]
    except KeyError:
        if len(lexicon.states) >= _WORDS_KEPT:
            lexicon.states.clear()
        found = lexicon.counted_by(token.text) & STATES
        state = min(found, key=lexicon.state_order.index) if found else None
        lexicon.states[token.text] = state
        return state


def _is_joined(token: Token, lexicon: NumberLexicon) -> bool:
    """Whether a word carries the "and" of its language: ונפצעו, وأصيب."""
    if not lexicon.joining_clitics or token.text[0] not in lexicon.joining_clitics:
        return False
    number = lexicon.words.get(token.text)
    if number is not None:
        return bool(number.clitic)
    return token.text[1:2] != "" and (
        not lexicon.counted.find(token.text) or bool(lexicon.counted_by(token.text[1:]))
    )


def _things(tokens: Sequence[Token], last: int, end: int, lexicon: NumberLexicon) -> tuple[frozenset[str], int]:
    """Give the concepts of the nouns behind a number, and the index behind the words that name them."""
    if last < end and _is_abbreviated(tokens, last, lexicon):
        last += 1
    things: set[str] = set()
    words, noun_last, is_open = 0, last, True
    for at in range(last, min(end, last + _WORDS_AHEAD)):
        token = tokens[at]
        if token.kind != "word":
            if token.text in _PASSED_OVER:
                continue
            break
        words += 1
        if words > _WORDS_OF_NOUN:
            break
        concepts = lexicon.counted_by(token.text)
        things |= concepts - STATES
        is_open = is_open and not concepts & STATES
        is_open = is_open and token.text not in lexicon.function_words | lexicon.conjunctions
        if is_open:
            noun_last = at + 1
    return frozenset(things), noun_last


def _own_state(tokens: Sequence[Token], conjunct: _Conjunct, first: int, last: int) -> str | None:
    """Give the nearest state of the number's own conjunct; of two as near the one behind it."""
    best: tuple[int, int, str] | None = None
    for state in conjunct.states:
        ahead = state.at >= last
        between = tokens[last : state.at] if ahead else tokens[state.at + 1 : first]
        words = 1 + sum(token.kind == "word" for token in between)
        if words <= (_WORDS_AHEAD if ahead else _WORDS_BEHIND):
            rank = (words, 0 if ahead else 1, state.concept)
            best = rank if best is None else min(best, rank)
    return None if best is None else best[2]


def _shared_state(
    conjuncts: Sequence[_Conjunct], at: int, spans: Sequence[tuple[int, int]], things: frozenset[str]
) -> str | None:
    """Give the state that a number shares, as both do in "killed 12 soldiers and 7 civilians"."""
    own = conjuncts[at]
    if not own.opens_sentence:
        for step in range(at - 1, max(-1, at - 1 - _CONJUNCTS_AWAY), -1):
            part = conjuncts[step]
            if part.states:
                state = part.states[-1]
                numbers = [first for first, _ in spans if part.first <= first < part.last]
                leads = not numbers or state.at < min(numbers)  # "killed 12 and 7", not "12 killed and 7"
                if (things & PEOPLE) or (leads and numbers and not own.after_comma):
                    return state.concept
                break
            if part.opens_sentence:
                break
    for step in range(at + 1, min(len(conjuncts), at + 1 + _CONJUNCTS_AWAY)):
        part = conjuncts[step]
        if part.opens_sentence:
            break
        if part.states:
            numbers = [first for first, _ in spans if part.first <= first < part.last]
            return part.states[0].concept if not numbers or part.states[0].at > max(numbers) else None
    return None


def _follows_change(tokens: Sequence[Token], first: int, lexicon: NumberLexicon) -> bool:
    """Whether a number follows "to" and a change stands somewhere before it."""
    before = tokens[first - 1].text
    if before == "-" and first > 1:
        before = tokens[first - 2].text
    word = lexicon.words.get(tokens[first].text)
    is_joined = before in lexicon.range_joiners or (word is not None and word.clitic in lexicon.range_joiners)
    return is_joined and any(
        token.text in lexicon.change_words for token in tokens[max(0, first - _WORDS_OF_CHANGE) : first]
    )


def _state_before(tokens: Sequence[Token], first: int, lexicon: NumberLexicon) -> str | None:
    """Give the last state before a number: the death toll from the explosion has risen to 26."""
    for token in reversed(tokens[max(0, first - _WORDS_OF_CHANGE) : first]):
        state = _state_of(token, lexicon)
        if state is not None:
            return state
    return None


def _is_in_hospital(tokens: Sequence[Token], first: int, last: int, lexicon: NumberLexicon) -> bool:
    """Whether people were taken to hospital in the clause of a number: more are hurt than are taken there."""
    start, end = first, last
    while start > 0 and first - start < _WORDS_TO_HOSPITAL and tokens[start - 1].text not in _CLAUSE_MARKS:
        start -= 1
    while end < len(tokens) and end - last < _WORDS_TO_HOSPITAL and tokens[end].text not in _CLAUSE_MARKS:
        end += 1
    texts = [token.text for token in tokens[start:end]]
    return any(
        " ".join(texts[at : at + words]) in lexicon.hospital
        for at in range(len(texts))
        for words in range(1, MAX_PHRASE_WORDS + 1)
    )
