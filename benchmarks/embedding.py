"""Embedding: the bundled model on CTranslate2 beside the same weights elsewhere.

sentence-transformers runs them in float32 with its default batch of 32, sorted by length, as it does by
itself. ONNX Runtime runs them in int8: exported by torch, weights quantised per channel and activations at run
time (`quantize_dynamic`), in sorted batches of 32. Where a processor has no VNNI its products of int8 may
overflow, which `reduce_range` would prevent and which is not done here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.measuring import Measured, run_case, stopwatch
from benchmarks.results import Row, Section
from benchmarks.texts import by_language, mixed_sentences, parallel_lines, work_folder
from xsource.align import shipped_reference
from xsource.embed.bundled import PREFIX, BundledEmbedder, prepare_sentence_transformers_folder
from xsource.evaluate.rank_one import mean_and_worst, measure_rank_one
from xsource.records import FloatMatrix
from xsource.store.vector_stores import FlatVectorStore

TITLE = "Embedding"
BATCH = 32
EXPORT = 2
"""Raised when the export changes: what is kept of another is not used."""
CASES = {"xsource": "ours", "sentence-transformers, float32": "float32", "ONNX Runtime, int8": "onnx_int8"}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    Attributes:
        timed: sentences a timed run.
        judged: lines of each language whose vectors are compared; all four languages are embedded.
    """

    timed: int
    judged: int


SIZES = {"small": Size(timed=240, judged=400), "full": Size(timed=3884, judged=971)}


def compare(size: Size, repeats: int) -> Section:
    """Give sentences per CPU-second on one thread, and how far the vectors agree."""
    export_onnx()
    speed = {
        name: run_case(f"embedding:{case}", {"count": size.timed}, threads=1, repeats=repeats)
        for name, case in CASES.items()
    }
    count = len(mixed_sentences(size.timed))
    ours = count / speed["xsource"].cpu
    rows = []
    for name, run in speed.items():
        if name != "xsource":
            wanted = "at least 2" if "float32" in name else ""
            theirs = count / run.cpu
            rows.append(
                Row("sentences per CPU-second", f"{ours:.0f}", name, f"{theirs:.0f}", ours / theirs, wanted)
            )
            rows.append(_memory_row(speed["xsource"], name, run))
    return Section(
        (*rows, *_quality(size.judged)), (f"One thread; {count} news sentences, a quarter each language.",)
    )


def _memory_row(ours: Measured, name: str, theirs: Measured) -> Row:
    gain = theirs.peak_bytes / ours.peak_bytes
    return Row("peak memory, MB", f"{ours.peak_bytes / 1e6:.0f}", name, f"{theirs.peak_bytes / 1e6:.0f}", gain)


def _quality(count: int) -> list[Row]:
    lines = parallel_lines(count)
    if lines is None:
        return [Row("agreement of the vectors", "not measured: it needs the benchmark data (NTREX)")]
    total = sum(map(len, lines.values()))
    found: dict[str, FloatMatrix] = {}
    for name, case in CASES.items():
        path = work_folder() / f"judged-{case}-{total}-r{EXPORT}.npy"
        if not path.is_file():
            run_case(f"embedding:{case}", {"count": total, "target": str(path)}, threads=0, repeats=1)
        found[name] = np.load(path)
    reference = shipped_reference(BundledEmbedder().id)
    assert reference is not None
    exact = found["sentence-transformers, float32"]
    best = {
        name: mean_and_worst(measure_rank_one(by_language(lines, own), FlatVectorStore, reference).aligned)[0]
        for name, own in found.items()
    }
    cosines = {name: np.einsum("ij,ij->i", exact, own) for name, own in found.items()}
    float32 = "sentence-transformers, float32"
    int8 = "ONNX Runtime, int8"
    return [
        Row("cosine with float32, mean", f"{cosines['xsource'].mean():.4f}", int8,
            f"{cosines[int8].mean():.4f}", wanted="at least .998"),
        Row("cosine with float32, least", f"{cosines['xsource'].min():.4f}", int8,
            f"{cosines[int8].min():.4f}"),
        *(
            Row("NTREX, right at rank 1, mean of 12 directions, %", f"{100 * best['xsource']:.2f}", name,
                f"{100 * best[name]:.2f}", wanted="at most 0.2 points less" if name == float32 else "")
            for name in (float32, int8)
        ),
    ]  # fmt: skip


