"""Any sentence-transformers model, from a folder or by its hub name."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xsource.embed.batches import encodable, unique_texts, unit_rows
from xsource.embed.model_cache import RECORD_FILE
from xsource.errors import ModelError
from xsource.model_folders import refuse_pickles
from xsource.records import FloatMatrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 32
MAX_CHARACTERS = 40_000
_SAMPLES = 64
_SAMPLE_BYTES = 1 << 16


class SentenceTransformerEmbedder:
    """Embeds with a sentence-transformers model, in the precision that it is stored in.

    Weights are read from safetensors only and no code of a model is run: a file of another kind can do anything
    on the machine that loads it. The model is loaded at first use.

    Args:
        model: a folder, or a hub name such as `sentence-transformers/LaBSE`.
        prompt: text put before every text, on both sides of every comparison; the model's own default when not
            given.
        device: `cpu` or `cuda`.
        threads: processor cores used by the whole process; 0 for all.
        allow_hub: fetch a hub name's files when they are not on this machine. Otherwise nothing reaches a
            network.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        prompt: str | None = None,
        device: str = "cpu",
        threads: int = 0,
        allow_hub: bool = False,
    ) -> None:
        self._name = str(model)
        self._prompt = prompt
        self._device = device
        self._threads = threads
        self._allow_hub = allow_hub
        if not allow_hub:
            # Read when huggingface_hub is first imported, so before sentence_transformers is.
            os.environ.setdefault("HF_HUB_OFFLINE", "1")

    @cached_property
    def id(self) -> str:
        """Name, version and prompt. A folder's version is a hash of its files, a hub name's the commit."""
        folder = Path(self._name)
        if folder.exists():
            _check_weights(folder)
            name, version = folder.resolve().name, _fingerprint(folder)
        else:
            commit = getattr(getattr(self._model[0], "auto_model", None), "config", None)
            name, version = self._name, str(getattr(commit, "_commit_hash", None) or "unknown")[:12]
        return f"sentence-transformers/{name}/{version}/{self._used_prompt!r}"

    @cached_property
    def dimension(self) -> int:
        """Columns of every matrix."""
        return int(self._encode(["a"]).shape[1])

    def embed(self, texts: Sequence[str]) -> FloatMatrix:
        """Embed texts in the given order: (n, dimension) float32 unit rows; identical texts are embedded once.

        What a model does not read (most cut a text at 512 tokens), and what comes after 40,000 characters, is
        not in its vector.
        """
        unique, places = unique_texts(texts)
        if not unique:
            return np.empty((0, self.dimension), np.float32)
        return unit_rows(self._encode([encodable(text[:MAX_CHARACTERS]) for text in unique]))[places]

    def _encode(self, texts: list[str]) -> FloatMatrix:
        # sentence-transformers sorts by length itself.
        vectors = self._model.encode(
            texts, prompt=self._prompt, batch_size=BATCH_SIZE, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, np.float32)

    @property
    def _used_prompt(self) -> str:
        if self._prompt is not None:
            return self._prompt
        default = self._model.default_prompt_name
        return str(self._model.prompts[default]) if default else ""

    @cached_property
    def _model(self) -> SentenceTransformer:
        if Path(self._name).exists():
            _check_weights(Path(self._name))
        import torch
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        if self._device == "cuda" and not torch.cuda.is_available():
            raise ModelError(
                f"device is cuda, but PyTorch {torch.__version__} finds no CUDA here", "use the device cpu"
            )
        if self._threads:
            torch.set_num_threads(self._threads)
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(
                self._name,
                device=self._device,
                local_files_only=not self._allow_hub,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as exc:
            raise self._load_error(exc) from exc

    def _load_error(self, exc: Exception) -> ModelError:
        if Path(self._name).exists() or self._allow_hub:
            reason = (str(exc).splitlines() or [type(exc).__name__])[0][:300]
            return ModelError(f"{self._name}: the sentence model cannot be loaded: {reason}")
        return ModelError(
            f"{self._name}: no such folder, and no model of that name on this machine",
            "give the folder of a sentence-transformers model, or set allow_hub to fetch it by name",
        )


def _check_weights(folder: Path) -> None:
    hint = "give the folder of a sentence-transformers model (it holds modules.json and *.safetensors)"
    if not folder.is_dir():
        raise ModelError(f"{folder}: a file, expected the folder of a sentence-transformers model", hint)
    refuse_pickles(folder)


def _fingerprint(folder: Path) -> str:
    """Hash a model folder: small files whole, large ones by size and 64 samples of 64 KiB.

    Another training of the same network changes all of its weights, so samples tell the two apart in a fraction
    of the time that hashing gigabytes takes.
    """
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != RECORD_FILE):
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()}\n{size}\n".encode("utf-8", "surrogateescape"))
        with path.open("rb") as stream:
            if size <= _SAMPLES * _SAMPLE_BYTES:
                digest.update(stream.read())
                continue
            for i in range(_SAMPLES):
                stream.seek((size - _SAMPLE_BYTES) * i // (_SAMPLES - 1))
                digest.update(stream.read(_SAMPLE_BYTES))
    return digest.hexdigest()[:12]
