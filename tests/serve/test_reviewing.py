"""Verdicts from a browser: only where they were allowed, only by a form of ours, and kept like any other."""

from __future__ import annotations

import shutil

import pytest
from lxml import html as lxml_html
from serve.conftest import QUICK, opened

from xsource.pipeline import open_reader


@pytest.fixture
def reviewed(own_index):
    index = own_index
    with opened(index, allow_review=True) as client:
        yield index, client


@pytest.fixture(scope="module")
def refusing(small_index, tmp_path_factory):
    """One server for all that is refused: nothing is ever written, so nobody sees another's."""
    index = tmp_path_factory.mktemp("refusing") / "index"
    shutil.copytree(small_index, index)
    with opened(index, allow_review=True) as client:
        yield index, client


def load_form(client):
    """Open the story and give its address, with the fields of the first form as a browser would send them."""
    address = "/stories/" + client.get("/").text.split('href="/stories/')[1][:20]
    page = lxml_html.document_fromstring(client.get(address).text)
    form = page.xpath("//details[@class='review']/form")[0]
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input[@type='hidden']")}
    return address, form.get("action"), fields


def stored(index, divergence_id):
    with open_reader(index, QUICK) as reader:
        return next((v for v in reader.verdicts() if v.divergence_id == divergence_id), None)


def test_a_verdict_is_kept_shown_changed_and_taken_back(reviewed):
    index, client = reviewed
    address, action, fields = load_form(client)
    assert action == f"{address}/reviews"
    note = "נבדק <b>«טעות»</b> \u202e проверено"
    answer = client.post(
        action, data={**fields, "verdict": "wrong", "note": note, "by": "Дана"}, follow_redirects=False
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}#d{fields['divergence']}")
    verdict = stored(index, fields["divergence"])
    assert (verdict.verdict, verdict.by) == ("wrong", "Дана")
    page = lxml_html.document_fromstring(client.get(address).text)
    (item,) = page.xpath(f"//*[@id='d{fields['divergence']}']")
    told = item.text_content()
    assert "wrong" in told
    assert "<b>«טעות»</b>" in told
    assert "\u202e" not in told
    client.post(action, data={**fields, "verdict": "confirmed", "note": "", "by": ""})
    assert stored(index, fields["divergence"]).verdict == "confirmed"
    client.post(action, data={**fields, "verdict": "withdraw"})
    assert stored(index, fields["divergence"]) is None or stored(index, fields["divergence"]).verdict == "wrong"


@pytest.mark.parametrize(
    ("change", "headers", "status"),
    [
        ({"token": ""}, {}, 403),
        ({"token": "0" * 64}, {}, 403),
        ({"token": None}, {}, 403),
        ({}, {"origin": "http://evil.example"}, 403),
        ({}, {"origin": "null"}, 403),
        ({}, {"sec-fetch-site": "cross-site"}, 403),
        ({"verdict": "maybe"}, {}, 400),
        ({"verdict": None}, {}, 400),
        ({"divergence": "0" * 20}, {}, 404),
        ({"divergence": "' OR 1=1"}, {}, 404),
        ({"note": "x" * 4001}, {}, 400),
        ({"by": "x" * 201}, {}, 400),
    ],
)
def test_a_form_that_is_not_ours_or_not_whole_writes_nothing(refusing, change, headers, status):
    index, client = refusing
    _, action, fields = load_form(client)
    filled = {**fields, "verdict": "confirmed", "note": "", "by": "", **change}
    sent = {name: value for name, value in filled.items() if value is not None}
    answer = client.post(action, data=sent, headers=headers)
    assert answer.status_code == status
    assert stored(index, fields["divergence"]) is None


def test_a_token_of_another_browser_is_refused(refusing):
    index, client = refusing
    client.cookies.clear()
    _, action, fields = load_form(client)
    client.cookies.clear()
    assert client.post(action, data={**fields, "verdict": "wrong"}).status_code == 403
    client.cookies.set("xsource_form", "a" * 32)
    assert client.post(action, data={**fields, "verdict": "wrong"}).status_code == 403
    assert stored(index, fields["divergence"]) is None


def test_json_and_files_are_no_forms(refusing):
    _, client = refusing
    _, action, fields = load_form(client)
    assert client.post(action, json=fields).status_code == 400
    assert client.post(action, data=fields, files={"note": b"x"}).status_code == 400


def test_the_cookie_is_for_this_site_and_no_script(refusing):
    _, client = refusing
    address, _, _ = load_form(client)
    cookie = client.get(address).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_without_leave_there_is_no_form_and_no_address(own_index):
    with opened(own_index) as client:
        address = "/stories/" + client.get("/").text.split('href="/stories/')[1][:20]
        response = client.get(address)
        assert '<form method="post"' not in response.text
        assert "set-cookie" not in response.headers
        assert client.post(f"{address}/reviews", data={"verdict": "wrong"}).status_code == 404


def test_a_verdict_does_not_make_the_story_be_compared_again(reviewed):
    _, client = reviewed
    address, action, fields = load_form(client)
    before = client.get("/health").json()["generation"]
    client.post(action, data={**fields, "verdict": "unsure"})
    assert "unsure" in client.get(address).text
    assert client.get("/health").json()["generation"] == before
