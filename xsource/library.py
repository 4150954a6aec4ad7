"""xsource as a library: an index opened once and asked many times; answers that a notebook shows.

    import xsource

    with xsource.open_index("index") as index:
        index.search("hostages and a ceasefire", top=5).to_pandas()
        index.who_reports("More than 7,000 people have been killed")
        index.compare().divergences.to_pandas()

Every answer is a sequence of the records of `xsource.records`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import get_ident
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from xsource.errors import IndexStateError, InputError
from xsource.pipeline import Filters, Reader, open_reader, without_wrong
from xsource.records import (
    DIVERGENCE_KINDS,
    LANGUAGES,
    Article,
    Comparison,
    Divergence,
    OutletAnswer,
    SearchHit,
    Story,
)
from xsource.report.counting import counted
from xsource.report.documents import answers_document, divergence_document, hit_document, timestamp
from xsource.report.frames import as_frame
from xsource.report.html import comparison_html
from xsource.report.notebook import answers_html, divergences_html, hits_html, table_html, tables_html
from xsource.report.schema import AnswerDocument, HitDocument
from xsource.report.tables import build_tables
from xsource.report.text import CELLS_HEADER, cell_rows
from xsource.settings import load_settings

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["Compared", "OpenIndex", "Records", "open_index"]

T = TypeVar("T")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing(Generic[T]):
    """How records of one kind become rows and HTML."""

    columns: tuple[str, ...]
    rows: Callable[[Sequence[T]], list[Row]]
    html: Callable[[Sequence[T]], str]


class Records(Sequence[T]):
    """Records in an order, which a notebook shows as a table."""

    def __init__(self, records: Sequence[T], drawing: Drawing[T]) -> None:
        self._records = tuple(records)
        self._drawing = drawing

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Records[T]: ...
    def __getitem__(self, place: int | slice) -> T | Records[T]:
        """Give one record, or some of them as `Records`."""
        if isinstance(place, slice):
            return Records(self._records[place], self._drawing)
        return self._records[place]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[T]:
        return iter(self._records)

    def __eq__(self, other: object) -> bool:
        return self._records == other._records if isinstance(other, Records) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._records)

    def __repr__(self) -> str:
        return f"Records({list(self._records)!r})"

    def to_dicts(self) -> list[Row]:
        """Give flat rows, the columns of `to_pandas`; moments in ISO 8601."""
        return self._drawing.rows(self._records)

    def to_pandas(self) -> DataFrame:
        """Give a frame; columns are there also where there are no rows.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        return as_frame(self._drawing.columns, self.to_dicts())

    def _repr_html_(self) -> str:
        return self._drawing.html(self._records)


