"""Pieces that parsers stumble over, and a mutator for runs without a coverage-guided fuzzer."""

from __future__ import annotations

import random

PIECES = (
    b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf",
    b"{", b"[", b'"', b"'", b"<", b">", b"</", b"\\", b"\r", b"\n\n", b"\t", b"=", b":", b";", b",", b"|", b"%",
    b"&#x110000;", b"&#0;", b"&#xD800;", b"&lt;", b"&", b"\\ud83d", b"\\u0000", b"null", b"true",
    b"NaN", b"1e999",
    "\u202e".encode(), "\u2066".encode(), "\u200f".encode(), "\u2028".encode(), "\u00a0".encode(),
    "\u0301".encode() * 50, "\u064b".encode() * 30, "\U0001f600".encode(), "\ufdfa".encode(), "\u0130".encode(),
    "\u0661\u0662".encode(), "\u00b2\u00bd".encode(), "\u2163".encode(), "\u5341".encode(),
    "\U0001d7d9".encode(),
    b"9" * 50, b"-", b"--", b"0000-00-00T", b"2026-99-99", b"0001-01-01T00:00:00+14:00",
    b"9999-12-31T23:59:59-14:00",
    b"24:00", b"1/2/3", b"31 February", b"1,2,3", b"..", b"../../", b"/etc/passwd", b"C:\\",
    b"%00", b"%2e%2e%2f",
    b"<!--", b"]]>", b"<![CDATA[", b'<!DOCTYPE x [<!ENTITY a "b">]>', b"<!DOCTYPE x SYSTEM 'file:///etc/passwd'>",
    b"<svg>", b"<math>", b"<template>", b"<table>",
    b"<base href='//[::1'>", b"charset=utf-7", b"charset=base64",
    b'encoding="utf-32"', b"Content-Length: -5", b"Content-Encoding: gzip", b"Transfer-Encoding: chunked",
    b"https://[::1", b"//", b"://", b"https://a:99999/", b"javascript:alert(1)", b"*" * 20,
    b"#" * 20, b"(a+)+$",
    "(Рейтер) — ".encode(), "ال".encode() * 20, "שלוש עשרה אלף ".encode(), "двадцать два с половиной ".encode(),
    b"two and a half million ", b"Jan 0, ", b"\x1f\x8b\x08", b"PK\x03\x04", b"\x1b[2J",
)  # fmt: skip
"""Bytes, each of which once broke some program that reads news, mail, archives or markup."""

MOST_BYTES = 200_000


def mutate(content: bytes, chance: random.Random) -> bytes:
    """Damage bytes the way transmissions, exports and attackers do."""
    grown = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 4, 10, 40])):
        grown = grown or bytearray(b"x")
        at = chance.randrange(len(grown))
        end = min(len(grown), at + chance.choice([1, 1, 3, 20, 200, 2000]))
        draw = chance.random()
        if draw < 0.2:
            grown[at] = chance.randrange(256)
        elif draw < 0.35:
            del grown[at:end]
        elif draw < 0.5:
            grown[at:at] = grown[at:end]
        elif draw < 0.6:
            grown[at:at] = grown[at:end] * chance.choice([2, 50])
        elif draw < 0.95:
            grown[at:at] = chance.choice(PIECES)
        else:
            del grown[at:]
    return bytes(grown[:MOST_BYTES])
