"""Articles from plain text: a header block, or `outlets.toml` beside it, says whose it is and when.

    Outlet: tass
    URL: https://tass.ru/politika/1
    Title: Делегация прибыла в Москву
    Date: 2023-10-27T12:00:00Z

    The text follows a blank line.

Without a header the first paragraph is the headline if it looks like one.
"""

from __future__ import annotations

import re
from pathlib import Path

from xsource.errors import InputError, Problem
from xsource.ingest.clean import clean_line
from xsource.ingest.draft import Draft
from xsource.ingest.encodings import decode_bytes
from xsource.ingest.outlet_files import Neighbourhood, make_absolute, tell_renaming
from xsource.outlets.listing import HOW_TO_ADD
from xsource.outlets.profiles import OutletProfile

HEADER_KEYS = frozenset({"outlet", "url", "title", "date", "language", "synthetic"})
MAX_HEADER_LINES = 12
_HEADER_LINE = re.compile(r"([A-Za-z][A-Za-z_-]{0,20})[ \t]*:[ \t]*+(.*)")
_MAX_HEADLINE = 200


def read_text_file(path: Path, content: bytes, around: Neighbourhood) -> Draft | Problem:
    """Read one article from the bytes of a text file, or say what is wrong."""
    try:
        text = decode_bytes(content).replace("\r\n", "\n").replace("\r", "\n")
        header, body = split_header(text)
    except InputError as exc:
        return Problem(str(path), exc.message, exc.hint)
    rule = around.rule_for(path)
    url = header.get("url") or (rule.url if rule else None)
    named = header.get("outlet") or (rule.outlet if rule else None)
    outlet = find_outlet(named, url, around, path)
    if isinstance(outlet, Problem):
        return outlet
    title = header.get("title") or (rule.title if rule else None)
    if title is None:
        title, body = _split_headline(body)
    return Draft(
        outlet_id=outlet.id,
        outlet=outlet,
        source=url or make_absolute(path).as_posix(),
        title=title,
        text=body,
        where=str(path),
        published=header.get("date") or (rule.published_at if rule else None),
        language=header.get("language") or (rule.language if rule else None),
        synthetic=header.get("synthetic", "").lower() in {"true", "yes"},
        notices=tell_outlet(named, outlet, around),
    )


def split_header(text: str) -> tuple[dict[str, str], str]:
    """Split the header block off; no header gives an empty one and the whole text.

    Raises:
        InputError: a block that names outlet or URL has a key that is none of `HEADER_KEYS`.
    """
    block, _, body = text.lstrip("\ufeff\n").partition("\n\n")
    lines = block.split("\n", MAX_HEADER_LINES + 1)
    matches = [_HEADER_LINE.fullmatch(line.strip()) for line in lines[:MAX_HEADER_LINES]]
    keys = {found[1].lower() for found in matches if found}
    if not {"outlet", "url"} & keys or len(lines) > MAX_HEADER_LINES:
        return {}, text
    header: dict[str, str] = {}
    for line, found in zip(lines, matches, strict=True):
        if found is None or found[1].lower() not in HEADER_KEYS:
            raise InputError(
                f'header line "{line[:60]}" is not one of {", ".join(sorted(HEADER_KEYS))}',
                "write one `Key: value` a line, and a blank line before the text",
            )
        if header.setdefault(found[1].lower(), found[2].strip()) != found[2].strip():
            raise InputError(
                f"header line {found[1]} is there twice, with two values", "keep the one that is right"
            )
    return header, body


def find_outlet(
    named: str | None, url: str | None, around: Neighbourhood, path: Path
) -> OutletProfile | Problem:
    """Tell whose file it is: by what names the outlet, else by the address."""
    if named is not None:
        try:
            return around.outlets.find(named)
        except InputError as exc:
            return Problem(str(path), exc.message, exc.hint)
    if url is not None and (outlet := around.outlets.by_address(url)):
        return outlet
    found = f"the address {url} belongs to no known outlet" if url else "nothing says which outlet it is from"
    hint = f'say it in outlets.toml beside it: [[files]] match = "{path.name}", outlet = "tass"; {HOW_TO_ADD}'
    return Problem(str(path), found, hint)


def tell_outlet(named: str | None, outlet: OutletProfile, around: Neighbourhood) -> tuple[str, ...]:
    """Say where `find_outlet` gave another id than was named, or than the user declared for the same name."""
    if named is not None:
        return tuple(tell_renaming(named, outlet))
    twins = [each.id for each in around.outlets.namesakes(outlet)]
    return tuple(
        f"{twin} is declared, but the addresses of its pages are known as {outlet.id} ({outlet.name}): they are"
        f" kept as {outlet.id} until the block of {twin} lists its domains"
        for twin in twins
    )


def _split_headline(body: str) -> tuple[str, str]:
    """Take the first line as the headline when it is short, does not end a sentence, and text follows."""
    first, _, rest = body.strip().partition("\n")
    headline = clean_line(first)
    if rest.strip() and 0 < len(headline) <= _MAX_HEADLINE and not headline.endswith((".", "。", ":")):
        return headline, rest
    return "", body
