"""Records in an order, which a notebook shows as a table and pandas takes as a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from xsource.report.frames import as_frame

if TYPE_CHECKING:
    from pandas import DataFrame

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
