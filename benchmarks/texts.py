"""What is measured on: parallel news where the benchmark data lies beside the checkout, else the corpora."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.corpus import Pair, make_articles, read_pairs
from benchmarks.measuring import ROOT
from xsource.embed.bundled import DIMENSION, BundledEmbedder
from xsource.embed.model_cache import cache_folder
from xsource.evaluate.bench import bench_folder, load_ntrex
from xsource.records import LANGUAGES, FloatMatrix, Language

CORPORA = ROOT / "corpora"


def parallel_lines(count: int) -> dict[Language, tuple[str, ...]] | None:
    """Give the first lines of NTREX in each language, or `None` where the benchmark data is absent."""
    bench = bench_folder()
    return None if bench is None else {code: own[:count] for code, own in load_ntrex(bench).lines.items()}


def gold_sentences() -> list[tuple[Language, str]]:
    """Give (language, sentence) of the shipped corpora's gold, each once."""
    found: dict[tuple[Language, str], None] = {}
    for corpus in sorted(CORPORA.iterdir()):
        languages = {article["url"]: article["language"] for article in _articles_of(corpus)}
        gold = corpus / "gold.jsonl"
        for line in gold.read_text("utf-8").splitlines() if gold.is_file() else ():
            for side in json.loads(line).get("claims", ()):
                if side["url"] in languages:
                    found[languages[side["url"]], side["sentence"]] = None
    return list(found)


def mixed_sentences(count: int) -> list[str]:
    """Give sentences of all four languages in turn: NTREX, else the corpora's; fewer where there are fewer."""
    lines = parallel_lines(-(-count // len(LANGUAGES)))
    if lines is None:
        return [text for _, text in gold_sentences()][:count]
    return [own[row] for row in range(len(lines["en"])) for own in lines.values()][:count]


def read_sentences(count: int) -> list[tuple[Language, str]]:
    """Give (language, sentence) of all languages in turn, as `mixed_sentences`."""
    lines = parallel_lines(-(-count // len(LANGUAGES)))
    if lines is None:
        return gold_sentences()[:count]
    return [(code, own[row]) for row in range(len(lines["en"])) for code, own in lines.items()][:count]


def russian_sentences(count: int) -> list[str]:
    """Give Russian sentences."""
    lines = parallel_lines(count)
    return list(lines["ru"]) if lines else [text for code, text in gold_sentences() if code == "ru"][:count]


def articles(count: int) -> list[dict[str, str]]:
    """Give articles as the records of a JSON lines file, each with a text of its own.

    The planted news where there is some, else the shipped corpora; past their end they come again, with
    another outlet and each sentence changed by a number, so that nothing can be answered from a cache.
    """
    bench = bench_folder()
    if bench is None:
        known = [article for corpus in sorted(CORPORA.iterdir()) for article in _articles_of(corpus)]
    else:
        known = _read_lines(bench / "planted" / "articles.jsonl")
    made = []
    for number in range(count):
        turn, place = divmod(number, len(known))
        article = known[place]
        if turn:
            text = "\n".join(f"{line} {turn}." if line else "" for line in article["text"].split("\n"))
            article = article | {
                "text": text.replace(". ", f" ({turn}). "),
                "url": f"{article['url']}?{turn}",
                "outlet": f"{article['outlet']}-{turn}",
            }
        made.append(article)
    return made


def training_pairs() -> dict[str, list[Pair]]:
    """Give the parallel sentences beside the benchmark data, by language.

    Raises:
        RuntimeError: there are none.
    """
    bench = bench_folder()
    files = sorted((bench.parent / "train").glob("*.tsv")) if bench else []
    if not files:
        raise RuntimeError("the parallel sentences (`train` beside the benchmark data) are not here")
    return read_pairs(files)


def composed_articles(count: int) -> list[dict[str, str]]:
    """Give articles of sentences that hardly come twice (`corpus.py`), or `articles` where there are none."""
    try:
        return list(make_articles(training_pairs(), count, seed=0))
    except RuntimeError:
        return articles(count)


def sentence_vectors() -> FloatMatrix:
    """Give the bundled model's vectors of all sentences above, (n, 384), from a file after the first time."""
    texts = mixed_sentences(10_000) + [text for _, text in gold_sentences()]
    embedder = BundledEmbedder()
    path = work_folder() / f"sentences-{len(texts)}-{embedder.id.replace('/', '_')}.npy"
    if not path.is_file():
        np.save(path, embedder.embed(texts))
    return np.asarray(np.load(path), np.float32)


def vectors_by_language() -> dict[Language, FloatMatrix]:
    """Divide `sentence_vectors` by the languages of the sentences."""
    lines, gold = parallel_lines(10_000), [code for code, _ in gold_sentences()]
    vectors = sentence_vectors()
    mixed = len(vectors) - len(gold)
    first = gold[:mixed] if lines is None else [[*lines][place % len(lines)] for place in range(mixed)]
    codes = np.array([*first, *gold])
    return {code: vectors[codes == code] for code in LANGUAGES}


def many_vectors(vectors: FloatMatrix, count: int, seed: int, noise: float = 0.3) -> FloatMatrix:
    """Give unit vectors near real ones: each a real one, drawn at random, and noise of this length."""
    random = np.random.default_rng(seed)
    made = vectors[random.integers(len(vectors), size=count)]
    made += random.standard_normal(made.shape, np.float32) * np.float32(noise / DIMENSION**0.5)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return made


def work_folder() -> Path:
    """Give the folder for what is made once: in the user's cache."""
    folder = cache_folder() / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def by_language(lines: Mapping[Language, tuple[str, ...]], vectors: FloatMatrix) -> dict[Language, FloatMatrix]:
    """Split the vectors of `mixed_sentences` by language."""
    return {code: vectors[place :: len(lines)] for place, code in enumerate(lines)}


def _articles_of(corpus: Path) -> list[dict[str, str]]:
    return [article for path in sorted(corpus.glob("articles/*.jsonl")) for article in _read_lines(path)]


def _read_lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
