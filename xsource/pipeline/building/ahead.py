"""Work that goes on while other work waits: one thread, and a queue that is never longer than asked for."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")

_LOOK_AGAIN_SECONDS = 0.2


class _End:
    """Closes the queue, with what went wrong or nothing."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def read_ahead(items: Iterator[T], depth: int) -> Iterator[T]:
    """Give items as they come, while a thread of its own makes the next ones.

    What is made of files is slow Python, what comes after it runs outside of Python's lock: the two share two
    cores well.

    Args:
        items: touched by that thread alone.
        depth: most items that wait; the thread rests when there are so many, so memory stays flat.

    Raises:
        Exception: what `items` raises, in its place.
    """
    waiting: queue.Queue[T | _End] = queue.Queue(maxsize=depth)
    stopped = threading.Event()

    def put(item: T | _End) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=_LOOK_AGAIN_SECONDS)
            except queue.Full:
                continue
            return

    def work() -> None:
        try:
            for item in items:
                put(item)
                if stopped.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised again where the items are used
            put(_End(error))
        else:
            put(_End(None))

    # A daemon, so that Ctrl-C need not wait for the page that is being read.
    thread = threading.Thread(target=work, name="xsource-reader", daemon=True)
    thread.start()
    try:
        while True:
            item = waiting.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        stopped.set()
