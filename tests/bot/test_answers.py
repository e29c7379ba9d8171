"""Pages of answers: whatever is found, each is one valid message with valid buttons."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers import given_hits, keyboard_of, needed, page_of, texts_of, whole_parts
from bot.buttons import LONGEST_DATA, unpack
from bot.cutting import fits
from bot.ledger.answers import NewAnswer
from bot.markup import LONGEST_URL
from bot.telegram_html import parse_html
from bot.wording import LANGUAGES, Wording
from retrieval.search.answer import Answer
from tests.bot.fakes import answer, article, evidence, hit
from tests.bot.hostile import words

BIGGEST = 10**18 - 1


def new(found: Answer, within: str | None = None) -> NewAnswer:
    return NewAnswer(50, 0, given_hits(found), "en", within=within)


@settings(deadline=None)
@given(
    words, words, words, st.lists(words, max_size=7), st.integers(0, 300), st.integers(1, 10),
    st.sets(st.integers(0, 9)), st.booleans(), st.sampled_from(LANGUAGES), st.booleans(),
)  # fmt: skip
def test_hostile_answers_make_one_valid_message_a_page(
    title: str, told: str, link: str, tags: list[str], times: int, count: int, gone: set[int],
    relevant: bool, language: str, inside: bool,
) -> None:  # fmt: skip
    """FAILURES 12, FAILURES 13"""
    named = article(title=title, link=f"https://blog.example/{link}", tags=tuple(tags))
    found = answer(
        *(
            hit(replace(named, id=f"a{n}"), told * times, told, more=(told, title))
            for n in range(count)
        ),
        relevant=relevant,
    )
    given_answer = new(found, within="a0" if inside else None)
    texts = {
        own: text for own, text in texts_of(found).items() if text[1].id[1:] not in map(str, gone)
    }
    for number in range(-1, 5):
        page = page_of(given_answer, texts, Wording(language), number, named if inside else None)
        assert fits(page.part)
        assert parse_html(page.part.html).text == page.part.plain
        assert page.part.plain.strip()
        keyboard = keyboard_of(page, BIGGEST, Wording(language))
        assert keyboard is not None or not (relevant or page.votes)
        for row in () if keyboard is None else keyboard.inline_keyboard:
            assert len(row) <= 3
            for button in row:
                data = button.callback_data
                assert isinstance(data, str)
                assert len(data.encode()) <= LONGEST_DATA
                assert unpack(data) is not None
        assert set(needed(given_answer, number)) <= set(texts_of(found))


def test_three_links_of_marks_that_must_be_spelt_out_are_still_one_message() -> None:
    """FAILURES 13"""
    link = "https://blog.example/?" + "&" * (LONGEST_URL - 22)
    title = "&" * 300
    hits = [hit(article(n, title=title, link=link), "&" * 2000, "") for n in (1, 2, 3)]
    found = answer(*hits)
    page = page_of(new(found), texts_of(found), Wording("en"))
    assert fits(page.part)
    assert parse_html(page.part.html).text.startswith("1. &&&")


@pytest.mark.parametrize("length", [150, 1000, 1500, 3000])
def test_excerpts_are_shortened_alike_and_as_little_as_may_be(length: int) -> None:
    hits = [hit(article(n), "字" * length, "") for n in (1, 2, 3)]
    found = answer(*hits)
    page = page_of(new(found), texts_of(found), Wording("en"))
    shown = [block.count("字") for block in page.part.plain.split("\n\n")]
    assert len(set(shown)) == 1
    assert shown[0] == min(length, 1200)
    assert page.cut == (() if length <= 1200 else (0, 1, 2))


@pytest.mark.parametrize(("confidence", "named"), [(0.05, False), (0.14, False), (0.2, True)])
def test_what_has_nothing_to_do_with_the_question_is_neither_named_nor_judged(
    confidence: float, named: bool
) -> None:
    """FAILURES 19"""
    told = evidence(confidence=confidence)
    found = answer(*(hit(article(n), told=told) for n in (1, 2)), relevant=False)
    page = page_of(new(found), texts_of(found), Wording("en"))
    assert ("• Article 1\n• Article 2" in page.part.plain) == named
    assert (keyboard_of(page, 7, Wording("en")) is not None) == named
    inside = page_of(new(found, "a1"), texts_of(found), Wording("en"), within=article(1))
    assert inside.part.plain.startswith("“Article 1” says nothing on this")
    assert ("• Article 2" in inside.part.plain) == named


@pytest.mark.parametrize(
    ("length", "folded"), [(100, []), (125, [2, 3]), (300, [2, 3]), (301, [1, 2, 3])]
)
def test_of_several_hits_the_lower_ones_are_folded_sooner(length: int, folded: list[int]) -> None:
    found = answer(*(hit(article(n), "字" * length, "") for n in (1, 2, 3)))
    page = page_of(new(found), texts_of(found), Wording("en"))
    cards = page.part.html.split("\n\n")
    assert [n for n, card in enumerate(cards, 1) if "expandable" in card] == folded
    assert page.cut == ()


def test_what_answers_is_seen_of_a_lower_hit_that_is_folded() -> None:
    before, after = "这一句说的是别的事情，跟问题没有关系。" * 6, "后面还有很长的一段话。" * 12
    found = answer(
        hit(article(1), before + "就是它。", "就是它。"),
        *[
            hit(article(2), f"{before}就是它。{after}", "就是它。"),
        ],
    )
    page = page_of(new(found), texts_of(found), Wording("en"))
    first, second = page.part.plain.split("\n\n")
    assert before in first
    assert second.split("\n")[-1].startswith("… 这一句说的是别的事情，跟问题没有关系。就是它。后面")
    assert page.cut == (1,)


def test_a_whole_excerpt_is_under_the_link_of_its_article() -> None:
    found = answer(hit(article(1), "a. b. c.", "b."))
    (part,) = whole_parts(given_hits(found)[0], texts_of(found)) or []
    assert part.html == '<a href="https://blog.example/1"><b>Article 1</b></a>\n\na. <b>b.</b> c.'
    assert whole_parts(given_hits(found)[0], {}) is None
