"""The index in one state, open on threads of its own: pages of one edition never mix two states.

An index is for one thread at a time, and a comparison may take seconds. So an edition has two: one for what is
only looked up, one for what is computed; both see the same state. What was found is kept until a newer
edition takes over.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, cast

from xsource.errors import InputError, StorageError, XSourceError
from xsource.outlets import OutletList, load_outlets
from xsource.pipeline import Filters, Reader, known_outlets, open_reader
from xsource.records import Claim, Comparison, OutletAnswer, SearchHit, StoryId
from xsource.serve.contents import Contents, list_contents
from xsource.settings import Settings

LOG = logging.getLogger("xsource.serve")
MOST_KEPT = 256
"""Answers and comparisons kept; the one not asked for longest goes first."""
MOST_WAITING = 16
"""Questions that may wait in a lane; further ones are told to come back."""
OPENINGS = 20
"""Attempts to open both lanes on one state while a build is writing; a try takes milliseconds."""
CLOSING_SECONDS = 2.0

T = TypeVar("T")
_Job = tuple["Future[Any]", Callable[[Reader], Any]]


class TooBusyError(XSourceError):
    """More is waiting to be computed than it makes sense to wait for."""


class StillWorkingError(XSourceError):
    """The answer is being computed; asking again gets it when it is there."""


class Lane:
    """One thread with a reader of its own; it does what it is asked in turn."""

    def __init__(self, name: str, path: Path, settings: Settings) -> None:
        self._path, self._settings = path, settings
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._is_busy = False
        self.opened: Future[Reader] = Future()
        # A daemon: a comparison that runs for minutes must not keep the program after Ctrl-C.
        self._thread = threading.Thread(target=self._run, name=f"xsource-{name}", daemon=True)
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is waiting or being done."""
        return self._jobs.empty() and not self._is_busy

    @property
    def is_full(self) -> bool:
        """Whether as much is waiting as may."""
        return self._jobs.qsize() >= MOST_WAITING

    def ask(self, work: Callable[[Reader], T]) -> Future[T]:
        """Have something done with the reader, after all that was asked before."""
        future: Future[T] = Future()
        self._jobs.put((future, work))
        return future

    def close(self) -> None:
        """End after what is running now; what is still waiting is cancelled."""
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is not None:
                job[0].cancel()
        self._jobs.put(None)

    def join(self) -> bool:
        """Wait until the thread has ended, or for some seconds; whether it has."""
        self._thread.join(CLOSING_SECONDS)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            with open_reader(self._path, self._settings) as reader:
                self.opened.set_result(reader)
                while (job := self._jobs.get()) is not None:
                    self._is_busy = True
                    _do(job, reader)
                    self._is_busy = False
        except Exception as error:  # noqa: BLE001 - whoever opens the edition is told
            if not self.opened.done():
                self.opened.set_exception(error)


def _do(job: _Job, reader: Reader) -> None:
    future, work = job
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work(reader))
    except Exception as error:  # noqa: BLE001 - whoever asked is told
        future.set_exception(error)