class Compared:
    """A comparison that a notebook shows: claims down, outlets across.

    Attributes:
        comparison: everything that was found, see `xsource.records.Comparison`.
    """

    def __init__(self, comparison: Comparison, target: str) -> None:
        self.comparison = comparison
        self._target = target

    @property
    def stories(self) -> Records[Story]:
        """The stories that were compared."""
        return Records(self.comparison.stories, _draw_stories(self.comparison.articles))

    @property
    def divergences(self) -> Records[Divergence]:
        """What differs, surest first."""
        return Records(self.comparison.divergences, _DIVERGENCES)

    def without_wrong(self) -> Compared:
        """Leave out the divergences that an analyst marked wrong."""
        return Compared(without_wrong(self.comparison), self._target)

    def to_dicts(self) -> list[Row]:
        """Give a row for each claim and outlet of its story: the columns of `compare -f csv --table cells`."""
        rows = cell_rows(build_tables(self.comparison, self._target))
        return [dict(zip(CELLS_HEADER, row, strict=True)) for row in rows]

    def to_pandas(self) -> DataFrame:
        """Give `to_dicts` as a frame.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        return as_frame(CELLS_HEADER, self.to_dicts())

    def to_html(self) -> str:
        """Give the whole report as one page, as `compare --html` writes it."""
        return comparison_html(self.comparison, self._target)

    def __repr__(self) -> str:
        found = self.comparison
        return (
            f"<{counted(len(found.stories), 'story', 'stories')}, {counted(len(found.groups), 'claim')}, "
            f"{counted(len(found.divergences), 'divergence')}>"
        )

    def _repr_html_(self) -> str:
        return tables_html(build_tables(self.comparison, self._target))


class OpenIndex:
    """An index open for reading: it sees what was written before it was opened. For one thread at a time."""

    def __init__(self, path: Path, flags: dict[str, object]) -> None:
        self.path = path
        self._settings = load_settings(path, **flags)
        self._stack = ExitStack()
        self._reader = self._stack.enter_context(open_reader(path, self._settings))
        self._is_closed = False
        self._thread = get_ident()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the index go. Closing twice is no error."""
        self._is_closed = True
        self._stack.close()

    @contextmanager
    def _reading(self) -> Iterator[Reader]:
        """Give the reader; what is asked of a closed index, or from another thread, is told in our words."""
        if self._is_closed:
            raise IndexStateError(f"{self.path}: the index is closed", "open it again: xsource.open_index(...)")
        if get_ident() != self._thread:
            raise IndexStateError(
                f"{self.path}: the index was opened in another thread", "open it once in every thread"
            )
        yield self._reader

    def __repr__(self) -> str:
        return f"OpenIndex({str(self.path)!r})"

    def search(
        self,
        text: str,
        *,
        top: int = 10,
        outlets: Sequence[str] | None = None,
        languages: Sequence[str] | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Records[SearchHit]:
        """Find the sentences nearest in meaning to a text of any of the four languages.

        Args:
            text: a claim, or some words.
            top: how many, at least 1.
            outlets: ids of outlets that count; all when left out.
            languages: codes of languages that count; all when left out.
            since: published on this day or later, UTC; `2023-10-27` as text.
            until: published on this day or earlier.

        Raises:
            InputError: the text is empty or in another language, or a filter means nothing.
        """
        if top < 1:
            raise InputError(f"top is {top}, expected 1 or more")
        for code in languages or ():
            if code not in LANGUAGES:
                raise InputError(f'language "{code}" is none of {", ".join(LANGUAGES)}')
        filters = Filters.parse(outlets, languages, _day(since), _day(until))
        with self._reading() as reader:
            return Records(reader.search(text, top=top, filters=filters), _HITS)

    def who_reports(self, text: str) -> Records[OutletAnswer]:
        """Say of every outlet whether it reports a claim, differently, not at all, or has no coverage.

        Raises:
            InputError: the text is empty or in another language than the four.
        """
        with self._reading() as reader:
            return Records(reader.who_reports(text), _ANSWERS)

    def stories(self) -> Records[Story]:
        """Give the events that two or more outlets cover, by first publication."""
        with self._reading() as reader:
            return Records(reader.stories(), _draw_stories(reader.articles()))

    def compare(self, story: str | None = None) -> Compared:
        """Compare the outlets of one story, or of all.

        Args:
            story: an id or its first letters; all stories when left out.

        Raises:
            InputError: no story, or several, have such an id.
        """
        with self._reading() as reader:
            return Compared(reader.compare(story), self._settings.target)


def open_index(
    path: str | Path | None = None,
    *,
    min_confidence: float | None = None,
    kinds: Sequence[str] | None = None,
    target: str | None = None,
) -> OpenIndex:
    """Open an index that `xsource build` has made; a context manager.

    Args:
        path: its folder; `XSOURCE_INDEX`, or `index`, when left out.
        min_confidence: 0..1; divergences that are less sure are left out.
        kinds: of divergences to look for; all when left out.
        target: language code of the translations that are shown.

    Raises:
        IndexStateError: there is no index, or a newer program made it.
        InputError: a kind is no kind of divergence, or a settings file is wrong.
    """
    for kind in kinds or ():
        if kind not in DIVERGENCE_KINDS:
            raise InputError(f'kind "{kind}" is none of {", ".join(DIVERGENCE_KINDS)}')
    flags: dict[str, object] = {
        "min_confidence": None if min_confidence is None else float(min_confidence),
        "detectors": ",".join(kinds) if kinds else None,
        "target": target,
    }
    return OpenIndex(Path(path if path is not None else os.environ.get("XSOURCE_INDEX", "index")), flags)


def _day(day: date | str | None) -> str | None:
    return day.isoformat()[:10] if isinstance(day, date) else day


def _hit_rows(hits: Sequence[SearchHit]) -> list[Row]:
    return [_with_translation(hit_document(hit)) for hit in hits]


def _with_translation(document: HitDocument | AnswerDocument) -> Row:
    translation = document["translation"]
    return {**document, "translation": translation["text"] if translation else None}


def _answer_rows(answers: Sequence[OutletAnswer]) -> list[Row]:
    return [
        {**_with_translation(row), "differs": [difference["kind"] for difference in row["differs"]]}
        for row in answers_document(answers)["outlets"]
    ]


def _divergence_rows(divergences: Sequence[Divergence]) -> list[Row]:
    rows = []
    for divergence in divergences:
        document = divergence_document(divergence)
        review: Row = {**document["review"]} if document["review"] else {}
        rows.append(
            {
                **{name: document[name] for name in ("id", "kind", "group", "confidence", "explanation")},
                "outlets": list(dict.fromkeys(side["outlet"] for side in document["sides"])),
                "absent_from": [absence["outlet"] for absence in document["absent_from"]],
                "words": [side["words"] for side in document["sides"]],
                "via_translation": document["via_translation"],
                **{name: review.get(name) for name in ("verdict", "note", "by", "at")},
            }
        )
    return rows


def _draw_stories(articles: Iterable[Article]) -> Drawing[Story]:
    """Give how stories of these articles are drawn: a story itself knows no outlets."""
    outlet_of = {article.id: article.outlet_id for article in articles}

    def rows(stories: Sequence[Story]) -> list[Row]:
        return [
            {
                "id": story.id,
                "title": story.title,
                "first_published": timestamp(story.first_published),
                "last_published": timestamp(story.last_published),
                "articles": len(story.article_ids),
                "outlets": sorted({outlet_of[article_id] for article_id in story.article_ids}),
            }
            for story in stories
        ]

    def html(stories: Sequence[Story]) -> str:
        lines = [
            (row["id"][:8], (row["first_published"] or "")[:10], ", ".join(row["outlets"]), row["title"])
            for row in rows(stories)
        ]
        return table_html(counted(len(stories), "story", "stories"), ("id", "first", "outlets", "title"), lines)

    return Drawing(("id", "title", "first_published", "last_published", "articles", "outlets"), rows, html)


_HITS = Drawing(
    (
        "outlet",
        "language",
        "published_at",
        "sentence",
        "translation",
        "nearness",
        "cosine",
        "margin",
        "article_url",
    ),
    _hit_rows,
    hits_html,
)
_ANSWERS = Drawing(
    (
        "outlet", "status", "language", "published_at", "sentence", "translation", "differs", "cosine",
        "margin", "article_url",
    ),
    _answer_rows,
    answers_html,
)  # fmt: skip
_DIVERGENCES = Drawing(
    (
        "id", "kind", "group", "confidence", "explanation", "outlets", "absent_from", "words",
        "via_translation", "verdict", "note", "by", "at",
    ),
    _divergence_rows,
    divergences_html,
)  # fmt: skip
