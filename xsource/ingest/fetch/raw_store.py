"""What was fetched, kept as it came: one WARC file a version of a page, and the marks to ask again by.

The pages can be read like any other archive (`read_articles` on `RawStore.pages`), so extraction can be
redone after it improves. A file is written under a hidden name, synced and renamed, and only then noted as
fetched: a killed run leaves nothing half written, and the next one goes on where it stopped.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Self

from xsource.addresses import address_key
from xsource.errors import StorageError
from xsource.ingest.archives import OUTLET_FIELD, PUBLISHED_FIELD
from xsource.ingest.fetch.client import Answer, Marks
from xsource.ingest.outlet_files import OUTLETS_FILE
from xsource.outlets import OutletList, OutletProfile, load_outlets
from xsource.outlets.loading import is_outlet_id, parse_outlets, read_toml

# Hidden, so that the folder can be read as articles without a word about them.
STATE_FILE = ".state.sqlite3"
PAGES_FOLDER = "pages"
LOCK_FILE = ".fetch.lock"

_SCHEMA = """
create table if not exists feeds (
  address text primary key, etag text, last_modified text, checked_at text not null
) strict;
create table if not exists pages (
  key text primary key, outlet text not null, address text not null, etag text, last_modified text,
  digest text not null, versions integer not null, fetched_at text not null
) strict;
create table if not exists unread (path text primary key) strict;
create table if not exists files (path text primary key, digest text not null) strict;
"""


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page that was fetched before. `versions` counts its different contents."""

    marks: Marks
    digest: str
    versions: int
    fetched_at: datetime


class RawStore:
    """Pages as they came, and what is known of feeds and pages. Use as a context manager.

    Args:
        folder: made when it is not there.

    Raises:
        StorageError: the folder cannot be written, or its state file is none.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.pages = folder / PAGES_FOLDER
        try:
            self.pages.mkdir(parents=True, exist_ok=True)
            self._state = sqlite3.connect(folder / STATE_FILE, timeout=30)
            self._state.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as exc:
            raise StorageError(
                f"{folder}: cannot keep fetched pages there: {exc}", "choose another folder"
            ) from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._state.close()

    def feed_marks(self, address: str) -> Marks:
        """Give what a feed's server gave last time; empty marks for a feed that is new."""
        row = self._state.execute(
            "select etag, last_modified from feeds where address = ?", [address]
        ).fetchone()
        return Marks(*row) if row else Marks()

    def remember_feed(self, address: str, marks: Marks, now: datetime) -> None:
        """Note that every entry of a feed has been dealt with."""
        row = (address, marks.etag, marks.last_modified, now.isoformat())
        with self._state:
            self._state.execute("insert or replace into feeds values (?, ?, ?, ?)", row)

    def known_page(self, address: str) -> KnownPage | None:
        """Give what is known of a page, however its address is written; `None` for a new one."""
        query = "select etag, last_modified, digest, versions, fetched_at from pages where key = ?"
        row = self._state.execute(query, [address_key(address)]).fetchone()
        return KnownPage(Marks(row[0], row[1]), row[2], row[3], datetime.fromisoformat(row[4])) if row else None

    def save_page(
        self, outlet_id: str, listed_address: str, answer: Answer, published: datetime | None, now: datetime
    ) -> Path | None:
        """Keep a page; gives its file, or `None` when it is as it was.

        Raises:
            StorageError: it cannot be written; nothing is half written.
        """
        known = self.known_page(listed_address)
        key = address_key(listed_address)
        content = answer.content
        digest = known.digest if content is None and known else hashlib.sha256(content or b"").hexdigest()
        is_new = known is None or digest != known.digest
        versions = (known.versions if known else 0) + is_new
        name = page_path(outlet_id, key, versions)
        path = self._folder / name
        kept = _to_warc(outlet_id, answer, published) if is_new else b""
        try:
            if is_new:
                _write_durably(path, kept)
            row = (key, outlet_id, listed_address, answer.marks.etag, answer.marks.last_modified)
            with self._state:
                self._state.execute(
                    "insert or replace into pages values (?, ?, ?, ?, ?, ?, ?, ?)",
                    (*row, digest, versions, now.isoformat()),
                )
                if is_new:
                    self._state.execute("insert or replace into unread values (?)", [str(name)])
                    self._state.execute(
                        "insert or replace into files values (?, ?)",
                        [str(name), hashlib.sha256(kept).hexdigest()],
                    )
        except (OSError, sqlite3.Error) as exc:
            raise StorageError(f"{path}: cannot be written: {exc}", "free some space and run it again") from exc
        return path if is_new else None

    def unread_pages(self) -> list[Path]:
        """Give the files that nobody has read into an index yet, in the order in which they were kept."""
        rows = self._state.execute("select path from unread order by rowid")
        return [self._folder / path for (path,) in rows if (self._folder / path).is_file()]

    def mark_read(self, paths: Sequence[Path]) -> None:
        """Note that files are in an index, or were refused by it: they are not offered again."""
        with self._state:
            self._state.executemany(
                "delete from unread where path = ?", [[str(path.relative_to(self._folder))] for path in paths]
            )


