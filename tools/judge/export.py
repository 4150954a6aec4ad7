"""Turn a training checkpoint into the arrays of the judge's artefact."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FIRST_TUNED = 6
_PARTS = ("q", "k", "v", "ao", "fi", "fo")

Floats = npt.NDArray[np.float32]


def artefact_arrays(weights: dict[str, Floats], sentence_layers: int) -> dict[str, npt.NDArray[np.generic]]:
    """Give the arrays that `write_artefact` takes.

    Args:
        weights: of the network, float32, by the names of `network.py`.
        sentence_layers: layers that read a sentence alone, frozen ones included.
    """
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    layers: dict[str, Floats] = {}
    for name, value in weights.items():
        stack, _, rest = name.partition(".L.")
        if stack != "own":
            continue
        number, part, end = rest.split(".")
        layer = FIRST_TUNED + int(number)
        layers[f"l{layer}.{part}.{end[0]}"] = value
    for layer in range(FIRST_TUNED, sentence_layers):
        for part in _PARTS:
            value = layers[f"l{layer}.{part}.w"]
            scale = np.abs(value).max(axis=1) / 127
            arrays[f"l{layer}.{part}.w"] = np.round(value / scale[:, None]).astype(np.int8)
            arrays[f"l{layer}.{part}.s"] = scale.astype(np.float32)
            arrays[f"l{layer}.{part}.b"] = layers[f"l{layer}.{part}.b"].astype(np.float32)
        for norm in ("aln", "oln"):
            for end in "wb":
                arrays[f"l{layer}.{norm}.{end}"] = layers[f"l{layer}.{norm}.{end}"].astype(np.float32)
    arrays["vector.w"] = weights["vec.weight"].astype(np.float16)
    arrays["token.w"] = weights["tok.weight"].astype(np.float16)
    arrays["importance.w"], arrays["importance.b"] = weights["imp.weight"], weights["imp.bias"]
    for name, value in weights.items():
        if name.startswith("beside."):
            short = (
                name.removesuffix(".weight") + ".w" if name.endswith(".weight") else name.replace(".bias", ".b")
            )
            arrays[short] = value.astype(np.float16)
    arrays["states.w"], arrays["states.b"] = weights["states.weight"], weights["states.bias"]
    return arrays
