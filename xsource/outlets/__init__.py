"""Who publishes: the outlets and wire agencies that the program knows, as data (`*.toml`), and look-up."""

from xsource.outlets.listing import OutletList, load_outlets
from xsource.outlets.loading import load_agencies
from xsource.outlets.profiles import OWNERSHIPS, Agency, OutletProfile, Ownership

__all__ = [
    "OWNERSHIPS",
    "Agency",
    "OutletList",
    "OutletProfile",
    "Ownership",
    "load_agencies",
    "load_outlets",
]
