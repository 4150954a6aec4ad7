"""Stories that were found once, kept in a file beside the catalogue until its articles change.

To find them means to read every vector: a command that shows one story would wait for all. The file is derived
like the vector file: whoever needs it makes it, readers too, its name says which state of the index it is of,
and its first line is the hash of the rest. What is not as it was written is found anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from xsource.records import ArticleId, Story, StoryId, stable_id
from xsource.store.catalog import Catalog
from xsource.store.catalog_checks import Finding

STORY_FILES = "stories-*.json"
_PARTIAL_FILES = ".stories-*.partial"
_PARTIAL_PREFIX = ".stories-"
_NAME_LETTERS = 8


class StoryFiles(Catalog):
    """Keeps stories for the state of the catalogue that is seen."""

    def kept_stories(self, found_by: str) -> list[Story] | None:
        """Give the stories of this state, in their order; `None` where none are kept.

        Args:
            found_by: everything besides the articles and their vectors that stories follow from.
        """
        try:
            return _read(self._story_file(found_by))
        except (OSError, ValueError):
            return None

    def keep_stories(self, found_by: str, stories: Sequence[Story]) -> None:
        """Keep the stories of this state, and delete those of others. Nothing is kept where nothing can be."""
        path = self._story_file(found_by)
        try:
            for other in (*path.parent.glob(STORY_FILES), *path.parent.glob(_PARTIAL_FILES)):
                if not other.name.startswith(self._story_prefix()):
                    other.unlink(missing_ok=True)
            _write(path, stories)
        except OSError:  # a read-only folder, a full disk: found anew the next time
            return

    def _story_prefix(self) -> str:
        stamp = self._state("vector_stamp", "")[:_NAME_LETTERS]
        return f"stories-{self._state('vector_generation', '0')}-{stamp}-"

    def _story_file(self, found_by: str) -> Path:
        name = f"{self._story_prefix()}{stable_id(found_by)[:_NAME_LETTERS]}.json"
        return self._catalog_path.with_name(name)

    def _story_file_findings(self) -> Iterator[Finding]:
        for path in sorted(self._catalog_path.parent.glob(STORY_FILES)):
            try:
                _read(path)
            except FileNotFoundError:  # gone since it was listed
                continue
            except (OSError, ValueError):
                yield Finding(path, "not what was written; stories are found anew", is_repairable=True)


def _write(path: Path, stories: Sequence[Story]) -> None:
    rows = [
        (story.id, story.title, story.article_ids, _text(story.first_published), _text(story.last_published))
        for story in stories
    ]
    body = json.dumps(rows, ensure_ascii=False).encode()
    descriptor, partial = tempfile.mkstemp(prefix=_PARTIAL_PREFIX, suffix=".partial", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(_digest(body) + b"\n" + body)
        Path(partial).chmod(0o644)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise


def _read(path: Path) -> list[Story]:
    """Read a file of stories.

    Raises:
        OSError: it is absent or cannot be read.
        ValueError: it is not what was written.
    """
    digest, _, body = path.read_bytes().partition(b"\n")
    if digest != _digest(body):
        raise ValueError(f"{path}: another hash than was written")
    return [
        Story(StoryId(id_), title, tuple(map(ArticleId, articles)), _moment(first), _moment(last))
        for id_, title, articles, first, last in json.loads(body)
    ]


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode()


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
