"""Comparisons to draw: one port blast told in four languages, the same by a hostile outlet, and a crowd."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from xsource.records import (
    Absence,
    Article,
    ArticleId,
    Claim,
    ClaimGroup,
    Comparison,
    Copy,
    Divergence,
    DivergenceId,
    Evidence,
    GroupId,
    Outlet,
    OutletId,
    Provenance,
    Review,
    Sentence,
    Silence,
    Story,
    StoryId,
    Translation,
)

FIRST = datetime(2024, 5, 14, 18, tzinfo=UTC)

TEXTS = {
    "ru": ("Погибли 17 человек, сообщила мэр.", "В городе объявлен траур."),
    "ar": ("وقتل 17 شخصا وفق رئيسة البلدية.", "أعلن الحداد في المدينة."),
    "he": ("23 בני אדם נהרגו, לפי ראש העיר.", "בעיר הוכרז אבל."),
    "en": ("Twenty streets were closed by the mayor.", "The town is in mourning."),
}
ENGLISH = {
    "ru": ("17 people died, the mayor said.", "Mourning was declared in the town."),
    "ar": ("17 people were killed, according to the mayor.", "Mourning was declared in the town."),
    "he": ("23 people were killed, by the mayor.", "Mourning was declared in the town."),
}

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "</style><style>*{display:none}</style>",
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\tTAB",
    "http://evil.example/clicked",
    "{{ 7*7 }}{% raw %}",
    "\u202e17\u202c\u2066\u2067",
    "\u0007\u001b[31m\u0000\ud800",
    "]]><svg onload=alert(1)>",
    "internal:'Quotes'!A1",
)


def make_claim(
    language: str, position: int = 0, *, text: str | None = None, outlet: Outlet | None = None, hour: float = 0
) -> Claim:
    """Make a claim by `{language}-paper`, with a translation where it needs one."""
    outlet = outlet or Outlet(OutletId(f"{language}-paper"), f"{language} paper", language)
    text = TEXTS[language][position] if text is None else text
    article_id = ArticleId(f"article-{outlet.id}")
    article = Article(
        article_id, outlet.id, f"https://{outlet.id}.example/1", "Blast", text, language, 1.0,
        FIRST + timedelta(hours=hour),
    )  # fmt: skip
    sentence = Sentence(
        Sentence.identify(article_id, position), article_id, position, 0, len(text), text, True, "number"
    )
    translation = None
    if language != "en":
        warnings = ("number lost: 23",) if language == "he" else ()
        english = ENGLISH[language][position]
        translation = Translation(sentence.id, "en", english, (language, "en"), "Argos 1.5", warnings)
    return Claim(sentence, article, outlet, translation)


def side_of(claim: Claim, words: str, value: str) -> Evidence:
    """Make one side of a divergence from words of a claim."""
    start = claim.sentence.text.index(words)
    return Evidence(
        claim.outlet.id, claim.article.id, claim.article.source, claim.sentence.id, claim.article.language,
        claim.sentence.text, start, start + len(words), words, value,
    )  # fmt: skip


def silence_of(claim: Claim) -> Silence:
    """Make the silence of a claim's outlet."""
    return Silence(claim.article, claim.sentence.id, 0.1)


def blast() -> Comparison:
    """Four outlets, two claims: a number on which Hebrew stands apart, an omission, and a day of mourning."""
    ru, ar, he = (make_claim(language, hour=hour) for hour, language in enumerate(("ru", "ar", "he")))
    en = make_claim("en", hour=7)
    killed = ClaimGroup(GroupId("g1"), StoryId("s1"), (ru, ar, he), (), (silence_of(en),))
    number = Divergence(
        "number", killed.id, (side_of(he, "23", "23"), side_of(ru, "17", "17"), side_of(ar, "17", "17")), 0.9,
        "he-paper has 23 “בני אדם”; ru-paper, ar-paper have 17",
    )  # fmt: skip
    omission = Divergence(
        "omission", killed.id, (side_of(ru, ru.sentence.text, "reported"),), 0.6, "en-paper leaves it out",
        (Absence(en.outlet.id, en.article.id, en.article.source),),
    )  # fmt: skip
    mourning = ClaimGroup(
        GroupId("g2"),
        StoryId("s1"),
        tuple(make_claim(language, 1, hour=hour) for hour, language in enumerate(("ru", "ar", "he", "en"))),
    )
    articles = tuple(claim.article for claim in (ru, ar, he, en))
    story = Story(
        StoryId("s1"), "Взрыв в порту", tuple(article.id for article in articles), FIRST,
        FIRST + timedelta(hours=7),
    )  # fmt: skip
    return Comparison(
        tuple(claim.outlet for claim in (ru, ar, he, en)), articles, (story,), (killed, mourning),
        (number, omission), (en,), (Copy(ru.article.id, ar.article.id, 0.9, is_translated=True),),
        Provenance("0", "e", 1),
    )  # fmt: skip


