"""Small pages that stand alone: a digest of news, a claim over time, a card. No script, no network.

As in the report every outlet's word is escaped, and the Content-Security-Policy admits our own style sheet by
its hash and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from xsource import __version__
from xsource.report.following.terminal import tell_figures
from xsource.report.html import page_environment
from xsource.report.news.words import by_subject, how_many, tell_counts, tell_since

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def leaf_html(template: str, title: str, **content: Any) -> str:
    """Draw a page.

    Args:
        template: its file among ours, an extension of `leaf.html.jinja`.
        title: of the page; may be an outlet's words.
        **content: what the template asks for.
    """
    style = files("xsource.report").joinpath("templates", "leaf.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text = (
        _environment()
        .get_template(template)
        .render(
            title=title,
            version=__version__,
            style=Markup(style),  # noqa: S704 - shipped with the program
            style_hash=f"sha256-{digest}",
            **content,
        )
    )
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def fragment_html(template: str, **content: Any) -> str:
    """Draw a part of a page, for what brings its own page around it: a feed's entry."""
    return _environment().get_template(template).render(**content)


@cache
def _environment() -> Environment:
    environment = page_environment()
    environment.filters |= {
        "by_subject": by_subject,
        "how_many": how_many,
        "since": tell_since,
        "tell_counts": tell_counts,
        "tell_figures": tell_figures,
    }
    return environment
