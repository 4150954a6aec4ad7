"""How records become rows and rows records."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

import numpy as np

from xsource.addresses import address_key
from xsource.errors import InputError
from xsource.records import (
    Article,
    ArticleId,
    FloatMatrix,
    FloatVector,
    Language,
    Outlet,
    OutletId,
    Sentence,
    SentenceId,
    stable_id,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ROUTE_MARK = ">"

ARTICLE_COLUMNS = (
    "id, outlet_id, source, title, text, language, language_probability, published_at, agency, synthetic"
)
OUTLET_COLUMNS = "id, name, language, country, name_en"
SENTENCE_COLUMNS = "id, position, start, end, is_claim, claim_reason"


@dataclass(frozen=True, slots=True)
class StoredTranslation:
    """What an engine gave for a text along a route."""

    text: str
    warnings: tuple[str, ...] = ()


def text_hash(text: str) -> str:
    """Name a text in a cache key."""
    return stable_id(text)


def row_digest(*values: object) -> str:
    """Name a row by all of its values, as SQLite gives them; also a function in SQL."""
    return hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def page_key(source: object) -> str:
    """Name the page that an article's source is; also a function in SQL, where damage may give it anything."""
    return address_key(str(source))


def article_digest(
    row: Sequence[object], sentences: Iterable[Sequence[object]], vectors: Iterable[bytes]
) -> str:
    """Name an article by all that hangs on it.

    Args:
        row: values of `ARTICLE_COLUMNS`.
        sentences: of each sentence the values of `SENTENCE_COLUMNS`, by position.
        vectors: as they are stored, in the same order.
    """
    digest = hashlib.blake2b(repr(tuple(row)).encode("utf-8", "surrogatepass"), digest_size=16)
    for sentence, vector in zip(sentences, vectors, strict=True):
        digest.update(repr(tuple(sentence)).encode("utf-8", "surrogatepass"))
        digest.update(vector)
    return digest.hexdigest()


def sentence_row(sentence: Sentence) -> tuple[object, ...]:
    """Give the values of `SENTENCE_COLUMNS`."""
    return (
        sentence.id,
        sentence.position,
        sentence.start,
        sentence.end,
        int(sentence.is_claim),
        sentence.claim_reason,
    )


def microseconds(moment: datetime) -> int:
    """Count microseconds since 1970 UTC, exactly.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return (moment - _EPOCH) // _MICROSECOND


def moment(count: int) -> datetime:
    """Give the moment that `microseconds` counted."""
    return _EPOCH + count * _MICROSECOND


def article_row(article: Article) -> tuple[object, ...]:
    """Give the values of `ARTICLE_COLUMNS`.

    Raises:
        InputError: a text has a lone surrogate, which is no character and cannot be stored.
    """
    for field, text in (("text", article.text), ("title", article.title), ("source", article.source)):
        if not text.isascii():
            try:
                text.encode("utf-8")
            except UnicodeEncodeError as exc:
                raise InputError(
                    f"{article.source!r}: {field} has the lone surrogate U+{ord(text[exc.start]):04X}"
                    f" at {exc.start}, which is no character",
                    "repair the file's encoding",
                ) from exc
    return (
        article.id,
        article.outlet_id,
        article.source,
        article.title,
        article.text,
        article.language,
        float(article.language_probability),
        None if article.published_at is None else microseconds(article.published_at),
        article.agency,
        int(article.synthetic),
    )


def article_of(row: Sequence[object]) -> Article:
    """Make an article of the values of `ARTICLE_COLUMNS`."""
    id_, outlet_id, source, title, text, language, probability, published, agency, synthetic = row
    return Article(
        id=ArticleId(cast("str", id_)),
        outlet_id=OutletId(cast("str", outlet_id)),
        source=cast("str", source),
        title=cast("str", title),
        text=cast("str", text),
        language=cast("Language", language),
        language_probability=cast("float", probability),
        published_at=None if published is None else moment(cast("int", published)),
        agency=cast("str | None", agency),
        synthetic=bool(synthetic),
    )


def outlet_of(row: sqlite3.Row | tuple[str, str, str | None, str | None, str]) -> Outlet:
    """Make an outlet of the values of `OUTLET_COLUMNS`."""
    id_, name, language, country, name_en = row
    return Outlet(OutletId(id_), name, language, country, name_en)


def sentence_of(row: Sequence[object], article_id: ArticleId, article_text: str) -> Sentence:
    """Make a sentence of the values of `SENTENCE_COLUMNS`; its text is the slice of its article's."""
    id_, position, start, end, is_claim, reason = row
    begin, stop = cast("int", start), cast("int", end)
    return Sentence(
        id=SentenceId(cast("str", id_)),
        article_id=article_id,
        position=cast("int", position),
        start=begin,
        end=stop,
        text=article_text[begin:stop],
        is_claim=bool(is_claim),
        claim_reason=cast("str", reason),
    )


def vector_blob(vector: FloatVector) -> bytes:
    """Store a vector as little-endian float32."""
    return vector.astype("<f4", copy=False).tobytes()


def vectors_of(blobs: Sequence[bytes], dimension: int) -> FloatMatrix:
    """Read stored vectors: (n, dimension) float32.

    Raises:
        ValueError: one has another length.
    """
    joined = b"".join(blobs)
    if len(joined) != len(blobs) * dimension * 4:
        raise ValueError(f"{len(blobs)} stored vectors hold {len(joined)} bytes, expected {dimension * 4} each")
    return np.frombuffer(joined, "<f4").reshape(len(blobs), dimension).astype(np.float32)


def route_text(route: Sequence[str]) -> str:
    """Store a route: `ru>en`."""
    return _ROUTE_MARK.join(route)


def route_of(stored: str) -> tuple[str, ...]:
    """Read a stored route."""
    return tuple(stored.split(_ROUTE_MARK))


def warnings_text(warnings: Sequence[str]) -> str:
    """Store warnings as a JSON list."""
    return json.dumps(list(warnings), ensure_ascii=False)


def warnings_of(stored: str) -> tuple[str, ...]:
    """Read stored warnings."""
    return tuple(json.loads(stored))
