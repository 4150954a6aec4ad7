"""A comparison as a workbook: stories, the matrix of claims, divergences, quotes, and what it was made of.

Outlets' words are written as strings and nothing else: never as a formula, a number or a link. Their cells
carry Excel's quote prefix, so that editing one that begins with `=` does not make it a formula either.

A cell reads right to left where its text does. A whole sheet runs right to left, first column on the right,
where more than half of its texts do: then most of its readers' eyes start there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from xsource.records import Claim, Comparison, Divergence, Outlet, OutletId
from xsource.report.bidi import direction
from xsource.report.marking import mark_sentence
from xsource.report.naming import explain, outlet_name
from xsource.report.sheets import Looks, Sheet
from xsource.report.statuses import MARKS, MEANINGS, STATES, State
from xsource.report.tables import Cell, StoryTable, build_tables, standing_apart
from xsource.report.terminal import reading

# The moment of writing would make two workbooks of one comparison differ; this is what their zip entries say.
_CREATED = datetime(1980, 1, 1, tzinfo=UTC)
_LOOKS: dict[State, dict[str, Any]] = {
    "reports": {"font_color": "#1F6B48"},
    "differs": {"font_color": "#4F2F00", "bg_color": "#FCE3B4", "bold": True},
    "contrary": {"font_color": "#7A1F12", "bg_color": "#F8D5CC", "bold": True},
    "unsure": {"font_color": "#4F2F00"},
    "told": {"font_color": "#3A3833"},
    "silent": {"font_color": "#5B574F"},
    "no coverage": {"font_color": "#5B574F"},
}
_FULL_ENOUGH = 0.5
"""Part of the cells of a matrix that must say something: stories of different outlets would leave it empty."""
_TITLE_WIDTH = 34


def write_workbook(comparison: Comparison, path: Path, target: str = "en") -> None:
    """Write a comparison as an .xlsx file.

    Rows go to disk as they are written, so that memory stays flat however many there are.

    Args:
        comparison: what was found.
        path: the file, overwritten where there is one; `files.replacing` makes that safe.
        target: language code of the translations.

    Raises:
        InputError: there is more than a sheet can hold.
        OSError: the file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    tables = build_tables(comparison, target)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    workbook = xlsxwriter.Workbook(str(path), options)
    workbook.set_properties({"created": _CREATED})
    looks = Looks(workbook)
    _write_stories(looks, tables)
    _write_claims(looks, tables)
    _write_divergences(looks, tables)
    _write_quotes(looks, tables)
    _write_about(looks, comparison)
    try:
        workbook.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _write_stories(looks: Looks, tables: Sequence[StoryTable]) -> None:
    columns = (
        ("story", 7), ("title", 60), ("first article (UTC)", 17), ("last article (UTC)", 17), ("articles", 9),
        ("outlets", 9), ("shared claims", 9), ("told differently", 11), ("by one outlet alone", 11), ("id", 10),
    )  # fmt: skip
    sheet = Sheet.begin(looks, "Stories", columns, 2)
    for number, table in enumerate(tables, 1):
        sheet.next_row()
        sheet.number(0, number)
        sheet.text(1, _title_of(table))
        sheet.moment(2, table.story.first_published)
        sheet.moment(3, table.story.last_published)
        differing = sum(any(d.kind != "omission" for d in row.divergences) for row in table.rows)
        counts = (
            len(table.story.article_ids),
            len(table.outlets),
            len(table.rows),
            differing,
            len(table.unmatched),
        )
        for column, count in enumerate(counts, 4):
            sheet.number(column, count)
        sheet.text(9, table.story.id[:8], "ltr")
    sheet.finish(len(columns), map(_title_of, tables))


def _title_of(table: StoryTable) -> str:
    return table.story.title or table.story.id


