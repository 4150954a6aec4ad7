"""Sentences through a real package: one out for each in, in order, nothing cut in silence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xsource.errors import ModelError
from xsource.translate import argos
from xsource.translate.argos import ArgosTranslator, MachineTranslation
from xsource.translate.installing import install_file
from xsource.translate.packages import read_package

ROUTE = ("ru", "en")
SENTENCES = (
    "Переговоры начались в Москве.",
    "Погибли 12 человек.",
    "Мост закрыт.",
    "Президент прибыл в столицу утром.",
    "Никто не пострадал, сообщили власти.",
)


@pytest.fixture(scope="module")
def package(tiny, tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    shutil.unpack_archive(tiny, folder, "zip")
    (path,) = folder.iterdir()
    return read_package(path)


@pytest.fixture(scope="module")
def translator(package):
    return ArgosTranslator([package], threads=1)


def test_each_sentence_gets_its_own_translation_in_order(translator):
    together = translator.translate(SENTENCES, ROUTE)
    alone = [translator.translate([sentence], ROUTE)[0] for sentence in SENTENCES]
    assert together == alone
    assert len({result.text for result in together}) == len(SENTENCES)
    assert all(result.text.isascii() and not result.warnings for result in together)


def test_order_of_the_texts_does_not_matter(translator):
    backwards = translator.translate(SENTENCES[::-1], ROUTE)
    assert backwards[::-1] == translator.translate(SENTENCES, ROUTE)


def test_empty_texts_stay_empty_and_cost_nothing(package):
    unloaded = ArgosTranslator([replace(package, path=package.path / "absent")])
    assert unloaded.translate(["", " \n"], ROUTE) == [MachineTranslation(""), MachineTranslation("")]
    assert unloaded.translate([], ROUTE) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_texts_give_as_many(translator, texts):
    results = translator.translate(texts, ROUTE)
    assert len(results) == len(texts)
    for text, result in zip(texts, results, strict=True):
        assert text.strip() or result == MachineTranslation("")


def test_a_long_text_is_translated_in_parts_and_says_so(translator):
    long = " ".join(SENTENCES * 40)
    (result,) = translator.translate([long], ROUTE)
    parts = translator._load(translator._hops(ROUTE)[0])._split(long)
    assert len(parts) > 1
    assert max(map(len, parts)) <= argos.MAX_INPUT_TOKENS
    assert result.warnings[0] == f"too long for the model, translated in {len(parts)} parts"
    assert len(result.text) > len(translator.translate([" ".join(SENTENCES * 8)], ROUTE)[0].text)


@pytest.mark.parametrize(
    "long",
    ["мост" * 3000, "и " * 5000, "Ж" * 4000, "7" * 3000, " ".join(SENTENCES * 60)],
    ids=["one-word", "short-words", "letters", "digits", "sentences"],
)
def test_no_part_of_a_long_text_is_lost(translator, long):
    """What the model reads, put together, is the text, white space aside."""
    loaded = translator._load(translator._hops(ROUTE)[0])
    processor = loaded._tokenizer.lazy_processor()
    read = "".join(processor.decode_pieces(part) for part in loaded._split(long))
    assert "".join(read.split()) == "".join(long.split())


def test_a_translation_cut_at_the_limit_says_so(translator, monkeypatch):
    monkeypatch.setattr(argos, "MIN_DECODING_TOKENS", 2)
    monkeypatch.setattr(argos, "DECODING_RATIO", 0)
    (result,) = translator.translate([SENTENCES[0]], ROUTE)
    assert result.warnings == ("cut at 2 tokens",)


def test_a_short_text_is_cut_where_it_would_be_alone_whatever_stands_beside_it(translator, monkeypatch):
    monkeypatch.setattr(argos, "MIN_DECODING_TOKENS", 6)
    monkeypatch.setattr(argos, "DECODING_RATIO", 1)
    (alone,) = translator.translate(["Мост закрыт."], ROUTE)
    together = translator.translate(["Мост закрыт.", " ".join(SENTENCES)], ROUTE)
    assert together[0] == alone
    assert len(together[1].text) > 6 * len(alone.text) / 2


def test_underscores_of_a_text_are_kept(package, translator):
    loaded = translator._load(package)
    assert loaded._decode(loaded._tokenizer.encode("the file a_b c")) == "the file a_b c"


def test_a_pivot_translates_twice(package, translator):
    """A second hop from English to German made of the same model: what it says is not the point."""
    second = replace(package, source="en", target="de")
    pivot = ArgosTranslator([package, second], threads=1)
    assert pivot.route("ru", "de") == ("ru", "en", "de")
    once = translator.translate(SENTENCES, ROUTE)
    twice = translator.translate([result.text for result in once], ROUTE)
    assert [r.text for r in pivot.translate(SENTENCES, ("ru", "en", "de"))] == [r.text for r in twice]
    assert pivot.engine(("ru", "en", "de")) == "Argos ru-en 1.0 + en-de 1.0 (beam 4, auto)"


def test_the_engine_names_what_changes_a_translation(package):
    engines = {
        ArgosTranslator([package]).engine(ROUTE),
        ArgosTranslator([replace(package, version="1.1")]).engine(ROUTE),
        ArgosTranslator([package], compute_type="float32").engine(ROUTE),
    }
    assert len(engines) == 3
    assert "Argos ru-en 1.0 (beam 4, auto)" in engines


def test_a_route_that_does_not_exist_is_named(translator):
    assert translator.route("he", "en") is None
    with pytest.raises(ModelError, match="no package translates from 'he' to 'en'") as raised:
        translator.translate(["שלום"], ("he", "en"))
    assert raised.value.hint == "xsource models install he"


@pytest.mark.parametrize("file", ["model/model.bin", "sentencepiece.model"])
def test_a_package_that_was_damaged_later_is_named(package, tmp_path, file):
    folder = shutil.copytree(package.path, tmp_path / "damaged")
    (folder / file).write_bytes(b"damaged")
    broken = ArgosTranslator([replace(package, path=folder)])
    with pytest.raises(ModelError, match="cannot be loaded") as raised:
        broken.translate(SENTENCES, ROUTE)
    assert raised.value.hint.startswith("xsource models remove ru-en")


WATCHED = """
import json, socket, sys
def refused(*_, **__):
    raise AssertionError("a socket was opened")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refused
