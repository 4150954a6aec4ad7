"""Does the translation guard see planted faults, and stay quiet on people's translations?

Faults are planted in the human translations of NTREX-128 by a seeded script: what a machine might do to them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xsource.records import LANGUAGES, Language
from xsource.translate.guard import check_translation

FAULTS_OF_A_KIND = 100

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w])")
_NAME = re.compile(r"(?<=[a-z,] )([A-Z][a-z]{3,}) ([A-Z][a-z]{3,})\b")
_OTHER_NAMES = (
    "Ingrid Lindqvist", "Takeshi Morimoto", "Beatriz Carvalho", "Gwendolyn Prescott", "Dragomir Vasilev",
    "Oluwaseun Adeyemi", "Fiorella Bianchi", "Konstantin Schmidt",
)  # fmt: skip

Plant = Callable[[str, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class GuardFigures:
    """Recall by kind of fault and the share of untouched translations that were marked, all 0..1."""

    recall: Mapping[str, float]
    false_alarms: float
    false_alarms_by_direction: Mapping[Language, float]


def drop_number(text: str, rng: random.Random) -> str | None:
    """Leave a number out."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    number = rng.choice(found)
    return " ".join((text[: number.start()] + text[number.end() :]).split())


def change_number(text: str, rng: random.Random) -> str | None:
    """Change one digit of a number."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    number = rng.choice(found)
    place = rng.choice([i for i in range(number.start(), number.end()) if text[i].isdigit()])
    digit = rng.choice([d for d in "123456789" if d != text[place]])
    return text[:place] + digit + text[place + 1 :]


def swap_name(text: str, rng: random.Random) -> str | None:
    """Put another person's name in the place of a two-word name."""
    found = list(_NAME.finditer(text))
    if not found:
        return None
    name = rng.choice(found)
    return text[: name.start()] + rng.choice(_OTHER_NAMES) + text[name.end() :]


def cut_end(text: str, rng: random.Random) -> str | None:
    """Stop after 40 to 80 % of the words, as a decoder at its limit does."""
    words = text.split()
    if len(words) < 8:
        return None
    return " ".join(words[: int(len(words) * rng.uniform(0.4, 0.8))])


def repeat_phrase(text: str, rng: random.Random) -> str | None:
    """Say a phrase of two to four words twice or thrice."""
    words = text.split()
    if len(words) < 8:
        return None
    size, times = rng.randint(2, 4), rng.randint(1, 2)
    start = rng.randrange(len(words) - size)
    phrase = words[start : start + size]
    return " ".join(words[: start + size] + phrase * times + words[start + size :])


PLANTS: dict[str, Plant] = {
    "number dropped": drop_number,
    "number changed": change_number,
    "name swapped": swap_name,
    "end cut": cut_end,
    "phrase repeated": repeat_phrase,
}


def plant_faults(
    sources: Sequence[tuple[str, str]], english: Sequence[str], plant: Plant, rng: random.Random
) -> Iterator[tuple[str, str, str]]:
    """Give up to 100 triples: source, its language, and its translation with one fault.

    A fault that happens to be none (the number stands twice in the sentence) is not sorted out.
    """
    order = list(range(len(sources)))
    rng.shuffle(order)
    given = 0
    for i in order:
        if given == FAULTS_OF_A_KIND:
            return
        planted = plant(english[i], rng)
        if planted is not None and planted != english[i]:
            source, language = sources[i]
            yield source, language, planted
            given += 1


def evaluate_guard(texts: Mapping[Language, Sequence[str]], seed: int = 1) -> GuardFigures:
    """Measure the guard on parallel sentences.

    Args:
        texts: language to n sentences, line i the same in each; `en` is the side that faults are planted in.
        seed: of the planting.
    """
    rng = random.Random(seed)  # noqa: S311 - repeatable, not secret
    english = texts["en"]
    others: list[Language] = [language for language in LANGUAGES if language != "en"]
    sources = [(texts[language][i], language) for i in range(len(english)) for language in others]
    targets = [english[i] for i in range(len(english)) for _ in others]
    recall = {}
    for kind, plant in PLANTS.items():
        faults = list(plant_faults(sources, targets, plant, rng))
        recall[kind] = sum(bool(check_translation(s, lang, t, "en")) for s, lang, t in faults) / len(faults)
    alarms = {
        language: sum(
            bool(check_translation(s, language, t, "en")) for s, t in zip(texts[language], english, strict=True)
        )
        / len(english)
        for language in others
    }
    return GuardFigures(recall, sum(alarms.values()) / len(alarms), alarms)
