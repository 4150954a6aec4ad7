"""Recall and speed of the search index, on real sentence vectors and on a million.

    python -m benchmarks.index_scale --work DIR [--sentences 1000000] [--questions 200]

The texts are those of the benchmark and training data beside the checkout (sentences of Tatoeba, TICO-19,
XQuAD, PUD, FLORES, XNLI, NTREX and others, in four languages), each once, embedded with the bundled model and
kept in DIR. The questions are sentences held out of them. Two sets are searched:

- *real*: every vector is that of a real sentence;
- *extended*: the same, made up to the wanted number with means of two sentences of one source and language,
  weighted by their lengths. The bundled model's vector of a text is the mean of its tokens' states, so this
  stands for the two sentences written one after the other; `--check-extension` says how near it comes.

Recall at 10 is against all cosines, exactly. Times are of `Index.search`, SQLite included and embedding not.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from xsource.embed.bundled import DIMENSION, BundledEmbedder
from xsource.evaluate.bench import bench_folder
from xsource.records import Article, FloatMatrix, IntVector, Outlet, OutletId, Sentence
from xsource.segment.sentences import split_sentences
from xsource.store import Index, open_index
from xsource.store.inverted_lists import IvfVectorStore, lists_for
from xsource.store.reranking import RerankedVectorStore
from xsource.store.vector_stores import FlatVectorStore

TOP = 10
SENTENCES_AN_ARTICLE = 50
ARTICLES_A_BATCH = 200
OUTLETS = 100
FEWEST_CHARACTERS = 8
BLOCK = 8192


def read_texts(shared: Path) -> list[tuple[str, str, str]]:
    """Give (language, source, text), each text once."""
    found: dict[str, tuple[str, str]] = {}
    for language, source, text in _all_texts(shared):
        joined = " ".join(text.split())
        if len(joined) >= FEWEST_CHARACTERS:
            found.setdefault(joined, (language, source))
    return [(language, source, text) for text, (language, source) in found.items()]


def _all_texts(shared: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted((shared / "train").glob("*.tsv")):
        languages = path.name.split(".")[-2].split("-")
        for line in _lines(path):
            for language, text in zip(languages, line.split("\t"), strict=False):
                yield language, path.stem, text
    bench = shared / "bench"
    for language in ("en", "ru", "ar", "he"):
        for line in _lines(bench / "ntrex" / f"{language}.txt"):
            yield language, "ntrex", line
    for language in ("en", "ru", "ar"):
        for line in _lines(bench / "xnli" / f"dev-{language}.tsv"):
            for text in line.split("\t")[:2]:
                yield language, "xnli", text
    for line in _lines(bench / "hebnli" / "val.jsonl"):
        record = json.loads(line) if line else {}
        for name in ("translation1", "translation2"):
            yield "he", "hebnli", record.get(name, "")
    for name in ("train", "dev"):
        with (bench / "ans" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                yield "ar", "ans", row["s1"]
                yield "ar", "ans", row["s2"]
    with (bench / "semeval22t8" / "dev.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            for side in "12":
                text, language = row[f"text{side}"], row[f"lang{side}"]
                for start, end in split_sentences(text, language):
                    yield language, "semeval", text[start:end]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").split("\n")


def real_vectors(work: Path, texts: list[tuple[str, str, str]]) -> FloatMatrix:
    """Give the texts' vectors, embedded once and kept; an interrupted run goes on."""
    folder, embedder = work / "vectors", BundledEmbedder()
    folder.mkdir(parents=True, exist_ok=True)
    blocks = []
    for start in range(0, len(texts), BLOCK):
        path = folder / f"{start:07d}.npy"
        if not path.exists():
            partial = path.with_suffix(".partial.npy")
            np.save(partial, embedder.embed([text for _, _, text in texts[start : start + BLOCK]]))
            partial.rename(path)
        blocks.append(np.load(path))
    return np.concatenate(blocks)


