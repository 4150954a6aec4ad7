"""Pages from WARC files, plain or gzipped: the archive's own way to keep what a server answered."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xsource.addresses import is_web_address
from xsource.errors import Problem
from xsource.ingest.dates import DateError, parse_published
from xsource.ingest.draft import Draft
from xsource.ingest.html_page import PageOrigin, extract_page
from xsource.ingest.outlet_files import Neighbourhood

MAX_PAGE_BYTES = 8 * 1024 * 1024
MAX_HEADER_BYTES = 512 * 1024  # of a record, in lines
# Fields of our own in the records that `fetch` writes: whose feed named the page, and when it said it appeared.
OUTLET_FIELD = "XSource-Outlet"
PUBLISHED_FIELD = "XSource-Published"
_HTML_TYPES = ("text/html", "application/xhtml+xml")


def read_warc(path: Path, around: Neighbourhood, now: datetime) -> Iterator[Draft | Problem]:
    """Read the articles of an archive one record at a time; records that are no page are passed over.

    Raises:
        OSError: the file cannot be opened or read.
    """
    from warcio.archiveiterator import ArchiveIterator

    class QuietIterator(ArchiveIterator):  # type: ignore[misc]  # untyped upstream
        # warcio writes this to stderr with up to megabytes of the page; what is damaged is a problem here.
        INC_RECORD = ""

    from warcio.exceptions import ArchiveLoadFailed
    from warcio.statusandheaders import StatusAndHeadersParserException

    # The last line's come from warcio itself where a record lacks its headers or says its length in 20 digits
    # (seen by mutating archives).
    damage = (
        *(ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, zlib.error, ValueError),
        *(AttributeError, TypeError, KeyError, OverflowError),
    )
    if not _begins_as_warc(path):
        yield Problem(str(path), "is no WARC file", "it should begin with WARC/1.0 or WARC/1.1, gzipped or not")
        return
    with path.open("rb") as file:
        archive = QuietIterator(file)
        headers = _HeaderLimit(archive.reader)
        records = iter(archive)
        number = 0
        while True:
            number += 1
            headers.bytes_read = 0
            where = f"{path}: record {number}"
            try:
                record = next(records, None)
                if record is None:
                    return
                found = _read_page(record, where, path, now)
            except damage as exc:
                yield Problem(where, f"the archive is damaged here: {exc}", "what came before it was read")
                return
            if isinstance(found, _ArchivedPage):
                yield extract_page(found.content, found.origin, around, now)
            elif found is not None:
                yield found


class _HeaderLimit:
    """Lets a reader of archives refuse headers without an end, before they fill memory."""

    def __init__(self, reader: Any) -> None:
        self._read_line = reader.readline
        self.bytes_read = 0
        reader.readline = self.read_line

    def read_line(self, length: int | None = None) -> bytes:
        line = bytes(self._read_line(min(length or MAX_HEADER_BYTES, MAX_HEADER_BYTES)))
        self.bytes_read += len(line)
        if self.bytes_read > MAX_HEADER_BYTES:
            raise ValueError(f"a record's headers have more than {MAX_HEADER_BYTES} bytes")
        return line


@dataclass(frozen=True, slots=True)
class _ArchivedPage:
    content: bytes
    origin: PageOrigin


def _begins_as_warc(path: Path) -> bool:
    """Whether a file begins as an archive: warcio takes anything else for the older ARC format."""
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 16)
        except zlib.error:
            return False
    return head.startswith(b"WARC/")


def _read_page(record: Any, where: str, path: Path, now: datetime) -> _ArchivedPage | Problem | None:
    """Read the page of a record; `None` for a record that holds none."""
    headers, http = record.rec_headers, record.http_headers
    if record.rec_type != "response" or http is None or http.get_statuscode() != "200":
        return None
    content_type = (http.get_header("Content-Type") or "").lower()
    if not content_type.startswith(_HTML_TYPES):
        return None
    address = headers.get_header("WARC-Target-URI")
    where = f"{where} ({address})"
    if not is_web_address(address or ""):
        return Problem(where, "has no http(s) address", "leave the record out")
    content = record.content_stream().read(MAX_PAGE_BYTES + 1)
    if len(content) > MAX_PAGE_BYTES:
        return Problem(where, f"page is larger than {MAX_PAGE_BYTES} bytes, expected one article")
    if getattr(record.raw_stream, "limit", 0) > 0:
        return Problem(where, "page is cut off, the archive ends in it", "what came before it was read")
    if not content.strip():
        return Problem(where, "page is empty, expected an article")
    origin = PageOrigin(
        where,
        path,
        address=address,
        charset=find_charset(content_type),
        outlet=headers.get_header(OUTLET_FIELD),
        listed=_read_published(headers.get_header(PUBLISHED_FIELD), now),
    )
    return _ArchivedPage(content, origin)


def find_charset(content_type: str) -> str | None:
    """Give the charset of a Content-Type header."""
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip(" \"'") or None
    return None


def _read_published(stated: str | None, now: datetime) -> datetime | None:
    try:
        return parse_published(stated, now) if stated else None
    except DateError:
        return None  # the page may know better
