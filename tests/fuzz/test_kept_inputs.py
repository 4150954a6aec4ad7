"""Every input in `corpus/`: own samples of each format, and the smallest input of each crash once found."""

import pytest

from .targets import CORPUS, TARGETS, run

INPUTS = sorted(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob("*/*"))


def test_every_target_has_kept_inputs_and_every_folder_a_target():
    assert {name.partition("/")[0] for name in INPUTS} == set(TARGETS)


@pytest.mark.parametrize("name", INPUTS)
def test_a_kept_input_is_read_or_refused(name):
    run(name.partition("/")[0], (CORPUS / name).read_bytes())