def extended(
    vectors: FloatMatrix, texts: list[tuple[str, str, str]], count: int
) -> tuple[FloatMatrix, list[str]]:
    """Make vectors up to `count` with weighted means of two of one source and language."""
    rng = np.random.default_rng(0)
    groups: dict[tuple[str, str], list[int]] = {}
    for row, (language, source, _) in enumerate(texts):
        groups.setdefault((language, source), []).append(row)
    members = [np.array(rows) for rows in groups.values() if len(rows) > 1]
    share = np.array([len(rows) for rows in members]) / sum(len(rows) for rows in members)
    lengths = np.array([len(text) for _, _, text in texts], np.float32)
    all_vectors = np.empty((count, DIMENSION), np.float32)
    all_vectors[: len(vectors)] = vectors
    languages = [language for language, _, _ in texts]
    for start in range(len(vectors), count, 65_536):
        end = min(count, start + 65_536)
        chosen = rng.choice(len(members), end - start, p=share)
        pairs = np.array([rng.choice(members[group], 2) for group in chosen])
        weights = lengths[pairs]
        mixed = np.einsum("np,npd->nd", weights / weights.sum(1, keepdims=True), vectors[pairs])
        all_vectors[start:end] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        languages += [texts[row][0] for row in pairs[:, 0]]
    return all_vectors, languages


def exact(vectors: FloatMatrix, questions: FloatMatrix, rows: IntVector | None = None) -> IntVector:
    """Give the rows of the nearest by all cosines, among some rows when given: (m, 10)."""
    best = np.full((len(questions), TOP), -np.inf, np.float32)
    found = np.full((len(questions), TOP), -1)
    chosen = np.arange(len(vectors)) if rows is None else rows
    for start in range(0, len(chosen), 65_536):
        part = chosen[start : start + 65_536]
        cosines = np.concatenate([best, questions @ vectors[part].T], axis=1)
        names = np.concatenate([found, np.broadcast_to(part, (len(questions), len(part)))], axis=1)
        order = np.argpartition(-cosines, TOP - 1, axis=1)[:, :TOP]
        best, found = np.take_along_axis(cosines, order, 1), np.take_along_axis(names, order, 1)
    return found


def recall(found: IntVector | list[list[int]], wanted: IntVector) -> float:
    """Give the part of the wanted rows that was found."""
    return float(
        np.mean([len(set(a) & set(b)) / TOP for a, b in zip(map(list, found), wanted.tolist(), strict=True)])
    )


def times(search: Callable[[FloatMatrix], object], questions: FloatMatrix) -> tuple[float, float, float]:
    """Give p50 and p95 of the wall time and the median CPU time of one question, in milliseconds."""
    search(questions[:1])
    walls, cpus = [], []
    for row in range(len(questions)):
        wall, cpu = time.perf_counter(), time.process_time()
        search(questions[row : row + 1])
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    return float(np.percentile(walls, 50)), float(np.percentile(walls, 95)), float(np.median(cpus))


def row(*cells: object) -> None:
    """Print a line of the table at once."""
    print(
        "| " + " | ".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells) + " |",
        flush=True,
    )


def compare_storage(vectors: FloatMatrix, questions: FloatMatrix) -> None:
    """Print what each way of keeping values costs in recall, alone and with candidates measured again."""
    wanted = exact(vectors, questions)
    print(f"\n{len(vectors):,} real sentences, {len(questions)} questions\n", flush=True)
    row(
        "kind",
        "values",
        "bytes a vector",
        "recall@10 of the codes",
        "measured again",
        "p50 ms",
        "p95 ms",
        "CPU ms",
        "build s",
    )
    row(*["---"] * 9)
    keys = np.arange(len(vectors))
    for kind in ("flat", "ivf"):
        for storage in ("float32", "float16", "int8"):
            begun = time.process_time()
            store: FlatVectorStore | IvfVectorStore
            if kind == "flat":
                store = FlatVectorStore(DIMENSION, storage)
            else:
                lists = lists_for(len(vectors))
                sample = np.random.default_rng(0).choice(
                    len(vectors), min(len(vectors), 48 * lists), replace=False
                )
                store = IvfVectorStore.trained(vectors[sample], lists, storage)
            store.add(keys, vectors)
            built = time.process_time() - begun
            again = RerankedVectorStore(store, lambda wanted_keys: vectors[wanted_keys])
            codes, _ = store.search(questions, TOP)
            both, _ = again.search(questions, TOP)
            p50, p95, cpu = times(lambda one, to=again: to.search(one, TOP), questions[:100])
            size = DIMENSION * {"float32": 4, "float16": 2, "int8": 1}[storage] + 8
            row(kind, storage, size, recall(codes, wanted), recall(both, wanted), p50, p95, cpu, built)


