"""A comparison as one self-contained page: no network, no inline handler, every outlet's word escaped.

The page carries a Content-Security-Policy that admits its own script and style sheet by their hashes and
nothing else, so that even a text that slipped through the escaping could load or run nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from xsource.records import (
    DIVERGENCE_KINDS,
    LANGUAGES,
    Article,
    ArticleId,
    Claim,
    Comparison,
    Copy,
    Coverage,
    Divergence,
    DivergenceKind,
    Outlet,
    OutletId,
    Provenance,
)
from xsource.report.addresses import host_of, web_address
from xsource.report.agreement import Agreement, Pair, measure_agreement
from xsource.report.bidi import direction, plain
from xsource.report.charts import draw_agreement, draw_timeline, outlet_name
from xsource.report.marking import Segment, mark_sentence
from xsource.report.tables import Row, StoryTable, build_tables, standing_apart
from xsource.report.terminal import reading

LANGUAGE_NAMES: dict[str, str] = {"ru": "Russian", "he": "Hebrew", "ar": "Arabic", "en": "English"}
KIND_MEANINGS: dict[DivergenceKind, str] = {
    "number": "a number or an amount",
    "date": "a day or a time",
    "actor": "who did it or whom it befell",
    "place": "where it happened",
    "polarity": "whether it happened at all",
    "attribution": "who says so",
    "certainty": "how sure it is said to be",
    "wording": "a word that takes sides",
    "omission": "an outlet covers the story without the claim",
    "update": "a figure that a later article changed",
}
COVERAGE_CLASSES: dict[Coverage, str] = {"reports": "r", "differs": "d", "silent": "s", "no coverage": "n"}

_FEW_OUTLETS = 10
"""Up to here a matrix column has room for the words that differ; beyond it shows marks only."""
_WORDS_IN_CELL = 18
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a letter, from a file that was cut badly: nothing that can be written as UTF-8."""
_RTL_LETTERS = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RTL_RUN = re.compile(rf"[{_RTL_LETTERS}][{_RTL_LETTERS}\s\d.,:%'\"-]*")


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One outlet's sentence.

    Attributes:
        coverage: `reports` or `differs`.
        repeats: the outlet whose text this article repeats, with the shared part, or `None`.
    """

    anchor: str
    outlet: Outlet
    number: int
    claim: Claim
    coverage: Coverage
    segments: tuple[Segment, ...]
    repeats: str | None


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell of the matrix. `divergences` are those of the claim, from 0, that set its outlet apart."""

    coverage: Coverage
    target: str
    words: tuple[str, ...]
    divergences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """One row with everything that its block shows."""

    anchor: str
    row: Row
    divergences: tuple[Divergence, ...]
    cells: tuple[CellView, ...]
    quotes: tuple[QuoteView, ...]
    silent: tuple[Outlet, ...]


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One outlet of the matrix. `languages` are those of its articles in the story."""

    outlet: Outlet
    number: int
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story of the page."""

    number: int
    table: StoryTable
    columns: tuple[ColumnView, ...]
    claims: tuple[ClaimView, ...]
    alone: tuple[QuoteView, ...]
    articles: tuple[tuple[Outlet, Article], ...]
    repeats: Mapping[ArticleId, str]
    kinds: tuple[tuple[DivergenceKind, int], ...]
    copies: int
    timeline: Markup | None
    agreement: Markup | None
    furthest: str | None

    @property
    def is_dense(self) -> bool:
        """Whether there are too many outlets for words in the cells."""
        return len(self.columns) > _FEW_OUTLETS

    @property
    def title(self) -> str:
        """The story's title, or its id where no article has a title."""
        return plain(self.table.story.title) or self.table.story.id

    @property
    def has_uncovered(self) -> bool:
        """Whether any cell says that an outlet's coverage cannot be told."""
        return any(cell.coverage == "no coverage" for claim in self.claims for cell in claim.cells)

    @property
    def differing(self) -> int:
        """How many of its claims have a divergence other than an omission."""
        return sum(any(d.kind != "omission" for d in claim.row.divergences) for claim in self.claims)


