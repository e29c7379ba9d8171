"""Excerpts: nothing of an article is lost, none is too long to embed, none says nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.excerpts import LONGEST, SHORTEST, sentences, split_into_excerpts
from retrieval.identity import columns

unhurried = settings(deadline=None)

anything = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(
            [
                "梯度累积。",
                "One sentence. ",
                "word ",
                "字" * 700,
                "x" * 1300,
                "\n\n",
                "\n",
                "...",
                " ",
                "a b " * 200,
                "\r\n\r\n",
                "“引用。”",
                "!?)",
                "\u3000",
                "没有标点的一段",
                "3.14",
                "v" * 599,
            ]
        ),
        max_size=14,
    ).map("".join),
)


def bare(text: str) -> str:
    return "".join(text.split())


@given(anything)
@unhurried
def test_nothing_is_lost_none_is_too_long_and_none_is_empty(text: str) -> None:
    excerpts = split_into_excerpts(text)
    assert bare("".join(excerpts)) == bare(text)
    assert all(columns(excerpt) <= LONGEST for excerpt in excerpts)
    assert all(excerpt == excerpt.strip() != "" for excerpt in excerpts)
    assert bool(excerpts) == bool(text.strip())


@given(anything)
@unhurried
def test_sentences_joined_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text
    assert all(sentences(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("先算梯度。再更新!真的?", ["先算梯度。", "再更新!", "真的?"]),
        ("He said “stop.” Then v2.0 came.", ["He said “stop.” ", "Then v2.0 came."]),
        ("它说“好。”然后走了。", ["它说“好。”", "然后走了。"]),
        ("Wait... what? Yes.", ["Wait... ", "what? ", "Yes."]),
        ("一行\n又一行", ["一行\n", "又一行"]),
        ("显存 3.5 GB,共 1,000 块", ["显存 3.5 GB,共 1,000 块"]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_short_article_is_one_excerpt_as_it_stands() -> None:
    text = "第一段。\n\n第二段。\n第三行"
    assert split_into_excerpts(f"\n {text} \n") == [text]


def test_it_is_cut_between_sentences_where_it_can_be() -> None:
    text = "".join(f"这是第{n:03}句,说的是同一件事的另一面。" for n in range(100))
    excerpts = split_into_excerpts(text)
    assert len(excerpts) > 2
    assert all(excerpt.endswith("。") for excerpt in excerpts)
    assert all(excerpt.startswith("这是第") for excerpt in excerpts)


def test_a_sentence_without_end_is_cut_between_words() -> None:
    words = [f"word{n}" for n in range(1000)]
    excerpts = split_into_excerpts(" ".join(words))
    assert [word for excerpt in excerpts for word in excerpt.split()] == words


@pytest.mark.parametrize(
    "unit", ["这是一句话,不长也不短,刚好够用。", "A sentence of a usual length, no more. "]
)
@pytest.mark.parametrize("count", range(60, 76))
def test_the_last_excerpt_is_no_mere_remainder(unit: str, count: int) -> None:
    assert columns(split_into_excerpts(unit * count)[-1]) >= SHORTEST


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "字" * 1_000_000,
        "a\n" * 200_000,
        "." * 300_000,
        "a. " * 200_000,
        "\n " * 200_000,
        ".!" * 150_000,
        ".)" * 150_000,
        "!" * 300_000,
    ],
)
def test_a_huge_text_is_cut_soon(text: str) -> None:
    started = time.process_time()
    excerpts = split_into_excerpts(text)
    assert bare("".join(excerpts)) == bare(text)
    assert time.process_time() - started < 8


# --- headings, code, formulas --------------------------------------------------------------

structured = st.lists(
    st.sampled_from(
        [
            "# 标题",
            "## Second heading",
            "### 三",
            "## " + "宽" * 60,
            "# " + "b" * 119,
            "#### " + "c" * 130,
            "#no heading",
            "```",
            "```python",
            "````",
            "x = 1",
            "    indented",
            "y" * 1500,
            "第一句。第二句。",
            "A sentence of a usual length, no more. " * 20,
            "字" * 700,
            "$$\na. b\n$$",
            "$x$",
            " " * 1300,
            "",
            "",
            "a" + " " * 2000 + "b",
        ]
    ),
    max_size=16,
).map("\n".join)


def in_order(part: str, whole: str) -> bool:
    signs = iter(whole)
    return all(sign in signs for sign in part)


def unmarked(text: str) -> str:
    """The text without the marks of headings and fences, which are not kept as they were."""
    return bare(text.replace("#", "").replace("`", ""))


@given(st.one_of(structured, anything))
@unhurried
def test_of_a_text_with_headings_and_code_nothing_is_lost(text: str) -> None:
    excerpts = split_into_excerpts(text)
    assert in_order(unmarked(text), unmarked("".join(excerpts)))
    assert all(columns(excerpt) <= LONGEST for excerpt in excerpts)
    assert all(excerpt == excerpt.strip() != "" for excerpt in excerpts)
    assert bool(excerpts) == bool(text.strip())


@given(st.lists(st.sampled_from(["一句话。", "Words. ", "字" * 700, "1 < 2\n"]), min_size=1))
@unhurried
def test_each_excerpt_of_a_section_opens_with_its_heading(body: list[str]) -> None:
    text = "".join(body)
    excerpts = split_into_excerpts(f"# 书\n\n## 章\n\n{text}")
    assert all(excerpt.startswith("书 › 章\n") for excerpt in excerpts)
    without = [excerpt.removeprefix("书 › 章\n") for excerpt in excerpts]
    assert bare("".join(without)) == bare(text)


SENTENCES = "".join(f"这是第{n:03}句,说的是同一件事的另一面。" for n in range(40))


def test_a_long_section_repeats_its_heading_and_leaves_no_remainder() -> None:
    excerpts = split_into_excerpts(f"开头的话。\n\n## 梯度累积\n\n{SENTENCES}")
    assert excerpts[0].startswith("开头的话。\n\n梯度累积\n这是第000句")
    assert len(excerpts) > 1
    assert all(excerpt.startswith("梯度累积\n这是第") for excerpt in excerpts[1:])
    assert all(columns(excerpt) >= SHORTEST for excerpt in excerpts)


def test_short_sections_share_an_excerpt_each_below_its_heading() -> None:
    text = "# 指南\n\n先读这里。\n\n## 安装\n\n一条命令。\n\n## 使用\n\n再一条命令。\n\n# 附录\n\n没了。"
    assert split_into_excerpts(text) == [
        "指南\n先读这里。\n\n指南 › 安装\n一条命令。\n\n指南 › 使用\n再一条命令。\n\n附录\n没了。"
    ]


def test_a_heading_with_nothing_of_its_own_stays_with_what_comes_below() -> None:
    text = f"{SENTENCES}\n\n# 甲\n\n## 乙\n\n### 丙\n\n{SENTENCES}"
    excerpts = split_into_excerpts(text)
    at = next(n for n, excerpt in enumerate(excerpts) if "甲" in excerpt)
    assert "甲\n乙 › 丙\n这是第000句" in excerpts[at]
    assert all(excerpt.startswith("乙 › 丙\n") for excerpt in excerpts[at + 1 :])


def test_a_heading_below_which_nothing_comes_is_text() -> None:
    assert split_into_excerpts("正文。\n\n## 参考") == ["正文。\n\n## 参考"]
    assert split_into_excerpts("# 只有标题") == ["# 只有标题"]


def test_only_the_two_innermost_headings_are_named_in_bounded_width() -> None:
    inner = "内" * 40
    (excerpt,) = split_into_excerpts(f"# {'外' * 50}\n\n无关。\n\n## {inner}\n\n正文。")
    line = excerpt.split("\n")[3]
    assert line.startswith("外外")
    assert line.endswith(f"… › {inner}")
    assert columns(line) <= 120


def test_code_is_not_torn_where_it_fits() -> None:
    code = "```python\n" + "\n".join(f"x{n} = {n}" for n in range(60)) + "\n\n# no heading\n```"
    assert columns(code) < LONGEST
    excerpts = split_into_excerpts(f"{SENTENCES}\n\n{code}\n\n{SENTENCES}")
    assert sum(code in excerpt for excerpt in excerpts) == 1


def test_long_code_is_cut_between_lines_and_fenced_anew() -> None:
    lines = [f"    value_{n} = compute({n})  # the {n}th" for n in range(200)]
    excerpts = split_into_excerpts("## 代码\n\n```python\n" + "\n".join(lines) + "\n```")
    assert len(excerpts) > 2
    found: list[str] = []
    for excerpt in excerpts:
        heading, opening, *inside, closing = excerpt.split("\n")
        assert (heading, opening, closing) == ("代码", "```python", "```")
        found += inside
    assert found == lines


def test_a_fence_that_is_never_closed_is_text() -> None:
    text = "一段。\n\n```\n又一段。"
    assert split_into_excerpts(text) == [text]


@pytest.mark.parametrize(
    "formula",
    [
        "$a = b. c \\quad\\text{. and so on}$",
        "$$\nL = -\\sum_i p_i \\log q_i. \\\\\nx\n$$",
        r"\(a; b; c\)",
        r"\[x! + y! = z\]",
    ],
)
def test_a_formula_is_not_torn(formula: str) -> None:
    assert formula in sentences(f"先看{formula},再说。然后呢。")[0]
    for before in range(0, 160, 7):
        text = "长" * 500 + "x" * before + formula + "短" * 300
        assert sum(formula in excerpt for excerpt in split_into_excerpts(text)) == 1


def test_money_is_no_formula() -> None:
    assert sentences("It costs $5. Or $6. Done.") == ["It costs $5. ", "Or $6. ", "Done."]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "text",
    [
        "# a\n" * 100_000 + "x",
        "```\n" * 100_000,
        "```a\n" * 100_000,
        "````\n```\n" * 50_000 + "`````",
        "# a\nb\n" * 50_000,
        "```\nx\n```\n" * 30_000,
        "$x" * 200_000,
        r"\[" * 200_000,
        r"\(x" * 200_000,
        "$$x" * 200_000,
        "# " + "a #" * 100_000,
        "```\n" + "x" * 500_000 + "\n```",
        "## a\n\n" + "\n" * 300_000 + "b",
    ],
)
def test_a_huge_structured_text_is_cut_soon(text: str) -> None:
    excerpts = split_into_excerpts(text)
    assert all(columns(excerpt) <= LONGEST for excerpt in excerpts)
    assert in_order(unmarked(text), unmarked("".join(excerpts)))
