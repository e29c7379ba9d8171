"""What a topic names among the subjects of computing."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.search.fields import fields
from retrieval.search.naming import Fields, Named
from retrieval.search.told import Told

KNOWN = fields()


def names(known: Fields, named: Named) -> list[list[set[str]]]:
    """What each part of a topic names, by the first names; of a term by its own."""
    every = [*known.subjects, *(word.text.strip("[]") for word in known.words)]
    return [[{every[column] for column in one} for one in part] for part in named.parts]


@pytest.mark.parametrize("topic", ["databases", "Database", "数据库", "數據庫", "关系型数据库"])
def test_a_subject_is_known_by_any_of_its_names(topic: str) -> None:
    (part,) = names(KNOWN, KNOWN.named(topic))
    assert any("数据库" in one for one in part)


def test_a_longer_name_is_not_the_shorter_one() -> None:
    """A graph database is no database, an access token none of a language model's."""
    for topic, shorter in (("图数据库", "数据库"), ("page cache", "缓存")):
        for part in names(KNOWN, KNOWN.named(topic)):
            assert all(shorter not in one for one in part)


def test_parts_stand_for_themselves_and_what_stands_together_does_not() -> None:
    assert len(KNOWN.named("图像分割和推荐系统").parts) == 2
    assert len(KNOWN.named("object detection and image segmentation").parts) == 2
    (together,) = KNOWN.named("Redis distributed locks").parts
    assert len(together) == 2


@pytest.mark.parametrize(
    ("topic", "subject", "others"),
    [
        ("Python 的性能与并发", "Python", {"Python", "并发编程"}),
        ("object detection and segmentation in Python", "Python", {"Python", "图像分割"}),
    ],
)
def test_what_several_parts_have_in_common_holds_for_each(
    topic: str, subject: str, others: set[str]
) -> None:
    parts = names(KNOWN, KNOWN.named(topic))
    assert len(parts) == 2
    assert all(any(subject in one for one in part) for part in parts)
    assert any(others <= set().union(*part) for part in parts)


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        ("数据库：索引和事务", [[{"数据库索引"}], [{"事务"}]]),
        ("deep learning: normalization, optimizers", [[{"归一化层"}], [{"优化器"}]]),
        ("MLOps: monitoring", [[{"机器学习运维"}, {"监控"}]]),
        ("anything: databases", [[{"数据库"}]]),
    ],
)
def test_what_follows_a_colon_tells_which_parts_of_an_area_are_meant(
    topic: str, wanted: list[list[set[str]]]
) -> None:
    parts = names(KNOWN, KNOWN.named(KNOWN.subject_of(topic)))
    assert len(parts) == len(wanted)
    for part, expected in zip(parts, wanted, strict=True):
        assert len(part) == len(expected)
        assert all(one <= found for one, found in zip(expected, part, strict=True))


def test_other_words_say_which_part_of_a_wide_area_is_meant() -> None:
    for topic, wide in (
        ("machine learning in zorbing", True),
        ("machine learning", True),
        ("Redis for beginners", False),
        ("machine learning and Redis", True),
    ):
        assert KNOWN.is_wide(KNOWN.named(topic)) == wide


def test_what_the_narrower_belongs_to_need_not_be_told() -> None:
    """All that is about tokenizing is about language models; Redis is not all about locks."""
    ((part,),) = names(KNOWN, KNOWN.named("大模型的分词"))
    assert "分词器" in part
    assert "大模型" not in part
    assert len(KNOWN.named("distributed locks with Redis").parts[0]) == 2


def test_a_product_of_a_subject_is_not_all_of_its_kind() -> None:
    (part,) = names(KNOWN, KNOWN.named("RabbitMQ"))
    assert all("消息队列" not in one for one in part)


def test_a_single_word_names_something_by_itself_or_its_plural_alone() -> None:
    """What is signed is no signature."""
    assert KNOWN.named("spinlock").parts == KNOWN.named("Spinlocks").parts != ()
    for part in names(KNOWN, KNOWN.named("signed")):
        assert part == [{"signed"}]


