"""Encodings: declared, undeclared, and lied about."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retrieval.web.decoding import Markup, decoded, without_controls

unhurried = settings(deadline=None)

CHINESE = "这是一篇关于梯度累积的文章，说明如何在显存不足时训练大模型。"
TRADITIONAL = "這是一篇關於環形緩衝區的文章，說明如何用一個定長數組首尾相接。"
JAPANESE = "これは勾配の累積についての記事です。モデルの学習を説明します。"
KOREAN = "이것은 기울기 누적에 관한 글입니다. 모델 학습을 설명합니다."
RUSSIAN = "Это статья о накоплении градиентов при обучении больших моделей."
FRENCH = "Voilà un café très agréable, n’est-ce pas ? Où êtes-vous, à l’hôtel ?"

LEGACY = [
    (CHINESE, "gbk"),
    (CHINESE + "𠮷㐀", "gb18030"),
    (TRADITIONAL, "big5"),
    (TRADITIONAL + "嘅咗喺", "big5hkscs"),
    (JAPANESE + "①Ⅳ", "cp932"),
    (JAPANESE, "euc_jp"),
    (KOREAN, "euc_kr"),
    (KOREAN + "똠방", "cp949"),
    (RUSSIAN, "koi8-r"),
    (RUSSIAN, "cp1251"),
]
#: What such pages call their encoding.
LABELS = {
    "gbk": "gb2312",
    "big5hkscs": "Big5",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "euc_kr": "KS_C_5601-1987",
    "cp949": "euc-kr",
    "cp1251": "windows-1251",
}


@pytest.mark.parametrize(("text", "codec"), [*LEGACY, (FRENCH, "cp1252")])
def test_what_is_declared_is_believed(text: str, codec: str) -> None:
    """FAILURES 15"""
    label = LABELS.get(codec, codec)
    body = text.encode(codec)
    assert decoded(body, label, "text") == text
    assert decoded(body, f' "{label.upper()}" ', "text") == text
    xml = f'<?xml version="1.0" encoding="{label}"?><a>{text}</a>'
    assert decoded(xml.encode(codec), None, "xml") == xml
    for meta in (
        f"<meta charset={label}>",
        f"<META CHARSET='{label}' />",
        f'<meta http-equiv="Content-Type" content="text/html; charset={label}">',
        "<!-- <meta charset=utf-8> -->" + " " * 3000 + f'<meta charset="{label}">',
    ):
        html = f"<html><head>{meta}<body>{text}"
        assert decoded(html.encode(codec), None, "html") == html


@pytest.mark.parametrize(("text", "codec"), LEGACY)
@pytest.mark.parametrize("label", [None, "utf-8", "no-such-encoding", "", "iso-8859-1", "\0" * 999])
def test_without_a_true_declaration_the_letters_tell(
    text: str, codec: str, label: str | None
) -> None:
    """FAILURES 15; a header that says UTF-8 or Latin-1 of every file says nothing."""
    html = f"<!doctype html><html><title>x</title><body class=a>{text * 3}</body></html>"
    body = html.encode(codec)
    assert decoded(body, label) == html


@pytest.mark.parametrize(
    "label", ["iso-8859-1", "gbk", "big5", "shift_jis", "utf-16", "us-ascii", "nonsense", None]
)
@pytest.mark.parametrize("text", [CHINESE, TRADITIONAL, JAPANESE, KOREAN, RUSSIAN, FRENCH, "é"])
def test_utf8_is_utf8_whatever_is_said(text: str, label: str | None) -> None:
    """FAILURES 15"""
    html = f'<meta charset="{label}">{text}'
    assert decoded(html.encode(), label) == html
    assert decoded(codecs.BOM_UTF8 + html.encode(), label) == html


def test_the_header_says_utf8_but_the_document_knows_better() -> None:
    """FAILURES 15"""
    xml = f'<?xml version="1.0" encoding="gb2312"?><a>{CHINESE}</a>'
    assert decoded(xml.encode("gbk"), "utf-8", "xml") == xml
    html = f'<meta charset="gb2312">{CHINESE}'
    assert decoded(html.encode("gbk"), "iso-8859-1", "html") == html


@pytest.mark.parametrize(
    ("text", "codec", "other"),
    [
        (TRADITIONAL, "big5", "gbk"),
        (CHINESE, "gbk", "big5"),
        (CHINESE, "gbk", "koi8-r"),
        (JAPANESE, "cp932", "gbk"),
        (RUSSIAN, "koi8-r", "gbk"),
    ],
)
def test_header_and_document_disagree(text: str, codec: str, other: str) -> None:
    for header, declared in ((codec, other), (other, codec)):
        xml = f'<?xml version="1.0" encoding="{declared}"?><a>{text}</a>'
        assert decoded(xml.encode(codec), header, "xml") == xml


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("label", [None, "utf-16", "utf-8", "gbk"])
def test_utf16_with_and_without_a_mark(codec: str, label: str | None) -> None:
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[codec]
    xml = f'<?xml version="1.0" encoding="utf-16"?><a>{CHINESE}𠮷</a>'
    assert decoded(mark + xml.encode(codec), label, "xml") == xml
    assert decoded(xml.encode(codec), label, "xml") == xml
    html = f"<html><title>{CHINESE}</title>"
    assert decoded(html.encode(codec), label, "html") == html
    plain = "only a few letters, " + CHINESE[:4]
    assert decoded(plain.encode(codec), label, "text") == plain
    assert decoded(CHINESE.encode(codec), codec, "text") == CHINESE
    assert decoded(xml.encode(codec)[:-1], label, "xml").startswith(xml[:-1])


def test_utf32_with_its_mark() -> None:
    assert decoded(CHINESE.encode("utf-32")) == CHINESE


def test_a_page_in_ascii_that_says_utf16_is_not() -> None:
    html = '<meta charset="utf-16">plain words'
    assert decoded(html.encode(), "utf-16") == html


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [("iso-2022-jp", "iso2022_jp", JAPANESE), ("hz-gb-2312", "hz", "梯度累积")],
)
def test_escapes_count_only_where_they_are_declared(label: str, codec: str, text: str) -> None:
    body = text.encode(codec)
    assert decoded(body, label, "text") == text
    assert decoded(body, None, "text") == body.decode("ascii")
    assert decoded(b"no escapes", label, "text") == "no escapes"


@pytest.mark.parametrize("label", ["utf-8", None, "gbk"])
def test_a_few_broken_bytes_cost_only_themselves(label: str | None) -> None:
    """FAILURES 15"""
    body = (CHINESE * 3).encode()
    broken = body[:30] + b"\xff" + body[30:60] + b"\xe4\xb8" + body[60:]
    text = decoded(broken, label)
    assert text.count("\ufffd") == 2
    assert text.replace("\ufffd", "") == CHINESE * 3


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_that_ends_within_a_letter(cut: int) -> None:
    body = CHINESE.encode()[:-cut]
    assert decoded(body) == CHINESE[:-1] + "\ufffd"


def test_a_few_broken_bytes_in_a_declared_legacy_page() -> None:
    """FAILURES 15; excerpts are cut at so many bytes, within a letter."""
    body = CHINESE.encode("gbk") + b"\xff<p>" + CHINESE.encode("gbk")[:-1]
    text = decoded(body, "gb2312")
    assert CHINESE in text
    assert CHINESE[:-1] in text.split("<p>")[1]
    assert text.count("\ufffd") <= 2


@pytest.mark.parametrize("markup", ["xml", "html", "text"])
@pytest.mark.parametrize("label", [None, "utf-8", "utf-16", "gbk", "hz"])
def test_an_empty_body_is_empty(markup: Markup, label: str | None) -> None:
    assert decoded(b"", label, markup) == ""
    assert decoded(codecs.BOM_UTF8, label, markup) == ""


def test_windows_1252_is_the_last_resort() -> None:
    assert decoded(b"caf\xe9 \x93quoted\x94", None, "text") == "café “quoted”"
    assert decoded(b"caf\xe9 \x93quoted\x94", "iso-8859-1", "text") == "café “quoted”"


def test_a_declaration_counts_only_where_it_can_stand() -> None:
    body = b'<a>&lt;meta charset="big5"&gt;<meta charset="big5">' + CHINESE.encode("gbk")
    assert CHINESE in decoded(body, None, "xml")
    assert CHINESE in decoded(b"x" * 5000 + b"<meta charset=big5>" + CHINESE.encode("gbk"))


# --- properties -----------------------------------------------------------------------------

#: Without private, unassigned and control characters: a text of those alone reads as any other.
letters = st.text(
    st.characters(exclude_categories=["Cs", "Co", "Cn", "Cc"], exclude_characters="\ufeff\ufffd")
)


@given(letters)
@unhurried
def test_any_text_in_utf8_and_utf16_comes_back(text: str) -> None:
    for codec in ("utf-8", "utf-16", "utf-8-sig"):
        for markup in ("xml", "html", "text"):
            assert decoded(text.encode(codec), codec, markup) == text
    xml = f'<?xml version="1.0" encoding="utf-16"?><a>{text}</a>'
    for codec in ("utf-16-le", "utf-16-be"):
        assert decoded(xml.encode(codec), "utf-16", "xml") == xml


@given(letters)
@unhurried
def test_any_text_in_gb18030_comes_back(text: str) -> None:
    xml = f'<?xml version="1.0" encoding="gb18030"?><a>{text}</a>'
    body = xml.encode("gb18030")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        scratched = body.decode("utf-8", "replace")
        bad = scratched.count("\ufffd")
        assume(bad * 10 > sum(1 for c in scratched if c > "\x7f") - bad)
        assert decoded(body, None, "xml") == xml
        assert decoded(body, "GB18030", "text") == xml
    else:
        assume(body.isascii())
        assert decoded(body, None, "xml") == xml


labels = (
    st.none()
    | st.text()
    | st.sampled_from(
        "utf-8 utf-16 utf-16be utf-32 gbk gb18030 big5 shift_jis euc-jp euc-kr koi8-r iso-8859-1 hz"
        " iso-2022-jp iso-2022-kr replacement x-user-defined macintosh idna base64 rot13 utf-7".split()
    )
)


@given(st.binary() | st.binary().map(lambda b: b'<?xml encoding="big5"?>' + b), labels)
@unhurried
def test_any_bytes_become_some_text(body: bytes, label: str | None) -> None:
    for markup in ("xml", "html", "text"):
        assert isinstance(decoded(body, label, markup), str)


@given(st.text(st.characters()))
def test_no_forbidden_character_is_left(text: str) -> None:
    kept = without_controls(text + "a\0\x0b\x0c\x1f\ud800\ufffe\uffff\t\n\r 文𠮷")
    assert kept.endswith("a\t\n\r 文𠮷")
    for character in kept:
        point = ord(character)
        assert (
            character in "\t\n\r"
            or 0x20 <= point <= 0xD7FF
            or 0xE000 <= point <= 0xFFFD
            or point >= 0x10000
        )
