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


def test_the_rest_is_what_no_name_covers() -> None:
    assert KNOWN.named("databases").rest == ""
    assert KNOWN.named("databases in hospitals").rest == "in hospitals"
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
