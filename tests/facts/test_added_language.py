"""A fifth language by files alone: every reader reads Ukrainian from the folder that a variable names."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from num2words import num2words

from xsource.facts.attribution import attributions, back_reference
from xsource.facts.certainty import certainty
from xsource.facts.dates import dates
from xsource.facts.names import names
from xsource.facts.names_matching import find_name
from xsource.facts.naming import loaded_terms
from xsource.facts.polarity import contrary_poles, read_polarity
from xsource.facts.quantities import quantities
from xsource.facts.reading import read_sentence
from xsource.facts.shared_words import share_of_words
from xsource.facts.speakers import speakers
from xsource.facts.unanswered import match_denials
from xsource.languages import FOLDERS, known_languages

FOLDER = Path(__file__).resolve().parents[1] / "data" / "languages"


@pytest.fixture(autouse=True)
def ukrainian(monkeypatch):
    monkeypatch.setenv(FOLDERS, str(FOLDER))


def test_it_is_known_as_long_as_its_folder_is_named(monkeypatch):
    assert "uk" in known_languages()
    monkeypatch.delenv(FOLDERS)
    assert "uk" not in known_languages()
    with pytest.raises(ValueError, match="expected one of ru, he, ar, en"):
        quantities("п'ять", "be")


@pytest.mark.parametrize("number", [*range(130), 345, 2_500, 12_345, 350_000_000, 4_250_000, 999_999_999_999])
def test_numbers_are_read_back(number):
    noun = " людей" if number != 1 else " людина"
    read = [found.value for found in quantities(num2words(number, lang="uk") + noun, "uk")]
    assert read == [Decimal(number)]


def test_quantities_with_what_they_count():
    found = quantities("Загинули 12 людей, поранено сім, збитки 4 млн 250 тис. гривень.", "uk")
    assert [(each.value, each.unit, set(each.counted)) for each in found] == [
        (12, None, {"killed", "people"}),
        (7, None, {"wounded"}),
        (4_250_000, "UAH", set()),
    ]


def test_dates():
    published = datetime(2023, 10, 28, tzinfo=UTC)
    text = "У п'ятницю, 27 жовтня 2023 року, з 3 до 5 листопада і два дні тому, 05.04.2023"
    assert [each.value for each in dates(text, "uk", published)] == [
        "friday", "2023-10-27", "--11-03..05", "2023-10-26", "2023-04-05",
    ]  # fmt: skip


def test_names():
    found = names("Президент Петро Коваленко зустрівся з мером у США.", "uk")
    assert [(each.words, each.kind, each.concept) for each in found] == [
        ("Петро Коваленко", "person", None),
        ("США", "place", "place:US"),
    ]
    assert find_name(found[0], "Petro Kovalenko spoke.", "en") == (0, 15)


def test_polarity():
    assert [cue.words for cue in read_polarity("Міністр не підписав угоду.", "uk").cues] == ["не"]
    assert read_polarity("Мер не виключив цього.", "uk").cues == ()
    assert contrary_poles(read_polarity("Міст відкрили.", "uk"), read_polarity("The bridge closed.", "en"))


def test_who_says_it_and_how_surely():
    (said,) = attributions("Міністр заявив, що міст закрито.", "uk")
    assert (said.manner, said.source, said.kinds) == ("says", "Міністр", {"ministry"})
    reference = back_reference("Про це повідомила поліція.", "uk")
    assert reference is not None
    assert reference.source == "поліція"
    assert speakers(["Міст закрито.", "Про це повідомила поліція."], "uk")[0] is not None
    assert certainty("Корабель нібито затонув.", "uk").level == "alleged"


def test_the_rest():
    assert [term.senses for term in loaded_terms("Терористи втекли.", "uk")] == [("terrorists",)]
    assert share_of_words("Коваленко", "uk", "Kovalenko", "en") >= 0
    assert match_denials("Він не прийшов.", "uk", "He did not come.", "en").unanswered == ()


def test_a_sentence_is_read_into_one_record():
    read = read_sentence("Загинули 12 людей, заявив міністр Коваленко 5 травня.", "uk")
    assert [each.value for each in read.quantities] == [12]
    assert [each.value for each in read.dates(None)] == ["--05-05"]
    assert read.attributions[0].manner == "says"
    assert read.certainty.level == "reported"
    assert read.polarity.cues == ()
    assert [each.words for each in read.names] == ["Коваленко"]
