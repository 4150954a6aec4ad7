"""A comparison written story by story: what one story takes is all that is held in memory.

The words are those that the same comparison gives when it is written at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile

from xsource.errors import StorageError
from xsource.records import Comparison
from xsource.report.documents import (
    article_document,
    comparison_document,
    provenance_document,
    story_document,
)
from xsource.report.listing import as_json
from xsource.report.schema import SCHEMA
from xsource.report.tables import build_tables
from xsource.report.text import CsvTable, comparison_csv, comparison_markdown

_AT_HAND = 1 << 20
"""Letters of what JSON says last that wait in memory; more wait in a temporary file."""


def csv_parts(comparisons: Iterable[Comparison], target: str, table: CsvTable = "divergences") -> Iterator[str]:
    """Give the header, then each story's rows."""
    yield comparison_csv([], table)
    for comparison in comparisons:
        yield comparison_csv(build_tables(comparison, target), table, header=False)


def markdown_parts(
    comparisons: Iterable[Comparison],
    target: str,
    embed: Callable[[str], str],
    *,
    only_differing: bool = False,
) -> Iterator[str]:
    """Give each story's section, with all of its claims or only those in which something differs."""
    for number, comparison in enumerate(comparisons):
        tables = build_tables(comparison, target)
        if only_differing:
            tables = [table.only_differing() for table in tables]
        section = comparison_markdown(tables, embed)
        yield f"\n{section}" if number else section


def json_parts(outline: Comparison, comparisons: Iterable[Comparison]) -> Iterator[str]:
    """Give the document of `documents.comparison_document` piece by piece.

    Claims come before divergences there, of all stories: what comes later waits in temporary files.

    Args:
        outline: all articles and stories.
        comparisons: of these stories, one each, in the same order.

    Raises:
        StorageError: there is no room for a temporary file.
    """
    urls = {article.id: article.source for article in outline.articles}
    yield f'{{\n "schema": {SCHEMA},\n'
    yield from _array("articles", (article_document(article) for article in outline.articles))
    yield from _array("stories", (story_document(story, urls) for story in outline.stories))
    with ExitStack() as stack:
        later = {name: stack.enter_context(_Waiting()) for name in ("divergences", "unmatched", "copies")}

        def groups() -> Iterator[object]:
            for comparison in comparisons:
                document = comparison_document(comparison)
                yield from document["groups"]
                later["divergences"].add(document["divergences"])
                later["unmatched"].add(document["unmatched"])
                later["copies"].add(document["copies"])

        yield from _array("groups", groups())
        for name, waiting in later.items():
            yield from _enclosed(name, waiting.read())
    provenance = as_json(provenance_document(outline.provenance)).replace("\n", "\n ")
    yield f' "provenance": {provenance}\n}}\n'


def _array(name: str, documents: Iterable[object]) -> Iterator[str]:
    return _enclosed(name, _separated(documents))


def _separated(documents: Iterable[object]) -> Iterator[str]:
    for number, document in enumerate(documents):
        # No line end inside of a string: JSON escapes them.
        indented = as_json(document).replace("\n", "\n  ")
        yield f",\n  {indented}" if number else f"\n  {indented}"


def _enclosed(name: str, parts: Iterable[str]) -> Iterator[str]:
    """Put parts into the list of a name; an empty list stays on its line."""
    yield f' "{name}": ['
    is_empty = True
    for part in parts:
        is_empty = False
        yield part
    yield "],\n" if is_empty else "\n ],\n"


class _Waiting:
    """Documents that are written later, in the order in which they were added."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_AT_HAND, "w+", encoding="utf-8", newline="")  # noqa: SIM115
        self._is_empty = True

    def __enter__(self) -> _Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, documents: Iterable[object]) -> None:
        for part in _separated(documents):
            try:
                self._file.write(part if self._is_empty or part[0] == "," else f",{part}")
            except OSError as error:
                raise StorageError(
                    f"a temporary file cannot be written: {error.strerror or error}",
                    "free some space, or name another folder with TMPDIR",
                ) from error
            self._is_empty = False

    def read(self) -> Iterator[str]:
        self._file.seek(0)
        while part := self._file.read(_AT_HAND):
            yield part
