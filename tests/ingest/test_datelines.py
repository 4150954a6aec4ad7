"""Datelines and credit lines in four languages: what is read, what is cut, and what only looks like one."""

from datetime import UTC, date, datetime

import pytest
from cpu_seconds import least_cpu_seconds

from xsource.ingest.dateline import read_dateline
from xsource.outlets import load_outlets

NOW = datetime(2023, 11, 2, 12, tzinfo=UTC)
OUTLETS = load_outlets()
OCT27 = date(2023, 10, 27)


def read(text, outlet=None, address="", now=NOW):
    profile = OUTLETS.get(outlet) if outlet else None
    house = (profile.name, profile.name_en) if profile else ()
    return read_dateline(text, profile.datelines if profile else (), address, now, house)


@pytest.mark.parametrize(
    ("dateline", "outlet", "agency", "day"),
    [
        ("МОСКВА, 27 октября. /ТАСС/. ", "tass", "tass", OCT27),
        ("МОСКВА, 27 октября. /Корр. ТАСС Анна Иванова/. ", "tass", "tass", OCT27),
        ("МОСКВА, 27 окт — РИА Новости. ", "ria", "ria", OCT27),
        ("Москва. 27 октября. INTERFAX.RU - ", "interfax", "interfax", OCT27),
        ("ИЕРУСАЛИМ, 27 октября (Рейтер) — ", None, "reuters", OCT27),
        ("САНКТ-ПЕТЕРБУРГ, 27 октября 2023 года. /ТАСС/. ", "tass", "tass", OCT27),
        ("MOSCOW, October 27. /TASS/. ", "tass-english", "tass", OCT27),
        ("MOSCOW, Oct 27 (Reuters) - ", "reuters", "reuters", OCT27),
        ("GAZA/JERUSALEM, Oct. 27 (Reuters) – ", "reuters", "reuters", OCT27),
        ("KYIV, Ukraine (AP) — ", "ap", "ap", None),
        ("(Reuters) - ", None, "reuters", None),
        ("MOSCOW: ", None, None, None),
        ("WASHINGTON, D.C. — ", None, None, None),
        ("RAMALLAH, October 27, 2023 (WAFA) – ", "wafa-english", "wafa", OCT27),
        ("غزة (رويترز) - ", None, "reuters", None),
        ("رام الله 27-10-2023 وفا- ", "wafa", "wafa", OCT27),
        ("موسكو 27 أكتوبر تشرين الأول (رويترز) - ", None, "reuters", OCT27),
        ("القاهرة 27 تشرين الأول/أكتوبر (أ ف ب) - ", None, "afp", OCT27),
        ("القدس - وفا - ", None, "wafa", None),
        ("لندن: «الشرق الأوسط» ", "asharq-al-awsat", None, None),
        ("ירושלים (רויטרס) - ", None, "reuters", None),
        ("מוסקבה, 27 באוקטובר (א.פ.פ) - ", None, "afp", OCT27),
        ("(א.פ.) – ", None, "ap", None),
    ],
)
def test_a_dateline_is_read_and_cut(dateline, outlet, agency, day):
    for body in ("Делегация прибыла в пятницу.", "A delegation came.", "وصل الوفد أمس.", "המשלחת הגיעה."):
        found = read(dateline + body, outlet)
        assert (found.text, found.agency, found.day) == (body, agency, day)


@pytest.mark.parametrize(
    "text",
    [
        "ТАСС сообщает, что делегация прибыла.",
        "The agency (Reuters) - said nothing.",
        "Russia - a country of eleven time zones - agreed.",
        "Россия — крупнейшая страна.",
        "BREAKING: Talks have begun.",
        "СРОЧНО: начались переговоры.",
        "NATO: we are watching.",
        "ВИЧ/СПИД: болезнь, о которой молчат.",
        "UPDATE — The talks are over.",
        "27 октября делегация прибыла в Москву.",
        "On October 27 (Friday) - the day of the talks - it rained.",
        "המשרד מסר (ביום שישי) - כך נודע.",
        "وصل الوفد (الجمعة) - بحسب الوزارة.",
        "I: the story.",
        "SARS-CoV-2 infected people of all ages.",
        "У SARS-CoV-2 есть черты, подобные другим.",
        "צוללות גרמניות כונו U-Boats.",
        "سيتم فحص HJR-3 بعد العملية.",
        "FROM: the editor",
        "ТЕМА: переговоры в Москве",
    ],
)
def test_what_only_looks_like_a_dateline_stays(text):
    found = read(text)
    assert (found.text, found.agency, found.day, found.removed) == (text, None, None, ())


