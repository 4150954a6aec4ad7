"""Pages in the encodings that newspapers in the four languages were and are written in."""

import pytest

from xsource.errors import InputError
from xsource.ingest.encodings import decode_bytes

from .pages import SAMPLES, build_page

VARIANTS = range(5)
ENCODINGS = [("ru", "windows-1251"), ("ru", "koi8-r"), ("he", "windows-1255"), ("ar", "windows-1256")]


def write_page(folder, name, text, encoding):
    path = folder / name
    path.write_bytes(text.encode(encoding, "xmlcharrefreplace"))
    return path


def expected_text(language):
    return "\n\n".join(SAMPLES[language].paragraphs)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("declared", [True, False], ids=["declared", "undeclared"])
@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_a_page_in_a_single_byte_encoding_comes_out_right(
    tmp_path, read, language, encoding, declared, variant
):
    page = build_page(SAMPLES[language], charset=encoding if declared else None, variant=variant)
    articles, problems, tally = read(write_page(tmp_path, "page.html", page, encoding))
    assert problems == []
    assert articles[0].text == expected_text(language)
    assert articles[0].title == SAMPLES[language].title
    assert tally.furniture_lines >= 2


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("declared", ["utf-8", None, "windows-1251", "iso-8859-1"])
@pytest.mark.parametrize("language", sorted(SAMPLES))
def test_a_utf8_page_comes_out_right_whatever_it_declares(tmp_path, read, language, declared, variant):
    page = build_page(SAMPLES[language], charset=declared, variant=variant)
    articles, problems, _ = read(write_page(tmp_path, "page.html", page, "utf-8"))
    assert problems == []
    assert articles[0].text == expected_text(language)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_decides(tmp_path, read, encoding):
    articles, _, _ = read(write_page(tmp_path, "page.html", build_page(SAMPLES["he"]), encoding))
    assert articles[0].text == expected_text("he")


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_the_default_that_servers_declare_proves_nothing(tmp_path, read, language, encoding):
    page = build_page(SAMPLES[language], charset="iso-8859-1")
    articles, _, _ = read(write_page(tmp_path, "page.html", page, encoding))
    assert articles[0].text == expected_text(language)


def test_labels_that_only_browsers_know_are_understood():
    content = '<meta charset="iso-8859-8-i">שלום'.encode("cp1255")
    assert decode_bytes(content).endswith("שלום")
    assert decode_bytes("да".encode("koi8-r"), "KOI8-R") == "да"


def test_one_broken_letter_does_not_spoil_a_utf8_page():
    content = (expected_text("ru") * 5).encode()
    assert decode_bytes(content[:-2]) == (expected_text("ru") * 5)[:-2] + "\ufffd"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "is a binary file"),
        (bytes(range(1, 32)) * 30, "is a binary file"),
    ],
)
def test_what_is_no_text_is_refused(content, message):
    with pytest.raises(InputError, match=message):
        decode_bytes(content)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("会谈原定于星期六开始,现推迟到星期一。外交部发言人在新闻发布会上表示。", "gb18030"),
        ("停戦協議は土曜日に始まる予定だったが、月曜日に延期されたと外務省の報道官が述べた。", "shift_jis"),
        ("Οι συνομιλίες για κατάπαυση του πυρός αναβλήθηκαν για τη Δευτέρα.", "cp1253"),
    ],
)
def test_an_encoding_that_is_not_declared_and_not_ours_is_refused_rather_than_guessed(text, encoding):
    with pytest.raises(InputError, match="is in an unknown encoding: not UTF-8"):
        decode_bytes(text.encode(encoding))
    assert decode_bytes(text.encode(encoding), encoding) == text


@pytest.mark.parametrize(
    "label", ["base64", "idna", "rot13", "no-such-encoding", "\x00", "undefined", "punycode"]
)
def test_a_declared_codec_that_is_no_encoding_of_text_is_passed_over(label):
    content = expected_text("ru").encode("cp1251")
    assert decode_bytes(content, label) == expected_text("ru")
