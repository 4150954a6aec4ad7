"""Split text into sentences by rules: terminators, and per language the abbreviations that look like one.

One pass, linear in the text: every line is scanned once for terminators, and each is judged by at most a few
dozen characters on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

from xsource.languages import language_table
from xsource.records import Article, Sentence
from xsource.segment.claims import judge_claim
from xsource.segment.glued import find_glued_end

# Possessive, so that a line of a million full stops is read once. Bidi marks may stand between dot and quote.
_TERMINATOR = re.compile(r"[.!?…؟۔]++[\"'»”“’‘״׳)\]\u200e\u200f\u202a-\u202e\u2066-\u2069]*+")
_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]++")
_NEXT_WORD = re.compile(r"[^\W\d_]++")
_LAST_TOKEN = re.compile(r"\S++\Z")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.[-–]?)+[^\W\d_]{1,2}\Z")  # У. Б. without the spaces, Ж.-К., م.ت.ف
_BEFORE_UNIT = re.compile(r"(?:\d|\b(?:тыс|млн|млрд|трлн|кв|куб|thousand|million|billion|sq)\.?)\s*\Z")
_VOWELS = "аеёиоуыэюяaeiouy"
_LEADING = "\"'«»“”„‘’‹›([{-–—•*·\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_QUOTES = "\"'»”“’׳״"
_SPEECH_WORDS = 3
_LOOK_BEHIND = 24
_LOOK_AHEAD = 48
_MIN_TITLE_WORDS = 3
_MIN_TITLE_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class _SplitRules:
    """The table `[sentences]` of a language; see the comment above it for what each list means."""

    never_final: frozenset[str]
    before_number: frozenset[str]
    rarely_final: frozenset[str]
    starters: frozenset[str]
    after_acronym: frozenset[str]
    units: frozenset[str]
    short_names: frozenset[str]
    two_letter_names: frozenset[str]
    speech: frozenset[str]


@cache
def _rules(language: str) -> _SplitRules:
    table = language_table(language, "sentences")
    expected = {field.name for field in fields(_SplitRules)}
    if set(table) != expected:
        raise ValueError(
            f"languages/{language}.toml [sentences]: keys are {sorted(table)}, expected {sorted(expected)}"
        )
    english = {} if language == "en" else language_table("en", "sentences")  # "Dr." stands in any script's text
    return _SplitRules(
        never_final=frozenset([*table["never_final"], *english.get("never_final", ())]),
        before_number=frozenset([*table["before_number"], *english.get("before_number", ())]),
        rarely_final=frozenset([*table["rarely_final"], *english.get("rarely_final", ())]),
        starters=frozenset(table["starters"].split()),
        after_acronym=frozenset((table["after_acronym"] or table["starters"]).split()),
        units=frozenset(table["units"].split()),
        short_names=frozenset(table["short_names"].split()),
        two_letter_names=frozenset(table["two_letter_names"].split()),
        speech=frozenset(table["speech"].split()),
    )


def split_sentences(text: str, language: str, title: str = "") -> tuple[tuple[int, int], ...]:
    """Give each sentence's span: half-open code points of `text`, in order, without outer white space.

    Every character that is not white space is in exactly one span. A line break ends a sentence, unless the
    line was wrapped (no terminator, and the next one goes on in lower case or after a comma).

    Args:
        text: cleaned, NFC.
        language: one of `LANGUAGES`; `ValueError` for another.
        title: where the text begins with it, its end is a boundary, full stop or not, and nothing splits it.

    Returns:
        Spans; none for a text of white space only.
    """
    rules = _rules(language)
    spans: list[tuple[int, int]] = []
    headline_end = _headline_end(text, title)
    if headline_end:
        spans.append(_trim(text, 0, headline_end))
    for start, end in _paragraphs(text, headline_end):
        spans.extend(_split_paragraph(text, start, end, rules))
    return tuple(spans)


def segment(article: Article) -> tuple[Sentence, ...]:
    """Split an article and judge each sentence; ids depend on the article and the position only."""
    sentences = []
    for position, (start, end) in enumerate(split_sentences(article.text, article.language, article.title)):
        words = article.text[start:end]
        is_claim, reason = judge_claim(words, article.language)
        identity = Sentence.identify(article.id, position)
        sentences.append(Sentence(identity, article.id, position, start, end, words, is_claim, reason))
    return tuple(sentences)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _headline_end(text: str, title: str) -> int:
    """Find where a repeated headline ends at the text's beginning, or 0.

    A headline of one or two words may as well be the subject of the first sentence, so it must have three,
    and what follows must not go on in lower case.
    """
    words = title.split()
    if len(words) < _MIN_TITLE_WORDS or len(title.strip()) < _MIN_TITLE_CHARACTERS:
        return 0
    at = 0
    for word in words:
        while at < len(text) and text[at].isspace():
            at += 1
        if text[at : at + len(word)].casefold() != word.casefold():
            return 0
        at += len(word)
    terminator = _TERMINATOR.match(text, at)
    if terminator:
        at = terminator.end()
    following = text[at : at + _LOOK_AHEAD]
    if following and not following[0].isspace():
        return 0
    return 0 if following.lstrip()[:1].islower() else at


def _paragraphs(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Give the stretches that no line break divides, with wrapped lines joined."""
    open_from = None
    last_end = start
    for line in _LINE.finditer(text, start):
        begin, end = _trim(text, line.start(), line.end())
        if begin == end:
            continue
        if open_from is None:
            open_from = begin
        elif not _is_wrapped(text, last_end, begin):
            yield open_from, last_end
            open_from = begin
        last_end = end
    if open_from is not None:
        yield open_from, last_end


