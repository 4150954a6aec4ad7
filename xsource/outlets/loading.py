"""Read outlet and agency lists from TOML into typed records; a complaint names file, block and key."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from xsource.errors import InputError
from xsource.outlets.profiles import OWNERSHIPS, Agency, OutletProfile
from xsource.records import OutletId

BUNDLED_LISTS = ("ru.toml", "he.toml", "ar.toml", "en.toml")
MAX_LIST_BYTES = 4 * 1024 * 1024  # a list of 10,000 outlets is about 3 MB; more is not an outlet list

_TUPLE_FIELDS = frozenset({"aliases", "domains", "feeds", "datelines", "boilerplate"})
# Once documented, and asked by nothing: lists that have it are still read.
_RETIRED_FIELDS = frozenset({"reprints"})
_FIELDS = frozenset(field.name for field in dataclasses.fields(OutletProfile))
_HINT = 'a block is [[outlet]] with at least id = "my-paper" and name = "My Paper"'


@dataclasses.dataclass(frozen=True, slots=True)
class PatternLimits:
    """How many patterns a block may have, how long one may be, and how often a sign may stand in it."""

    patterns: int
    length: int
    signs: tuple[tuple[str, int], ...]


PATTERN_LIMITS = {
    "datelines": PatternLimits(
        50, 120, (("*", 2), ("{place}", 1), ("{PLACE}", 1), ("{date}", 1), ("{agency}", 1))
    ),
    "boilerplate": PatternLimits(500, 200, (("*", 6), ("#", 3))),
}


@cache
def load_bundled() -> tuple[OutletProfile, ...]:
    """Give the outlets that come with the package, the main edition of a house before its translations."""
    folder = resources.files(__package__)
    return tuple(
        profile
        for name in BUNDLED_LISTS
        for profile in parse_outlets(tomllib.loads(folder.joinpath(name).read_text("utf-8")), f"outlets/{name}")
    )


@cache
def load_agencies() -> tuple[Agency, ...]:
    """Give the wire agencies whose credit lines are known."""
    text = resources.files(__package__).joinpath("agencies.toml").read_text("utf-8")
    return tuple(
        Agency(block["id"], block["name_en"], tuple(block["marks"])) for block in tomllib.loads(text)["agency"]
    )


def read_toml(path: Path) -> dict[str, Any]:
    """Read a user's TOML file.

    Raises:
        InputError: it cannot be read, is larger than `MAX_LIST_BYTES`, is not UTF-8 or is not TOML.
    """
    try:
        if path.stat().st_size > MAX_LIST_BYTES:
            raise InputError(f"{path}: larger than {MAX_LIST_BYTES} bytes, expected a list of outlets")
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as exc:
        raise InputError(f"{path}: cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        raise InputError(f"{path}: not UTF-8 at byte {exc.start}", "save the file as UTF-8") from exc
    except (tomllib.TOMLDecodeError, RecursionError) as exc:
        raise InputError(f"{path}: not valid TOML: {exc}", "see https://toml.io for the format") from exc


def parse_outlets(table: Mapping[str, Any], where: str) -> tuple[OutletProfile, ...]:
    """Turn the `[[outlet]]` blocks of a parsed TOML file into profiles, in the order of the file.

    Raises:
        InputError: a block lacks id or name, has an unknown key or a value of the wrong type, says `ownership`
            without a source, or repeats an id.
    """
    blocks = table.get("outlet", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise InputError(f"{where}: outlet is not a list of [[outlet]] blocks", _HINT)
    profiles: dict[OutletId, OutletProfile] = {}
    for number, block in enumerate(blocks, 1):
        profile = _parse_block(block, f"{where}: [[outlet]] block {number}")
        if profile.id in profiles:
            raise InputError(
                f"{where}: [[outlet]] block {number} repeats the id {profile.id!r}", "keep one block"
            )
        profiles[profile.id] = profile
    return tuple(profiles.values())


def _parse_block(block: Mapping[str, Any], where: str) -> OutletProfile:
    if unknown := sorted(set(block) - _FIELDS - _RETIRED_FIELDS):
        raise InputError(
            f"{where} has the unknown key {unknown[0]!r}", f"known keys: {', '.join(sorted(_FIELDS))}"
        )
    for key in ("id", "name"):
        if not block.get(key):
            raise InputError(f"{where} has no {key}", _HINT)
    values: dict[str, Any] = {}
    for key, value in block.items():
        if key in _RETIRED_FIELDS:
            continue
        if key in _TUPLE_FIELDS:
            _check_patterns(key, value, where)
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise InputError(f"{where}: {key} is {value!r}, expected a list of texts")
            values[key] = tuple(value)
        elif not isinstance(value, str):
            raise InputError(f"{where}: {key} is {value!r}, expected a text")
        else:
            values[key] = value.strip()
    outlet_id = values["id"]
    if not is_outlet_id(outlet_id):
        raise InputError(
            f"{where}: id is {outlet_id!r}, expected lower-case letters a-z, digits, dots and hyphens",
            'for instance "my-paper"; the name may be in any script',
        )
    ownership = values.get("ownership")
    if ownership is not None and ownership not in OWNERSHIPS:
        raise InputError(f"{where}: ownership is {ownership!r}, expected one of {', '.join(OWNERSHIPS)}")
    if ownership and not values.get("ownership_source"):
        raise InputError(f"{where}: ownership without ownership_source", "name who says so, as text or address")
    values.setdefault("name_en", values["name"])
    values["domains"] = tuple(domain.lower().strip("/") for domain in values.get("domains", ()))
    return OutletProfile(**values)


def _check_patterns(key: str, value: Any, where: str) -> None:
    """Refuse patterns that would not take linear time: a line of 240 characters is tried on each of them.

    Raises:
        InputError: there are too many, or one is too long or has too many wildcards or one place twice.
    """
    limits = PATTERN_LIMITS.get(key)
    if limits is None or not isinstance(value, list):
        return
    if len(value) > limits.patterns:
        raise InputError(f"{where}: {key} has {len(value)} patterns, expected at most {limits.patterns}")
    for pattern in value:
        if not isinstance(pattern, str):
            continue
        named = f"{where}: {key} pattern {pattern[:40]!r}"
        if len(pattern) > limits.length:
            raise InputError(f"{named} has {len(pattern)} characters, expected at most {limits.length}")
        for sign, most in limits.signs:
            if pattern.count(sign) > most:
                raise InputError(
                    f"{named} has {pattern.count(sign)} times {sign}, expected at most {most}",
                    "describe the line more closely: what stands between is better written out",
                )


def is_outlet_id(text: str) -> bool:
    """Whether a text has the shape of an outlet id: `[a-z0-9._-]`, at most 80 of them."""
    return 0 < len(text) <= 80 and all(
        ch.isascii() and (ch.islower() or ch.isdigit() or ch in ".-_") for ch in text
    )
