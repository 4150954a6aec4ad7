"""Lines that an editor wrapped become whole paragraphs again, also where a script has no capitals."""

import textwrap

import pytest
from ingest.pages import SAMPLES

from xsource.ingest.clean import clean_text

MORE = {
    "ru": """Спасатели подняли на берег шестнадцать человек. Двое из них в тяжелом состоянии, сообщили
в больнице, куда доставили пострадавших. Поиски продолжатся утром, когда стихнет ветер.""",
    "he": """המחלצים העלו לחוף שישה עשר בני אדם. שניים מהם במצב קשה, נמסר מבית החולים שאליו פונו הנפגעים.
החיפושים יימשכו בבוקר, כאשר תיחלש הרוח, הוסיף דובר המשטרה.""",
    "ar": """انتشل المنقذون ستة عشر شخصا إلى الشاطئ. اثنان منهم في حالة خطيرة، بحسب المستشفى الذي نقل إليه
المصابون. ويستأنف البحث صباحا عندما تهدأ الرياح، كما أضاف المتحدث باسم الشرطة.""",
    "en": """Rescuers brought sixteen people ashore. Two of them are in a serious condition, the hospital said
to which they were taken. The search will go on in the morning, when the wind drops.""",
}


def paragraphs_of(language):
    return (*SAMPLES[language].paragraphs, " ".join(MORE[language].split()))


@pytest.mark.parametrize("width", [45, 60, 72, 80, 100])
@pytest.mark.parametrize("language", ["ru", "he", "ar", "en"])
def test_wrapped_paragraphs_are_whole_again(language, width):
    paragraphs = paragraphs_of(language)
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in paragraphs)
    assert clean_text(text) == "\n\n".join(paragraphs)


@pytest.mark.parametrize("language", ["ru", "he", "ar", "en"])
def test_short_paragraphs_of_two_lines_are_whole_too(language):
    sentences = [part.strip() + "." for part in MORE[language].replace("\n", " ").split(". ") if part]
    paragraphs = [part.removesuffix("..") + "." if part.endswith("..") else part for part in sentences] * 2
    text = "\n\n".join(textwrap.fill(paragraph, 45) for paragraph in paragraphs)
    assert clean_text(text) == "\n\n".join(paragraphs)


@pytest.mark.parametrize("language", ["ru", "he", "ar", "en"])
def test_one_line_a_paragraph_stays_one_line_a_paragraph(language):
    paragraphs = paragraphs_of(language)
    assert clean_text("\n".join(paragraphs)) == "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    "headlines",
    [
        (
            "Talks put off until Monday in the capital",
            "Bridge closed for repairs until the spring",
            "Four rescued",
        ),
        (
            "تأجيل المحادثات إلى يوم الاثنين المقبل",
            "إغلاق الجسر حتى نهاية فصل الشتاء",
            "إنقاذ أربعة صيادين قبالة الساحل",
        ),
        (
            "השיחות נדחו ליום שני הקרוב בבירה",
            "הגשר ייסגר לתנועה עד סוף החורף",
            "ארבעה דייגים חולצו מול החוף הצפוני",
        ),
    ],
)
def test_headlines_below_each_other_stay_apart(headlines):
    assert clean_text("\n".join(headlines)) == "\n\n".join(headlines)
