"""The articles that pass a filter, as an archive tells them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from retrieval.archive.opening import Archive
from retrieval.article import Draft
from retrieval.filter import Filter
from retrieval.search.question import parse

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def day(month: int, number: int = 1) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


def draft(name: str, published: datetime | None = None, tags: Sequence[str] = ()) -> Draft:
    text = f"{name} 这一篇说的就是 {name} 本身,别的一概不提。"
    return Draft(text=text, published=published, tags=tuple(tags))


def gather(archive: Archive, source: str, *drafts: Draft, now: datetime = NOW) -> None:
    archive.articles.commit(source, "snapshots", drafts, now)


def matching(archive: Archive, wanted: Filter | str, limit: int = 100) -> list[str]:
    """The names of the articles that pass, in the order they are given."""
    asked = parse(wanted).filter if isinstance(wanted, str) else wanted
    ids = archive.articles.matching(asked, limit)
    found = archive.articles.by_id(ids)
    return [found[own].opening.split()[0] for own in ids]


@pytest.fixture
def tagged(archive: Archive) -> Archive:
    gather(
        archive,
        "Math Blog",
        draft("new", day(4), ["LLM", "Machine Learning"]),
        draft("mid", day(3), ["llm", "大模型"]),
        draft("bare", day(2)),
        draft("old", day(1), ["大模型", "C#", '"odd", \\ tag']),
    )
    return archive


def test_without_a_filter_all_articles_pass_newest_first(tagged: Archive) -> None:
    assert matching(tagged, Filter()) == ["new", "mid", "bare", "old"]
    assert matching(tagged, Filter(), 2) == ["new", "mid"]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("tag:LLM", ["new", "mid"]),
        ("tag:#llm", ["new", "mid"]),
        ("标签：ｌｌｍ", ["new", "mid"]),
        ("tag:大模型", ["mid", "old"]),
        ("tag:大模型 tag:llm", ["mid"]),
        ("tag:c#", ["old"]),
        ("tag:c", []),
        ("tag:machine-learning", ["new"]),
        ('tag:"machine learning"', ["new"]),
        ("tag:machine", []),
        ("-tag:llm", ["bare", "old"]),
        ("-tag:llm -tag:大模型", ["bare"]),
        ("tag:llm -tag:大模型", ["new"]),
        ("tag:llm before:2026-04", ["mid"]),
        ("tag:nobody", []),
        ("-tag:nobody", ["new", "mid", "bare", "old"]),
    ],
)
def test_tags_whatever_their_spelling(tagged: Archive, asked: str, names: list[str]) -> None:
    assert matching(tagged, asked) == names


def test_a_tag_of_signs_that_json_escapes(tagged: Archive) -> None:
    assert matching(tagged, Filter(tags=('"ODD", \\ tag',))) == ["old"]


def test_no_more_than_the_limit_pass(tagged: Archive) -> None:
    assert matching(tagged, "tag:llm", 1) == ["new"]
    assert matching(tagged, "-tag:nobody", 3) == ["new", "mid", "bare"]
    assert matching(tagged, "after:2026", 1) == ["new"]
    for asked in ("tag:llm", "after:2026", "source:x"):
        assert matching(tagged, asked, 0) == []
        assert matching(tagged, asked, -1) == []


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("after:2026-03", ["new", "mid"]),
        ("after:2026-03-02", ["new"]),
        ("before:2026-03", ["bare", "old"]),
        ("before:2026-03-02", ["mid", "bare", "old"]),
        ("after:2026-02 before:2026-04", ["mid", "bare"]),
        ("after:2027", []),
        ("before:2026", []),
        ("after:2026-04 before:2026-02", []),
    ],
)
def test_dates_from_one_on_and_before_another(
    tagged: Archive, asked: str, names: list[str]
) -> None:
    assert matching(tagged, asked) == names


def test_a_date_of_another_time_zone_is_compared_as_a_moment(archive: Archive) -> None:
    gather(archive, "s", draft("a", datetime.fromisoformat("2026-03-01T07:00+08:00")))
    assert matching(archive, "after:2026-03") == []
    assert matching(archive, "before:2026-03") == ["a"]


def test_what_was_there_undated_from_the_beginning_is_of_no_date(archive: Archive) -> None:
    gather(archive, "s", draft("dated", day(3)), draft("undated"))
    assert matching(archive, "after:2000") == ["dated"]
    assert matching(archive, "before:2100") == ["dated"]
    assert matching(archive, "-tag:x") == ["dated", "undated"]


def test_what_came_undated_as_news_is_of_the_day_it_came(archive: Archive) -> None:
    there = [draft("first"), draft("second")]
    gather(archive, "s", *there)
    gather(archive, "s", draft("came"), *there, now=NOW + timedelta(days=40))
    assert matching(archive, "after:2026-06") == ["came"]
    assert matching(archive, "after:2026-07") == []
    assert matching(archive, "before:2026-07") == ["came"]


@pytest.fixture
def shared(archive: Archive) -> Archive:
    both = draft("both", day(3))
    gather(archive, "Math Blog", draft("math", day(2)), both)
    gather(archive, "科学空间", both, draft("space", day(1)))
    gather(archive, "third", draft("other", day(1, 2)))
    return archive


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ('source:"math blog"', ["both", "math"]),
        ("source:MATH_BLOG", ["both", "math"]),
        ("来源:科学空间", ["both", "space"]),
        ("source:math-blog source:third", ["both", "math", "other"]),
        ("source:math", []),
        ("source:nobody", []),
        ("-source:科学空间", ["math", "other"]),
        ("-source:nobody", ["both", "math", "other", "space"]),
        ("source:math-blog -source:科学空间", ["math"]),
        ("source:math-blog after:2026-03", ["both"]),
    ],
)
def test_an_article_belongs_to_every_source_that_lists_it(
    shared: Archive, asked: str, names: list[str]
) -> None:
    assert matching(shared, asked) == names


def test_a_source_that_dropped_an_article_of_another_has_it_no_more(shared: Archive) -> None:
    gather(shared, "科学空间", draft("space", day(1)))
    assert matching(shared, "source:科学空间") == ["space"]
    assert matching(shared, "source:math-blog") == ["both", "math"]


def test_withdrawn_articles_pass_no_filter(tagged: Archive) -> None:
    newest = tagged.articles.latest(1)[0].id
    tagged.articles.withdraw([newest], NOW)
    for asked in ("", "tag:llm", "after:2026", "source:math-blog", "-tag:nobody"):
        assert newest not in tagged.articles.matching(parse(asked).filter, 100)
    assert matching(tagged, "tag:llm") == ["mid"]


def test_rows_in_many_portions_all_count(archive: Archive) -> None:
    drafts = [draft(f"n{number}", tags=["x"] * (number % 600 == 0)) for number in range(2_500)]
    gather(archive, "s", *drafts)
    assert matching(archive, "tag:x") == ["n0", "n600", "n1200", "n1800", "n2400"]
    assert len(archive.articles.matching(Filter(not_tags=("x",)), 10_000)) == 2_495


def test_pages_follow_each_other(tagged: Archive) -> None:
    for asked, names in (("tag:llm", ["mid"]), ("", ["mid", "bare", "old"]), ("-tag:c#", ["mid"])):
        wanted = parse(asked).filter
        there = [a.opening.split()[0] for a in tagged.articles.newest(wanted, 3, 1)]
        assert there[: len(names)] == names
        assert tagged.articles.newest(wanted, 3, 4) == []


@pytest.fixture
def on_postgresql(postgres: Callable[[], str]) -> Iterator[Archive]:
    archive = Archive.open(postgres())
    yield archive
    archive.close()


def test_postgresql_tells_the_same(on_postgresql: Archive) -> None:
    both = draft("both", day(3), ["a", "C#"])
    gather(on_postgresql, "x", draft("new", day(4), ["A", "b"]), both)
    gather(on_postgresql, "third", both, draft("old", day(1), ["a"]))
    for asked, names in (
        ("tag:a", ["new", "both", "old"]),
        ("tag:a -tag:b", ["both", "old"]),
        ("tag:a tag:c#", ["both"]),
        ("tag:a source:third -source:y after:2020", ["both", "old"]),
        ("-tag:b -source:x after:2020", ["old"]),
    ):
        assert matching(on_postgresql, asked) == names
    counted = on_postgresql.tags.most_frequent(9)
    assert {tag.name: tag.articles for tag in counted.tags} == {"A": 3, "C#": 1, "b": 1}
    assert counted.tags[0].name == "A"
    assert on_postgresql.articles.random(0.999999) is not None
    assert on_postgresql.articles.by_link("https://nowhere.example/x") is None
