"""Draws pages: the report's templates with what only a server has, and the files they ask for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader

from xsource import __version__
from xsource.outlets import OWNERSHIPS
from xsource.records import LANGUAGES, VERDICTS, Sentence
from xsource.report.html import page_environment

OWNER_NAMES = {"state": "a state", "public": "a public broadcaster", "private": "others"}
HTMX = "htmx-2.0.11.min.js"
_HASH_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that pages ask for: in memory, under a name that holds its hash."""

    name: str
    media_type: str
    content: bytes


class Served:
    """What a served page has and a file has not: addresses of this server."""

    version = __version__

    def address_of(self, sentence: Sentence) -> str:
        """Give the address of a sentence in its article."""
        return f"/articles/{sentence.article_id}#s{sentence.position}"

    def asset(self, stem: str) -> str:
        """Give the address of a file of ours."""
        return f"/assets/{assets_by_stem()[stem].name}"


def render(template: str, /, **values: Any) -> str:
    """Draw a page. Text of others is escaped and cleaned of what could reorder the text around it."""
    text = _environment().get_template(template).render(**values)
    # Half of a letter, from a file that was cut badly: nothing that can be written as UTF-8.
    return text.encode("utf-8", "replace").decode("utf-8")


@cache
def _environment() -> Environment:
    environment = page_environment(PackageLoader("xsource.serve", "templates"), served=Served())
    environment.filters["query"] = _query
    environment.globals |= {
        "languages": LANGUAGES,
        "verdicts": VERDICTS,
        "form_token": "",
        "ownerships": OWNERSHIPS,
        "owner_names": OWNER_NAMES,
        "contents": None,
    }
    return environment


def _query(values: dict[str, Any]) -> str:
    """Write a query without what is empty."""
    return urlencode([(name, value) for name, value in values.items() if value], doseq=True)


@cache
def assets_by_stem() -> dict[str, Asset]:
    """Read the style sheets and scripts that pages ask for, under short names."""
    report = files("xsource.report").joinpath("templates")
    own = files("xsource.serve").joinpath("static")
    style = report.joinpath("report.css").read_bytes() + own.joinpath("serve.css").read_bytes()
    return {
        "style": _asset("page", "css", style),
        "script": _asset("report", "js", report.joinpath("report.js").read_bytes()),
        "htmx": _asset("htmx", "js", own.joinpath(HTMX).read_bytes()),
    }


@cache
def assets_by_name() -> dict[str, Asset]:
    """Give the same files by the names in their addresses."""
    return {asset.name: asset for asset in assets_by_stem().values()}


def _asset(stem: str, kind: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]
    media_type = {"css": "text/css", "js": "text/javascript"}[kind]
    return Asset(f"{stem}-{digest}.{kind}", f"{media_type}; charset=utf-8", content)
