"""Argos packages run directly through CTranslate2: one of our sentences in, one translation out.

argostranslate's public call splits the text again, translates it at once, and turns `_` into a space. Here
sentences run in batches sorted by length, a batch a core; what that gains is in `benchmarks/RESULTS.md`.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal

from xsource.devices import batch_tokens
from xsource.errors import ModelError
from xsource.translate.packages import ArgosPackage, find_route, installed_packages

BEAM_SIZE = 4
LENGTH_PENALTY = 0.2
"""Both as in argostranslate 1.11, `apply_packaged_translation`: the packages were tuned with them."""

BATCH_TOKENS = 2048
"""Tokens of source in a batch. Every step of a batch rearranges all weights, whatever the batch's size: with
6 + 6 layers of 512, 150 sentences took 31 CPU-seconds in batches of 1024, 27 of 2048, and 25 of 4096, which
need four times the memory of 1024 (the wide package of `benchmarks/`, AMD EPYC, 22 November 2026)."""

GPU_BATCH_TOKENS = 16_384
STATE_BYTES = 512 * 1024
"""Memory of a token of source while it is translated with 6 + 6 layers of 512 in float32, no GPU at hand: keys
and values of 6 layers (25 KB a token) for 4 beams, of the source and of a translation up to three times as long
(400 KB), and the beams' 32,000 logits, shared by a sentence of 25 tokens (20 KB). Bounds batches on a GPU."""

CHUNK_TEXTS = 1024
"""Texts in memory at once; sorting by length needs no more to fill batches evenly."""

MAX_INPUT_TOKENS = 400
"""A longer text is translated in parts: packages learned on single sentences, CTranslate2 would cut at 1024."""

MIN_DECODING_TOKENS = 256
DECODING_RATIO = 3
"""A translation may take 3 tokens for each of the source, and never fewer than CTranslate2's default allows."""

_PART_BREAK = re.compile(r"(?<=[.!?;:,،؛؟])\s+")

ComputeType = Literal["auto", "default", "int8", "int8_float32", "int16", "float16", "float32"]


@dataclass(frozen=True, slots=True)
class MachineTranslation:
    """One translation, and what the engine noticed of it."""

    text: str
    warnings: tuple[str, ...] = ()


def tokens_at_once(device: str) -> int:
    """Say how many tokens of source a batch has: on a GPU as many as its free memory allows."""
    return batch_tokens(device, BATCH_TOKENS, GPU_BATCH_TOKENS, STATE_BYTES)


class ArgosTranslator:
    """Translates along routes of installed packages; loads each model at its first sentence.

    Args:
        packages: as `installed_packages` gives them; those installed when left out.
        device: `cpu` or `cuda`.
        compute_type: as CTranslate2 names it; `auto` takes the fastest that the device supports.
        threads: batches that are translated at once; 0 takes every core.
    """

    def __init__(
        self,
        packages: Iterable[ArgosPackage] | None = None,
        *,
        device: str = "cpu",
        compute_type: ComputeType = "auto",
        threads: int = 0,
    ) -> None:
        if packages is None:
            packages, _ = installed_packages()
        self._packages: dict[tuple[str, str], ArgosPackage] = {}
        for package in packages:
            self._packages.setdefault((package.source, package.target), package)
        self._device = device
        self._compute_type = compute_type
        self._threads = threads
        self._loaded: dict[tuple[str, str], _LoadedPackage] = {}

    def route(self, source: str, target: str) -> tuple[str, ...] | None:
        """Give the codes from source to target with the fewest hops, or `None` where none leads."""
        return find_route(self._packages.values(), source, target)

    def engine(self, route: tuple[str, ...]) -> str:
        """Name packages, versions and settings of a route: `Argos ru-en 1.9 (beam 4)`."""
        names = " + ".join(package.name for package in self._hops(route))
        return f"Argos {names} (beam {BEAM_SIZE}, {self._compute_type})"

    def translate(self, texts: Sequence[str], route: tuple[str, ...]) -> list[MachineTranslation]:
        """Translate along a route, one result a text in order; an empty text gives an empty one.

        Raises:
            ModelError: a package of the route is not installed, or cannot be loaded.
        """
        results = [MachineTranslation(text) for text in texts]
        for package in self._hops(route):
            hop = self._load(package)
            moved = hop.translate([result.text for result in results])
            results = [
                MachineTranslation(after.text, (*before.warnings, *after.warnings))
                for before, after in zip(results, moved, strict=True)
            ]
        return results

    def _hops(self, route: tuple[str, ...]) -> list[ArgosPackage]:
        try:
            return [self._packages[pair] for pair in pairwise(route)]
        except KeyError as error:
            source, target = error.args[0]
            raise ModelError(
                f"no package translates from {source!r} to {target!r}", f"xsource models install {source}"
            ) from None

    def _load(self, package: ArgosPackage) -> _LoadedPackage:
        pair = package.source, package.target
        if pair not in self._loaded:
            self._loaded[pair] = _LoadedPackage(package, self._device, self._compute_type, self._threads)
        return self._loaded[pair]


