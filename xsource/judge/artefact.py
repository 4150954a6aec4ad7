"""What the judge learned: one file of arrays, with what it was learned from and for which encoder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from xsource.errors import ModelError

FORMAT = "1"
SHIPPED = "judge.safetensors"

Array = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Artefact:
    """A judge's arrays and numbers.

    Attributes:
        id: name and content hash: what findings were judged by.
        encoder: SHA-256 of the packed encoder whose lower layers it stands on.
        arrays: by name; what each is for stands where it is read.
        numbers: every threshold and weight that decides an answer, by name.
        origin: data with hashes, date and command of the training.
    """

    id: str
    encoder: str
    arrays: Mapping[str, Array]
    numbers: Mapping[str, float]
    origin: Mapping[str, str]

    def number(self, name: str) -> float:
        """Give a number that decides an answer.

        Raises:
            ModelError: the artefact has none of this name.
        """
        try:
            return self.numbers[name]
        except KeyError:
            raise ModelError(f'judge {self.id}: no number "{name}"', _RETRAIN) from None


_RETRAIN = "make it again: docs/retraining.md"


@cache
def shipped_artefact() -> Artefact:
    """Load the judge that comes with the package, once."""
    with resources.as_file(resources.files(__package__).joinpath("shipped", SHIPPED)) as path:
        return load_artefact(path)


def load_artefact(path: Path) -> Artefact:
    """Load a judge's file.

    Raises:
        ModelError: it is absent, damaged, or of another version than this program reads.
    """
    try:
        content = path.read_bytes()
    except OSError as exc:
        raise ModelError(f"{path}: the judge cannot be read: {exc.strerror}", _RETRAIN) from exc
    return parse_artefact(content, str(path))


def parse_artefact(content: bytes, where: str) -> Artefact:
    """Turn a judge's file into arrays; see `load_artefact`."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        length = int.from_bytes(content[:8], "little")
        metadata = json.loads(content[8 : 8 + length])["__metadata__"]
        version, encoder = metadata["judge_format"], metadata["encoder"]
    except (ValueError, KeyError, TypeError, RecursionError, UnicodeDecodeError) as exc:
        raise ModelError(f"{where}: no judge, or a damaged one: its head cannot be read", _RETRAIN) from exc
    if version != FORMAT:
        raise ModelError(f"{where}: a judge of format {version!r}, expected {FORMAT!r}", _RETRAIN)
    digest = hashlib.blake2b(content[8 + length :], digest_size=8).hexdigest()
    if digest != metadata.get("content"):
        raise ModelError(
            f"{where}: damaged: its arrays hash to {digest}, expected {metadata.get('content')}", _RETRAIN
        )
    try:
        arrays = load(content)
        numbers = {str(name): float(value) for name, value in json.loads(metadata["numbers"]).items()}
        origin = {str(name): str(value) for name, value in json.loads(metadata["origin"]).items()}
    except (SafetensorError, ValueError, KeyError, TypeError) as exc:
        raise ModelError(f"{where}: a damaged judge: {exc}", _RETRAIN) from exc
    mark = hashlib.blake2b(content, digest_size=4).hexdigest()
    return Artefact(f"{metadata['name']}/{mark}", str(encoder), arrays, numbers, origin)


def write_artefact(
    path: Path,
    name: str,
    encoder: str,
    arrays: Mapping[str, Array],
    numbers: Mapping[str, float],
    origin: Mapping[str, str],
) -> None:
    """Write a judge's file so that the same content gives the same bytes."""
    from safetensors.numpy import save

    ordered = {key: np.ascontiguousarray(arrays[key]) for key in sorted(arrays)}
    plain = save(ordered)
    body = plain[8 + int.from_bytes(plain[:8], "little") :]
    metadata = {
        "judge_format": FORMAT,
        "name": name,
        "encoder": encoder,
        "content": hashlib.blake2b(body, digest_size=8).hexdigest(),
        "numbers": json.dumps(dict(sorted(numbers.items()))),
        "origin": json.dumps(dict(sorted(origin.items()))),
    }
    # The library writes metadata in the order of a hash map: another one each time.
    head = json.loads(plain[8 : len(plain) - len(body)])
    written = json.dumps(
        {"__metadata__": metadata, **dict(sorted(head.items()))}, separators=(",", ":")
    ).encode()
    written += b" " * (-len(written) % 8)
    path.write_bytes(len(written).to_bytes(8, "little") + written + body)
