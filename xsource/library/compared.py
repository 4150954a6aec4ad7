"""A comparison that a notebook shows, and in which an analyst marks what is right and what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xsource.errors import InputError
from xsource.library.drawings import draw_divergences, draw_stories
from xsource.library.records import Records, Row
from xsource.pipeline import (
    find_divergence,
    mark_divergence,
    read_verdicts,
    with_reviews,
    withdraw_verdict,
    without_wrong,
)
from xsource.records import VERDICTS, Comparison, Divergence, Story
from xsource.report.counting import counted
from xsource.report.frames import as_frame
from xsource.report.html import comparison_html
from xsource.report.notebook import tables_html
from xsource.report.tables import build_tables
from xsource.report.text import CELLS_HEADER, cell_rows

if TYPE_CHECKING:
    from pandas import DataFrame


class Compared:
    """A comparison that a notebook shows: claims down, outlets across.

    Attributes:
        comparison: everything that was found, see `xsource.records.Comparison`.
    """

    def __init__(self, comparison: Comparison, target: str, path: Path | None = None) -> None:
        self.comparison = comparison
        self._target = target
        self._path = path

    @property
    def stories(self) -> Records[Story]:
        """The stories that were compared."""
        return Records(self.comparison.stories, draw_stories(self.comparison.articles))

    @property
    def divergences(self) -> Records[Divergence]:
        """What differs, surest first."""
        return Records(self.comparison.divergences, draw_divergences(self.comparison))

    def without_wrong(self) -> Compared:
        """Leave out the divergences that an analyst marked wrong."""
        return Compared(without_wrong(self.comparison), self._target, self._path)

    def review(self, divergence: str, verdict: str | None, *, note: str = "", by: str = "") -> Divergence:
        """Keep in the index what an analyst says of a divergence; it is shown here from now on too.

        Args:
            divergence: its id or its first letters, as in the column `id`.
            verdict: `confirmed`, `wrong` or `unsure`; `None` takes back what was said.
            note: why.
            by: who says so.

        Raises:
            InputError: there is no such divergence or verdict, or this comparison is of no index.
            StorageError: another process is writing the index.
        """
        if self._path is None:
            raise InputError("this comparison is of no index", "use the one that index.compare() gives")
        wanted = find_divergence(self.comparison, divergence)
        if verdict is None:
            withdraw_verdict(self._path, self.comparison, wanted.id, by=by)
        else:
            known = next((one for one in VERDICTS if one == verdict), None)
            if known is None:
                raise InputError(f'"{verdict}" is no verdict, expected one of {", ".join(VERDICTS)}')
            mark_divergence(self._path, self.comparison, wanted.id, known, note=note, by=by)
        self.comparison = with_reviews(self.comparison, read_verdicts(self._path))
        return find_divergence(self.comparison, wanted.id)

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
