"""A seal at the end of a vector file: FAISS trusts the sizes it reads, so damage must be found before it does.

The file's head and its tail hold every size and key and are hashed on each open, in milliseconds. The vectors
between them are not: a flipped bit there makes a cosine wrong, which `doctor` finds by comparing with the
catalogue. FAISS does not read past its own end, so the seal does not disturb it.
"""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path

from xsource.errors import IndexStateError

_MARK = b"xsource vectors\x01"
_LAYOUT = struct.Struct("<16sQQ32s")
_HEAD_BYTES = 4096
_TAIL_MARGIN = 64


def seal_file(path: Path, count: int) -> None:
    """Append the seal to a file of `count` vectors whose last part is their keys."""
    size = path.stat().st_size
    with path.open("r+b") as stream:
        digest = _digest(path, size, count)
        stream.seek(size)
        stream.write(_LAYOUT.pack(_MARK, size, count, digest))


def check_seal(path: Path) -> None:
    """Compare a file with its seal.

    Raises:
        IndexStateError: the file cannot be read, has no seal, or its sizes or keys are not what was sealed.
    """
    try:
        size = path.stat().st_size - _LAYOUT.size
        if size < 0:
            raise IndexStateError(f"{path}: vector file of {size + _LAYOUT.size} bytes, too short to be whole")
        with path.open("rb") as stream:
            stream.seek(size)
            mark, sealed_size, count, sealed = _LAYOUT.unpack(stream.read(_LAYOUT.size))
        if mark != _MARK or sealed_size != size:
            raise IndexStateError(f"{path}: vector file of {size} bytes ends without its seal")
        if _digest(path, size, count) != sealed:
            raise IndexStateError(f"{path}: vector file is damaged: its sizes or keys do not match its seal")
    except OSError as exc:
        raise IndexStateError(f"{path}: vector file cannot be read: {exc.strerror}") from exc


def _digest(path: Path, size: int, count: int) -> bytes:
    digest = hashlib.sha256(f"{size} {count} ".encode())
    tail = min(size, 8 * count + _TAIL_MARGIN)
    with path.open("rb") as stream:
        digest.update(stream.read(min(size, _HEAD_BYTES)))
        stream.seek(size - tail)
        digest.update(stream.read(tail))
    return digest.digest()
