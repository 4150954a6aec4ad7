"""What the program tells while it works: sentences for people, or events for machines, one JSON object a line.

`--log text` (the default) writes sentences, `--log json` the same as events, `--log off` only the error that
ends a command; always on stderr, for stdout is the answer's. Library code logs with
`logging.getLogger(__name__)`; nothing is set up before a command runs, nor where the package is imported.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TextIO

from xsource.report.bidi import plain


class LogForm(StrEnum):
    """How the program tells what it does."""

    text = "text"
    json = "json"
    off = "off"


_EVENTS = logging.getLogger("xsource.cli")
_form = LogForm.text


class _Stderr(logging.StreamHandler[TextIO]):
    """Writes to what `sys.stderr` is at that moment, as Python's own handler of last resort does."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


class _JsonLines(logging.Formatter):
    """One JSON object a record; every letter beyond ASCII is escaped, so no article can reorder a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "fields", None) or {
            "logger": record.name,
            "message": record.getMessage(),
        }
        row = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "log"),
            **fields,
        }
        if record.exc_info:
            row["traceback"] = self.formatException(record.exc_info)
        return json.dumps(row, default=str)


class _Sentences(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return plain(super().format(record))


def start_logging(form: LogForm, *, verbose: bool) -> None:
    """Choose how the program tells what it does; the last choice counts.

    Args:
        form: see `LogForm`.
        verbose: also what libraries note in passing: every request of `fetch`, for instance.
    """
    global _form  # noqa: PLW0603 - one program, one terminal
    _form = form
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _Stderr)]:
        root.removeHandler(handler)
    handler = _Stderr()
    if form is LogForm.json:
        handler.setFormatter(_JsonLines())
    else:
        handler.setFormatter(_Sentences("%(levelname)s %(name)s: %(message)s"))
        handler.addFilter(lambda record: not hasattr(record, "event"))
    if form is LogForm.off:
        handler.setLevel(logging.CRITICAL + 1)
    root.addHandler(handler)
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    logging.getLogger("xsource").setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.captureWarnings(form is not LogForm.text)


def log_form() -> LogForm:
    """Say what was chosen."""
    return _form


def log_event(event: str, level: int = logging.INFO, **fields: object) -> None:
    """Tell machines what happened; people are told by `output.tell`."""
    _EVENTS.log(level, event, extra={"event": event, "fields": fields})


def log_fault() -> None:
    """Tell machines of an exception that nobody foresaw, with its traceback."""
    _EVENTS.critical(
        "fault", exc_info=True, extra={"event": "fault", "fields": {"message": "a fault in xsource"}}
    )