def ours(count: int, target: str = "") -> Measured:
    """Embed as a build does."""
    embedder = BundledEmbedder(threads=0 if target else 1)
    return _timed(embedder.embed, count, target)


def float32(count: int, target: str = "") -> Measured:
    """Embed with `SentenceTransformer.encode`, batch and all as they come; the prompt is the model's own."""
    import torch
    from sentence_transformers import SentenceTransformer

    if not target:
        torch.set_num_threads(1)
    model = SentenceTransformer(str(prepare_sentence_transformers_folder()), device="cpu")

    def embed(texts: list[str]) -> FloatMatrix:
        return np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False))

    return _timed(embed, count, target)


def onnx_int8(count: int, target: str = "") -> Measured:
    """Embed with ONNX Runtime and the model's own fast tokenizer."""
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    if not target:
        options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(export_onnx()), options, ["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(prepare_sentence_transformers_folder() / "tokenizer.json"))
    tokenizer.enable_truncation(512)
    tokenizer.enable_padding(pad_id=1, pad_token="<pad>")

    def embed(texts: list[str]) -> FloatMatrix:
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        vectors = np.empty((len(texts), 384), np.float32)
        for start in range(0, len(texts), BATCH):
            rows = order[start : start + BATCH]
            encoded = tokenizer.encode_batch([PREFIX + texts[row] for row in rows])
            mask = np.array([own.attention_mask for own in encoded], np.int64)
            ids = np.array([own.ids for own in encoded], np.int64)
            (states,) = session.run(None, {"input_ids": ids, "attention_mask": mask})
            means = (states * mask[:, :, None]).sum(axis=1)
            vectors[rows] = means / np.linalg.norm(means, axis=1, keepdims=True)
        return vectors

    return _timed(embed, count, target)


def _timed(embed: Callable[[list[str]], FloatMatrix], count: int, target: str) -> Measured:
    texts = mixed_sentences(count)
    embed(texts[:BATCH])
    with stopwatch() as watch:
        vectors = embed(texts)
    if target:
        np.save(target, vectors)
    return Measured(watch.wall, watch.cpu)


def export_onnx() -> Path:
    """Give the int8 ONNX file of the bundled weights, making it when absent (about a minute).

    Raises:
        RuntimeError: what exports it is not installed.
    """
    folder = prepare_sentence_transformers_folder()
    path = work_folder() / f"{folder.name}-int8-r{EXPORT}.onnx"
    if path.is_file():
        return path
    try:
        import onnxscript  # noqa: F401  torch.onnx exports through it
        import torch
        from onnxruntime.quantization import QuantType, quantize_dynamic
        from transformers import AutoModel
    except ImportError as error:
        raise RuntimeError(f"{error}; pip install --constraint constraints.txt '.[bench]'") from error
    model = AutoModel.from_pretrained(folder, attn_implementation="eager").eval()

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    # Two tensors, and not one twice: torch takes the same tensor for one input and leaves the other unused.
    ids, mask = torch.full((2, 16), 5), torch.ones((2, 16), dtype=torch.int64)
    whole = path.with_suffix(".float32.onnx")
    sizes = {0: torch.export.Dim("texts", min=1, max=4096), 1: torch.export.Dim("tokens", min=2, max=512)}
    torch.onnx.export(
        States(), (ids, mask), str(whole), input_names=["input_ids", "attention_mask"],
        dynamic_shapes=(sizes, sizes), dynamo=True, external_data=False, verbose=False,
    )  # fmt: skip
    partial = path.with_suffix(".partial")
    quantize_dynamic(
        str(whole), str(partial), weight_type=QuantType.QInt8, per_channel=True,
        extra_options={"MatMulConstBOnly": True},  # not the products of attention
    )  # fmt: skip
    whole.unlink()
    partial.rename(path)
    return path