def reviewed() -> Comparison:
    """Give the blast with what two analysts said: the number is wrong, the omission holds."""
    comparison = blast()
    number, omission = comparison.divergences
    said = Review("wrong", "נכתב לפני העדכון, 17 = 17.", "עדה", FIRST + timedelta(days=1))
    holds = Review("confirmed", "", "Boris", FIRST + timedelta(days=2), (OutletId("ru-paper"),))
    return replace(
        comparison,
        divergences=(
            replace(number, id=DivergenceId("aaaa1111ffff"), review=said),
            replace(omission, id=DivergenceId("bbbb2222ffff"), review=holds),
        ),
    )


def hostile(text: str) -> Comparison:
    """Give the blast with a text in every place where an outlet's words or a file's fields go."""
    outlet = Outlet(OutletId("bad-paper"), text, "en", None, text)
    claim = make_claim("en", text=text, outlet=outlet)
    article = replace(claim.article, source=text, title=text, agency=text)
    claim = replace(
        claim,
        article=article,
        translation=Translation(claim.sentence.id, "en", text, ("en", "en"), text, (text,)),
    )
    other = make_claim("ru", hour=1)
    group = ClaimGroup(GroupId("g1"), StoryId("s1"), (claim, other), (), ())
    whole = replace(side_of(other, "17", text), sentence=text, words=text, start=0, end=len(text))
    sides = (
        replace(side_of(claim, text, text), article_url=text),
        replace(whole, sentence_id=claim.sentence.id),
    )
    divergence = Divergence(
        "number", group.id, sides, 0.9, text, id=DivergenceId("0a1b2c3d4e5f"),
        review=Review("wrong", text, text, FIRST, (other.outlet.id,)),
    )  # fmt: skip
    story = Story(StoryId("s1"), text, (article.id, other.article.id), FIRST, FIRST)
    return Comparison(
        (outlet, other.outlet), (article, other.article), (story,), (group,), (divergence,), (claim,), (),
        Provenance("0", text, 1),
    )  # fmt: skip


def crowd(outlets: int = 40, claims: int = 300, makers: int = 8) -> Comparison:
    """Give one story of many outlets; each claim is made by `makers` of them, and two in three differ."""
    draw = random.Random(7)
    languages = ("ru", "ar", "he", "en")
    papers = [
        Outlet(OutletId(f"paper-{number:02}"), f"Paper {number}", languages[number % 4])
        for number in range(outlets)
    ]
    said: list[Claim] = []
    groups: list[ClaimGroup] = []
    divergences: list[Divergence] = []
    articles = {
        paper.id: make_claim(paper.language or "en", outlet=paper, hour=draw.uniform(0, 60)).article
        for paper in papers
    }
    for number in range(claims):
        making = sorted(draw.sample(range(outlets), makers))
        own = [_crowd_claim(papers[index], articles, number, draw) for index in making]
        silent = tuple(_crowd_silence(articles[p.id]) for p in papers if papers.index(p) not in making)
        group = ClaimGroup(GroupId(f"g{number}"), StoryId("s1"), tuple(own), (), silent)
        groups.append(group)
        said += own
        if number % 3:
            sides = tuple(
                side_of(claim, str(number), str(number + (index == 0))) for index, claim in enumerate(own)
            )
            divergences.append(
                Divergence("number", group.id, sides, draw.uniform(0.5, 0.99), "one has another")
            )
    story = Story(
        StoryId("s1"), "A long story", tuple(article.id for article in articles.values()), FIRST, FIRST
    )
    return Comparison(
        tuple(papers), tuple(articles.values()), (story,), tuple(groups), tuple(divergences), (), (),
        Provenance("0", "e", 1),
    )  # fmt: skip


def _crowd_claim(paper: Outlet, articles: dict[OutletId, Article], number: int, draw: random.Random) -> Claim:
    language = paper.language or "en"
    pieces: Sequence[str] = TEXTS[language]
    # About 120 letters, as a sentence of news has.
    text = f"{number} {pieces[0]} {pieces[1]} {draw.choice(pieces)} {draw.choice(pieces)}"
    claim = make_claim(language, text=text, outlet=paper)
    sentence = replace(
        claim.sentence,
        id=Sentence.identify(paper.id, number),
        position=number,
        article_id=articles[paper.id].id,
    )
    translation = claim.translation and replace(
        claim.translation, sentence_id=sentence.id, text=f"{number} " + " ".join(ENGLISH[language] * 2)
    )
    return replace(claim, sentence=sentence, article=articles[paper.id], translation=translation)


def _crowd_silence(article: Article) -> Silence:
    return Silence(article, None, 0.1)
