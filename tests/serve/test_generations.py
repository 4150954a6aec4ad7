"""A build while pages are served: every page is of one state of the index, and the new one comes by itself."""

from __future__ import annotations

import asyncio
import shutil
import threading
import time

from lxml import html as lxml_html
from serve.conftest import QUICK, opened, truce_articles, write_articles

from xsource.pipeline import Filters, build, find_articles, remove_articles
from xsource.serve.desk import Desk
from xsource.store import open_index


def state_of(client):
    """Give what the front page says: the generation and the counts, which belong together."""
    page = lxml_html.document_fromstring(client.get("/").text)
    (told,) = page.xpath("//p[@class='sum']")
    (foot,) = page.xpath("//footer/p[last()]")
    return foot.text_content().split("generation ")[1].split()[0], " ".join(told.text_content().split())


def wait_for(question, seconds=60.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if question():
            return True
        time.sleep(0.1)
    return False


def test_a_build_while_serving_is_shown_when_it_is_there_and_never_in_part(own_index, tmp_path):
    index = own_index
    with opened(index) as client:
        before = state_of(client)
        assert before[1].startswith("3 articles by 3 outlets; 1 story")
        seen, stop = set(), threading.Event()

        def read():
            while not stop.is_set():
                seen.add(state_of(client))

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        build([write_articles(tmp_path / "more", truce_articles())], index, QUICK)
        arrived = wait_for(lambda: any("5 articles" in told for _, told in seen))
        stop.set()
        for reader in readers:
            reader.join()
        assert arrived
        after = state_of(client)
        assert after[1].startswith("5 articles by 5 outlets; 2 stories")
        # Each generation says one thing only: no page mixes two.
        assert len({generation for generation, _ in seen}) == len(seen)
        assert {before, after} <= seen


def test_an_article_that_a_build_takes_away_is_no_longer_there(own_index, tmp_path):
    index = own_index
    with opened(index) as client:
        page = lxml_html.document_fromstring(
            client.get("/search", params={"q": "explosion", "outlet": "sea-view"}).text
        )
        address = page.xpath("//a[@class='context']/@href")[0].partition("#")[0]
        assert client.get(address).status_code == 200
        remove_articles(index, [article.id for article in find_articles(index, ["sea-view"])])
        assert wait_for(lambda: client.get(address).status_code == 404)
        assert "2 articles by 2 outlets" in state_of(client)[1]


def test_models_are_loaded_once(own_index, tmp_path):
    index = own_index
    desk = Desk(index, QUICK)

    async def renewed():
        with desk.reading() as first:
            await first.search("explosion in the port", filters=Filters(), top=3, patience=None)
            embedder = first._comparing.models.embedder
        assert not await desk.renew()
        build([write_articles(tmp_path / "more", truce_articles())], index, QUICK)
        assert await desk.renew()
        with desk.reading() as second:
            assert second is not first
            await second.search("ceasefire", filters=Filters(), top=3, patience=None)
            assert second._comparing.models.embedder is embedder
        await desk.close()

    asyncio.run(renewed())


def test_a_page_that_is_being_made_keeps_its_edition(own_index, tmp_path):
    index = own_index
    desk = Desk(index, QUICK)

    async def held():
        with desk.reading() as first:
            before = await first.contents(None)
            build([write_articles(tmp_path / "more", truce_articles())], index, QUICK)
            assert await desk.renew()
            # Asked of the old edition after the new one came: still the old state.
            comparison = await first.compare(before.stories[0].id, None)
            assert comparison.provenance.index_generation == before.generation
            assert len(comparison.articles) == 3
        with desk.reading() as second:
            after = await second.contents(None)
            assert after.generation > before.generation
            assert after.articles == 5
        await desk.close()

    asyncio.run(held())


def test_another_index_with_the_same_number_is_noticed(own_index, tmp_path):
    """A rebuild counts from 1 again: it may end at the number that the index before it had."""
    index = own_index
    build([write_articles(tmp_path / "more", truce_articles())], tmp_path / "other", QUICK)
    assert numbers_of(index) == numbers_of(tmp_path / "other")
    with opened(index) as client:
        before = state_of(client)
        assert before[1].startswith("3 articles by 3 outlets; 1 story")
        (story,) = stories_of(client)
        assert client.get(story).status_code == 200
        index.rename(tmp_path / "before")
        (tmp_path / "other").rename(index)
        assert wait_for(lambda: "2 articles by 2 outlets; 1 story" in state_of(client)[1])
        assert state_of(client)[0] == before[0]
        # Nothing of the stories that the edition before had worked out is taken over.
        (other,) = stories_of(client)
        assert other != story
        assert "Tesar valley" in client.get(other).text
        assert client.get(story).status_code == 404


def test_a_state_is_a_file_and_a_number(own_index, tmp_path):
    with open_index(own_index, mode="read") as first, open_index(own_index, mode="read") as second:
        assert first.snapshot == second.snapshot
        shutil.copytree(own_index, tmp_path / "copy")
        with open_index(tmp_path / "copy", mode="write") as copy:
            assert copy.snapshot != first.snapshot
            assert copy.snapshot.generation == first.snapshot.generation
            copy.write_settings({"embedder": "ngrams"})
            assert copy.snapshot.inode == (tmp_path / "copy" / "catalog.sqlite3").stat().st_ino
            assert copy.snapshot.generation == first.generation + 1


def numbers_of(index):
    with open_index(index, mode="read") as opened_index:
        return opened_index.generation


def stories_of(client):
    page = lxml_html.document_fromstring(client.get("/").text)
    return sorted({address for address in page.xpath("//a/@href") if address.startswith("/stories/")})
