#!/usr/bin/env python3
"""Write a corpus of any size from parallel sentences: events that outlets of two languages tell.

    python benchmarks/corpus.py shared/train/*.tsv --articles 10000 > corpus.jsonl

Each file holds a sentence, a tab and its English on every line; its name says the language
(`wiki.ru-en.tsv`). Lines are joined until they are as long as a sentence of news, in another order each time
the lines run out. An event is told by four articles, two of each language: most of its sentences are in all
of them, the rest in one. The second outlet of a language tells a sentence's parts the other way round, so
hardly a sentence comes twice: embedding each distinct one once gains nothing here. What the articles say
makes no sense; what they cost does.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

SENTENCES_AN_ARTICLE = 15
SHARED_SENTENCES = 11
LEAST_CHARACTERS = 70
ARTICLES_A_DAY = 400
START = datetime(2024, 1, 1, tzinfo=UTC)
_ENDS = ".!?…؟。 \u200f\u200e\"'»”"

Pair = tuple[str, str]
Parts = list[Pair]
"""The parts of a sentence, each in two languages."""


def read_pairs(paths: list[Path]) -> dict[str, list[Pair]]:
    """Give the sentence pairs of each language."""
    pairs: dict[str, dict[Pair, None]] = {}
    for path in paths:
        language = path.name.split(".")[-2].partition("-")[0]
        for line in path.read_text("utf-8").splitlines():
            source, _, english = line.partition("\t")
            if source.strip(_ENDS) and english.strip(_ENDS):
                pairs.setdefault(language, {})[source.strip(), english.strip()] = None
    return {language: list(found) for language, found in pairs.items()}


def sentence_parts(pairs: list[Pair], chance: random.Random) -> Iterator[Parts]:
    """Give sentence after sentence without end, in another order in each round."""
    order = list(pairs)
    while True:
        chance.shuffle(order)
        held: list[Pair] = []
        for pair in order:
            held.append((pair[0].strip(_ENDS), pair[1].strip(_ENDS)))
            if len(held) > 1 and sum(len(english) for _, english in held) >= LEAST_CHARACTERS:
                yield held
                held = []


def tell(parts: Parts, side: int, *, backwards: bool) -> str:
    """Make a sentence of its parts in one language."""
    texts = [part[side] for part in (reversed(parts) if backwards else parts)]
    sentence = "; ".join(texts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def make_articles(pairs: dict[str, list[Pair]], count: int, seed: int) -> Iterator[dict[str, str]]:
    """Give articles, four an event; the languages take turns."""
    chance = random.Random(seed)
    streams = {language: sentence_parts(own, chance) for language, own in sorted(pairs.items())}
    languages = sorted(streams)
    for number in range(count):
        event, version = divmod(number, 4)
        language = languages[event % len(languages)]
        if version == 0:
            shared = [next(streams[language]) for _ in range(SHARED_SENTENCES)]
        side = version % 2
        own = [next(streams[language]) for _ in range(SENTENCES_AN_ARTICLE - SHARED_SENTENCES)]
        told = [*shared, *own]
        lead, rest = told[:2], told[2:]
        chance.shuffle(rest)
        texts = [tell(parts, side, backwards=version > 1) for parts in (*lead, *rest)]
        code = (language, "en")[side]
        outlet = f"{code}-outlet-{version // 2 + 1}"
        moment = START + timedelta(days=event * 4 / ARTICLES_A_DAY, hours=chance.random() * 12)
        yield {
            "outlet": outlet,
            "url": f"https://{outlet}.example/{number}",
            "title": texts[0][:80],
            "text": " ".join(texts),
            "published_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "language": code,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.xx-en.tsv")
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    for article in make_articles(read_pairs(options.files), options.articles, options.seed):
        sys.stdout.write(json.dumps(article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
