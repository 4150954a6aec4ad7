"""Rows for pandas, where it is installed: the one module that imports it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from xsource.errors import MissingExtraError

if TYPE_CHECKING:
    from pandas import DataFrame

_MOMENTS = frozenset({"published_at", "first_published", "last_published", "at"})
"""Columns of moments: ISO 8601 in UTC, `None` or an empty string where nobody says."""


def as_frame(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> DataFrame:
    """Make a frame with these columns, also of no rows; moments become times in UTC.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingExtraError(
            "pandas is not installed", "pip install 'xsource[notebook]', or use to_dicts()"
        ) from error
    frame = pd.DataFrame([[row.get(column) for column in columns] for row in rows], columns=list(columns))
    for column in columns:
        if column in _MOMENTS:
            frame[column] = pd.to_datetime(frame[column].replace("", None), utc=True, format="ISO8601")
    return frame