@dataclass(frozen=True, slots=True)
class PageView:
    """The whole page."""

    title: str
    target: str
    stories: tuple[StoryView, ...]
    outlets: tuple[tuple[int, Outlet], ...]
    numbers: Mapping[OutletId, int]
    languages: tuple[str, ...]
    kinds: tuple[tuple[DivergenceKind, int], ...]
    claims: int
    articles: int
    synthetic: int
    provenance: Provenance


def comparison_html(comparison: Comparison, target: str = "en") -> str:
    """Render a comparison as one HTML file.

    The same comparison gives the same bytes: no date of making, no random nonce.

    Args:
        comparison: what was found.
        target: language code of the translations.
    """
    page = _view_page(comparison, target)
    style, script = _asset("report.css"), _asset("report.js")
    text = (
        _environment()
        .get_template("report.html.jinja")
        .render(page=page, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script))
    )
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _view_page(comparison: Comparison, target: str) -> PageView:
    tables = build_tables(comparison, target)
    numbers = {outlet.id: number for number, outlet in enumerate(comparison.outlets)}
    stories = tuple(_view_story(number, table, comparison, numbers) for number, table in enumerate(tables, 1))
    shown = {outlet.id for story in stories for outlet in story.table.outlets}
    articles = {article.id: article for story in stories for _, article in story.articles}
    kinds = Counter[DivergenceKind]()
    for story in stories:
        kinds.update(dict(story.kinds))
    spoken = {article.language for article in articles.values()}
    return PageView(
        title=stories[0].title if len(stories) == 1 else "Comparison of coverage",
        target=target,
        stories=stories,
        outlets=tuple((numbers[outlet.id], outlet) for outlet in comparison.outlets if outlet.id in shown),
        numbers=numbers,
        languages=tuple(language for language in LANGUAGES if language in spoken),
        kinds=_in_order(kinds),
        claims=sum(len(story.claims) for story in stories),
        articles=len(articles),
        synthetic=sum(article.synthetic for article in articles.values()),
        provenance=comparison.provenance,
    )


def _view_story(
    number: int, table: StoryTable, comparison: Comparison, numbers: Mapping[OutletId, int]
) -> StoryView:
    wanted = set(table.story.article_ids)
    articles = tuple(article for article in comparison.articles if article.id in wanted)
    copies = tuple(copy for copy in comparison.copies if copy.original in wanted and copy.repeat in wanted)
    outlet_by_id = {outlet.id: outlet for outlet in table.outlets}
    name_by_article = {article.id: outlet_name(outlet_by_id[article.outlet_id]) for article in articles}
    repeats = {copy.repeat: _tell_copy(copy, name_by_article) for copy in copies}
    agreement = measure_agreement(table)
    return StoryView(
        number=number,
        table=table,
        columns=tuple(
            ColumnView(
                outlet,
                numbers[outlet.id],
                tuple(sorted({a.language for a in articles if a.outlet_id == outlet.id})),
            )
            for outlet in table.outlets
        ),
        claims=tuple(_view_claim(f"{number}-{row.number}", row, numbers, repeats) for row in table.rows),
        alone=tuple(
            QuoteView(
                "", claim.outlet, numbers[claim.outlet.id], claim, "reports", mark_sentence(claim, ()),
                repeats.get(claim.article.id),
            )
            for claim in table.unmatched
        ),
        articles=tuple((outlet_by_id[article.outlet_id], article) for article in articles),
        repeats=repeats,
        kinds=_in_order(Counter(d.kind for row in table.rows for d in row.divergences)),
        copies=len(copies),
        timeline=draw_timeline(table.outlets, articles, copies, f"t{number}"),
        agreement=draw_agreement(table.outlets, agreement, f"a{number}"),
        furthest=_tell_furthest(table.outlets, agreement),
    )  # fmt: skip


