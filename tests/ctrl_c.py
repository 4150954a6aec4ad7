"""Processes that Ctrl-C reaches, wherever the tests were started."""

from __future__ import annotations

import signal


def heed_ctrl_c() -> None:
    """Undo, in a child before it runs, what a shell does to a job in the background: it ignores Ctrl-C.

    For `subprocess.Popen(..., preexec_fn=heed_ctrl_c)`. All children of such a job inherit it.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
