#!/usr/bin/env python3
"""Time warm searches over an index of many sentences, embedding of the question included.

    python benchmarks/search.py --sentences 100000

The index is made of the shipped corpora's sentences, each many times with a little seeded noise on its vector:
what a search costs depends on how many vectors there are, not on what they mean.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from xsource.embed.bundled import BundledEmbedder
from xsource.pipeline import Filters, open_reader
from xsource.records import Article, Outlet, OutletId, Sentence
from xsource.settings import Settings
from xsource.store import open_index

CORPORA = Path(__file__).resolve().parents[1] / "corpora"
SENTENCES_AN_ARTICLE = 20
NOISE = 0.3
ARTICLES_A_BATCH = 500


def read_sentences() -> list[tuple[str, str]]:
    """Give (language, sentence) of the corpora's gold, each once."""
    found: dict[tuple[str, str], None] = {}
    for corpus in sorted(CORPORA.iterdir()):
        articles = {}
        for path in sorted(corpus.glob("articles/*.jsonl")):
            for line in path.read_text("utf-8").splitlines():
                record = json.loads(line)
                articles[record["url"]] = record["language"]
        gold = corpus / "gold.jsonl"
        for line in gold.read_text("utf-8").splitlines() if gold.is_file() else ():
            for side in json.loads(line).get("claims", ()):
                if side["url"] in articles:
                    found[articles[side["url"]], side["sentence"]] = None
    return list(found)


def fill(folder: Path, sentences: list[tuple[str, str]], count: int, embedder: BundledEmbedder) -> None:
    rng = np.random.default_rng(0)
    by_language: dict[str, list[str]] = {}
    for language, text in sentences:
        by_language.setdefault(language, []).append(text)
    vectors = {language: embedder.embed(texts) for language, texts in by_language.items()}
    batch = []
    with open_index(folder, mode="write", embedder_id=embedder.id, dimension=embedder.dimension) as index:
        index.write_settings({"embedder": "bundled"})
        for number in range(count // SENTENCES_AN_ARTICLE):
            language = sorted(by_language)[number % len(by_language)]
            rows = rng.integers(len(by_language[language]), size=SENTENCES_AN_ARTICLE)
            texts = [by_language[language][row] for row in rows]
            text = " ".join(texts)
            outlet = Outlet(OutletId(f"outlet-{language}"), f"outlet-{language}", language)
            source = f"https://{language}.example/{number}"
            identity = Article.identify(outlet.id, source, text)
            article = Article(identity, outlet.id, source, "", text, language, 1.0, None, synthetic=True)
            made, start = [], 0
            for position, own in enumerate(texts):
                identity = Sentence.identify(article.id, position)
                made.append(
                    Sentence(
                        identity,
                        article.id,
                        position,
                        start,
                        start + len(own),
                        own,
                        is_claim=True,
                        claim_reason="",
                    )
                )
                start += len(own) + 1
            noisy = vectors[language][rows] + rng.normal(0, NOISE / 384**0.5, (len(rows), 384)).astype(
                np.float32
            )
            noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
            batch.append((article, made, noisy.astype(np.float32)))
            if len(batch) == ARTICLES_A_BATCH:
                index.write_articles(batch, [outlet_of(code) for code in by_language])
                batch = []
        index.write_articles(batch, [outlet_of(code) for code in by_language])


def outlet_of(language: str) -> Outlet:
    return Outlet(OutletId(f"outlet-{language}"), f"outlet-{language}", language)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=60)
    options = parser.parse_args()
    sentences = read_sentences()
    embedder = BundledEmbedder()
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder), sentences, options.sentences, embedder)
        with open_reader(Path(folder), Settings()) as reader:
            reader.search(sentences[0][1], top=10, filters=Filters())  # loads model and vectors
            walls, cpus = [], []
            for _, question in sentences[1 : options.questions + 1]:
                wall, cpu = time.perf_counter(), time.process_time()
                reader.search(question, top=10, filters=Filters())
                walls.append(time.perf_counter() - wall)
                cpus.append(time.process_time() - cpu)
    p50, p95 = np.percentile(walls, [50, 95]) * 1000
    print(f"{options.sentences} sentences, {len(walls)} questions, {os.cpu_count()} cores")
    print(f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, {np.median(cpus) * 1000:.0f} ms of CPU a question")


if __name__ == "__main__":
    main()