def _write_claims(looks: Looks, tables: Sequence[StoryTable]) -> None:
    """Write a row a claim: a column an outlet where most of them would be filled, else one a state."""
    columns = [("story", _TITLE_WIDTH), ("claim", 7), ("what is said", 60), ("outlets", 9), ("independent", 11)]
    columns.append(("kinds", 18))
    outlets = {outlet.id: outlet for table in tables for outlet in table.outlets}
    cells = sum(len(table.rows) * len(table.outlets) for table in tables)
    is_matrix = cells >= _FULL_ENOUGH * len(outlets) * sum(len(table.rows) for table in tables)
    places: dict[OutletId | State, int]
    if is_matrix:
        places = {outlet_id: column for column, outlet_id in enumerate(sorted(outlets), len(columns))}
        columns += [(outlet_name(outlets[outlet_id]), 16) for outlet_id in sorted(outlets)]
    else:
        present = {cell.coverage for table in tables for row in table.rows for cell in row.cells}
        states = [state for state in STATES if state in present]
        places = {state: column for column, state in enumerate(states, len(columns))}
        columns += [(f"{MARKS[state]} {state}", 34) for state in states]
    sheet = Sheet.begin(looks, "Claims", columns, 3)
    headlines = []
    for table in tables:
        for row in table.rows:
            sheet.next_row()
            headlines.append(reading(row.headline))
            sheet.text(0, _title_of(table))
            sheet.number(1, row.number)
            sheet.text(2, headlines[-1])
            sheet.number(3, len(row.group.outlet_ids))
            sheet.number(4, len(row.group.independent_outlet_ids))
            sheet.text(5, ", ".join(dict.fromkeys(d.kind for d in row.divergences)))
            if is_matrix:
                for cell in row.cells:
                    sheet.text(places[cell.outlet.id], _tell_cell(cell), "ltr", **_LOOKS[cell.coverage])
                continue
            for state in dict.fromkeys(cell.coverage for cell in row.cells):
                told = ", ".join(_tell_outlet(cell) for cell in row.cells if cell.coverage == state)
                sheet.text(places[state], told, "ltr", **_LOOKS[state])
    sheet.finish(len(columns), headlines)


def _tell_cell(cell: Cell) -> str:
    return " ".join([MARKS[cell.coverage], ", ".join(cell.words) or cell.coverage])


def _tell_outlet(cell: Cell) -> str:
    words = f" ({', '.join(cell.words)})" if cell.words else ""
    return f"{outlet_name(cell.outlet)}{words}"


def _write_divergences(looks: Looks, tables: Sequence[StoryTable]) -> None:
    columns = (
        ("story", _TITLE_WIDTH), ("claim", 7), ("kind", 12), ("confidence", 11), ("what differs", 50),
        ("outlet", 20), ("stands apart", 9), ("words", 22), ("read as", 18), ("sentence", 60),
        ("translation", 50), ("language", 9), ("from a translation", 11), ("article", 40), ("id", 10),
        ("verdict", 11), ("by", 16), ("note", 40), ("marked (UTC)", 17), ("named since then", 20),
    )  # fmt: skip
    sheet = Sheet.begin(looks, "Divergences", columns, 4)
    sentences = []
    # Of all stories, what outlets say before what they leave out.
    for is_left_out, table in product((False, True), tables):
        outlet_by_id = {outlet.id: outlet for outlet in table.outlets}
        for row in table.rows:
            translations = {claim.sentence.id: claim.translation for claim in row.group.claims}
            for divergence in row.divergences:
                if (divergence.kind == "omission") != is_left_out:
                    continue
                apart = {id(side) for side in standing_apart(divergence)}
                for side in divergence.sides:
                    sheet.next_row()
                    _write_divergence(sheet, _title_of(table), row.number, divergence, outlet_by_id)
                    is_omission = divergence.kind == "omission"
                    translation = translations.get(side.sentence_id)
                    sheet.text(5, outlet_name(outlet_by_id[side.outlet_id]))
                    sheet.text(6, "yes" if id(side) in apart else "no")
                    sheet.text(7, "" if is_omission else side.words, direction(side.language))
                    sheet.text(8, side.value)
                    sheet.text(9, side.sentence, direction(side.language))
                    if translation:
                        sheet.text(10, translation.text, direction(translation.target))
                    sheet.text(11, side.language)
                    sheet.link(13, side.article_url)
                    sentences.append(side.sentence)
                for absence in divergence.absent_from:
                    sheet.next_row()
                    _write_divergence(sheet, _title_of(table), row.number, divergence, outlet_by_id)
                    sheet.text(5, outlet_name(outlet_by_id[absence.outlet_id]))
                    sheet.text(6, "yes")
                    sheet.text(8, "silent")
                    sheet.link(13, absence.article_url)
    sheet.finish(len(columns), sentences)


