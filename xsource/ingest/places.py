"""Is a name in capitals before a colon the place of a dateline, or who speaks?"""

from __future__ import annotations

import re
from functools import cache

from xsource.languages import language_table
from xsource.records import LANGUAGES

_CASED_LANGUAGES = ("en", "ru")  # only these write a place in capitals
_SPEAKER_LINE = re.compile(r"^[^\W\d_a-zа-яё][^\n:a-zа-яё]{1,40}:", re.MULTILINE)
_FIRST_PERSON = re.compile(
    r"[\"“«„]|(?:I|I'm|I’m|We|We're|We’re|My|Our|Thank|Yes|No|Well|Я|Мы|Наш\w*|Мой|Моя|Да|Нет|Спасибо)\b"
)
# What stands before a colon in an interview or a transcript.
_ROLES = frozenset({
    "question", "answer", "q", "a", "reporter", "moderator", "host", "anchor", "interviewer",
    "president", "minister",
    "senator", "sen", "rep", "gen", "general", "mr", "mrs", "ms", "dr", "secretary", "spokesman",
    "spokesperson",
    "ambassador", "chairman", "speaker", "judge", "prosecutor", "witness", "voice",
    "вопрос", "ответ", "корреспондент", "ведущий", "ведущая", "журналист", "президент", "министр",
    "господин", "госпожа",
    "г-н", "г-жа", "посол", "председатель", "генерал", "депутат", "сенатор", "судья", "прокурор", "голос",
})  # fmt: skip


def is_place_in_capitals(name: str, rest: str) -> bool:
    """Tell `MOSCOW: Talks began` from `LAVROV: We are ready`.

    A place that Unicode CLDR names is one. Any other name is taken for a place too, for there are more places
    than lists, unless what follows is speech.

    Args:
        name: what stands in capitals.
        rest: the text behind it.
    """
    words = re.findall(r"[\w-]+", name.casefold())
    if " ".join(words) in _known_places():
        return True
    if set(words) & _ROLES or _FIRST_PERSON.match(rest) or _SPEAKER_LINE.search(rest):
        return False
    return bool(words) and not _is_cited(words[-1], rest[:3_000])


def _is_cited(name: str, text: str) -> bool:
    """Whether a name stands beside a verb of saying somewhere: `Lavrov added`, `сказал Зорин`."""
    words = re.findall(r"[\w-]+", text.casefold())
    said = _speech_words()
    return any(
        word == name and said & set(words[max(0, place - 2) : place + 3]) for place, word in enumerate(words)
    )


@cache
def _speech_words() -> frozenset[str]:
    return frozenset(
        word for code in _CASED_LANGUAGES for word in language_table(code, "sentences")["speech"].split()
    )


@cache
def _known_places() -> frozenset[str]:
    """Give the countries of CLDR and the cities that it names time zones after, folded."""
    from babel import Locale

    names: set[str] = set()
    for code in _CASED_LANGUAGES:
        assert code in LANGUAGES
        locale = Locale(code)
        names.update(name for territory, name in locale.territories.items() if len(territory) == 2)
        for zone, naming in locale.time_zones.items():
            names.add(zone.rpartition("/")[2].replace("_", " "))
            names.update(name for name in [naming.get("city")] if isinstance(name, str))
    return frozenset(" ".join(re.findall(r"[\w-]+", name.casefold())) for name in names)
