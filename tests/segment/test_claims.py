"""Which sentences state something, and the reason that is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsource.records import LANGUAGES
from xsource.segment.claims import judge_claim

CASES = [
    ("en", "Officials in Gaza say more than 7,000 Palestinians have been killed.", True, "has a number"),
    ("en", "“This is very bad,” he said.", True, "quotes someone"),
    ("en", "He agreed.", True, "states something"),
    ("en", "The reporting by Reuters was confirmed by two officials.", True, "states something"),
    ("en", "I think that the ceasefire will not hold beyond Friday night.", True, "states something"),
    ("en", "Will the ceasefire hold?", False, "question"),
    ("en", "“Will it hold?”", False, "question"),
    ("en", "You May Also Like", False, "page furniture"),
    ("en", "+ There are no comments", False, "page furniture"),
    ("en", "#Russia #invites #Hamas", False, "page furniture"),
    ("en", "Read more: What we know so far", False, "page furniture"),
    ("en", "Good morning, everyone.", False, "greeting"),
    ("en", "Let's wait and see.", False, "call to the reader"),
    ("en", "I think it is awful.", False, "opinion only"),
    ("en", "Wow!", False, "too short"),
    ("en", "* * *", False, "no words"),
    ("en", "2023", False, "no words"),
    ("ru", "Погибли 14 человек.", True, "has a number"),
    ("ru", "Песков отказался комментировать.", True, "states something"),
    ("ru", "«Это очень плохо», — сказал он.", True, "quotes someone"),
    ("ru", "Реклама на телевидении подорожала.", True, "states something"),
    ("ru", "Удержится ли перемирие?", False, "question"),
    ("ru", "Читайте также: Что известно к этому часу", False, "page furniture"),
    ("ru", "Реклама", False, "page furniture"),
    ("ru", "Добрый вечер, друзья.", False, "greeting"),
    ("ru", "Давайте подождём.", False, "call to the reader"),
    ("ru", "Мне кажется, это ужасно.", False, "opinion only"),
    ("ru", "Ужас!", False, "too short"),
    ("he", "14 בני אדם נהרגו.", True, "has a number"),
    ("he", "שלום בין המדינות נחתם בקהיר.", True, "states something"),
    ("he", "„זה רע מאוד“, אמר.", True, "quotes someone"),
    ("he", "האם הפסקת האש תחזיק?", False, "question"),
    ("he", "קראו עוד: כל מה שידוע", False, "page furniture"),
    ("he", "שלום, חברים.", False, "greeting"),
    ("he", "בואו נחכה.", False, "call to the reader"),
    ("he", "לדעתי זה נורא.", False, "opinion only"),
    ("he", "די!", False, "too short"),
    ("ar", "قتل ١٤ شخصا.", True, "has a number"),
    ("ar", "إعلان حالة الطوارئ في العاصمة.", True, "states something"),
    ("ar", "شارك الرئيس في القمة.", True, "states something"),
    ("ar", "«هذا سيئ جدا»، قال المتحدث.", True, "quotes someone"),
    ("ar", "هل تصمد الهدنة؟", False, "question"),
    ("ar", "اقرأ أيضا: ما نعرفه حتى الآن", False, "page furniture"),
    ("ar", "إعلان", False, "page furniture"),
    ("ar", "صباح الخير جميعا.", False, "greeting"),
    ("ar", "دعونا ننتظر.", False, "call to the reader"),
    ("ar", "في رأيي هذا فظيع.", False, "opinion only"),
    ("ar", "كفى!", False, "too short"),
]


@pytest.mark.parametrize(("language", "text", "is_claim", "reason"), CASES)
def test_a_sentence_is_judged_with_its_reason(language, text, is_claim, reason):
    assert judge_claim(text, language) == (is_claim, reason)


@given(st.text(max_size=80), st.sampled_from(LANGUAGES))
def test_every_text_gets_a_verdict_and_a_reason(text, language):
    is_claim, reason = judge_claim(text, language)
    assert reason
    assert not is_claim or any(character.isalpha() for character in text)
