"""Cards: what a person sees of an answer and of the newest articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import answer_parts, latest_parts
from bot.markup import Text, clean
from bot.telegram_html import Parsed, parse_html
from bot.wording import CHINESE, ENGLISH, Wording
from tests.bot.fakes import answer, article, hit, newest
from tests.bot.hostile import HOSTILE, words

wording = Wording(ENGLISH)


def only(parts: list[Text]) -> str:
    (part,) = parts
    return part.html


def marked(parsed: Parsed, kind: str) -> list[str]:
    units = parsed.text.encode("utf-16-le")
    return [
        units[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le")
        for each in parsed.entities
        if each.type == kind
    ]


def test_a_hit_is_number_title_link_tags_date_and_excerpt() -> None:
    found = hit(
        article(title="大模型显存", tags=("LLM", "训练")),
        excerpt="开头。梯度检查点用计算换显存。结尾。",
        highlight="梯度检查点用计算换显存。",
    )
    assert only(answer_parts(answer(found), wording)) == (
        '1. <a href="https://blog.example/1"><b>大模型显存</b></a>\n'
        "LLM · 训练 · 14 Mar 2026\n"
        "<blockquote>开头。<b>梯度检查点用计算换显存。</b>结尾。</blockquote>"
    )


def test_three_hits_are_shown_best_first() -> None:
    hits = [hit(article(number, title=f"T{number}")) for number in range(1, 6)]
    parsed = parse_html(only(answer_parts(answer(*hits), wording)))
    assert marked(parsed, "text_link") == ["T1", "T2", "T3"]
    assert [parsed.text.find(f"{number}. T{number}\n") >= 0 for number in range(1, 5)] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("link", [None, "", "javascript:alert(1)", "not a url"])
def test_without_a_link_the_title_is_plain_bold(link: str | None) -> None:
    shown = only(answer_parts(answer(hit(article(title="T", link=link))), wording))
    assert shown.startswith("1. <b>T</b>\n")
    assert "<a" not in shown


def test_what_an_article_lacks_leaves_no_trace() -> None:
    """FAILURES 16"""
    bare = article(title="T", link=None, published=None)
    assert only(answer_parts(answer(hit(bare, "x", "")), wording)) == (
        "1. <b>T</b>\n<blockquote>x</blockquote>"
    )


def test_dates_are_shown_as_the_article_gives_them() -> None:
    """FAILURES 16"""
    future = datetime(2999, 1, 2, tzinfo=UTC)
    assert "2 Jan 2999" in only(latest_parts([article(published=future)], wording))


@pytest.mark.parametrize(
    ("length", "tag"), [(300, "<blockquote>"), (301, "<blockquote expandable>")]
)
def test_a_long_excerpt_is_folded(length: int, tag: str) -> None:
    assert tag in only(answer_parts(answer(hit(excerpt="字" * length)), wording))


@pytest.mark.parametrize("highlight", ["", "not in there", " \n"])
def test_without_a_highlight_in_it_the_excerpt_is_whole_and_plain(highlight: str) -> None:
    found = hit(excerpt="one. two. three.", highlight=highlight)
    assert "<blockquote>one. two. three.</blockquote>" in only(answer_parts(answer(found), wording))


@pytest.mark.parametrize(
    ("language", "said", "offered"),
    [
        (ENGLISH, "The archive has nothing on this", "The nearest I have, though not an answer:"),
        (CHINESE, "没有找到相关内容", "内容最接近的文章如下，但没有回答这个问题："),
    ],
)
def test_a_refusal_offers_the_nearest_titles_and_calls_them_no_answers(
    language: str, said: str, offered: str
) -> None:
    """FAILURES 19"""
    hits = [hit(article(number, title=f"T{number}"), "secret excerpt") for number in range(1, 6)]
    shown = parse_html(only(answer_parts(answer(*hits, relevant=False), Wording(language))))
    assert shown.entities == ()
    assert "http" not in shown.text
    assert "excerpt" not in shown.text
    refusal, _, titles = shown.text.partition(offered)
    assert said in refusal
    assert "/latest" in refusal
    assert titles == "\n• T1\n• T2\n• T3"
    alone = refusal.rsplit("\n\n", 1)[0]
    assert only(answer_parts(answer(), Wording(language))) == alone
    far = replace(answer(*hits, relevant=False), confidence=0.1)
    assert only(answer_parts(far, Wording(language))) == alone


@pytest.mark.parametrize(
    ("language", "heading", "day"),
    [
        (ENGLISH, "The newest 5 articles that match", "14 Mar 2026"),
        (CHINESE, "符合条件的最新 5 篇文章", "2026年3月14日"),
    ],
)
def test_what_filters_alone_leave_is_listed_and_not_called_an_answer(
    language: str, heading: str, day: str
) -> None:
    hits = [newest(article(number)) for number in range(1, 9)]
    shown = parse_html(only(answer_parts(answer(*hits), Wording(language))))
    assert shown.text.startswith(f"{heading}\n\n1. Article 1\n{day}\n梯度检查点用计算")
    assert marked(shown, "text_link") == [f"Article {number}" for number in range(1, 6)]
    assert marked(shown, "bold") == [heading, *marked(shown, "text_link")]
    assert marked(shown, "blockquote") == []


@pytest.mark.parametrize(
    ("language", "label"), [(ENGLISH, "More from this article:"), (CHINESE, "这篇文章里还有：")]
)
def test_further_passages_of_an_article_stand_below_its_best_one(language: str, label: str) -> None:
    hits = (hit(more=("另一段。", "```py\nthird()\n```")), hit(article(2)))
    shown = parse_html(only(answer_parts(answer(*hits), Wording(language))))
    assert f"最后一句。\n{label}\n另一段。\nthird()\n\n2. Article 2" in shown.text
    assert marked(shown, "expandable_blockquote") == ["另一段。", "third()"]
    assert shown.text.count(label) == 1


def test_a_further_passage_is_shortened_at_a_sentence() -> None:
    shown = only(answer_parts(answer(hit(more=("这句话有十个字整。" * 99,))), wording))
    (further,) = marked(parse_html(shown), "expandable_blockquote")
    assert 250 < len(further) <= 301
    assert further.endswith("十个字整…")


def test_further_passages_never_cost_a_second_message_or_a_hit() -> None:
    hits = [
        hit(article(number), excerpt="字" * 1000, highlight="", more=("甲" * 290, "乙" * 290))
        for number in range(1, 4)
    ]
    (one,) = answer_parts(answer(*hits), wording)
    assert one.plain.count("字") == 3000
    assert "3. Article 3" in one.plain
    assert 580 <= one.plain.count("甲") + one.plain.count("乙") < 6 * 290
    assert one.plain.index("甲") < one.plain.index("2. Article 2"), "the best hit's come first"
    long = [hit(article(1), excerpt="字" * 5000, highlight="", more=("甲",))]
    assert "甲" not in "".join(part.plain for part in answer_parts(answer(*long), wording))


@settings(deadline=None)
@given(words, words, words, st.lists(words, max_size=7), st.integers(0, 40), st.integers(1, 5))
def test_hostile_articles_make_valid_messages(
    title: str, excerpt: str, link: str, tags: list[str], times: int, hits: int
) -> None:
    """FAILURES 12"""
    hostile = article(
        title=title, link=f"https://blog.example/{link}", tags=tuple(tags), opening=excerpt * times
    )
    found = hit(hostile, excerpt * times, excerpt, more=(excerpt, title))
    for part in (
        *answer_parts(answer(*[found] * hits), wording),
        *answer_parts(answer(*[found] * hits, relevant=False), wording),
        *answer_parts(answer(*[newest(hostile, excerpt)] * hits), wording),
        *latest_parts([hostile] * hits, wording),
    ):
        parsed = parse_html(part.html)
        assert parsed.text.strip()
        assert len(parsed.text.encode("utf-16-le")) // 2 <= 4096


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_spoils_only_its_own_line(title: str) -> None:
    """FAILURES 12"""
    hits = (hit(article(1, title=title)), hit(article(2, title="Innocent")))
    parsed = [parse_html(part.html) for part in answer_parts(answer(*hits), wording)]
    assert "Innocent" in [name for each in parsed for name in marked(each, "text_link")]


def test_ten_thousand_characters_lose_none() -> None:
    """FAILURES 13"""
    long = "".join(f"第{number}句话。" for number in range(2000))
    parts = answer_parts(answer(hit(excerpt=long, highlight="第1000句话。")), wording)
    parsed = [parse_html(part.html) for part in parts]
    assert len(parts) > 2
    assert long in "".join(each.text for each in parsed)
    assert [text for each in parsed for text in marked(each, "bold")] == [
        "Article 1",
        "第1000句话。",
    ]
    assert all(marked(each, "expandable_blockquote") for each in parsed)


def test_a_title_is_shortened_when_it_is_no_title() -> None:
    """FAILURES 13"""
    shown = parse_html(only(answer_parts(answer(hit(article(title="😀" * 3000))), wording)))
    (title,) = marked(shown, "text_link")
    assert title == "😀" * 200 + "…"


def test_the_newest_are_listed_in_the_order_given() -> None:
    listed = [article(number, tags=("LLM",)) for number in (3, 1, 2)]
    shown = parse_html(only(latest_parts(listed, wording))).text
    assert shown.startswith(
        "The newest 3 articles\n\n"
        "1. Article 3\nLLM · 14 Mar 2026\n梯度检查点用计算换显存。反向传播时重新计算激活值。\n\n"
        "2. Article 1\n"
    )


@pytest.mark.parametrize(
    ("title", "opening", "shown"),
    [
        ("梯度检查点", "梯度检查点 大模型参数量巨大。", "大模型参数量巨大。"),
        ("梯度检查点…", "梯度检查点，大模型参数量巨大。", "大模型参数量巨大。"),
        ("Two Stream", "two  stream\nnetworks are old.", "networks are old."),
        ("全文就是标题。", "全文就是标题。", ""),
        ("别的标题", "梯度检查点很好。", "梯度检查点很好。"),
    ],
)
def test_the_title_is_not_said_twice(title: str, opening: str, shown: str) -> None:
    listed = article(title=title, opening=opening, link=None, published=None)
    text = only(latest_parts([listed], wording))
    assert text.removeprefix(f"<b>The newest article</b>\n\n1. <b>{title}</b>").strip() == shown


def test_an_opening_ends_after_two_lines_at_a_sentence_or_a_word() -> None:
    chinese = article(
        opening="大模型的参数量十分巨大，训练时的显存不够。" + "这里是第二句话而且它非常长" * 9
    )
    assert "训练时的显存不够…" in only(latest_parts([chinese], wording))
    english = article(opening="word " * 100)
    last = only(latest_parts([english], wording)).rsplit("\n", 1)[1]
    assert last.endswith("word…")
    assert 60 < len(last) < 90


def test_an_empty_archive_is_said() -> None:
    assert only(latest_parts([], wording)) == wording.say("archive-empty")


def test_controls_in_an_excerpt_do_not_hide_the_highlight() -> None:
    found = hit(excerpt="a\x00b\r\n\r\n\r\n\r\nc. d.", highlight="b\r\n\r\n\r\n\r\nc.")
    assert "a<b>b\n\nc.</b> d." in only(answer_parts(answer(found), wording))
    assert clean("a\x00b") == "ab"


def test_the_date_is_the_day_in_utc() -> None:
    early = datetime(2026, 3, 14, 1, 0, tzinfo=timezone(timedelta(hours=8)))
    assert "13 Mar 2026" in only(latest_parts([article(published=early)], wording))


CODE = "安装\n先装依赖:\n\n```bash\npip install x\n```\n\n然后运行。"


@pytest.mark.parametrize(
    ("highlight", "shown"),
    [
        ("然后运行。", "\n先装依赖:\n\n<pre>pip install x</pre>\n\n<b>然后运行。</b>"),
        ("pip install x", "\n先装依赖:\n\n<pre>pip install x</pre>\n\n然后运行。"),
        (
            "pip install x\n```\n\n然后运行。",
            "\n先装依赖:\n\n<pre>pip install x</pre><b>\n\n然后运行。</b>",
        ),
        ("```bash\npip install x", "\n先装依赖:\n\n<pre>pip install x</pre>\n\n然后运行。"),
    ],
)
def test_people_see_code_as_code_and_headings_in_bold(highlight: str, shown: str) -> None:
    found = hit(article(), excerpt=CODE, highlight=highlight)
    assert f"<blockquote><b>安装</b>{shown}</blockquote>" in only(
        answer_parts(answer(found), wording)
    )


def test_an_opening_shows_neither_fences_nor_heading_marks() -> None:
    opening = "## 起步\n```python\nimport this\n```\nC# 也行"
    shown = only(latest_parts([article(title="T", opening=opening)], wording))
    assert shown.endswith("起步 import this C# 也行")
