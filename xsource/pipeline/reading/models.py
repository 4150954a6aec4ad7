"""What an index is searched and compared with: sentence model, detectors, contradiction model."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from xsource.errors import IndexStateError
from xsource.judge.judging import Judge
from xsource.protocols import ContradictionScorer, Embedder
from xsource.records import ALL_KINDS
from xsource.registry import MakeDetectors, open_detectors, open_embedder, open_judge, open_scorer
from xsource.settings import Settings
from xsource.store import Index


class Models:
    """Models for reading an index, each loaded when it is first asked for.

    Args:
        index: says what it was built with.
        settings: say how it is compared.
    """

    def __init__(self, index: Index, settings: Settings) -> None:
        self._path, self._settings = index.path, settings
        self._embedder_name = index.settings().get("embedder", settings.embedder)
        self.made_by = index.embedder_id

    def take_over(self, other: Models) -> bool:
        """Use what another reader has loaded and this one has not; says whether its models are the same."""
        if self._settings != other._settings or self.made_by != other.made_by:
            return False
        for name in ("embedder", "make_detectors", "scorer", "judge"):
            if name in other.__dict__:
                self.__dict__.setdefault(name, other.__dict__[name])
        return True

    def load(self) -> None:
        """Load all of them, before somebody waits for it."""
        if self.made_by is not None:
            self.embedder.embed(["news"])
            _ = self.make_detectors, self.scorer
            self.judge.read(["news"])

    @property
    def embedder_id(self) -> str:
        """Name whose vectors the index has.

        Raises:
            IndexStateError: it has none.
        """
        if self.made_by is None:
            raise IndexStateError(f"{self._path}: the index is empty", "add articles: xsource build PATH")
        return self.made_by

    @cached_property
    def embedder(self) -> Embedder:
        """The model that made the index's vectors: in another one's terms nothing would be found.

        Raises:
            IndexStateError: what it was built with is another model now.
        """
        name = self._embedder_name
        embedder = open_embedder(replace(self._settings, embedder=name))
        if embedder.id != self.embedder_id:
            raise IndexStateError(
                f"{self._path}: made by {self.embedder_id}, but {name!r} is now {embedder.id}",
                "build again: xsource build PATH --rebuild",
            )
        return embedder

    @cached_property
    def make_detectors(self) -> MakeDetectors:
        """Makes the detectors that the settings name."""
        return open_detectors(self._settings)

    @cached_property
    def make_asked_detectors(self) -> MakeDetectors:
        """Makes what is asked of a claim and one outlet: every kind, unless the settings name some."""
        return open_detectors(replace(self._settings, detectors=self._settings.detectors or ALL_KINDS))

    @cached_property
    def scorer(self) -> ContradictionScorer | None:
        """Judges whether two sentences contradict each other; `None` leaves it to the rules."""
        return open_scorer(self._settings)

    @cached_property
    def judge(self) -> Judge:
        """Says whether two sentences state the same fact.

        Raises:
            ModelError: its file is damaged, of another version, or for another encoder.
        """
        return open_judge(self._settings)
