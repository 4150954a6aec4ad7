"""Find the end of a sentence where no space follows the full stop: `29 человек.Напомним`, `fell.Four`.

Pages lose the space where two paragraphs were joined. The same shape is in addresses (`lenta.ru`,
`Booking.Com`), in initials and acronyms (`U.S.`, `م.ت.ف`) and in numbers, so a boundary is seen only between
two whole words of one script, the second of which could begin a sentence.
"""

from __future__ import annotations

import re
import unicodedata

_LOOK = 40  # code points on either side that decide: whatever the text, judging a full stop costs the same
_WORD_AFTER = re.compile(r"[^\W\d_]++")
_RUN_BEFORE = re.compile(r"(?<!\S)\S++\Z")
_RUN_AFTER = re.compile(r"\S*+")
_INNER_MARKS = "\"'׳״’-"
_OPENERS = "«“„‘([{—–"
_CLOSERS = "»”’)]\"'"
_ADDRESS_SIGNS = ("@", "/", "\\", "_", "www.", "=")
# A name of a site is written with a capital behind its dot now and then: Top.Mail.Ru, Booking.Com.
_TOP_DOMAINS = frozenset({
    "com", "net", "org", "info", "ru", "рф", "ру", "su", "il", "co", "tv", "fm", "io", "ai", "gov", "edu",
    "mil", "uk", "ua", "kz", "de", "fr", "tr", "eg", "sa", "ae", "qa", "jo", "lb", "iq", "ir", "sy",
    "js", "py", "doc", "pdf", "html", "jpg",
})  # fmt: skip
# Houses that write a service of theirs behind a dot: Яндекс.Такси.
_HOUSES = frozenset({"яндекс", "yandex", "mail", "рамблер", "rambler", "google", "vk"})
_QUOTED = 400  # no longer quotation is looked for
_MIN_WORD = 3
_MIN_BEFORE_NUMBER = 4


def find_glued_end(text: str, begin: int, mark: int, at: int, end: int) -> int | None:
    """Say where the next sentence begins when a terminator that nothing separates from it ends one.

    Args:
        begin: of the sentence.
        mark, at: the terminator with the quotes that close behind it, half-open.
        end: of the paragraph.

    Returns:
        The place, `at` or a little before it where the quote opens the next sentence; `None` for no boundary.
    """
    before = text[max(begin, mark - _LOOK) : mark]
    after = text[at : min(end, at + _LOOK)]
    run_before, run_after = _RUN_BEFORE.search(before), _RUN_AFTER.match(after)
    whole = (
        (run_before.group() if run_before else "") + text[mark:at] + (run_after.group() if run_after else "")
    )
    if any(sign in whole.lower() for sign in _ADDRESS_SIGNS) or _is_host(whole.lower()):
        return None
    bare = after.lstrip(_OPENERS)
    if not _may_end(before, text[mark], bare):
        return None
    return at - 1 if at - 1 > mark and _opens(text, begin, at - 1) else at


def _opens(text: str, begin: int, at: int) -> bool:
    """Whether the quote behind a full stop opens the next sentence: none is open, and it can open one."""
    start = max(begin, at - _QUOTED)
    if text[at] == '"':
        return text.count('"', start, at) % 2 == 0
    return text[at] == "“" and text.count("„", start, at) == text.count("“", start, at)


def _is_host(run: str) -> bool:
    """Whether a run is the name of a site, such as `Top.Mail.Ru`: labels, and a top domain for the last."""
    labels = run.strip(_OPENERS + _CLOSERS + ".,;:!?").split(".")
    return len(labels) > 1 and labels[-1] in _TOP_DOMAINS and all(label.isalnum() for label in labels)


def _may_end(before: str, terminator: str, after: str) -> bool:
    following = _WORD_AFTER.match(after)
    if following is None:
        return _stands_before_number(before, after)
    next_word = following.group()
    if next_word[0].islower() or (terminator == "…" and not next_word[0].isupper()):
        return False
    if len(next_word) == 1 and next_word.lower() not in {"в", "с", "я", "у", "о", "к", "и", "а", "i"}:
        return False
    if before.endswith((*_CLOSERS, "%")):
        return True
    if before[-1:].isdigit():
        # "1.Open" numbers an item; a year or a count ends a sentence.
        return len(next_word) >= _MIN_WORD and len(before.strip()) > 3
    last = _word_at_end(before)
    if not last or _script(last[-1]) != _script(next_word[0]):
        return False
    if terminator != ".":
        return True
    is_dotted = before.removesuffix(last).endswith(".")
    if last.lower() in _HOUSES or (is_dotted and len(last) < _MIN_WORD):
        return False
    return len(last) >= _MIN_WORD or (len(last) == 2 and next_word[0].isupper() and next_word[1:].islower())


def _stands_before_number(before: str, after: str) -> bool:
    """Whether `домов.15 человек` is two sentences: a whole word in lower case, then a count and a space."""
    word = _word_at_end(before)
    count = re.match(r"\d{1,3}(?:[\u00a0 ,.]\d{3}){0,3}\s[^\W\d_]", after)
    if count is None or len(word) < _MIN_BEFORE_NUMBER:
        return False
    return word.islower() and before.removesuffix(word)[-1:] in {"", " "}


def _word_at_end(before: str) -> str:
    """Give the word that a text ends with, marks inside it too (צה״ל, don't); empty where there is none."""
    start = len(before)
    while start and (before[start - 1].isalpha() or before[start - 1] in _INNER_MARKS):
        start -= 1
    word = before[start:].lstrip(_INNER_MARKS)
    return word if word and word[-1].isalpha() else ""


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
