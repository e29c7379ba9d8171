"""The change log: what happened, once, in order, numbered for whoever follows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from retrieval.archive.opening import Archive
from retrieval.archive.schema import changes
from retrieval.article import Draft

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def commit(archive: Archive, *texts: str, now: datetime = NOW) -> None:
    drafts = [Draft(f"{text} 这一篇文章要说的事情都在这里了") for text in texts]
    archive.articles.commit("s", "snapshots", drafts, now)


def test_every_new_and_changed_article_is_logged_once(archive: Archive) -> None:
    assert archive.changes.end() == 0
    assert archive.changes.since(0, 10) == []
    commit(archive, "a", "b")
    archive.articles.commit(
        "s",
        "snapshots",
        [
            Draft("c 这一篇文章要说的事情都在这里了"),
            Draft("a 这一篇文章要说的事情都在这里了,后来又补了一句。"),
            Draft("b 这一篇文章要说的事情都在这里了"),
        ],
        LATER,
    )
    c, a, b = archive.articles.latest(3)
    log = archive.changes.since(0, 10)
    assert [change.seq for change in log] == [1, 2, 3, 4]
    assert {(change.article_id, change.kind) for change in log[:2]} == {
        (a.id, "baseline"),
        (b.id, "baseline"),
    }
    assert {(change.article_id, change.kind) for change in log[2:]} == {
        (c.id, "new"),
        (a.id, "changed"),
    }
    assert [change.at for change in log] == [NOW, NOW, LATER, LATER]
    assert archive.changes.end() == 4


def test_a_follower_reads_on_from_where_it_was(archive: Archive) -> None:
    commit(archive, *"abcde")
    read: list[int] = []
    cursor = 0
    while step := archive.changes.since(cursor, 2):
        assert len(step) <= 2
        read += [change.seq for change in step]
        cursor = step[-1].seq
    assert read == [1, 2, 3, 4, 5]
    assert archive.changes.since(archive.changes.end(), 10) == []


@pytest.mark.parametrize("gathers", [1, 3])
def test_what_did_not_change_is_not_logged(archive: Archive, gathers: int) -> None:
    commit(archive, "a", "b")
    for _ in range(gathers):
        commit(archive, "b", "a", now=LATER)
        commit(archive, "b", now=LATER)
    assert archive.changes.end() == 2


def test_a_number_is_never_given_twice(archive: Archive) -> None:
    """A cursor beyond a row that is gone must not hide the next one."""
    commit(archive, "a", "b")
    with archive._database.write() as connection:
        connection.execute(delete(changes))
    commit(archive, "c")
    assert [change.seq for change in archive.changes.since(2, 10)] == [3]


def test_each_archive_has_a_name_of_its_own(tmp_path: Path) -> None:
    one = Archive.open(f"sqlite:///{tmp_path}/one.sqlite3")
    two = Archive.open(f"sqlite:///{tmp_path}/two.sqlite3")
    assert len({one.changes.identity(), two.changes.identity()}) == 2
    assert one.changes.identity() == one.changes.identity()
    one.close()
    two.close()
