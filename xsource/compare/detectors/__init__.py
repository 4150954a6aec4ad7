"""What may differ: one question a file, asked in this order.

A detector is a plain function `(ClaimGroup) -> Iterator[Divergence]`. Adding one is its file and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from xsource.compare.detectors.actor import detect_actors
from xsource.compare.detectors.attribution import detect_attribution
from xsource.compare.detectors.certainty import detect_certainty
from xsource.compare.detectors.date import detect_dates
from xsource.compare.detectors.number import detect_numbers
from xsource.compare.detectors.omission import detect_omissions
from xsource.compare.detectors.place import detect_places
from xsource.compare.detectors.polarity import polarity_detector
from xsource.compare.detectors.update import detect_updates
from xsource.compare.detectors.wording import detect_wording
from xsource.compare.same_statement import confirm_two
from xsource.protocols import ContradictionScorer, Detector
from xsource.records import Divergence, DivergenceKind

MakeDetector = Callable[[ContradictionScorer | None], Detector]


def _with_two_confirmed(detector: Detector) -> MakeDetector:
    """Wrap a detector of figures or names, which two outlets alone need not have of the same thing."""
    return lambda scorer: confirm_two(detector, scorer)


def _with_slots_confirmed(detector: Callable[..., Iterator[Divergence]]) -> MakeDetector:
    """Let a detector of figures ask a scorer whether two of them count the same thing."""
    return lambda scorer: lambda group: detector(group, scorer)


def _by_words(detector: Detector) -> MakeDetector:
    """Wrap a detector that needs no scorer."""
    return lambda _: detector


DETECTORS: tuple[tuple[DivergenceKind, MakeDetector], ...] = (
    ("number", _with_slots_confirmed(detect_numbers)),
    ("update", _with_slots_confirmed(detect_updates)),
    ("date", _with_slots_confirmed(detect_dates)),
    ("actor", _with_two_confirmed(detect_actors)),
    ("place", _by_words(detect_places)),
    ("polarity", polarity_detector),
    ("attribution", _by_words(detect_attribution)),
    ("certainty", _by_words(detect_certainty)),
    ("wording", _by_words(detect_wording)),
    ("omission", _by_words(detect_omissions)),
)
