"""Read the line that opens an agency report, and take it out of the text.

`МОСКВА, 27 октября. /ТАСС/.` · `JERUSALEM (Reuters) -` · `غزة (رويترز) -` · `ירושלים (רויטרס) -` · `MOSCOW:`

A dateline is described by a template. `{place}` is a place as this script writes names, `{PLACE}` one in
capitals, `{date}` a day with its month in any of the languages or in figures, `{agency}` one or two credited
agencies. A dash stands for any dash, commas, full stops and spaces may be missing, `*` is up to 40
characters. Outlets bring templates of their own; those below serve everybody. Credits on a line of their own,
or in brackets behind the last sentence, are read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from xsource.ingest.dates import complete_year
from xsource.ingest.places import is_place_in_capitals
from xsource.languages import language_table
from xsource.outlets import load_agencies
from xsource.records import LANGUAGES

GENERAL_TEMPLATES = (
    "{place}, {date}. /{agency}/.",
    "{place}, {date} ({agency}) —",
    "{place}, {date}. {agency} —",
    "{place}, {date} — {agency}.",
    "{place}, {date} — {agency} —",
    "{place} ({agency}) —",
    "{place} — ({agency}) —",
    "{place} — {agency} —",
    "{place} — ({agency}):",
    "{place} — ({agency})",
    "{place} ({agency}):",
    "{date} ({agency}) —",
    "({agency}) —",
    "/{agency}/ —",
    "/{agency}/.",
    "({agency}):",
    "{PLACE}, {date} —",
    "{PLACE}, {date}:",
    "{PLACE}, {date}.",
    "{PLACE}:",
    "{PLACE} —",
)
HEAD = 200  # code points in which a dateline must end
MAX_CREDIT = 80
_SUBTITLES = 2
_MAX_SUBTITLE = 240

# A hyphen stands for a dash only with a space beside it: `وفا- قالت`, but not `SARS-CoV`.
_DASH = "(?: [-–—―־] ?|[–—―־] ?|- )"
_PLACE = r"[^\W\d_][^\d()\[\]:;!?«»\"“”\n]{0,58}?"
_TOKEN = re.compile(r"\{place\}|\{PLACE\}|\{date\}|\{agency\}|.", re.DOTALL)
_NUMERIC_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})")
_YEAR_IN_ADDRESS = re.compile(r"[/_-]((?:19|20)\d\d)(?:[/_-]|(?:0[1-9]|1[0-2])(?:[0-3]\d)?(?!\d))")
_WORD = re.compile(r"[^\s/,.'’–—-]+")


@dataclass(frozen=True, slots=True)
class Dateline:
    """What the opening and closing lines said, and the text without them.

    Attributes:
        agency: id of the first agency credited, or `None`.
        day: the date in the dateline with its year completed, or `None`.
        removed: the pieces taken out.
    """

    text: str
    agency: str | None = None
    day: date | None = None
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The words of datelines in all languages, compiled together."""

    months: dict[str, int]
    labels: frozenset[str]
    agencies: dict[str, str]
    date: str
    agency: str
    mention: re.Pattern[str]
    named_date: re.Pattern[str]
    credit_line: re.Pattern[str]
    credit_end: re.Pattern[str]


def read_dateline(
    text: str, templates: tuple[str, ...], address: str, now: datetime, house: tuple[str, ...] = ()
) -> Dateline:
    """Read dateline and credits of a cleaned text and cut them off.

    Args:
        templates: the outlet's own, tried before the general ones.
        house: the outlet's own names, which it may print where an agency is credited; they set no agency.
        address: of the article; a year in it dates a dateline without one.
        now: otherwise the year is the latest that does not put the dateline in the future.

    Returns:
        The text unchanged when there is nothing, or nothing but a dateline.
    """
    agency, day, removed = None, None, []
    rest = text
    if found := _find_opening(text, templates, house):
        above, opening = found
        rest = above + text[len(above) + opening.end() :].lstrip()
        removed.append(opening.group().strip())
        groups = opening.groupdict()
        agency = _agency_id(groups.get("agency"))
        day = _read_day(groups.get("date"), address, now)
    rest, credits_removed, credited = _cut_credits(rest)
    removed.extend(credits_removed)
    if not rest:
        return Dateline(text)
    return Dateline(rest, agency or credited, day, tuple(removed))


