"""Small products of matrices on one core."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any, cast


def one_core() -> AbstractContextManager[object]:
    """Let numpy multiply on the calling thread only; the sentence model keeps its cores.

    The matrices of a story or a question are small: a second core waits for them, spinning, longer than it
    multiplies. 150 stories of an index of 10,000 articles took 78 s either way, but 133 CPU-seconds on two
    cores and 100 on one.
    """
    return cast("AbstractContextManager[object]", _libraries().limit(limits=1, user_api="blas"))


@cache
def _libraries() -> Any:
    import numpy  # noqa: F401 - a library that is not loaded yet would not be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
