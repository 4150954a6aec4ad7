"""Newsletters from mbox files: each message is one article of the outlet that sent it."""

from __future__ import annotations

import email.policy
import email.utils
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from xsource.errors import InputError, Problem
from xsource.ingest.draft import Draft
from xsource.ingest.encodings import decode_bytes
from xsource.ingest.html_page import read_fragment
from xsource.ingest.outlet_files import Neighbourhood
from xsource.ingest.text_file import find_outlet, tell_outlet
from xsource.records import ReadingNote

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
MAX_HEADER_BYTES = 8_000  # RFC 5322 allows lines of 998; encoded subjects go over several
MAX_PARTS = 50
MAX_BRACKETS = 200
# `From sender Fri Feb 27 10:00:00 2026`; a sentence that begins with "From" has no time and year behind it.
_SEPARATOR = re.compile(rb"From \S{1,300} .{0,60}\d\d:\d\d.{0,40}\d{4}")


def read_mbox(path: Path, around: Neighbourhood) -> Iterator[Draft | Problem]:
    """Read the messages of an mbox file one at a time.

    Raises:
        OSError: the file cannot be opened or read.
    """
    for number, content in enumerate(_split_messages(path), 1):
        where = f"{path}: message {number}"
        if len(content) > MAX_MESSAGE_BYTES:
            yield Problem(where, f"larger than {MAX_MESSAGE_BYTES} bytes, expected a newsletter")
        else:
            yield _read_message(content, where, path, around)


def _split_messages(path: Path) -> Iterator[bytes]:
    """Split at the `From ` lines; a message larger than allowed is cut just above the limit, to be refused."""
    lines: list[bytes] = []
    size = 0
    is_after_blank = True
    with path.open("rb") as file:
        while line := file.readline(1 << 16):
            if is_after_blank and _SEPARATOR.match(line):
                if size:
                    yield b"".join(lines)
                lines, size = [], 0
            elif size <= MAX_MESSAGE_BYTES:
                lines.append(line.removeprefix(b">") if line.startswith(b">From ") else line)
                size += len(line)
            is_after_blank = not line.strip()
    if size:
        yield b"".join(lines)


def _find_excess(content: bytes) -> str:
    """Say what of a message would cost the standard library's parser quadratic time or its whole stack."""
    head = content.partition(b"\n\n")[0].replace(b"\r", b"")
    longest = max(map(len, re.split(rb"\n(?![ \t])", head)), default=0)
    if longest > MAX_HEADER_BYTES:
        return f"a header has {longest} bytes, expected at most {MAX_HEADER_BYTES}"
    if (
        parts := len(re.findall(rb"(?i)^content-type:[ \t]*(?:multipart|message)/", content, re.MULTILINE))
    ) > MAX_PARTS:
        return f"holds {parts} messages and parts in each other, expected at most {MAX_PARTS}"
    if (deep := max(head.count(b"("), head.count(b"<"))) > MAX_BRACKETS:
        return f"its headers have {deep} brackets, expected a name and an address"
    return ""


def _read_message(content: bytes, where: str, path: Path, around: Neighbourhood) -> Draft | Problem:
    try:
        if fault := _find_excess(content):
            return Problem(where, fault, "export it again")
        message = message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        sender = email.utils.parseaddr(str(message.get("From", "")))[1]
        subject, sent = str(message.get("Subject", "")), getattr(message.get("Date"), "datetime", None)
        ident = str(message.get("Message-ID", ""))
        body = message.get_body(("html", "plain"))
        payload = body.get_payload(decode=True) if body else None
    # The standard library's parser of broken headers raises these (cpython issues 81241, 105802).
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError) as exc:
        return Problem(where, f"is no message that can be read: {type(exc).__name__}", "export it again")
    rule = around.rule_for(path)
    domain = sender.rpartition("@")[2]
    outlet = find_outlet(rule.outlet if rule else None, domain or None, around, path)
    if isinstance(outlet, Problem):
        return Problem(where, f"sender {sender[:80]!r} belongs to no known outlet", outlet.hint)
    if body is None or not isinstance(payload, bytes) or not payload.strip():
        return Problem(where, "has no text, expected a newsletter")
    try:
        text = decode_bytes(payload, body.get_content_charset())
    except InputError as exc:
        return Problem(where, exc.message, exc.hint)
    notes: tuple[ReadingNote, ...] = ()
    if body.get_content_subtype() == "html":
        found = read_fragment(text)
        text, notes = found.text, found.notes
    return Draft(
        outlet_id=outlet.id,
        outlet=outlet,
        source=f"mid:{ident.strip('<>')}" if ident else where,
        title=subject,
        text=text,
        where=where,
        published=sent.isoformat() if sent else None,
        date_source="the message's own date",
        notes=notes,
        notices=tell_outlet(rule.outlet if rule else None, outlet, around),
    )
