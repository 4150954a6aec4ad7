"""Hypothesis damages the kept inputs: whatever comes of it, a parser reads it or says what is wrong."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .hostile import PIECES
from .targets import TARGETS, run, seeds

EXAMPLES = {"cli": 15, "facts": 20, "html": 20, "sentences": 20}


@st.composite
def damaged(draw, kept):
    """A kept input, or none, with pieces put in, taken out and said again."""
    content = bytearray(draw(st.sampled_from([b"", *kept])))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(content)))
        end = min(len(content), at + draw(st.sampled_from([0, 1, 3, 20, 200])))
        content[at:end] = draw(
            st.sampled_from(PIECES)
            | st.binary(max_size=20)
            | st.text(max_size=20).map(str.encode)
            | st.just(bytes(content[at:end]) * 3)
        )
    return bytes(content)


@pytest.mark.parametrize("name", TARGETS)
def test_damage_is_never_a_crash(name):
    @settings(
        max_examples=EXAMPLES.get(name, 40),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(damaged(seeds(name)))
    def check(content):
        run(name, content)

    check()
