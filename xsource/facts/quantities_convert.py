"""Units as factors to one unit for each dimension, so that 5 feet and 1.52 m can be compared."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any


@cache
def dimension(unit: str | None) -> str:
    """Name what a unit measures: `[length]`, the currency itself, `percent`, or nothing for no unit."""
    if unit is None:
        return ""
    if unit == "percent" or unit.isupper():
        return unit
    return str(_registry().Unit(unit).dimensionality)


@cache
def to_base(value: Decimal, unit: str) -> Decimal:
    """Convert a value to the base unit of its dimension (metre, kilogram, second, kelvin).

    Args:
        value: in `unit`.
        unit: a pint unit name. A currency or `percent` is its own base.
    """
    if unit == "percent" or unit.isupper():
        return value
    quantity = _registry().Quantity(float(value), unit).to_base_units()
    return Decimal(repr(float(quantity.magnitude)))


@cache
def _registry() -> Any:  # pint ships no types
    # Takes about half a second, so only the first comparison of two different units waits for it.
    import pint

    return pint.UnitRegistry(cache_folder=None)
