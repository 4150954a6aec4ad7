"""Which lines of a page go, which stay, and that each that goes is counted."""

import pytest
from cpu_seconds import least_cpu_seconds
from hypothesis import given
from hypothesis import strategies as st

from xsource.ingest.furniture import LinePatterns, cut_crawler_head, fold_line, remove_furniture

BODY = {
    "en": "The ministry said on Friday that the talks would go on.",
    "ru": "Министерство сообщило в пятницу, что переговоры продолжатся.",
    "he": "המשרד מסר ביום שישי כי השיחות יימשכו.",
    "ar": "قالت الوزارة يوم الجمعة إن المحادثات ستستمر.",
}

FURNITURE = [
    "You May Also Like", "More From Author", "+ There are no comments", "Add yours",
    "#Russia #defends #talks", "► Read more: Talks end in deadlock", "Share this article", "SHARE:",
    "12 comments", "3 min read", "Photo: A. Person", "Subscribe to our daily newsletter",
    "© 2026 The Evening Post", "* * *", "Tags: talks, ceasefire",
    "Читайте также: В Москве прошли переговоры", "Поделиться в соцсетях", "15 комментариев",
    "Фото: пресс-служба", "Подписывайтесь на наш канал", "РЕКЛАМА", "#переговоры #москва",
    "Нашли ошибку? Выделите ее и нажмите Ctrl+Enter", "קראו עוד: השיחות במוסקבה", "שתפו ב-WhatsApp",
    "צילום: דוברות המשרד", "הירשמו לניוזלטר שלנו", "3 תגובות", "פרסומת",
    "اقرأ أيضاً: المحادثات في موسكو", "شارك عبر واتساب", "لا توجد تعليقات", "اشترك في النشرة البريدية",
    "جميع الحقوق محفوظة 2026",
]  # fmt: skip

PROSE = [
    "Share prices fell after the announcement, traders said.",
    "More than 1,000 people were displaced by the fighting.",
    "Photographs of the scene showed damaged buildings.",
    "Comments by the minister drew criticism.",
    "Читайте законы внимательно, посоветовал судья.",
    "Видео с камер показало, что он пришел в 4:40 утра.",
    "Фотографии подтвердили слова очевидцев.",
    "צפון קוריאה הודיעה כי לא תפרוק את נשקה.",
    "צילומי אוויר הראו את היקף הנזק.",
    "شارك الوزير في الاجتماع الذي عقد في موسكو.",
    "إعلان وقف إطلاق النار جاء بعد ساعات من القصف.",
    "#1 on the list was the capital.",
    "Мы верим, что такие шаги необходимы.",
    "Мы вместе в такой ситуации.",
    "Sharing one's bed was common then.",
    "Related companies were also fined, the court said.",
]


@pytest.mark.parametrize("line", FURNITURE)
def test_a_line_of_furniture_goes_and_is_counted(line):
    trimmed = remove_furniture(f"{BODY['en']}\n\n{line}\n\n{BODY['ru']}")
    assert trimmed.text == f"{BODY['en']}\n\n{BODY['ru']}"
    assert trimmed.removed == (line,)


@pytest.mark.parametrize("line", PROSE)
def test_prose_that_begins_like_furniture_stays(line):
    assert remove_furniture(line).text == line


@pytest.mark.parametrize("opener", ["You May Also Like", "Читайте также:", "קראו גם", "اقرأ أيضًا"])
def test_headlines_under_a_list_go_with_it_until_the_article_goes_on(opener):
    text = "\n\n".join(
        [BODY["en"], opener, "Talks end without result", "«Ничего нового»: чем кончилась встреча", BODY["he"]]
    )
    trimmed = remove_furniture(text)
    assert trimmed.text == f"{BODY['en']}\n\n{BODY['he']}"
    assert len(trimmed.removed) == 3


@pytest.mark.parametrize("language", sorted(BODY))
@pytest.mark.parametrize("ending", ["Comments", "Комментарии", "תגובות", "التعليقات"])
def test_readers_comments_behind_the_article_go(language, ending):
    body = [BODY[language]] * 6
    trimmed = remove_furniture(
        "\n\n".join([*body, ending, "Reader: I do not believe a word of it.", "Me neither."])
    )
    assert trimmed.text == "\n\n".join(body)
    assert len(trimmed.removed) == 3


def test_a_word_that_ends_articles_does_not_end_one_that_has_hardly_begun():
    trimmed = remove_furniture(f"Comments\n\n{BODY['en']}")
    assert BODY["en"] in trimmed.text


def test_an_outlets_own_boilerplate_goes():
    patterns = ("Подробнее — в материале «Ъ»*", "*own app*", "Edition #")
    text = f"{BODY['ru']}\n\nПодробнее — в материале «Ъ» «О встрече»\n\nTry our own app today\n\nEdition 12"
    assert remove_furniture(text, patterns).text == BODY["ru"]
    assert len(remove_furniture(text, patterns).removed) == 3


def test_folding_meets_spellings():
    assert fold_line("► اقرأ أيضًا :") == fold_line("اقرأ أيضا")
    assert fold_line("ЕЩЁ") == fold_line("ещё")


@given(st.lists(st.sampled_from([*FURNITURE, *BODY.values(), *PROSE]), max_size=12))
def test_every_line_is_kept_or_counted(lines):
    trimmed = remove_furniture("\n\n".join(lines))
    kept = trimmed.text.split("\n\n") if trimmed.text else []
    assert sorted([*kept, *trimmed.removed]) == sorted(lines)


@pytest.mark.parametrize("unit", ["a", "# ", "#a ", "photo ", "שתפו ", "* ", "share via ", "1,"])
def test_time_grows_with_length_on_hostile_lines(unit):
    patterns = LinePatterns.compile(["*a*b*c", "# min *"])

    line = unit * (1_000_000 // len(unit))

    def trim() -> None:
        remove_furniture("\n\n".join([line] * 3), ("*a*b*c",))
        patterns.match(line[:240])

    assert least_cpu_seconds(trim, enough=2) < 2


@pytest.mark.parametrize(
    ("text", "rest", "day"),
    [
        ("date 2025-05-04\n\nTalks began on Friday.", "Talks began on Friday.", "2025-05-04"),
        ("date 2025-05-04 Talks began on Friday.", "Talks began on Friday.", "2025-05-04"),
        (
            "Date: 2025-05-04T10:00:00Z\n\nurl: https://a.example/1\n\nTalks began.",
            "Talks began.",
            "2025-05-04T10:00:00Z",
        ),
        ("date 2025-05 WORLD Talks began on Friday.", "Talks began on Friday.", "2025-05"),
        ("дата 2025-05-04 Переговоры начались.", "Переговоры начались.", "2025-05-04"),
        ("Date palms are dying.", "Date palms are dying.", None),
        ("Published in 2025, the book is long.", "Published in 2025, the book is long.", None),
        ("Source: the ministry said so on Friday.", "Source: the ministry said so on Friday.", None),
    ],
)
def test_what_a_crawler_wrote_before_a_text_goes(text, rest, day):
    found = cut_crawler_head(text)
    assert (found.text, found.day) == (rest, day)
