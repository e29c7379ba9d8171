"""Drafts meet the archive: pure decisions on what is new, what is an edit, what stands where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.article import Draft
from retrieval.intake import WIDEST_TITLE, Decision, Placed, decide, distinct, rank, storable
from retrieval.matching import Content, Known, identity_keys

unhurried = settings(deadline=None)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
TEXT = "梯度累积把一个大批次拆成几个小批次,先算梯度,再一起更新。"
OTHER = "Write-ahead logging makes a crash harmless: the log is flushed first."


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)


def known(text: str, own: str = "k1", *, owned: bool = True, was: str | None = None) -> Known:
    """An article of the archive; `was` is a text it had once."""
    content = decide("s", [Draft(text=text)], {}, ())[0].content
    return Known(own, content, owned)


def keyed(*articles: Known, once: tuple[tuple[str, Known], ...] = ()) -> dict[str, list[Known]]:
    """Articles by all their keys; `once` are texts that articles had before."""
    found: dict[str, list[Known]] = {}
    for text, article in (*((article.content.text, article) for article in articles), *once):
        for key in identity_keys("s", Draft(text)):
            if article not in found.setdefault(key, []):
                found[key].append(article)
    return found


def only(decisions: list[Decision]) -> Decision:
    (decision,) = decisions
    return decision


# --- identity ------------------------------------------------------------------------------


def test_a_text_nobody_knows_is_new_and_titled() -> None:
    decision = only(decide("s", [Draft(text=f"简介: {TEXT}", link="https://example.org/")], {}, ()))
    assert decision.kind == "new"
    assert decision.content == Content(
        title="梯度累积把一个大批次拆成几个小批次",
        link="https://example.org/",
        published=None,
        tags=(),
        text=f"简介: {TEXT}",
    )


def test_a_title_that_the_source_gives_is_kept() -> None:
    decision = only(decide("s", [Draft(text=TEXT, title="C#<T> & _x_")], {}, ()))
    assert decision.content.title == "C#<T> & _x_"


def test_the_same_text_is_unchanged() -> None:
    article = known(TEXT)
    decision = only(decide("s", [Draft(text=TEXT)], keyed(article), {"k1"}))
    assert (decision.kind, decision.article_id) == ("unchanged", "k1")


@pytest.mark.parametrize(
    "edited", [TEXT.upper() + "?", TEXT + "后来又补了一句。", TEXT[:20] + "..."]
)
def test_an_edited_text_is_a_change_of_the_same_article(edited: str) -> None:
    decision = only(decide("s", [Draft(text=edited)], keyed(known(TEXT)), {"k1"}))
    assert (decision.kind, decision.article_id) == ("changed", "k1")
    assert decision.content.text == edited


@pytest.mark.parametrize(
    "draft",
    [
        Draft(text=TEXT, link="https://example.org/moved"),
        Draft(text=TEXT, title="Another"),
        Draft(text=TEXT, tags=("训练",)),
        Draft(text=TEXT, published=NOW),
        Draft(text=TEXT.replace(",", ", ")),
    ],
)
def test_whatever_else_changed_is_a_change_too(draft: Draft) -> None:
    assert only(decide("s", [draft], keyed(known(TEXT)), {"k1"})).kind == "changed"


def test_a_date_or_tags_that_the_source_no_longer_tells_are_kept() -> None:
    article = known(TEXT)
    dated = replace(article, content=replace(article.content, published=NOW, tags=("训练",)))
    assert only(decide("s", [Draft(text=TEXT)], keyed(dated), {"k1"})).kind == "unchanged"


def test_another_sources_article_stays_as_that_source_tells_it() -> None:
    article = known(TEXT, owned=False)
    decision = only(
        decide("s", [Draft(text=TEXT + "再补一句。", tags=("x",))], keyed(article), {"k1"})
    )
    assert decision == Decision("unchanged", "k1", article.content, decision.fresh_keys)
    assert [key.partition(":")[0] for key in decision.fresh_keys] == ["text"]


def test_two_drafts_are_never_one_article() -> None:
    drafts = [
        Draft(text=TEXT + "第一种结尾。"),
        Draft(text=TEXT + "第二种结尾。"),
        Draft(text=TEXT),
    ]
    decisions = decide("s", drafts, keyed(known(TEXT)), {"k1"})
    assert [decision.kind for decision in decisions] == ["new", "new", "unchanged"]
    assert len({decision.article_id for decision in decisions}) == 3


def test_the_present_text_goes_before_a_former_one() -> None:
    """k1 said TEXT once and says OTHER now; k2 says TEXT now."""
    one, two = known(OTHER, "k1"), known(TEXT, "k2")
    by_key = keyed(one, two, once=((TEXT, one),))
    for drafts in ([Draft(text=TEXT), Draft(text=OTHER)], [Draft(text=OTHER), Draft(text=TEXT)]):
        decisions = decide("s", drafts, by_key, {"k1", "k2"})
        assert {d.content.text: d.article_id for d in decisions} == {OTHER: "k1", TEXT: "k2"}
        assert {d.kind for d in decisions} == {"unchanged"}


def test_a_text_that_comes_back_is_its_article() -> None:
    one = known(OTHER, "k1")
    decision = only(decide("s", [Draft(text=TEXT)], keyed(one, once=((TEXT, one),)), {"k1"}))
    assert (decision.kind, decision.article_id) == ("changed", "k1")


def test_of_several_beginnings_the_longest_is_the_article() -> None:
    short, long = known(TEXT[:16], "k1"), known(TEXT[:24], "k2")
    decision = only(decide("s", [Draft(text=TEXT)], keyed(short, long), {"k1", "k2"}))
    assert decision.article_id == "k2"


def test_ids_are_the_same_whenever_the_same_archive_is_gathered_anew() -> None:
    drafts = [Draft(text=TEXT), Draft(text=OTHER)]
    ids = [decision.article_id for decision in decide("s", drafts, {}, ())]
    assert ids == [decision.article_id for decision in decide("s", drafts, {}, ())]
    assert ids[::-1] == [decision.article_id for decision in decide("s", drafts[::-1], {}, ())]
    assert all(len(own) == 12 and int(own, 16) >= 0 for own in ids)


def test_an_id_that_is_taken_is_not_given_again() -> None:
    taken: set[str] = set()
    for _ in range(5):
        taken.add(only(decide("s", [Draft(text=TEXT)], {}, taken)).article_id)
    assert len(taken) == 5


@given(st.lists(st.text(st.sampled_from("梯度累积的姿势"), min_size=1, max_size=30), max_size=8))
@unhurried
def test_every_draft_has_one_decision_and_ids_are_apart(texts: list[str]) -> None:
    drafts = [Draft(text=text) for text in texts]
    decisions = decide("s", drafts, {}, ())
    assert [decision.content.text for decision in decisions] == texts
    assert len({decision.article_id for decision in decisions}) == len(texts)
    articles = [Known(d.article_id, d.content, True) for d in decisions]
    again = decide("s", drafts, keyed(*articles), {a.id for a in articles})
    assert [decision.kind for decision in again] == ["unchanged"] * len(texts)


# --- places --------------------------------------------------------------------------------


def placed(own: str, published: datetime | None = None, **options: object) -> Placed:
    values = {"first_seen": NOW, "rank": None, "baseline": True, **options}
    return Placed(own, published, **values)  # type: ignore[arg-type]


def by_place(articles: list[Placed]) -> list[str]:
    places = rank(articles)
    return sorted(places, key=lambda own: (places[own].ranked_at, places[own].rank), reverse=True)


@st.composite
def histories(draw: st.DrawFn) -> list[Placed]:
    """Articles newest first, dates never rising, some undated, equal, or in the future."""
    articles, moment = [], draw(st.integers(0, 20))
    for number in range(draw(st.integers(0, 12))):
        moment -= draw(st.sampled_from([0, 0, 1, 5]))
        articles.append(
            placed(
                f"a{number}",
                draw(st.sampled_from([None, day(moment)])),
                first_seen=day(draw(st.integers(0, 6))),
                baseline=draw(st.booleans()),
                rank=draw(st.one_of(st.none(), st.integers(1, 30))),
            )
        )
    return articles


@given(histories())
@unhurried
def test_sorting_by_place_gives_the_order_back(articles: list[Placed]) -> None:
    assert by_place(articles) == [article.article_id for article in articles]


@given(histories())
@unhurried
def test_nothing_is_ranked_later_than_it_was_known(articles: list[Placed]) -> None:
    """A date in the future lifts nothing above what comes tomorrow."""
    newest = max((article.first_seen for article in articles), default=NOW)
    assert all(place.ranked_at <= newest for place in rank(articles).values())


@given(histories())
@unhurried
def test_places_once_given_stay(articles: list[Placed]) -> None:
    places = rank(articles)
    again = [replace(article, rank=places[article.article_id].rank) for article in articles]
    assert rank(again) == places


def test_a_new_article_on_top_moves_no_other() -> None:
    old = [placed("b"), placed("c")]
    before = rank(old)
    top = placed("a", first_seen=day(1), baseline=False)
    after = rank([top, *(replace(a, rank=before[a.article_id].rank) for a in old)])
    assert {own: after[own] for own in before} == before
    assert after["a"].ranked_at == day(1)


@pytest.mark.parametrize(
    ("articles", "moments"),
    [
        ([placed("a", day(-1)), placed("b"), placed("c", day(-3))], [-1, -3, -3]),
        ([placed("a"), placed("b")], [0, 0]),
        ([placed("a", day(-1)), placed("b", first_seen=day(2), baseline=False)], [-1, -1]),
        ([placed("a", first_seen=day(2), baseline=False), placed("b", day(-1))], [2, -1]),
        ([placed("a", day(99)), placed("b", day(-1))], [0, -1]),
        ([placed("a", day(99)), placed("b", day(2), first_seen=day(3))], [2, 2]),
        ([placed("u"), placed("a", day(99)), placed("b", day(-1))], [0, 0, -1]),
    ],
)
def test_the_moment_an_article_is_ranked_at(articles: list[Placed], moments: list[int]) -> None:
    places = rank(articles)
    assert [places[a.article_id].ranked_at for a in articles] == [day(n) for n in moments]


# --- what can be stored, what is said twice, what is news ---------------------------------------


def test_characters_that_no_database_takes_are_left_out() -> None:
    odd = Draft("正\0文\ud800", "题\0目", "https://x.org/\0", tags=("\0", "t\udfff"), guid="g\0")
    assert storable(odd) == Draft("正文", "题目", "https://x.org/", tags=("t",), guid="g")
    assert storable(Draft("\0\ud800")) is None
    assert storable(Draft(link="https://x.org/a")) is None
    assert storable(Draft(TEXT)) == Draft(TEXT)


def test_a_title_is_one_line_of_a_bearable_length_in_one_direction() -> None:
    odd = storable(Draft(TEXT, "一 \n行\u202egnp.exe", tags=("a\u2066b",)))
    assert odd is not None
    assert (odd.title, odd.tags) == ("一 行gnp.exe", ("ab",))
    long = storable(Draft(TEXT, "very long " * 100_000))
    assert long is not None
    assert long.title is not None
    assert len(long.title) <= WIDEST_TITLE
    assert long.title.endswith("…")


def test_said_again_is_said_once_but_the_same_name_alone_proves_nothing() -> None:
    link = "https://x.org/a"
    again = Draft(TEXT + "再补一句。", "题目", link)
    assert distinct([Draft(TEXT, "题目", link), again]) == [Draft(TEXT, "题目", link)]
    apart = [Draft(TEXT, "题目", link), Draft(OTHER, "题目", link), Draft(TEXT, "别的", link)]
    assert distinct(apart) == apart
    unnamed = [Draft(TEXT), Draft(TEXT)]
    assert distinct(unnamed) == unnamed
