"""Translations, probabilities, means, settings and problems: kept under their full key."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xsource.errors import Problem
from xsource.records import Translation
from xsource.store import Index, StoredTranslation

texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.dictionaries(texts, st.builds(StoredTranslation, texts, st.tuples(texts, texts)), max_size=5))
def test_translations_come_back_under_their_text(index: Index, found: dict[str, StoredTranslation]) -> None:
    index.write_translations(("he", "en", "ru"), "m/2", found)

    assert index.translations([*found, "never written"], ("he", "en", "ru"), "m/2") == found


def test_another_route_or_engine_is_another_translation(index: Index) -> None:
    index.write_translations(("ru", "en"), "m/1", {"да": StoredTranslation("yes")})

    assert index.translations(["да"], ("ru", "en"), "m/2") == {}
    assert index.translations(["да"], ("ru", "he", "en"), "m/1") == {}
    assert index.translations(["Да"], ("ru", "en"), "m/1") == {}


def test_a_supplied_translation_goes_before_a_later_machines(index: Index, newsroom: ModuleType) -> None:
    article, sentences, vectors = newsroom.make_article(0)
    index.write_articles([(article, sentences, vectors)], newsroom.OUTLETS)
    first, second, third = sentences
    route = ("ru", "en")
    index.write_translations(route, "supplied by desk.tmx", {first.text: StoredTranslation("By hand.")})
    index.write_translations(
        route, "m/1", {s.text: StoredTranslation("Old machine.", ("long",)) for s in (first, second)}
    )
    index.write_translations(("ru", "he", "en"), "m/2", {second.text: StoredTranslation("New machine.")})
    index.write_translations(("ru", "he"), "m/2", {third.text: StoredTranslation("עברית")})

    assert index.translations_of(sentences, "en") == {
        first.id: Translation(first.id, "en", "By hand.", route, "supplied by desk.tmx"),
        second.id: Translation(second.id, "en", "New machine.", ("ru", "he", "en"), "m/2"),
    }


def test_repeated_sentences_share_a_translation(index: Index, newsroom: ModuleType) -> None:
    _, sentences, _ = newsroom.make_article(0)
    twice = [sentences[0], newsroom.make_article(0)[1][0]]
    index.write_translations(("ru", "en"), "m/1", {sentences[0].text: StoredTranslation("One.", ("w",))})

    found = index.translations_of(twice, "en")
    assert found == {sentences[0].id: Translation(sentences[0].id, "en", "One.", ("ru", "en"), "m/1", ("w",))}


def test_settings_are_kept_by_name(index: Index) -> None:
    index.write_settings({"target": "en", "device": "cpu"})
    index.write_settings({"target": "ru"})
    assert index.settings() == {"device": "cpu", "target": "ru"}


def test_problems_are_those_of_the_last_build(index: Index) -> None:
    index.write_problems([Problem("a.jsonl:1", "old")])
    index.write_problems([Problem("б.jsonl:2", "no text", "give one"), Problem("c", "bad \ud83d text")])
    assert index.problems() == [Problem("б.jsonl:2", "no text", "give one"), Problem("c", "bad \\ud83d text")]


@pytest.mark.parametrize("write", ["translations", "settings", "problems"])
def test_writing_raises_the_generation_once_and_only_for_a_change(index: Index, write: str) -> None:
    def do() -> None:
        if write == "translations":
            index.write_translations(("ru", "en"), "m", {})
        elif write == "settings":
            index.write_settings({"a": "b"})
        else:
            index.write_problems([Problem("x", "y")])

    start = index.generation
    do()
    first = index.generation
    do()

    assert first == start + (write not in {"translations", "pairs"})
    assert index.generation == first