def _find_opening(
    text: str, templates: tuple[str, ...], house: tuple[str, ...]
) -> tuple[str, re.Match[str]] | None:
    """Find the dateline at the beginning of a text, or below a subtitle; give what stands above it as well.

    Below a subtitle it must name an agency or a day: a paragraph may begin with any name and a dash.
    """
    start = 0
    for _ in range(_SUBTITLES + 1):
        opening = _match_opening(text[start : start + HEAD * 4], templates, house)
        if opening and (start == 0 or opening.groupdict().get("agency") or opening.groupdict().get("date")):
            return text[:start], opening
        end = text.find("\n\n", start)
        if end < 0 or end - start > _MAX_SUBTITLE:
            return None
        start = end + 2
    return None


def _match_opening(text: str, templates: tuple[str, ...], house: tuple[str, ...]) -> re.Match[str] | None:
    head = text[:HEAD].split("\n", 1)[0]
    own = tuple(name for name in house if name and name in head)
    names_agency = _load_grammar().mention.search(head) is not None
    candidates: list[tuple[str, tuple[str, ...]]] = [
        (template, ())
        for template in (*templates, *GENERAL_TEMPLATES)
        if names_agency or "{agency}" not in template  # most texts name none: the look saves half the time
    ]
    if own:
        candidates[:0] = [(template, own) for template in GENERAL_TEMPLATES if "{agency}" in template]
    for template, names in candidates:
        found = _compile_template(template, names).match(head)
        if found and _is_plausible(found.groupdict(), text[found.end() :].lstrip()):
            return found
    return None


def _cut_credits(text: str) -> tuple[str, list[str], str | None]:
    """Cut credits that stand on a line of their own at either end, or in brackets behind the last sentence."""
    grammar = _load_grammar()
    paragraphs = text.split("\n\n")
    removed: list[str] = []
    agency: str | None = None
    for position in (-1, -1, 0):  # a source line may stand under a credit line
        if len(paragraphs) < 2 or len(paragraphs[position]) > MAX_CREDIT:
            continue
        if found := grammar.credit_line.fullmatch(paragraphs[position]):
            removed.append(paragraphs.pop(position))
            agency = agency or _agency_id(found["agency"])
    tail = paragraphs[-1][-MAX_CREDIT:]
    if (found := grammar.credit_end.search(tail)) and len(paragraphs[-1]) > len(found.group()):
        removed.append(found.group().strip())
        paragraphs[-1] = paragraphs[-1][: -len(found.group())].rstrip()
        agency = agency or _agency_id(found["agency"])
    return "\n\n".join(paragraphs), removed, agency


@lru_cache(maxsize=4096)
def _compile_template(template: str, house: tuple[str, ...] = ()) -> re.Pattern[str]:
    """Turn a template into an expression for the head of a text; every repeat in it is bounded."""
    grammar = _load_grammar()
    agency = "|".join(map(re.escape, house)) if house else grammar.agency
    pieces = {
        "{place}": f"(?P<place>{_PLACE})",
        "{PLACE}": f"(?P<capitals>{_PLACE})",
        "{date}": f"(?P<date>{grammar.date})",
        "{agency}": f"[«\"“]?(?P<agency>{agency})[»\"”]?",
        "—": _DASH,
        "-": _DASH,
        " ": " ?",
        ",": " ?[,،.]?",
        ".": r"\.?",
        ":": " ?:",
        "*": r"[^\n]{0,40}?",
    }  # fmt: skip
    body = "".join(pieces.get(token, re.escape(token)) for token in _TOKEN.findall(template))
    return re.compile(body + r"(?=\s|$|(?<=\W)\w|[«\"“(])[ .]?")


def _is_plausible(groups: dict[str, str | None], rest: str) -> bool:
    if (place := groups.get("place")) is not None and not _is_place(place):
        return False
    if (capitals := groups.get("capitals")) is not None:
        letters = sum(map(str.isalpha, capitals))
        return (
            all(ch.isupper() for ch in capitals if ch.isalpha())
            and letters >= 4
            and len(capitals.split()) <= 4
            and capitals.strip() not in _load_grammar().labels
            and "/" not in capitals  # HIV/AIDS: two cities are joined so only where an agency is credited
            and (groups.get("date") is not None or is_place_in_capitals(capitals, rest))
        )
    return True


