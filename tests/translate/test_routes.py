"""Routes take the fewest hops, whatever packages there are."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.translate.packages import ArgosPackage, find_route


def packages(*directions: str) -> list[ArgosPackage]:
    return [ArgosPackage(*direction.split("-"), "1.0", Path(direction)) for direction in directions]


@pytest.mark.parametrize(
    ("installed", "source", "target", "route"),
    [
        pytest.param(["ru-en"], "ru", "en", ("ru", "en"), id="direct"),
        pytest.param(["ru-en", "en-he"], "ru", "he", ("ru", "en", "he"), id="through-english"),
        pytest.param(["ru-en", "en-he", "ru-he"], "ru", "he", ("ru", "he"), id="direct-before-pivot"),
        pytest.param(["ru-ar", "ru-en", "ar-he", "en-he"], "ru", "he", ("ru", "en", "he"), id="english"),
        pytest.param(["ru-ar", "ar-he"], "ru", "he", ("ru", "ar", "he"), id="through-arabic"),
        pytest.param(["ru-uk", "uk-pl", "pl-en"], "ru", "en", ("ru", "uk", "pl", "en"), id="long"),
        pytest.param(["en-ru"], "ru", "en", None, id="wrong-way"),
        pytest.param([], "ru", "en", None, id="nothing-installed"),
        pytest.param(["ru-en"], "xx", "en", None, id="unknown-language"),
        pytest.param([], "en", "en", ("en",), id="nowhere-to-go"),
    ],
)
def test_routes(installed, source, target, route):
    assert find_route(packages(*installed), source, target) == route


CODES = st.sampled_from(["ru", "he", "ar", "en", "uk"])


@given(st.lists(st.tuples(CODES, CODES), max_size=12), CODES, CODES)
def test_a_route_is_a_chain_of_packages_and_none_is_shorter(directions, source, target):
    installed = packages(*(f"{a}-{b}" for a, b in directions))
    route = find_route(installed, source, target)
    reached, hops = {source}, 0
    while target not in reached:
        further = reached | {b for a, b in directions if a in reached}
        if further == reached:
            break
        reached, hops = further, hops + 1
    if target not in reached:
        assert route is None
    else:
        assert (route[0], route[-1]) == (source, target)
        assert len(route) == hops + 1
        assert set(pairwise(route)) <= set(directions)
        assert route == find_route(reversed(installed), source, target)