class _LoadedPackage:
    """One package with its model in memory."""

    def __init__(self, package: ArgosPackage, device: str, compute_type: str, threads: int) -> None:
        self._package = package
        self._device = device
        self._compute_type = compute_type
        self._threads = threads

    @cached_property
    def _translator(self) -> Any:
        import ctranslate2

        try:
            return ctranslate2.Translator(
                str(self._package.path / "model"),
                device=self._device,
                compute_type=self._compute_type,
                # A batch a core: threads inside a batch wait for each other, and burn what they wait (2 cores:
                # 62 against 182 sentences per CPU-second).
                inter_threads=self._batches_at_once(),
                intra_threads=1,
            )
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"{self._package.path}: the model cannot be loaded: {error}", self._install_again
            ) from error

    def _batches_at_once(self) -> int:
        if self._device != "cpu":
            return 1
        if self._threads:
            return self._threads
        try:
            return len(os.sched_getaffinity(0))
        except AttributeError:  # Linux alone knows which cores are ours
            return os.cpu_count() or 1

    @cached_property
    def _tokenizer(self) -> Any:
        from argostranslate.package import Package

        try:
            tokenizer = Package(self._package.path).tokenizer
            tokenizer.encode("1")  # loads its file
        except (OSError, RuntimeError, ValueError, SystemExit) as error:  # exits at a wrong line of bpe.model
            raise ModelError(
                f"{self._package.path}: the tokenizer cannot be loaded: {error}", self._install_again
            ) from error
        return tokenizer

    @property
    def _install_again(self) -> str:
        return f"xsource models remove {self._package.direction}, then install it again"

    def translate(self, texts: Sequence[str]) -> list[MachineTranslation]:
        """Translate each distinct text once."""
        distinct = list(dict.fromkeys(text for text in texts if text.strip()))
        done: dict[str, MachineTranslation] = {}
        for start in range(0, len(distinct), CHUNK_TEXTS):
            chunk = distinct[start : start + CHUNK_TEXTS]
            done.update(zip(chunk, self._translate_chunk(chunk), strict=True))
        return [done.get(text, MachineTranslation("")) for text in texts]

    def _translate_chunk(self, texts: Sequence[str]) -> list[MachineTranslation]:
        parts: list[list[str]] = []
        owner: list[int] = []
        for i, text in enumerate(texts):
            for tokens in self._split(text):
                parts.append(tokens)
                owner.append(i)
        order = sorted(range(len(parts)), key=lambda i: len(parts[i]))
        # One long sentence among many must not let a short one that runs away go on as long.
        short = bisect_right(order, MIN_DECODING_TOKENS // max(1, DECODING_RATIO), key=lambda i: len(parts[i]))
        translated: dict[int, tuple[str, int]] = {}
        for places in filter(None, (order[:short], order[short:])):
            limit = max(MIN_DECODING_TOKENS, DECODING_RATIO * len(parts[places[-1]]))
            outputs, limit = self._run_within([parts[i] for i in places], limit)
            for i, output in zip(places, outputs, strict=True):
                tokens = output.hypotheses[0]
                translated[i] = (self._decode(tokens), limit if len(tokens) >= limit else 0)
        gathered: list[list[tuple[str, int]]] = [[] for _ in texts]
        for i, text_index in enumerate(owner):
            gathered[text_index].append(translated[i])
        return [_join(pieces) for pieces in gathered]

    def _run_within(self, parts: Sequence[list[str]], limit: int) -> tuple[Any, int]:
        """Run parts with a limit of tokens, and say which limit it was in the end."""
        try:
            return self._run(parts, limit), limit
        except RuntimeError as error:
            # A model with few position encodings fails when one runaway sentence decodes beyond them.
            if limit == MIN_DECODING_TOKENS:
                raise ModelError(
                    f"{self._package.path}: the model failed: {error}", self._install_again
                ) from error
            return self._run(parts, MIN_DECODING_TOKENS), MIN_DECODING_TOKENS

    def _run(self, parts: Sequence[list[str]], limit: int) -> Any:
        prefix = self._package.target_prefix
        return self._translator.translate_batch(
            parts,
            target_prefix=[[prefix]] * len(parts) if prefix else None,
            replace_unknowns=True,
            max_batch_size=tokens_at_once(self._device),
            batch_type="tokens",
            beam_size=BEAM_SIZE,
            length_penalty=LENGTH_PENALTY,
            max_input_length=0,
            max_decoding_length=limit,
        )

    def _split(self, text: str) -> list[list[str]]:
        """Tokenize a text, in parts where it is too long: at punctuation, and at words where there is none."""
        tokens = self._tokenizer.encode(text)
        if len(tokens) <= MAX_INPUT_TOKENS:
            return [tokens]
        parts: list[list[str]] = []
        held = ""
        for piece in _pieces(text, max(1, len(text) * MAX_INPUT_TOKENS // (2 * len(tokens)))):
            longer = f"{held} {piece}" if held else piece
            if held and len(self._tokenizer.encode(longer)) > MAX_INPUT_TOKENS:
                parts.append(self._tokenizer.encode(held))
                longer = piece
            held = longer
        return [*parts, self._tokenizer.encode(held)]

    def _decode(self, tokens: list[str]) -> str:
        prefix = self._package.target_prefix
        if prefix and tokens[:1] == [prefix]:
            tokens = tokens[1:]
        processor = getattr(self._tokenizer, "lazy_processor", None)
        # argostranslate's own decode also turns every underscore of the text into a space; ours keeps it.
        text = processor().decode_pieces(tokens) if processor else self._tokenizer.decode(tokens)
        return str(text).replace("▁", " ").strip()


def _pieces(text: str, width: int) -> Iterable[str]:
    for clause in _PART_BREAK.split(text):
        if len(clause) <= width:
            yield clause
            continue
        for start in range(0, len(clause), width):
            yield clause[start : start + width]


def _join(pieces: Sequence[tuple[str, int]]) -> MachineTranslation:
    """Put the parts of a text together; each comes with the limit at which it was cut, or 0."""
    warnings = []
    if len(pieces) > 1:
        warnings.append(f"too long for the model, translated in {len(pieces)} parts")
    if cut := max((limit for _, limit in pieces), default=0):
        warnings.append(f"cut at {cut} tokens")
    return MachineTranslation(" ".join(text for text, _ in pieces), tuple(warnings))
