"""Tags, as an archive counts and finds them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from retrieval.archive.opening import Archive
from retrieval.article import Article, Draft
from retrieval.filter import Filter, name_key
from tests.retrieval.test_connect import migrations

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def draft(number: int, *tags: str, published: datetime | None = None, link: str = "") -> Draft:
    return Draft(
        text=f"n{number} 这一篇说的就是 n{number} 本身,别的一概不提。",
        tags=tags,
        published=published,
        link=link or f"https://blog.example/posts/{number}",
    )


def gather(archive: Archive, *drafts: Draft, source: str = "blog", now: datetime = NOW) -> None:
    archive.articles.commit(source, "snapshots", drafts, now)


def counted(archive: Archive) -> dict[str, int]:
    return {tag.name: tag.articles for tag in archive.tags.most_frequent(1_000).tags}


@pytest.fixture
def tagged(archive: Archive) -> Archive:
    gather(
        archive,
        draft(1, "LLM", "Machine Learning"),
        draft(2, "llm", "机器学习", "#LLM"),
        draft(3, "Ｌｌｍ", "C#"),
        draft(4, "#"),
        draft(5),
    )
    return archive


def test_spellings_of_a_tag_are_one_and_it_is_called_as_it_came_first(tagged: Archive) -> None:
    assert counted(tagged) == {"LLM": 3, "C#": 1, "Machine Learning": 1, "机器学习": 1}
    assert next(iter(counted(tagged))) == "LLM"
    for name in ("LLM", "llm", "#LLM", "ＬＬＭ"):
        found = tagged.tags.named(name)
        assert found is not None
        assert (found.name, found.articles) == ("LLM", 3)
    assert tagged.tags.named("LL") is None
    assert tagged.tags.named("") is None


def test_tags_come_in_pages_the_most_frequent_first(tagged: Archive) -> None:
    pages = [tagged.tags.most_frequent(2, offset) for offset in (0, 2, 4)]
    assert [[tag.name for tag in page.tags] for page in pages] == [
        ["LLM", "C#"],
        ["Machine Learning", "机器学习"],
        [],
    ]
    assert {page.total for page in pages} == {4}


def test_an_archive_without_tags(archive: Archive) -> None:
    assert archive.tags.most_frequent(5).total == 0
    assert archive.tags.near("LLM", 3) == []
    assert archive.tags.named("LLM") is None


def test_a_key_is_found_by_its_beginning(tagged: Archive) -> None:
    for tag in tagged.tags.most_frequent(9).tags:
        assert tagged.tags.of_key(tag.key[:12]) == tag
        assert tagged.tags.of_key(tag.key) == tag
    for nothing in ("", "%", "_", "0" * 12, "LLM"):
        assert tagged.tags.of_key(nothing) is None


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("LLMs", "LLM"),
        ("lm", "LLM"),
        ("machine-lerning", "Machine Learning"),
        ("learning", "Machine Learning"),
        ("机器学", "机器学习"),
        ("机器字习", "机器学习"),
    ],
)
def test_what_no_tag_is_called_has_neighbours(tagged: Archive, asked: str, first: str) -> None:
    assert tagged.tags.named(asked) is None
    assert next(tag.name for tag in tagged.tags.near(asked, 3)) == first


def test_what_is_nothing_like_any_tag_has_none(tagged: Archive) -> None:
    for asked in ("zzz", "x", "数据库", "", "#", "%"):
        assert tagged.tags.near(asked, 3) == []


def test_tags_of_withdrawn_articles_count_no_more_until_they_come_back(tagged: Archive) -> None:
    """FAILURES 22"""
    carrier = tagged.articles.newest(Filter(tags=("C#",)), 1)[0].id
    tagged.articles.withdraw([carrier], NOW)
    assert "C#" not in counted(tagged)
    assert tagged.tags.named("c#") is None
    assert tagged.articles.matching(Filter(tags=("c#",)), 9) == []
    gather(tagged, draft(3, "Ｌｌｍ", "C#"))
    assert counted(tagged)["C#"] == 1
    assert tagged.articles.matching(Filter(tags=("c#",)), 9) == [carrier]


def test_an_article_that_gets_other_tags_carries_them_alone(tagged: Archive) -> None:
    gather(tagged, draft(1, "新的"), draft(2, "llm"))
    assert counted(tagged) == {"LLM": 2, "C#": 1, "新的": 1}


def reference(archive: Archive, wanted: Filter) -> list[str]:
    """The ids that pass by the tags that the articles themselves tell, in the order of /latest."""

    def keys(article: Article) -> set[str]:
        return set(map(name_key, article.tags))

    required, refused = set(map(name_key, wanted.tags)), set(map(name_key, wanted.not_tags))
    return [
        article.id
        for article in archive.articles.latest(1_000)
        if required <= keys(article) and not refused & keys(article)
    ]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_filters_tell_what_the_articles_do(archive: Archive, seed: int) -> None:
    """FAILURES 16: gathered, moved, dated anew, edited, withdrawn, taken over by another source."""
    chance = random.Random(seed)
    names = ["a", "A", "b", "c d", "c_d", "#e"]
    shelves: dict[str, list[Draft]] = {"one": [], "two": []}
    filters = [Filter(tags=("a",)), Filter(tags=("c-d", "b")), Filter(("a",), ("e",))]
    filters += [Filter(not_tags=("b",)), Filter(tags=("nobody",))]
    for turn in range(12):
        source = chance.choice(list(shelves))
        shelf = shelves[source]
        for _ in range(chance.randint(1, 4)):
            number = chance.randint(1, 30)
            shelf[:] = [each for each in shelf if each.link != draft(number).link]
            dated = chance.choice([None, NOW - timedelta(days=chance.randint(0, 99))])
            tags = chance.sample(names, chance.randint(0, 3))
            shelf.insert(chance.randint(0, len(shelf)), draft(number, *tags, published=dated))
        now = NOW + timedelta(hours=turn)
        gather(archive, *shelf, source=source, now=now)
        if turn % 4 == 3:
            archive.articles.withdraw(chance.sample(archive.articles.ids(), 2), now)
        for wanted in filters:
            assert archive.articles.matching(wanted, 1_000) == reference(archive, wanted)


def test_an_archive_of_an_older_release_gets_its_tags(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    archive = Archive.open(url)
    many = [draft(number, *tags) for number, tags in enumerate(_OLD, 1)]
    gather(archive, *many)
    archive.articles.withdraw([archive.articles.latest(99)[-1].id], NOW)
    wanted = [Filter(tags=(name,)) for name in ("llm", "rag", "gone")]
    expected = [archive.articles.matching(each, 99) for each in wanted]
    archive.close()
    _undo(url)
    again = Archive.open(url)
    assert counted(again) == {"llm": 3, "RAG": 1}
    assert [again.articles.matching(each, 99) for each in wanted] == expected
    assert list(map(len, expected)) == [3, 1, 0]
    gather(again, draft(9, "rag"), *many)
    assert counted(again)["RAG"] == 2
    again.close()


#: The commonest spelling of an old archive is the tag's name.
_OLD: Sequence[tuple[str, ...]] = (("LLM",), ("llm", "RAG"), ("llm", "#"), (), ("gone",))


def _undo(url: str) -> None:
    """Make it as the release before left it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE tagged"))
        connection.execute(text("DROP TABLE tags"))
        config = migrations()
        config.attributes["connection"] = connection
        command.stamp(config, "0003")
    engine.dispose()


