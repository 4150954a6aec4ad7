"""Many readers beside one writer: each answer must be that of one generation.

    python tools/reliability/readers_and_writer.py --seconds 600 --readers 8

The writer adds and removes articles in an order that a seed fixes, so anybody can work out what the index
holds at each number of writes. A reader opens or refreshes its view, asks for the articles, for a search and
for single vectors, and compares all of it with a computation of its own, without the index. Some readers also
remove the vector file, as a person might, and one process runs `doctor` and makes backups all the while.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from xsource.errors import StorageError
from xsource.pipeline import check_index
from xsource.store import open_index
from xsource.store.backup import check_backup, write_backup

BATCH = 3
HELD = 20  # batches that are in the index at once; older ones are removed


def load_newsroom() -> ModuleType:
    """Load the articles of the store's tests."""
    path = Path(__file__).resolve().parents[2] / "tests" / "store" / "newsroom.py"
    spec = importlib.util.spec_from_file_location("soak_newsroom", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def held_after(writes: int) -> list[int]:
    """Say which batches are in the index after a number of writes: one added each time, the oldest removed."""
    return list(range(max(0, writes - HELD), writes))


def write(folder: Path, ready: Any, stop: Any, counts: Any) -> None:
    """Add and remove batches until told to stop, under one lock or opening again each time."""
    newsroom = load_newsroom()
    chance = random.Random(1)
    number = 0
    ready.wait()
    while not stop.is_set():
        with open_index(
            folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION
        ) as index:
            for _ in range(chance.randrange(1, 12)):
                gone = (
                    [newsroom.make_article(n)[0].id for n in numbers(number - HELD)] if number >= HELD else []
                )
                write_one(index, newsroom, number, gone)
                number += 1
                if chance.random() < 0.3:
                    index.vector_store()
        counts["writes"] = number


def numbers(batch: int) -> range:
    """Give the numbers of the articles of a batch."""
    return range(batch * BATCH, (batch + 1) * BATCH)


def write_one(index: Any, newsroom: ModuleType, number: int, gone: list[str]) -> None:
    """Write one generation: a new batch; and in a transaction of its own, the oldest removed."""
    index.write_articles([newsroom.make_article(n) for n in numbers(number)], newsroom.OUTLETS)
    if gone:
        index.remove_articles(gone)


def expected(newsroom: ModuleType, cache: dict[int, Any], batches: tuple[int, ...]) -> tuple[list[str], Any]:
    """Work out the sentence ids and vectors of an index that holds these batches."""
    ids, vectors = [], []
    for batch in batches:
        if batch not in cache:
            cache[batch] = [newsroom.make_article(n) for n in numbers(batch)]
        for _, sentences, found in cache[batch]:
            ids += [sentence.id for sentence in sentences]
            vectors.append(found)
    return ids, np.vstack(vectors) if vectors else np.empty((0, newsroom.DIMENSION), np.float32)


def wrong_in(index: Any, newsroom: ModuleType, cache: dict[int, Any], chance: random.Random) -> str:
    """Ask an open index everything twice over, and say what does not belong to one generation."""
    articles = index.articles()
    by_id = {newsroom_id(newsroom, cache, n): n for n in cache_numbers(articles)}
    found = [by_id.get(article.id) for article in articles]
    if None in found or found != sorted(found):
        return f"articles that were never written together: {found}"
    batches = tuple(sorted({n // BATCH for n in found}))
    if batches and (batches != tuple(range(batches[0], batches[-1] + 1)) or len(found) != BATCH * len(batches)):
        return f"parts of batches: {found}"
    if len(batches) > HELD + 1:
        return f"{len(batches)} batches at once"
    ids, vectors = expected(newsroom, cache, batches)
    if [sentence.id for sentence in index.sentences()] != ids:
        return "sentences are not those of the articles"
    if not ids:
        return ""
    k = 5
    queries = newsroom.unit_vectors(2, chance.randrange(1 << 30))
    cosines = queries @ vectors.T
    for query, row in zip(cosines, index.search(queries, k), strict=True):
        wanted = [ids[place] for place in np.argsort(-query, kind="stable")[:k]]
        if [id_ for id_, _ in row] != wanted or not np.allclose(
            [c for _, c in row], -np.sort(-query)[:k], atol=1e-5
        ):
            return f"a search finds {[id_ for id_, _ in row]}, expected {wanted}"
    chosen = chance.sample(range(len(ids)), min(4, len(ids)))
    if not np.array_equal(index.vectors([ids[place] for place in chosen]), vectors[chosen]):
        return "vectors are not those of the sentences"
    return ""


def cache_numbers(articles: list[Any]) -> list[int]:
    """Read the numbers of articles from their addresses."""
    return [int(article.source.rsplit("/", 1)[1]) for article in articles]


def newsroom_id(newsroom: ModuleType, cache: dict[int, Any], number: int) -> str:
    """Give the id of an article by its number."""
    batch = number // BATCH
    if batch not in cache:
        cache[batch] = [newsroom.make_article(n) for n in numbers(batch)]
    return str(cache[batch][number % BATCH][0].id)


def read(folder: Path, seed: int, ready: Any, stop: Any, results: Any) -> None:
    """Ask until told to stop."""
    newsroom, chance, counts = load_newsroom(), random.Random(seed), Counter[str]()
    cache: dict[int, Any] = {}
    generations = set()
    faults = []
    ready.wait()
    while not stop.is_set():
        try:
            with open_index(folder, mode="read") as index:
                for _ in range(chance.randrange(1, 6)):
                    wrong = wrong_in(index, newsroom, cache, chance)
                    again = wrong or wrong_in(index, newsroom, cache, chance)
                    generations.add(index.generation)
                    counts["answers"] += 2
                    if again:
                        faults.append(again)
                    index.refresh()
            if chance.random() < 0.05:
                for path in folder.glob("vectors-*.faiss"):
                    path.unlink(missing_ok=True)
        except StorageError as error:
            counts[f"told: {error.message.split(':')[-1].strip()[:60]}"] += 1
        for old in [batch for batch in cache if batch < max(cache) - 3 * HELD]:
            del cache[old]
    results.put({"reader": seed, "generations": len(generations), "faults": faults[:5], **counts})


def inspect(folder: Path, ready: Any, stop: Any, results: Any) -> None:
    """Run `doctor` and make backups beside the writer."""
    counts, faults = Counter[str](), []
    ready.wait()
    while not stop.is_set():
        bad = [finding.message for finding in check_index(folder) if not finding.is_repairable]
        made = write_backup(folder, folder.parent / "beside.zip", replace=True)
        check_backup(folder.parent / "beside.zip")
        counts["checks"] += 1
        counts["backups"] += 1
        if bad or made.articles % BATCH:
            faults.append(bad or f"{made.articles} articles in a backup")
        time.sleep(0.2)
    results.put({"reader": "doctor and backup", "faults": faults[:5], **counts})


def run(*, seconds: float, readers: int) -> dict[str, Any]:
    """Let all of them run for some seconds."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="xsource-soak-") as scratch, context.Manager() as manager:
        folder = Path(scratch) / "index"
        newsroom = load_newsroom()
        with open_index(
            folder, mode="write", embedder_id=newsroom.EMBEDDER, dimension=newsroom.DIMENSION
        ) as index:
            index.write_settings({"embedder": newsroom.EMBEDDER})
        stop, counts = context.Event(), manager.dict()
        ready = context.Barrier(readers + 3)  # loading takes seconds, and is not what is measured
        results = manager.Queue()
        processes = [context.Process(target=write, args=(folder, ready, stop, counts))]
        processes += [
            context.Process(target=read, args=(folder, n, ready, stop, results)) for n in range(readers)
        ]
        processes.append(context.Process(target=inspect, args=(folder, ready, stop, results)))
        for process in processes:
            process.start()
        ready.wait()
        time.sleep(seconds)
        stop.set()
        for process in processes:
            process.join(120)
        found = [results.get(timeout=10) for _ in range(readers + 1)]
        ends = [process.exitcode for process in processes]
        return {
            "seconds": seconds,
            "writes": counts.get("writes", 0),
            "readers": sorted(found, key=lambda row: str(row["reader"])),
            "answers": sum(row.get("answers", 0) for row in found),
            "faults": [fault for row in found for fault in row["faults"]]
            + [f"ended {end}" for end in ends if end],
        }


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--readers", type=int, default=8)
    given = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    report = run(seconds=given.seconds, readers=given.readers)
    print(json.dumps(report, ensure_ascii=False))
    sys.exit(1 if report["faults"] else 0)


if __name__ == "__main__":
    main()
