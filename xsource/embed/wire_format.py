"""The few lines of protocol buffers that a sentencepiece model needs, read and written.

Source: the wire format at protobuf.dev and `sentencepiece_model.proto`. Not worth the protobuf dependency.
"""

from __future__ import annotations

import struct

_VARINT, _EIGHT_BYTES, _LENGTH_DELIMITED, _FOUR_BYTES = 0, 1, 2, 5
_MOST_VARINT_BYTES = 10  # 64 bits; a longer one only makes the reader slow


def integer_field(number: int, value: int) -> bytes:
    """Write an integer that is not negative."""
    return _varint(number << 3 | _VARINT) + _varint(value)


def float_field(number: int, value: float) -> bytes:
    """Write a 32-bit float."""
    return _varint(number << 3 | _FOUR_BYTES) + struct.pack("<f", value)


def bytes_field(number: int, content: bytes) -> bytes:
    """Write bytes, an UTF-8 text or a message."""
    return _varint(number << 3 | _LENGTH_DELIMITED) + _varint(len(content)) + content


def find_bytes_field(message: bytes, number: int) -> bytes:
    """Read the first field of that number that holds bytes, a text or a message.

    Raises:
        ValueError: there is none, or the message ends in a field or has one that cannot be.
    """
    at = 0
    while at < len(message):
        tag, at = _read_varint(message, at)
        kind = tag & 7
        if kind == _LENGTH_DELIMITED:
            length, at = _read_varint(message, at)
            if tag >> 3 == number:
                if at + length > len(message):
                    raise ValueError(f"message of {len(message)} bytes ends in field {number}")
                return message[at : at + length]
            at += length
        elif kind == _VARINT:
            _, at = _read_varint(message, at)
        elif kind in {_FOUR_BYTES, _EIGHT_BYTES}:
            at += 4 if kind == _FOUR_BYTES else 8
        else:
            raise ValueError(f"message has a field of kind {kind}, which is not read here")
    raise ValueError(f"message of {len(message)} bytes has no field {number}")


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 7 * _MOST_VARINT_BYTES, 7):
        if at >= len(message):
            raise ValueError(f"message of {len(message)} bytes ends in a number")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError(f"message has a number of more than {_MOST_VARINT_BYTES} bytes")
