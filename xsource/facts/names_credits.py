"""Credits are no names of a statement: whoever took the picture did nothing in the news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from xsource.facts.names_records import NameMention
from xsource.facts.names_tokens import NameWords
from xsource.facts.text.folding import fold_text, fold_word

# Abed Khaled/AP, Фото: Иван Иванов / РИА Новости.
_JOINT: Final = re.compile(r"\s{0,2}[/|]\s{0,2}")
_AGENCY: Final = re.compile(r"[A-Z]{2,5}\b")
# A given name may stand unrecognised before what was found.
_BEHIND_CREDIT: Final = re.compile(r"[\s:(\-–—]{0,4}(?:\w{1,20}\s){0,2}")


def without_credits(text: str, mentions: Sequence[NameMention], rules: NameWords) -> tuple[NameMention, ...]:
    """Leave out names beside an agency and a stroke, and names behind a word for a picture."""
    if not mentions or not ("/" in text or "|" in text or _has_credit(text, rules.credits)):
        return tuple(mentions)
    dropped: set[int] = set()
    for at, mention in enumerate(mentions):
        follow = mentions[at + 1] if at + 1 < len(mentions) else None
        joint = _JOINT.match(text, mention.end)
        if joint is not None and mention.concept is None:
            agency = follow if follow is not None and follow.start == joint.end() else None
            is_agency = agency is not None and (agency.concept or "").startswith("media:")
            if is_agency or _AGENCY.match(text, joint.end()):
                dropped.add(at)
                dropped |= {at + 1} if agency is not None else set()
        before = fold_text(text[: mention.start]).lower
        is_credited = any(_BEHIND_CREDIT.fullmatch(before, end) for _, end in _credits(before, rules.credits))
        own = fold_text(text[mention.start : mention.end + 1]).lower
        if is_credited or any(start == 0 for start, _ in _credits(own, rules.credits)):
            dropped.add(at)
    return tuple(mention for at, mention in enumerate(mentions) if at not in dropped)


def _has_credit(text: str, listed: frozenset[str]) -> bool:
    lower = fold_text(text).lower
    return any(word in lower for word in _folded(listed))


def _credits(lower: str, listed: frozenset[str]) -> list[tuple[int, int]]:
    """Give the half-open places of words for a picture, each at the beginning of a word."""
    found = []
    for word in _folded(listed):
        start = lower.find(word)
        while start >= 0:
            if not lower[start - 1 : start].isalpha():
                found.append((start, start + len(word)))
            start = lower.find(word, start + 1)
    return found


@cache
def _folded(listed: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(map(fold_word, listed)))
