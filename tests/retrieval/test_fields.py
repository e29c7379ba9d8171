"""What a topic names among the subjects of computing."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.search.fields import Fields, Named, fields

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


def test_what_the_narrower_belongs_to_need_not_be_told() -> None:
    """All that is about tokenizing is about language models; Redis is not all about locks."""
    assert names(KNOWN, KNOWN.named("大模型的分词")) == [[{"分词器"}]]
    assert len(KNOWN.named("distributed locks with Redis").parts[0]) == 2


def test_a_product_of_a_subject_is_not_all_of_its_kind() -> None:
    (part,) = names(KNOWN, KNOWN.named("RabbitMQ"))
    assert all("消息队列" not in one for one in part)


def test_a_single_word_names_something_by_itself_or_its_plural_alone() -> None:
    """What is signed is no signature."""
    assert KNOWN.named("spinlock").parts == KNOWN.named("Spinlocks").parts != ()
    for part in names(KNOWN, KNOWN.named("signed")):
        assert part == []


def test_a_plain_word_beside_a_subject_must_stand_there_itself() -> None:
    named = KNOWN.named("git rebase")
    assert names(KNOWN, named) == [[{"Git"}]]
    assert named.rest == "rebase"


def test_aspects_and_empty_words_are_not_asked_for() -> None:
    assert KNOWN.named("PostgreSQL 性能优化") == KNOWN.named("PostgreSQL")
    assert KNOWN.named("an introduction to databases").parts == KNOWN.named("databases").parts
    assert "introduction" not in KNOWN.named("an introduction to databases").rest


def test_the_rest_is_what_no_name_covers() -> None:
    assert KNOWN.named("databases").rest == ""
    assert KNOWN.named("databases in hospitals").rest == "hospitals"
    assert KNOWN.named("gardening") == Named((), "gardening")
    assert KNOWN.named("") == Named((), "")


def test_what_belongs_to_a_subject_tells_of_it_and_what_belongs_to_that_a_little() -> None:
    database = KNOWN.subjects.index("数据库")
    worth = KNOWN.credits[database]
    of = {word.text: value for word, value in zip(KNOWN.words, worth, strict=True)}
    assert of["[SQLite]"] == 1
    assert 0 < of["[VACUUM]"] < 1, "it belongs to PostgreSQL"
    assert of["[SIGKILL]"] == 0


def test_a_term_is_told_of_where_it_stands_as_much_as_its_subject() -> None:
    places = [word.text for word in KNOWN.words]
    values = np.zeros((3, len(places)))
    values[0, [places.index("[VACUUM]"), places.index("[jsonb]"), places.index("[GIN]")]] = 1
    values[1, [places.index("[jsonb]"), places.index("[GIN]"), places.index("[BRIN]")]] = 1
    told = KNOWN.told(values)
    vacuum = told[:, len(KNOWN.subjects) + places.index("[VACUUM]")]
    postgres = told[:, KNOWN.subjects.index("PostgreSQL")]
    assert postgres[0] == postgres[1] > postgres[2] == 0
    assert vacuum[0] > vacuum[1] > vacuum[2] == 0
