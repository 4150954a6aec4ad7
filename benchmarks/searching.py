"""Search: the same vectors in our index, txtai, LanceDB, HNSW and Milvus Lite; a warm question; a cold command.

The vectors are those of real sentences, each many times with seeded noise (length .3, cosine about .96), and
so are the questions: what a search costs depends on how many vectors there are, not on what they mean. Recall
is measured against all cosines in numpy.

txtai has its default backend (FAISS, `IVF,Flat` from 5,000 rows on); LanceDB is measured without an index,
when it compares with every row, and with its default vector index, tuned by nobody. HNSW is what our index
could use instead: FAISS's, over the same int8 codes, its candidates measured again as ours are. Milvus Lite
compares with every row, too, and is filled with 100,000 vectors at most: it is for trying out.
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
from benchmarks.texts import gold_sentences, many_vectors, sentence_vectors, vectors_by_language, work_folder
from xsource.embed.bundled import DIMENSION, BundledEmbedder
from xsource.records import Article, FloatMatrix, Language, Outlet, OutletId, Sentence
from xsource.store import open_index

TITLE = "Search"
TOP = 10
SENTENCES_AN_ARTICLE = 20
ARTICLES_A_BATCH = 500
WARM_UP = 5

HNSW_LINKS = 16
HNSW_WIDTHS = (64, 512)
"""Links of a vector at each level, and the candidates that are held while adding one and while searching."""

MOST_IN_MILVUS = 100_000
BLOCK = 65_536


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
            ids = [sentence.id for sentence in index.sentences()]
            vectors = index.vectors(ids)
            row_of = {identity: row for row, identity in enumerate(ids)}
            np.save(place / "vectors.npy", vectors)
            truth = exact_nearest(vectors, questions)
        del vectors, ids
        for name, case in (
            ("xsource", "ours"), ("txtai", "txtai"), ("LanceDB, no index", "lancedb_exact"),
            ("LanceDB, its index", "lancedb_indexed"), ("HNSW", "hnsw"), ("Milvus Lite", "milvus_lite"),
        ):  # fmt: skip
            if case == "milvus_lite" and size.vectors > MOST_IN_MILVUS:
                continue
            run = run_case(f"searching:{case}", {"folder": folder}, threads=0, repeats=repeats)
            nearest = np.array([[row_of.get(hit, hit) for hit in hits] for hits in run.figures["nearest"]])
            hits = [len(np.intersect1d(own, true)) for own, true in zip(nearest, truth, strict=True)]
            found[name] = run.figures | {"recall": sum(hits) / truth.size}
        ours = found.pop("xsource")
        one_language = run_case(
            "searching:ours", {"folder": folder, "language": "he"}, threads=0, repeats=repeats
        ).figures
        rows += [
            Row("one question, p50, ms", f"{ours['p50']:.1f}", wanted="at most 8 among 1,000,000"),
            Row("one question, p95, ms", f"{ours['p95']:.1f}", wanted="at most 25 among 1,000,000"),
            Row("the same in one language, p50, ms", f"{one_language['p50']:.1f}"),
            Row("the same in one language, p95, ms", f"{one_language['p95']:.1f}"),
            Row("recall at 10", f"{ours['recall']:.3f}", wanted="at least .98"),
        ]
        for name, own in found.items():
            rows += [
                Row(what, f"{ours[key]:.1f}", name, f"{own[key]:.1f}", own[key] / ours[key], wanted)
                for what, key, wanted in (
                    ("one question, p50, ms", "p50", ""), ("one question, p95, ms", "p95", ""),
                    ("vectors made ready, s", "ready", ""),
                )
            ]  # fmt: skip
            rows.append(Row("recall at 10", f"{ours['recall']:.3f}", name, f"{own['recall']:.3f}"))
            if "bytes" in own:
                each = [figures["bytes"] / size.vectors for figures in (ours, own)]
                rows.append(
                    Row("file, bytes a vector", f"{each[0]:.0f}", name, f"{each[1]:.0f}", each[1] / each[0])
                )
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
            "Ours names sentences and measures cosines on stored vectors, from SQLite; the others give rows.",
        ),
    )


def fill_index(folder: Path, count: int) -> None:
    """Make an index of so many sentences: the gold's, at random, each vector with a little noise."""
    embedder = BundledEmbedder()
    texts: dict[Language, list[str]] = {}
    for language, text in gold_sentences():
        texts.setdefault(language, []).append(text)
    # An article's vectors are those of sentences of its language, as near vectors mostly are of one language.
    real = vectors_by_language()
    vectors = {code: many_vectors(real[code], -(-count // len(texts)), seed=0) for code in texts}
    outlets = {code: Outlet(OutletId(f"outlet-{code}"), f"outlet-{code}", code) for code in texts}
    codes = sorted(texts)
    batch = []
    with open_index(folder, mode="write", embedder_id=embedder.id, dimension=embedder.dimension) as index:
        index.write_settings({"embedder": "bundled"})
        for number in range(count // SENTENCES_AN_ARTICLE):
            turn, place = divmod(number, len(codes))
            code = codes[place]
            own = [texts[code][(number + at) % len(texts[code])] for at in range(SENTENCES_AN_ARTICLE)]
            start = turn * SENTENCES_AN_ARTICLE
            rows = vectors[code][start : start + SENTENCES_AN_ARTICLE]
            batch.append((*_article(outlets[code], number, own), rows))
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
    best = np.full((len(questions), TOP), -np.inf, np.float32)
    rows = np.full((len(questions), TOP), -1)
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK]
        names = np.broadcast_to(np.arange(start, start + len(block)), (len(questions), len(block)))
        cosines, names = np.hstack([best, questions @ block.T]), np.hstack([rows, names])
        order = np.argpartition(-cosines, TOP - 1, axis=1)[:, :TOP]
        best, rows = np.take_along_axis(cosines, order, 1), np.take_along_axis(names, order, 1)
    return rows


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
        nearest.append([hit if isinstance(hit, str) else int(hit) for hit in found])
    p50, p95 = (np.percentile(walls, [50, 95]) * 1000).tolist()
    figures = {"p50": p50, "p95": p95, "ready": ready, "nearest": nearest}
    return Measured(sum(walls), time.process_time() - cpu, figures=figures)


def ours(folder: str, language: str = "") -> Measured:
    """Search as the program does, with what the index chose for its size; in one language when it is named."""
    with open_index(Path(folder, "index"), mode="write") as index:
        for path in Path(folder, "index").glob("vectors-*.faiss*"):
            path.unlink()
        start = time.perf_counter()
        index.vector_store()
        ready = time.perf_counter() - start
        languages = [language] if language else None

        def search(question: FloatMatrix) -> list[str]:
            (found,) = index.search(question[None], TOP, languages=languages)
            return [identity for identity, _ in found]

        measured = _asked(search, folder, ready)
        (file,) = Path(folder, "index").glob("vectors-*.faiss")
        measured.figures["bytes"] = file.stat().st_size
        return measured


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


def hnsw(folder: str) -> Measured:
    """Search a graph of int8 codes, and measure its candidates again."""
    import faiss

    from xsource.store.faiss_files import quantizer_kind, set_int8_range
    from xsource.store.reranking import candidates_for

    vectors = np.load(f"{folder}/vectors.npy", mmap_mode="r")
    dimension = vectors.shape[1]
    start = time.perf_counter()
    graph: Any = faiss.IndexHNSWSQ(dimension, quantizer_kind("int8"), HNSW_LINKS, faiss.METRIC_INNER_PRODUCT)
    set_int8_range(faiss.downcast_index(graph.storage).sq, dimension)
    graph.is_trained = graph.storage.is_trained = True
    graph.hnsw.efConstruction, graph.hnsw.efSearch = HNSW_WIDTHS
    for place in range(0, len(vectors), BLOCK):
        graph.add(np.ascontiguousarray(vectors[place : place + BLOCK]))
    file = Path(folder, "hnsw.faiss")
    faiss.write_index(graph, str(file))
    ready = time.perf_counter() - start

    def search(question: FloatMatrix) -> list[int]:
        _, (candidates,) = graph.search(question[None], candidates_for(TOP))
        nearest = np.argsort(-(vectors[candidates] @ question), kind="stable")[:TOP]
        return [int(row) for row in candidates[nearest]]

    measured = _asked(search, folder, ready)
    measured.figures["bytes"] = file.stat().st_size
    return measured


def milvus_lite(folder: str) -> Measured:
    """Search a Milvus Lite file as an index with `vector_store = "milvus"` does."""
    from xsource.store.milvus import Attributes, MilvusVectorStore

    vectors = np.load(f"{folder}/vectors.npy", mmap_mode="r")
    start = time.perf_counter()
    store = MilvusVectorStore(
        f"{folder}/lite-{time.time_ns()}.db", "sentences", vectors.shape[1],
        lambda keys: [Attributes("outlet", "en", None, is_claim=True)] * len(keys),
    )  # fmt: skip
    for place in range(0, len(vectors), BLOCK):
        block = np.ascontiguousarray(vectors[place : place + BLOCK])
        store.add(np.arange(place, place + len(block)), block)
    ready = time.perf_counter() - start
    try:
        return _asked(lambda question: store.search(question[None], TOP)[0][0].tolist(), folder, ready)
    finally:
        store.close()


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
