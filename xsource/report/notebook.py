"""Answers as HTML fragments, as a notebook shows them: escaped, every text with its language and direction.

No script and no style of ours: the notebook's own table style holds, in light and dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from xsource.records import Claim, Divergence, OutletAnswer, SearchHit
from xsource.report.addresses import web_address
from xsource.report.bidi import direction, plain
from xsource.report.counting import counted
from xsource.report.naming import outlet_name
from xsource.report.reviews import tell_review
from xsource.report.statuses import MARKS
from xsource.report.tables import StoryTable
from xsource.report.terminal import reading

MOST_ROWS = 100
"""Rows of one table that are shown; pandas, too, shows the first and counts the rest."""


@dataclass(frozen=True, slots=True)
class Text:
    """Somebody's words in a cell: in a language, at an address."""

    text: str
    language: str = ""
    source: str = ""


def table_html(caption: str, header: Sequence[str], rows: Sequence[Sequence[Text | str]]) -> str:
    """Draw a table; what is beyond `MOST_ROWS` is counted under it."""
    parts = [Markup("<table><caption>{}</caption><thead><tr>").format(plain(caption))]
    parts += [Markup('<th scope="col" dir="auto">{}</th>').format(plain(title)) for title in header]
    parts.append(Markup("</tr></thead><tbody>"))
    for row in rows[:MOST_ROWS]:
        parts += [Markup("<tr>"), *map(_cell, row), Markup("</tr>")]
    parts.append(Markup("</tbody></table>"))
    if len(rows) > MOST_ROWS:
        parts.append(Markup("<p>{} of {:,} rows</p>").format(MOST_ROWS, len(rows)))
    return str(Markup().join(parts)).encode("utf-8", "replace").decode("utf-8")


def _cell(value: Text | str) -> Markup:
    if isinstance(value, str):
        return Markup('<td dir="auto" style="text-align: start">{}</td>').format(plain(value))
    words: str | Markup = plain(value.text)
    address = web_address(value.source)
    if address:
        words = Markup('<a href="{}" rel="noreferrer">{}</a>').format(plain(address), words)
    language = Markup(' lang="{}"').format(value.language) if value.language else ""
    way = direction(value.language) if value.language else "auto"
    return Markup('<td{} dir="{}" style="text-align: start">{}</td>').format(language, way, words)


def _sentence(claim: Claim) -> tuple[Text, Text]:
    translation = claim.translation
    return (
        Text(claim.sentence.text, claim.article.language, claim.article.source),
        Text(translation.text, translation.target) if translation else Text(""),
    )


def hits_html(hits: Sequence[SearchHit]) -> str:
    """Draw search results."""
    rows = [
        (f"{hit.nearness:.3f}", outlet_name(hit.claim.outlet), _day(hit.claim), *_sentence(hit.claim))
        for hit in hits
    ]
    return table_html(f"{len(hits)} found", ("nearness", "outlet", "date", "sentence", "translation"), rows)


def sentences_html(claims: Sequence[Claim]) -> str:
    """Draw an article, a row for each sentence."""
    title = claims[0].article.title if claims else "no sentence"
    rows = [(str(claim.sentence.position), *_sentence(claim)) for claim in claims]
    return table_html(title, ("", "sentence", "translation"), rows)


def answers_html(answers: Sequence[OutletAnswer]) -> str:
    """Draw what every outlet says about an asked claim."""
    rows = []
    for answer in answers:
        said = _sentence(answer.best.claim) if answer.best else (Text(""), Text(""))
        differs = "; ".join(f"{d.kind}: {d.explanation}" for d in answer.differs)
        rows.append((f"{MARKS[answer.status]} {answer.status}", outlet_name(answer.outlet), *said, differs))
    counts = ", ".join(f"{sum(answer.status == status for answer in answers)} {status}" for status in MARKS)
    return table_html(counts, ("status", "outlet", "sentence", "translation", "differs in"), rows)


def divergences_html(divergences: Sequence[Divergence]) -> str:
    """Draw divergences, a row for each side."""
    rows = [
        (
            divergence.id[:8],
            divergence.kind,
            f"{divergence.confidence:.2f}",
            side.outlet_id,
            Text(side.words, side.language),
            Text(side.sentence, side.language, side.article_url),
            tell_review(divergence.review) if divergence.review else "",
        )
        for divergence in divergences
        for side in divergence.sides
    ]
    header = ("id", "kind", "confidence", "outlet", "words", "sentence", "said of it")
    return table_html(counted(len(divergences), "divergence"), header, rows)


def tables_html(tables: Iterable[StoryTable]) -> str:
    """Draw stories: claims down, outlets across, as everywhere."""
    drawn = [
        table_html(
            table.story.title or table.story.id,
            ("", "claim", *map(outlet_name, table.outlets)),
            [
                (
                    str(row.number),
                    _headline(row.headline),
                    *(" ".join((MARKS[cell.coverage], ", ".join(cell.words))).strip() for cell in row.cells),
                )
                for row in table.rows
            ],
        )
        for table in tables
    ]
    return "\n".join(drawn) or "<p>No event in the index is covered by two outlets.</p>"


def _headline(claim: Claim) -> Text:
    language = claim.translation.target if claim.translation else claim.article.language
    return Text(reading(claim), language, claim.article.source)


def _day(claim: Claim) -> str:
    published = claim.article.published_at
    return f"{published:%Y-%m-%d}" if published else ""
