"""Figures of a claim, one for each number written in it, and when two of them are one and the same.

Compatible is not different: "more than 7,000" and 7,028, 1.4 thousand and 1,400, 5 feet and 1.52 m, a range and
a number inside it. The tolerances are for news: writers round, and say so by "about" or by fewer digits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from xsource.facts.dates import dates
from xsource.facts.quantities import Bound, Quantity, quantities
from xsource.facts.quantities_context import STATES
from xsource.facts.quantities_convert import dimension, to_base
from xsource.facts.quantities_naming import AGE
from xsource.records import Claim

Family = Literal[
    "count", "percent", "money", "measure", "ordinal", "clock", "score", "fraction", "label",
    "year", "day", "decade",
]  # fmt: skip

_LOWER_BOUNDS: frozenset[Bound] = frozenset({"more than", "at least"})
_UPPER_BOUNDS: frozenset[Bound] = frozenset({"less than", "at most"})

# "More than 7,000" is said of 7,028 and hardly of 8,500; "at least 23" of nothing but 23 and 24: one more in
# the last digit that is not 0, and never more than half of the figure.
_FARTHEST = Decimal("0.5")
# "About 30" may be 26, "about 30,500" hardly 28,000: half of the last digit that is not 0, within these shares.
_ABOUT_LEAST, _ABOUT_MOST = Decimal("0.05"), Decimal("0.2")
_NEARLY = Decimal("0.15")
# At sea a mile is a nautical one, whether or not it is called so.
_MILES = frozenset({"mile", "nautical_mile"})
# 1 to 2 inches is printed as 2.5 to 5 cm and as 25 to 50 mm: writers round what they convert.
_CONVERTED = Decimal("0.1")
_ROUNDED_MOST = Decimal("0.1")
# What befell people, as far as one outlet may call it otherwise than another: the wounded are in hospital, the
# missing may be captive, the evacuated rescued.
_FATES: tuple[frozenset[str], ...] = (
    frozenset({"killed"}),
    frozenset({"wounded", "hospitalised", "infected"}),
    frozenset({"missing", "captive", "arrested"}),
    frozenset({"released", "rescued", "displaced"}),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number written in a claim; a range or a score is two.

    Attributes:
        claim: whose it is.
        family: what it says: quantities by their kind, the digits of dates as `year`, `day` and `decade`.
        value: the number; minutes since midnight for a time of day.
        readings: `value` and what else the words can be read as.
        low, high: the range it is a bound of, or `value` twice.
        bound: how exactly it is meant.
        step: what its last printed digit is worth.
        unit: as in `Quantity`.
        counted: as in `Quantity`.
        in_digits: whether it is written in digits.
        place: where it stands in the sentence, 0 to 1.
        start, end: half-open, code points of the claim's sentence: the number's own words.
        quantity_start: where the whole quantity starts, the same for both figures of a range.
        in_pair: whether it is one of two, as in a range or a score.
    """

    claim: Claim
    family: Family
    value: Decimal
    readings: tuple[Decimal, ...]
    low: Decimal
    high: Decimal
    bound: Bound
    step: Decimal
    unit: str | None
    counted: frozenset[str]
    in_digits: bool
    place: float
    start: int
    end: int
    quantity_start: int
    in_pair: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether nothing says what kind of number it is."""
        return self.family in ("count", "label", "ordinal") and self.unit is None

    @property
    def is_name(self) -> bool:
        """Whether something is called by it, in a row or by itself: the third gunman, day 12, Boeing 737."""
        return self.family == "label" or (self.family == "ordinal" and self.unit is None)

    @property
    def state(self) -> frozenset[str]:
        """What befell the people that it counts; a year, an age or a sum of money counts no people."""
        return self.counted & STATES if self.family == "count" else frozenset()


def read_figures(claim: Claim) -> tuple[Figure, ...]:
    """Read the figures of a claim, from left to right."""
    text, language = claim.sentence.text, claim.article.language
    found = [*_from_quantities(claim, quantities(text, language)), *_from_dates(claim)]
    return tuple(sorted(found, key=lambda figure: figure.start))


def _from_quantities(claim: Claim, found: tuple[Quantity, ...]) -> Iterator[Figure]:
    length = max(1, len(claim.sentence.text))
    for quantity in found:
        values = (quantity.value,) if quantity.upper is None else (quantity.value, quantity.upper)
        is_range = quantity.upper is not None and _is_interval(claim.sentence.text, quantity)
        for value, (start, end) in zip(values, quantity.spots, strict=True):
            yield Figure(
                claim=claim,
                family=quantity.kind,
                value=value,
                readings=(value, *quantity.alternatives),
                low=min(values) if is_range else value,
                high=max(values) if is_range else value,
                bound=quantity.bound,
                step=quantity.step,
                unit=quantity.unit,
                counted=quantity.counted,
                in_digits=quantity.in_digits,
                place=start / length,
                start=start,
                end=end,
                quantity_start=quantity.start,
                in_pair=quantity.upper is not None,
            )


def _is_interval(text: str, quantity: Quantity) -> bool:
    """Whether two numbers bound a range. 27-31 with nothing counted may be a score, and contains no 28."""
    if quantity.kind == "score":
        return False
    joint = text[quantity.spots[0][1] : quantity.spots[1][0]].strip()
    return len(joint) > 1 or quantity.unit is not None or bool(quantity.counted)


def _from_dates(claim: Claim) -> Iterator[Figure]:
    """Give the years, days of the month and decades; a month and a weekday are words, and not figures."""
    text = claim.sentence.text
    for mention in dates(text, claim.article.language, claim.article.published_at):
        for part in mention.parts:
            in_digits = any(sign.isdigit() for sign in text[part.start : part.end])
            if part.name in ("month", "weekday") or not (in_digits or part.name == "day"):
                continue
            value = Decimal(part.value)
            yield Figure(
                claim=claim,
                family=part.name,  # type: ignore[arg-type]  # the two other names were passed over
                value=value,
                readings=(value,),
                low=value,
                high=value,
                bound="exact",
                step=Decimal(1),
                unit=None,
                counted=frozenset(),
                in_digits=in_digits,
                place=part.start / max(1, len(text)),
                start=part.start,
                end=part.end,
                quantity_start=mention.start,
            )


def are_equal(a: Figure, b: Figure) -> bool:
    """Whether two figures are the same number, whatever they count, under one of their readings."""
    return any(left == right for left in a.readings for right in b.readings)


def count_others(a: Figure, b: Figure) -> bool:
    """Whether two figures count people whom other things befell: 12 killed and 12 wounded are no one figure."""
    return bool(a.state and b.state) and _fates(a).isdisjoint(_fates(b))


def _fates(figure: Figure) -> frozenset[int]:
    return frozenset(at for at, fate in enumerate(_FATES) if not fate.isdisjoint(figure.state))


def are_compatible(a: Figure, b: Figure) -> bool:
    """Whether two figures may be one and the same: symmetric, and true of a figure and itself."""
    if a.family == "clock" or b.family == "clock":
        return _same_time(a, b)
    if "decade" in (a.family, b.family) and a.family in ("decade", "year") and b.family in ("decade", "year"):
        return a.value == b.value or (a.value % 100 == b.value % 100 and min(a.value, b.value) < 100)
    if "fraction" in (a.family, b.family) and a.family != b.family:
        return _same_share(a, b)
    if a.unit != b.unit and a.unit is not None and b.unit is not None and "percent" not in (a.unit, b.unit):
        if {a.unit, b.unit} <= _MILES and are_equal(a, b):
            return True
        if dimension(a.unit) == dimension(b.unit):
            return _same_measure(a, b)
        return are_equal(a, b)
    return any(_may_be_one(a, left, b, right) for left in a.readings for right in b.readings)


def _same_time(a: Figure, b: Figure) -> bool:
    if a.family != b.family:
        # A time without minutes may have been read as a plain number: at 6.
        clock, other = (a, b) if a.family == "clock" else (b, a)
        return any(reading in (other.value * 60, other.value * 60 + 720) for reading in clock.readings)
    return are_equal(a, b)


def _same_share(a: Figure, b: Figure) -> bool:
    fraction, other = (a, b) if a.family == "fraction" else (b, a)
    times = 100 if other.family == "percent" else 1
    return abs(fraction.value * times - other.value) <= Decimal("0.02") * times


def _same_measure(a: Figure, b: Figure) -> bool:
    assert a.unit is not None
    assert b.unit is not None
    lows = to_base(a.low, a.unit), to_base(b.low, b.unit)
    highs = to_base(a.high, a.unit), to_base(b.high, b.unit)
    if a.low != a.high and b.low != b.high:
        own = to_base(a.value, a.unit), to_base(b.value, b.unit)
        return _is_near(*own)
    return (
        _is_near(*lows) or _is_near(*highs) or lows[0] <= lows[1] <= highs[0] or lows[1] <= lows[0] <= highs[1]
    )


def _is_near(a: Decimal, b: Decimal) -> bool:
    return abs(a - b) <= _CONVERTED * max(abs(a), abs(b))


def _may_be_one(a: Figure, left: Decimal, b: Figure, right: Decimal) -> bool:
    """Whether two values in one unit may be the same figure, from how exactly each is meant."""
    if left == right:
        return True
    if a.in_pair and b.in_pair:
        return False
    a_is_range, b_is_range = a.low != a.high, b.low != b.high
    if a_is_range or b_is_range:
        low, high, value = (a.low, a.high, right) if a_is_range else (b.low, b.high, left)
        return low <= value <= high
    for bounds in (_LOWER_BOUNDS, _UPPER_BOUNDS):
        if a.bound in bounds and b.bound in bounds:
            return _rounds_to(left, right, bounds is _LOWER_BOUNDS) or _rounds_to(
                right, left, bounds is _LOWER_BOUNDS
            )
    return _allows(a, left, right) or _allows(b, right, left)


def _rounds_to(rounded: Decimal, exact: Decimal, is_floor: bool) -> bool:  # noqa: FBT001  # private, one caller
    """Whether "more than 7,000" and "more than 7,028" round one figure: down for a floor, up for a ceiling."""
    step = _last_digit(rounded)
    return rounded <= exact < rounded + step if is_floor else rounded - step < exact <= rounded


def _allows(figure: Figure, value: Decimal, other: Decimal) -> bool:
    """Whether a figure that says `value` in its way may stand for `other`."""
    if figure.bound in _LOWER_BOUNDS:
        return value <= other <= value + min(_last_digit(value), value * _FARTHEST)
    if figure.bound in _UPPER_BOUNDS:
        return value - min(_last_digit(value), value * _FARTHEST) <= other <= value
    if figure.bound == "nearly":
        return value * (1 - _NEARLY) <= other <= value
    if figure.bound == "about":
        reach = min(max(_last_digit(value) / 2, value * _ABOUT_LEAST), value * _ABOUT_MOST)
        return abs(other - value) <= reach
    if figure.step > 1:  # 1.4 thousand
        return abs(other - value) < min(figure.step / 2, value * _ROUNDED_MOST)
    if value >= 10 and value == value.to_integral_value() and other != other.to_integral_value():
        return abs(other - value) <= Decimal("0.5")  # 25 for 25.4
    return False


def _last_digit(value: Decimal) -> Decimal:
    """Give the worth of the last digit that is not 0: 1000 for 7,000, 10 for 150, 0.1 for 2.5."""
    if not value:
        return Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)


def are_of_one_kind(a: Figure, b: Figure) -> bool:
    """Whether two figures are of one kind, as far as the sentences say: an age may come without "years"."""
    if a.family == b.family or (a.is_bare and b.is_bare) or (a.in_pair and b.in_pair):
        return True
    if a.is_bare or b.is_bare:
        bare, other = (a, b) if a.is_bare else (b, a)
        return other.unit == "year" and not bare.counted
    return False


def could_replace(a: Figure, b: Figure) -> bool:
    """Whether two figures that are not compatible may speak of one thing, so that one contradicts the other.

    "A second gunman" and "a third gunman" are two men, and so are Channel 12 and Channel 13 two stations: what
    is called by a number contradicts nobody. An age contradicts an age.
    """
    if a.is_name or b.is_name:
        return False
    if (AGE in a.counted) != (AGE in b.counted) and not (a.unit == b.unit == "year"):
        return False
    is_same_thing = bool(a.counted & b.counted) or (a.unit is not None and a.unit == b.unit)
    for figure in (a, b):
        # "One", "first" and "half" are said in passing; of the same thing they count.
        if not figure.in_digits and (figure.value == 1 or figure.family == "fraction") and not is_same_thing:
            return False
    if a.family == b.family:
        return dimension(a.unit) == dimension(b.unit) if a.family in ("money", "measure") else True
    families = {a.family, b.family}
    if families == {"fraction", "percent"}:
        return True
    if not (a.in_digits and b.in_digits):
        return False
    if families in ({"year", "decade"}, {"score", "clock"}):
        return True
    if "day" in families:
        return False
    if a.is_bare or b.is_bare:
        bare, other = (a, b) if a.is_bare else (b, a)
        if other.unit is not None and bare.counted:
            return False  # people are no tonnes
        return bare.value >= 1000 if other.family == "year" else other.family != "clock"
    return False
