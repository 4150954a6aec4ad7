"""Take the furniture of a news page out of its text: whole lines, and every one of them counted.

What counts as furniture is data: the table `[furniture]` of each language, and `boilerplate` of an outlet. All
languages are tried on every line, since a Hebrew page may well say "Share".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from xsource.languages import language_table
from xsource.records import LANGUAGES

MAX_LINE = 240  # code points; a longer line is prose, whatever it begins with
MAX_LISTED = 12  # headlines under "You may also like"; more than this is the article going on
MAX_HEADLINE = 160
MIN_BODY_BEFORE_END = 200  # code points of article that must stand before "Comments" may end it

_DECORATION = " \t•▪◾■□●○◆◇►▶▸→←⇒»«›‹>+*|·~=-–—:…✓✔★☆"
_CRAWLER_FIELDS = 6
_CRAWLER_DATE = re.compile(
    r"(?:date|datetime|published|published_at|publish_date|timestamp|дата|תאריך|التاريخ)\s?[:=]?\s?"
    r"(?P<day>\d{4}-\d\d(?:-\d\d)?(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?)(?!\d)[ \t.,;|]*",
    re.IGNORECASE,
)
_CRAWLER_FIELD = re.compile(
    r"(?:url|link|source_url|domain|site|author|authors|section|lang|language|source|crawled_at|id)\s?[:=][^\n]{0,300}\n+",
    re.IGNORECASE,
)
_SECTION = re.compile(
    r"(?:WORLD|NEWS|POLITICS|BUSINESS|SPORTS?|MIDDLE EAST|OPINION|TECH|LOCAL|NATION)\s(?=[A-ZА-Я«“\"])"
)
_HASHTAGS = re.compile(r"(?:[#＃][^\s#＃]+[\s,]*)+")
_SENTENCE_ENDS = (".", ".”", '."', ".»", ".)", "!", "!»", "؟", "۔", "…")


@dataclass(frozen=True, slots=True)
class Trimmed:
    """An article without its page furniture.

    Attributes:
        text: what is left, paragraphs separated by one blank line.
        removed: the lines that went, as they stood.
    """

    text: str
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinePatterns:
    """Patterns for whole lines, compiled. `*` stands for anything, `#` for a number; a line is folded first."""

    exact: frozenset[str]
    starts: tuple[str, ...]
    shapes: re.Pattern[str] | None

    @classmethod
    def compile(cls, patterns: Sequence[str]) -> LinePatterns:
        """Sort patterns by what they cost: most are a look-up, few need an expression."""
        exact, starts, shapes = set(), set(), set()
        for pattern in patterns:
            if "*" not in pattern and "#" not in pattern:
                exact.add(fold_line(pattern))
            elif pattern.endswith("*") and not {"*", "#"} & set(pattern[:-1]):
                starts.add(
                    _fold_inside(pattern[:-1]).lstrip()
                )  # with colon and space: "more: *" is not "more than"
            else:
                shapes.add(_to_expression(pattern))
        return cls(frozenset(exact), tuple(starts), re.compile("|".join(sorted(shapes))) if shapes else None)

    def match(self, folded: str) -> bool:
        """Whether a folded line is wholly described by one of the patterns."""
        return (
            folded in self.exact
            or (bool(self.starts) and folded.startswith(self.starts))
            or (self.shapes is not None and self.shapes.fullmatch(folded) is not None)
        )


@dataclass(frozen=True, slots=True)
class FurniturePatterns:
    """The `[furniture]` tables of all languages together."""

    lines: LinePatterns
    lists: LinePatterns
    ends: LinePatterns


@cache
def load_furniture() -> FurniturePatterns:
    """Compile the furniture of all languages; `ValueError` names a table whose keys are not these three."""
    gathered: dict[str, list[str]] = {"lines": [], "lists": [], "ends": []}
    for code in LANGUAGES:
        table = language_table(code, "furniture")
        if set(table) != set(gathered):
            raise ValueError(
                f"languages/{code}.toml [furniture] has {sorted(table)}, expected {sorted(gathered)}"
            )
        for key, patterns in table.items():
            gathered[key].extend(patterns)
    return FurniturePatterns(**{key: LinePatterns.compile(patterns) for key, patterns in gathered.items()})


@lru_cache(maxsize=256)
def _compile_boilerplate(patterns: tuple[str, ...]) -> LinePatterns:
    return LinePatterns.compile(patterns)


def remove_furniture(text: str, boilerplate: tuple[str, ...] = ()) -> Trimmed:
    """Remove the lines of a cleaned text that belong to the page and not to the article.

    Args:
        text: paragraphs separated by blank lines, as `clean_text` gives it.
        boilerplate: line patterns of the outlet.
    """
    furniture, own = load_furniture(), _compile_boilerplate(boilerplate)
    kept: list[str] = []
    removed: list[str] = []
    kept_length = 0
    listed = MAX_LISTED  # headlines removed since the last list began; at the maximum no list is open
    lines = text.split("\n\n") if text else []
    for position, line in enumerate(lines):
        folded = fold_line(line) if len(line) <= MAX_LINE else line
        if len(line) > MAX_LINE:
            kept.append(line)
            listed = MAX_LISTED
        elif kept_length >= MIN_BODY_BEFORE_END and furniture.ends.match(folded):
            removed.extend(lines[position:])
            break
        elif furniture.lists.match(folded):
            removed.append(line)
            listed = 0
            continue
        elif own.match(folded) or furniture.lines.match(folded) or _is_bare(line, folded):
            removed.append(line)
        elif listed < MAX_LISTED and _reads_like_headline(line):
            removed.append(line)
            listed += 1
            continue
        else:
            kept.append(line)
            listed = MAX_LISTED
        if kept and kept[-1] is line:
            kept_length += len(line)
    return Trimmed("\n\n".join(kept), tuple(removed))


@dataclass(frozen=True, slots=True)
class Crawled:
    """A text without the head that a crawler wrote before it, and the day that the head stated."""

    text: str
    day: str | None = None


def cut_crawler_head(text: str) -> Crawled:
    """Cut what a crawler wrote before an article: `date 2025-05-04`, `url: https://...`, each once.

    A field without a colon counts only as a date, and only in figures: the word may begin a sentence.
    """
    day = None
    for _ in range(_CRAWLER_FIELDS):
        found = _CRAWLER_DATE.match(text) or _CRAWLER_FIELD.match(text)
        if found is None or found.end() == len(text):
            break
        day = day or found.groupdict().get("day")
        text = text[found.end() :].lstrip()
    if day and (section := _SECTION.match(text)):
        text = text[section.end() :].lstrip()
    return Crawled(text, day)


def fold_line(line: str) -> str:
    """Fold a line for matching: no accents or vowel points, lower case, no bullets or arrows around it."""
    decomposed = unicodedata.normalize("NFKD", line)
    letters = "".join(
        ch for ch in decomposed if unicodedata.category(ch) not in {"Mn", "So", "Cs"} or ch == "©"
    )
    return " ".join(letters.casefold().strip(_DECORATION + ".").split())


def _to_expression(pattern: str) -> str:
    """Turn a line pattern into an expression that takes linear time, however many stars somebody wrote.

    What stands between two stars is best found where it is found first, so nothing looks for it again: an
    atomic group. A number before a star is one digit, for the star takes the rest.
    """
    head, *parts = (_to_fixed(part) for part in re.split(r"\*+", re.sub(r"#\*", "\ue000*", pattern)))
    if not parts:
        return head
    *middle, last = parts
    return head + "".join(f"(?>.*?{part})" for part in middle) + (f".*{last}" if last else ".*")


def _to_fixed(part: str) -> str:
    pieces = {"#": r"\d[\d.,]{0,20}", "\ue000": r"\d"}  # bounded: three of them on a line of figures
    return "".join(
        pieces.get(piece) or re.escape(_fold_inside(piece)) for piece in re.split("([#\ue000])", part)
    )


def _fold_inside(piece: str) -> str:
    decomposed = unicodedata.normalize("NFKD", piece)
    return "".join(ch for ch in decomposed if unicodedata.category(ch) != "Mn").casefold()


def _is_bare(line: str, folded: str) -> bool:
    """Whether a line says nothing: only hashtags, or only signs such as `* * *`."""
    return not folded or _HASHTAGS.fullmatch(line.strip()) is not None or not any(map(str.isalnum, folded))


def _reads_like_headline(line: str) -> bool:
    return len(line) <= MAX_HEADLINE and not line.rstrip().endswith(_SENTENCE_ENDS)
