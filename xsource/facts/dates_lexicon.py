"""The tables of months, weekdays and words for days near the publication, read into lookups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from xsource.facts.quantities_lexicon import check_keys, phrase, phrase_starts
from xsource.facts.quantities_tokens import fold_word
from xsource.languages import language_table

NameKind = Literal["month", "weekday", "days", "weeks", "months_away", "years", "decade"]


@dataclass(frozen=True, slots=True)
class DateLexicon:
    """One language's way with dates; see the comments in its file. Every word is folded.

    Attributes:
        names: a phrase of one to three words, clitics written on, to what it names and which: (`weekday`, 5).
        starts: first words of `names`.
        day_clitics: what a cardinal in front of a month has written on when it is the day.
    """

    names: Mapping[str, tuple[NameKind, int]]
    starts: frozenset[str]
    clitics: frozenset[str]
    day_clitics: frozenset[str]
    month_first: bool
    fillers: frozenset[str]
    year_words: frozenset[str]
    century_words: frozenset[str]
    month_needs: frozenset[str]
    month_openers: frozenset[str]
    weekday_needs: frozenset[str]
    weekday_openers: frozenset[str]


_NAMES: Mapping[str, NameKind] = {
    "months": "month",
    "weekdays": "weekday",
    "days": "days",
    "weeks": "weeks",
    "months_away": "months_away",
    "years": "years",
    "decades": "decade",
}
_KEYS = frozenset(
    {
        "clitics",
        "suffixes",
        "day_clitics",
        "month_first",
        "fillers",
        "year_words",
        "century_words",
        "month_needs",
        "month_openers",
        "weekday_needs",
        "weekday_openers",
    }
) | frozenset(_NAMES)


@cache
def date_lexicon(language: str) -> DateLexicon:
    """Read a language's table `[dates]`.

    Raises:
        ValueError: the language is not ours, or a key of the table is missing or misspelt.
    """
    table = language_table(language, "dates")
    check_keys(table, _KEYS, f"languages/{language}.toml [dates]")
    clitics, suffixes = _words(table, "clitics"), _words(table, "suffixes")
    names: dict[str, tuple[NameKind, int]] = {}
    for key, kind in _NAMES.items():
        for number, forms in table[key].items():
            for form in forms.split() if isinstance(forms, str) else forms:
                for clitic in ("", *clitics):
                    for suffix in ("", *suffixes):
                        names.setdefault(clitic + phrase(form) + suffix, (kind, int(number)))
    return DateLexicon(
        names=names,
        starts=phrase_starts(names),
        clitics=clitics,
        month_first=table["month_first"],
        **{
            key: _words(table, key)
            for key in (
                "day_clitics",
                "fillers",
                "year_words",
                "century_words",
                "month_needs",
                "month_openers",
                "weekday_needs",
                "weekday_openers",
            )
        },
    )


def _words(table: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(fold_word(word) for word in table[key].split())
