"""The outlets that come with the package, how one is found, and what a user may add."""

from pathlib import Path

import pytest

from xsource.errors import InputError
from xsource.outlets import OutletProfile, load_agencies, load_outlets
from xsource.outlets.loading import BUNDLED_LISTS
from xsource.records import Outlet

NAMED_IN_THE_ISSUE = [
    ("tass", "ru"), ("kommersant", "ru"), ("ria", "ru"), ("interfax", "ru"), ("meduza", "ru"),
    ("ynet", "he"), ("haaretz", "he"), ("israel-hayom", "he"), ("maariv", "he"), ("kan", "he"),
    ("aljazeera", "ar"), ("asharq-al-awsat", "ar"), ("wafa", "ar"), ("bbc-arabic", "ar"), ("alarabiya", "ar"),
    ("reuters", "en"), ("ap", "en"), ("bbc", "en"), ("times-of-israel", "en"), ("aljazeera-english", "en"),
]  # fmt: skip


@pytest.fixture(scope="module")
def outlets():
    return load_outlets()


@pytest.mark.parametrize(("outlet_id", "language"), NAMED_IN_THE_ISSUE)
def test_the_promised_outlets_are_known_in_full(outlets, outlet_id, language):
    profile = outlets.get(outlet_id)
    assert profile.language == language
    assert profile.country is not None
    assert profile.domains
    assert profile.ownership in {"state", "public", "private"}


def test_every_statement_of_ownership_names_who_says_so(outlets):
    assert [profile.id for profile in outlets if profile.ownership and len(profile.ownership_source) < 10] == []


def test_no_domain_belongs_to_two_outlets(outlets):
    domains = [domain for profile in outlets for domain in profile.domains]
    assert sorted(domains) == sorted(set(domains))


def test_every_mark_stands_for_one_agency():
    folded = [
        (("".join(filter(str.isalnum, mark)).casefold()), agency.id)
        for agency in load_agencies()
        for mark in agency.marks
    ]
    assert len({mark for mark, _ in folded}) == len(set(folded))


@pytest.mark.parametrize(
    ("query", "outlet_id"),
    [
        ("tass", "tass"),
        ("ТАСС", "tass"),
        ("Коммерсантъ", "kommersant"),
        ("коммерсант", "kommersant"),
        ("קומרסנט", "kommersant"),
        ("הארץ", "haaretz"),
        ("Israel Hayom", "israel-hayom"),
        ("ישראל היום", "israel-hayom"),
        ("الشرق الأوسط", "asharq-al-awsat"),
        ("الشرق الاوسط", "asharq-al-awsat"),  # without the hamza
        ("Times of Israel", "times-of-israel"),
        ("the times of israel", "times-of-israel"),
        ("רויטרס", "reuters"),
        ("www.kommersant.ru", "kommersant"),
        ("https://m.ynet.co.il/articles/1", "ynet"),
    ],
)
def test_an_outlet_is_found_by_id_name_in_any_script_or_address(outlets, query, outlet_id):
    assert outlets.find(query).id == outlet_id


@pytest.mark.parametrize(
    ("address", "outlet_id"),
    [
        ("https://www.bbc.com/arabic/articles/c1", "bbc-arabic"),
        ("https://www.bbc.com/news/world-1", "bbc"),
        ("https://english.aawsat.com/1", "asharq-al-awsat-english"),
        ("https://aawsat.com/1", "asharq-al-awsat"),
        ("https://meduza.io/en/feature/1", "meduza-english"),
        ("https://meduza.io/feature/1", "meduza"),
        ("https://tass.com/world/1", "tass-english"),
        ("https://notass.ru/1", None),
        ("https://tass.ru.example.com/1", None),
        ("https://[broken/1", None),
        ("", None),
    ],
)
def test_the_most_specific_domain_wins(outlets, address, outlet_id):
    found = outlets.by_address(address)
    assert (found.id if found else None) == outlet_id


def test_an_unknown_outlet_is_answered_with_the_closest_and_how_to_add(outlets):
    with pytest.raises(InputError) as raised:
        outlets.find("komersant")
    assert raised.value.message == f"unknown outlet 'komersant', expected one of the {len(outlets)} known"
    assert raised.value.hint.startswith("did you mean kommersant (Коммерсантъ)?")
    assert "[[outlet]]" in raised.value.hint


def test_a_name_like_no_other_gets_no_suggestion(outlets):
    with pytest.raises(InputError) as raised:
        outlets.find("qqqqzzzz")
    assert "did you mean" not in raised.value.hint