@pytest.mark.parametrize(
    ("text", "body", "agency"),
    [
        ("A delegation came.\n\nSource: Reuters", "A delegation came.", "reuters"),
        ("Reuters\n\nA delegation came.", "A delegation came.", "reuters"),
        ("Делегация прибыла.\n\nИсточник: ТАСС", "Делегация прибыла.", "tass"),
        ("Делегация прибыла. /ТАСС/", "Делегация прибыла.", "tass"),
        ("המשלחת הגיעה. (רויטרס)", "המשלחת הגיעה.", "reuters"),
        ("המשלחת הגיעה.\n\n(א.פ., רויטרס)", "המשלחת הגיעה.", "ap"),
        ("وصل الوفد.\n\nالمصدر: رويترز", "وصل الوفد.", "reuters"),
        ("وصل الوفد. (أ ف ب)", "وصل الوفد.", "afp"),
    ],
)
def test_a_credit_beside_the_text_sets_the_agency(text, body, agency):
    found = read(text)
    assert (found.text, found.agency) == (body, agency)


def test_an_article_that_is_nothing_but_a_credit_is_left_alone():
    assert read("(Reuters)").text == "(Reuters)"


@pytest.mark.parametrize(
    ("now", "address", "day"),
    [
        (datetime(2023, 10, 28, tzinfo=UTC), "", OCT27),
        (datetime(2024, 1, 3, tzinfo=UTC), "", OCT27),  # not October of the year that has just begun
        (datetime(2026, 1, 3, tzinfo=UTC), "https://paper.example/2023/10/27/talks", OCT27),
        (datetime(2026, 1, 3, tzinfo=UTC), "https://paper.example/talks-20231027", OCT27),
        (datetime(2026, 1, 3, tzinfo=UTC), "https://paper.example/2023101", date(2025, 10, 27)),
    ],
)
def test_a_dateline_without_a_year_gets_the_latest_that_is_possible(now, address, day):
    assert read("МОСКВА, 27 октября. /ТАСС/. Делегация прибыла.", "tass", address, now).day == day


def test_the_last_of_february_is_found_in_a_leap_year():
    assert read("MOSCOW, Feb 29 (Reuters) - Snow fell.").day == date(2020, 2, 29)
    assert read("MOSCOW, June 31 (Reuters) - Snow fell.").day is None


def test_figures_that_could_be_two_days_give_none():
    assert read("CAIRO, 3/4/2023 (Reuters) - Talks began.").day is None
    assert read("CAIRO, 13/4/2023 (Reuters) - Talks began.").day == date(2023, 4, 13)
    assert read("CAIRO, 3.4.2023 (Reuters) - Talks began.").day == date(2023, 4, 3)


@pytest.mark.parametrize("unit", ["A", "МОСКВА, ", "1 ", "(", "AP/", "Reuters, ", "27 окт ", "ا ", "- "])
def test_time_does_not_explode_on_hostile_text(unit):
    text = unit * (1_000_000 // len(unit))
    read(text[:1000])
    assert least_cpu_seconds(lambda: read(text), enough=2) < 2


@pytest.mark.parametrize(
    ("text", "rest", "agency", "day"),
    [
        (
            "Переговоры продолжатся в понедельник\n\nТЕЛЬ-АВИВ, 14 апреля. /ТАСС/. Делегация прибыла в город.",
            "Переговоры продолжатся в понедельник\n\nДелегация прибыла в город.",
            "tass",
            (2023, 4, 14),
        ),
        (
            "Talks go on\n\nNeither side gave details\n\nGENEVA (Reuters) - Talks began on Friday.",
            "Talks go on\n\nNeither side gave details\n\nTalks began on Friday.",
            "reuters",
            None,
        ),
        (
            "استئناف المحادثات\n\nجنيف (رويترز) - بدأت المحادثات يوم الجمعة.",
            "استئناف المحادثات\n\nبدأت المحادثات يوم الجمعة.",
            "reuters",
            None,
        ),
    ],
)
def test_a_dateline_below_a_subtitle_is_read(text, rest, agency, day):
    found = read_dateline(text, (), "https://site.example/a", NOW)
    assert (found.text, found.agency) == (rest, agency)
    assert found.day == (date(*day) if day else None)


@pytest.mark.parametrize(
    "text",
    [
        "KESTREL: We are ready to talk.\n\nORLOV: So are we.",
        "PRESIDENT HALE: Talks will begin on Friday.",
        "ВОПРОС: Когда начнутся переговоры?",
        "ЗОРИН: Переговоры начнутся в пятницу.\n\nЗорин добавил, что делегация готова.",
        "KESTREL — “We are ready,” the minister said.",
        "Subtitle of it\n\nKESTREL: Talks will begin on Friday.",
    ],
)
def test_who_speaks_is_no_dateline(text):
    found = read_dateline(text, (), "https://site.example/a", NOW)
    assert (found.text, found.removed) == (text, ())


@pytest.mark.parametrize("place", ["MOSCOW", "КАИР", "TEL AVIV", "NEW YORK", "ИЕРУСАЛИМ"])
def test_a_place_in_capitals_is(place):
    found = read_dateline(f"{place}: Talks began on Friday.", (), "https://site.example/a", NOW)
    assert found.text == "Talks began on Friday."
