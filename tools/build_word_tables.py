"""Write xsource/facts/word_tables/<language>.tsv: how rare words are, and which English words they stand for.

    python tools/build_word_tables.py --text FOLDER

FOLDER holds tab-separated parallel text, `NAME.LANGUAGE-en.tsv`, a sentence and its English a line. Words are
stems, as `xsource.facts.shared_words.stems` gives them. Which English word a word stands for is learned by IBM
Model 1 (Brown et al. 1993, "The Mathematics of Statistical Machine Translation"), eight rounds of expectation
and maximisation. Takes a quarter of a minute.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from xsource.facts.shared_words import stems
from xsource.records import Language

FOLDER = Path(__file__).parents[1] / "xsource" / "facts" / "word_tables"
ROUNDS = 8
MOST_WORDS = 60  # of a sentence: pairs of words grow with the square
SEEN_TOGETHER = 1.5  # expected times
# Both directions have to agree a little; a sure one of the two is enough to be kept.
LEAST_PRODUCT, LEAST_OF_ONE, LEAST_OF_BOTH = 0.02, 0.25, 0.01
MOST_TRANSLATIONS = 6
SEEN_AT_LEAST = 2  # a word that is not listed counts as seen once

Stems = tuple[str, ...]


def read_pairs(folder: Path) -> Mapping[Language, list[tuple[Stems, Stems]]]:
    """Read each language's sentences with their English, each pair once, as stems."""
    languages: tuple[Language, ...] = ("ru", "ar", "he")
    found: dict[Language, list[tuple[Stems, Stems]]] = {}
    for language in languages:
        lines = dict.fromkeys(
            tuple(line.split("\t")[:2])
            for path in sorted(folder.glob(f"*.{language}-en.tsv"))
            for line in path.read_text("utf-8").splitlines()
        )
        found[language] = [(stems(text, language), stems(english, "en")) for text, english in lines]
    return found


def learn_translations(pairs: Sequence[tuple[Stems, Stems]]) -> Mapping[str, list[str]]:
    """Learn the English stems that each stem may stand for, the likeliest first."""
    foreign = {word: i for i, word in enumerate(dict.fromkeys(w for text, _ in pairs for w in text))}
    english = {word: i for i, word in enumerate(dict.fromkeys(w for _, text in pairs for w in text))}
    links: list[tuple[int, int, int]] = []
    place = 0
    for text, translation in pairs:
        targets = [english[word] for word in dict.fromkeys(translation)][:MOST_WORDS]
        for word in list(dict.fromkeys(text))[:MOST_WORDS]:
            links.extend((foreign[word], target, place) for target in targets)
            place += 1
    word, target, where = np.array(links, np.int64).T
    kinds, kind = np.unique(word * len(english) + target, return_inverse=True)
    kind_word, kind_target = np.divmod(kinds, len(english))
    given_english = np.ones(len(kinds))
    for _ in range(ROUNDS):
        weight = given_english[kind]
        expected = np.bincount(kind, weight / np.bincount(where, weight)[where])
        given_english = expected / np.bincount(kind_target, expected)[kind_target]
    given_foreign = expected / np.bincount(kind_word, expected)[kind_word]
    product = given_english * given_foreign
    kept = (
        (expected >= SEEN_TOGETHER)
        & (np.minimum(given_english, given_foreign) > LEAST_OF_BOTH)
        & ((product > LEAST_PRODUCT) | (np.maximum(given_english, given_foreign) > LEAST_OF_ONE))
    )
    names, english_names = list(foreign), list(english)
    table: dict[str, list[str]] = defaultdict(list)
    for i in np.flatnonzero(kept)[np.argsort(-product[kept], kind="stable")]:
        stands_for = table[names[kind_word[i]]]
        if len(stands_for) < MOST_TRANSLATIONS:
            stands_for.append(english_names[kind_target[i]])
    return table


def count_sentences(texts: Iterable[Stems]) -> tuple[Counter[str], int]:
    """Count in how many sentences each stem stands, and the sentences."""
    counts: Counter[str] = Counter()
    number = 0
    for text in texts:
        counts.update(set(text))
        number += 1
    return counts, number


def write_table(
    path: Path, counts: Counter[str], sentences: int, translations: Mapping[str, Sequence[str]]
) -> None:
    """Write a line a stem: the stem, sentences that have it, English stems; first the number of sentences."""
    listed = sorted(word for word, count in counts.items() if count >= SEEN_AT_LEAST or word in translations)
    lines = [f"\t{sentences}\t"]
    lines += [f"{word}\t{counts[word]}\t{' '.join(translations.get(word, ()))}" for word in listed]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{path.name}: {len(listed)} stems, {len(translations)} with English")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, required=True)
    options = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    pairs = read_pairs(options.text)
    for language, own in pairs.items():
        counts, sentences = count_sentences(text for text, _ in own)
        write_table(FOLDER / f"{language}.tsv", counts, sentences, learn_translations(own))
    counts, sentences = count_sentences(dict.fromkeys(text for own in pairs.values() for _, text in own))
    write_table(FOLDER / "en.tsv", counts, sentences, {})


if __name__ == "__main__":
    main()
