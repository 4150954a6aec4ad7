"""The outlets that are known by name, and how one is found: by id, by name in any script, by address."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from xsource.errors import InputError
from xsource.outlets.loading import load_bundled, parse_outlets, read_toml
from xsource.outlets.profiles import OutletProfile
from xsource.records import Outlet, OutletId

HOW_TO_ADD = (
    'for a new outlet add a block to an outlets.toml beside the articles: [[outlet]] id = "my-paper", '
    'name = "My Paper", language = "en", domains = ["my-paper.example"]'
)


class OutletList:
    """An ordered set of outlets; nothing in it changes after it is made.

    Args:
        profiles: where two share an id, a name or a domain, the earlier has it.
    """

    def __init__(self, profiles: Iterable[OutletProfile]) -> None:
        self._profiles: dict[str, OutletProfile] = {}
        for profile in profiles:
            self._profiles.setdefault(profile.id, profile)

    def __len__(self) -> int:
        return len(self._profiles)

    def __iter__(self) -> Iterator[OutletProfile]:
        return iter(self._profiles.values())

    def __contains__(self, outlet_id: object) -> bool:
        return outlet_id in self._profiles

    def extended(self, profiles: Iterable[OutletProfile]) -> OutletList:
        """Give a list that also has these outlets; they win over ours with the same id, name or domain."""
        return OutletList([*profiles, *self])

    def get(self, outlet_id: str) -> OutletProfile | None:
        """Give the outlet with exactly this id, or `None`."""
        return self._profiles.get(outlet_id)

    def record(self, outlet_id: str) -> Outlet:
        """Describe any outlet id; one that no list has is taken as named, its language and country unknown."""
        profile = self.get(outlet_id)
        return profile.to_record() if profile else Outlet(OutletId(outlet_id), outlet_id, name_en=outlet_id)

    def by_name(self, name: str) -> OutletProfile | None:
        """Find an outlet by id, name, English name or alias; case, accents, points and spaces do not matter."""
        return self.get(name.strip()) or self._names.get(normalise_name(name))

    def by_address(self, address: str) -> OutletProfile | None:
        """Find an outlet by the address of a page or a bare domain: subdomains count, the longest entry wins.

        `None` for an address of nobody we know, and for one that cannot be read as an address.
        """
        try:
            parts = urlsplit(address if "//" in address else f"//{address}")
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            return None
        path = [step for step in parts.path.split("/") if step]
        labels = host.split(".")
        for first in range(len(labels) - 1):
            domain = ".".join(labels[first:])
            if path and (profile := self._domains.get(f"{domain}/{path[0].lower()}")):
                return profile
            if profile := self._domains.get(domain):
                return profile
        return None

    def find(self, query: str) -> OutletProfile:
        """Find an outlet that a person named by id, name in any script, domain or address.

        Raises:
            InputError: there is none; the hint gives the closest and says how to add one.
        """
        if profile := self.by_name(query) or self.by_address(query.strip()):
            return profile
        close = self.closest(query)
        named = ", ".join(f"{profile.id} ({profile.name})" for profile in close)
        hint = f"did you mean {named}? {HOW_TO_ADD}" if close else HOW_TO_ADD
        raise InputError(f"unknown outlet {query[:80]!r}, expected one of the {len(self)} known", hint)

    def namesakes(self, profile: OutletProfile) -> list[OutletProfile]:
        """Give the other outlets whose id is the same but for hyphens and dots: one house under two ids."""
        same = self._by_folded_id.get(normalise_name(profile.id), ())
        return [each for each in same if each.id != profile.id]

    def closest(self, query: str, count: int = 3) -> list[OutletProfile]:
        """Give the outlets whose names look most like a text, best first; none when nothing is near.

        70 of 100 keeps one or two slips in a short name and refuses another paper's name.
        """
        from rapidfuzz import fuzz, process

        found: dict[str, OutletProfile] = {}
        for _, _, name in process.extract(
            normalise_name(query[:200]),
            {name: name for name in self._names},
            scorer=fuzz.ratio,
            score_cutoff=70,
            limit=20,
        ):
            profile = self._names[name]
            found.setdefault(profile.id, profile)
        return list(found.values())[:count]

    @cached_property
    def _names(self) -> dict[str, OutletProfile]:
        """Map normalised names to outlets: every id first, then names, then aliases; earlier blocks win."""
        names: dict[str, OutletProfile] = {}
        for pick in (
            lambda profile: (profile.id,),
            lambda profile: (profile.name, profile.name_en),
            lambda profile: profile.aliases,
        ):
            for profile in self:
                for name in pick(profile):
                    names.setdefault(normalise_name(name), profile)
        names.pop("", None)
        return names

    @cached_property
    def _by_folded_id(self) -> dict[str, list[OutletProfile]]:
        folded: dict[str, list[OutletProfile]] = {}
        for profile in self:
            folded.setdefault(normalise_name(profile.id), []).append(profile)
        return folded

    @cached_property
    def _domains(self) -> dict[str, OutletProfile]:
        domains: dict[str, OutletProfile] = {}
        for profile in self:
            for domain in profile.domains:
                domains.setdefault(domain, profile)
        return domains


def load_outlets(extra: Sequence[Path] = ()) -> OutletList:
    """Load the outlets that come with the package and those of a user's own files.

    Args:
        extra: files in the form of `outlets.toml`; a later file's block replaces an earlier one of the same id.

    Raises:
        InputError: a file cannot be read or a block in it is wrong; the message names file, block and key.
    """
    outlets = OutletList(load_bundled())
    for path in extra:
        outlets = outlets.extended(parse_outlets(read_toml(path), str(path)))
    return outlets


def normalise_name(name: str) -> str:
    """Fold a name so that its spellings meet: case, accents and points, spaces, punctuation, "the"."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(ch for ch in decomposed if ch.isalnum() or ch.isspace())
    words = letters.split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return "".join(words).replace("ى", "ي")
