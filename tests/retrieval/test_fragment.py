"""Links that land on a passage: the fragment is read as a browser reads it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.identity import columns
from retrieval.sources.fragment import LONGEST, link_to_passage

unhurried = settings(deadline=None)
PAGE = "https://blog.example.org/archive?page=2"
DIRECTIVE = "#:~:text="
_LATIN = r"[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"


def collapsed(text: str) -> str:
    return " ".join(text.split())


def beginning(link: str) -> str:
    """What the browser looks for. One directive, one bare term: the syntax's marks are encoded."""
    address, _, encoded = link.partition(DIRECTIVE)
    assert address
    assert encoded
    assert not re.search(r"[-,&\s#]", encoded), "would be read as syntax"
    assert encoded.isascii()
    return unquote(encoded, errors="strict")


def splits_a_word(text: str, position: int) -> bool:
    """Whether a browser would say that no word ends here (UAX 29)."""
    before, after = text[:position], text[position:]
    return bool(
        (re.search(rf"{_LATIN}$", before) and re.match(rf"[.,:'’]?{_LATIN}", after))
        or (re.search(rf"{_LATIN}[.,:'’]$", before) and re.match(_LATIN, after))
    )


PASSAGES = [
    "简介 梯度累积 把一个大批次拆成几个小批次,先算梯度,再一起更新。",
    "PagedAttention 借用操作系统分页的办法:把 KV cache 切成固定大小的块",
    "short",
    "短",
    "Kimi-VL, R&D -- and so on, and on, and on, and on, and on, and on",
    "吞吐从每秒 1,000 个词升到 3.5 倍,显存从 80.5 GB 降到 1,024 MB,但延迟也从 12:30 变成了 1.5 秒",
    "It doesn't say what naïve Schrödinger's cat can't do, won't do or shouldn't've done",
    "100% of 50%20 + 3 = 4 # not a fragment? yes & no",
    "带 全角  空格\u3000和\t制表符的一行,后面还有一些字来凑够长度",
    "这一行被页面截断了,后面什么都没有...",
    "这一行被页面截断了,后面什么都没有……",
    "emoji 👨‍👩‍👧‍👦 in the middle 🇨🇳 of the line, and then some more",
    "w" * 300,
    "字" * 300,
    "...",
    "https://example.org/a-b-c?x=1,2&y=3#part is where it all began, long ago",
]


@pytest.mark.parametrize("passage", PASSAGES)
def test_the_link_lands_on_the_passage(passage: str) -> None:
    link = link_to_passage(PAGE, passage)
    assert link.startswith(PAGE + DIRECTIVE)
    found = beginning(link)
    text = collapsed(passage)
    assert text.startswith(found)
    assert columns(found) <= LONGEST
    if len(set(passage)) > 1:
        assert not splits_a_word(text, len(found)), (found, text[len(found) :])


@given(
    st.lists(
        st.one_of(
            st.text(st.sampled_from("ab9.,:' -_é中文字。…&%#\u3000\n"), min_size=1, max_size=12),
            st.sampled_from(["3.14", "can't", "Kimi-VL", "1,000", "v2.0.1", "naïve", "。", " "]),
        ),
        min_size=1,
        max_size=20,
    )
    .map("".join)
    .filter(lambda text: text.strip())
)
@unhurried
def test_any_passage_has_a_link_that_lands_on_it(passage: str) -> None:
    found = beginning(link_to_passage(PAGE, passage))
    text = collapsed(passage)
    assert text.startswith(found)
    assert found.strip() == found != ""
    if columns(text.split(" ")[0]) <= LONGEST // 2:
        assert not splits_a_word(text, len(found)), (found, text[len(found) :])


def test_the_ellipsis_of_a_cut_line_is_not_looked_for() -> None:
    assert beginning(link_to_passage(PAGE, "短短的一行...")) == "短短的一行"


@pytest.mark.parametrize("ellipsis", ["...", " ...", "…", "……", "......"])
def test_a_cut_line_and_the_whole_one_are_looked_for_alike(ellipsis: str) -> None:
    text = "梯度累积把大批次拆小"
    assert beginning(link_to_passage(PAGE, text + ellipsis)) == text


def test_two_passages_that_differ_late_have_two_links() -> None:
    one, other = (f"论文名称 BLIP {n} Bootstrapping Language-Image Pre-training" for n in (1, 2))
    assert link_to_passage(PAGE, one) != link_to_passage(PAGE, other)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("https://example.org/", "https://example.org/"),
        ("https://example.org/#top", "https://example.org/"),
        ("https://example.org/?a=1&b=2#:~:text=old", "https://example.org/?a=1&b=2"),
        ("https://example.org", "https://example.org"),
    ],
)
def test_the_page_keeps_its_address_and_loses_its_fragment(page: str, address: str) -> None:
    link = link_to_passage(page, "梯度累积")
    assert link.partition("#")[0] == address
    assert urlsplit(link).fragment.count(":~:") == 1
