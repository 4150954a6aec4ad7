"""A GPU that is not there is said before anything is written; one that is there gets batches of its size."""

from __future__ import annotations

import os

import ctranslate2
import pytest
from conftest import Program
from hypothesis import given
from hypothesis import strategies as st

from xsource.devices import _told_by_driver, batch_tokens, check_device
from xsource.errors import ModelError
from xsource.registry import open_embedder, open_translator
from xsource.settings import Settings
from xsource.translate.argos import tokens_at_once

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


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """The driver's program, which answers with what a test writes."""
    program = tmp_path / "nvidia-smi"
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    _told_by_driver.cache_clear()
    yield lambda script: (program.write_text(f"#!/bin/sh\n{script}\n"), program.chmod(0o755))
    _told_by_driver.cache_clear()


@no_gpu
@pytest.mark.parametrize(
    ("script", "embedded", "translated"),
    [
        ("echo 80000", 65_536, 16_384),
        ("printf '80000\\n4000\\n'", 4000 * 2**20 // 4 // 65_536, 2048),
        ("echo 10000", 40_000, 5000),
        ("echo '[N/A]'", 2048, 2048),
        ("exit 9", 2048, 2048),
        ("true", 2048, 2048),
    ],
    ids=["much", "the fullest of two", "some", "does not say", "fails", "says nothing"],
)
def test_where_pytorch_cannot_say_the_driver_says_what_is_free(driver, script, embedded, translated):
    driver(script)
    assert batch_tokens("cuda", 2048, 65_536, 65_536) == embedded
    assert tokens_at_once("cuda") == translated
    assert tokens_at_once("cpu") == 2048