def _write_divergence(
    sheet: Sheet, story: str, claim: int, divergence: Divergence, outlet_by_id: Mapping[OutletId, Outlet]
) -> None:
    sheet.text(0, story)
    sheet.number(1, claim)
    sheet.text(2, divergence.kind)
    sheet.number(3, divergence.confidence, "0.00")
    sheet.text(4, explain(divergence, outlet_by_id), "ltr")
    sheet.text(12, "yes" if divergence.via_translation else "")
    sheet.text(14, divergence.id[:8])
    review = divergence.review
    if review:
        sheet.text(15, review.verdict)
        sheet.text(16, review.by)
        sheet.text(17, review.note)
        sheet.moment(18, review.at)
        sheet.text(19, ", ".join(outlet_name(outlet_by_id[outlet]) for outlet in review.added))


def _write_quotes(looks: Looks, tables: Sequence[StoryTable]) -> None:
    columns = (
        ("story", _TITLE_WIDTH), ("claim", 7), ("outlet", 20), ("coverage", 12), ("sentence", 60),
        ("translation", 50), ("language", 9), ("published (UTC)", 17), ("translated by", 22),
        ("warnings", 24), ("agency", 10), ("title", 40), ("article", 40),
    )  # fmt: skip
    sheet = Sheet.begin(looks, "Quotes", columns, 3)
    sentences = []
    for table in tables:
        for row in table.rows:
            coverage = {cell.outlet.id: cell.coverage for cell in row.cells}
            for claim in row.group.claims:
                sheet.next_row()
                sheet.text(0, _title_of(table))
                sheet.number(1, row.number)
                told = coverage[claim.outlet.id]
                sheet.text(3, f"{MARKS[told]} {told}", **_LOOKS[told])
                _write_quote(sheet, claim, row.divergences)
                sentences.append(claim.sentence.text)
        for claim in table.unmatched:
            sheet.next_row()
            sheet.text(0, _title_of(table))
            sheet.text(3, "alone")
            _write_quote(sheet, claim, ())
            sentences.append(claim.sentence.text)
    sheet.finish(len(columns), sentences)


def _write_quote(sheet: Sheet, claim: Claim, divergences: Sequence[Divergence]) -> None:
    article, translation = claim.article, claim.translation
    sheet.text(2, outlet_name(claim.outlet))
    sheet.marked(4, mark_sentence(claim, divergences), direction(article.language))
    if translation:
        sheet.text(5, translation.text, direction(translation.target))
        sheet.text(8, translation.engine)
        sheet.text(9, "; ".join(translation.warnings))
    sheet.text(6, article.language)
    sheet.moment(7, article.published_at)
    sheet.text(10, article.agency or "")
    sheet.text(11, article.title)
    sheet.link(12, article.source)


def _write_about(looks: Looks, comparison: Comparison) -> None:
    columns = (("about", 28), ("", 90))
    sheet = Sheet.begin(looks, "About", columns, 0)
    made_up = sum(article.synthetic for article in comparison.articles)
    provenance = comparison.provenance
    lines = [
        *((f"{MARKS[state]} {state}", MEANINGS[state]) for state in STATES),
        ("confidence", "0 to 1, calibrated on development data; read the evidence"),
        ("articles", f"{len(comparison.articles):,}, of which {made_up:,} were written as examples"),
        ("xsource", provenance.xsource_version),
        ("embedder", provenance.embedder),
        ("index generation", str(provenance.index_generation)),
        *((f"setting {key}", str(value)) for key, value in sorted(provenance.settings.items())),
    ]
    for name, meaning in lines:
        sheet.next_row()
        sheet.text(0, name)
        sheet.text(1, meaning)
