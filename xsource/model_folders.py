"""What a folder of model weights may hold: a pickle can do anything on the machine that loads it."""

from __future__ import annotations

from pathlib import Path

from xsource.errors import ModelError

PICKLED = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"})
SAFE = ".safetensors"


def refuse_pickles(folder: Path) -> None:
    """Refuse a folder of which any part would be read from a pickle.

    A model has parts in folders of their own, and a library reads a part's safetensors where there are some: a
    pickle beside them is never opened, one without is what would be loaded.

    Raises:
        ModelError: there are no safetensors at all, or a part has pickled weights only; nothing was opened.
    """
    if not any(folder.rglob(f"*{SAFE}")):
        raise ModelError(
            f"{folder}: no *{SAFE} in this folder; other kinds of weights are not read",
            f"give the folder of a sentence-transformers model (it holds modules.json and *{SAFE})",
        )
    for path in sorted(folder.rglob("*")):
        is_openvino = path.with_suffix(".xml").is_file()  # raw numbers, which their .xml describes
        if path.suffix.lower() in PICKLED and not is_openvino and not any(path.parent.glob(f"*{SAFE}")):
            raise ModelError(
                f"{path}: pickled weights, which can run code as they are read; expected *{SAFE}",
                "convert them as the publisher of the model says, or remove the file if nothing needs it",
            )