from pathlib import Path
from xsource.translate.argos import ArgosTranslator
from xsource.translate.installing import install_file
from xsource.translate.packages import installed_packages, remove_package
package = install_file(Path(sys.argv[1]))
(result,) = ArgosTranslator(threads=1).translate([sys.argv[2]], ("ru", "en"))
remove_package(package.path)
assert installed_packages() == ([], [])
heavy = [name for name in ("spacy", "stanza", "torch", "onnxruntime", "minisbd") if name in sys.modules]
print(json.dumps([result.text, heavy]))
"""


def test_no_framework_is_imported_and_no_socket_opened(tiny, tmp_path, translator):
    answer = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tiny), SENTENCES[0]],
        env=os.environ | {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("DATA", "CONFIG", "CACHE")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    text, heavy = json.loads(answer.stdout)
    assert heavy == []
    assert text == translator.translate(SENTENCES[:1], ROUTE)[0].text


def test_installed_packages_are_used_when_none_are_given(packages_home, tiny):
    assert ArgosTranslator().route("ru", "en") is None
    install_file(tiny)
    assert ArgosTranslator().route("ru", "en") == ROUTE


def test_the_prefix_of_a_target_is_no_part_of_a_translation(package):
    """Packages of several targets begin every output with a token that names one."""
    prefix = "▁The"
    with_prefix = ArgosTranslator([replace(package, target_prefix=prefix)], threads=1)
    loaded = with_prefix._load(with_prefix._hops(ROUTE)[0])
    assert loaded._decode([prefix, "▁a", "▁man"]) == "a man"
    assert loaded._decode(["▁a", prefix]) == "a The"
    assert len(with_prefix.translate(SENTENCES, ROUTE)) == len(SENTENCES)
