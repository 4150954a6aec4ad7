"""A GPU that is not there is said before anything is written; one that is there gets batches of its size."""

from __future__ import annotations

import ctranslate2
import pytest
from conftest import Program
from hypothesis import given
from hypothesis import strategies as st

from xsource.devices import batch_tokens, check_device
from xsource.errors import ModelError
from xsource.registry import open_embedder, open_translator
from xsource.settings import Settings

no_gpu = pytest.mark.skipif(ctranslate2.get_cuda_device_count() > 0, reason="a GPU is here")


@no_gpu
@pytest.mark.parametrize("make", [open_embedder, open_translator])
def test_a_missing_gpu_is_named_when_a_model_is_asked_for(make):
    with pytest.raises(ModelError, match="finds no NVIDIA GPU") as error:
        make(Settings(device="cuda"))
    assert "--device" in error.value.hint


@no_gpu
def test_a_build_on_a_missing_gpu_writes_nothing(tmp_path):
    (tmp_path / "a.txt").write_text("The ferry sailed again on Monday.\n")
    result = Program(tmp_path / "index").run("build", str(tmp_path), "--device", "cuda", exit_code=1)
    assert "error: device is cuda, but CTranslate2" in result.stderr
    assert "hint: use the device cpu" in result.stderr
    assert not (tmp_path / "index").exists()


def test_the_processor_is_always_there():
    check_device("cpu")


@given(st.integers(1, 5000), st.integers(5000, 100_000), st.integers(1, 1 << 20))
def test_batches_on_the_processor_stay_as_they_are(least, most, size):
    assert batch_tokens("cpu", least, most, size) == least


@no_gpu
def test_a_gpu_of_unknown_memory_gets_the_smallest_batches():
    assert batch_tokens("cuda", 2048, 65_536, 65_536) == 2048