def _is_wrapped(text: str, line_end: int, next_start: int) -> bool:
    """Tell a line that was wrapped inside a sentence from one that ends a paragraph."""
    if text.count("\n", line_end, next_start) > 1 or "\u2029" in text[line_end:next_start]:
        return False
    last = text[line_end - 1]
    return last in ",،" or (text[next_start].islower() and not _TERMINATOR.fullmatch(last))


def _split_paragraph(text: str, start: int, end: int, rules: _SplitRules) -> Iterator[tuple[int, int]]:
    begin = start
    for terminator in _TERMINATOR.finditer(text, start, end):
        at = _with_stray_quote(text, terminator.end(), end)
        if at >= end:
            break
        if text[at].isspace():
            if not _ends_sentence(text, begin, terminator.start(), at, end, rules):
                continue
        else:
            glued = find_glued_end(text, begin, terminator.start(), at, end)
            if glued is None or _is_abbreviation(text, begin, terminator.start(), text[at], rules):
                continue
            at = glued
        span = _trim(text, begin, at)
        if span[0] == span[1]:
            continue
        yield span
        begin = at
    span = _trim(text, begin, end)
    if span[0] < span[1]:
        yield span


def _with_stray_quote(text: str, at: int, end: int) -> int:
    """Move past a closing quote that stands alone after a space (`дома. " Он`)."""
    stands_alone = at + 2 == end or (at + 2 < end and text[at + 2].isspace())
    is_stray = stands_alone and text[at].isspace() and text[at + 1] in _QUOTES
    return at + 2 if is_stray else at


def _ends_sentence(text: str, begin: int, mark: int, at: int, end: int, rules: _SplitRules) -> bool:
    """Judge a terminator at `mark`, closed by quotes up to `at`, in the sentence that began at `begin`."""
    ahead = text[at : min(at + _LOOK_AHEAD, end)].lstrip()
    bare = ahead.lstrip(_LEADING + " \u00a0")
    if not bare:  # a stray quote or dash stays with its sentence
        return True
    if bare[0].islower() or bare[0] in ",;:،؛":
        return False
    following = _NEXT_WORD.match(bare)
    next_word = following.group() if following else ""
    terminator = text[mark:at]
    if terminator[0] != ".":
        return not (_is_quoted(text, mark, at) and _goes_on_with_speech(bare, rules))
    if terminator.startswith(".."):
        return True
    return _full_stop_ends(text, begin, mark, bare, next_word, rules)


