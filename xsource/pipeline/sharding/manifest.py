"""What a shard says of itself: which part it is, that it is whole, in which order its articles were read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xsource.errors import IndexStateError, Problem, StorageError
from xsource.pipeline.building.preparing import Numbered
from xsource.pipeline.sharding.shard import Shard
from xsource.records import ArticleId
from xsource.store import Index

MANIFEST_FILE = "shard.json"
ARTICLES_A_READ = 256
MAX_BYTES = 1 << 30  # 10 million articles; what is larger is no manifest

_BUILD_AGAIN = "run the command that builds this shard again: it goes on where it stopped"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A finished shard.

    Attributes:
        shard: which part of how many.
        content: hash of every article, sentence and vector, whatever their order: two builds of one part have
            the same, on whatever machine.
        order: each article's number in the reading order of the whole corpus.
        problems: what was left out, numbered in the same order.
    """

    shard: str
    embedder: str
    articles: int
    content: str
    order: Mapping[ArticleId, int]
    problems: Sequence[Numbered]


def remove_manifest(folder: Path, shard: Shard | None = None) -> None:
    """Note that what lies here is no finished shard: it is being built, or is an index like any other."""
    path = folder / MANIFEST_FILE
    if shard is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, {"shard": str(shard), "content": None})


def write_manifest(
    index: Index, shard: Shard, order: Mapping[ArticleId, int], problems: Sequence[Numbered]
) -> None:
    """Say that a shard is whole, as the last thing that its build does.

    Raises:
        StorageError: the file cannot be written.
    """
    content, articles = digest_content(index)
    _write(
        index.path / MANIFEST_FILE,
        {
            "shard": str(shard),
            "embedder": index.embedder_id,
            "articles": articles,
            "content": content,
            "order": sorted(order.items(), key=lambda item: item[1]),
            "problems": [
                [one.number, one.problem.where, one.problem.message, one.problem.hint] for one in problems
            ],
        },
    )


def read_manifest(folder: Path) -> Manifest | None:
    """Read what a folder says of itself; `None` for an index that is no shard.

    Raises:
        IndexStateError: the shard was not built to its end, or the file is damaged.
    """
    path = folder / MANIFEST_FILE
    try:
        if path.stat().st_size > MAX_BYTES:
            raise IndexStateError(
                f"{path}: larger than {MAX_BYTES} bytes, expected a shard's manifest", _BUILD_AGAIN
            )
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if found["content"] is None:
            raise IndexStateError(f"{folder}: shard {found['shard']} was not built to its end", _BUILD_AGAIN)
        return Manifest(
            shard=str(found["shard"]),
            embedder=str(found["embedder"]),
            articles=int(found["articles"]),
            content=str(found["content"]),
            order={ArticleId(str(id_)): int(number) for id_, number in found["order"]},
            problems=[
                Numbered(int(number), Problem(str(where), str(message), str(hint)))
                for number, where, message, hint in found["problems"]
            ],
        )
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise IndexStateError(f"{path}: cannot be read: {exc.strerror}", _BUILD_AGAIN) from exc
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as exc:
        raise IndexStateError(f"{path}: damaged: {str(exc)[:120]}", _BUILD_AGAIN) from exc


def digest_content(index: Index) -> tuple[str, int]:
    """Hash what an index holds, without regard to order; also give how many articles that is.

    Cost: reads every vector once, about a second for 300 MB.
    """
    digests = []
    for ids in blocks(index.article_ids(), ARTICLES_A_READ):
        articles = index.articles(ids)
        sentences = index.sentences(ids)
        vectors = index.vectors([sentence.id for sentence in sentences])
        parts = {article.id: hashlib.blake2b(repr(article).encode(), digest_size=16) for article in articles}
        for sentence, vector in zip(sentences, vectors, strict=True):
            part = parts[sentence.article_id]
            part.update(repr((sentence.id, sentence.start, sentence.end, sentence.is_claim)).encode())
            part.update(vector.astype("<f4").tobytes())
        digests += [part.digest() for part in parts.values()]
    whole = hashlib.blake2b(str(index.embedder_id).encode(), digest_size=16)
    for digest in sorted(digests):
        whole.update(digest)
    return whole.hexdigest(), len(digests)


def blocks(ids: Sequence[ArticleId], size: int) -> Iterator[Sequence[ArticleId]]:
    """Cut a sequence into parts of at most `size`."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _write(path: Path, content: object) -> None:
    """Write the file whole or not at all."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=True)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as exc:
        raise StorageError(
            f"{path}: cannot be written: {exc.strerror}",
            "free some space and run the same command again: it goes on where it stopped",
        ) from exc
