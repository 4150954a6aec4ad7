"""How outlets are called on a page: by name, where the detectors speak of their ids."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xsource.records import Divergence, Outlet, OutletId
from xsource.report.bidi import plain


def outlet_name(outlet: Outlet) -> str:
    """Give an outlet's name as an English reader knows it."""
    return plain(outlet.name_en or outlet.name or outlet.id)


def explain(divergence: Divergence, outlet_by_id: Mapping[OutletId, Outlet]) -> str:
    """Give a divergence's explanation with names in the place of outlet ids.

    Only whole ids of the outlets that it is about: an ordinary word that is another outlet's id stays a word.
    """
    own = {side.outlet_id for side in divergence.sides} | {gone.outlet_id for gone in divergence.absent_from}
    names: dict[str, str] = {one: outlet_name(outlet_by_id[one]) for one in own if one in outlet_by_id}
    if not names:
        return divergence.explanation
    longest_first = sorted(map(re.escape, names), key=len, reverse=True)
    ids = re.compile(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])")
    return ids.sub(lambda found: names[found.group()], divergence.explanation)
