"""Old packages hold `bpe.model` instead of SentencePiece: split by Moses, joined with `@@`.

The package is the tiny one under other names for its tokens, so what it says is nonsense; that it is cut, run
and joined as argostranslate does is what counts.
"""

from __future__ import annotations

import json
import zipfile

import pytest

from xsource.errors import ModelError
from xsource.translate.argos import ArgosTranslator
from xsource.translate.installing import install_file

ROUTE = ("ru", "en")
LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯabcdefghijklmnopqrstuvwxyz0123456789.,-"
MERGES = ("п р", "с т", "пр и", "о р", "н о</w>", "е т</w>", "т о</w>", "ст о", "1 2</w>")
SENTENCES = (
    "Переговоры начались в Москве.",
    "Погибли 12 человек, сообщает пресс-служба.",
    "Просто никто не пострадал.",
    "Прибыл в столицу утром.",
    "Мост закрыт.",
)


@pytest.fixture
def bpe_package(tiny, repack):
    """Give the tiny package with the tokens of a BPE model."""
    with zipfile.ZipFile(tiny) as archive:
        pieces = json.loads(archive.read("translate-ru_en-tiny/model/shared_vocabulary.json"))
    merged = [token.removesuffix("</w>") if "</w>" in token else f"{token}@@" for token in map(join, MERGES)]
    named = [*pieces[:4], *LETTERS, *(f"{letter}@@" for letter in LETTERS), *merged]
    vocabulary = [*named, *(f"w{number}" for number in range(len(pieces) - len(named)))]

    def make(codes: str = "\n".join(["#version: 0.2", *MERGES, ""])):
        return repack(
            without="sentencepiece.model",
            changed={
                "bpe.model": codes.encode(),
                "model/shared_vocabulary.json": json.dumps(vocabulary).encode(),
            },
        )

    return make


def join(merge: str) -> str:
    return merge.replace(" ", "")


def test_a_bpe_package_is_cut_run_and_joined_as_argostranslate_does(bpe_package, packages_home):
    import ctranslate2
    from argostranslate.package import Package

    installed = install_file(bpe_package())
    tokenizer = Package(installed.path).tokenizer
    assert tokenizer.encode("приют 12.") == ["при@@", "ю@@", "т", "12", "."]
    engine = ctranslate2.Translator(str(installed.path / "model"), intra_threads=1)
    expected = [
        tokenizer.decode(
            engine.translate_batch(
                [tokenizer.encode(text)], beam_size=4, length_penalty=0.2, replace_unknowns=True
            )[0].hypotheses[0]
        )
        for text in SENTENCES
    ]
    found = [result.text for result in ArgosTranslator([installed], threads=1).translate(SENTENCES, ROUTE)]
    assert found == expected
    assert len(set(found)) > 1
    assert not any("@@" in text for text in found)


def test_a_bpe_file_that_is_none_is_refused_at_install(bpe_package, packages_home):
    with pytest.raises(ModelError, match="its tokenizer cannot be opened"):
        install_file(bpe_package("#version: 0.2\nno merge of two\n"))
    assert list(packages_home.iterdir()) == []


def test_a_bpe_file_that_was_damaged_later_is_named(bpe_package, packages_home):
    installed = install_file(bpe_package())
    (installed.path / "bpe.model").write_text("#version: 0.2\nno merge of two\n", "utf-8")
    with pytest.raises(ModelError, match="the tokenizer cannot be loaded"):
        ArgosTranslator([installed], threads=1).translate(SENTENCES, ROUTE)