def _is_place(text: str) -> bool:
    """Whether words could be a place: few, and capitalised where the script has capitals (not `of`, `на`)."""
    words = _WORD.findall(text)
    if not 0 < len(words) <= 6:
        return False
    cased = [word for word in words if word[0].isupper() or word[0].islower()]
    if not cased:
        return len(words) <= 4
    return words[0][0].isupper() and all(word[0].isupper() for word in cased if len(word) > 3)


def _agency_id(printed: str | None) -> str | None:
    if printed is None:
        return None
    grammar = _load_grammar()
    first = re.match(f"(?:{_marks_expression()})", printed)
    return grammar.agencies[_fold_mark(first.group())] if first else None


def _fold_mark(mark: str) -> str:
    return "".join(ch for ch in mark if ch.isalnum()).casefold()


def _read_day(printed: str | None, address: str, now: datetime) -> date | None:
    if printed is None:
        return None
    in_address = _YEAR_IN_ADDRESS.search(address)
    year = int(in_address[1]) if in_address else None
    if found := _NUMERIC_DATE.fullmatch(printed):
        day, month = int(found[1]), int(found[3])
        if found[2] == "/" and month <= 12 and day <= 12 and day != month:
            return None  # 3/4/2023 is April in one country and March in another
        if month > 12:
            day, month = month, day
        return complete_year(day, month, int(found[4]) + (2000 if len(found[4]) == 2 else 0), now)
    named = _load_grammar().named_date.search(printed)
    if named is None:
        return None
    month = _load_grammar().months[named["month"].casefold()]
    numbers = [int(number) for number in re.findall(r"\d+", printed)]
    stated = [number for number in numbers if number > 31]
    return complete_year(numbers[0], month, stated[0] if stated else year, now)


@cache
def _marks_expression() -> str:
    """An expression for one agency's mark, longest first so that `א.פ.פ` is not read as `א.פ`."""
    marks = {form for agency in load_agencies() for mark in agency.marks for form in (mark, mark.upper())}
    return "|".join(
        "[ .]{0,2}".join(re.escape(part) for part in re.split("[ .]", mark)) + r"(?!\w)\.?"
        for mark in sorted(marks, key=lambda mark: (-len(mark), mark))
    )


@cache
def _load_grammar() -> _Grammar:
    months: dict[str, int] = {}
    labels: set[str] = set()
    sources: list[str] = []
    for code in LANGUAGES:
        table = language_table(code, "dateline")
        if set(table) != {"months", "labels", "source"} or len(table["months"]) != 12:
            raise ValueError(f"languages/{code}.toml [dateline]: expected twelve months, labels and source")
        months.update(_number_months(table["months"]))
        labels.update(table["labels"])
        sources.extend(table["source"])
    name = "|".join(re.escape(month) for month in sorted(months, key=len, reverse=True))
    written = f"(?i:{name})(?!\\w)\\.?"
    spoken = f"\\d{{1,2}} {written}(?: ?[/(] ?{written}\\)?| {written})?(?:,? \\d{{4}})?(?: г\\.| года)?"
    american = f"{written} \\d{{1,2}}(?!\\d)(?:, \\d{{4}}| \\d{{4}})?"
    marks = _marks_expression()
    several = f"(?:{marks})(?: ?[/,+&] ?(?:{marks})){{0,2}}"
    source = "|".join(re.escape(word) for word in sources)
    return _Grammar(
        months=months,
        labels=frozenset(labels),
        agencies={_fold_mark(mark): agency.id for agency in load_agencies() for mark in agency.marks},
        date=f"(?:{spoken}|{american}|\\d{{1,2}}[./-]\\d{{1,2}}[./-]\\d{{2,4}})",
        agency=several,
        mention=re.compile(f"(?<!\\w)(?:{marks})"),
        named_date=re.compile(f"(?P<month>(?i:{name}))(?!\\w)"),
        credit_line=re.compile(f'(?:(?i:{source}) ?:? ?)?[(/\\[«"]?(?P<agency>{several})[)/\\]»"]?\\.?'),
        credit_end=re.compile(f'(?<=[\\s.!?»”"])[(/](?P<agency>{several})[)/]\\.?$'),
    )


def _number_months(spellings: list[list[str]]) -> Iterator[tuple[str, int]]:
    for number, names in enumerate(spellings, 1):
        for name in names:
            yield name.casefold(), number