def test_a_plain_word_beside_a_subject_must_stand_there_itself() -> None:
    named = KNOWN.named("git stash")
    assert names(KNOWN, named) == [[{"Git"}]]
    assert named.rest == "stash"


def test_aspects_and_empty_words_are_not_asked_for() -> None:
    assert KNOWN.named("PostgreSQL 性能优化") == KNOWN.named("PostgreSQL")
    assert KNOWN.named("an introduction to databases").parts == KNOWN.named("databases").parts
    assert "introduction" not in KNOWN.named("an introduction to databases").rest


def test_the_rest_is_what_no_name_covers() -> None:
    assert KNOWN.named("databases").rest == ""
    assert KNOWN.named("databases in hospitals").rest == "hospitals"
    assert KNOWN.named("falconry") == Named((), "falconry")
    assert KNOWN.named("") == Named((), "")


def test_what_belongs_to_a_subject_tells_of_it_and_what_belongs_to_that_a_little() -> None:
    database = KNOWN.subjects.index("数据库")
    words = [word.text for word in KNOWN.words]
    of = {words[word]: worth for (own, word), worth in KNOWN.credits.items() if own == database}
    assert of["[SQLite]"] == 1
    assert 0 < of["[jsonb]"] < 1, "it belongs to PostgreSQL"
    assert "[SIGKILL]" not in of


def told(*texts: set[str]) -> Told:
    """What texts that hold these terms tell, each of the same worth."""
    words = [word.text.strip("[]") for word in KNOWN.words]
    standing = sorted({words.index(term) for text in texts for term in text})
    values = np.array([[float(words[word] in text) for word in standing] for text in texts])
    return KNOWN.told(values, standing)


def test_a_term_is_told_of_where_it_stands_as_much_as_its_subject() -> None:
    found = told({"pg_stat", "psql"}, {"psql", "ctid"}, {"SIGKILL"})
    words = [word.text for word in KNOWN.words]
    with_it, without, not_at_all = found.of([len(KNOWN.subjects) + words.index("[pg_stat]")])
    assert with_it > without > not_at_all == 0
    postgres = found.of([KNOWN.subjects.index("PostgreSQL")])
    assert postgres[0] == postgres[1] > postgres[2] == 0


def test_an_article_about_a_part_is_about_the_whole() -> None:
    """The broader subject need not list what tells of the narrower, nor say its name."""
    raft, systems = (KNOWN.subjects.index(name) for name in ("Raft", "分布式系统"))
    assert systems in KNOWN.above(raft)
    assert raft not in KNOWN.above(systems)
    found = told({"PreVote"})
    assert found.own[0, raft] > found.own[0, systems]
    assert 0 < found.whole[0, systems] < found.whole[0, raft]
    assert found.of([raft, systems]) == found.of([raft])


def test_what_is_beside_a_subject_is_not_what_that_is_a_part_of() -> None:
    raft = KNOWN.subjects.index("Raft")
    found = told({"PreVote"})
    assert found.most_beside(KNOWN.above(raft)) == found.own[0, raft]
    assert found.most_beside([*KNOWN.above(raft), raft]) < found.own[0, raft]


def test_nothing_is_wholly_a_part_of_itself() -> None:
    for subject in range(len(KNOWN.subjects)):
        assert subject not in KNOWN.above(subject)
    order = {subject: place for place, subject in enumerate(KNOWN.upwards)}
    for subject, broader in enumerate(KNOWN.broader):
        assert all(order[subject] < order[broad] for broad in broader)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("keyword and semantic search", "keyword search and semantic search"),
        ("乐观和悲观锁", "乐观锁和悲观锁"),
        ("optimistic vs pessimistic locking", "optimistic locking vs pessimistic locking"),
        ("HTTP/2", "HTTP2"),
        ("A/B testing", "AB testing"),
    ],
)
def test_a_name_may_be_written_short(short: str, long: str) -> None:
    assert KNOWN.named(short).parts == KNOWN.named(long).parts != ()
