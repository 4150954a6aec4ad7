"""A person's translations answer on an exact match, and only then."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from translate.storage.tmx import tmxfile

from xsource.translate.memory import find_memories, load_memories

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
  <header creationtool="t" creationtoolversion="1" segtype="sentence" o-tmf="t" adminlang="en" srclang="*all*"
    datatype="plaintext"/>
  <body>{}</body>
</tmx>
"""
UNIT = '<tu><tuv xml:lang="{}"><seg>{}</seg></tuv><tuv xml:lang="{}"><seg>{}</seg></tuv></tu>'


def write(path, *units, shell=TMX):
    path.write_text(shell.format("".join(UNIT.format(*unit) for unit in units)), "utf-8")
    return path


def test_a_sentence_is_found_in_both_directions(tmp_path):
    path = write(tmp_path / "desk.tmx", ("he", "המעבר פתוח.", "en", "The crossing is open."))
    memory, problems = load_memories([path])
    assert problems == []
    assert len(memory) == 2
    found = memory.find("המעבר פתוח.", "he", "en")
    assert (found.text, found.engine) == ("The crossing is open.", "supplied by desk.tmx")
    assert memory.find("The crossing is open.", "en", "he").text == "המעבר פתוח."


@pytest.mark.parametrize(
    ("text", "source", "target"),
    [
        ("Мост открыт", "ru", "en"),
        ("Мост закрыт.", "ru", "en"),
        ("Мост открыт.", "ru", "he"),
        ("Мост открыт.", "ar", "en"),
        ("The bridge is open.", "ru", "en"),
    ],
)
def test_only_an_exact_match_answers(tmp_path, text, source, target):
    memory, _ = load_memories([write(tmp_path / "a.tmx", ("ru", "Мост открыт.", "en", "The bridge is open."))])
    assert memory.find(text, source, target) is None


def test_white_space_and_composition_do_not_matter(tmp_path):
    path = write(tmp_path / "a.tmx", ("ru", "Мой\n  мост.", "en", "My bridge."))
    memory, _ = load_memories([path])
    assert memory.find(unicodedata.normalize("NFD", " Мой мост. "), "ru", "en").text == "My bridge."


def test_regions_and_inline_markup_are_left_out(tmp_path):
    marked = 'Мост <bpt i="1">&lt;b></bpt><hi>открыт</hi><ept i="1">&lt;/b></ept><ph>&lt;br></ph>.'
    memory, _ = load_memories([write(tmp_path / "a.tmx", ("ru-RU", marked, "en-GB", "Open."))])
    assert memory.find("Мост открыт.", "ru", "en").text == "Open."


def test_the_first_file_wins(tmp_path):
    first = write(tmp_path / "1.tmx", ("ru", "Да.", "en", "Yes."))
    second = write(tmp_path / "2.tmx", ("ru", "Да.", "en", "Aye."), ("ru", "Нет.", "en", "No."))
    memory, _ = load_memories([first, second])
    assert memory.find("Да.", "ru", "en").engine == "supplied by 1.tmx"
    assert memory.find("Нет.", "ru", "en").engine == "supplied by 2.tmx"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<tmx><body><tu>", b"not xml", b"\xff\xfe\x00", b"<html/>", b"<tmx version='1.4'/>",
        b'<?xml version="1.0"?><!DOCTYPE t [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><tmx version="1.4">&b;</tmx>',
    ],
    ids=["empty", "cut", "text", "bytes", "html", "no-body", "entities"],
)  # fmt: skip
def test_a_broken_memory_is_named_and_the_others_answer(tmp_path, content):
    bad = tmp_path / "bad.tmx"
    bad.write_bytes(content)
    good = write(tmp_path / "good.tmx", ("ru", "Да.", "en", "Yes."))
    memory, problems = load_memories([bad, good])
    assert memory.find("Да.", "ru", "en").text == "Yes."
    assert len(memory) == 2
    assert [problem.where for problem in problems] in ([str(bad)], [])


@pytest.mark.parametrize("content", [b"", b"<tmx><body><tu>", b"not xml", b"\xff\xfe\x00", b"<html/>"])
def test_what_is_no_tmx_is_said_so(tmp_path, content):
    bad = tmp_path / "bad.tmx"
    bad.write_bytes(content)
    _, (problem,) = load_memories([bad])
    assert problem.where == str(bad)
    assert problem.message.startswith("not a TMX file")


def test_an_absent_file_is_said_so(tmp_path):
    _, (problem,) = load_memories([tmp_path / "absent.tmx"])
    assert problem.message == "cannot be read: No such file or directory"


def test_files_outside_are_not_read_into_a_translation(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret words")
    shell = TMX.replace('SYSTEM "tmx14.dtd"', f'[<!ENTITY x SYSTEM "file://{secret}">]')
    path = write(tmp_path / "a.tmx", ("ru", "Да.", "en", "Yes &x;"), shell=shell)
    memory, _ = load_memories([path])
    found = memory.find("Да.", "ru", "en")
    assert found is None or "secret" not in found.text


TEXT = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60).filter(
    lambda text: text.strip()
)


@given(TEXT, TEXT)
def test_what_is_written_is_found_again(tmp_path_factory, source, target):
    store = tmxfile()
    store.addtranslation(source, "ru", target, "en")
    path = tmp_path_factory.mktemp("tmx") / "a.tmx"
    path.write_bytes(bytes(store))
    memory, problems = load_memories([path])
    assert problems == []
    assert memory.find(source, "ru", "en").text == target.strip()


def test_memories_lie_in_folders_and_beside_article_files(tmp_path):
    corpus = tmp_path / "corpus"
    articles = corpus / "articles"
    articles.mkdir(parents=True)
    article = articles / "one.jsonl"
    article.write_text("")
    memory = write(corpus / "translations.tmx")
    own = write(tmp_path / "own.TMX")
    assert find_memories([corpus]) == [memory]
    assert find_memories([article]) == [memory]
    assert find_memories([own, corpus, articles]) == [own, memory]


def test_every_shipped_memory_is_well_formed():
    shipped = find_memories([Path(__file__).parents[2] / "corpora"])
    memory, problems = load_memories(shipped)
    assert shipped
    assert problems == []
    assert len(memory) > 0
