"""A sheet written row by row: texts that stay texts, in their own direction, within the format's limits."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from xsource.errors import InputError
from xsource.report.addresses import web_address
from xsource.report.bidi import plain
from xsource.report.marking import Segment

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_MAX_ROWS = 1_048_576
_MAX_COLUMNS = 16_384
_MAX_LETTERS = 32_767
_MAX_LINKS = 65_530
_MAX_LINK_LETTERS = 2_079
"""Limits of the format (Microsoft, "Excel specifications and limits"); XlsxWriter drops what is beyond them."""
_FIRST_YEAR = 1900
_CUT = " … (cut: a cell holds no more)"

_APART = {"bold": True, "font_color": "#8A4B00", "underline": 1}
_COMPARED = {"underline": 1}

Direction = Literal["ltr", "rtl"]


@dataclass
class Looks:
    """Cell formats, each made once: a workbook may hold 64,000."""

    workbook: Workbook
    made: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def of(self, **properties: Any) -> Format:
        """Give the format with these properties, in XlsxWriter's names."""
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.workbook.add_format(properties)
        return self.made[key]

    def text(self, way: Direction = "ltr", **properties: Any) -> Format:
        """Give the format of a text that runs this way."""
        rtl = way == "rtl"
        return self.of(
            text_wrap=True,
            valign="top",
            quote_prefix=True,
            reading_order=2 if rtl else 1,
            align="right" if rtl else "left",
            **properties,
        )


@dataclass
class Sheet:
    """One sheet, written row by row from the top."""

    looks: Looks
    sheet: Worksheet
    row: int = 0
    links: int = 0

    @classmethod
    def begin(cls, looks: Looks, name: str, columns: Sequence[tuple[str, float]], frozen: int) -> Sheet:
        """Make a sheet with a frozen header.

        Args:
            looks: the workbook's formats.
            name: on the sheet's tab.
            columns: title and width in letters.
            frozen: columns that stay when the sheet is scrolled sideways.
        """
        if len(columns) > _MAX_COLUMNS:
            raise InputError(
                f"{name}: {len(columns):,} columns, and a sheet holds {_MAX_COLUMNS:,}", "compare fewer outlets"
            )
        sheet = looks.workbook.add_worksheet(name)
        head = looks.of(
            bold=True, text_wrap=True, valign="bottom", bottom=2, bg_color="#F3F0E9", quote_prefix=True
        )
        for column, (title, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, _showable(title), head)
        sheet.freeze_panes(1, frozen)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return cls(looks, sheet)

    def next_row(self) -> None:
        """Go on to the next row.

        Raises:
            InputError: the sheet is full.
        """
        self.row += 1
        if self.row >= _MAX_ROWS:
            raise InputError(
                f"{self.sheet.get_name()}: more rows than the {_MAX_ROWS:,} that a sheet holds",
                "compare one story, or write --format csv, which has no limit",
            )

    def text(self, column: int, text: str, way: Direction | None = None, **look: Any) -> None:
        """Write a text; `way` is its direction, that of its first letter where nobody says."""
        if not text:
            return
        self.sheet.write_string(
            self.row, column, _showable(text), self.looks.text(way or _way_of(text), **look)
        )

    def number(self, column: int, number: float, num_format: str = "General") -> None:
        """Write a number."""
        self.sheet.write_number(self.row, column, number, self.looks.of(valign="top", num_format=num_format))

    def moment(self, column: int, moment: datetime | None) -> None:
        """Write a moment of UTC as a date that can be sorted; nothing for `None`."""
        if moment is None:
            return
        if moment.year < _FIRST_YEAR:
            self.text(column, f"{moment:%Y-%m-%d %H:%M}")
            return
        look = self.looks.of(valign="top", align="left", num_format="yyyy-mm-dd hh:mm")
        self.sheet.write_datetime(self.row, column, moment.replace(tzinfo=None), look)

    def marked(self, column: int, segments: Sequence[Segment], way: Direction) -> None:
        """Write a sentence with its differing words stressed."""
        parts: list[Any] = []
        letters = 0
        for segment in segments:
            words = _showable(segment.text)
            letters += len(words)
            if segment.stress:
                parts.append(self.looks.of(**(_APART if segment.stress == "apart" else _COMPARED)))
            parts.append(words)
        whole = "".join(part for part in parts if isinstance(part, str))
        if letters > _MAX_LETTERS or len(segments) < 2 or not any(s.stress for s in segments):
            stressed = segments[0].stress == "apart" if len(segments) == 1 else False
            self.text(column, whole, way, **(_APART if stressed else {}))
            return
        self.sheet.write_rich_string(self.row, column, *parts, self.looks.text(way))

    def link(self, column: int, source: str) -> None:
        """Write an article's address, as a link where it is one of the web's."""
        address = web_address(source)
        shown = _showable(source)
        if address is None or address != shown or len(address) > _MAX_LINK_LETTERS or self.links >= _MAX_LINKS:
            self.text(column, source, "ltr")
            return
        self.links += 1
        look = self.looks.text(font_color="#1B4F82", underline=1)
        self.sheet.write_url(self.row, column, address, look, shown)

    def finish(self, columns: int, texts: Iterable[str]) -> None:
        """Put filters on the header, and turn the sheet round where most of its texts run right to left."""
        self.sheet.autofilter(0, 0, max(self.row, 1), columns - 1)
        ways = [_way_of(text) for text in texts]
        if ways.count("rtl") * 2 > len(ways):
            self.sheet.right_to_left()


def _showable(text: str) -> str:
    text = plain(text).encode("utf-8", "replace").decode()
    return text if len(text) <= _MAX_LETTERS else text[: _MAX_LETTERS - len(_CUT)] + _CUT


def _way_of(text: str) -> Direction:
    """Give the direction of the first letter that has one (Unicode Standard Annex 9, rule P2)."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
