"""What an outlet does with a claim: the words, marks and order of every output."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, get_args

from xsource.records import ALL_KINDS, Comparison, Coverage
from xsource.settings import Settings

State = Literal["reports", "differs", "contrary", "unsure", "told", "silent", "no coverage"]
"""A `Coverage`, or `told`: the outlet makes the claim, and not every difference was looked for or is shown, so
that nobody can say whether it stands apart."""

STATES: tuple[State, ...] = get_args(State)
"""In the order in which every output lists them."""

STATE_ORDER: dict[Coverage | State, int] = {state: place for place, state in enumerate(STATES)}

# Marks differ in shape, not in colour alone: they are read without colour and by colour-blind readers.
MARKS: dict[State, str] = {
    "reports": "●",
    "differs": "≠",
    "contrary": "⇄",
    "unsure": "◐",
    "told": "+",
    "silent": "○",
    "no coverage": "·",
}
STYLES: dict[State, str] = {
    "reports": "green",
    "differs": "bold yellow",
    "contrary": "bold red",
    "unsure": "yellow",
    "told": "default",
    "silent": "dim",
    "no coverage": "dim",
}
MEANINGS: dict[State, str] = {
    "reports": "makes the claim, and nothing in it stands apart",
    "differs": "makes the claim with another number, day, name, place or wording",
    "contrary": "says the contrary",
    "unsure": "may make the claim: read its sentence",
    "told": "makes the claim; whether it stands apart in other ways was not asked",
    "silent": "covers the story, not the claim",
    "no coverage": "has no article of the story",
}
SHORT: dict[State, str] = {
    "reports": "reports",
    "differs": "differs",
    "contrary": "says the contrary",
    "unsure": "unsure",
    "told": "makes the claim, other differences not shown",
    "silent": "covers the story, not the claim",
    "no coverage": "no article of the story",
}
"""What a legend has room for."""

_ALWAYS: tuple[State, ...] = ("reports", "differs", "silent")


def legend(present: Iterable[State]) -> str:
    """Explain the marks that a table has, and those that a reader may miss in it."""
    shown = set(present)
    known = [state for state in STATES if state in shown or (state in _ALWAYS and "told" not in shown)]
    return "   ".join(f"{MARKS[state]} {SHORT[state]}" for state in known)


def is_narrowed(comparison: Comparison) -> bool:
    """Whether some differences were not looked for, or were left out as not sure enough.

    Then an outlet that nothing sets apart here may stand apart in what is not shown.
    """
    settings = comparison.provenance.settings
    floor = settings.get("min_confidence", 0.0)
    return settings.get("detectors", "") not in ("", ALL_KINDS) or (
        isinstance(floor, int | float) and floor > Settings().min_confidence
    )
