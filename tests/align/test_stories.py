"""Articles about one event inside a time window."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from xsource.align import digest_articles, find_stories, join_digests, kinship, stories
from xsource.records import Article, ArticleId

CODES = ("ru", "he", "ar", "en")


class Newsroom:
    """Articles and what they say, to be sorted into stories."""

    def __init__(self, world, reference) -> None:
        self.world, self.reference = world, reference
        self.articles: list[Article] = []
        self.said: dict[ArticleId, list[tuple[str, str]]] = {}

    def publish(self, name, outlet, language, claims, days=0.0) -> None:
        made = self.world.article(name, outlet, language, days=days)
        self.articles.append(made)
        self.said[made.id] = [(claim, language) for claim in claims]

    def digests(self, articles):
        owners = [article.id for article in articles for _ in self.said[article.id]]
        said = [pair for article in articles for pair in self.said[article.id]]
        languages = [code for _, code in said]
        vectors = self.reference.centre(self.vectors_of(said), languages)
        return digest_articles([a.id for a in articles], owners, languages, vectors, self.reference)

    def vectors_of(self, said):
        # One vector a sentence, whatever order the articles are looked at in.
        known = self.__dict__.setdefault("known", {})
        for pair in said:
            if pair not in known:
                known[pair] = self.world.vectors([pair])[0]
        return np.array([known[pair] for pair in said]) if said else self.world.vectors([])

    def find(self, articles=None, **options):
        articles = self.articles if articles is None else articles
        found = find_stories(articles, self.digests(articles), self.reference, **options)
        return [set(story.article_ids) for story in found]


@pytest.fixture
def newsroom(world, reference) -> Newsroom:
    return Newsroom(world, reference)


def event(name: str, which: str) -> list[str]:
    return [f"{name} {letter}" for letter in which]


def test_reports_of_one_event_are_one_story_and_another_event_another(newsroom):
    for i, code in enumerate(CODES):
        newsroom.publish(f"talks {code}", code, code, event("talks", "abcdef"), days=i / 24)
        newsroom.publish(f"fire {code}", code, code, event("fire", "abcdef"), days=i / 24)
    assert newsroom.find() == [
        {f"talks {c}" for c in CODES},
        {f"fire {c}" for c in CODES},
    ] or newsroom.find() == [
        {f"fire {c}" for c in CODES},
        {f"talks {c}" for c in CODES},
    ]


def test_reports_that_share_half_of_their_claims_are_one_story(newsroom):
    newsroom.publish("long", "tass", "ru", event("talks", "abcdefgh"))
    newsroom.publish("short", "bbc", "en", event("talks", "abde") + ["reaction"])
    newsroom.publish("other", "bbc", "en", event("match", "abcde"))
    assert sorted(map(sorted, newsroom.find())) == [["long", "short"], ["other"]]


def test_the_same_words_a_month_later_are_another_story(newsroom):
    newsroom.publish("then", "tass", "ru", event("talks", "abcdef"))
    newsroom.publish("now", "bbc", "en", event("talks", "abcdef"), days=30)
    assert newsroom.find() == [{"then"}, {"now"}]
    assert newsroom.find(max_gap_days=31) == [{"then", "now"}]


def test_no_story_is_longer_than_the_window(newsroom):
    for day in range(12):
        newsroom.publish(f"day {day:02d}", f"outlet {day}", CODES[day % 4], event("siege", "abcdef"), days=day)
    articles = {article.id: article for article in newsroom.articles}
    for story in newsroom.find(max_gap_days=4):
        dates = [articles[name].published_at for name in story]
        assert max(dates) - min(dates) <= timedelta(days=4)
        assert len(story) > 1


def test_two_wire_stories_on_one_topic_that_many_print_stay_two(newsroom):
    shared = event("topic", "abcd")
    for i, code in enumerate(CODES):
        newsroom.publish(f"first {i}", f"a {code}", code, [*event("first", "efgh"), *shared])
        newsroom.publish(f"second {i}", f"b {code}", code, [*shared, *event("second", "efgh")])
    assert sorted(map(len, newsroom.find())) == [4, 4]
    # One report of each wording is one story: neither has printings that it is closer to.
    alone = [article for article in newsroom.articles if article.id in {"first 0", "second 1"}]
    assert newsroom.find(alone) == [{"first 0", "second 1"}]


def test_an_outlets_update_days_later_joins_the_story(newsroom):
    newsroom.publish("first", "tass", "ru", event("quake", "abcdef"))
    newsroom.publish("update", "tass", "ru", [*event("quake", "abcd"), "new toll"], days=2)
    newsroom.publish("other outlet", "haaretz", "he", event("quake", "abcde"), days=1)
    assert newsroom.find() == [{"first", "update", "other outlet"}]


def test_articles_without_a_date_join_by_what_they_say(newsroom):
    newsroom.publish("dated", "tass", "ru", event("talks", "abcdef"))
    newsroom.publish("undated", "bbc", "en", event("talks", "abcdef"), days=None)
    newsroom.publish("undated alone", "bbc", "en", event("storm", "abcdef"), days=None)
    found = find_stories(newsroom.articles, newsroom.digests(newsroom.articles), newsroom.reference)
    assert [story.article_ids for story in found] == [("dated", "undated"), ("undated alone",)]
    assert found[0].first_published == found[0].last_published == newsroom.articles[0].published_at
    assert found[1].first_published is None
    assert found[1].title == "Title of undated alone"


def test_every_article_is_in_exactly_one_story_one_without_sentences_too(newsroom):
    newsroom.publish("empty", "tass", "ru", [])
    newsroom.publish("single", "bbc", "en", ["one line"])
    for i, code in enumerate(CODES):
        newsroom.publish(f"talks {i}", code, code, event("talks", "abcde"))
    members = [name for story in newsroom.find() for name in story]
    assert sorted(members) == sorted(article.id for article in newsroom.articles)
    assert {"empty"} in newsroom.find()


def test_no_articles_make_no_stories(newsroom):
    newsroom.publish("x", "tass", "ru", ["a"])
    assert find_stories([], newsroom.digests([]), newsroom.reference) == []


def test_the_order_of_the_articles_changes_nothing(newsroom):
    for name in ("talks", "fire", "vote"):
        for i, code in enumerate(CODES):
            newsroom.publish(f"{name} {code}", code, code, event(name, "abcdefg"[i:]), days=i / 3)
    expected = find_stories(newsroom.articles, newsroom.digests(newsroom.articles), newsroom.reference)
    for seed in range(4):
        order = np.random.default_rng(seed).permutation(len(newsroom.articles))
        shuffled = [newsroom.articles[i] for i in order]
        assert find_stories(shuffled, newsroom.digests(shuffled), newsroom.reference) == expected


def test_a_story_keeps_its_id_when_a_later_article_joins(newsroom):
    newsroom.publish("first", "tass", "ru", event("talks", "abcdef"))
    newsroom.publish("second", "bbc", "en", event("talks", "abcdef"), days=1)
    (before,) = find_stories(newsroom.articles, newsroom.digests(newsroom.articles), newsroom.reference)
    newsroom.publish("third", "haaretz", "he", event("talks", "abcdef"), days=2)
    (after,) = find_stories(newsroom.articles, newsroom.digests(newsroom.articles), newsroom.reference)
    assert after.id == before.id
    assert after.article_ids == ("first", "second", "third")


def test_digests_made_in_blocks_are_those_made_at_once(newsroom):
    for i, code in enumerate(CODES):
        newsroom.publish(f"talks {i}", code, code, event("talks", "abcdefghijk"[i:]))
    at_once = newsroom.digests(newsroom.articles)
    blocks = join_digests(
        iter([newsroom.digests(newsroom.articles[:1]), newsroom.digests(newsroom.articles[1:])]),
        len(newsroom.articles),
    )
    assert blocks.ids == at_once.ids
    assert blocks.vectors == pytest.approx(at_once.vectors, abs=1e-6)
    assert blocks.leads.articles == at_once.leads.articles
    assert blocks.leads.hubness == pytest.approx(at_once.leads.hubness, abs=1e-6)


def test_digests_of_other_articles_are_refused(newsroom):
    newsroom.publish("a", "tass", "ru", ["a"])
    newsroom.publish("b", "bbc", "en", ["b"])
    with pytest.raises(ValueError, match="not of the 2 articles"):
        find_stories(newsroom.articles, newsroom.digests(newsroom.articles[::-1]), newsroom.reference)


def test_kinship_is_highest_between_reports_of_one_event(newsroom):
    newsroom.publish("a", "tass", "ru", event("talks", "abcd"))
    newsroom.publish("b", "bbc", "en", event("talks", "abcd"))
    newsroom.publish("c", "bbc", "en", event("vote", "abcd"))
    digests = newsroom.digests(newsroom.articles)
    assert kinship(digests, newsroom.reference, "a", "b") > 1.5
    assert kinship(digests, newsroom.reference, "a", "c") < 0.4


def test_cells_find_the_stories_that_comparing_all_finds(newsroom, monkeypatch):
    for i in range(40):
        for code in CODES:
            newsroom.publish(f"event {i} {code}", code, code, event(f"event {i}", "abcd"), days=i / 50)
    expected = newsroom.find()
    monkeypatch.setattr(stories, "_EXACT_WINDOW", 20)
    assert newsroom.find() == expected
    assert len(expected) == 40
