"""A comparison as one self-contained page: no network, no inline handler, every outlet's word escaped.

The page carries a Content-Security-Policy that admits its own script and style sheet by their hashes and
nothing else, so that even a text that slipped through the escaping could load or run nothing.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from xsource.records import KIND_MEANINGS, Comparison
from xsource.report.addresses import host_of, web_address
from xsource.report.bidi import direction, plain
from xsource.report.counting import counted
from xsource.report.naming import outlet_name
from xsource.report.page import view_page
from xsource.report.reviews import VERDICT_MARKS, tell_added
from xsource.report.statuses import MEANINGS, SHORT, State
from xsource.report.terminal import reading

LANGUAGE_NAMES: dict[str, str] = {"ru": "Russian", "he": "Hebrew", "ar": "Arabic", "en": "English"}
STATE_CLASSES: dict[State, str] = {
    "reports": "r", "differs": "d", "contrary": "c", "unsure": "u", "told": "t", "silent": "s",
    "no coverage": "n",
}  # fmt: skip

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a letter, from a file that was cut badly: nothing that can be written as UTF-8."""
_RTL_LETTERS = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RTL_RUN = re.compile(rf"[{_RTL_LETTERS}][{_RTL_LETTERS}\s\d.,:%'\"-]*")


def comparison_html(comparison: Comparison, target: str = "en") -> str:
    """Render a comparison as one HTML file.

    The same comparison gives the same bytes: no date of making, no random nonce.

    Args:
        comparison: what was found.
        target: language code of the translations.
    """
    page = view_page(comparison, target)
    style, script = _asset("report.css"), _asset("report.js")
    text = (
        _environment()
        .get_template("report.html.jinja")
        .render(page=page, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script))
    )
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def isolate_runs(text: str) -> Markup:
    """Wrap the right-to-left runs of a sentence of ours in `<bdi>`: numbers beside them keep their place."""
    parts, done = [], 0
    text = plain(text)
    for run in _RTL_RUN.finditer(text):
        words = run.group().rstrip(" \t\n0123456789.,:%'\"-")
        parts += [escape(text[done : run.start()]), Markup("<bdi>{}</bdi>").format(words)]
        done = run.start() + len(words)
    return Markup().join([*parts, escape(text[done:])])


def quoted(text: str) -> Markup:
    """Put somebody's words between quotation marks of ours.

    The marks stand outside the words' isolate: inside it, those around a Hebrew text would change places.
    """
    return Markup('“<bdi class="asked">{}</bdi>”').format(plain(text))


def _moment(moment: datetime | None) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M} UTC" if moment else "no date"


def _machine_moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%MZ}"


def _day_span(first: datetime | None, last: datetime | None) -> str:
    days = list(dict.fromkeys(f"{moment.day} {moment:%b %Y}" for moment in (first, last) if moment))
    return " to ".join(days) or "no date"


def synthetic_note(synthetic: int, articles: int) -> str:
    """Say which articles no outlet has published; empty where all were.

    What they tell may have happened: an example may put a real report into words of its own, and name an outlet
    that there is.
    """
    if not synthetic:
        return ""
    what = "an example: no outlet published it" if synthetic == 1 else "examples: no outlet published them"
    verb = "was" if synthetic == 1 else "were"
    which = f"{synthetic:,} of the {articles:,} articles"
    if synthetic == articles:
        which = "This article" if articles == 1 else f"All {articles:,} articles"
    return f"{which} {verb} written as {what}."


def _words(items: Iterable[object]) -> str:
    return " ".join(str(item) for item in items)


def _showable(value: object) -> object:
    """Clean whatever the template prints, so that no place can forget to; escaping comes after."""
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    return page_environment()


def page_environment(*more: BaseLoader, served: object = None) -> Environment:
    """Give the templates of a page with escaping, filters and words; a served page is drawn from the same.

    Args:
        more: loaders that are asked before the report's own.
        served: what the templates ask for addresses that only a server has; `None` in a file.
    """
    environment = Environment(
        loader=ChoiceLoader([*more, PackageLoader("xsource.report", "templates")]),
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
        "count": counted,
        "tell_added": tell_added,
        "words": _words,
    }
    environment.globals |= {
        "day_span": _day_span,
        "quoted": quoted,
        "language_names": LANGUAGE_NAMES,
        "kind_meanings": KIND_MEANINGS,
        "verdict_marks": VERDICT_MARKS,
        "state_classes": STATE_CLASSES,
        "state_meanings": MEANINGS,
        "state_words": SHORT,
        "synthetic_note": synthetic_note,
        "served": served,
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
