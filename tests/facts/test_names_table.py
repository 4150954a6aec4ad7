"""Forty people a language as news names them, and names that only sound alike."""

from __future__ import annotations

import tomllib
from importlib import resources
from itertools import combinations

import pytest

from xsource.facts.names import names
from xsource.facts.names_matching import find_name, is_same_name
from xsource.facts.skeletons import word_similarity

FRAMES = {
    "en": "{} said on Monday that the road was closed.",
    "ru": "{} заявил в понедельник, что дорога закрыта.",
    "he": "{} אמר ביום שני כי הכביש נסגר.",
    "ar": "قال {} يوم الاثنين إن الطريق أغلق.",
}
# What stands before a name and is no part of it, and the name: `title|name`.
PEOPLE = {
    "en": """
        President|Marta Lindqvist; Mr|Oskar Bell; Gov.|Tomas de la Vega; |Abu Yusuf al-Hadidi; |J. R. Okafor;
        Spokeswoman|Elena Duarte; Dr.|Ivan Petrov; |Jean-Luc Moreau; |Mohammed bin Rashid; |Ludwig van der Meer;
        Prime Minister|Anna Kovac; General Sir|Peter Ashdown; Senator|Bill O'Connor; |Kim Yo Jong;
        Judge|Rosa Klein; |Omar Haddad; |Yulia Markova; Sheikh|Tariq Aziz; Rabbi|David Stern; Coach|Luis Ortega;
        Detective|Sarah Quinn; |Hassan Nassar; |Hussein Nassar; Colonel|Viktor Bordanov; |Denis Galuzov;
        Mayor|Olga Somova; |Nils Aagaard; Captain|Zoe Marlowe; |Ahmed al-Rashidi; |Maria dos Santos;
        Ambassador|Karl Wirth; Inspector|Hugo Lann; |Fatima Idris; Professor|Leo Aronov; Bishop|Paul Renn;
        |A. B. Chernov; Minister|Gita Rao; |Pavel Krot; Sergeant|Dan Wolfe; |Ismail Demir""",
    "ru": """
        Президент|Иван Ковров; Министр|Пётр Сергеевич Лужин; |А. Б. Чернов; Генерал|Виктор Борданов;
        Депутат|Денис Галузов; |Абу Юсуф аль-Хадиди; Мэр|Олег Ким-Ли; Господин|Тадеуш Новак;
        |Мохаммед бин Рашид; |Людвиг ван Бергер; |Хусейн Нассар; |Хасан Нассар; Тренер|Артём Жуков;
        Судья|Марк Розин; Губернатор|Юрий Сомов; Профессор|Лев Аронов; Прокурор|Илья Вернер;
        Раввин|Давид Штерн; Сенатор|Карл Линдквист; Посол|Эмиль Бове; |Жан-Люк Моро; |Кирилл Озеров;
        Шейх|Тарик Азиз; Полковник|Роман Крот; Капитан|Ян Вавра; Директор|Глеб Стоцкий; |Павел Кротов;
        |Нильс Огор; Адмирал|Захар Линд; Лейтенант|Артур Бек; |Исмаил Демир; |Самир Хаддад; Канцлер|Олаф Виртц;
        |Эдвард Рэнн; Майор|Семён Галич; |Игорь Дольский; Сержант|Тимур Аджи; |Томас де Вега;
        Доктор|Борис Линн; Король|Харальд Хорн""",
    "he": """
        הנשיא|דמיטרי קרסנוב; השר|אלכסנדר בורדנוב; הדובר|דניס גלוזוב; ראש הממשלה|רוברט פיצו;
        השגריר|סטפן לינדקוויסט; הגנרל|ויקטור סומוב; המאמן|לואיס אורטגה; השופט|מרקוס רוזנטל;
        הסנטור|אדוארד וילסון; המושל|קרלוס מנדוזה; הנסיך|מוחמד בן סלמאן; פרופ'|סרגיי אברמוב; ד"ר|איוון פטרוב;
        הרב|דוד שטרן; הגנרל|חוסיין נסאר; הגנרל|חסן נסאר; השר|תומאס לינדגרן; הנשיא|עמנואל מקרון;
        הדובר|פיטר קובאץ'; הסנטור|ריצ'רד מרלו; השגריר|איגור דולסקי; הנסיך|אבראהים אל סבאח;
        המושל|דונלד אוקונור; השופט|בנימין רוזנפלד; הגנרל|פאבל קרוטוב; השר|אנדריי זלינסקי; המאמן|קרלוס דה וגה;
        הנשיא|ויליאם אשדאון; הדובר|מיכאיל גליץ'; השר|איסמעיל דמיר; הגנרל|טארק עזיז; הסנטור|ג'ורג' ויטקומב;
        המושל|ולדימיר סטוצקי; השגריר|ז'אן מורו; הנשיא|איבן קוברוב; השר|אלכסיי מרקוב; השופט|אבראהים חדאד;
        הגנרל|סמיר נסראללה; המאמן|כריסטיאן וירט; הנסיך|חאלד אל רשידי""",
    "ar": """
        الرئيس|دميتري كراسنوف; الوزير|ألكسندر بوردانوف; الجنرال|فيكتور سوموف; السفير|ستيفان ليندكويست;
        المدرب|لويس أورتيغا; القاضي|ماركوس روزنتال; السناتور|إدوارد ويلسون; الحاكم|كارلوس ميندوزا;
        الأمير|محمد بن سلمان; البروفيسور|سيرغي أبراموف; الدكتور|إيفان بيتروف; المستشار|أولاف شولتس;
        الحاخام|دافيد شتيرن; الجنرال|حسين نصار; الجنرال|حسن نصار; الشيخ|طارق عزيز; الرئيس|فلاديمير بوتين;
        الرئيس|إيمانويل ماكرون; السناتور|ريتشارد مارلو; السفير|إيغور دولسكي; الحاكم|دونالد أوكونور;
        القاضي|بنيامين روزنفيلد; الجنرال|بافل كروتوف; الوزير|أندريه زيلينسكي; الرئيس|ويليام أشداون;
        الوزير|إسماعيل ديمير; السناتور|جورج ويتكومب; الحاكم|ميخائيل ستوتسكي; السفير|جان مورو;
        الوزير|أليكسي ماركوف; القاضي|إبراهيم ديمير; المدرب|كريستيان ويرت; الأمير|خالد بن رشيد;
        الجنرال|سمير ويرتز; الشيخ|يوسف أكوفور; الدكتورة|فاطمة إدريس; السفير|توماس ليندغرين;
        الوزير|بيتر كوفاتش; الرئيس|روبرت فيتسو; المدير|دانيال كوهين""",
}  # fmt: skip
ROWS = [
    (language, *row.strip().split("|"))
    for language, rows in PEOPLE.items()
    for row in rows.split(";")
    if row.strip()
]


