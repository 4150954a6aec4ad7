"""What the program knows of an outlet and of a wire agency, as typed records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from xsource.records import Outlet, OutletId

Ownership = Literal["state", "public", "private"]
OWNERSHIPS: tuple[Ownership, ...] = ("state", "public", "private")


@dataclass(frozen=True, slots=True)
class OutletProfile:
    """One block of an outlet list.

    Attributes:
        id: short, lower case, ASCII: `tass`.
        name: as it writes itself, in its own script.
        name_en: in English.
        language: its main language (ISO 639-1), `None` when the list does not say.
        country: ISO 3166-1 alpha-2 of its seat, `None` when the list does not say.
        ownership: `state`: a government owns or runs it; `public`: a broadcaster under a law or charter of its
            own, at arm's length from the government; `private`: everybody else, companies on a stock exchange,
            foundations and co-operatives included; `None` when the list does not say.
        ownership_source: who says so; never empty where `ownership` is given.
        aliases: other names that people use for it, in any script.
        domains: `kommersant.ru`, or with the start of a path where one host carries several outlets:
            `bbc.com/arabic`. A domain covers its subdomains; the most specific entry wins.
        feeds: addresses of its RSS or Atom feeds, or of sitemaps with dates.
        datelines: templates of its own datelines (`xsource.ingest.dateline`), tried before the general ones.
        boilerplate: line patterns of its own page furniture (`xsource.ingest.furniture`).
    """

    id: OutletId
    name: str
    name_en: str
    language: str | None = None
    country: str | None = None
    ownership: Ownership | None = None
    ownership_source: str = ""
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    datelines: tuple[str, ...] = ()
    boilerplate: tuple[str, ...] = ()

    def to_record(self) -> Outlet:
        """Give what the other stages need of it."""
        return Outlet(self.id, self.name, self.language, self.country, self.name_en)


@dataclass(frozen=True, slots=True)
class Agency:
    """A wire agency whose credit lines are recognised.

    Attributes:
        id: the id of its own outlet where there is one (`reuters`).
        name_en: in English.
        marks: how outlets print the credit, in any script: `Reuters`, `רויטרס`, `أ ف ب`. A full stop or space
            in a mark stands for either, or for nothing.
    """

    id: str
    name_en: str
    marks: tuple[str, ...]
