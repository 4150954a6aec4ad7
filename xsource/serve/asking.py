"""What a visitor may ask, read from an address and checked before anything is done with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xsource.errors import InputError
from xsource.outlets import OWNERSHIPS
from xsource.pipeline import Filters
from xsource.records import DIVERGENCE_KINDS, LANGUAGES, VERDICTS
from xsource.report.reviews import NOT_REVIEWED

LONGEST_QUESTION = 1000
"""Letters of a question: a long sentence of news has 400."""
DEFAULT_TOP, MOST_TOP = 20, 100
STORIES_A_PAGE = 50
LAST_PAGE = 1_000_000

ID_PATTERN = r"[0-9a-f]{4,20}"
"""An id, or the first letters of one: commands print eight."""
DAY_PATTERN = r"(\d{4}-\d{2}-\d{2})?"
OUTLET_PATTERN = r"[^\x00-\x1f]{1,200}"
_WHOLE_NUMBER = re.compile(r"[0-9]{1,7}", re.ASCII)
_ID = re.compile(ID_PATTERN, re.ASCII)
_DAY = re.compile(DAY_PATTERN, re.ASCII)
_OUTLET = re.compile(OUTLET_PATTERN, re.ASCII)
_SHARE = re.compile(r"[01](\.[0-9]{1,4})?", re.ASCII)

Order = Literal["contested", "latest"]
ORDERS: tuple[Order, ...] = ("contested", "latest")
CLAIMS_A_PAGE = 100
MOST_PAGES_OF_HITS = 10

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


@dataclass(frozen=True, slots=True)
class StoryFilters:
    """Which stories of a list are wanted, and in what order; empty fields restrict nothing."""

    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    ownership: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    order: Order = "contested"

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.outlets or self.languages or self.ownership or self.since or self.until)

    def as_query(self) -> dict[str, object]:
        """Give the parameters of an address that asks for the same, without those that say nothing."""
        own = {
            "outlet": self.outlets,
            "language": self.languages,
            "ownership": self.ownership,
            "since": self.since,
            "until": self.until,
            "order": "" if self.order == "contested" else self.order,
        }
        return {name: value for name, value in own.items() if value}


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """Which claims and divergences of a story are wanted; empty fields restrict nothing."""

    kinds: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    confidence: float = 0.0


def read_story_filters(parameters: Parameters) -> StoryFilters:
    """Read which stories are wanted.

    Raises:
        InputError: a value is none that the form could have sent, or a range of days is empty.
    """
    order = _one(parameters, "order") or ORDERS[0]
    if order not in ORDERS:
        raise InputError(f"order is none of {', '.join(ORDERS)}")
    filters = StoryFilters(
        outlets=_outlets(parameters),
        languages=_some(parameters, "language", LANGUAGES),
        ownership=_some(parameters, "ownership", OWNERSHIPS),
        since=_matching(parameters, "since", _DAY, "a day like 2023-10-27"),
        until=_matching(parameters, "until", _DAY, "a day like 2023-10-27"),
        order="latest" if order == "latest" else "contested",
    )
    Filters.parse(None, None, filters.since or None, filters.until or None)
    return filters


def read_claim_filters(parameters: Parameters) -> ClaimFilters:
    """Read which claims of a story are wanted.

    Raises:
        InputError: a value is none that the form could have sent.
    """
    confidence = _matching(parameters, "confidence", _SHARE, "a share from 0 to 1")
    if confidence and float(confidence) > 1:
        raise InputError("confidence is not a share from 0 to 1")
    return ClaimFilters(
        kinds=_some(parameters, "kind", DIVERGENCE_KINDS),
        outlets=_outlets(parameters),
        languages=_some(parameters, "language", LANGUAGES),
        verdicts=_some(parameters, "verdict", (*VERDICTS, NOT_REVIEWED)),
        confidence=float(confidence or 0),
    )


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
    return Asked(
        text=text.strip(),
        languages=_some(parameters, "language", LANGUAGES),
        outlet=_matching(parameters, "outlet", _OUTLET, "an outlet's id"),
        since=_matching(parameters, "since", _DAY, "a day like 2023-10-27"),
        until=_matching(parameters, "until", _DAY, "a day like 2023-10-27"),
        top=_number(parameters, "top", DEFAULT_TOP, MOST_TOP),
    )


def read_page(parameters: Parameters, last: int = LAST_PAGE) -> int:
    """Read which page of a list is wanted, from 1."""
    return _number(parameters, "page", 1, last)


def is_id(text: str) -> bool:
    """Say whether a text could be an id of ours."""
    return _ID.fullmatch(text) is not None


def _some(parameters: Parameters, name: str, known: Sequence[str]) -> tuple[str, ...]:
    """Give the values of a name that may be repeated, each once; an empty one says nothing."""
    values = tuple(dict.fromkeys(value for value in parameters.get(name, ()) if value))
    for value in values:
        if value not in known:
            raise InputError(f"{name} is none of {', '.join(known)}")
    return values


def _outlets(parameters: Parameters) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(value for value in parameters.get("outlet", ()) if value))
    if not all(_OUTLET.fullmatch(value) for value in values):
        raise InputError("outlet is not an outlet's id")
    return values


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
