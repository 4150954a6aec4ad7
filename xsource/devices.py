"""Where models run: whether there is a GPU, and how much of it one batch may take.

Not measured: no GPU was at hand. The sizes of batches follow from the shapes of the models.
"""

from __future__ import annotations

import subprocess
from functools import cache

from xsource.errors import ModelError

SHARE_OF_MEMORY = 0.25
"""Part of a GPU's free memory that one batch may fill: weights, workspace and a second batch need room too."""

_ANSWER_SECONDS = 30.0


def check_device(device: str) -> None:
    """See that a device is there, before anything is read or written.

    Raises:
        ModelError: it is `cuda`, and CTranslate2 finds no GPU.
    """
    if device != "cuda":
        return
    import ctranslate2

    try:
        count = ctranslate2.get_cuda_device_count()
    except RuntimeError as exc:
        raise ModelError(f"device is cuda, but CUDA does not answer: {exc}", "use the device cpu") from exc
    if count == 0:
        raise ModelError(
            f"device is cuda, but CTranslate2 {ctranslate2.__version__} finds no NVIDIA GPU or driver here",
            "use the device cpu: leave --device out, or set device to cpu in xsource.toml",
        )


def batch_tokens(device: str, least: int, most: int, bytes_a_token: int) -> int:
    """Say how many tokens a batch may have.

    Args:
        device: on `cpu` it is `least`: larger batches do not fit its caches and are no faster.
        least: also what a GPU of unknown memory gets.
        most: where larger batches stop being faster, whatever the memory.
        bytes_a_token: of the model's states for one token.
    """
    if device != "cuda":
        return least
    free = _free_memory()
    return least if free is None else max(least, min(most, int(free * SHARE_OF_MEMORY) // bytes_a_token))


def _free_memory() -> int | None:
    """Give the bytes that are free on the GPU; `None` where neither PyTorch nor the driver says."""
    import torch

    if torch.cuda.is_available():
        free, _ = torch.cuda.mem_get_info()
        return int(free)
    return _told_by_driver()


@cache
def _told_by_driver() -> int | None:
    """Ask the driver's own program, once: PyTorch may be a build for CPUs while CTranslate2 runs on the GPU.

    Of several GPUs the fullest counts: which of them CTranslate2 takes is not known here.
    """
    command = ["nvidia-smi", "--query-gpu=memory.free", "--format=csv,noheader,nounits"]
    try:
        answer = subprocess.run(  # noqa: S603 - a constant
            command, capture_output=True, text=True, timeout=_ANSWER_SECONDS, check=True
        )
        return min(int(line) for line in answer.stdout.splitlines()) * 2**20
    except (OSError, subprocess.SubprocessError, ValueError):  # no such program, no answer, "[N/A]"
        return None