def _view_claim(
    anchor: str, row: Row, numbers: Mapping[OutletId, int], repeats: Mapping[ArticleId, str]
) -> ClaimView:
    coverage = {cell.outlet.id: cell.coverage for cell in row.cells}
    # What outlets say comes before what they leave out.
    divergences = tuple(sorted(row.divergences, key=lambda divergence: divergence.kind == "omission"))
    apart = [{side.outlet_id for side in standing_apart(divergence)} for divergence in divergences]
    first_quote: dict[OutletId, str] = {}
    quotes = []
    for position, claim in enumerate(row.group.claims, 1):
        quote_anchor = f"q{anchor}-{position}"
        first_quote.setdefault(claim.outlet.id, quote_anchor)
        segments = mark_sentence(claim, row.divergences)
        quotes.append(
            QuoteView(
                quote_anchor, claim.outlet, numbers[claim.outlet.id], claim, coverage[claim.outlet.id],
                segments, repeats.get(claim.article.id),
            )
        )  # fmt: skip
    cells = tuple(
        CellView(
            cell.coverage,
            first_quote.get(cell.outlet.id, ""),
            tuple(plain(word) for word in cell.words if len(word) <= _WORDS_IN_CELL),
            tuple(index for index, ids in enumerate(apart) if cell.outlet.id in ids),
        )
        for cell in row.cells
    )
    outlet_by_id = {cell.outlet.id: cell.outlet for cell in row.cells}
    silent = tuple(outlet_by_id[silence.article.outlet_id] for silence in row.group.silent)
    return ClaimView(f"c{anchor}", row, divergences, cells, tuple(quotes), silent)


def _tell_copy(copy: Copy, name_by_article: Mapping[ArticleId, str]) -> str:
    how = "translates" if copy.is_translated else "repeats"
    return f"{how} {name_by_article[copy.original]}: {copy.share:.0%} of the sentences"


def _tell_furthest(outlets: Sequence[Outlet], agreement: Mapping[Pair, Agreement]) -> str | None:
    """Say in words what the heat map shows: which pair is furthest apart."""
    names = {outlet.id: outlet_name(outlet) for outlet in outlets}
    shares = [(pair.share, -pair.shared, ids) for ids, pair in agreement.items() if pair.share is not None]
    if not shares:
        return None
    share, _, (left, right) = min(shares)
    pair = agreement[left, right]
    if share == 1:
        return "No two outlets differ on a claim that both make."
    agreed = f"{pair.agreeing} of {pair.shared} shared claims"
    return f"Furthest apart: {names[left]} and {names[right]}, who agree on {agreed}."


def _in_order(kinds: Counter[DivergenceKind]) -> tuple[tuple[DivergenceKind, int], ...]:
    return tuple((kind, kinds[kind]) for kind in DIVERGENCE_KINDS if kinds[kind])


def isolate_runs(text: str) -> Markup:
    """Wrap the right-to-left runs of a sentence of ours in `<bdi>`: numbers beside them keep their place."""
    parts, done = [], 0
    text = plain(text)
    for run in _RTL_RUN.finditer(text):
        words = run.group().rstrip(" \t\n0123456789.,:%'\"-")
        parts += [escape(text[done : run.start()]), Markup("<bdi>{}</bdi>").format(words)]
        done = run.start() + len(words)
    return Markup().join([*parts, escape(text[done:])])


def _moment(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC" if moment else "no date"


def _machine_moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def _day_span(first: datetime | None, last: datetime | None) -> str:
    days = list(dict.fromkeys(f"{moment.day} {moment:%b %Y}" for moment in (first, last) if moment))
    return " to ".join(days) or "no date"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _words(items: Iterable[object]) -> str:
    return " ".join(str(item) for item in items)


def _showable(value: object) -> object:
    """Clean whatever the template prints, so that no place can forget to; escaping comes after."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("xsource.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_showable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "direction": direction,
        "outlet_name": outlet_name,
        "reading": reading,
        "web_address": web_address,
        "host": host_of,
        "isolate_runs": isolate_runs,
        "machine_moment": _machine_moment,
        "moment": _moment,
        "count": _count,
        "words": _words,
    }
    environment.globals |= {
        "day_span": _day_span,
        "language_names": LANGUAGE_NAMES,
        "kind_meanings": KIND_MEANINGS,
        "coverage_classes": COVERAGE_CLASSES,
    }
    return environment


@cache
def _asset(name: str) -> Markup:
    """Read a file of ours that goes into the page as it is."""
    text = files("xsource.report").joinpath("templates", name).read_text(encoding="utf-8")
    if "</" in text:
        message = f"{name}: holds '</', which would end its element in the page"
        raise ValueError(message)
    return Markup(text)  # noqa: S704 - shipped with the program


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
