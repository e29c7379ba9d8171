"""What of a question stands in a passage in one piece."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.search.verbatim import Asked, folded, verbatim
from tests.retrieval.weighing import question

unhurried = settings(deadline=None)


def asked(text: str, **weights: float) -> Asked:
    """A question whose words weigh 1, but for those named."""
    return Asked.of(text, question(text, weights))


def share(text: str, passage: str, **weights: float) -> float:
    return verbatim(asked(text, **weights), folded(passage))


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("北京北土城地铁站换乘", "他在北京北土城地铁站换乘十号线。"),
        ("环形缓冲区写满以后", "所谓環形緩衝區寫滿以後,指的是"),
        ("rotary position embedding theta", "The Rotary Position Embeddings' theta is 10,000"),
        ("Write-Ahead Logging flushes first", "ｗｒｉｔｅ ahead logging: flushes first, then"),
        ("Lübeck Kiel Hamburg Bremen", "from Lubeck, Kiel, Hamburg, Bremen"),
    ],
)
def test_a_passage_that_holds_the_question_has_all_of_it(question: str, passage: str) -> None:
    """However it is spelled: width, case, accents, endings, Traditional or Simplified."""
    assert share(question, passage) == pytest.approx(1)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("北土城地铁站换乘", "地铁在城北换乘;土建与车站"),
        ("rotary position embedding theta", "theta, embedding, position, rotary"),
        ("环形缓冲区", ""),
        ("", "环形缓冲区"),
        ("", ""),
        ("😀", "😀"),
        ("什么", "什么"),
    ],
)
def test_words_apart_are_no_piece(question: str, passage: str) -> None:
    assert share(question, passage) == 0


def test_longer_pieces_tell_more() -> None:
    question = "北京北土城地铁站换乘几号线"
    passages = ["北京", "北京北土城", "北京北土城地铁", "北京北土城地铁站换乘几号线"]
    found = [share(question, passage) for passage in passages]
    assert found == sorted(found)
    assert len(set(found)) == len(found)


def test_a_latin_word_is_never_a_part_of_another() -> None:
    assert share("art of the possible world", "smart of the possible worldly") < share(
        "art of the possible world", "art of the possible world"
    )
    assert share("ring buffers", "string buffers") < share("ring buffers", "ring buffers")


def test_a_piece_of_rare_words_tells_more_than_one_of_common_words() -> None:
    question = "蓄水池采样怎么处理数据流水线"
    rare, common = "说到蓄水池采样就要", "先来看数据流水线再说"
    weights = {"水池": 5.0, "蓄水池": 5.0, "采样": 5.0, "蓄水": 5.0}
    assert share(question, rare, **weights) > share(question, common, **weights)


pieces = st.sampled_from(
    ["环形缓冲区", "写指针", "什么", "的", "wal", "Write-Ahead", " ", "。", "北土城站", "log", "é"]
)
texts = st.lists(pieces, max_size=8).map("".join) | st.text(st.characters(), max_size=40)


@given(texts, texts, texts)
@unhurried
def test_it_is_a_share_and_grows_with_the_passage(question: str, passage: str, more: str) -> None:
    found = share(question, passage)
    assert 0 <= found <= 1 + 1e-9
    # A space and a mark between: joined, two words would become another one.
    assert share(question, f"{passage} 。 {more}") >= found - 1e-9
    assert share(question, f"{more} 。 {passage}") >= found - 1e-9


@given(texts, texts, texts)
@unhurried
def test_a_passage_that_holds_the_question_has_no_less_than_any_other(
    question: str, before: str, after: str
) -> None:
    whole = share(question, f"{before} 。 {question} 。 {after}")
    assert whole >= share(question, f"{before} 。 {after}") - 1e-9
    assert whole >= share(question, question) - 1e-9


def test_a_very_long_question_is_looked_at_in_no_time() -> None:
    """Its first units are: a question is seldom longer than a paragraph."""
    question = "环形缓冲区写满以后怎么办" * 2_000
    assert share(question, question) == pytest.approx(1)
    assert share(question, "环" * 5_000) == 0
