"""Turn the bytes of a page or file into text, whatever it says of itself and whatever is true."""

from __future__ import annotations

import codecs
import re

from xsource.errors import InputError

# What newspapers in the four languages were ever written in; anything else is a question for a person.
CANDIDATES = ("cp1251", "koi8_r", "cp1255", "cp1256", "cp866", "iso8859_5", "iso8859_6", "iso8859_8", "cp1252")
# Labels that pages use and Python does not know (encoding.spec.whatwg.org, section 4.2).
_LABELS = {
    "iso-8859-8": "cp1255", "iso-8859-8-i": "cp1255", "iso-8859-8-e": "cp1255", "logical": "cp1255",
    "visual": "iso8859_8", "x-cp1251": "cp1251", "win-1251": "cp1251", "win1251": "cp1251",
    "unicode": "utf-16", "koi": "koi8_r", "koi8": "koi8_r", "utf8mb4": "utf-8",
}  # fmt: skip
# The encodings of the web (encoding.spec.whatwg.org), under Python's names. Python knows others, and among them
# are some that take quadratic time (punycode) or give no text (base64).
_OF_THE_WEB = frozenset({
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii", "latin-1", "iso8859-1",
    "iso8859-2", "iso8859-3",
    "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-10", "iso8859-13", "iso8859-14",
    "iso8859-15", "iso8859-16", "koi8-r", "koi8-u", "cp866", "cp874", "cp1250", "cp1251", "cp1252",
    "cp1253", "cp1254",
    "cp1255", "cp1256", "cp1257", "cp1258", "mac-roman", "mac-cyrillic", "gbk", "gb2312", "gb18030",
    "big5", "euc_jp",
    "iso2022_jp", "shift_jis", "cp932", "euc_kr", "cp949",
})  # fmt: skip
# Servers send these by default, whatever the page is written in; they prove nothing.
_DEFAULTS = frozenset({"latin-1", "iso8859-1", "ascii", "cp1252"})
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_META = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_META_BYTES = 4096
# A page cut in the middle of a letter, or with one broken comment, is still that page.
_MAX_BROKEN = 0.001
_SAMPLE_BYTES = 200_000
# charset-normalizer's share of what no text looks like. Single sentences in our languages, right encoding: at
# most .017 (540 sentences of TICO-19 and FLORES, November 2026); Greek read as Russian: .108.
_MAX_CHAOS = 0.05


def decode_bytes(content: bytes, declared: str | None = None) -> str:
    """Decode a page or a text file.

    In this order: a byte order mark; UTF-8 if the bytes are valid UTF-8, for single-byte text never is by
    chance; what the page or its server declares, if that fits the bytes; what the letters look like.

    Args:
        declared: the encoding that came with the bytes (an HTTP header); a page's own declaration is looked
            for.

    Raises:
        InputError: the bytes are no text, or in no encoding that we can tell; the message has no place in it.
    """
    return content.decode(detect_encoding(content, declared), "replace")


def detect_encoding(content: bytes, declared: str | None = None) -> str:
    """Tell in what encoding bytes are text, by the steps of `decode_bytes`; the start of a long text is enough.

    Raises:
        InputError: as `decode_bytes`.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return encoding
    if _is_binary(content):
        raise InputError("is a binary file, expected text", "leave it out, or save its text as .txt or .html")
    try:
        content.decode("utf-8")
        return "utf-8"  # noqa: TRY300 - beside the line that proves it
    except UnicodeDecodeError as exc:
        broken_at = exc.start
    found_in_page = _META.search(content[:_META_BYTES])
    labels = [
        label for label in (declared, found_in_page and found_in_page[1].decode("ascii", "replace")) if label
    ]
    for label in labels:
        codec = _find_codec(label)
        if codec and codec not in _DEFAULTS and _fits(content, codec):
            return codec
    if _fits(content, "utf-8"):
        return "utf-8"
    if guessed := _guess(content):
        return guessed
    raise InputError(
        f"is in an unknown encoding: not UTF-8 (byte {broken_at}), nor one of {', '.join(CANDIDATES)}"
        + (f"; it declares {labels[0]!r}" if labels else ""),
        "save it as UTF-8",
    )


def _is_binary(content: bytes) -> bool:
    """Whether bytes hold what text never does: zeros, or many control characters."""
    head = content[:_SAMPLE_BYTES]
    if b"\x00" in head:
        return True
    controls = len(head) - len(head.translate(None, bytes([*range(1, 9), *range(14, 27), *range(28, 32)])))
    return controls * 100 > len(head)


def _find_codec(label: str) -> str | None:
    folded = label.strip().lower()
    try:
        name = codecs.lookup(_LABELS.get(folded, folded)).name
    except (LookupError, ValueError):
        return None
    return name if name in _OF_THE_WEB else None


def _fits(content: bytes, encoding: str) -> bool:
    try:
        text = content[:_SAMPLE_BYTES].decode(encoding, "replace")
    except (LookupError, UnicodeError, ValueError):  # `base64`, `idna` and their kind are codecs too
        return False
    foreign = sum(not ch.isascii() for ch in text)
    return isinstance(text, str) and text.count("\ufffd") <= max(1, foreign * _MAX_BROKEN * 10)


def _guess(content: bytes) -> str | None:
    """Ask which of the candidates makes words of the bytes; short text is judged as well as it can be."""
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE_BYTES], cp_isolation=list(CANDIDATES)).best()
    return best.encoding if best and best.chaos <= _MAX_CHAOS else None
