"""Search: the same vectors in our index, in txtai and in LanceDB; a warm question; a cold command.

The vectors are those of real sentences, each many times with seeded noise (length .3, cosine about .96), and
so are the questions: what a search costs depends on how many vectors there are, not on what they mean. Recall
is measured against all cosines in numpy.

txtai has its default backend (FAISS, `IVF,Flat` from 5,000 rows on); LanceDB is measured without an index,
when it compares with every row, and with its default vector index, tuned by nobody.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import Measured, run_case, run_program
from benchmarks.results import Row, Section
from benchmarks.texts import gold_sentences, many_vectors, sentence_vectors, work_folder
from xsource.embed.bundled import DIMENSION, BundledEmbedder
from xsource.records import Article, FloatMatrix, Language, Outlet, OutletId, Sentence
from xsource.store import open_index

TITLE = "Search"
TOP = 10
SENTENCES_AN_ARTICLE = 20
ARTICLES_A_BATCH = 500
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Size:
    """Vectors searched, and how many questions are asked."""

    vectors: int
    questions: int


SIZES = {"small": Size(100_000, 200), "full": Size(1_000_000, 200)}


def compare(size: Size, repeats: int) -> Section:
    """Give p50, p95 and recall of each engine, and what a user waits for."""
    rows = []
    with tempfile.TemporaryDirectory(dir=work_folder()) as folder:
        place = Path(folder)
        fill_index(place / "index", size.vectors)
        found = {}
        questions = many_vectors(sentence_vectors(), size.questions, seed=1)
        np.save(place / "questions.npy", questions)
        with open_index(place / "index", mode="read") as index:
            _, vectors = index.all_vectors()
            np.save(place / "vectors.npy", vectors)
            truth = exact_nearest(vectors, questions)
        del vectors
        for name, case in (
            ("xsource", "ours"), ("txtai", "txtai"), ("LanceDB, no index", "lancedb_exact"),
            ("LanceDB, its index", "lancedb_indexed"),
        ):  # fmt: skip
            run = run_case(f"searching:{case}", {"folder": folder}, threads=0, repeats=repeats)
            nearest = np.array(run.figures["nearest"])
            hits = [len(np.intersect1d(own, true)) for own, true in zip(nearest, truth, strict=True)]
            found[name] = run.figures | {"recall": sum(hits) / truth.size}
        ours = found.pop("xsource")
        for name, own in found.items():
            rows += [
                Row(what, f"{ours[key]:.1f}", name, f"{own[key]:.1f}", own[key] / ours[key], wanted)
                for what, key, wanted in (
                    ("one question, p50, ms", "p50", ""), ("one question, p95, ms", "p95", ""),
                    ("vectors made ready, s", "ready", ""),
                )
            ]  # fmt: skip
            rows.append(Row("recall at 10", f"{ours['recall']:.3f}", name, f"{own['recall']:.3f}"))
        warm = run_case("searching:warm", {"folder": folder}, threads=0, repeats=repeats)
        program = str(Path(sys.executable).with_name("xsource"))
        command = [program, "search", gold_sentences()[0][1], "--index", f"{folder}/index"]
        cold = run_program(command, repeats=max(3, repeats))
    rows += [
        Row("warm question with its embedding, p50 and p95, ms", warm.figures["p50 and p95"]),
        Row("`xsource search`, process start to answer, s", f"{cold.wall:.1f}", wanted="at most 3"),
        Row("the same, CPU-seconds", f"{cold.cpu:.1f}"),
        Row("the same, peak memory, MB", f"{cold.peak_bytes / 1e6:.0f}"),
    ]
    return Section(
        rows,
        (
            f"{size.vectors:,} vectors of {DIMENSION} values, {size.questions} questions one at a time.",
            "Made ready: from vectors at hand to the first answer; ours writes its file to disk and opens it.",
        ),
    )


def fill_index(folder: Path, count: int) -> None:
    """Make an index of so many sentences: the gold's, at random, each vector with a little noise."""
    embedder = BundledEmbedder()
    texts: dict[Language, list[str]] = {}
    for language, text in gold_sentences():
        texts.setdefault(language, []).append(text)
    vectors = many_vectors(sentence_vectors(), count, seed=0)
    outlets = {code: Outlet(OutletId(f"outlet-{code}"), f"outlet-{code}", code) for code in texts}
    codes = sorted(texts)
    batch = []
    with open_index(folder, mode="write", embedder_id=embedder.id, dimension=embedder.dimension) as index:
        index.write_settings({"embedder": "bundled"})
        for number in range(count // SENTENCES_AN_ARTICLE):
            code = codes[number % len(codes)]
            own = [texts[code][(number + place) % len(texts[code])] for place in range(SENTENCES_AN_ARTICLE)]
            start = number * SENTENCES_AN_ARTICLE
            batch.append((*_article(outlets[code], number, own), vectors[start : start + SENTENCES_AN_ARTICLE]))
            if len(batch) == ARTICLES_A_BATCH:
                index.write_articles(batch, list(outlets.values()))
                batch = []
        index.write_articles(batch, list(outlets.values()))
        index.vector_store()


def _article(outlet: Outlet, number: int, sentences: list[str]) -> tuple[Article, tuple[Sentence, ...]]:
    assert outlet.language
    source, text = f"https://{outlet.id}.example/{number}", " ".join(sentences)
    identity = Article.identify(outlet.id, source, text)
    article = Article(identity, outlet.id, source, "", text, outlet.language, 1.0, None, synthetic=True)
    made, start = [], 0
    for position, own in enumerate(sentences):
        end = start + len(own)
        made.append(
            Sentence(
                Sentence.identify(identity, position), identity, position, start, end, own,
                is_claim=True, claim_reason="",
            )
        )  # fmt: skip
        start = end + 1
    return article, tuple(made)


def exact_nearest(vectors: FloatMatrix, questions: FloatMatrix) -> Any:
    """Give the rows of the true nearest, (n, 10), in blocks of bounded memory."""
    cosine = np.empty((len(questions), len(vectors)), np.float32)
    np.matmul(questions, vectors.T, out=cosine)
    return np.argpartition(-cosine, TOP, axis=1)[:, :TOP]


def _asked(search: Callable[[FloatMatrix], Any], folder: str, ready: float) -> Measured:
    """Time a question at a time; the first few are not counted."""
    questions = np.load(f"{folder}/questions.npy")
    for question in questions[:WARM_UP]:
        search(question)
    walls, nearest = [], []
    cpu = time.process_time()
    for question in questions:
        start = time.perf_counter()
        found = search(question)
        walls.append(time.perf_counter() - start)
        nearest.append([int(row) for row in found])
    p50, p95 = (np.percentile(walls, [50, 95]) * 1000).tolist()
    figures = {"p50": p50, "p95": p95, "ready": ready, "nearest": nearest}
    return Measured(sum(walls), time.process_time() - cpu, figures=figures)


def ours(folder: str) -> Measured:
    """Search as the program does, with what the index chose for its size."""
    with open_index(Path(folder, "index"), mode="write") as index:
        for path in Path(folder, "index").glob("vectors-*.faiss*"):
            path.unlink()
        start = time.perf_counter()
        store = index.vector_store()
        ready = time.perf_counter() - start
        ids, _ = index.all_vectors()
        row_of = {identity: row for row, identity in enumerate(ids)}

        def search(question: FloatMatrix) -> list[int]:
            (found,) = index.search(question[None], TOP)
            return [row_of[identity] for identity, _ in found]

        del store
        return _asked(search, folder, ready)


def txtai(folder: str) -> Measured:
    """Search with `txtai.Embeddings` on vectors that are given to it."""
    from txtai import Embeddings

    vectors = np.load(f"{folder}/vectors.npy")
    start = time.perf_counter()
    engine = Embeddings(method="external", transform=lambda rows: np.asarray(rows, np.float32))
    engine.index((row, vector, None) for row, vector in enumerate(vectors))
    ready = time.perf_counter() - start
    return _asked(lambda question: [row for row, _ in engine.search(question, TOP)], folder, ready)


def lancedb_exact(folder: str) -> Measured:
    """Search a LanceDB table without an index."""
    return _lancedb(folder, is_indexed=False)


def lancedb_indexed(folder: str) -> Measured:
    """Search a LanceDB table with the index that `create_index` makes by default."""
    return _lancedb(folder, is_indexed=True)


def _lancedb(folder: str, *, is_indexed: bool) -> Measured:
    import lancedb
    import pyarrow

    vectors = np.load(f"{folder}/vectors.npy")
    start = time.perf_counter()
    values = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(vectors.reshape(-1)), vectors.shape[1])
    rows = pyarrow.table({"row": np.arange(len(vectors)), "vector": values})
    name = f"table-{is_indexed}-{time.time_ns()}"
    table = lancedb.connect(f"{folder}/lance").create_table(name, rows)
    if is_indexed:
        table.create_index(metric="cosine", vector_column_name="vector")
    ready = time.perf_counter() - start

    def search(question: FloatMatrix) -> list[int]:
        found = table.search(question).distance_type("cosine").limit(TOP).select(["row"]).to_arrow()
        return found["row"].to_pylist()

    return _asked(search, folder, ready)


def warm(folder: str) -> Measured:
    """Ask an open reader in words, as a long-running program does."""
    from xsource.pipeline import Filters, open_reader
    from xsource.settings import Settings

    questions = [text for _, text in gold_sentences()][:60]
    walls = []
    with open_reader(Path(folder, "index"), Settings()) as reader:
        reader.search(questions[0], top=TOP, filters=Filters())
        cpu = time.process_time()
        for question in questions[1:]:
            start = time.perf_counter()
            reader.search(question, top=TOP, filters=Filters())
            walls.append(time.perf_counter() - start)
    p50, p95 = np.percentile(walls, [50, 95]) * 1000
    return Measured(sum(walls), time.process_time() - cpu, figures={"p50 and p95": f"{p50:.0f} and {p95:.0f}"})