def page_path(outlet_id: str, key: str, version: int) -> Path:
    """Name the file of one version of a page, below the folder of kept pages.

    Files are read in the order of their names, and the version read last is the latest.
    """
    return Path(
        PAGES_FOLDER, outlet_id, f"{hashlib.sha256(key.encode()).hexdigest()[:24]}-{version:04}.warc.gz"
    )


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Hold a folder of kept pages for one run of `fetch`; a cron line may well start the next too early.

    Raises:
        StorageError: another run holds it, or it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as exc:
        raise StorageError(
            f"{folder}: cannot keep fetched pages there: {exc.strerror}", "choose another folder"
        ) from exc
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as exc:
        os.close(descriptor)
        raise StorageError(f"{folder}: another run of fetch keeps pages there", "wait until it ends") from exc
    try:
        yield
    finally:
        os.close(descriptor)


_HEADER = """\
# Written by xsource fetch: the outlets of these pages that do not come with the package, so that the pages can
# be read again. Outlets of your own belong into an outlets.toml beside the index or in the working folder.
"""


def describe_outlets(folder: Path, profiles: Iterable[OutletProfile]) -> None:
    """Write down beside the pages the outlets that only this run knows: the pages name them by id.

    Raises:
        InputError: the file was changed by hand, and is wrong.
    """
    bundled = load_outlets()
    own = [profile for profile in profiles if profile.id not in bundled and is_outlet_id(profile.id)]
    if own:
        merged = described_outlets(folder).extended(own)
        blocks = map(_to_toml, sorted(merged, key=lambda profile: profile.id))
        _write_durably(folder / OUTLETS_FILE, "\n".join([_HEADER, *blocks]).encode())


def described_outlets(folder: Path) -> OutletList:
    """Give the outlets that earlier runs wrote down beside the pages; they have no feeds.

    Raises:
        InputError: the file was changed by hand, and is wrong.
    """
    path = folder / OUTLETS_FILE
    return OutletList(parse_outlets(read_toml(path), str(path)) if path.is_file() else ())


def _to_toml(profile: OutletProfile) -> str:
    lines = ["[[outlet]]"]
    for field in fields(profile):
        value = getattr(profile, field.name)
        if isinstance(value, tuple) and value and field.name != "feeds":
            lines.append(f"{field.name} = [{', '.join(map(_quote, value))}]")
        elif isinstance(value, str) and value:
            lines.append(f"{field.name} = {_quote(value)}")
    return "\n".join(lines) + "\n"


def _quote(text: str) -> str:
    """Write a TOML basic string: a JSON string in its own script, save that TOML also escapes DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _to_warc(outlet_id: str, answer: Answer, published: datetime | None) -> bytes:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    own = {OUTLET_FIELD: outlet_id}
    if published is not None:
        own[PUBLISHED_FIELD] = published.isoformat()
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    headers = StatusAndHeaders("200 OK", [("Content-Type", answer.content_type)], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        answer.address,
        "response",
        payload=io.BytesIO(answer.content or b""),
        http_headers=headers,
        warc_headers_dict=own,
    )
    writer.write_record(record)
    return buffer.getvalue()


def _write_durably(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.name}.part")
    with hidden.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    hidden.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