def _is_quoted(text: str, mark: int, at: int) -> bool:
    return any(character in _QUOTES for character in text[mark - 1 : mark] + text[mark:at])


def _goes_on_with_speech(bare: str, rules: _SplitRules) -> bool:
    """Tell `"Are you ready?" Smith asked` from a new sentence: a saying verb within the first three words."""
    words = bare.split(None, _SPEECH_WORDS)[:_SPEECH_WORDS]
    return any(word.rstrip(".,:;،").lower() in rules.speech for word in words)


def _token_before(text: str, begin: int, mark: int) -> str:
    """Give what stands before a full stop, up to the last space, without opening marks and further stops."""
    before = _LAST_TOKEN.search(text, max(begin, mark - _LOOK_BEHIND), mark)
    return before.group().lstrip(_LEADING).rstrip(".") if before else ""


def _is_abbreviation(text: str, begin: int, mark: int, following: str, rules: _SplitRules) -> bool:
    folded = _token_before(text, begin, mark).lower()
    return text[mark] == "." and (
        folded in rules.never_final
        or folded in rules.rarely_final
        or (following.isdigit() and folded in rules.before_number)
    )


def _full_stop_ends(text: str, begin: int, mark: int, bare: str, next_word: str, rules: _SplitRules) -> bool:
    """Judge a single full stop by the token before it and the word after it."""
    token = _token_before(text, begin, mark)
    if not token:
        return _LAST_TOKEN.search(text, max(begin, mark - _LOOK_BEHIND), mark) is not None
    folded = token.lower()
    if folded in rules.units and _measures(text, begin, mark - len(token), next_word, rules, folded):
        return True
    if folded in rules.never_final:
        return False
    if folded in rules.before_number and bare[0].isdigit():
        return False
    lead = mark - len(token) - begin
    if (
        token.isdecimal()
        and len(token) <= 3
        and lead <= 4
        and not text[begin : begin + lead].strip(_LEADING + " ")
    ):
        return False  # "1. " numbers an item
    is_initial = len(token) == 1 and token.isalpha() and (token.isupper() or not token.islower())
    is_acronym = _DOTTED.fullmatch(token) is not None
    is_rare = is_initial or is_acronym or folded in rules.rarely_final or _is_short_name(token, rules)
    if not is_rare:
        return True
    starters = rules.after_acronym if is_acronym else rules.starters
    return next_word.lower() in starters and bare[len(next_word) : len(next_word) + 1] != "."


def _measures(text: str, begin: int, start: int, next_word: str, rules: _SplitRules, unit: str) -> bool:
    """Tell `5 млн руб. Власти` and `300 ft. Long` from `долл. США` and `Ft. Worth`.

    A unit ends its sentence before a word with a capital; one that is also short for a name (`ft`) needs a
    number before it.
    """
    if not next_word[:1].isupper() or (len(next_word) > 1 and next_word.isupper()):
        return False
    return (
        unit not in rules.never_final
        or _BEFORE_UNIT.search(text, max(begin, start - _LOOK_BEHIND), start) is not None
    )


def _is_short_name(token: str, rules: _SplitRules) -> bool:
    """Whether a token is a given name cut short, as in `Дж. Харлоу`, `Эд. Норвуд`, `Wm. Penn`.

    A listed one; or two letters that no syllable ends with, for `Ли` and `Xi` are names whole. Names and
    pronouns of two letters that end in a consonant are listed against it (`Ян`, `Он`).
    """
    if not (token.isalpha() and token[0].isupper() and token[1:].islower()):
        return False
    folded = token.lower()
    return folded in rules.short_names or (
        len(token) == 2 and folded[1] not in _VOWELS and folded not in rules.two_letter_names
    )