# --- one article ---------------------------------------------------------------------------


def test_an_article_is_found_by_any_spelling_of_its_link(tagged: Archive) -> None:
    for link in (
        "https://blog.example/posts/2",
        "http://www.blog.example/posts/2/?utm_source=telegram#top",
        " https://BLOG.example/posts/2 ",
    ):
        found = tagged.articles.by_link(link)
        assert found is not None
        assert found.opening.startswith("n2 ")
    for link in ("https://blog.example/posts/99", "https://blog.example/", "posts/2", "", "%"):
        assert tagged.articles.by_link(link) is None


def test_a_passage_of_a_page_is_found_by_just_its_link(archive: Archive) -> None:
    links = [f"https://blog.example/#:~:text=n{number}" for number in (1, 2)]
    gather(archive, *(draft(number, link=link) for number, link in enumerate(links, 1)))
    found = archive.articles.by_link(links[1])
    assert found is not None
    assert found.link == links[1]
    assert archive.articles.by_link("https://blog.example/#:~:text=n3") is None


def test_a_withdrawn_article_is_found_by_no_link(tagged: Archive) -> None:
    """FAILURES 22"""
    found = tagged.articles.by_link("https://blog.example/posts/2")
    assert found is not None
    tagged.articles.withdraw([found.id], NOW)
    assert tagged.articles.by_link("https://blog.example/posts/2") is None
    ids = {article.id for article in tagged.articles.latest(9)}
    chosen = {tagged.articles.random(n / 20) for n in range(20)}
    assert {article.id for article in chosen if article} == ids


def test_any_article_is_found_by_chance_and_none_where_there_are_none(
    tagged: Archive, tmp_path: Path
) -> None:
    chosen = [tagged.articles.random(n / 20) for n in range(20)]
    assert Counter(chosen) == dict.fromkeys(tagged.articles.latest(9), 4)
    assert tagged.articles.random(0.999999999) == tagged.articles.latest(1)[0]
    for article in tagged.articles.latest(9):
        tagged.articles.withdraw([article.id], NOW)
    assert tagged.articles.random(0.5) is None
    empty = Archive.open(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert empty.articles.random(0.5) is None
    empty.close()
