"""Write numbers in every way that news writes them, and see that each is read back as it was.

The words are those of num2words (LGPL, needed in development only; the one library that writes all four
languages): every case and gender in Russian, gender and construct state in Hebrew. Beside them stand digits
with magnitudes, halves, and other spellings of the same words.

    python tools/number_round_trip.py            # all of it, 970,000 numbers: two minutes
    python tools/number_round_trip.py --sample 40
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from num2words import num2words

from xsource.facts.quantities import quantities

FORMS: Mapping[str, Sequence[Mapping[str, object]]] = {
    "en": ({},),
    "ru": tuple({"case": case, "gender": gender} for case in "ngdaip" for gender in "mfn"),
    "he": tuple({"gender": gender, "construct": construct} for gender in "mf" for construct in (False, True)),
    "ar": ({},),
}
NOUNS = {"en": "people", "ru": "человек", "he": "איש", "ar": "شخص"}
# A single thing: its number stands before or behind it.
ONES = {"en": "{} person", "ru": "{} человек", "he": "איש {}", "ar": "شخص {}"}
MAGNITUDES = {
    "en": (("billion", "bn"), ("million", "m"), ("thousand", "k")),
    "ru": (("миллиардов", "млрд"), ("миллионов", "млн"), ("тысяч", "тыс.")),
    "he": (("מיליארד", "מיליארד"), ("מיליון", "מיליון"), ("אלף", "אלף")),
    "ar": (("مليارا", "مليار"), ("مليونا", "ملايين"), ("ألفاً", "آلاف")),
}
JOINTS = {"en": " ", "ru": " ", "he": " ו-", "ar": " و"}
HALVES = {
    "en": (
        "{words} and a half million", "{words} point five million", "{digits}.5 million",
        "{digits}.5m people",
    ),
    "ru": (
        "{words} с половиной миллионов", "{words} целых пять десятых миллиона", "{digits},5 млн",
        "{digits} с половиной миллионов",
    ),
    "he": ("{words} וחצי מיליון", "{words} נקודה חמש מיליון", "{digits}.5 מיליון", "{digits} מיליון וחצי"),
    "ar": (
        "{words} مليون ونصف", "{words} مليوناً ونصف المليون", "{digits}.5 مليون", "{digits}٫5 مليون",
        "{words} و نصف مليون",
    ),
}  # fmt: skip


class Written(NamedTuple):
    """A number as a text writes it.

    Attributes:
        form: which way of writing: `words case=g`, `digits`, `half`.
        value: what it is.
    """

    language: str
    form: str
    text: str
    value: Decimal


def library_errs(language: str, number: int) -> bool:
    """Whether num2words 0.5.14 writes a number wrongly.

    In Arabic a group of three digits that ends in 01 before a thousand, million or billion is written with the
    magnitude twice (701,000: سبعمائة و ألف ألف).
    """
    if language != "ar":
        return False
    groups = f"{number:,}".split(",")
    return any(len(group) == 3 and int(group) > 100 and group[1:] == "01" for group in groups[:-1])


def in_words(language: str, number: int) -> Iterator[Written]:
    """Write a number in words, in every form that its language has, with what it counts."""
    if library_errs(language, number):
        return
    for form in FORMS[language]:
        words = num2words(number, lang=language, **form)
        frame = ONES[language] if number == 1 else "{} " + NOUNS[language]
        name = " ".join(["words", *(f"{key}={value}" for key, value in form.items())])
        for spelling in dict.fromkeys((words, *spellings(language, words))):
            yield Written(language, name, frame.format(spelling), Decimal(number))


def spellings(language: str, words: str) -> Iterator[str]:
    """Give other spellings of the same words."""
    if language == "ar":
        yield words.replace(" و ", " و")
        yield words.replace("مائة", "مئة").replace("مائت", "مئت")
        yield re.sub("([ثخستع]\\w+)(مائة)", r"\1 مئة", words)
    if language == "he":
        yield re.sub(r" (עשרה?)\b", "־\\1", words)
        yield re.sub(r" (עשרה?)\b", "-\\1", words)
        yield words.replace(" ו", " ו ")
    if language == "en":
        yield words.replace(",", "").replace(" and ", " ")
        yield words.replace("-", " ")
        yield words.capitalize()
    if language == "ru":
        yield words.replace("ё", "е")


def in_digits(language: str, number: int) -> Iterator[Written]:
    """Write a number in digits with magnitudes: 4 million 250 thousand, 3 آلاف و200."""
    groups = [int(group) for group in f"{number:,}".split(",")]
    if not 2 <= len(groups) <= 4 or groups[-1] % 1000 in range(1, 100):
        return
    for names in (0, 1):
        magnitudes = [pair[names] for pair in MAGNITUDES[language]][-(len(groups) - 1) :]
        parts = [f"{group} {name}" for group, name in zip(groups, magnitudes, strict=False) if group]
        if language == "en" and names:
            if len(parts) > 1 or groups[-1]:
                continue  # nobody writes 4m 250k
            parts = [part.replace(" ", "") for part in parts]
        if groups[-1]:
            parts.append(str(groups[-1]))
        if parts:
            text = JOINTS[language].join(parts) + " " + NOUNS[language]
            yield Written(language, "digits and magnitudes", text, Decimal(number))
    separators = {"en": ",", "ru": " \u00a0\u202f", "he": ",", "ar": ",٬."}[language]
    for separator in separators:
        text = f"{number:,}".replace(",", separator) + " " + NOUNS[language]
        yield Written(language, f"digits with {separator!r}", text, Decimal(number))


def halves(language: str, number: int) -> Iterator[Written]:
    """Write so many millions and a half."""
    value = (Decimal(number) + Decimal("0.5")) * 1_000_000
    gender = {"gender": "m"} if language == "he" else {}
    words = num2words(number, lang=language, **gender)
    for place, frame in enumerate(HALVES[language]):
        if number > 1 or "{words} م" not in frame:  # "one million", not "one a million"
            yield Written(language, f"half {place}", frame.format(words=words, digits=number), value)


def written(sample: int | None, seed: int = 15) -> Iterator[Written]:
    """Write the numbers of the law: all of them, or about so many of each sort."""
    chosen = random.Random(seed)
    sorts = (
        list(range(10_000)),
        [k * 1_000 for k in range(1, 1_000)],
        [k * 1_000_000 for k in range(1, 1_000)],
        [k * 1_000_000_000 for k in range(1, 1_000)],
        [chosen.randrange(10 ** chosen.randrange(4, 13)) for _ in range(5_000)],
    )
    for language in FORMS:
        for numbers in sorts:
            some = numbers if sample is None else chosen.sample(numbers, min(sample, len(numbers)))
            for number in some:
                yield from in_words(language, number)
                yield from in_digits(language, number)
        ks = range(1, 1_000)
        for k in ks if sample is None else chosen.sample(ks, sample):
            yield from halves(language, k)


def reading(item: Written) -> list[Decimal]:
    """Give all the numbers that are read in a text; the right answer is the one that was written."""
    return [quantity.value for quantity in quantities(item.text, item.language)]


def main() -> int:
    """Read everything back and say what was read wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="numbers of each sort; without it all of them")
    sample = parser.parse_args().sample
    read: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for item in written(sample):
        key = item.language, item.form
        read[key] += 1
        found = reading(item)
        if found != [item.value]:
            wrong[key] += 1
            examples.setdefault(key, f"{item.text!r} is {item.value}, read {[str(value) for value in found]}")
    for key, count in read.items():
        print(f"{key[0]}  {key[1]:28} {count - wrong[key]:7} of {count:7}  {examples.get(key, '')}")
    print(f"{read.total() - wrong.total()} of {read.total()} numbers are read as they were written")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
