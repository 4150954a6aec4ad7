"""What a visitor may ask, read from an address and checked before anything is done with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xsource.errors import InputError
from xsource.pipeline import Filters
from xsource.records import LANGUAGES

LONGEST_QUESTION = 1000
"""Letters of a question: a long sentence of news has 400."""
DEFAULT_TOP, MOST_TOP = 20, 100
STORIES_A_PAGE = 50
LAST_PAGE = 1_000_000

ID_PATTERN = r"[0-9a-f]{20}"
DAY_PATTERN = r"(\d{4}-\d{2}-\d{2})?"
OUTLET_PATTERN = r"[^\x00-\x1f]{1,200}"
_WHOLE_NUMBER = re.compile(r"[0-9]{1,7}", re.ASCII)
_ID = re.compile(ID_PATTERN, re.ASCII)
_DAY = re.compile(DAY_PATTERN, re.ASCII)
_OUTLET = re.compile(OUTLET_PATTERN, re.ASCII)

Parameters = Mapping[str, list[str]]
"""The values of every name in an address, in their order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its filters. `text` may be empty: then nothing was asked yet."""

    text: str
    languages: tuple[str, ...] = ()
    outlet: str = ""
    since: str = ""
    until: str = ""
    top: int = DEFAULT_TOP

    def filters(self) -> Filters:
        """Give the filters as a search takes them.

        Raises:
            InputError: a day does not exist, or the range is empty.
        """
        return Filters.parse(
            [self.outlet] if self.outlet else None,
            list(self.languages) or None,
            self.since or None,
            self.until or None,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.languages or self.outlet or self.since or self.until)


def read_question(parameters: Parameters) -> Asked:
    """Read a question from an address.

    Raises:
        InputError: a value is none that the form could have sent.
    """
    text = _one(parameters, "q")
    if len(text) > LONGEST_QUESTION:
        raise InputError(f"the question has {len(text):,} letters, expected at most {LONGEST_QUESTION:,}")
    if "\0" in text:
        raise InputError("the question holds a NUL, expected text")
    languages = tuple(dict.fromkeys(parameters.get("language", ())))
    for language in languages:
        if language not in LANGUAGES:
            raise InputError(f"language is none of {', '.join(LANGUAGES)}")
    return Asked(
        text=text.strip(),
        languages=languages,
        outlet=_matching(parameters, "outlet", _OUTLET, "an outlet's id"),
        since=_matching(parameters, "since", _DAY, "a day like 2023-10-27"),
        until=_matching(parameters, "until", _DAY, "a day like 2023-10-27"),
        top=_number(parameters, "top", DEFAULT_TOP, MOST_TOP),
    )


def read_page(parameters: Parameters) -> int:
    """Read which page of a list is wanted, from 1."""
    return _number(parameters, "page", 1, LAST_PAGE)


def is_id(text: str) -> bool:
    """Say whether a text could be an id of ours."""
    return _ID.fullmatch(text) is not None


def _one(parameters: Parameters, name: str) -> str:
    values = parameters.get(name, [""])
    if len(values) > 1:
        raise InputError(f"{name} is given {len(values)} times, expected once")
    return values[0]


def _matching(parameters: Parameters, name: str, pattern: re.Pattern[str], expected: str) -> str:
    text = _one(parameters, name)
    if text and not pattern.fullmatch(text):
        raise InputError(f"{name} is not {expected}")
    return text


def _number(parameters: Parameters, name: str, default: int, most: int) -> int:
    text = _one(parameters, name)
    if not text and name not in parameters:
        return default
    if not _WHOLE_NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
        raise InputError(f"{name} is not a whole number from 1 to {most:,}")
    return int(text)
