"""The present edition, and the change to a newer one while pages are served."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from xsource.errors import XSourceError
from xsource.serve.editions import Edition, open_edition
from xsource.settings import Settings
from xsource.store import Snapshot, open_index

LOG = logging.getLogger("xsource.serve")
WATCH_SECONDS = 1.0
"""How often the index is asked for its state: one row of SQLite, a millisecond."""
RESTING = 5
"""How many times as long as a change took nothing is changed after it."""


class Desk:
    """Hands out the present edition. One asyncio loop uses it; editions have threads of their own.

    Args:
        path: the index folder.
        settings: to read it by.

    Attributes:
        is_idle: false when something was still being computed as the desk was closed.

    Raises:
        IndexStateError: there is no index, or it cannot be opened.
    """

    def __init__(self, path: Path, settings: Settings) -> None:
        self.path, self.settings = path, settings
        self._edition = open_edition(path, settings)
        self._readers: dict[Edition, int] = {}
        self.seen = self._edition.snapshot
        self._complaint = ""
        self.is_idle = True
        self._edition.load_models()

    @contextmanager
    def reading(self) -> Iterator[Edition]:
        """Give the present edition, which stays open for the whole block."""
        edition = self._edition
        self._readers[edition] = self._readers.get(edition, 0) + 1
        try:
            yield edition
        finally:
            self._readers[edition] -= 1
            if not self._readers[edition]:
                del self._readers[edition]
                if edition is not self._edition:
                    edition.close()

    @property
    def generation(self) -> int:
        """Give the generation that pages are made from."""
        return self._edition.snapshot.generation

    def keep_for(self, snapshot: Snapshot) -> None:
        """Go on with the present edition though the index is in a newer state: only a verdict was added."""
        self.seen = snapshot

    async def watch(self) -> None:
        """Look for newer states for ever."""
        pause = WATCH_SECONDS
        while True:
            await asyncio.sleep(pause)
            began = monotonic()
            try:
                await self.renew()
                self._complaint = ""
            except XSourceError as error:
                # A folder that is gone or being restored: what is open goes on, and the log says so once.
                if self._complaint != error.message:
                    self._complaint = error.message
                    LOG.warning("the index cannot be opened again: %s", error.message)
            # A large index that is being built is listed again and again: let that be a small part of the time.
            pause = max(WATCH_SECONDS, RESTING * (monotonic() - began))

    async def count_ahead(self, most: int) -> None:
        """Compare the latest stories while nobody waits, so that the list can say which are contested."""
        while True:
            with self.reading() as edition:
                is_more = await edition.count_next(most)
            await asyncio.sleep(WATCH_SECONDS if is_more else RESTING * WATCH_SECONDS)

    async def renew(self) -> bool:
        """Change to a newer state where there is one, once its contents are listed.

        A rebuilt or restored index is another file, whatever its generation.

        Returns:
            Whether there was one. Until it is ready, pages are made from the one before.
        """
        newest = await asyncio.to_thread(read_snapshot, self.path)
        if newest == self.seen:
            return False
        before = self._edition
        edition = await asyncio.to_thread(open_edition, self.path, self.settings)
        edition.load_models(like=before)
        # An edition that lists its contents at once: nobody waits because somebody else added an article.
        await edition.contents(patience=None)
        self._edition, self.seen = edition, edition.snapshot
        if before not in self._readers:
            before.close()
        return True

    async def close(self) -> None:
        """Let go of the index."""
        self._edition.close()
        self.is_idle = await asyncio.to_thread(self._edition.join)


def read_snapshot(path: Path) -> Snapshot:
    """Ask an index for its state."""
    with open_index(path, mode="read") as index:
        return index.snapshot
