"""The tables of months, weekdays and words for days near the publication, read into lookups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from xsource.facts.quantities_lexicon import check_keys, phrase, phrase_starts
from xsource.facts.quantities_tokens import fold_word
from xsource.languages import language_table

NameKind = Literal[
    "month", "weekday", "weekday_bare", "night", "days", "weeks", "months_away", "years", "decade",
    "day_of_month", "hijri",
]  # fmt: skip


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
    decade_words: frozenset[str]
    short_openers: frozenset[str]
    night_openers: frozenset[str]
    night_opened: frozenset[str]
    night_joiners: frozenset[str]
    day_of_month: frozenset[str]
    ago_before: frozenset[str]
    ago_not_before: frozenset[str]
    ago_after: frozenset[str]
    ago_starts: frozenset[str]
    ago_units: Mapping[str, NameKind]


_AGO_UNITS: Mapping[str, NameKind] = {"day": "days", "week": "weeks", "month": "months_away"}
_NAMES: Mapping[str, NameKind] = {
    "months": "month",
    "weekdays": "weekday",
    "weekdays_bare": "weekday_bare",
    "nights": "night",
    "hijri": "hijri",
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
        "decade_words",
        "short_openers",
        "night_openers",
        "night_joiners",
        "day_of_month",
        "ago",
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
    ago = table["ago"]
    return DateLexicon(
        names=names,
        night_opened=frozenset(
            opener + word
            for opener in _words(table, "night_openers")
            for word, (kind, _) in names.items()
            if kind in ("weekday", "weekday_bare")
        ),
        day_of_month=frozenset(map(phrase, table["day_of_month"])),
        ago_before=frozenset(fold_word(word) for word in ago["before"]),
        ago_not_before=frozenset(fold_word(word) for word in ago["not_before"]),
        ago_after=frozenset(map(phrase, ago["after"])),
        ago_starts=frozenset(phrase(words).split()[0] for words in ago["after"]),
        ago_units=_AGO_UNITS,
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
                "decade_words",
                "short_openers",
                "night_openers",
                "night_joiners",
            )
        },
    )


def _words(table: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(fold_word(word) for word in table[key].split())