def fill(folder: Path, vectors: FloatMatrix, languages: list[str], settings: dict[str, str]) -> None:
    """Write an index of sentences with these vectors: 50 to an article, a hundred outlets in turn."""
    outlets = [Outlet(OutletId(f"outlet-{number:02d}"), f"Outlet {number}", "en") for number in range(OUTLETS)]
    with open_index(folder, mode="write", embedder_id="bundled-benchmark", dimension=DIMENSION) as index:
        index.write_settings(settings)
        order = np.argsort(np.array(languages), kind="stable")
        batch = []
        for number, start in enumerate(range(0, len(order), SENTENCES_AN_ARTICLE)):
            rows = order[start : start + SENTENCES_AN_ARTICLE]
            batch.append(_article(number, rows, languages[rows[0]], outlets[number % OUTLETS], vectors))
            if len(batch) == ARTICLES_A_BATCH:
                index.write_articles(batch, outlets)
                batch = []
        index.write_articles(batch, outlets)


def _article(
    number: int, rows: IntVector, language: str, outlet: Outlet, vectors: FloatMatrix
) -> tuple[Article, list[Sentence], FloatMatrix]:
    # A sentence's text is its row: that is how an answer is told from another.
    texts = [f"{row}." for row in rows]
    text = " ".join(texts)
    source = f"https://{outlet.id}.example/{number}"
    article = Article(
        Article.identify(outlet.id, source, text),
        outlet.id,
        source,
        "",
        text,
        language,
        1.0,
        None,
        synthetic=True,  # type: ignore[arg-type]
    )
    sentences, start = [], 0
    for position, own in enumerate(texts):
        sentences.append(
            Sentence(
                Sentence.identify(article.id, position), article.id, position, start, start + len(own), own,
                is_claim=True, claim_reason="",
            )
        )  # fmt: skip
        start += len(own) + 1
    return article, sentences, vectors[rows]


def search_index(folder: Path, vectors: FloatMatrix, languages: list[str], questions: FloatMatrix) -> None:
    """Print recall and times of an index, without a filter, by language, and by an outlet of 1 %."""
    before = _resident()
    with open_index(folder, mode="read") as index:
        begun = time.perf_counter()
        index.vector_store()
        opened = time.perf_counter() - begun
        (path,) = folder.glob("*.faiss")
        size, more = path.stat().st_size / len(vectors), _resident() - before
        print(f"\n{len(vectors):,} sentences, {size:.0f} bytes a vector in the file")
        print(f"opened in {opened:.3f} s, {more:.0f} MB more resident\n", flush=True)
        row_of = {sentence.id: int(sentence.text[:-1]) for sentence in index.sentences()}
        row("filter", "passes", "recall@10", "p50 ms", "p95 ms", "CPU ms", "first ms")
        row(*["---"] * 7)
        order = np.argsort(np.array(languages), kind="stable")
        # An article has one language, that of its first sentence.
        article_of = np.arange(len(order)) // SENTENCES_AN_ARTICLE
        stored = np.empty(len(order), "U2")
        stored[order] = np.array(languages)[order[article_of * SENTENCES_AN_ARTICLE]]
        of_outlet = np.concatenate(
            [
                order[start : start + SENTENCES_AN_ARTICLE]
                for start in range(7 * SENTENCES_AN_ARTICLE, len(order), SENTENCES_AN_ARTICLE * OUTLETS)
            ]
        )
        cases: list[tuple[str, dict[str, list[str]], IntVector | None]] = [
            ("none", {}, None),
            ("language he", {"languages": ["he"]}, np.flatnonzero(stored == "he")),
            ("one outlet of 100", {"outlets": ["outlet-07"]}, np.sort(of_outlet)),
        ]
        for name, filters, rows in cases:
            wanted = exact(vectors, questions, rows)
            begun = time.perf_counter()
            index.search(questions[:1], TOP, **filters)  # type: ignore[arg-type]
            first = 1000 * (time.perf_counter() - begun)
            found = [[row_of[id_] for id_, _ in hits] for hits in _one_by_one(index, questions, filters)]
            p50, p95, cpu = times(lambda one, by=filters: index.search(one, TOP, **by), questions)  # type: ignore[arg-type]
            row(name, len(vectors) if rows is None else len(rows), recall(found, wanted), p50, p95, cpu, first)
    print(f"\n{_resident() - before:.0f} MB more resident after all searches")


