"""Own-written news pages in four languages, in the shape of the outlets' own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sample:
    """A page and what must come out of it. The text's paragraphs are separated by blank lines."""

    outlet: str
    url: str
    title: str
    text: str
    furniture: tuple[str, ...]
    language: str

    @property
    def paragraphs(self):
        return tuple(" ".join(paragraph.split()) for paragraph in self.text.split("\n\n"))


SAMPLES = {
    "ru": Sample(
        "kommersant",
        "https://www.kommersant.ru/doc/7000001",
        "Переговоры о перемирии перенесли на понедельник",
        """Переговоры о прекращении огня, которые должны были начаться в субботу, перенесены на понедельник. Об
этом сообщил представитель министерства иностранных дел на брифинге в столице.

По его словам, обе делегации уже прибыли в город и провели предварительную встречу с посредниками.
Она продолжалась около трех часов, подробности стороны не раскрывают.

«Мы рассчитываем, что документ будет согласован до конца недели», — сказал дипломат. Ранее источники
сообщали, что в проекте соглашения осталось четыре спорных пункта.""",
        (
            "Читайте также: Что известно о проекте соглашения",
            "Подписывайтесь на наш канал",
            "Фото: пресс-служба министерства",
        ),
        "ru",
    ),
    "he": Sample(
        "maariv",
        "https://www.maariv.co.il/news/politics/Article-1000001",
        "שיחות הפסקת האש נדחו ליום שני",
        """השיחות על הפסקת האש, שהיו אמורות להתחיל בשבת, נדחו ליום שני. כך מסר דובר משרד החוץ בתדרוך לעיתונאים
שנערך בבירה בשעות הצהריים.

לדבריו, שתי המשלחות כבר הגיעו לעיר וקיימו פגישה מקדימה עם המתווכים. הפגישה נמשכה כשלוש שעות, והצדדים
מסרבים למסור פרטים על תוכנה.

״אנחנו מקווים שהמסמך יסוכם עד סוף השבוע״, אמר הדיפלומט. קודם לכן מסרו גורמים המעורים בשיחות כי
בטיוטת ההסכם נותרו ארבעה סעיפים שנויים במחלוקת.""",
        (
            "קראו עוד: מה ידוע על טיוטת ההסכם",
            "הירשמו לניוזלטר שלנו",
            "צילום: דוברות המשרד",
        ),
        "he",
    ),
    "ar": Sample(
        "asharq-al-awsat",
        "https://aawsat.com/node/5000001",
        "تأجيل محادثات وقف إطلاق النار إلى الاثنين",
        """تأجلت محادثات وقف إطلاق النار التي كان من المقرر أن تبدأ يوم السبت إلى يوم الاثنين، بحسب ما أعلنه
متحدث باسم وزارة الخارجية في إحاطة صحفية في العاصمة.

وقال إن الوفدين وصلا بالفعل إلى المدينة وعقدا اجتماعا تمهيديا مع الوسطاء استمر نحو ثلاث ساعات، ولم
يكشف الطرفان عن تفاصيل ما دار فيه.

وأضاف الدبلوماسي: «نأمل أن تكتمل صياغة الوثيقة قبل نهاية الأسبوع». وكانت مصادر قد ذكرت في وقت سابق
أن أربعة بنود ما زالت موضع خلاف في مسودة الاتفاق.""",
        (
            "اقرأ أيضاً: ما نعرفه عن مسودة الاتفاق",
            "اشترك في نشرتنا البريدية",
            "شارك المقال",
        ),
        "ar",
    ),
    "en": Sample(
        "times-of-israel",
        "https://www.timesofisrael.com/ceasefire-talks-put-off-until-monday/",
        "Ceasefire talks put off until Monday",
        """Talks on a ceasefire that were to begin on Saturday have been put off until Monday, a spokesman for
the foreign ministry told reporters at a briefing in the capital.

Both delegations have already arrived in the city and held a preliminary meeting with the mediators,
he said. It lasted about three hours; neither side would give details.

“We expect the document to be agreed by the end of the week,” the diplomat said. Sources had said
earlier that four points in the draft agreement were still disputed.""",
        (
            "Read more: What is known of the draft",
            "Subscribe to our daily newsletter",
            "Share this article",
        ),
        "en",
    ),
}


def build_page(sample, *, charset=None, head="", variant=0, canonical=True):
    """Write a news page: navigation, headline, body with furniture in it, a sidebar and a footer."""
    declaration = f'<meta charset="{charset}">' if charset else ""
    link = f'<link rel="canonical" href="{sample.url}">' if canonical else ""
    body = []
    for number, paragraph in enumerate(sample.paragraphs):
        body.append(f"<p>{paragraph}</p>")
        body.append(f"<p>{sample.furniture[(number + variant) % len(sample.furniture)]}</p>")
    wrappers = [
        ("<article>", "</article>"),
        ('<div class="article-body" itemprop="articleBody">', "</div>"),
        ('<main><section class="content">', "</section></main>"),
        ('<div id="content"><div class="post-content">', "</div></div>"),
        ('<table width="100%"><tr><td><div class="entry-content">', "</div></td></tr></table>"),
    ]
    opening, closing = wrappers[variant % len(wrappers)]
    return (
        f'<!DOCTYPE html><html lang="{sample.language}"><head>{declaration}<title>{sample.title} | Site</title>'
        f'<meta property="og:title" content="{sample.title}">{link}{head}</head><body>'
        f'<nav><ul><li><a href="/">1</a></li><li><a href="/news">2</a></li></ul></nav>'
        f"{opening}<h1>{sample.title}</h1>{''.join(body)}{closing}"
        f'<aside><ul><li><a href="/x">{sample.title}</a></li></ul></aside>'
        f"<footer>© 2026</footer></body></html>"
    )
