"""A seal at the end of a vector file: FAISS trusts the sizes it reads, so damage must be found before it does.

What holds sizes, centres and keys (the file's head and its tail) is hashed on each open, in milliseconds.
The bulk between them, codes of vectors, has a checksum of its own: read at 4 GB a second, it is compared where
that is cheap, always before a file is carried on into the next one, and by `doctor`. FAISS does not read past
its own end, so the seal does not disturb it.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xsource.errors import IndexStateError

_MARK = b"xsource vectors\x02"
# mark, bytes of FAISS's file, of its head and of its tail, checksum of what is between, digest of the rest
_LAYOUT = struct.Struct("<16sQQQI32s")
_BLOCK_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class _Parts:
    size: int
    head: int
    tail: int

    @property
    def bulk(self) -> int:
        return self.size - self.head - self.tail


def seal_file(path: Path, *, bulk: int, tail: int) -> None:
    """Append the seal to a file whose last `tail` bytes are keys, behind `bulk` bytes of codes."""
    size = path.stat().st_size
    parts = _Parts(size, size - bulk - tail, tail)
    with path.open("r+b") as stream:
        digest, checksum = _digest(stream, parts), _checksum(stream, parts)
        stream.seek(size)
        stream.write(_LAYOUT.pack(_MARK, size, parts.head, tail, checksum, digest))


def check_seal(path: Path, *, whole_up_to: int) -> None:
    """Compare a file with its seal.

    Args:
        path: the file.
        whole_up_to: bytes of codes that are compared too; of a file with more only the rest is.

    Raises:
        IndexStateError: the file cannot be read, has no seal, or is not what was sealed.
    """
    try:
        size = path.stat().st_size - _LAYOUT.size
        if size < 0:
            raise IndexStateError(f"{path}: vector file of {size + _LAYOUT.size} bytes, too short to be whole")
        with path.open("rb") as stream:
            stream.seek(size)
            mark, sealed_size, head, tail, checksum, digest = _LAYOUT.unpack(stream.read(_LAYOUT.size))
            if mark != _MARK or sealed_size != size or head + tail > size:
                raise IndexStateError(f"{path}: vector file of {size} bytes ends without its seal")
            parts = _Parts(size, head, tail)
            if _digest(stream, parts) != digest:
                raise IndexStateError(
                    f"{path}: vector file is damaged: its sizes or keys do not match its seal"
                )
            if parts.bulk <= whole_up_to and _checksum(stream, parts) != checksum:
                raise IndexStateError(f"{path}: vector file is damaged: its codes do not match its seal")
    except OSError as exc:
        raise IndexStateError(f"{path}: vector file cannot be read: {exc.strerror}") from exc


def _digest(stream: BinaryIO, parts: _Parts) -> bytes:
    digest = hashlib.sha256(f"{parts.size} {parts.head} {parts.tail} ".encode())
    for start, length in ((0, parts.head), (parts.size - parts.tail, parts.tail)):
        for block in _blocks(stream, start, length):
            digest.update(block)
    return digest.digest()


def _checksum(stream: BinaryIO, parts: _Parts) -> int:
    checksum = 0
    for block in _blocks(stream, parts.head, parts.bulk):
        checksum = zlib.crc32(block, checksum)
    return checksum


def _blocks(stream: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    stream.seek(start)
    while length > 0 and (block := stream.read(min(_BLOCK_BYTES, length))):
        length -= len(block)
        yield block