def _one_by_one(
    index: Index, questions: FloatMatrix, filters: dict[str, list[str]]
) -> Iterator[list[tuple[str, float]]]:
    for place in range(len(questions)):
        yield from index.search(questions[place : place + 1], TOP, **filters)  # type: ignore[arg-type, misc]


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def check_extension(vectors: FloatMatrix, texts: list[tuple[str, str, str]]) -> None:
    """Compare 200 weighted means with the vectors of the two sentences written one after the other."""
    rng, embedder = np.random.default_rng(2), BundledEmbedder()
    by_language: dict[str, list[int]] = {}
    for place, (language, _, _) in enumerate(texts):
        by_language.setdefault(language, []).append(place)
    firsts = [int(place) for place in rng.choice(len(vectors), 200)]
    pairs = [(one, int(rng.choice(by_language[texts[one][0]]))) for one in firsts]
    joined = embedder.embed([f"{texts[a][2]} {texts[b][2]}" for a, b in pairs])
    weights = np.array([[len(texts[a][2]), len(texts[b][2])] for a, b in pairs], np.float32)
    mixed = np.einsum("np,npd->nd", weights, vectors[np.array(pairs)])
    mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
    cosines = (joined * mixed).sum(1)
    median, tenth = np.percentile(cosines, [50, 10])
    print(f"mean of two against both embedded as one text: cosine {median:.3f}, of a tenth below {tenth:.3f}")


@contextmanager
def told(what: str) -> Iterator[None]:
    """Print what a block took."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what} in {wall:.0f} s ({cpu:.0f} s of CPU)", flush=True)


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="where vectors and the index are kept")
    parser.add_argument("--sentences", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--real", type=int, default=0, help="use so many real sentences; 0 is all")
    parser.add_argument("--skip-storage", action="store_true")
    parser.add_argument("--check-extension", action="store_true")
    options = parser.parse_args()
    bench = bench_folder()
    if bench is None:
        parser.error("the benchmark data is not beside the checkout")
    texts = read_texts(bench.parent)
    texts = [texts[place] for place in np.random.default_rng(0).permutation(len(texts))][: options.real or None]
    vectors = real_vectors(options.work, texts)
    questions, vectors, texts = (
        vectors[: options.questions],
        vectors[options.questions :],
        texts[options.questions :],
    )
    if options.check_extension:
        check_extension(vectors, texts)
    if not options.skip_storage:
        compare_storage(vectors, questions)
    everything, languages = extended(vectors, texts, options.sentences)
    folder = options.work / f"index-{options.sentences}"
    if not folder.exists():
        with told("catalogue written"):
            fill(folder, everything, languages, {"vector_store": "auto"})
    with told("vector file made or found"), open_index(folder, mode="write") as index:
        index.vector_store()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"at most {peak:.1f} GB in memory, {everything.nbytes / 1e9:.1f} GB of it this script's own vectors")
    search_index(folder, everything, languages, questions)


if __name__ == "__main__":
    main()
