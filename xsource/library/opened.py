"""An index open for reading, and how one is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from threading import get_ident
from types import TracebackType
from typing import Self

from xsource.errors import IndexStateError, InputError
from xsource.library.compared import Compared
from xsource.library.drawings import ANSWERS, HITS, SENTENCES, VERSIONS, draw_outlets, draw_stories
from xsource.library.records import Records
from xsource.pipeline import Filters, Reader, Version, known_outlets, list_versions, open_reader
from xsource.records import (
    ALL_KINDS,
    DIVERGENCE_KINDS,
    LANGUAGES,
    Claim,
    Outlet,
    OutletAnswer,
    SearchHit,
    Story,
)
from xsource.settings import load_settings


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
            return Records(reader.search(text, top=top, filters=filters), HITS)

    def who_reports(self, text: str) -> Records[OutletAnswer]:
        """Say of every outlet whether it reports a claim, differently, not at all, or has no coverage.

        Raises:
            InputError: the text is empty or in another language than the four.
        """
        with self._reading() as reader:
            return Records(reader.who_reports(text), ANSWERS)

    def stories(self) -> Records[Story]:
        """Give the events that two or more outlets cover, by first publication."""
        with self._reading() as reader:
            return Records(reader.stories(), draw_stories(reader.articles()))

    def outlets(self) -> Records[Outlet]:
        """Give the outlets with articles, by id; rows say country, ownership and how many articles."""
        known = known_outlets(self.path)
        with self._reading() as reader:
            return Records(reader.outlets(), draw_outlets(reader.count_articles(), known.get))

    def article(self, article: str) -> Records[Claim]:
        """Give every sentence of an article in order, with the article itself and translations.

        Args:
            article: its id or the first letters of it, or its address as the index has it.

        Raises:
            InputError: no article, or several, are meant.
        """
        with self._reading() as reader:
            named = [
                one
                for one in reader.articles()
                if article and (one.source == article or one.id.startswith(article.lower()))
            ]
            if len(named) != 1:
                what = "no article has" if not named else f"{len(named)} articles have"
                raise InputError(
                    f'{what} the address or an id that begins with "{article}"',
                    "the column article of search() has ids",
                )
            return Records(reader.read_article(named[0].id), SENTENCES)

    def versions(self, page: str) -> Records[Version]:
        """Give every text that a page has had, the earliest first, with what each took out and brought in.

        Args:
            page: its address, also with tracking or AMP, or an article's id.

        Raises:
            InputError: the index has no such page.
        """
        with self._reading():
            return Records(list_versions(self.path, page), VERSIONS)

    def refresh(self) -> None:
        """See what was written since the index was opened; models stay loaded."""
        with self._reading() as before, ExitStack() as stack:
            reader = stack.enter_context(open_reader(self.path, self._settings))
            reader.take_over(before)
            self._stack.close()
            self._reader, self._stack = reader, stack.pop_all()

    def compare(self, story: str | None = None) -> Compared:
        """Compare the outlets of one story, or of all.

        Args:
            story: an id or its first letters; all stories when left out.

        Raises:
            InputError: no story, or several, have such an id.
        """
        with self._reading() as reader:
            return Compared(reader.compare(story), self._settings.target, self.path)


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
        kinds: of divergences to look for, or `["all"]`; when left out those of `DEFAULT_KINDS`.
        target: language code of the translations that are shown.

    Raises:
        IndexStateError: there is no index, or a newer program made it.
        InputError: a kind is no kind of divergence, or a settings file is wrong.
    """
    for kind in kinds or ():
        if kind not in (*DIVERGENCE_KINDS, ALL_KINDS):
            raise InputError(f'kind "{kind}" is none of {", ".join((*DIVERGENCE_KINDS, ALL_KINDS))}')
    flags: dict[str, object] = {
        "min_confidence": None if min_confidence is None else float(min_confidence),
        "detectors": ",".join(kinds) if kinds else None,
        "target": target,
    }
    return OpenIndex(Path(path if path is not None else os.environ.get("XSOURCE_INDEX", "index")), flags)


def _day(day: date | str | None) -> str | None:
    return day.isoformat()[:10] if isinstance(day, date) else day