def test_a_users_outlet_has_its_name_and_domain_for_itself(tmp_path):
    path = tmp_path / "outlets.toml"
    path.write_text('[[outlet]]\nid = "my-haaretz"\nname = "הארץ"\ndomains = ["haaretz.co.il"]\n', "utf-8")
    mine = load_outlets([path])
    assert mine.find("הארץ").id == "my-haaretz"
    assert mine.by_address("https://www.haaretz.co.il/1").id == "my-haaretz"
    assert mine.find("haaretz").id == "haaretz"


def test_an_undeclared_id_is_described_as_named(outlets):
    assert outlets.record("outlet-en") == Outlet("outlet-en", "outlet-en", None, None, "outlet-en")
    assert outlets.record("tass") == Outlet("tass", "ТАСС", "ru", "RU", "TASS")


def test_a_users_outlet_is_added_and_replaces_one_of_the_same_id(outlets, tmp_path):
    path = tmp_path / "outlets.toml"
    path.write_text(
        '[[outlet]]\nid = "shore-mirror"\nname = "مرآة الشاطئ"\nname_en = "Shore Mirror"\nlanguage = "ar"\n'
        'domains = ["Shore-Mirror.example/"]\n\n[[outlet]]\nid = "kan"\nname = "Kan, my way"\n',
        "utf-8",
    )
    mine = load_outlets([path])
    assert mine.find("مراة الشاطئ").id == "shore-mirror"
    assert mine.by_address("http://www.shore-mirror.example/a").id == "shore-mirror"
    assert [outlet.id for outlet in mine][:2] == ["shore-mirror", "kan"]
    assert mine.get("kan") == OutletProfile("kan", "Kan, my way", "Kan, my way")
    assert len(mine) == len(outlets) + 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[[outlet]]\nname = "X"', "[[outlet]] block 1 has no id"),
        ('[[outlet]]\nid = "x"', "[[outlet]] block 1 has no name"),
        ('[[outlet]]\nid = "X y"\nname = "X"', "id is 'X y', expected lower-case letters"),
        ('[[outlet]]\nid = "x"\nname = "X"\ndomain = "x.example"', "has the unknown key 'domain'"),
        ('[[outlet]]\nid = "x"\nname = "X"\ndomains = "x.example"', "domains is 'x.example', expected a list"),
        ('[[outlet]]\nid = "x"\nname = 3', "name is 3, expected a text"),
        ('[[outlet]]\nid = "x"\nname = "X"\nownership = "rich"', "ownership is 'rich', expected one of state"),
        ('[[outlet]]\nid = "x"\nname = "X"\nownership = "state"', "ownership without ownership_source"),
        ('[[outlet]]\nid = "x"\nname = "X"\n[[outlet]]\nid = "x"\nname = "Y"', "block 2 repeats the id 'x'"),
        ('outlet = "x"', "outlet is not a list of [[outlet]] blocks"),
        ("[[outlet", "not valid TOML"),
    ],
)
def test_a_wrong_block_is_named_with_file_block_and_key(tmp_path, content, message):
    path = tmp_path / "outlets.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError) as raised:
        load_outlets([path])
    assert str(raised.value).startswith(str(path))
    assert message in str(raised.value)


def test_a_list_that_is_not_utf8_or_missing_is_named(tmp_path):
    path = tmp_path / "outlets.toml"
    with pytest.raises(InputError, match="cannot be read"):
        load_outlets([path])
    path.write_bytes('[[outlet]]\nid = "x"\nname = "Газета"'.encode("cp1251"))
    with pytest.raises(InputError, match="not UTF-8 at byte"):
        load_outlets([path])


def test_bundled_lists_come_in_order_and_main_editions_before_translations(outlets):
    ids = [profile.id for profile in outlets]
    assert len(BUNDLED_LISTS) == 4
    assert ids.index("tass") < ids.index("tass-english")
    assert outlets.find("TASS").id == "tass"


def test_the_example_in_the_documentation_is_read(tmp_path):
    page = Path(__file__).parents[2] / "docs" / "input.md"
    example = page.read_text("utf-8").partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "outlets.toml").write_text(example, "utf-8")
    mine = load_outlets([tmp_path / "outlets.toml"])
    assert mine.find("Shore Mirror").name == "مرآة الشاطئ"
    assert mine.by_address("https://news.example/shore/1").id == "shore-mirror"


def test_a_list_with_a_key_that_was_documented_once_is_still_read(tmp_path):
    path = tmp_path / "outlets.toml"
    path.write_text('[[outlet]]\nid = "svet"\nname = "Свет"\nreprints = ["reuters"]\n', "utf-8")
    assert load_outlets([path]).find("Свет").id == "svet"
