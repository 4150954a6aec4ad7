#!/usr/bin/env python3
"""What finding and comparing stories costs in a real index of many articles, whose vectors are made up.

    python benchmarks/compare_index.py shared/train/*.tsv --articles 10000 100000

Fills a catalogue with the articles of `corpus.py` (real sentences, 400 articles a day, four an event) and one
made-up vector for each sentence: the same event's sentences are near to each other, as translations are. Then,
in a process of its own, opens the index, finds all stories, and compares them one at a time. Polarity is left
out, whose model costs a second a story and the same for every story; all other kinds are looked for.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))
from corpus import (
    ARTICLES_A_DAY,
    SENTENCES_AN_ARTICLE,
    SHARED_SENTENCES,
    START,
    Pair,
    read_pairs,
    sentence_parts,
    tell,
)

from xsource.records import Article, FloatMatrix, Outlet, OutletId, Sentence

DIMENSION = 384
EMBEDDER = "made-up/384"
DETECTORS = "number,date,actor,place,attribution,certainty,wording,omission,update"
BATCH = 256

Row = tuple[Article, list[Sentence], FloatMatrix]


def make_rows(pairs: dict[str, list[Pair]], count: int, seed: int = 0) -> Iterator[Row]:
    """Give articles with sentences and vectors, four an event."""
    import random

    chance, noise = random.Random(seed), np.random.default_rng(seed)
    streams = {language: sentence_parts(own, chance) for language, own in sorted(pairs.items())}
    languages = sorted(streams)
    direction = {code: noise.normal(size=DIMENSION) for code in (*languages, "en")}
    for number in range(count):
        event, version = divmod(number, 4)
        language = languages[event % len(languages)]
        if version == 0:
            shared = [next(streams[language]) for _ in range(SHARED_SENTENCES)]
            topic = noise.normal(scale=0.7, size=DIMENSION)
            meanings = noise.normal(size=(SHARED_SENTENCES, DIMENSION))
        own = SENTENCES_AN_ARTICLE - SHARED_SENTENCES
        told = [*shared, *(next(streams[language]) for _ in range(own))]
        side = version % 2
        code = (language, "en")[side]
        vectors = np.concatenate([meanings, noise.normal(size=(own, DIMENSION))])
        vectors += noise.normal(scale=0.6, size=vectors.shape) + topic + 2 * direction[code]
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        texts = [tell(parts, side, backwards=version > 1) for parts in told]
        yield make_row(number, code, version, event, texts, vectors.astype(np.float32))


def make_row(number: int, code: str, version: int, event: int, texts: list[str], vectors: FloatMatrix) -> Row:
    outlet = OutletId(f"{code}-outlet-{version // 2 + 1}")
    source, text = f"https://{outlet}.example/{number}", " ".join(texts)
    article = Article(
        Article.identify(outlet, source, text), outlet, source, texts[0][:80], text, code, 1.0,  # type: ignore[arg-type]
        START + timedelta(days=event * 4 / ARTICLES_A_DAY), synthetic=True,
    )  # fmt: skip
    sentences, start = [], 0
    for position, own in enumerate(texts):
        id_ = Sentence.identify(article.id, position)
        sentences.append(
            Sentence(id_, article.id, position, start, start + len(own), own, is_claim=True, claim_reason="")
        )
        start += len(own) + 1
    return article, sentences, vectors


def fill(index_path: Path, files: list[Path], count: int) -> dict[str, float]:
    from xsource.store import open_index

    cpu = time.process_time()
    rows = make_rows(read_pairs(files), count)
    with open_index(index_path, mode="write", embedder_id=EMBEDDER, dimension=DIMENSION) as index:
        while batch := list(islice(rows, BATCH)):
            outlets = {row[0].outlet_id: row[0].language for row in batch}
            index.write_articles(batch, [Outlet(id_, id_, code) for id_, code in outlets.items()])
    return {"articles": count, "cpu fill": time.process_time() - cpu, "peak": peak()}


def compare(index_path: Path, most: int) -> dict[str, float]:
    from xsource.pipeline import open_reader
    from xsource.settings import Settings

    cpu = time.process_time()
    with open_reader(index_path, Settings(detectors=DETECTORS)) as reader:
        stories = reader.stories()
        sorted_at, peak_stories = time.process_time(), peak()
        compared = list(islice(map(measure_of, reader.compare_each()), most))
        end = time.process_time()
    return {
        "stories": len(stories),
        "cpu stories": sorted_at - cpu,
        "peak stories": peak_stories,
        "compared": len(compared),
        "groups": sum(groups for groups, _ in compared),
        "divergences": sum(divergences for _, divergences in compared),
        "cpu a story": (end - sorted_at) / max(1, len(compared)),
        "peak": peak(),
    }


def measure_of(comparison: object) -> tuple[int, int]:
    return len(comparison.groups), len(comparison.divergences)  # type: ignore[attr-defined]


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_process(*words: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, __file__, *words], check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.xx-en.tsv")
    parser.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--most", type=int, default=1_000_000, help="stories to compare")
    parser.add_argument("--one", choices=("fill", "compare"), help=argparse.SUPPRESS)
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one == "fill":
        print(json.dumps(fill(options.index, options.files, options.articles[0])))
        return
    if options.one == "compare":
        print(json.dumps(compare(options.index, options.most)))
        return
    for count in options.articles:
        with tempfile.TemporaryDirectory() as folder:
            common = [*map(str, options.files), "--index", f"{folder}/index", "--most", str(options.most)]
            for one in ("fill", "compare"):
                found = in_process(*common, "--articles", str(count), "--one", one)
                line = ", ".join(f"{name} {value:,.6g}" for name, value in found.items())
                print(f"{count} {one}: {line}", flush=True)


if __name__ == "__main__":
    main()
