"""The archive's articles: what one gather commits, and what `latest` and the others read back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.archive.articles import Counts
from retrieval.archive.intaking import IntakeReport, text_hash
from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.errors import ArchiveError
from retrieval.excerpts import split_into_excerpts
from tests.retrieval.conftest import NewArchive
from tests.retrieval.rows import all_rows

unhurried = settings(
    deadline=None,
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LONG = "".join(f"第{n:03}句说的是环形缓冲区的另一个侧面,说得不长也不短。" for n in range(120))


def day(number: float) -> datetime:
    return NOW + timedelta(days=number)


def text(name: str) -> str:
    return f"{name} 这一篇说的就是 {name} 本身,别的一概不提。"


def draft(name: str, published: datetime | None = None, **options: object) -> Draft:
    return Draft(text=text(name), published=published, **options)  # type: ignore[arg-type]


def commit(
    archive: Archive, *drafts: Draft | str, now: datetime = NOW, source: str = "s"
) -> IntakeReport:
    listed = [draft(each) if isinstance(each, str) else each for each in drafts]
    return archive.articles.commit(source, "snapshots", listed, now)


def latest(archive: Archive, limit: int = 1000) -> list[str]:
    """The names of the newest articles."""
    return [article.opening.split()[0] for article in archive.articles.latest(limit)]


# --- what is read back ---------------------------------------------------------------------


def test_an_article_comes_back_as_it_was_committed(archive: Archive) -> None:
    published = datetime.fromisoformat("2026-03-14T09:30+08:00")
    report = commit(
        archive,
        Draft(
            LONG,
            title="环 <&>",
            link="https://example.org/#x",
            published=published,
            tags=("a", "b"),
        ),
    )
    assert report == IntakeReport(new=1, changed=0, unchanged=0)
    (article,) = archive.articles.latest(10)
    assert (article.title, article.link) == ("环 <&>", "https://example.org/#x")
    assert (article.source, article.tags) == ("s", ("a", "b"))
    assert article.published == published
    assert article.published is not None
    assert article.published.tzinfo is UTC
    excerpts = split_into_excerpts(LONG)
    assert len(excerpts) > 1
    assert article.opening == excerpts[0]
    passages = archive.articles.passages([article.id])
    assert [passage.excerpt.text for passage in passages] == excerpts
    assert [passage.excerpt.id for passage in passages] == [
        f"{article.id}:{n}" for n in range(len(excerpts))
    ]
    assert [passage.text_hash for passage in passages] == [text_hash(each) for each in excerpts]
    assert archive.articles.by_id([article.id, "nobody"]) == {article.id: article}
    asked = [f"{article.id}:1", f"{article.id}:{len(excerpts)}", "nobody:0"]
    assert archive.articles.excerpts(asked) == {f"{article.id}:1": (passages[1], article)}
    assert archive.articles.counts() == Counts(articles=1, excerpts=len(excerpts))
    assert archive.articles.ids() == [article.id]
    assert archive.articles.most_excerpts([article.id]) == {article.id: len(excerpts)}


def test_an_empty_archive_has_nothing(archive: Archive) -> None:
    assert archive.articles.latest(5) == []
    assert archive.articles.counts() == Counts(0, 0)
    assert archive.articles.ids() == []
    assert archive.articles.by_id(["x"]) == {}
    assert archive.articles.passages(["x"]) == []
    assert archive.articles.excerpts(["x:0"]) == {}
    assert archive.articles.excerpts([]) == {}


def test_latest_gives_no_more_than_asked_for(archive: Archive) -> None:
    commit(archive, "a", "b", "c")
    assert latest(archive, 2) == ["a", "b"]
    assert latest(archive, 0) == []


def test_more_ids_than_a_statement_can_take(archive: Archive) -> None:
    commit(archive, *(f"n{number}" for number in range(50)))
    ids = archive.articles.ids()
    many = [f"nobody{number}" for number in range(40_000)] + ids
    assert sorted(archive.articles.by_id(many)) == ids
    assert sorted(archive.articles.excerpts(f"{own}:0" for own in many)) == [
        f"{own}:0" for own in ids
    ]
    assert len(archive.articles.passages(many)) == 50
    assert len(archive.articles.most_excerpts(many)) == 50


def test_a_naive_date_is_refused_before_anything_is_written(archive: Archive) -> None:
    with pytest.raises(ValueError, match="time zone"):
        draft("a", published=datetime(2026, 1, 1))  # noqa: DTZ001
    before = all_rows(archive, but=())
    with pytest.raises(ArchiveError):
        commit(archive, "a", now=datetime(2026, 1, 1))  # noqa: DTZ001
    assert all_rows(archive, but=()) == before


# --- gathering again -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "drafts",
    [
        [draft("a"), draft("b"), draft("c")],
        [draft("a", day(-1)), draft("b"), draft("c", day(-3), tags=("t",), link="https://x.org/")],
        [draft("a", day(9)), draft("b", day(9)), draft("c", day(1)), draft("d")],
        [Draft(LONG), Draft(LONG[:400]), draft("a")],
        [draft("a"), draft("a")],
    ],
)
def test_gathering_twice_changes_nothing(archive: Archive, drafts: Sequence[Draft]) -> None:
    commit(archive, *drafts)
    before = all_rows(archive)
    report = commit(archive, *drafts, now=day(5))
    assert report == IntakeReport(new=0, changed=0, unchanged=len(drafts))
    assert all_rows(archive) == before


def test_an_edited_article_keeps_its_id_and_shows_only_its_new_text(archive: Archive) -> None:
    """FAILURES 22"""
    commit(archive, Draft(LONG), "b")
    (own, other) = (article.id for article in archive.articles.latest(2))
    short = LONG[:60] + "..."
    assert commit(archive, Draft(short), "b", now=day(1)).changed == 1
    assert [article.id for article in archive.articles.latest(2)] == [own, other]
    assert [passage.excerpt.text for passage in archive.articles.passages([own])] == [short]
    assert archive.articles.most_excerpts([own])[own] == len(split_into_excerpts(LONG)) > 1
    assert archive.articles.counts() == Counts(2, 2)
    assert [(c.article_id, c.kind) for c in archive.changes.since(2, 9)] == [(own, "changed")]


def test_a_line_that_grows_and_shrinks_stays_one_article(archive: Archive) -> None:
    for number, kept in enumerate((40, 300, 20, 4000, 40)):
        grown = LONG[:kept] + "..." * (kept < len(LONG))
        commit(archive, Draft(grown), "b", now=day(number))
        assert archive.articles.counts().articles == 2
    assert archive.articles.latest(1)[0].opening == LONG[:40] + "..."


def test_an_article_dropped_by_its_source_stays(archive: Archive) -> None:
    commit(archive, "a", "b", "c", "d")
    ids = archive.articles.ids()
    assert commit(archive, "a", "d", now=day(1)).withdrawn == 0
    assert latest(archive) == ["a", "b", "c", "d"]
    assert archive.articles.ids() == ids
    before = all_rows(archive)
    commit(archive, "a", "d", now=day(2))
    assert all_rows(archive) == before


def test_an_article_that_comes_back_is_no_new_one(archive: Archive) -> None:
    """FAILURES 2"""
    commit(archive, "a", "b", "c")
    end = archive.changes.end()
    for listing in (["a", "c"], ["c", "b", "a"], ["b"], ["a", "b", "c"]):
        assert commit(archive, *listing, now=day(1)).new == 0
    assert archive.changes.end() == end
    assert latest(archive) == ["a", "b", "c"]


def test_a_text_that_two_sources_carry_is_one_article(archive: Archive) -> None:
    commit(archive, "a", "b", source="one")
    report = commit(archive, "b", "c", source="two", now=day(1))
    assert (report.new, report.unchanged) == (1, 1)
    assert sorted(latest(archive)) == ["a", "b", "c"]
    assert {a.source for a in archive.articles.latest(9) if a.opening == text("b")} == {"one"}
    states = archive.fetches.states()
    assert [(state.name, state.articles) for state in states] == [("one", 2), ("two", 2)]


def test_many_articles_that_begin_alike_stay_apart(archive: Archive) -> None:
    drafts = [Draft(f"论文名称与论文地址,本周精读的是第 {n} 篇") for n in range(30)]
    assert commit(archive, *drafts).new == 30
    assert commit(archive, *drafts[::-1], now=day(1)).unchanged == 30
    assert archive.articles.counts().articles == 30


# --- order ---------------------------------------------------------------------------------


def test_new_articles_on_top_in_the_middle_and_at_the_end(archive: Archive) -> None:
    commit(archive, "b", "d", "f")
    commit(archive, "a", "b", "c", "d", "e", "f", "g", now=day(1))
    assert latest(archive) == list("abcdefg")


def test_a_page_that_moved_on_entirely_comes_before_what_it_held(archive: Archive) -> None:
    commit(archive, "c", "d")
    commit(archive, "a", "b", now=day(1))
    assert latest(archive) == ["a", "b", "c", "d"]


def test_a_new_article_takes_the_top_from_one_that_was_deleted(archive: Archive) -> None:
    commit(archive, "gone", "c")
    commit(archive, "new", "c", now=day(1))
    assert latest(archive) == ["new", "gone", "c"]


def test_the_page_as_it_is_now_wins_over_the_page_as_it_was(archive: Archive) -> None:
    commit(archive, "a", "b", "c", "d")
    commit(archive, "d", "c", "a", now=day(1))
    assert [name for name in latest(archive) if name != "b"] == ["d", "c", "a"]


def test_sources_are_interleaved_by_date(archive: Archive) -> None:
    commit(archive, draft("a", day(-1)), draft("c", day(-3)), draft("e", day(-5)), source="one")
    commit(
        archive,
        draft("b", day(-2)),
        draft("u"),
        draft("d", day(-4)),
        draft("f", day(-6)),
        source="two",
    )
    assert [name for name in latest(archive) if name != "u"] == list("abcdef")
    names = latest(archive)
    assert names.index("b") < names.index("u") < names.index("d")


def test_a_date_in_the_future_lifts_nothing_above_what_comes_later(archive: Archive) -> None:
    """FAILURES 16"""
    commit(archive, draft("typo", day(9999)), draft("x", day(-2)), source="one")
    commit(archive, draft("fresh", day(0.5)), source="two", now=day(1))
    assert latest(archive) == ["fresh", "typo", "x"]


@pytest.mark.parametrize("late", [0.6, 1.0])
def test_an_article_dated_tomorrow_stays_above_what_its_page_shows_below(
    archive: Archive, late: float
) -> None:
    """A site ahead of UTC dates its posts in the future; one below, seen later, is not newer."""
    commit(archive, draft("a", day(1)), draft("c", day(-1)))
    commit(archive, draft("a", day(1)), draft("b", day(late)), draft("c", day(-1)), now=day(2))
    assert latest(archive) == ["a", "b", "c"]


def test_equal_dates_stand_as_the_page_has_them_whenever_they_came(archive: Archive) -> None:
    commit(archive, draft("b", day(-1)), draft("d", day(-1)))
    commit(archive, *(draft(name, day(-1)) for name in "abcde"), now=day(1))
    assert latest(archive) == list("abcde")


@st.composite
def sites(draw: st.DrawFn) -> list[list[tuple[str, datetime | None]]]:
    """What a site shows at each gather: the top of a list that grows anywhere and loses some.

    Dates never rise along it; some are missing, equal, or in the future.
    """
    moments = sorted(draw(st.lists(st.integers(-8, 12), min_size=10, max_size=10)), reverse=True)
    dated = [draw(st.sampled_from([None, day(moment)])) for moment in moments]
    site = [(f"n{number}", published) for number, published in enumerate(dated)]
    online: set[int] = set()
    shown = []
    for _ in range(draw(st.integers(1, 4))):
        online |= draw(st.sets(st.integers(0, 9), min_size=1))
        online -= draw(st.sets(st.integers(0, 9), max_size=2))
        window = sorted(online)[: draw(st.integers(1, 10))]
        if window:
            shown.append([site[number] for number in window])
    return shown


@given(sites())
@unhurried
def test_whatever_any_gather_showed_above_stays_above(
    new_archive: NewArchive, shown: list[list[tuple[str, datetime | None]]]
) -> None:
    archive = new_archive()
    pairs: set[tuple[str, str]] = set()
    for number, listing in enumerate(shown):
        drafts = [draft(name, published) for name, published in listing]
        commit(archive, *drafts, now=day(3 * number))
        pairs |= set(combinations([name for name, _ in listing], 2))
        names = latest(archive)
        assert sorted(names) == sorted({name for seen in shown[: number + 1] for name, _ in seen})
        assert pairs <= set(combinations(names, 2))
        before = all_rows(archive)
        commit(archive, *drafts, now=day(3 * number + 1))
        assert all_rows(archive) == before


@st.composite
def unruly(draw: st.DrawFn) -> list[tuple[str, list[tuple[str, datetime | None]]]]:
    """Listings of two sources in any order, with any dates: nothing need fit together."""
    names = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)
    moment = st.one_of(st.none(), st.integers(-3, 9).map(day))
    listings = st.lists(st.tuples(st.sampled_from(["one", "two"]), names), min_size=1, max_size=5)
    return [
        (source, [(name, draw(moment)) for name in listing]) for source, listing in draw(listings)
    ]


@given(unruly())
@unhurried
def test_contradictions_lose_nothing_and_settle(
    new_archive: NewArchive, gathers: list[tuple[str, list[tuple[str, datetime | None]]]]
) -> None:
    archive = new_archive()
    seen: set[str] = set()
    for number, (source, listing) in enumerate(gathers):
        drafts = [draft(name, published) for name, published in listing]
        commit(archive, *drafts, now=day(number), source=source)
        seen |= {name for name, _ in listing}
        assert sorted(latest(archive)) == sorted(seen)
        before = all_rows(archive)
        commit(archive, *drafts, now=day(number), source=source)
        assert all_rows(archive) == before
    past = [a for a in archive.articles.latest(99) if a.published and a.published <= NOW]
    for one, other in pairwise(past):
        assert one.published is not None
        assert other.published is not None
        assert one.published >= other.published
