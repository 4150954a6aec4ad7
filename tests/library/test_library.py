"""`import xsource`: light, typed, and answers that pandas and a notebook take."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from lxml import html as lxml_html
from report.sample_comparison import HOSTILE, blast, crowd, hostile, reviewed

import xsource
from xsource.errors import IndexStateError, InputError
from xsource.library import Compared
from xsource.records import OutletAnswer, SearchHit
from xsource.report.bidi import plain
from xsource.report.frames import as_frame
from xsource.report.notebook import answers_html, hits_html

GAZA = "Officials in Gaza say more than 7,000 Palestinians have been killed"
PYTHON_DOC = Path(__file__).resolve().parents[2] / "docs" / "python.md"


@pytest.fixture(scope="module")
def opened(corpora_index):
    with xsource.open_index(corpora_index, kinds=["number", "date", "omission"]) as index:
        yield index


@pytest.fixture(scope="module")
def compared(opened):
    return opened.compare()


def run_python(code: str, **more: object) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def test_importing_xsource_loads_nothing_but_what_loads_the_rest_later():
    code = (
        "import sys; before = set(sys.modules); import xsource\n"
        "assert 'open_index' in dir(xsource)\n"
        "new = {name.split('.')[0] for name in set(sys.modules) - before} - sys.stdlib_module_names\n"
        "print(sorted(name for name in new if not name.startswith('__editable__')))\n"
        "print([name for name in sys.modules if name.startswith('xsource.')])"
    )
    assert run_python(code) == "['lazy_loader', 'xsource']\n[]\n"


def test_opening_waits_for_heavy_libraries_until_they_are_needed():
    code = (
        "import sys, xsource; xsource.open_index\n"
        "print([name for name in ('torch', 'faiss', 'ctranslate2', 'pandas', 'lxml') if name in sys.modules])"
    )
    assert run_python(code) == "[]\n"


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="No xsource attribute opne_index"):
        xsource.opne_index  # type: ignore[attr-defined]  # noqa: B018


def test_without_pandas_the_way_to_it_is_told():
    code = (
        "import sys; sys.modules['pandas'] = None\n"
        "from xsource.report.frames import as_frame\n"
        "from xsource.errors import MissingExtraError\n"
        "try: as_frame(['a'], [])\n"
        "except MissingExtraError as error: print(error.message, '|', error.hint)"
    )
    assert run_python(code) == "pandas is not installed | pip install 'xsource[notebook]', or use to_dicts()\n"


@pytest.mark.model
def test_a_search_gives_records_that_are_a_frame(opened):
    hits = opened.search("explosion in the port", top=4, languages=["ar", "he"], until=date(2024, 5, 20))
    assert len(hits) == 4
    assert all(isinstance(hit, SearchHit) for hit in hits)
    frame = hits.to_pandas()
    assert list(frame.columns) == [
        "outlet", "language", "published_at", "sentence", "translation", "nearness", "cosine", "margin",
        "title", "article", "sentence_id", "article_url",
    ]  # fmt: skip
    assert list(frame["sentence"]) == [hit.claim.sentence.text for hit in hits]
    assert list(frame["published_at"]) == [pd.Timestamp(hit.claim.article.published_at) for hit in hits]
    assert frame["cosine"].dtype == float
    assert set(frame["language"]) <= {"ar", "he"}
    assert list(hits[1:3]) == list(hits)[1:3]
    assert hits[:0].to_pandas().columns.equals(frame.columns)


@pytest.mark.model
def test_who_reports_gives_an_answer_of_each_outlet(opened):
    answers = opened.who_reports(GAZA)
    assert all(isinstance(answer, OutletAnswer) for answer in answers)
    frame = answers.to_pandas().set_index("outlet")
    assert frame.loc["gulf-herald", "status"] == "no coverage"
    assert frame.loc["bay-voice", "status"] in ("reports", "differs")
    assert pd.isna(frame.loc["gulf-herald", "published_at"])
    page = lxml_html.fragment_fromstring(answers._repr_html_(), create_parent=True)
    assert len(page.xpath("//tbody/tr")) == len(answers)
    assert {cell.get("dir") for cell in page.xpath("//td[@lang='ar' or @lang='he']")} == {"rtl"}


@pytest.mark.model
def test_a_comparison_is_a_row_for_each_claim_and_outlet(compared, corpora_index):
    frame = compared.to_pandas()
    groups = compared.comparison.groups
    counts = frame.groupby("group").size()
    assert set(counts.index) == {group.id for group in groups}
    assert frame["claim"].dtype.kind == "i"
    assert str(frame["published_at"].dtype).endswith("UTC]")
    divergences = compared.divergences
    assert list(divergences.to_pandas()["id"]) == [d.id for d in compared.comparison.divergences]
    assert list(compared.stories.to_pandas()["articles"]) == [
        len(story.article_ids) for story in compared.comparison.stories
    ]
    with xsource.open_index(corpora_index) as index:
        assert index.stories().to_dicts() == compared.stories.to_dicts()
    assert compared.to_html().startswith("<!doctype html>")


def test_a_frame_of_nothing_has_its_columns_and_types():
    frame = as_frame(("outlet", "published_at"), [])
    assert list(frame.columns) == ["outlet", "published_at"]
    assert str(frame["published_at"].dtype).endswith("UTC]")
    mixed = as_frame(
        ("at",), [{"at": None}, {"at": "2024-05-14T18:00:00Z"}, {"at": "2024-05-14T18:00:00.5Z"}, {"at": ""}]
    )
    assert list(mixed["at"].isna()) == [True, False, False, True]


def test_verdicts_are_columns_and_can_be_left_out():
    frame = Compared(reviewed(), "en").divergences.to_pandas()
    assert list(frame["verdict"]) == ["wrong", "confirmed"]
    assert list(frame["by"]) == ["עדה", "Boris"]
    assert [d.kind for d in Compared(reviewed(), "en").without_wrong().divergences] == ["omission"]


def test_a_notebook_shows_claims_down_and_outlets_across():
    page = lxml_html.fragment_fromstring(Compared(blast(), "en")._repr_html_(), create_parent=True)
    heads = [cell.text_content() for cell in page.xpath("//thead//th")]
    assert heads == ["", "claim", "ar paper", "en paper", "he paper", "ru paper"]
    rows = [[cell.text_content() for cell in row.xpath("./td")][2:] for row in page.xpath("//tbody/tr")]
    assert rows == [["●", "○", "≠ 23", "●"], ["●"] * 4]
    (words,) = page.xpath("//td[@lang='en'][1]/a[contains(@href, 'ru-paper')]/text()")[:1]
    assert words == "17 people died, the mayor said."


def test_a_long_table_is_cut_and_says_so():
    shown = Compared(crowd(), "en").divergences._repr_html_()
    assert shown.count("<tr>") == 101
    assert re.search(r"<p>100 of [\d,]+ rows</p>", shown)


def everything_drawn(comparison) -> str:
    whole = Compared(comparison, "en")
    hits = [SearchHit(claim, 0.5, 0.1) for group in comparison.groups for claim in group.claims]
    outlets = {outlet.id: outlet for outlet in comparison.outlets}
    answers = [
        OutletAnswer(outlets[hit.claim.outlet.id], "differs", hit, comparison.divergences) for hit in hits
    ]
    parts = (whole._repr_html_(), whole.divergences._repr_html_(), whole.stories._repr_html_())
    return "".join((*parts, hits_html(hits), answers_html(answers)))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(text):
    source = everything_drawn(hostile(text))
    source.encode("utf-8")
    page = lxml_html.fragment_fromstring(source, create_parent=True)
    assert not page.xpath(
        "//script | //style | //img | //svg | //@*[starts-with(name(), 'on') or name() = 'autofocus']"
    )
    assert all(address.startswith(("http://", "https://")) for address in page.xpath("//a/@href"))
    assert not set(source) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u0000\u0007\u001b")
    shown = plain(text).replace("\ud800", "?")
    assert shown.strip() in page.text_content()


@pytest.mark.parametrize(
    ("ask", "expected"),
    [
        (lambda index: index.search("talks", top=0), "top is 0"),
        (lambda index: index.search("talks", languages=["de"]), 'language "de"'),
        (lambda index: index.search("talks", since="yesterday"), "expected a day"),
        (lambda index: index.search("talks", outlets=["no-such"]), "no-such"),
        (lambda index: index.compare("zzzz"), "zzzz"),
    ],
)
@pytest.mark.model
def test_a_question_that_cannot_be_answered_says_why(opened, ask, expected):
    with pytest.raises(InputError, match=expected):
        ask(opened)


def test_an_index_that_cannot_be_opened_says_why(tmp_path):
    with pytest.raises(IndexStateError, match="no index here"):
        xsource.open_index(tmp_path)
    with pytest.raises(InputError, match='kind "numbers" is none of'):
        xsource.open_index(tmp_path, kinds=["numbers"])


@pytest.mark.model
def test_the_example_of_the_documentation_runs(corpora_index, tmp_path):
    blocks = re.findall(r"^```python\n(.*?)^```", PYTHON_DOC.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert blocks
    (tmp_path / "index").symlink_to(corpora_index)
    code = "\n".join(blocks) + "\nimport json; print(json.dumps(sorted(globals())))"
    names = json.loads(run_python(code, cwd=tmp_path).splitlines()[-1])
    assert {"hits", "answers", "compared"} <= set(names)
    assert (tmp_path / "report.html").read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    "ask",
    [
        lambda index: index.search("explosion in the port"),
        lambda index: index.who_reports("An explosion hit the port"),
        lambda index: index.stories(),
        lambda index: index.compare(),
    ],
    ids=["search", "who_reports", "stories", "compare"],
)
def test_a_closed_index_says_that_it_is_closed(corpora_index, ask):
    index = xsource.open_index(corpora_index)
    index.close()
    index.close()
    with pytest.raises(IndexStateError, match="the index is closed") as raised:
        ask(index)
    assert "open_index" in raised.value.hint


def test_an_index_of_another_thread_says_so(corpora_index):
    with xsource.open_index(corpora_index) as index, ThreadPoolExecutor(1) as other:
        with pytest.raises(IndexStateError, match="another thread"):
            other.submit(index.stories).result()
        assert index.stories()


@pytest.fixture
def own(tmp_path, corpora_index):
    folder = tmp_path / "index"
    shutil.copytree(corpora_index, folder)
    with xsource.open_index(folder, kinds=["number", "date"]) as index:
        yield index


@pytest.mark.model
def test_an_analyst_marks_a_divergence_and_takes_it_back(own):
    compared = own.compare()
    first = compared.divergences[0]
    marked = compared.review(first.id[:8], "wrong", by="Ada", note="שני שרים")
    assert (marked.review.verdict, marked.review.by, marked.review.note) == ("wrong", "Ada", "שני שרים")
    assert len(compared.without_wrong().divergences) == len(compared.divergences) - 1
    frame = compared.divergences.to_pandas().set_index("id")
    assert frame.loc[first.id, "verdict"] == "wrong"
    own.refresh()
    assert own.compare().divergences.to_pandas().set_index("id").loc[first.id, "by"] == "Ada"
    assert compared.review(first.id, None).review is None
    with pytest.raises(InputError, match="expected one of confirmed, wrong, unsure"):
        compared.review(first.id, "maybe")
    with pytest.raises(InputError, match="no divergence"):
        compared.review("zzzz", "wrong")
    with pytest.raises(InputError, match="of no index"):
        Compared(blast(), "en").review("g1", "wrong")


@pytest.mark.model
def test_frames_join_by_their_ids(opened):
    hits = opened.search("explosion in the port", top=5).to_pandas()
    outlets = opened.outlets().to_pandas()
    assert len(hits.merge(outlets, left_on="outlet", right_on="id")) == 5
    assert outlets.set_index("id").loc["tass", ["country", "ownership"]].tolist() == ["RU", "state"]
    assert outlets["articles"].sum() == 27
    stories = opened.stories().to_pandas().explode("article_ids")
    assert len(hits.merge(stories, left_on="article", right_on="article_ids")) == 5
    compared = opened.compare(opened.stories()[1].id)
    cells = compared.to_pandas()
    divergences = compared.divergences.to_pandas()
    assert set(divergences["group"]) <= set(cells["group"])
    named = {one for cell in cells["divergences"] for one in cell.split("; ") if one}
    assert named == set(divergences["id"])
    assert set(divergences["story"]) == set(cells["story"])
    for row in divergences.itertuples():
        assert len(row.words) == len(row.sentences) == len(row.article_urls)
        assert set(row.apart) <= set(row.outlets)


@pytest.mark.model
def test_an_article_is_read_whole_by_id_or_address(opened):
    hit = opened.search("explosion in the port", top=1)[0]
    article = hit.claim.article
    sentences = opened.article(article.id[:8])
    assert list(sentences) == list(opened.article(article.source))
    frame = sentences.to_pandas()
    assert hit.claim.sentence.id in set(frame["sentence_id"])
    for row in frame.itertuples():
        assert article.text[row.start : row.end] == row.sentence
    assert "<table>" in sentences._repr_html_()
    for wrong in ("", "0", "https://nowhere.example/"):
        with pytest.raises(InputError, match="begins with"):
            opened.article(wrong)


def test_articles_are_built_and_versions_read_from_python(tmp_path):
    told = ("17 people died in the port on Tuesday.", "23 people died in the port on Tuesday.")
    for number, text in enumerate(told):
        record = {"outlet": "sea-view", "url": "https://sea-view.example/1", "title": "Blast", "text": text,
                  "published_at": f"2024-05-14T1{number}:00:00Z"}  # fmt: skip
        (tmp_path / f"{number}.jsonl").write_text(json.dumps(record))
    seen = []
    summary = xsource.build(
        [tmp_path / "0.jsonl", str(tmp_path / "1.jsonl")], tmp_path / "index", embedder="ngrams",
        translate=False, progress=lambda *told: seen.append(told),
    )  # fmt: skip
    assert summary.new == 2
    assert [problem.where for problem in summary.problems] == [f"{tmp_path / '1.jsonl'}:1"]
    assert seen
    assert xsource.build(tmp_path / "0.jsonl", tmp_path / "index", embedder="ngrams").known == 1
    with xsource.open_index(tmp_path / "index") as index:
        first, second = index.versions("https://sea-view.example/1?utm_source=x")
        assert (first.number, second.number) == (1, 2)
        rows = index.versions("https://sea-view.example/1").to_dicts()
        assert index.versions(rows[1]["article"][:8]).to_dicts() == rows
        assert (rows[1]["removed"], rows[1]["added"]) == ([told[0]], [told[1]])
    (table,) = [tmp_path / "table.csv"]
    table.write_text("link,body\nhttps://sea-view.example/2,The port was closed on Wednesday by the police.\n")
    mapped = xsource.build(
        table, tmp_path / "index", columns={"url": "link", "text": "body"}, constants={"outlet": "sea-view"},
        embedder="ngrams",
    )  # fmt: skip
    assert mapped.new == 1
    with pytest.raises(InputError, match="no path"):
        xsource.build([], tmp_path / "index")


@pytest.mark.model
def test_the_notebook_of_the_documentation_runs(tmp_path, corpora, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpora").symlink_to(corpora)
    notebook = json.loads((Path(__file__).parents[2] / "docs" / "notebook.ipynb").read_text("utf-8"))
    names: dict[str, object] = {}
    shown = []
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == []
        *body, last = ast.parse("".join(cell["source"])).body
        exec(compile(ast.Module(body, []), "notebook", "exec"), names)  # noqa: S102 - our own
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), "notebook", "eval"), names))  # noqa: S307
        else:
            exec(compile(ast.Module([last], []), "notebook", "exec"), names)  # noqa: S102
    new, problems = shown[0]
    assert (new, problems) == (27, ())
    assert all(len(one) for one in shown[1:-1])
    assert {"apart", "article_urls"} <= set(names["divergences"])
