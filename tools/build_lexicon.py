"""Write xsource/facts/lexicon/<language>.txt: words that are ordinary words and not names.

usage: build_lexicon.py TRAIN_DIR

TRAIN_DIR holds `*.<language>-en.tsv`: a sentence, a tab, its English. In English and Russian an ordinary word
is one that stands in lower case. Arabic and Hebrew have no capitals: there a word is ordinary when it does
not sound like a capitalised word of the English sentence beside it.
"""

from __future__ import annotations

import collections
import sys
from collections.abc import Iterator
from pathlib import Path

from xsource.facts.skeletons import word_similarity
from xsource.facts.spelling import count_consonants, skeleton
from xsource.facts.text.folding import fold_name as fold
from xsource.facts.words import WORD

LEXICON = Path(__file__).parents[1] / "xsource" / "facts" / "lexicon"
SEEN_AT_LEAST = 2
# "may" stays an ordinary word although people have the name; "paris" in lower case is a typing error.
LOWER_SHARE = 0.3
NAME_SHARE = 0.5


def pairs(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Read every pair as language, sentence and English."""
    seen = set()
    for path in sorted(folder.glob("*.tsv")):
        language = path.name.split(".")[-2].split("-")[0]
        for line in path.read_text("utf-8").splitlines():
            fields = line.split("\t")
            if len(fields) >= 2 and (fields[0], fields[1]) not in seen:
                seen.add((fields[0], fields[1]))
                yield language, fields[0], fields[1]


def main(folder: Path) -> None:
    """Count and write."""
    lower: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    upper: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for language, text, english in pairs(folder):
        for code, sentence in ((language, text), ("en", english)):
            for place, match in enumerate(WORD.finditer(sentence)):
                word = match.group()
                if word[0].isupper():
                    if place:
                        upper[code][fold(word)] += 1
                else:
                    lower[code][fold(word)] += 1
    ordinary = {
        code: {
            word
            for word, count in lower[code].items()
            if count >= SEEN_AT_LEAST and count >= LOWER_SHARE * (count + upper[code][word])
        }
        for code in ("en", "ru")
    }
    names: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for language, text, english in pairs(folder):
        if language in {"ar", "he"}:
            capitalised = {
                word
                for word in WORD.findall(english)
                if word[0].isupper()
                and fold(word) not in ordinary["en"]
                and count_consonants(skeleton(word, "en")) >= 2
            }
            for word in WORD.findall(text):
                if any(
                    word_similarity(word, language, other, "en", 0.8)
                    >= (0.8 if count_consonants(skeleton(other, "en")) > 2 else 0.92)
                    for other in capitalised
                ):
                    names[language][fold(word)] += 1
    for code in ("ar", "he"):
        ordinary[code] = {
            word
            for word, count in lower[code].items()
            if count >= SEEN_AT_LEAST and names[code][word] < NAME_SHARE * count
        }
    LEXICON.mkdir(exist_ok=True)
    for code, words in ordinary.items():
        (LEXICON / f"{code}.txt").write_text("".join(f"{word}\n" for word in sorted(words)), "utf-8")
        print(code, len(words))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