class Edition:
    """The index in one state. Use `open_edition`.

    Args:
        path: the index folder.
        look_up: the lane for what is read.
        compute: the lane for what takes models.
    """

    def __init__(self, path: Path, look_up: Lane, compute: Lane) -> None:
        self._path, self._look_up, self._compute = path, look_up, compute
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._counts: dict[StoryId, tuple[int, int]] = {}
        self.snapshot = look_up.opened.result().snapshot
        self._reading, self._comparing = look_up.opened.result(), compute.opened.result()

    def load_models(self, like: Edition | None = None) -> Future[None]:
        """Load models before somebody waits for them, or take over those of an earlier edition."""
        if like is not None:
            # A story's id is made of its articles: one that is still here has the same claims.
            self._counts.update(like._counts)

        def load(reader: Reader) -> None:
            if like is not None:
                reader.take_over(like._comparing)
            reader.load_models()

        return self._compute.ask(load)

    async def contents(self, patience: float | None) -> Contents:
        """List what the index holds."""
        path = self._path
        return await self._once(
            self._look_up, "contents", lambda reader: list_contents(reader, _outlets_known(path)), patience
        )

    async def article(self, article_id: str, patience: float | None) -> list[Claim]:
        """Give an article's sentences; none where it is not here."""
        return await self._once(
            self._look_up, ("article", article_id), lambda reader: reader.read_article(article_id), patience
        )

    async def compare(self, story_id: str, patience: float | None) -> Comparison:
        """Compare the outlets of a story; the first time this takes up to some seconds."""
        return await self._once(
            self._compute,
            ("compare", story_id),
            lambda reader: self._counted(self._prepared(reader).compare(story_id)),
            patience,
        )

    async def search(self, text: str, filters: Filters, top: int, patience: float | None) -> list[SearchHit]:
        """Find sentences by meaning."""
        return await self._once(
            self._compute,
            ("search", text, filters, top),
            lambda reader: self._prepared(reader).search(text, top=top, filters=filters),
            patience,
        )

    async def who_reports(self, text: str, patience: float | None) -> list[OutletAnswer]:
        """Say of every outlet what it does with a claim."""
        return await self._once(
            self._compute, ("who", text), lambda reader: self._prepared(reader).who_reports(text), patience
        )

    def counts(self) -> dict[StoryId, tuple[int, int]]:
        """Give the claims of the stories compared so far, and how many of them are told differently."""
        return dict(self._counts)

    def close(self) -> None:
        """Let both lanes end."""
        for lane in (self._look_up, self._compute):
            lane.close()

    def join(self) -> bool:
        """Wait until both have ended, or for some seconds; whether they have."""
        ended = [lane.join() for lane in (self._look_up, self._compute)]
        return all(ended)

    async def count_next(self, most: int) -> bool:
        """Compare one of the latest stories that was not compared yet, if nobody waits; keep the counts.

        Args:
            most: of the latest stories that are looked at.

        Returns:
            Whether any may be left.
        """
        contents = await self.contents(patience=None)
        left = [story.id for story in contents.stories[:most] if story.id not in self._counts]
        if not left:
            return False
        if self._compute.is_idle:
            asked = self._compute.ask(lambda reader: self._counted(self._prepared(reader).compare(left[0])))
            with suppress(XSourceError):  # whoever opens the story is told
                await asyncio.wrap_future(asked)
            self._counts.setdefault(left[0], (0, 0))
        return True

    def _counted(self, comparison: Comparison) -> Comparison:
        differing = {d.group_id for d in comparison.divergences if d.kind != "omission"}
        for story in comparison.stories:
            self._counts[story.id] = len(comparison.groups), len(differing)
        return comparison

    def _prepared(self, reader: Reader) -> Reader:
        # Stories are worked out once for both lanes, if the other came first.
        reader.take_over(self._reading)
        return reader

    async def _once(self, lane: Lane, key: Hashable, work: Callable[[Reader], T], patience: float | None) -> T:
        """Have something done once however many ask for it, and wait for `patience` seconds; `None`: for ever.

        Raises:
            StillWorkingError: it is not done yet; it goes on.
            TooBusyError: too much is waiting in the lane.
        """
        future = self._kept.get(key)
        if future is None or (future.done() and (future.cancelled() or future.exception() is not None)):
            if lane.is_full:
                raise TooBusyError("too many questions are waiting", "try again in a few seconds")
            future = lane.ask(work)
            self._kept[key] = future
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        if future.done() and not future.cancelled():
            return cast("T", future.result())  # wrapped, it would be done only at the loop's next turn
        try:
            # Shielded: a visitor who leaves does not stop what the next one will ask for.
            return cast("T", await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(future)), patience))
        except TimeoutError:
            raise StillWorkingError("this is still being worked out", "it is shown when it is done") from None
        except asyncio.CancelledError:
            if future.cancelled():  # the edition was closed under it
                raise StillWorkingError("the index was renewed meanwhile") from None
            raise


def _outlets_known(path: Path) -> OutletList:
    """Give what the lists say of outlets; the user's own only if it can be read."""
    try:
        return known_outlets(path)
    except InputError as error:
        LOG.warning("%s (%s)", error.message, error.hint)
        return load_outlets([])


def open_edition(path: Path, settings: Settings) -> Edition:
    """Open an index on two threads that see the same state. Blocks for some milliseconds.

    Raises:
        IndexStateError: there is none, or it cannot be opened.
        StorageError: a build wrote between the two openings, again and again.
    """
    for _ in range(OPENINGS):
        # One after the other: the first may have to bring an index of an older version up to date.
        lanes = []
        try:
            for name in ("reading", "comparing"):
                lanes.append(Lane(name, path, settings))
                lanes[-1].opened.result()
        except XSourceError:
            for lane in lanes:
                lane.close()
            raise
        first, second = lanes
        if first.opened.result().snapshot == second.opened.result().snapshot:
            return Edition(path, first, second)
        for lane in lanes:
            lane.close()
    raise StorageError(f"{path}: a build is writing too fast to open the index twice", "try again in a moment")
