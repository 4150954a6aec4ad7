"""Digits with separators as a value: `1,400`, `1 400`, `1.400`, `١٬٤٠٠`, `2,5`."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

# With separators; longer runs are codes, and Python refuses to read the longest as numbers.
_LONGEST_RUN = 30
_SEPARATOR = re.compile(r"[\u00a0 .,٫٬']")


@lru_cache(maxsize=8192)
def read_digits(run: str, thousands: str) -> tuple[Decimal, ...]:
    """Read a run of digits as `tokenise` gives it.

    Args:
        run: digits with separators between them.
        thousands: the marks that it may put between groups of three.

    Returns:
        The likeliest value first, then other readings that the format allows: `1,400` in Russian is 1.4 by the
        rules and 1,400 by habit, and a figure that agrees under either reading is no divergence. Empty for what
        is no quantity: `1.2.3`, a telephone number that starts with 0, thirty digits.
    """
    if len(run) > _LONGEST_RUN:
        return ()
    separators = _SEPARATOR.findall(run)
    if not separators:
        return () if len(run) > 2 and run[0] == "0" else (Decimal(run),)
    parts = _SEPARATOR.split(run)
    kinds = set(separators)
    grouped = all(len(part) == 3 for part in parts[1:]) and 1 <= len(parts[0]) <= 3 and parts[0][0] != "0"
    whole = Decimal("".join(parts))
    if kinds <= {" ", "\u00a0", "٬", "'"}:
        return (whole,) if grouped else ()
    if len(separators) == 1:
        fraction = Decimal(f"{parts[0]}.{parts[1]}")
        if separators[0] == "٫" or not grouped:
            return (fraction,) if len(parts[0]) == 1 or parts[0][0] != "0" else ()
        groups_first = separators[0] in thousands
        if parts[1] == "000" or (groups_first and separators[0] == ","):
            return (whole,)  # nobody writes a fraction of three noughts
        return (whole, fraction) if groups_first else (fraction, whole)
    if len(kinds) == 1:
        return (whole,) if grouped else ()
    # Groups, then one other mark before the decimals: 1,234,567.5 or 1 400,5.
    if separators.count(separators[-1]) > 1 or separators[-1] in " \u00a0٬'":
        return ()
    if any(len(part) != 3 for part in parts[1:-1]) or not 1 <= len(parts[0]) <= 3:
        return ()
    return (Decimal("".join(parts[:-1]) + "." + parts[-1]),)
