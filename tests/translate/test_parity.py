"""Our engine says what argostranslate says, sentence for sentence, with the same package and settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from xsource.translate.argos import ArgosTranslator
from xsource.translate.installing import install_file

SUBJECTS = (
    "Президент", "Министр обороны", "Глава МИД России", "Представитель ООН", "Мэр города", "Суд",
    "Полиция Берлина", "Мой друг", "Эта женщина", "Врач", "Премьер-министр Израиля", "Армия",
    "Компания", "Комиссия", "Мальчик", "Том", "Группа учёных", "Парламент", "Правительство", "Учитель",
)  # fmt: skip
PREDICATES = (
    "заявил, что переговоры продолжаются", "не знает, что делать", "прибыл в Москву 12 марта",
    "отказался от комментариев", "сообщает о 25 погибших", "хочет мира", "вчера вечером был дома",
    "подтвердил гибель двух человек", "закрыл границу на 3 дня", "говорит по-русски", "видел это сам",
    "требует освободить заложников", "выступил против войны", "купил новую машину", "нашёл решение",
    "обвинил во всём соседей", "опроверг слухи о взрыве в порту", "подписал соглашение о перемирии",
    "получил письмо", "поехал в Иерусалим", "потерял 7,5 миллиона рублей", "спросил меня об этом",
    "увеличил расходы на 40 процентов", "умер в 1999 году", "читает книгу a_b",
)  # fmt: skip
SENTENCES = [f"{subject} {predicate}." for subject in SUBJECTS for predicate in PREDICATES]

# The public call is `argostranslate.translate.translate`. Before it translates, it splits its text with a model
# that it downloads at the first use (MiniSBD), or with a Stanza model of the package; "no splitting" is among
# its settings (`ARGOS_CHUNK_TYPE=NONE`) and refused by its own `PackageTranslation`. Offline, its splitter is
# replaced through its own interface by one that finds one sentence, which one sentence is.
THEIRS = """
import json, sys
from argostranslate import sbd, translate
class OneSentence(sbd.ISentenceBoundaryDetectionModel):
    def split_sentences(self, text):
        return [text]
translate.get_translation_from_codes("ru", "en").underlying.sentencizer = OneSentence()
print(json.dumps([translate.translate(text, "ru", "en") for text in json.load(sys.stdin)]))
"""


@pytest.fixture(scope="module")
def translations(tiny, tmp_path_factory):
    """Theirs, from a process of their own, as the import brings in three frameworks; and ours."""
    home = tmp_path_factory.mktemp("argos")
    places = {f"XDG_{kind}_HOME": str(home) for kind in ("DATA", "CONFIG", "CACHE")}
    with pytest.MonkeyPatch.context() as patch:
        from argostranslate import settings

        packages = home / "argos-translate" / "packages"
        packages.mkdir(parents=True)
        patch.setattr(settings, "package_data_dir", packages)
        patch.setattr(settings, "package_dirs", [packages])
        install_file(tiny)
        ours = ArgosTranslator(threads=1).translate(SENTENCES, ("ru", "en"))
    answer = subprocess.run(
        [sys.executable, "-c", THEIRS], input=json.dumps(SENTENCES),
        env=os.environ | places | {"ARGOS_INTRA_THREADS": "1"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(answer.stdout), [result.text for result in ours]


def test_the_sentences_are_500_and_say_different_things(translations):
    theirs, _ = translations
    assert len(SENTENCES) == len(set(SENTENCES)) == 500
    assert len(set(theirs)) > 300


def test_translations_are_the_same(translations):
    """What may differ: their underscores become spaces; a tie of beams may fall otherwise in a batch; where the
    model runs away on a long sentence, their output is cut at 256 tokens, ours later, with a warning.
    """
    theirs, ours = translations
    same = sum(a == b.replace("_", " ") for a, b in zip(theirs, ours, strict=True))
    assert same >= 0.99 * len(SENTENCES)
