"""An NLI cross-encoder of the user's choice, which may confirm or lower a polarity divergence.

Off unless the setting `second_opinion` names a model: a local folder, or a hub name where `allow_hub` is set.
It never adds a divergence; it is asked about those that were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from xsource.errors import ModelError
from xsource.model_folders import refuse_pickles
from xsource.protocols import Detector
from xsource.records import ClaimGroup, Divergence, FloatMatrix

CONTRADICTION = "contradiction"

Judge = Callable[[Sequence[tuple[str, str]]], FloatMatrix]


class SecondOpinion:
    """Asks a cross-encoder whether two sentences contradict; both orders are asked and averaged.

    Args:
        model: a folder with a sentence-transformers CrossEncoder, or a hub name.
        allow_hub: let a model that is not a folder be fetched by name.
        device: `cpu` or `cuda`.

    Raises:
        ModelError: the folder is absent, the model cannot be loaded, or none of its labels is a contradiction.
    """

    def __init__(self, model: str, *, allow_hub: bool = False, device: str = "cpu") -> None:
        if not allow_hub and not Path(model).is_dir():
            raise ModelError(
                f'second_opinion is "{model}", expected a folder with a cross-encoder',
                "name a folder, or set allow_hub = true to fetch the model by its name",
            )
        if Path(model).is_dir():
            refuse_pickles(Path(model))
        from safetensors import SafetensorError
        from sentence_transformers import CrossEncoder

        try:
            self._encoder = CrossEncoder(
                model,
                device=device,
                local_files_only=not allow_hub,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as exc:
            raise ModelError(f'second_opinion "{model}" cannot be loaded: {exc}') from exc
        self._model = model
        self._column = _contradiction_column(model, self._encoder)

    @property
    def id(self) -> str:
        """Name of the model."""
        return f"cross-encoder/{self._model}"

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Give for each pair the probability 0..1 of a contradiction; see `ContradictionScorer`."""
        if not pairs:
            return np.empty(0, np.float32)
        both_ways = [*pairs, *((b, a) for a, b in pairs)]
        logits = np.asarray(
            self._encoder.predict(
                both_ways, apply_softmax=False, convert_to_numpy=True, show_progress_bar=False
            ),
            np.float32,
        )
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        contradiction = (raised / raised.sum(axis=1, keepdims=True))[:, self._column]
        return np.asarray((contradiction[: len(pairs)] + contradiction[len(pairs) :]) / 2, np.float32)


def _contradiction_column(model: str, encoder: Any) -> int:
    labels: dict[int, str] = encoder.config.id2label
    for column, label in labels.items():
        if str(label).lower() == CONTRADICTION:
            return int(column)
    raise ModelError(
        f'second_opinion "{model}" has the labels {", ".join(map(str, labels.values()))}, '
        f"expected one called {CONTRADICTION}",
        "use a cross-encoder trained for natural language inference",
    )


def with_second_opinion(detect: Detector, opinion: SecondOpinion) -> Detector:
    """Let the cross-encoder have its say on what a polarity detector finds.

    The confidence becomes the mean of the detector's log odds and the cross-encoder's, the latter averaged over
    the pairs of sides that are said to differ.
    """

    def detect_with_opinion(group: ClaimGroup) -> Iterator[Divergence]:
        for divergence in detect(group):
            yield replace(divergence, confidence=_joint_confidence(divergence, opinion))

    return detect_with_opinion


def _joint_confidence(divergence: Divergence, opinion: SecondOpinion) -> float:
    values = {side.value for side in divergence.sides[:1]}
    apart = [side.sentence for side in divergence.sides if side.value in values]
    others = [side.sentence for side in divergence.sides if side.value not in values]
    # Sides of one value all round: the first stands apart, by the order of a divergence's sides.
    if not others:
        apart, others = [divergence.sides[0].sentence], [side.sentence for side in divergence.sides[1:]]
    asked = opinion.probabilities([(a, b) for a in apart for b in others]).astype(np.float64)
    own = _log_odds(np.array([divergence.confidence]))[0]
    joint = (own + _log_odds(asked).mean()) / 2
    return round(float(1 / (1 + np.exp(-joint))), 3)


def _log_odds(probability: np.ndarray[Any, np.dtype[np.float64]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    kept = np.clip(probability, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(kept / (1 - kept)))