@pytest.mark.parametrize(("language", "title", "name"), ROWS, ids=[f"{row[0]}: {row[2]}" for row in ROWS])
def test_a_person_is_found_without_title_and_verb(language, title, name):
    text = FRAMES[language].format(f"{title} {name}".strip())
    assert [found.words for found in names(text, language)] == [name]


def test_every_language_has_forty_people():
    assert {language: rows.count("|") >= 40 for language, rows in PEOPLE.items()} == dict.fromkeys(PEOPLE, True)


def script_of(word: str) -> str:
    letter = next(sign for sign in word if sign.isalpha())
    return "en" if letter < "ʰ" else "ru" if letter < "\u0530" else "he" if letter < "\u0600" else "ar"


LISTED = tomllib.loads(resources.files("xsource.facts").joinpath("names_alike.toml").read_text("utf-8"))
NEAR_MISSES = [
    (one, other)
    for group in LISTED.values()
    for left, right in combinations(group, 2)
    for one in group[left].split()
    for other in group[right].split()
]


def test_names_that_sound_alike_are_two():
    assert len(NEAR_MISSES) >= 100
    same = [
        (one, other)
        for one, other in NEAR_MISSES
        if word_similarity(one, script_of(one), other, script_of(other)) > 0.4
    ]
    assert same == []


def test_the_spellings_of_one_name_are_one():
    apart = [
        (one, other)
        for group in LISTED.values()
        for spellings in group.values()
        for one, other in combinations(spellings.split(), 2)
        if word_similarity(one, script_of(one), other, script_of(other)) < 1
    ]
    assert apart == []


HUSSEIN = {
    "en": "Hussein Nassar spoke.",
    "ru": "Хусейн Нассар выступил.",
    "he": "הגנרל חוסיין נסאר דיבר.",
    "ar": "تحدث الجنرال حسين نصار.",
}
HASSAN = {
    "en": "Hassan Nassar spoke.",
    "ru": "Хасан Нассар выступил.",
    "he": "הגנרל חסן נסאר דיבר.",
    "ar": "تحدث الجنرال حسن نصار.",
}


@pytest.mark.parametrize("left", HUSSEIN)
@pytest.mark.parametrize("right", HUSSEIN)
def test_two_people_of_one_surname_are_two(left, right):
    (hussein,) = names(HUSSEIN[left], left)
    (hassan,) = names(HASSAN[right], right)
    (again,) = names(HUSSEIN[right], right)
    assert not is_same_name(hussein, hassan)
    assert is_same_name(hussein, again)
    assert find_name(hussein, HASSAN[right], right) is None
    assert find_name(hussein, HUSSEIN[right], right) == (again.start, again.end)


@pytest.mark.parametrize(
    "text", ["Nassar spoke.", "Mr Nassar spoke.", "H. Nassar spoke.", "“Yes,” Nassar said."]
)
def test_a_surname_alone_may_be_either(text):
    (hussein,) = names(HUSSEIN["en"], "en")
    assert find_name(hussein, text, "en") is not None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Abed Khaled/AP"),
        ("en", "Photo: Abed Khaled / Reuters"),
        ("en", "Photo by Abed Khaled"),
        ("ru", "Фото: Иван Ковров / РИА Новости"),
        ("he", "צילום: דמיטרי קרסנוב"),
        ("ar", "تصوير: دميتري كراسنوف"),
    ],
)
def test_a_credit_names_nobody(language, text):
    assert names(text, language) == ()


def test_a_stroke_between_two_places_is_no_credit():
    assert [found.words for found in names("The Moscow/Kyiv talks ended.", "en")] == ["Moscow", "Kyiv"]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("he", "מרינה סולקובה מסרה כי הגשר נסגר.", "מרינה סולקובה"),
        ("ar", "انفجار في كروكوس بضواحي المدينة", "كروكوس"),
        ("ru", "По словам Дениса Галузова, мост закрыт.", "Дениса Галузова"),
        ("en", "According to Denis Galuzov, it was closed.", "Denis Galuzov"),
    ],
)
def test_a_name_ends_before_the_verb_and_the_preposition(language, text, expected):
    assert [found.words for found in names(text, language)] == [expected]
